//! The protocol of an m-line against its keys.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Part};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::lint::transport::Transports;
use crate::sdp::{Key, LineType};
use crate::text::Edit;

/// Attributes that agree on keys and that this crate does not read: MIKEY (RFC 4567), ZRTP (RFC 6189) and EKT (RFC 8870).
const OTHER_KEYING: &[&[u8]] = &[b"key-mgmt", b"zrtp-hash", b"ekt"];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-savp-without-keying",
            severity: Severity::Error,
            summary: "An m-line is encrypted and has no keys",
            what: "RTP/SAVP and RTP/SAVPF are encrypted, so that the description says how keys are agreed on: a=crypto, a=fingerprint, \
                or a=key-mgmt.",
            why: "There is no key to encrypt with. The m-line is refused.",
            advice: "Add the keys, or offer RTP/AVP.",
            source: "RFC 4568, section 4; RFC 5763, section 5; pjsip, test 320_srtp2_no_crypto",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 «RTP/SAVP» 0\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\n\
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n",
        )],
        check: Check::Description(no_keys),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-avp-with-keying",
            severity: Severity::Warning,
            summary: "An m-line in the clear has keys",
            what: "RTP/AVP and RTP/AVPF are not encrypted; a=crypto and a=fingerprint belong to RTP/SAVP, UDP/TLS/RTP/SAVPF and the like. \
                Opportunistic SRTP alone puts them together on purpose: who knows it encrypts, who does not sends in the clear.",
            why: "An end that goes by the protocol sends in the clear and leaves the keys out. Browsers go by the fingerprint.",
            advice: "Name the protocol that is meant.",
            source: "RFC 4568, section 3.2; RFC 9429, section 5.1.2; RFC 8643",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=audio 9 «RTP/AVPF» 0")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0")],
        check: Check::Description(keys_in_the_clear),
    },
];

/// Whether the protocol is RTP of this profile, with feedback or without.
fn has_profile(part: &Part<'_, '_>, profile: &str) -> bool {
    let Some(media) = part.media else { return false };
    part.is_rtp() && media.protocol.split('/').any(|word| word.strip_suffix('F').unwrap_or(word) == profile)
}

/// Whether keys are agreed on in another way than by `a=crypto` and DTLS.
fn is_keyed_otherwise(part: &Part<'_, '_>) -> bool {
    let other = |name: Option<&[u8]>| name.is_some_and(|name| OTHER_KEYING.contains(&name));
    let mut lines = part.section.lines().iter();
    lines.any(|line| line.line_type() == LineType::EncryptionKey || other(line.attribute_name()))
}

fn no_keys(context: &Context<'_, '_>, found: &mut Findings) {
    // Browsers miss the fingerprint, which has a rule of its own.
    if context.is_webrtc() || is_keyed_otherwise(&context.session) {
        return;
    }
    for transport in Transports::new(context).each().filter(|transport| has_profile(transport.part, "SAVP")) {
        let part = transport.part;
        let keyed = transport.own(Key::Crypto).is_some() || transport.in_force(Key::Fingerprint).is_some();
        let Some(media) = part.media.filter(|_| !keyed && !part.is_dtls() && !is_keyed_otherwise(part)) else {
            continue;
        };
        found.at(context.span(media.protocol), format!("{} is encrypted and has no keys", part.name()));
    }
}

fn keys_in_the_clear(context: &Context<'_, '_>, found: &mut Findings) {
    for transport in Transports::new(context).each().filter(|transport| has_profile(transport.part, "AVP")) {
        let Some(media) = transport.part.media else { continue };
        let fingerprint = transport.apart(Key::Fingerprint);
        let Some(line) = transport.own(Key::Crypto).or(fingerprint) else { continue };
        let what = line.key().name();
        let message = format!("{} is {} and has a={what}", transport.part.name(), media.protocol);
        let span = context.span(media.protocol);
        let feedback = if media.protocol.ends_with('F') { "F" } else { "" };
        let meant = match fingerprint {
            Some(_) => format!("UDP/TLS/RTP/SAVP{feedback}"),
            None => format!("RTP/SAVP{feedback}"),
        };
        let finding = found.at(span, message).also(line.span(), "these are keys");
        if !context.is_webrtc() {
            // It may be opportunistic SRTP.
            finding.severity(Severity::Info);
        }
        finding.unsafe_fix(format!("write {meant}"), vec![Edit::replace(span, meant)]);
    }
}
