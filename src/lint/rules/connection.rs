//! `c=`: where media goes when ICE does not say so. Its form; what it says is in `address`.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Line, LineType};
use crate::text::{Edit, Span};

const GOOD: &[Example] = &[Example::media("c=IN IP4 0.0.0.0")];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-c-missing",
            severity: Severity::Error,
            summary: "An m-line has no c=, and the session has none either",
            what: "Each m-line has a c= of its own, or the session has one for all.",
            why: "Firefox refuses the description; Chrome, which takes its addresses from ICE, accepts it.",
            advice: "Add c=IN IP4 0.0.0.0 where ICE gives the addresses, and the real address elsewhere.",
            source: "RFC 8866, section 5.7; Firefox, seen",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\na=mid:0\r\na=rtcp-mux\r\n",
        )],
        valid: &[
            Example::media("c=IN IP4 0.0.0.0"),
            Example::whole(
                "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\n",
            ),
        ],
        check: Check::Description(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-duplicate-in-media",
            severity: Severity::Error,
            summary: "A media section for a browser has two c= lines",
            what: "Several c= lines in a media section are several multicast groups, which WebRTC does not have.",
            why: "Firefox refuses the description; Chrome takes one of them.",
            advice: "Keep one c= a media section.",
            source: "RFC 8866, section 5.7; Firefox, seen",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("c=IN IP4 0.0.0.0\r\n«c=IN IP4 0.0.0.0»")],
        valid: GOOD,
        check: Check::Description(duplicate),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-nettype-unknown",
            severity: Severity::Error,
            summary: "c= names a network that is none",
            what: "The first field of c= is the type of the network, and it is IN.",
            why: "Chrome and Firefox refuse the description.",
            advice: "Write c=IN IP4 or c=IN IP6 before the address.",
            source: "RFC 8866, section 5.7 and section 8.2.6",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[Example::media("c=«IM» IP4 192.0.2.1")],
        valid: GOOD,
        check: Check::Misread(network_unknown),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-addrtype-unknown",
            severity: Severity::Error,
            summary: "c= names a type of address that is none",
            what: "The second field of c= is IP4 or IP6, in capitals.",
            why: "A reader cannot tell what the address is, and refuses the description.",
            advice: "Write IP4 or IP6.",
            source: "RFC 8866, section 5.7 and section 8.2.7",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("c=IN «IP5» 192.0.2.1")],
        valid: GOOD,
        check: Check::Misread(type_unknown),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-addrtype-mismatch",
            severity: Severity::Error,
            summary: "The address of c= is of the other family than its type says",
            what: "IP4 goes with an IPv4 address and IP6 with an IPv6 address.",
            why: "Chrome refuses the description; others send to nowhere.",
            advice: "Write the type of the address that stands there.",
            source: "RFC 8866, section 5.7; libwebrtc, webrtc_sdp.cc (ParseConnectionData)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("c=IN IP6 «192.0.2.39»"), Example::media("c=IN IP4 «2001:db8::7334»")],
        valid: &[Example::media("c=IN IP4 192.0.2.39"), Example::media("c=IN IP6 2001:db8::7334")],
        check: Check::Misread(mismatch),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-unicast-suffix",
            severity: Severity::Error,
            summary: "A unicast address of c= has a suffix",
            what: "Time to live and number of addresses, behind a /, go with multicast addresses only. It is no length of a prefix.",
            why: "Chrome refuses the description.",
            advice: "Write the address alone.",
            source: "RFC 8866, section 5.7 and section 9; libwebrtc, webrtc_sdp_unittest.cc (ParseConnectionDataFailure)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("c=IN IP4 192.0.2.39«/127»")],
        valid: GOOD,
        check: Check::Misread(unicast_suffix),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-c-syntax",
            severity: Severity::Error,
            summary: "c= does not have the form that RFC 8866 gives it",
            what: "c= has three fields: network type, address type and address, which is a literal or a domain name.",
            why: "A reader refuses the description, or has nowhere to send media to.",
            advice: "Write c=IN IP4 <address> or c=IN IP6 <address>.",
            source: "RFC 8866, section 5.7 and section 9",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("c=IN IP4«»"), Example::media("c=IN IP4 «192.0.2.300»")],
        valid: GOOD,
        check: Check::Misread(syntax),
    },
];

fn missing(context: &Context<'_, '_>, found: &mut Findings) {
    let has = |lines: &[Line<'_>]| lines.iter().any(|line| line.line_type() == LineType::Connection);
    if has(context.session.section.lines()) {
        return;
    }
    for part in &context.media {
        let lines = part.section.lines();
        if part.media.is_none() || part.section.is_rejected() || has(lines) {
            continue;
        }
        let finding = found.at(part.head(), format!("{} has no c=, and neither has the session", part.name()));
        // An i= goes before it. Without ICE this address would stop the media.
        let behind =
            lines.iter().take(2).rfind(|line| matches!(line.line_type(), LineType::Media | LineType::Information));
        if let Some(before) = behind.filter(|_| context.is_webrtc()) {
            let edit = context.insert_line(before.full_span().end, "c=IN IP4 0.0.0.0");
            finding.fix("add c=IN IP4 0.0.0.0", vec![edit]);
        }
    }
}

fn duplicate(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let mut lines = part.section.lines_of(LineType::Connection);
        let Some(first) = lines.next() else { continue };
        for line in lines {
            let finding = found.at(line.span(), "a second c= in this media section");
            let text = finding.place.text;
            finding.label(text, first.span(), "the first is here");
        }
    }
}

fn network_unknown(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_value_of(LineType::Connection)
        && matches!(fault.error.expected, Expected::Word { field: "network type", .. });
    if own {
        found.at(fault.error.span, format!("`{}` is no network, IN is one", fault.error.found.escape_debug()));
    }
    own
}

fn type_unknown(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_value_of(LineType::Connection)
        && matches!(fault.error.expected, Expected::Word { field: "address type", .. });
    if own {
        let shown = fault.error.found.escape_debug();
        found.at(fault.error.span, format!("`{shown}` is no type of an address, IP4 and IP6 are"));
    }
    own
}

fn mismatch(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_value_of(LineType::Connection) || !matches!(fault.error.expected, Expected::Address { .. }) {
        return false;
    }
    let whole = &*fault.error.found;
    let (address, suffix) = whole.split_once('/').map_or((whole, ""), |(address, suffix)| (address, suffix));
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return false };
    let named = fault.line.and_then(|line| line.words().nth(1));
    let right = if address.is_ipv4() { "IP4" } else { "IP6" };
    let finding = found.at(fault.error.span, format!("{address} is an address of {right}"));
    // With a suffix, which means other things in the two families, nobody knows what was meant.
    if let Some(named) = named.filter(|_| suffix.is_empty()) {
        finding.fix(format!("write {right}"), vec![Edit::replace(named.span, right)]);
    }
    true
}

fn unicast_suffix(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let suffix = fault.error.expected == Expected::End && fault.error.found.starts_with('/');
    let Some(line) = fault.line.filter(|_| suffix && fault.is_value_of(LineType::Connection)) else { return false };
    let span = Span::new(fault.error.span.start, line.span().end);
    found
        .at(span, "a unicast address has no time to live and no number of addresses")
        .unsafe_fix("take the suffix away", vec![Edit::delete(span)]);
    true
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_value_of(LineType::Connection);
    if own {
        found.at(fault.error.span, fault.error.to_string());
    }
    own
}
