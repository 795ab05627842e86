//! What the capture cannot see.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, CAPTURE, SESSION};
use crate::diagnose::outcome::{Outcome, ends};
use crate::diagnose::wording::{count, list};
use crate::finding::{Finding, Rule, Severity};
use crate::session::limits;

pub(super) static RULES: &[Row] = &[(&ONE_WAY, one_way), (&LIMIT_REACHED, limit_reached)];

static ONE_WAY: Rule = Rule {
    name: "capture-one-way",
    severity: Severity::Warning,
    summary: "The capture holds only one direction of a conversation",
    what: "Requests without answers from an agent that evidently gets them, since it sends its data; or answers to requests that are not \
        there. The other direction did not pass the place where the capture was made, or a filter removed it.",
    why: "Whether checks succeeded, which pair was nominated, round trips and lost consent cannot be told from one direction. The \
        session may look as if it had failed when it works.",
    advice: "Capture at one of the peers, or at a place that both directions pass. With a mirror port, mirror both directions; with a \
        capture filter, name the host without src or dst.",
    source: "RFC 8445, section 7.2.5 (what a response tells)",
};

fn one_way(case: &Case<'_>) -> Vec<Finding> {
    let seen = case.ice().filter_map(|(place, session, outcome)| {
        let message = match outcome {
            Outcome::OneWay { agent } => format!(
                "only {} is seen: {} without an answer, and nothing at all from {}",
                name::agent(session, agent),
                count(session.agents.get(agent).map_or(0, |agent| agent.requests), "check"),
                name::fragment(session, 1 - agent)
            ),
            Outcome::Apart => {
                format!("{} exchange data, and no check is seen on the same path as its answer", name::agents(session))
            }
            _ => return None,
        };
        let data = ends(session).map(|(_, _, end)| end.first_data);
        let moments = std::iter::once(Some(session.first)).chain(data);
        Some(resting(Finding::new(&ONE_WAY, message), moments).about(SESSION, name::session_id(place)))
    });
    let seen: Vec<Finding> = seen.collect();
    if !seen.is_empty() || !case.answers_without_requests() {
        return seen;
    }
    let lone = case.sessions().stun().responses_without_request;
    let message = format!("{} and none of the requests that they answer", count(lone, "STUN response"));
    vec![Finding::new(&ONE_WAY, message).about(CAPTURE, CAPTURE)]
}

static LIMIT_REACHED: Rule = Rule {
    name: "capture-limit-reached",
    severity: Severity::Warning,
    summary: "The capture holds more than is described one by one",
    what: "So that memory stays bounded whatever a capture holds, there is a limit to how many sessions, pairs, allocations and peers are \
        kept. More than that came; they were counted and not described.",
    why: "What is left out has no line in the report and no findings. Counts over the whole capture include it.",
    advice: "Split the capture by time or by host (editcap, or tcpdump with a filter) and analyse the parts.",
    source: "the limits of this program, see its documentation of the module session::limits",
};

fn limit_reached(case: &Case<'_>) -> Vec<Finding> {
    let sessions = case.sessions();
    let pairs: u64 = sessions.ice().iter().map(|session| session.pairs_omitted).sum();
    let inside: u64 = sessions.allocations().iter().map(|allocation| allocation.omitted).sum();
    let left_out: Vec<String> = [
        (sessions.ice_omitted(), "check", format!("past {} ICE sessions", limits::ICE_SESSIONS)),
        (pairs, "check", format!("past {} pairs in a session", limits::PAIRS_PER_SESSION)),
        (sessions.allocations_omitted(), "request", format!("past {} allocations", limits::ALLOCATIONS)),
        (sessions.streams_omitted(), "RTP packet", format!("past {} streams", limits::STREAMS)),
        (
            inside,
            "item",
            format!("past {} peers, permissions or channels of an allocation", limits::PEERS_PER_ALLOCATION),
        ),
        (sessions.nat().omitted, "request", format!("past {} ports that a NAT may map", limits::NAT_ROUTES)),
    ]
    .into_iter()
    .filter(|(number, _, _)| *number > 0)
    .map(|(number, noun, past)| format!("{} {past}", count(number, noun)))
    .collect();
    if left_out.is_empty() {
        return Vec::new();
    }
    let message = format!("counted and not described: {}", list(&left_out, left_out.len()));
    vec![Finding::new(&LIMIT_REACHED, message).about(CAPTURE, CAPTURE)]
}
