//! The parameters of H.264.

use super::fmtp::each;
use crate::finding::{Rule, Severity};
use crate::lint::context::Context;
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::codec::{H264Profile, ProfileLevelId};

/// The values of `level_idc` that stand for a level.
const LEVELS: &[u8] = &[9, 10, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51, 52, 60, 61, 62];

/// Profiles of the scalable and multiview extensions, which have no name here.
const EXTENSIONS: &[u8] = &[83, 86, 118, 128];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-h264-plid-syntax",
            severity: Severity::Error,
            summary: "A profile-level-id of H.264 is not six hexadecimal digits",
            what: "It is three bytes in hexadecimal: the profile, its constraints and the level.",
            why: "The profile cannot be told, so the codec matches nothing and is left out of the answer.",
            advice: "Write it as in `profile-level-id=42e01f`.",
            source: "RFC 6184, section 8.1; libwebrtc, h264_profile_level_id.cc (ParseH264ProfileLevelId)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[
            Example::media(
                "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=1;profile-level-id=«42e01»",
            ),
            Example::media(
                "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=1;«profile-level-id»=",
            ),
        ],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=1;profile-level-id=42E01F",
        )],
        check: Check::Description(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-h264-plid-impossible",
            severity: Severity::Warning,
            summary: "A profile-level-id of H.264 names a profile or a level that does not exist",
            what: "Its first byte is the number of a profile, its last byte ten times the level.",
            why: "A reader that does not know it leaves the codec out.",
            advice: "Use what the encoder makes, as 42e01f for Constrained Baseline at level 3.1.",
            source: "RFC 6184, section 8.1; libwebrtc, h264_profile_level_id.cc (ParseH264ProfileLevelId)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=1;profile-level-id=«ff00ff»",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=1;profile-level-id=640c34",
        )],
        check: Check::Description(impossible),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-h264-packetization-mode",
            severity: Severity::Error,
            summary: "A packetization-mode of H.264 is not 0, 1 or 2",
            what: "It says how pictures are cut into packets: whole units, fragments, or interleaved.",
            why: "A mode that does not exist matches nothing, so that the codec is left out.",
            advice: "Write 1, as browsers do, or 0.",
            source: "RFC 6184, section 8.1",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=«3»;profile-level-id=42e01f",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=0;profile-level-id=42e01f",
        )],
        check: Check::Description(packetization_mode),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-h264-pmode-missing",
            severity: Severity::Info,
            summary: "H.264 does not say its packetization-mode",
            what: "Without it mode 0 holds: a unit of a picture must fit into one packet.",
            why: "It does not match mode 1, and encoders that cannot limit the size of units cannot use it.",
            advice: "Write packetization-mode=1 where fragments are understood.",
            source: "RFC 6184, section 8.1",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:«102» H264/90000\na=fmtp:102 profile-level-id=42e01f",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=1",
        )],
        check: Check::Description(mode_missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-h264-sprop-base64",
            severity: Severity::Warning,
            summary: "The parameter sets of H.264 are not base64",
            what: "`sprop-parameter-sets` holds parameter sets in base64 with commas between.",
            why: "A decoder that waits for them shows nothing.",
            advice: "Take the bytes of the parameter sets, without a start code, and encode them.",
            source: "RFC 6184, section 8.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=1;sprop-parameter-sets=«!!»",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=1;sprop-parameter-sets=Z0IACpZTBYmI,aMljiA==",
        )],
        check: Check::Description(parameter_sets),
    },
];

/// Hands each value of one parameter to `take`.
fn each_value<'d, 'a>(context: &Context<'d, 'a>, parameter: &str, mut take: impl FnMut(&'a str, &'a str)) {
    each(context, "H264", |_, _, name, value| {
        if name.eq_ignore_ascii_case(parameter) {
            take(name, value);
        }
    });
}

fn syntax(context: &Context<'_, '_>, found: &mut Findings) {
    each_value(context, "profile-level-id", |name, value| {
        if ProfileLevelId::parse(value).is_none() {
            let token = if value.is_empty() { name } else { value };
            found.at(context.span(token), format!("a profile-level-id is six hexadecimal digits, not `{value}`"));
        }
    });
}

fn impossible(context: &Context<'_, '_>, found: &mut Findings) {
    each_value(context, "profile-level-id", |_, value| {
        let Some(id) = ProfileLevelId::parse(value) else { return };
        let message = if id.profile() == H264Profile::Unknown && !EXTENSIONS.contains(&id.profile_idc) {
            format!("no profile of H.264 has the number {}", id.profile_idc)
        } else if !LEVELS.contains(&id.level_idc) {
            format!("no level of H.264 has the number {}", id.level_idc)
        } else {
            return;
        };
        found.at(context.span(value), message);
    });
}

fn packetization_mode(context: &Context<'_, '_>, found: &mut Findings) {
    each_value(context, "packetization-mode", |name, value| {
        if !matches!(value, "0" | "1" | "2") {
            let token = if value.is_empty() { name } else { value };
            found.at(context.span(token), format!("a packetization-mode is 0, 1 or 2, not `{value}`"));
        }
    });
}

fn mode_missing(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        for format in part.formats.iter().filter(|format| format.rtpmap.is("H264")) {
            let parameters = format.fmtp.map(|at| at.value.parameters);
            let said = parameters.is_some_and(|parameters| parameters.value("packetization-mode").is_some());
            let word = format.line.and_then(|line| line.words().next());
            if let Some(word) = word.filter(|_| !said) {
                let message = format!("payload type {} has packetization-mode 0, as none is said", format.payload_type);
                found.at(word.span, message);
            }
        }
    }
}

/// Whether it is base64 as far as can be seen: its alphabet, and `=` at the end only.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let alphabet = body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
    !body.is_empty() && padding <= 2 && alphabet && body.len() % 4 != 1
}

fn parameter_sets(context: &Context<'_, '_>, found: &mut Findings) {
    each_value(context, "sprop-parameter-sets", |name, value| {
        let bad = value.split(',').map(str::trim).find(|set| !is_base64(set));
        if let Some(bad) = bad {
            let token = if bad.is_empty() { name } else { bad };
            found.at(context.span(token), "a parameter set is base64");
        }
    });
}
