//! `o=`: who made the session, and which version of the description it is.

use std::net::IpAddr;

use super::order::place_in_session;
use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Line, LineType};
use crate::text::{Edit, Span, Spanned};

/// What the fields of an origin are, in order.
const FIELDS: [&str; 6] =
    ["user name", "session id", "session version", "network type", "address type", "unicast address"];

/// No more words of a line are looked at: what comes behind them is too much in any case.
const MOST_WORDS: usize = 64;

const GOOD: &[Example] = &[Example::session("o=- 4611731400430051336 2 IN IP4 127.0.0.1")];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-o-missing",
            severity: Severity::Error,
            summary: "The description has no o=",
            what: "An o= line names the session; it is the second line of a description.",
            why: "Chrome and Firefox refuse the description. Without it nobody can tell a new version from a new session.",
            advice: "Add it: o=- <a random number> <version> IN IP4 0.0.0.0.",
            source: "RFC 8866, section 5.2",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[Example::whole("v=0\r\n«»s=-\r\nt=0 0\r\n")],
        valid: GOOD,
        check: Check::Misread(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-o-username-space",
            severity: Severity::Error,
            summary: "The user name of o= has a space",
            what: "Spaces separate the fields of o=, so that the user name cannot have any.",
            why: "Every field behind it is taken for another: Chrome and Firefox refuse the description.",
            advice: "Write - for the user name, or a name without spaces. A name to be shown goes into s= or the signalling.",
            source: "RFC 8866, section 5.2",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[Example::session("o=«J Doe» 1 1 IN IP4 192.0.2.1")],
        valid: GOOD,
        check: Check::Misread(username),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-o-field-count",
            severity: Severity::Error,
            summary: "o= does not have six fields",
            what: "The fields of o= are user name, session id, session version, network type, address type and address.",
            why: "Chrome refuses the description, and Firefox does where one is missing.",
            advice: "Write all six; the user name is - where there is none.",
            source: "RFC 8866, section 5.2",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[
            Example::session("o=- 1001 1 IN IP4«»"),
            Example::session("o=1001 1 IN IP4 192.0.2.1«»"),
            Example::session("o=- 1 1 IN IP4 192.0.2.1 «more»"),
        ],
        valid: GOOD,
        check: Check::Misread(field_count),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-o-sess-id-not-numeric",
            severity: Severity::Error,
            summary: "The session id of o= is not a number",
            what: "The session id is written in digits.",
            why: "Firefox refuses the description; Chrome does not look.",
            advice: "Use a random number below 2^63.",
            source: "RFC 8866, section 5.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::session("o=- «abc» 1 IN IP4 0.0.0.0")],
        valid: GOOD,
        check: Check::Misread(session_id),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-o-sess-version-not-numeric",
            severity: Severity::Error,
            summary: "The session version of o= is not a number",
            what: "The session version is written in digits, and counts up with every change.",
            why: "Firefox refuses the description; Chrome does not look.",
            advice: "Begin with any number and add one for every new version.",
            source: "RFC 8866, section 5.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::session("o=- 1 «x» IN IP4 0.0.0.0")],
        valid: GOOD,
        check: Check::Misread(session_version),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-o-nettype-addrtype-invalid",
            severity: Severity::Error,
            summary: "Network type, address type and address of o= do not fit each other",
            what: "The network is IN, the address type IP4 or IP6, and the address is of that type or a domain name.",
            why: "Firefox refuses the description where one of the types is unknown; Chrome does not look.",
            advice: "Write IN IP4 0.0.0.0 where the address says nothing anyway.",
            source: "RFC 8866, section 5.2 and section 9",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::session("o=- 1 1 IN «IP5» x"), Example::session("o=- 1 1 IN IP4 «2001:db8::1»")],
        valid: GOOD,
        check: Check::Misread(address),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-o-nettype-not-in",
            severity: Severity::Error,
            summary: "o= names another network than the Internet",
            what: "TN, PSTN and ATM are registered networks of telephony; what offers and answers is on the Internet, IN.",
            why: "Firefox refuses the description; Chrome does not look.",
            advice: "Write IN IP4 0.0.0.0 where the address says nothing anyway.",
            source: "RFC 8866, section 5.2 and section 8.2.6; Firefox, seen",
        },
        profiles: &[Profile::Webrtc, Profile::Sip],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::session("o=- 1 1 «TN» RFC2543 +15550100")],
        valid: GOOD,
        check: Check::Description(network),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-o-sess-id-too-big",
            severity: Severity::Warning,
            summary: "The session id or version of o= does not fit a signed 64-bit integer",
            what: "In an offer or answer both numbers must fit 63 bits; elsewhere the format sets no limit, and readers take 64 bits.",
            why: "Firefox refuses the description. Others wrap or clamp the number, and then see a change where there is none.",
            advice: "Take a random number of 62 bits as session id, and a small one as first version.",
            source: "RFC 3264, section 5; RFC 9429, section 5.2.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects),
        fix: None,
        invalid: &[Example::session("o=- «18446744069414584320» 1 IN IP4 0.0.0.0")],
        valid: &[
            Example::session("o=- 9223372036854775806 1 IN IP4 0.0.0.0"),
            Example::session("o=- 18446744069414584320 1 IN IP4 0.0.0.0").in_profile(Profile::Generic),
        ],
        check: Check::Description(too_big),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-o-leaks-local-address",
            severity: Severity::Info,
            summary: "o= shows a private address",
            what: "The address of o= is nothing but a part of the name of the session; browsers write one without a meaning.",
            why: "It tells the other side, and every server between, an address inside the network of the sender.",
            advice: "Write IN IP4 0.0.0.0 from the first description on: within a session the address must not change.",
            source: "RFC 9429, section 5.2.1",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::session("o=- 1 1 IN IP4 «192.168.1.5»")],
        valid: &[Example::session("o=- 1 1 IN IP4 127.0.0.1"), Example::session("o=- 1 1 IN IP4 203.0.113.5")],
        check: Check::Description(leaks),
    },
];

fn missing(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !matches!(fault.error.expected, Expected::Present { letter: 'o' }) {
        return false;
    }
    if !context.has_nearly(b'o') {
        let start = place_in_session(context, LineType::Origin);
        found.at(Span::new(start, start), "no line o= names the session");
    }
    true
}

fn words<'a>(line: &Line<'a>) -> Vec<Spanned<&'a [u8]>> {
    line.words().take(MOST_WORDS).collect()
}

/// Whether the words read as all fields but the user name.
fn is_rest(words: &[Spanned<&[u8]>]) -> bool {
    let digits = |word: &Spanned<&[u8]>| word.value.iter().all(u8::is_ascii_digit);
    match words {
        [id, version, network, address_type, _] => {
            digits(id) && digits(version) && network.value == b"IN" && address_type.value.starts_with(b"IP")
        }
        _ => false,
    }
}

fn username(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.is_value_of(LineType::Origin)) else { return false };
    let words = words(line);
    let Some((name, rest)) = words.len().checked_sub(5).and_then(|at| words.split_at_checked(at)) else { return false };
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return false };
    if name.len() < 2 || !is_rest(rest) {
        return false;
    }
    found.at(Span::new(first.span.start, last.span.end), "the user name has a space");
    true
}

fn field_count(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.is_value_of(LineType::Origin)) else { return false };
    let words = words(line);
    if let Some(extra) = words.get(FIELDS.len()) {
        let span = Span::new(extra.span.start, line.span().end);
        found
            .at(span, format!("o= has {} fields, and this is more than {} of them", words.len(), FIELDS.len()))
            .verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects));
        return true;
    }
    if words.len() == FIELDS.len() {
        return false;
    }
    let end = line.span().end;
    let message = if is_rest(&words) {
        "o= has five fields, the user name is missing".to_owned()
    } else {
        format!("o= has {} of six fields, {} or more is missing", words.len(), FIELDS.get(words.len()).unwrap_or(&""))
    };
    let finding = found.at(Span::new(end, end), message);
    // A space at the end is one more field, and an empty one, for who cuts at single spaces.
    if words.len() + 1 == FIELDS.len() && line.content().ends_with(b" ") {
        finding.verdicts(Verdicts::REJECTED.chrome(Verdict::Accepts).safari(Verdict::Accepts));
    }
    true
}

fn session_id(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_value_of(LineType::Origin) && fault.field() == "session id";
    if own {
        found.at(fault.error.span, "the session id is not a number");
    }
    own
}

fn session_version(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_value_of(LineType::Origin) && fault.field() == "session version";
    if own {
        found.at(fault.error.span, "the session version is not a number");
    }
    own
}

fn address(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let known = ["network type", "address type", "address", "unicast address"];
    if !fault.is_value_of(LineType::Origin) || !known.contains(&fault.field()) {
        return false;
    }
    let finding = found.at(fault.error.span, fault.error.to_string());
    if fault.field() == "unicast address" {
        finding.verdicts(Verdicts::NOT_KNOWN.rfc(Verdict::Rejects));
    }
    true
}

fn network(context: &Context<'_, '_>, found: &mut Findings) {
    if let Some(network) =
        context.document.origin().map(|origin| origin.network_type).filter(|network| *network != "IN")
    {
        found.at(context.span(network), format!("{network} is not the Internet, which is IN"));
    }
}

fn too_big(context: &Context<'_, '_>, found: &mut Findings) {
    let Some(origin) = context.document.origin() else { return };
    let limit = if context.profile == Profile::Generic { u64::MAX } else { i64::MAX.unsigned_abs() };
    let bits = if context.profile == Profile::Generic { "64" } else { "63" };
    for (field, digits) in [("session id", origin.session_id), ("session version", origin.session_version)] {
        if digits.parse::<u64>().is_ok_and(|number| number <= limit) {
            continue;
        }
        let finding = found.at(context.span(digits), format!("the {field} needs more than {bits} bits"));
        if field == "session version" {
            finding.verdicts(Verdicts::libwebrtc(Verdict::Accepts));
        }
    }
}

/// Whether the address is one that only means something inside a network.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

fn leaks(context: &Context<'_, '_>, found: &mut Findings) {
    let Some(origin) = context.document.origin() else { return };
    let Some(address) = origin.address.parse().ok().filter(|address| is_private(*address)) else { return };
    let nowhere = if address.is_ipv4() { "0.0.0.0" } else { "::" };
    let span = context.span(origin.address);
    found
        .at(span, format!("{address} is an address inside a network"))
        .unsafe_fix(format!("write {nowhere}"), vec![Edit::replace(span, nowhere)]);
}
