//! Names, passwords and nonces of TURN.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::name::{self, ALLOCATION};
use crate::diagnose::wording::{count, duration, was};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::session::turn::{Allocation, TurnError};
use crate::wire::stun::Method;

pub(super) static RULES: &[Row] = &[
    (&WRONG_CREDENTIALS, wrong_credentials),
    (&INTEGRITY_INVALID, integrity_invalid),
    (&STALE_NONCE_LOOP, stale_nonce_loop),
    (&NONCE_SHORT_LIVED, nonce_short_lived),
];

/// 438 in a row for one method that are no longer an expired nonce: one for the nonce, one more where two requests crossed.
const LOOP: usize = 3;
/// Requests of a loop follow each other at least this closely.
const LOOP_STEP: Duration = Duration::from_secs(5);
/// A nonce that lives shorter than this makes a noticeable number of requests go twice; coturn's default is 600 s.
const SHORT_NONCE: Duration = Duration::from_mins(5);
/// 438 closer together than this belong to one expiry.
const ONE_EXPIRY: Duration = Duration::from_secs(1);

static WRONG_CREDENTIALS: Rule = Rule {
    name: "turn-wrong-credentials",
    severity: Severity::Error,
    summary: "A TURN server refused the user name or password",
    what: "The server answered a request that carried credentials with 401 (or 441). The first 401, to a request without credentials, is \
        part of every TURN handshake; a second one means that the user name is unknown or the password does not fit.",
    why: "The client gets no allocation and so no relayed candidate. Where the peers need a relay the call fails.",
    advice: "Compare user name and credential in the iceServers configuration with the server's. With the TURN REST scheme the user name \
        starts with an expiry time: see whether it is over, and whether the clocks and the shared secret agree. The realm must be \
        the server's too.",
    source: "RFC 8489, section 9.2.4; RFC 8656, section 7.2",
};

fn wrong_credentials(case: &Case<'_>) -> Vec<Finding> {
    let refused = case.allocations().filter(|(_, allocation)| locked_out(allocation)).map(|(place, allocation)| {
        let key = (allocation.server, allocation.client.address, allocation.username.as_deref());
        (key, (place, allocation))
    });
    group(refused).iter().filter_map(|(_, group)| refused_user(group)).collect()
}

/// Whether the server refused the credentials that the allocation was asked for with.
fn locked_out(allocation: &Allocation) -> bool {
    allocation.created.is_none() && allocation.errors.iter().any(refuses_credentials)
}

/// 401 to a request with credentials, or 441.
pub(super) fn refuses_credentials(error: &TurnError) -> bool {
    error.code == 441 || (error.code == 401 && error.authenticated)
}

fn refused_user(group: &[(usize, &Allocation)]) -> Option<Finding> {
    let (place, first) = group.first()?;
    let errors =
        || group.iter().flat_map(|(_, allocation)| allocation.errors.iter()).filter(|error| refuses_credentials(error));
    let user =
        first.username.as_deref().map_or_else(|| "the user".to_owned(), |user| format!("user {}", name::short(user)));
    let realm = first.realm.as_deref().map_or_else(String::new, |realm| format!(" in realm {}", name::short(realm)));
    let code = errors().map(|error| error.code).next().unwrap_or(401);
    let total = errors().count() as u64;
    let message = format!(
        "{} refused {user}{realm} with {code}: {} of {} with credentials {} turned down",
        first.server,
        count(total, "request"),
        first.client.address,
        was(total)
    );
    let moments: Vec<Option<Moment>> = errors().map(|error| Some(error.moment)).collect();
    let finding = resting(Finding::new(&WRONG_CREDENTIALS, message), moments);
    Some(finding.about(ALLOCATION, name::allocation_id(*place)))
}

static INTEGRITY_INVALID: Rule = Rule {
    name: "turn-integrity-invalid",
    severity: Severity::Warning,
    summary: "Messages of an allocation do not verify with the TURN credentials that were given",
    what: "MESSAGE-INTEGRITY of requests or answers was verified with credentials given by the user (--turn-credential, --turn-secret or \
        --credentials), and it does not fit, although client and server accept each other's messages.",
    why: "Either the password given is not the one that was in use, or messages were changed between sender and capture.",
    advice: "Check the password given for this user name; with --turn-secret, that the server uses the TURN REST scheme with this secret.",
    source: "RFC 8489, sections 9.2.2 and 14.5",
};

fn integrity_invalid(case: &Case<'_>) -> Vec<Finding> {
    case.allocations()
        .filter(|(_, allocation)| allocation.integrity_invalid > 0 && !locked_out(allocation))
        .map(|(place, allocation)| {
            let invalid = allocation.integrity_invalid;
            let message = format!(
                "{} between {} and {} {} not signed with the credentials given",
                count(invalid, "message"),
                allocation.client,
                allocation.server,
                was(invalid)
            );
            resting(Finding::new(&INTEGRITY_INVALID, message), [Some(allocation.first)])
                .about(ALLOCATION, name::allocation_id(place))
        })
        .collect()
}

static STALE_NONCE_LOOP: Rule = Rule {
    name: "turn-stale-nonce-loop",
    severity: Severity::Error,
    summary: "A TURN server answers every request with 438 (Stale Nonce)",
    what: "A request was answered with 438 and a new nonce, and its repetition with 438 again, several times in a row. Once, after the \
        nonce's lifetime (600 seconds at coturn), 438 is normal: the request is repeated with the new nonce and succeeds.",
    why: "Nothing that is asked in this state succeeds: the allocation is not granted, or runs out for want of a refresh.",
    advice: "Usual causes: a load balancer that sends requests of one client to several servers which do not know each other's nonces; a \
        client that keeps using the old nonce; a NAT or proxy that changes the client's address, which the nonce is bound to.",
    source: "RFC 8489, section 9.2.4 and 9.2.5",
};

fn stale_nonce_loop(case: &Case<'_>) -> Vec<Finding> {
    case.allocations()
        .filter_map(|(place, allocation)| {
            let (method, stale) = loop_of(allocation)?;
            let (first, last) = (stale.first()?, stale.last()?);
            let message = format!(
                "{} answered {} of {} with 438 (Stale Nonce) within {}",
                allocation.server,
                count(stale.len() as u64, &format!("{method} request")),
                allocation.client,
                duration(last.time.since(first.time))
            );
            let moments = stale.iter().map(|moment| Some(*moment));
            let finding = resting(Finding::new(&STALE_NONCE_LOOP, message), moments);
            Some(finding.about(ALLOCATION, name::allocation_id(place)))
        })
        .collect()
}

/// The longest run of 438 for one method that is no expired nonce.
fn loop_of(allocation: &Allocation) -> Option<(Method, Vec<Moment>)> {
    let methods = [Method::ALLOCATE, Method::REFRESH, Method::CREATE_PERMISSION, Method::CHANNEL_BIND];
    methods.into_iter().find_map(|method| {
        // Requests for several peers cross each other: each may be refused once without anything being wrong.
        let crossing = match method {
            Method::CREATE_PERMISSION => allocation.permissions.len(),
            Method::CHANNEL_BIND => allocation.channels.len(),
            _ => 1,
        };
        let run =
            longest_run(allocation.errors.iter().filter(|e| e.method == method && e.code == 438).map(|e| e.moment));
        (run.len() >= LOOP.saturating_mul(crossing.max(1))).then_some((method, run))
    })
}

/// The longest run of moments that follow each other closely.
fn longest_run(moments: impl Iterator<Item = Moment>) -> Vec<Moment> {
    let (mut best, mut run): (Vec<Moment>, Vec<Moment>) = (Vec::new(), Vec::new());
    for moment in moments {
        if run.last().is_some_and(|last| moment.time.since(last.time) > LOOP_STEP) {
            run.clear();
        }
        run.push(moment);
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    best
}

static NONCE_SHORT_LIVED: Rule = Rule {
    name: "turn-nonce-short-lived",
    severity: Severity::Info,
    summary: "The nonces of a TURN server live so short that requests often go twice",
    what: "The server answered with 438 (Stale Nonce) well before the ten minutes that are usual, and the repetition with the new nonce \
        succeeded.",
    why: "Each refresh costs one more round trip. A client that does not repeat a request after 438 (libwebrtc does not repeat the \
        Refresh that gives an allocation back) leaves its allocation to expire on the server.",
    advice: "If this is not wanted, raise the nonce lifetime (coturn: stale-nonce=600).",
    source: "RFC 8489, section 9.2.5; coturn's stale-nonce option",
};

fn nonce_short_lived(case: &Case<'_>) -> Vec<Finding> {
    case.allocations()
        .filter(|(_, allocation)| loop_of(allocation).is_none())
        .filter_map(|(place, allocation)| {
            // With the allocation its nonce goes as well; that is told by the end of the allocation.
            let stood = |at: Moment| allocation.ended.is_none_or(|ended| at.time < ended.time);
            let stale = allocation.errors.iter().filter(|e| e.code == 438 && stood(e.moment)).map(|e| e.moment);
            let stale: Vec<Moment> = stale.collect();
            let mut before = allocation.created?;
            let mut shortest: Option<Duration> = None;
            for moment in &stale {
                let age = moment.time.since(before.time);
                if age > ONE_EXPIRY {
                    shortest = Some(shortest.map_or(age, |known| known.min(age)));
                }
                before = *moment;
            }
            let shortest = shortest.filter(|age| *age < SHORT_NONCE)?;
            let message = format!(
                "{} called the nonce of {} stale {}, the soonest after {}",
                allocation.server,
                allocation.client,
                count(stale.len() as u64, "time"),
                duration(shortest)
            );
            let finding = resting(Finding::new(&NONCE_SHORT_LIVED, message), stale.iter().map(|moment| Some(*moment)));
            Some(finding.about(ALLOCATION, name::allocation_id(place)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_where_time_passes() {
        let at = |seconds: i64| Moment::new(1, seconds * 1_000_000_000);
        let run = longest_run([0, 1, 2, 600, 601].into_iter().map(at));
        assert_eq!(run, [at(0), at(1), at(2)]);
        assert!(longest_run([].into_iter()).is_empty());
    }
}
