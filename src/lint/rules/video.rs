//! The clock of video, and the parameters of VP8, VP9, AV1 and H.265.

use super::fmtp::{Limits, check_limits};
use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::Context;
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::text::Edit;

/// Codecs whose payload format fixes the clock at 90000.
const CODECS: &[&str] =
    &["VP8", "VP9", "AV1", "H264", "H265", "H261", "H263", "H263-1998", "H263-2000", "MP4V-ES", "H266", "JPEG"];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-video-clock-not-90000",
            severity: Severity::Error,
            summary: "A video codec has another clock than 90000",
            what: "The payload formats of video use a clock of 90000.",
            why: "Firefox leaves the codec out, Chrome reads 90000; who believes the line plays at the wrong speed.",
            advice: "Write 90000.",
            source: "RFC 7741, section 6.1 (VP8); RFC 9628, section 6 (VP9); RFC 6184, section 8.2.1 (H.264)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 «VP8/0»")],
        valid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000")],
        check: Check::Description(clock),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-vp8-fmtp-range",
            severity: Severity::Warning,
            summary: "A limit of VP8 is no positive number",
            what: "`max-fr` is in frames a second and `max-fs` in macroblocks: whole numbers from 1.",
            why: "A limit of nothing lets no picture through, or is ignored.",
            advice: "Write the limit of the decoder, or leave the parameter out.",
            source: "RFC 7741, section 6.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=fmtp:96 max-fs=«0»;max-fr=30",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=fmtp:96 max-fs=12288;max-fr=60",
        )],
        check: Check::Description(vp8),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-vp9-profile-id",
            severity: Severity::Error,
            summary: "A parameter of VP9 is out of range",
            what: "The profiles of VP9 are 0 to 3; limits are positive numbers.",
            why: "Chrome leaves the codec out of the answer without a word.",
            advice: "Write profile-id=0, or the profile that the encoder makes.",
            source: "RFC 9628, section 6",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 98\na=rtpmap:98 VP9/90000\na=fmtp:98 profile-id=«9»")],
        valid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 98\na=rtpmap:98 VP9/90000\na=fmtp:98 profile-id=2")],
        check: Check::Description(vp9),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-av1-fmtp-range",
            severity: Severity::Error,
            summary: "A parameter of AV1 is out of range",
            what: "`profile` is 0 to 2, `level-idx` 0 to 31 and `tier` 0 or 1.",
            why: "There is no such stream; a reader takes a default or leaves the codec out.",
            advice: "Write what the decoder can do, as `level-idx=5;profile=0;tier=0`.",
            source: "AOM, RTP payload format for AV1, section 7.2; webrtc-sdp, which warns",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 45\na=rtpmap:45 AV1/90000\na=fmtp:45 level-idx=5;profile=0;tier=«7»",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 45\na=rtpmap:45 AV1/90000\na=fmtp:45 level-idx=5;profile=0;tier=0",
        )],
        check: Check::Description(av1),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-h265-fmtp-range",
            severity: Severity::Warning,
            summary: "A parameter of H.265 is out of range",
            what: "`profile-id` is 0 to 31, `profile-space` 0 to 3, `tier-flag` 0 or 1 and `level-id` 0 to 255.",
            why: "There is no such stream, so that the codec matches nothing.",
            advice: "Write what the decoder can do, as `level-id=93;profile-id=1;tier-flag=0`.",
            source: "RFC 7798, section 7.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 49\na=rtpmap:49 H265/90000\na=fmtp:49 profile-id=«99»")],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 49\na=rtpmap:49 H265/90000\na=fmtp:49 level-id=93;profile-id=1;tier-flag=0",
        )],
        check: Check::Description(h265),
    },
];

fn clock(context: &Context<'_, '_>, found: &mut Findings) {
    for format in context.media.iter().filter(|part| part.kind() == "video").flat_map(|part| &part.formats) {
        let own = format.rtpmap;
        let wrong = own.clock_rate != 90_000 && CODECS.iter().any(|codec| own.is(codec));
        let Some(word) = format.line.filter(|_| wrong).and_then(|line| line.words().nth(1)) else { continue };
        let right = format!("{}/90000", own.encoding);
        found
            .at(word.span, format!("the clock of {} is 90000, not {}", own.encoding, own.clock_rate))
            .unsafe_fix("write 90000", vec![Edit::replace(word.span, right)]);
    }
}

const MAX_FR: Limits = Limits { name: "max-fr", range: 1..=u64::MAX };
const MAX_FS: Limits = Limits { name: "max-fs", range: 1..=u64::MAX };

fn vp8(context: &Context<'_, '_>, found: &mut Findings) {
    check_limits(context, "VP8", &[MAX_FR, MAX_FS], found);
}

fn vp9(context: &Context<'_, '_>, found: &mut Findings) {
    check_limits(context, "VP9", &[Limits { name: "profile-id", range: 0..=3 }, MAX_FR, MAX_FS], found);
}

fn av1(context: &Context<'_, '_>, found: &mut Findings) {
    const LIMITS: &[Limits] = &[
        Limits { name: "profile", range: 0..=2 },
        Limits { name: "level-idx", range: 0..=31 },
        Limits { name: "tier", range: 0..=1 },
    ];
    check_limits(context, "AV1", LIMITS, found);
}

fn h265(context: &Context<'_, '_>, found: &mut Findings) {
    const LIMITS: &[Limits] = &[
        Limits { name: "profile-space", range: 0..=3 },
        Limits { name: "profile-id", range: 0..=31 },
        Limits { name: "tier-flag", range: 0..=1 },
        Limits { name: "level-id", range: 0..=255 },
    ];
    check_limits(context, "H265", LIMITS, found);
}
