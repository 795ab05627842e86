//! STUN messages that are not as they should be.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::CAPTURE;
use crate::diagnose::wording::{count, list};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::path::Path;
use crate::session::ClassicCount;
use crate::wire::stun::Class;

pub(super) static RULES: &[Row] =
    &[(&FINGERPRINT_INVALID, fingerprint_invalid), (&MALFORMED, malformed), (&CLASSIC, classic)];

/// Kinds of messages that a sentence can bear.
const LISTED: usize = 5;

static FINGERPRINT_INVALID: Rule = Rule {
    name: "stun-fingerprint-invalid",
    severity: Severity::Warning,
    summary: "The FINGERPRINT of STUN messages is wrong",
    what: "FINGERPRINT holds a CRC-32 of the message before it. In these messages it does not fit what arrived at the capture.",
    why: "ICE agents discard such messages as not being STUN at all, so checks seem to be lost. Something changed the bytes after the \
        sender computed the checksum, or the sender computes it wrongly.",
    advice: "Look for what touches the payload: an application level gateway in a router that rewrites addresses in UDP payloads is the \
        usual culprit. If only one implementation's messages are concerned, its encoder is wrong (length field, byte order, the XOR \
        with 0x5354554E).",
    source: "RFC 8489, section 14.7; RFC 8445, section 7.1",
};

fn fingerprint_invalid(case: &Case<'_>) -> Vec<Finding> {
    let counts = case.sessions().stun();
    let (invalid, valid) = (counts.fingerprint.invalid, counts.fingerprint.valid);
    if invalid == 0 {
        return Vec::new();
    }
    let message = format!(
        "{} {} a wrong FINGERPRINT{}; {valid} a right one",
        count(invalid, "STUN message"),
        if invalid == 1 { "has" } else { "have" },
        first_of(counts.first_bad_fingerprint)
    );
    vec![whole(&FINGERPRINT_INVALID, message, counts.first_bad_fingerprint)]
}

static MALFORMED: Rule = Rule {
    name: "stun-malformed",
    severity: Severity::Info,
    summary: "STUN messages whose attributes cannot be read to the end",
    what: "The header is that of a STUN message, and an attribute's length does not fit into it. What could be read was used. Some \
        applications do this on purpose between their own client and server.",
    why: "Agents and servers that follow the RFC discard such messages or answer them with 400, so checks and requests seem to be lost. \
        Where that happens it is told beside this.",
    advice: "Decode one of the messages (rtcscope decode stun) to see where it breaks: the usual faults are a length that counts the \
        padding, missing padding to four bytes, and a middlebox that changed the size of an address.",
    source: "RFC 8489, sections 5 and 14",
};

fn malformed(case: &Case<'_>) -> Vec<Finding> {
    let counts = case.sessions().stun();
    if counts.malformed == 0 {
        return Vec::new();
    }
    let message = format!(
        "the attributes of {} cannot be read to the end{}",
        count(counts.malformed, "STUN message"),
        first_of(counts.first_malformed)
    );
    vec![whole(&MALFORMED, message, counts.first_malformed)]
}

/// Where the first message of its kind went.
fn first_of(first: Option<(Moment, Path)>) -> String {
    first.map_or_else(String::new, |(_, path)| format!(" (first {} to {})", path.source, path.destination))
}

fn whole(rule: &'static Rule, message: String, first: Option<(Moment, Path)>) -> Finding {
    resting(Finding::new(rule, message), [first.map(|(moment, _)| moment)]).about(CAPTURE, CAPTURE)
}

static CLASSIC: Rule = Rule {
    name: "stun-classic",
    severity: Severity::Info,
    summary: "Messages of classic STUN (RFC 3489), without the magic cookie",
    what: "These messages follow RFC 3489, which was replaced in 2008: no magic cookie, a transaction ID of 16 bytes, addresses that are not \
        obfuscated. They are counted apart.",
    why: "ICE does not use classic STUN. Old NAT detection, some SIP phones, games and conferencing applications still do; gateways that \
        rewrite addresses in payloads can falsify its answers.",
    advice: "Nothing, if the sender is known. If a WebRTC application sends it, its STUN library is out of date.",
    source: "RFC 3489; RFC 8489, section 11 (removed in 8489, see RFC 5389, section 12)",
};

fn classic(case: &Case<'_>) -> Vec<Finding> {
    let counts = &case.sessions().stun().classic;
    let total: u64 = counts.iter().map(|kind| kind.count).sum();
    if total == 0 {
        return Vec::new();
    }
    let kind = |kind: &ClassicCount| count(kind.count, &format!("{} {}", kind.method, part(kind.class)));
    let kinds: Vec<String> = counts.iter().map(kind).collect();
    let message = format!("{} of RFC 3489: {}", count(total, "message"), list(&kinds, LISTED));
    let moments = counts.iter().map(|kind| Some(kind.first));
    vec![resting(Finding::new(&CLASSIC, message), moments).about(CAPTURE, CAPTURE)]
}

/// The words for a class in a sentence.
const fn part(class: Class) -> &'static str {
    match class {
        Class::Request => "request",
        Class::Indication => "indication",
        Class::SuccessResponse => "success response",
        Class::ErrorResponse => "error response",
    }
}
