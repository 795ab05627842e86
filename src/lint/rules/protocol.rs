//! The protocol of `m=` lines: what browsers take, and for which media.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Role};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::text::Edit;

/// What a browser writes itself.
const OWN: &str = "UDP/TLS/RTP/SAVPF";

/// Profiles with keys that browsers read but never write.
const LEGACY: &[&str] = &["RTP/SAVPF", "RTP/SAVP", "UDP/TLS/RTP/SAVP", "TCP/TLS/RTP/SAVP"];

/// Profiles without keys, which browsers read as if they had some.
const PLAIN: &[&str] = &["RTP/AVP", "RTP/AVPF"];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-m-proto-media-mismatch",
            severity: Severity::Error,
            summary: "The protocol of an m= line does not fit its media",
            what: "Audio and video travel over RTP, data channels over SCTP in DTLS.",
            why: "Browsers refuse the description: unsupported protocol for media type.",
            advice: "Write UDP/TLS/RTP/SAVPF for audio and video, and UDP/DTLS/SCTP for data channels.",
            source: "RFC 9429, section 5.1.2; libwebrtc, webrtc_sdp_unittest.cc (MediaTypeProtocolMismatch)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[
            Example::media("m=video 9 «UDP/DTLS/SCTP» 120"),
            Example::media("m=video 9 «SOMETHING» 120").in_profile(Profile::Webrtc),
        ],
        valid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000")],
        check: Check::Description(mismatch),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-proto-not-webrtc",
            severity: Severity::Error,
            summary: "An m= line of WebRTC names a profile of RTP without encryption",
            what: "Browsers encrypt always: an offer says UDP/TLS/RTP/SAVPF. They must read RTP/AVP too, but never write it.",
            why: "What is meant is not what is said: others that read it send in the clear. Firefox refuses RTP/AVPF.",
            advice: "Write UDP/TLS/RTP/SAVPF in an offer; an answer repeats the protocol of its offer.",
            source: "RFC 9429, section 5.1.2",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=audio 9 «RTP/AVP» 0").as_role(Role::Offer),
            Example::media("m=audio 9 «RTP/AVPF» 0"),
        ],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0").as_role(Role::Offer)],
        check: Check::Description(not_webrtc),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-proto-legacy",
            severity: Severity::Warning,
            summary: "An m= line names a profile of RTP that browsers read but no longer write",
            what: "RTP/SAVPF and its like were written before UDP/TLS/RTP/SAVPF was; they must be read, and not be generated.",
            why: "Browsers understand it. Stacks that go by the profile expect SDES keys or no feedback.",
            advice: "Write UDP/TLS/RTP/SAVPF in an offer; an answer repeats the protocol of its offer.",
            source: "RFC 9429, section 5.1.2",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=audio 9 «RTP/SAVPF» 0")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0"), Example::media("m=audio 9 TCP/TLS/RTP/SAVPF 0")],
        check: Check::Description(legacy),
    },
];

fn mismatch(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| matches!(part.kind(), "audio" | "video") && !part.is_rtp()) {
        let Some(media) = part.media else { continue };
        let message = format!("{} travels over RTP, not over {}", media.media, media.protocol);
        found.at(context.span(media.protocol), message);
    }
}

fn not_webrtc(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let Some(media) = part.media.filter(|media| PLAIN.contains(&media.protocol)) else { continue };
        let span = context.span(media.protocol);
        let finding = found.at(span, format!("{} says that nothing is encrypted", media.protocol));
        if media.protocol == "RTP/AVPF" {
            finding.verdicts(Verdicts::ACCEPTED.firefox(Verdict::Rejects));
        }
        // Browsers must read it, and an answer only repeats its offer: certain to be wrong in an offer alone.
        if context.role != Some(Role::Offer) {
            finding.severity(Severity::Warning);
        }
        if context.role != Some(Role::Answer) {
            finding.unsafe_fix("name the profile of browsers", vec![Edit::replace(span, OWN)]);
        }
    }
}

fn legacy(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let Some(media) = part.media.filter(|media| LEGACY.contains(&media.protocol)) else { continue };
        let span = context.span(media.protocol);
        let finding = found.at(span, format!("browsers write {OWN} for {}", media.protocol));
        if context.role != Some(Role::Answer) {
            finding.unsafe_fix("name the profile of browsers", vec![Edit::replace(span, OWN)]);
        }
    }
}
