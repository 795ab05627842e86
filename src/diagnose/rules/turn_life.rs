//! The life of an allocation: how it ends, and whether it was worth having.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::name::{self, ALLOCATION};
use crate::diagnose::wording::{count, duration, list};
use crate::finding::{Finding, Rule, Severity};
use crate::session::turn::{Allocation, AllocationState, EndReason};

pub(super) static RULES: &[Row] = &[
    (&ALLOCATION_EXPIRED, allocation_expired),
    (&ALLOCATION_LOST, allocation_lost),
    (&ALLOCATION_UNUSED, allocation_unused),
];

/// Relayed addresses that a sentence can bear.
const LISTED: usize = 4;
/// An allocation that stands unused for so long without being given back will not be used any more.
const IDLE: Duration = Duration::from_mins(1);

static ALLOCATION_EXPIRED: Rule = Rule {
    name: "turn-allocation-expired",
    severity: Severity::Error,
    summary: "An allocation ran out because it was not refreshed in time",
    what: "The lifetime that the server granted passed without a successful Refresh, so the server deleted the allocation with its \
        permissions and channels. Where the client had fallen silent before, this is information: it went away without giving the \
        allocation back.",
    why: "From that moment the relay drops everything: the call breaks in the middle, and every further request gets 437.",
    advice: "See whether Refresh requests were sent (a client should send one a minute before the end) and what became of them: lost, \
        answered with 438 and not repeated, refused. Data does not refresh an allocation; only Refresh does.",
    source: "RFC 8656, sections 3.2 and 8",
};

fn allocation_expired(case: &Case<'_>) -> Vec<Finding> {
    ended_by(case, EndReason::Expired)
        .filter(|(_, allocation, _)| allocation.lifetime != Some(0))
        .map(|(place, allocation, ended)| {
            let used_on = allocation.last.time > ended.time;
            let lifetime = allocation.lifetime.unwrap_or_default();
            let since = allocation.renewed.map_or_else(String::new, |renewed| format!(" {}", case.at(renewed)));
            let then = if used_on {
                format!("; {} went on using it until {}", allocation.client, case.at(allocation.last))
            } else {
                "; its client had fallen silent".to_owned()
            };
            let message = format!(
                "{} ran out at {}: {lifetime} s granted at{since}, no refresh after that{then}",
                shown(allocation),
                case.at(ended)
            );
            let severity = if used_on { Severity::Error } else { Severity::Info };
            let first_after = allocation.errors.iter().find(|error| error.moment.time >= ended.time);
            let moments = [Some(ended), allocation.renewed, first_after.map(|error| error.moment)];
            resting(Finding::new(&ALLOCATION_EXPIRED, message), moments)
                .with_severity(severity)
                .about(ALLOCATION, name::allocation_id(place))
        })
        .collect()
}

static ALLOCATION_LOST: Rule = Rule {
    name: "turn-allocation-lost",
    severity: Severity::Error,
    summary: "A TURN server no longer knows an allocation whose lifetime is not over",
    what: "The server answered a request on a standing allocation with 437 (Allocation Mismatch), although by the lifetime that it had \
        granted the allocation should still be there.",
    why: "The relay no longer carries anything for this client: the call breaks, unless another path is found.",
    advice: "Usual causes: the server was restarted; a NAT gave the client another port, so that the server sees another five-tuple \
        (compare the mapped address); a load balancer sent the packets to another server.",
    source: "RFC 8656, sections 5 and 19",
};

fn allocation_lost(case: &Case<'_>) -> Vec<Finding> {
    ended_by(case, EndReason::Mismatch)
        .map(|(place, allocation, ended)| {
            let left = allocation.expiry().map_or_else(String::new, |expiry| {
                format!(", {} before its lifetime is over", duration(expiry.since(ended.time)))
            });
            let message = format!(
                "{} knows nothing of {} at {}{left} (437)",
                allocation.server,
                shown(allocation),
                case.at(ended)
            );
            resting(Finding::new(&ALLOCATION_LOST, message), [Some(ended), allocation.renewed])
                .about(ALLOCATION, name::allocation_id(place))
        })
        .collect()
}

/// Allocations that ended so, and when.
fn ended_by<'a>(
    case: &Case<'a>,
    reason: EndReason,
) -> impl Iterator<Item = (usize, &'a Allocation, crate::moment::Moment)> {
    case.allocations().filter_map(move |(place, allocation)| {
        (allocation.end_reason == Some(reason)).then_some((place, allocation, allocation.ended?))
    })
}

/// What an allocation is called in a sentence: its relayed address.
fn shown(allocation: &Allocation) -> String {
    match allocation.relayed.first() {
        Some(relayed) => relayed.to_string(),
        None => format!("the allocation of {}", allocation.client),
    }
}

static ALLOCATION_UNUSED: Rule = Rule {
    name: "turn-allocation-unused",
    severity: Severity::Info,
    summary: "An allocation was granted and carried no data",
    what: "A relayed address was allocated, and nothing ever went through it before it was released or the capture ends. Browsers \
        allocate for each m-line and interface before they know which will be needed; BUNDLE and a direct path make most of them \
        superfluous.",
    why: "Nothing is wrong. Each allocation holds a port on the server and counts against the user's quota while it stands.",
    advice: "Where quotas are tight, set the bundle policy to max-bundle, which asks for one allocation instead of one for each m-line, and see \
        that clients close their connections so that allocations are given back.",
    source: "RFC 8656, section 8; RFC 8843, section 7.3; RFC 9429, section 4.1.1",
};

fn allocation_unused(case: &Case<'_>) -> Vec<Finding> {
    let unused = case
        .allocations()
        .filter(|(_, allocation)| unused(case, allocation))
        .map(|(place, allocation)| ((allocation.server, allocation.client.address), (place, allocation)));
    group(unused).iter().filter_map(|(_, group)| wasted(group)).collect()
}

fn unused(case: &Case<'_>, allocation: &Allocation) -> bool {
    let idle = case.now().since(allocation.first.time) >= IDLE;
    let over = allocation.state == AllocationState::Ended && allocation.end_reason != Some(EndReason::Mismatch);
    allocation.created.is_some() && allocation.carried() == 0 && allocation.connections.is_empty() && (over || idle)
}

fn wasted(group: &[(usize, &Allocation)]) -> Option<Finding> {
    let (place, first) = group.first()?;
    let released = group.iter().all(|(_, allocation)| allocation.end_reason == Some(EndReason::Released));
    let ending = if released { "and released without carrying data" } else { "and carried no data" };
    let message = match group {
        [(_, only)] => format!("{} was allocated {ending}", shown(only)),
        several => {
            let relayed: Vec<String> = several.iter().map(|(_, allocation)| shown(allocation)).collect();
            format!(
                "{} of {} at {} were made {ending}: {}",
                count(several.len() as u64, "allocation"),
                first.client.address,
                first.server,
                list(&relayed, LISTED)
            )
        }
    };
    let moments = group.iter().flat_map(|(_, allocation)| [allocation.created, allocation.ended]);
    let finding = resting(Finding::new(&ALLOCATION_UNUSED, message), moments);
    Some(finding.about(ALLOCATION, name::allocation_id(*place)))
}
