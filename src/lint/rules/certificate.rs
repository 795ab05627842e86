//! `a=fingerprint` across a description: where it is missing, where there are several and where they differ.

use std::collections::BTreeSet;

use crate::finding::{Rule, Severity};
use crate::lint::context::{Context, Part};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::lint::transport::Transports;
use crate::sdp::Key;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-fingerprint-missing",
            severity: Severity::Error,
            summary: "An m-line over DTLS has no a=fingerprint",
            what: "Every DTLS transport needs the fingerprint of the certificate, in the m-line or at session level; m-lines that share \
                the transport of another one need none.",
            why: "Without it nobody knows that the other end is who it says. Browsers refuse the description.",
            advice: "Add the fingerprint of the certificate that the DTLS end shows.",
            source: "RFC 9429, section 5.8.3; RFC 8122, section 5; libwebrtc, sdp_offer_answer.cc (VerifyCrypto)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\nc=IN IP4 0.0.0.0\r\n\
            a=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=mid:0\r\na=rtcp-mux\r\n",
        )],
        valid: &[Example::session(
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08",
        )],
        check: Check::Description(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-fingerprint-multiple-session",
            severity: Severity::Warning,
            summary: "Several a=fingerprint lines stand at session level",
            what: "Several fingerprints, of one certificate with several hash functions or of several certificates, are allowed.",
            why: "Chrome takes one at each level and refuses a description with two at session level.",
            advice: "Leave one, with sha-256.",
            source: "RFC 8122, section 5.1; libwebrtc, webrtc_sdp.cc (ParseSessionDescription)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::session(
            "a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\n\
            «a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08»",
        )],
        valid: &[Example::session(
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08",
        )],
        check: Check::Description(several_at_session_level),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-fingerprint-multiple-media",
            severity: Severity::Info,
            summary: "Several a=fingerprint lines stand in an m-line",
            what: "Several fingerprints, of one certificate with several hash functions or of several certificates, are allowed.",
            why: "Chrome keeps one of them and says nothing: where it is that of another certificate than the one shown, DTLS fails.",
            advice: "Leave one, with sha-256.",
            source: "RFC 8122, section 5.1; libwebrtc, webrtc_sdp.cc (ParseContent)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\n\
            «a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08»",
        )],
        valid: &[Example::media(
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08",
        )],
        check: Check::Description(several_in_media),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-fingerprint-differs-between-sections",
            severity: Severity::Error,
            summary: "M-lines have different fingerprints",
            what: "A WebRTC end point uses one set of certificates for a connection, so that all its m-lines have the same fingerprints.",
            why: "Browsers take it; in a bundle they check the certificate against the first m-line's alone. It tells of lines that were \
                put together from two descriptions.",
            advice: "Say the fingerprint once, at session level, or the same one in every m-line.",
            source: "RFC 9429, section 5.2.1",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::whole(concat!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\na=setup:actpass\r\n",
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\na=setup:actpass\r\n",
            "«a=fingerprint:sha-256 00:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08»\r\n",
        ))],
        valid: &[Example::whole(concat!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\na=setup:actpass\r\n",
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\na=setup:actpass\r\n",
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n",
        ))],
        check: Check::Description(differ),
    },
];

fn missing(context: &Context<'_, '_>, found: &mut Findings) {
    for transport in Transports::new(context).each().filter(|transport| transport.is_own()) {
        let part = transport.part;
        // Keys in the clear have a rule of their own, which says this too.
        let keyed = transport.own(Key::Crypto).is_some();
        let wanted = needs_certificate(part) || context.is_webrtc();
        if wanted && !(context.is_webrtc() && keyed) && transport.apart(Key::Fingerprint).is_none() {
            found.at(part.head(), format!("{} has no a=fingerprint", part.name()));
        }
    }
}

/// Whether the protocol is DTLS, or TLS between ends that know each other by fingerprint alone; others have certificates that
/// somebody vouches for.
fn needs_certificate(part: &Part<'_, '_>) -> bool {
    let datagrams = part.media.is_some_and(|media| media.protocol.starts_with("UDP/"));
    part.is_dtls() && (datagrams || part.is_rtp() || part.is_sctp())
}

fn several_at_session_level(context: &Context<'_, '_>, found: &mut Findings) {
    several(&context.session, found);
}

fn several_in_media(context: &Context<'_, '_>, found: &mut Findings) {
    context.media.iter().filter(|part| !part.section.is_rejected()).for_each(|part| several(part, found));
}

fn several(part: &Part<'_, '_>, found: &mut Findings) {
    let [first, second, ..] = part.fingerprints.as_slice() else { return };
    let message = format!("{} has {} fingerprints", part.name(), part.fingerprints.len());
    found.at(second.line.span(), message).also(first.line.span(), "the first one");
}

fn differ(context: &Context<'_, '_>, found: &mut Findings) {
    let set = |part: &Part<'_, '_>| -> BTreeSet<(String, String)> {
        let lines = part.fingerprints.iter().map(|at| at.value);
        lines.map(|value| (value.hash_function.to_ascii_lowercase(), value.hash.to_ascii_uppercase())).collect()
    };
    let said = |part: &&Part<'_, '_>| !part.fingerprints.is_empty() && !part.section.is_rejected();
    let mut parts = context.parts().filter(said);
    let Some(first) = parts.next() else { return };
    let (expected, other) = (set(first), first.name());
    for part in parts {
        let (Some(own), Some(label)) = (part.fingerprints.first(), first.fingerprints.first()) else { continue };
        if set(part) != expected {
            let message = format!("{} has another fingerprint than {other}", part.name());
            found.at(own.line.span(), message).also(label.line.span(), "the other one");
        }
    }
}
