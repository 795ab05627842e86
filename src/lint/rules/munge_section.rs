//! What was changed before it was set: m-lines, directions, header extensions and streams.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::example::Example;
use crate::lint::finding::Text;
use crate::lint::munging::Munging;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};

const TAKEN: Verdicts = Verdicts::NOT_KNOWN.chrome(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-munge-mid-or-section-count",
            severity: Severity::Error,
            summary: "A mid or the number of m-lines was changed before the description was set",
            what: "The description that is set has more or fewer m-lines than the one that was created, or one of them has another mid.",
            why: "M-lines stand for the transceivers of the connection. Chrome and Firefox refuse another number of them, Firefox another mid too.",
            advice: "Add and stop transceivers; mids are the browser's to choose.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc (IsSdpMungingAllowed); Firefox, JsepSessionImpl (ValidateLocalDescription)",
        },
        profiles: &[],
        verdicts: TAKEN.firefox(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("«a=mid:audio»").beside(Text::Created, "a=mid:0"),
            Example::media("«m=audio 9 UDP/TLS/RTP/SAVPF 0»").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 0\nm=video 9 UDP/TLS/RTP/SAVPF 31"),
        ],
        valid: &[
            Example::media("a=mid:0").beside(Text::Created, "a=mid:0"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::NumberOfContents, Munging::Mid], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-direction",
            severity: Severity::Warning,
            summary: "A direction was changed before the description was set",
            what: "A m-line of the description that is set sends or receives otherwise than the one that was created.",
            why: "The transceiver does not know of it: the next offer has the old direction again. Chrome still takes it and means to refuse every local change in the end (field trial WebRTC-NoSdpMangleReject); the standard refuses it now.",
            advice: "Set transceiver.direction before createOffer() or createAnswer().",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("«a=sendonly»").beside(Text::Created, "a=sendrecv"),
        ],
        valid: &[
            Example::media("a=sendrecv").beside(Text::Created, "a=sendrecv"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::Direction], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-header-extensions",
            severity: Severity::Warning,
            summary: "Header extensions were changed before the description was set",
            what: "The description that is set has header extensions more or less than the one that was created, or under other ids.",
            why: "Chrome still takes it and means to refuse every local change in the end (field trial WebRTC-NoSdpMangleReject); the standard refuses it now.",
            advice: "Use transceiver.setHeaderExtensionsToNegotiate().",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n«a=extmap:9 urn:ietf:params:rtp-hdrext:ssrc-audio-level»").beside(Text::Created, "a=mid:0"),
            Example::media("«a=extmap:7 urn:ietf:params:rtp-hdrext:sdes:mid»").beside(Text::Created, "a=mid:0"),
        ],
        valid: &[
            Example::media("a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid").beside(Text::Created, "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::RtpHeaderExtensionRemoved, Munging::RtpHeaderExtensionAdded, Munging::RtpHeaderExtensionModified], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-payload-type-or-ssrc",
            severity: Severity::Warning,
            summary: "Payload types or sources were changed before the description was set",
            what: "A codec of the description that is set has another payload type than the one that was created, or the m-line has other sources.",
            why: "Whoever renumbers wants to agree with a server that has fixed numbers. Other sources are one of the changes that Chrome means to refuse first.",
            advice: "Let the server offer, or make it read the numbers of the offer.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF «121»\na=rtpmap:121 opus/48000/2").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2"),
            Example::media("«a=ssrc:4711 cname:4TOk42mSjXCkVIa6»").beside(Text::Created, "a=mid:0"),
        ],
        valid: &[
            Example::media("a=mid:0").beside(Text::Created, "a=mid:0"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::PayloadTypes, Munging::Ssrcs], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-other",
            severity: Severity::Warning,
            summary: "Something else was changed before the description was set",
            what: "Limits of bandwidth, names of streams, or lines that no other rule of this family is about differ from what was created.",
            why: "What a browser does not know, and the name of the session, it drops when it reads it, so that the change has no effect. b= has none either in a local description.",
            advice: "Set the description as it was created, and change what is sent to the other side where it is for the other side.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.chrome(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("«b=AS:500»").beside(Text::Created, "a=mid:0"),
            Example::media("«a=x-google-munged:1»").beside(Text::Created, "a=mid:0"),
            Example::media("«a=ptime:40»").beside(Text::Created, "a=mid:0"),
            Example::session("«s=other»").beside(Text::Created, "s=-"),
            Example::media("«m=audio 0 UDP/TLS/RTP/SAVPF 0»").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 0"),
        ],
        valid: &[
            Example::media("b=AS:500").beside(Text::Created, "b=AS:500"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::Bandwidth, Munging::MsidStream, Munging::MsidTrack, Munging::UnknownModification, Munging::Dropped], found)),
    },
];
