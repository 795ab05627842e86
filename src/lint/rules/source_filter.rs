//! `a=source-filter`: which senders of a group are wanted.

use crate::finding::{Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::Key;

pub(super) static RULES: &[SdpRule] = &[SdpRule {
    rule: Rule {
        name: "sdp-source-filter-syntax",
        severity: Severity::Error,
        summary: "An a=source-filter makes no sense",
        what: "The line is incl or excl, the network type IN, the address type, the address of the group and those of its senders.",
        why: "A receiver cannot join the group for the senders that are meant, and gets nothing or what it must not.",
        advice: "Write a=source-filter: incl IN IP4 <group> <sender>.",
        source: "RFC 4570, section 3; sdp-types, sdpoker",
    },
    profiles: &[],
    verdicts: Verdicts::NOT_KNOWN.rfc(Verdict::Rejects),
    fix: None,
    invalid: &[
        Example::media("a=source-filter: incl IN IP4 233.252.0.1«»").in_profile(Profile::Generic),
        Example::media("a=source-filter: «only» IN IP4 233.252.0.1 192.0.2.10").in_profile(Profile::Generic),
    ],
    valid: &[Example::media("a=source-filter: incl IN IP4 233.252.0.1 192.0.2.10").in_profile(Profile::Generic)],
    check: Check::Misread(syntax),
}];

const FIELDS: &[&str] = &["filter mode", "network type", "address type", "destination address", "source address"];

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::SourceFilter) || !FIELDS.contains(&fault.field()) {
        return false;
    }
    let message = match &*fault.error.found {
        "" => format!("this source filter has no {}", fault.field()),
        text => format!("`{}` is no {}", text.escape_debug(), fault.field()),
    };
    found.at(fault.error.span, message);
    true
}
