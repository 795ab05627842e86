//! `a=ice-ufrag` and `a=ice-pwd`: the credentials of ICE.

use crate::finding::{Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::lint::transport::Transports;
use crate::sdp::{Expected, Key};
use crate::text::Span;

/// The longest user fragment and the longest password (RFC 8839, section 5.4).
const LONGEST: usize = 256;

/// Characters that are no `ice-char` and that libwebrtc lets pass with a warning in its log.
const TOLERATED: &[u8] = b"-=#_";

const REFUSED: Verdicts = Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-ice-ufrag-length",
            severity: Severity::Error,
            summary: "An a=ice-ufrag has fewer than 4 or more than 256 characters",
            what: "The user fragment of ICE has 4 to 256 characters.",
            why: "Chrome refuses the description; Firefox refuses a short one and applies one that is too long in another form, so \
                that no check of ICE succeeds.",
            advice: "Take the value from the ICE agent as it is. Fragments such as `-` come from captures that were made anonymous.",
            source: "RFC 8839, section 5.4; libwebrtc, transport_description.cc",
        },
        profiles: &[],
        verdicts: REFUSED,
        fix: None,
        invalid: &[Example::media("a=ice-ufrag:«F7g»")],
        valid: &[Example::media("a=ice-ufrag:F7gI")],
        check: Check::Misread(ufrag_length),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ice-pwd-length",
            severity: Severity::Error,
            summary: "An a=ice-pwd has fewer than 22 or more than 256 characters",
            what: "The password of ICE has 22 to 256 characters.",
            why: "Chrome refuses the description; Firefox refuses a short one and applies one that is too long in another form, so \
                that no check of ICE succeeds.",
            advice: "Take the value from the ICE agent as it is. Passwords such as `fake` come from captures that were made anonymous.",
            source: "RFC 8839, section 5.4; libwebrtc, transport_description.cc",
        },
        profiles: &[],
        verdicts: REFUSED,
        fix: None,
        invalid: &[Example::media("a=ice-pwd:«x9cml/YzichV2+XlhiMu8»")],
        valid: &[Example::media("a=ice-pwd:x9cml/YzichV2+XlhiMu8g")],
        check: Check::Misread(pwd_length),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ice-char",
            severity: Severity::Warning,
            summary: "A credential of ICE holds other characters than letters, digits, + and /",
            what: "User fragment and password consist of letters, digits, `+` and `/`.",
            why: "libwebrtc lets `-`, `=`, `#` and `_` pass and says in its log that it will not always; anything else it refuses. \
                Firefox refuses `$`.",
            advice: "Draw credentials from the 64 allowed characters. Base64 must lose its padding, and its URL-safe form does not do.",
            source: "RFC 8839, section 5.4; libwebrtc, transport_description.cc; Firefox, bug 2027782",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::media("a=ice-ufrag:«F7-_»"),
            Example::media("a=ice-ufrag:«F7%I»"),
            Example::media("a=ice-ufrag:«F7 gI»"),
        ],
        valid: &[Example::media("a=ice-ufrag:F7+/")],
        check: Check::Misread(characters),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ice-ufrag-pwd-missing",
            severity: Severity::Error,
            summary: "An m-line has no ICE credentials",
            what: "Every transport needs an a=ice-ufrag and an a=ice-pwd, in the m-line or at session level; m-lines that share the \
                transport of another one need none.",
            why: "Browsers refuse the description. Firefox wants credentials in every m-line of an offer that is not bundle-only, \
                because the answerer may take the bundle apart.",
            advice: "Add both lines to the m-line, or to the session level.",
            source: "RFC 9429, section 5.8.3; RFC 8839, section 5.4; libwebrtc, sdp_offer_answer.cc (VerifyIceUfragPwdPresent)",
        },
        profiles: &[],
        verdicts: REFUSED,
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\nc=IN IP4 0.0.0.0\r\n\
            a=ice-ufrag:F7gI\r\na=mid:0\r\n",
        )],
        valid: &[
            Example::media("a=ice-ufrag:F7gI\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F"),
            Example::session("a=ice-ufrag:F7gI\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F"),
        ],
        check: Check::Description(missing),
    },
];

fn ufrag_length(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    fault.is_of(Key::IceUfrag) && length(fault, "user fragment", 4, found)
}

fn pwd_length(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    fault.is_of(Key::IcePwd) && length(fault, "password", 22, found)
}

/// Reports a credential that is too short or too long, of which only the length is told.
fn length(fault: &Misread<'_, '_>, what: &str, shortest: usize, found: &mut Findings) -> bool {
    if !matches!(fault.error.expected, Expected::Value { .. } | Expected::Characters { .. }) {
        return false;
    }
    let length = fault.error.span.len();
    if (shortest..=LONGEST).contains(&length) || spaced(fault).is_some() {
        return false;
    }
    let message = format!("this {what} has {length} characters; {shortest} to {LONGEST} are allowed");
    let finding = found.at(fault.error.span, message);
    if length > LONGEST {
        finding.verdicts(REFUSED.firefox(Verdict::IgnoresSilently));
    }
    true
}

/// The whole value, where there is a space inside.
fn spaced(fault: &Misread<'_, '_>) -> Option<Span> {
    let mut words = fault.line?.words().map(|word| word.span);
    let (first, last) = (words.next()?, words.last()?);
    Some(Span::new(first.start, last.end))
}

fn characters(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::IceUfrag) && !fault.is_of(Key::IcePwd) {
        return false;
    }
    let what = if fault.is_of(Key::IceUfrag) { "user fragment" } else { "password" };
    let of_value = matches!(fault.error.expected, Expected::Characters { .. } | Expected::End);
    if let Some(span) = spaced(fault).filter(|_| of_value) {
        let finding = found.at(span, format!("a space is no part of a {what}"));
        finding.severity(Severity::Error).verdicts(REFUSED.firefox(Verdict::Accepts));
        return true;
    }
    match fault.error.expected {
        Expected::Characters { .. } => {
            let text = context.document.text().get(fault.error.span.start..fault.error.span.end).unwrap_or_default();
            let bad = |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'/');
            let tolerated = text.iter().filter(|byte| bad(byte)).all(|byte| TOLERATED.contains(byte));
            let message = format!("this {what} holds characters other than letters, digits, `+` and `/`");
            let finding = found.at(fault.error.span, message);
            if !tolerated {
                let firefox = if text.contains(&b'$') { Verdict::Rejects } else { Verdict::Accepts };
                finding.severity(Severity::Error).verdicts(REFUSED.firefox(firefox));
            }
        }
        _ => return false,
    }
    true
}

fn missing(context: &Context<'_, '_>, found: &mut Findings) {
    for transport in Transports::new(context).each() {
        if !context.is_webrtc() && transport.part.candidates.is_empty() {
            continue;
        }
        let lacks = [(Key::IceUfrag, "a=ice-ufrag"), (Key::IcePwd, "a=ice-pwd")];
        let lacks: Vec<&str> =
            lacks.iter().filter(|(key, _)| transport.apart(*key).is_none()).map(|(_, name)| *name).collect();
        if lacks.is_empty() {
            continue;
        }
        let (head, lacks) = (transport.part.head(), lacks.join(" and no "));
        if transport.is_own() {
            found.at(head, format!("{} has no {lacks}", transport.part.name()));
        } else if context.is_webrtc() && transport.is_offer() && !transport.is_bundle_only() && !transport.is_settled()
        {
            let message = format!("{} has no {lacks} of its own in an offer", transport.part.name());
            let verdicts = Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects);
            found.at(head, message).severity(Severity::Warning).verdicts(verdicts);
        }
    }
}
