//! Allocations that are refused, and requests that are.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::Row;
use super::turn_credentials::refuses_credentials;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::name::{self, ALLOCATION};
use crate::diagnose::wording::{count, list, was};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Timestamp;
use crate::path::Endpoint;
use crate::session::turn::{Allocation, TurnError};
use crate::wire::stun::{Method, error_name};

pub(super) static RULES: &[Row] =
    &[(&QUOTA_REACHED, quota_reached), (&ALLOCATION_REFUSED, allocation_refused), (&REQUEST_REFUSED, request_refused)];

/// Refusals that a sentence can bear.
const LISTED: usize = 8;

static QUOTA_REACHED: Rule = Rule {
    name: "turn-quota-reached",
    severity: Severity::Error,
    summary: "A TURN server refused an allocation because the user has too many",
    what: "The server answered an Allocate request with 486 (Allocation Quota Reached): the user name has as many allocations as the \
        server grants to one.",
    why: "This client gets no relayed candidate. With credentials shared by many users, as is common, it is the calls of others that use \
        up the quota; and browsers ask for one allocation for each m-line and interface before BUNDLE makes most of them \
        superfluous.",
    advice: "Raise the quota for each user (coturn: user-quota), or hand out user names of their own (TURN REST). See whether clients give \
        allocations back: what is not released stands for ten minutes. Clients must wait a minute before they try again.",
    source: "RFC 8656, sections 7.2 and 19",
};

fn quota_reached(case: &Case<'_>) -> Vec<Finding> {
    let refused = refused_with(case, |code| code == 486).map(|refused| {
        let key = (refused.allocation.server, refused.allocation.username.as_deref());
        (key, refused)
    });
    group(refused)
        .into_iter()
        .map(|((server, user), refused)| {
            let user = user.map_or_else(String::new, |user| format!(" of user {}", name::short(user)));
            let mut clients: Vec<Endpoint> = refused.iter().map(|refused| refused.allocation.client).collect();
            clients.dedup_by_key(|client| client.address);
            let clients: Vec<IpAddr> = clients.iter().map(|client| client.address).collect();
            let message = format!(
                "{server} refused {}{user} from {} with 486 (Allocation Quota Reached)",
                count(refused.len() as u64, "allocation"),
                list(&clients, LISTED)
            );
            told(&QUOTA_REACHED, message, &refused)
        })
        .collect()
}

static ALLOCATION_REFUSED: Rule = Rule {
    name: "turn-allocation-refused",
    severity: Severity::Error,
    summary: "A TURN server refused an allocation",
    what: "The server answered an Allocate request with an error for good. The message gives the code: 400 malformed, 403 forbidden, 420 \
        an attribute that the server does not know, 437 the same five-tuple still has an allocation, 440 or 443 address family, 442 \
        transport, 508 no capacity, 300 another server is to be asked (then this is information).",
    why: "The client gets no relayed candidate from this request. Where the peers need a relay the call fails.",
    advice: "437: the client reuses a port whose old allocation has not ended; a new port helps. 440, 442, 443: ask for what the server \
        offers. 403: the server's administrator denies this. 508: the server has no ports or no bandwidth left. 300: see whether the \
        client follows ALTERNATE-SERVER.",
    source: "RFC 8656, sections 7.2, 7.4 and 19",
};

fn allocation_refused(case: &Case<'_>) -> Vec<Finding> {
    let other = |code| !matches!(code, 401 | 438 | 441 | 486);
    let refused = refused_with(case, other).map(|refused| {
        let key = (refused.allocation.server, refused.allocation.client.address, refused.error.code);
        (key, refused)
    });
    let refused = group(refused);
    let granted = last_granted(case);
    refused
        .into_iter()
        .map(|((server, host, code), refused)| {
            let phrase = refused.first().map_or("", |refused| refused.error.reason.as_str());
            let phrase = if phrase.is_empty() { error_name(code).unwrap_or_default() } else { phrase };
            let message = format!(
                "{server} refused {} of {host} with {code} ({})",
                count(refused.len() as u64, "allocation"),
                name::short(phrase)
            );
            let first = refused.first().map(|refused| refused.allocation.first.time);
            let later = granted.get(&(server, host)).copied() > first;
            let severity = match code {
                300 => Severity::Info,
                437 if later => Severity::Info,
                _ => Severity::Error,
            };
            told(&ALLOCATION_REFUSED, message, &refused).with_severity(severity)
        })
        .collect()
}

/// When each client was last granted an allocation by each server.
fn last_granted(case: &Case<'_>) -> BTreeMap<(Endpoint, IpAddr), Timestamp> {
    case.allocations()
        .filter_map(|(_, known)| Some(((known.server, known.client.address), known.created?.time)))
        .collect()
}

/// An allocation that was never granted, and the error that was the last word.
struct Refused<'a> {
    place: usize,
    allocation: &'a Allocation,
    error: &'a TurnError,
}

/// Allocations that were never granted and whose last word was a code that `which` asks for.
fn refused_with<'a>(case: &Case<'a>, which: impl Fn(u16) -> bool) -> impl Iterator<Item = Refused<'a>> {
    case.allocations().filter_map(move |(place, allocation)| {
        let last = allocation.errors.iter().rfind(|error| error.method == Method::ALLOCATE);
        let error = last.filter(|error| allocation.created.is_none() && which(error.code))?;
        Some(Refused { place, allocation, error })
    })
}

fn told(rule: &'static Rule, message: String, refused: &[Refused<'_>]) -> Finding {
    let place = refused.first().map_or(0, |refused| refused.place);
    resting(Finding::new(rule, message), refused.iter().map(|refused| Some(refused.error.moment)))
        .about(ALLOCATION, name::allocation_id(place))
}

static REQUEST_REFUSED: Rule = Rule {
    name: "turn-request-refused",
    severity: Severity::Warning,
    summary: "A TURN server refused requests on an allocation that stands",
    what: "Requests of a client whose allocation was granted were answered with errors that are not part of ordinary operation: malformed \
        requests, channel numbers out of range or bound twice, wrong integrity, attributes the server does not know.",
    why: "What was asked for did not happen: a channel is not bound, a lifetime not extended. The call may go on over indications, or \
        break when something runs out.",
    advice: "Read method and code in the message. 400 on ChannelBind: the number or the peer is bound otherwise already, or the number is \
        outside 0x4000 to 0x4FFF. 401 on a standing allocation: the password changed or the message was. 420: the client asks for \
        an extension that this server does not have.",
    source: "RFC 8656, sections 8 to 12 and 19",
};

fn request_refused(case: &Case<'_>) -> Vec<Finding> {
    case.allocations()
        .filter(|(_, allocation)| allocation.created.is_some())
        .filter_map(|(place, allocation)| {
            let mut kinds: BTreeMap<(u16, u16), (Method, u64)> = BTreeMap::new();
            let refused: Vec<&TurnError> =
                allocation.errors.iter().filter(|error| unexplained(allocation, error)).collect();
            for error in &refused {
                kinds.entry((error.method.0, error.code)).or_insert((error.method, 0)).1 += 1;
            }
            let shown: Vec<String> =
                kinds.iter().map(|((_, code), (method, times))| kind(*method, *code, *times)).collect();
            let total = refused.len() as u64;
            let message = format!(
                "{} of {} {} refused by {}: {}",
                count(total, "request"),
                allocation.client,
                was(total),
                allocation.server,
                list(&shown, LISTED)
            );
            let moments = refused.iter().map(|error| Some(error.moment));
            let finding = resting(Finding::new(&REQUEST_REFUSED, message), moments);
            (total > 0).then(|| finding.about(ALLOCATION, name::allocation_id(place)))
        })
        .collect()
}

/// `ChannelBind 400 (Bad Request) 3 times`.
fn kind(method: Method, code: u16, times: u64) -> String {
    let named = error_name(code).map_or_else(String::new, |name| format!(" ({name})"));
    let often = if times > 1 { format!(" {times} times") } else { String::new() };
    format!("{method} {code}{named}{often}")
}

/// Whether an error is told by no other rule and is not a consequence of the allocation's end.
fn unexplained(allocation: &Allocation, error: &TurnError) -> bool {
    let over = allocation.ended.is_some_and(|ended| ended.time <= error.moment.time);
    let forbidden = error.code == 403 && matches!(error.method, Method::CREATE_PERMISSION | Method::CHANNEL_BIND);
    let first_round = error.method == Method::ALLOCATE && refuses_credentials(error);
    !over && !forbidden && !first_round && error.code != 438 && error.code != 300
}
