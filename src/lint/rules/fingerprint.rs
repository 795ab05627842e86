//! `a=fingerprint`: a line by itself.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{At, Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Fingerprint, Key};
use crate::text::Edit;

/// The hash functions that are registered and may be used (RFC 8122, section 5).
const KNOWN: &[&str] = &["sha-1", "sha-224", "sha-256", "sha-384", "sha-512"];

/// Those that must not be (RFC 8122, section 5).
const BROKEN: &[&str] = &["md2", "md5"];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-fingerprint-length",
            severity: Severity::Error,
            summary: "An a=fingerprint has more or fewer bytes than its hash function gives",
            what: "SHA-1 gives 20 bytes, SHA-224 28, SHA-256 32, SHA-384 48 and SHA-512 64.",
            why: "No certificate has such a fingerprint. Browsers take the description and fail later: Chrome when the answer is \
                applied, Firefox in the handshake.",
            advice: "Copy the whole fingerprint, or compute it anew. Most often one was cut or a byte was lost.",
            source: "RFC 8122, section 5; webrtc-sdp, examples (ex 08)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=fingerprint:sha-1 «4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C»")],
        valid: &[Example::media("a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB")],
        check: Check::Misread(length),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-fingerprint-syntax",
            severity: Severity::Error,
            summary: "An a=fingerprint makes no sense",
            what: "A fingerprint is the name of a hash function and bytes of two hexadecimal digits each, joined by colons.",
            why: "Browsers refuse the description.",
            advice: "Write it as `openssl x509 -fingerprint` does.",
            source: "RFC 8122, section 5; libwebrtc, webrtc_sdp_unittest.cc; Firefox, sdp_attr.c (Malformed fingerprint token)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::media("a=fingerprint:sha-256 «ZZ»"),
            Example::media("a=fingerprint:sha-1 «4AAD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB»"),
        ],
        valid: &[Example::media("a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-fingerprint-weak-hash",
            severity: Severity::Warning,
            summary: "A fingerprint is made with a hash function that is broken",
            what: "MD2 and MD5 must not be used; SHA-1 is too weak for certificates by now.",
            why: "Whoever can make a certificate with the same hash can sit between the two ends. Chrome refuses a description with MD5.",
            advice: "Use sha-256.",
            source: "RFC 8122, section 5; libwebrtc, webrtc_sdp_unittest.cc (kSdpMd5)",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[
            Example::media("a=fingerprint:«sha-1» 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB"),
            Example::media("a=fingerprint:«md5» 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B"),
        ],
        valid: &[Example::media(
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08",
        )],
        check: Check::Description(weak),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-fingerprint-hash-unknown",
            severity: Severity::Error,
            summary: "The hash function of a fingerprint is none that a browser knows",
            what: "Fingerprints are made with sha-1, sha-224, sha-256, sha-384 or sha-512.",
            why: "Chrome refuses the description, and so does Firefox where no other fingerprint stands beside it.",
            advice: "Use sha-256, and mind the hyphen in its name.",
            source: "RFC 8122, section 5; libwebrtc, ssl_fingerprint.cc; Firefox, no supported fingerprint algorithms present",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=fingerprint:«sha1» 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB")],
        valid: &[Example::media("a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB")],
        check: Check::Description(unknown),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-fingerprint-case",
            severity: Severity::Warning,
            summary: "A fingerprint is not written in upper case, or its hash function not in lower case",
            what: "The bytes are written with upper-case digits, the name of the hash function in lower case.",
            why: "Firefox refuses a description whose fingerprint has lower-case digits. Chrome takes it.",
            advice: "Convert the two parts, each to its case.",
            source: "RFC 8122, section 5; Firefox, sdp_attr.c (Malformed fingerprint token)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::media("a=fingerprint:sha-1 «4a:ad:b9:b1:3f:82:18:3b:54:02:12:df:3e:5d:49:6b:19:e5:7c:ab»"),
            Example::media("a=fingerprint:«SHA-1» 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB"),
        ],
        valid: &[Example::media("a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB")],
        check: Check::Description(case),
    },
];

fn length(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Expected::Hexadecimal { bytes, .. } = fault.error.expected else { return false };
    if !fault.is_of(Key::Fingerprint) || bytes == 0 {
        return false;
    }
    let text = context.document.text().get(fault.error.span.start..fault.error.span.end).unwrap_or_default();
    let is_byte = |word: &[u8]| word.len() == 2 && word.iter().all(u8::is_ascii_hexdigit);
    if !text.split(|byte| *byte == b':').all(is_byte) {
        return false;
    }
    let count = text.split(|byte| *byte == b':').count();
    found.at(fault.error.span, format!("this fingerprint has {count} bytes; its hash function gives {bytes}"));
    true
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let other = matches!(fault.error.expected, Expected::Utf8 | Expected::NoControl | Expected::NoSpace);
    let nothing = fault.line.is_some_and(|line| line.words().next().is_none());
    if !fault.is_of(Key::Fingerprint) || other || nothing {
        return false;
    }
    found.at(fault.error.span, fault.error.to_string());
    true
}

fn is_one_of(fingerprint: &Fingerprint<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(fingerprint.hash_function))
}

fn weak(context: &Context<'_, '_>, found: &mut Findings) {
    for At { value, .. } in context.parts().flat_map(|part| &part.fingerprints) {
        let span = context.span(value.hash_function);
        if is_one_of(value, BROKEN) {
            let verdicts = Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects);
            let message = format!("{} must not be used for fingerprints", value.hash_function);
            found.at(span, message).severity(Severity::Error).verdicts(verdicts);
        } else if value.hash_function.eq_ignore_ascii_case("sha-1") {
            found.at(span, "SHA-1 is too weak for fingerprints");
        }
    }
}

fn unknown(context: &Context<'_, '_>, found: &mut Findings) {
    for At { value, .. } in context.parts().flat_map(|part| &part.fingerprints) {
        if !is_one_of(value, KNOWN) && !is_one_of(value, BROKEN) {
            let message = format!("`{}` is no hash function of fingerprints that browsers know", value.hash_function);
            found.at(context.span(value.hash_function), message);
        }
    }
}

fn case(context: &Context<'_, '_>, found: &mut Findings) {
    for At { value: Fingerprint { hash_function, hash }, .. } in context.parts().flat_map(|part| &part.fingerprints) {
        if hash.bytes().any(|byte| byte.is_ascii_lowercase()) {
            let span = context.span(hash);
            let verdicts = Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects);
            found
                .at(span, "the bytes of a fingerprint are written in upper case")
                .severity(Severity::Error)
                .verdicts(verdicts)
                .fix("write it in upper case", vec![Edit::replace(span, hash.to_ascii_uppercase())]);
        }
        if hash_function.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let span = context.span(hash_function);
            found
                .at(span, format!("`{hash_function}` is written in lower case"))
                .fix("write it in lower case", vec![Edit::replace(span, hash_function.to_ascii_lowercase())]);
        }
    }
}
