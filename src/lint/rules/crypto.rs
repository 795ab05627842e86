//! `a=crypto`: keys of SRTP in the description. No message tells one.

use std::collections::BTreeMap;

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::lint::transport::{Transports, first_word};
use crate::sdp::{Crypto, Expected, Key};
use crate::text::Edit;

/// The greatest tag: nine digits (RFC 4568, section 9.1).
const GREATEST: u32 = 999_999_999;

/// Key and salt of each suite in bytes (RFC 4568, section 6.2; RFC 5669; RFC 6188; RFC 7714).
const LENGTHS: &[(&str, usize)] = &[
    ("AES_CM_128_HMAC_SHA1_80", 30),
    ("AES_CM_128_HMAC_SHA1_32", 30),
    ("F8_128_HMAC_SHA1_80", 30),
    ("SEED_CTR_128_HMAC_SHA1_80", 30),
    ("SEED_128_CCM_80", 28),
    ("SEED_128_GCM_96", 28),
    ("AES_192_CM_HMAC_SHA1_80", 38),
    ("AES_192_CM_HMAC_SHA1_32", 38),
    ("AES_256_CM_HMAC_SHA1_80", 46),
    ("AES_256_CM_HMAC_SHA1_32", 46),
    ("AEAD_AES_128_GCM", 28),
    ("AEAD_AES_256_GCM", 44),
];

const IGNORED: Verdicts = Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-sdes-in-webrtc",
            severity: Severity::Error,
            summary: "A WebRTC description has keys in a=crypto",
            what: "WebRTC agrees on keys by DTLS alone; keys in the description must neither be offered nor taken.",
            why: "Everybody who carries the description can read the media. Browsers leave the lines out, and refuse a description that \
                has no fingerprint beside them.",
            advice: "Take the lines out and use DTLS-SRTP. A gateway to telephony makes keys of its own on the other side.",
            source: "RFC 9429, section 5.1.1; RFC 8826, section 4.3.1; web-platform-tests, sdes-dont-dont-dont.html",
        },
        profiles: &[Profile::Webrtc],
        verdicts: IGNORED,
        fix: Some(Applicability::Safe),
        invalid: &[Example::media(
            "«a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj»",
        )],
        valid: &[Example::media("a=setup:actpass")],
        check: Check::Description(in_webrtc),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-crypto-syntax",
            severity: Severity::Error,
            summary: "An a=crypto line makes no sense",
            what: "It has a tag, which is a number of up to nine digits, a suite and a key behind `inline:`.",
            why: "The line cannot be used; where it is the only one, media is refused or goes in the clear.",
            advice: "Write `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:` and the key in Base64.",
            source: "RFC 4568, section 9.1; pjsip, tests 300_srtp_invalid_crypto_tag_non_numeric and 300_srtp_receive_no_key",
        },
        profiles: &[],
        verdicts: IGNORED.rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\n\
            a=crypto:«x» AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\n\
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n",
        )],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-crypto-tag-duplicate",
            severity: Severity::Error,
            summary: "Two a=crypto lines of an m-line have the same tag",
            what: "The tag numbers the lines of an m-line, and the answer names with it the one that was chosen.",
            why: "Nobody can tell which of them the answer means; pjsip refuses the description.",
            advice: "Count the lines.",
            source: "RFC 4568, section 4.1; pjsip, test 300_srtp_duplicated_crypto_tag",
        },
        profiles: &[],
        verdicts: IGNORED.rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\n\
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n\
            a=crypto:«1» AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\n\
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n\
            a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj\r\n",
        )],
        check: Check::Description(same_tag),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-crypto-suite-unknown",
            severity: Severity::Warning,
            summary: "The suite of an a=crypto line is none that is registered",
            what: "The suites of SRTP have registered names, such as AES_CM_128_HMAC_SHA1_80; names are compared without case.",
            why: "Ends pass over a line whose suite they do not know. Where no other line is left media is refused.",
            advice: "Use a registered name; AES_256_CM_HMAC_SHA1_80 is often written as AES_CM_256_HMAC_SHA1_80.",
            source: "RFC 4568, section 6.2; RFC 6188; RFC 7714; pjsip, test 323_srtp2_unsupported_crypto",
        },
        profiles: &[Profile::Sip, Profile::Generic],
        verdicts: Verdicts::NOT_KNOWN.rfc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\n\
            a=crypto:1 «CRYPTO_X» inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\n\
            a=crypto:1 aes_cm_128_hmac_sha1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n",
        )],
        check: Check::Description(unknown_suite),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-crypto-key-length",
            severity: Severity::Error,
            summary: "The key of an a=crypto line has not the length that its suite needs",
            what: "Key and salt together have as many bytes as the suite says, written in Base64: 30 bytes and 40 characters with \
                AES_CM_128_HMAC_SHA1_80.",
            why: "The line cannot be used; where it is the only one, media is refused.",
            advice: "Draw key and salt for this suite.",
            source: "RFC 4568, section 6.1 and section 6.2; RFC 6188; RFC 7714; pjsip, test 323_srtp2_receive_too_long_key",
        },
        profiles: &[],
        verdicts: IGNORED.rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\n\
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 «inline:d0Rm»\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\n\
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:4\r\n",
        )],
        check: Check::Description(key_length),
    },
];

fn in_webrtc(context: &Context<'_, '_>, found: &mut Findings) {
    for transport in Transports::new(context).each() {
        let Some(first) = transport.own(Key::Crypto) else { continue };
        let lines = transport.part.section.attribute_lines(Key::Crypto);
        let beside = transport.in_force(Key::Fingerprint).is_some();
        let lack = if beside { "" } else { " and no a=fingerprint" };
        let message = format!("{} has keys in the description{lack}", transport.part.name());
        let finding = found.at(first.span(), message);
        if beside {
            finding.fix("leave the keys to DTLS", lines.map(without).collect());
        } else {
            let rejects = Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects);
            finding.verdicts(rejects.rfc(Verdict::Rejects));
        }
    }
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let other =
        matches!(fault.error.expected, Expected::Utf8 | Expected::NoControl | Expected::NoSpace | Expected::MediaLevel);
    let nothing = fault.line.is_some_and(|line| line.words().next().is_none());
    if !fault.is_of(Key::Crypto) || other || nothing {
        return false;
    }
    // The words that stand there may be a key.
    found.at(fault.error.span, format!("expected {}", fault.error.expected));
    true
}

fn same_tag(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let mut seen = BTreeMap::new();
        let mut greatest = part.section.values::<Crypto<'_>>().map(|crypto| crypto.tag).max().unwrap_or(0);
        for (line, crypto) in part.section.lines_with::<Crypto<'_>>() {
            let Some(first) = seen.insert(crypto.tag, line) else { continue };
            seen.insert(crypto.tag, first);
            let span = first_word(line);
            let message = format!("tag {} stands in this m-line a second time", crypto.tag);
            let finding = found.at(span, message).also(first.span(), "the first one");
            if greatest < GREATEST {
                greatest += 1;
                finding.unsafe_fix(format!("number it {greatest}"), vec![Edit::replace(span, greatest.to_string())]);
            }
        }
    }
}

/// What is known of a suite.
fn length_of(suite: &str) -> Option<usize> {
    LENGTHS.iter().find(|(name, _)| name.eq_ignore_ascii_case(suite)).map(|(_, length)| *length)
}

fn unknown_suite(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let suites: Vec<&str> = part.section.values::<Crypto<'_>>().map(|crypto| crypto.suite).collect();
        let none_left = suites.iter().all(|suite| length_of(suite).is_none());
        for suite in suites.into_iter().filter(|suite| length_of(suite).is_none()) {
            let finding = found.at(context.span(suite), format!("`{suite}` is no registered suite of SRTP"));
            if none_left {
                finding.severity(Severity::Error);
            }
        }
    }
}

fn key_length(context: &Context<'_, '_>, found: &mut Findings) {
    for crypto in context.media.iter().flat_map(|part| part.section.values::<Crypto<'_>>()) {
        let known = length_of(crypto.suite);
        for parameter in crypto.key_parameters.split(';') {
            let Some(key) = parameter.strip_prefix("inline:") else { continue };
            let key = key.split('|').next().unwrap_or_default().trim_end_matches('=');
            let bytes = key.len() * 3 / 4;
            let message = match known {
                Some(length) if bytes != length => {
                    format!("key and salt have {bytes} bytes; {} needs {length}", crypto.suite)
                }
                None if key.is_empty() => "there is no key behind `inline:`".to_owned(),
                _ => continue,
            };
            found.at(context.span(parameter), message);
        }
    }
}
