//! What was changed before it was set: transports.

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
            name: "sdp-munge-transport-ice",
            severity: Severity::Error,
            summary: "ICE credentials or options were changed before the description was set",
            what: "What createOffer() or createAnswer() gave has another ICE user fragment, password, mode or other options when it is set.",
            why: "The credentials are those of the transport that the browser has made. A changed user fragment is how pages talk to servers on the machine of their visitor, which is why Chrome has a field trial against it (WebRTC-NoSdpMangleUfrag).",
            advice: "Set the description as it was created. Who must know the credentials in advance needs an agent outside of the browser.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("«a=ice-ufrag:munged»").beside(Text::Created, "a=ice-ufrag:F7gI"),
            Example::media("«a=ice-options:trickle renomination»").beside(Text::Created, "a=ice-options:trickle"),
            Example::media("«a=ice-pwd:0cml/YzichV2+XlhiMu8g3F9»").beside(Text::Created, "a=mid:0"),
        ],
        valid: &[
            Example::media("a=ice-ufrag:F7gI").beside(Text::Created, "a=ice-ufrag:F7gI"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::IceUfrag, Munging::IcePwd, Munging::IceMode, Munging::IceOptions, Munging::IceOptionsRenomination, Munging::IceOptionsTrickle], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-fingerprint",
            severity: Severity::Error,
            summary: "The fingerprint was changed before the description was set",
            what: "The description that is set names another certificate than the one that createOffer() or createAnswer() gave.",
            why: "The connection has one certificate, and the other side refuses any that the fingerprint does not fit. Chrome refuses the description; with Firefox the handshake fails.",
            advice: "Give the certificate to the constructor of the connection (`certificates`).",
            source: "RFC 9429, section 5.4; Chrome (\"The SDP does not match the previously generated SDP for this type\")",
        },
        profiles: &[],
        verdicts: TAKEN.chrome(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("«a=fingerprint:sha-256 29:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2»").beside(Text::Created, "a=mid:0"),
        ],
        valid: &[
            Example::media("a=mid:0").beside(Text::Created, "a=mid:0"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::Fingerprint], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-dtls-setup",
            severity: Severity::Warning,
            summary: "The DTLS role was changed before the description was set",
            what: "a=setup of the description that is set is not what createOffer() or createAnswer() gave.",
            why: "The role that the browser takes and the one that the other side reads may differ then, and no handshake begins. It is one of the changes that Chrome means to refuse first.",
            advice: "Leave actpass in offers. Who must choose the role answers.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("«a=setup:active»").beside(Text::Created, "a=setup:actpass"),
        ],
        valid: &[
            Example::media("a=setup:actpass").beside(Text::Created, "a=setup:actpass"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::DtlsSetup], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-candidates-added",
            severity: Severity::Error,
            summary: "Candidates were put in or taken out before the description was set",
            what: "The description that is set has more or fewer candidates than the one that was created.",
            why: "Local candidates are gathered, not said: Firefox refuses candidates of one's own, Chrome takes the description and does not use them.",
            advice: "Send candidates to the other side without setting them, or filter them where they are sent.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc; Firefox, JsepSessionImpl (\"Adding your own candidate attributes is not supported\")",
        },
        profiles: &[],
        verdicts: TAKEN.firefox(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("«a=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host»").beside(Text::Created, "a=mid:0"),
        ],
        valid: &[
            Example::media("a=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host").beside(Text::Created, "a=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::IceCandidateCount], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-rtcp-mux-or-bundle",
            severity: Severity::Warning,
            summary: "RTCP multiplexing or the bundle was changed before the description was set",
            what: "a=rtcp-mux, a=rtcp-rsize or a=group:BUNDLE of the description that is set is not what was created.",
            why: "Without rtcp-mux Chrome and Firefox refuse the description. The other changes are taken, and Chrome means to refuse them.",
            advice: "Choose with bundlePolicy of the configuration; rtcp-mux is always required.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::session("«a=group:BUNDLE»").beside(Text::Created, "a=group:BUNDLE 0"),
        ],
        valid: &[
            Example::media("a=rtcp-mux").beside(Text::Created, "a=rtcp-mux"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::RtcpMux, Munging::Bundle, Munging::AudioCodecsRtcpReducedSize, Munging::VideoCodecsRtcpReducedSize], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-data-channel",
            severity: Severity::Warning,
            summary: "The SCTP association was changed before the description was set",
            what: "a=sctp-port, a=max-message-size or a=sctp-init of the description that is set is not what was created.",
            why: "The browser's own association stays as it is, so that the other side is told something wrong. Chrome refuses another a=sctp-init.",
            advice: "Cut messages to size before they are sent; the other settings have no API.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.chrome(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000\n«a=max-message-size:1000»").beside(Text::Created, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000\na=max-message-size:262144"),
        ],
        valid: &[
            Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000").beside(Text::Created, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::DataChannelSctpInit, Munging::DataChannelMaxMessageSize, Munging::DataChannelSctpPort], found)),
    },
];
