//! What a `c=` says that can be read: networks, multicast groups, names.

use std::net::IpAddr;

use crate::finding::{Rule, Severity};
use crate::lint::context::Context;
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Connection, Line, LineType, Value};

const GOOD: &[Example] = &[Example::media("c=IN IP4 0.0.0.0")];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-c-nettype-not-in",
            severity: Severity::Error,
            summary: "c= names another network than the Internet",
            what: "TN, PSTN and ATM are networks of telephony, which RTP over IP does not reach.",
            why: "Chrome and Firefox refuse the description.",
            advice: "Write c=IN with the address of the gateway.",
            source: "RFC 8866, section 5.7 and section 8.2.6; libwebrtc, webrtc_sdp.cc (ParseConnectionData)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("c=«TN» RFC2543 +15550100")],
        valid: GOOD,
        check: Check::Description(network),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-multicast-no-ttl",
            severity: Severity::Error,
            summary: "An IPv4 multicast group of c= has no time to live",
            what: "A multicast group of IPv4 is written with its time to live: 233.252.0.1/127.",
            why: "A reader that expects it refuses the description; another one guesses how far packets shall reach.",
            advice: "Add the time to live behind the address, 0 to 255.",
            source: "RFC 8866, section 5.7",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("c=IN IP4 «233.252.0.1»")],
        valid: &[Example::media("c=IN IP4 233.252.0.1/127").in_profile(Profile::Generic)],
        check: Check::Description(no_time_to_live),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-ipv6-ttl",
            severity: Severity::Error,
            summary: "An IPv6 multicast group of c= has a time to live",
            what: "IPv6 multicast has no time to live: the one number behind the address is how many groups there are.",
            why: "The first number is taken for the number of groups. Chrome refuses the description.",
            advice: "Write FF15::101/3 for three groups.",
            source: "RFC 8866, section 5.7",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("c=IN IP6 «FF15::101/127/3»")],
        valid: &[Example::media("c=IN IP6 FF15::101/3").in_profile(Profile::Generic)],
        check: Check::Description(ipv6_time_to_live),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-multicast-in-webrtc",
            severity: Severity::Error,
            summary: "The c= of a description for a browser is a multicast group",
            what: "ICE and DTLS connect two peers; there is no WebRTC over multicast.",
            why: "Chrome refuses the description, with the words that multicast is not supported.",
            advice: "Write c=IN IP4 0.0.0.0; the candidates say where media goes.",
            source: "libwebrtc, webrtc_sdp.cc (ParseConnectionData)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("c=IN IP4 «233.252.0.1»/127")],
        valid: &[
            Example::media("c=IN IP4 0.0.0.0"),
            Example::media("c=IN IP4 233.252.0.1/127").in_profile(Profile::Generic),
        ],
        check: Check::Description(multicast),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-fqdn-in-webrtc",
            severity: Severity::Warning,
            summary: "The c= of a description for a browser is a name",
            what: "A domain name is allowed in c=, but a browser takes its addresses from ICE and resolves no name here.",
            why: "Firefox refuses the description; Chrome accepts it.",
            advice: "Write c=IN IP4 0.0.0.0; the candidates say where media goes.",
            source: "RFC 8866, section 5.7; Firefox, seen",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("c=IN IP4 «host.example.com»")],
        valid: &[
            Example::media("c=IN IP4 0.0.0.0"),
            Example::media("c=IN IP4 host.example.com").in_profile(Profile::Sip),
        ],
        check: Check::Description(name),
    },
];

/// Every `c=` that makes sense, at either level.
fn connections<'c, 'd, 'a>(
    context: &'c Context<'d, 'a>,
) -> impl Iterator<Item = (&'d Line<'a>, Connection<'a>)> + use<'c, 'd, 'a> {
    let lines = context.parts().flat_map(|part| part.section.lines_of(LineType::Connection));
    lines.filter_map(|line| match line.parse() {
        Ok(Value::Connection(connection)) => Some((line, connection)),
        _ => None,
    })
}

fn network(context: &Context<'_, '_>, found: &mut Findings) {
    for (_, connection) in connections(context).filter(|(_, connection)| connection.network_type != "IN") {
        let network = connection.network_type;
        found.at(context.span(network), format!("{network} is not the Internet, which is IN"));
    }
}

fn literal(connection: &Connection<'_>) -> Option<IpAddr> {
    connection.address.parse().ok()
}

fn no_time_to_live(context: &Context<'_, '_>, found: &mut Findings) {
    for (_, connection) in connections(context) {
        let group = literal(&connection).filter(|address| address.is_ipv4() && address.is_multicast());
        if let Some(group) = group.filter(|_| connection.ttl.is_none()) {
            found.at(context.span(connection.address), format!("the multicast group {group} has no time to live"));
        }
    }
}

/// Whether the line has two numbers behind an IPv6 address.
fn is_ipv6_with_two(line: &Line<'_>, connection: &Connection<'_>) -> Option<crate::text::Span> {
    let word = line.words().nth(2).filter(|_| connection.address_type == "IP6")?;
    (word.value.iter().filter(|byte| **byte == b'/').count() > 1).then_some(word.span)
}

fn ipv6_time_to_live(context: &Context<'_, '_>, found: &mut Findings) {
    for (line, connection) in connections(context) {
        if let Some(span) = is_ipv6_with_two(line, &connection) {
            found.at(span, "two numbers behind an IPv6 address, which has no time to live");
        }
    }
}

/// Without any suffix an IPv4 group lacks its time to live, which another rule says.
fn multicast(context: &Context<'_, '_>, found: &mut Findings) {
    for (line, connection) in connections(context) {
        let Some(group) = literal(&connection).filter(IpAddr::is_multicast) else { continue };
        let said = (group.is_ipv4() && connection.ttl.is_none()) || is_ipv6_with_two(line, &connection).is_some();
        if !said {
            found.at(context.span(connection.address), format!("{group} is a multicast group"));
        }
    }
}

fn name(context: &Context<'_, '_>, found: &mut Findings) {
    for (_, connection) in connections(context) {
        if connection.network_type == "IN" && literal(&connection).is_none() {
            found.at(context.span(connection.address), "this is a name and no address");
        }
    }
}
