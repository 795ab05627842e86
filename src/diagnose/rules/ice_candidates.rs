//! Candidates on their way from one agent to the other: gathered, signalled, resolved, checked.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, EXCHANGE, SESSION};
use crate::diagnose::outcome::Outcome;
use crate::diagnose::wording::{count, list};
use crate::finding::{Finding, Rule, Severity};
use crate::path::Transport;
use crate::session::ice::{CandidateType, Session};
use crate::session::{Generation, SignaledAddress, SignaledCandidate};
use crate::signaling::exchange::Exchange;

pub(super) static RULES: &[Row] = &[
    (&CANDIDATES_NOT_SIGNALED, not_signaled),
    (&CANDIDATES_NOT_CHECKED, not_checked),
    (&MDNS_UNRESOLVED, mdns_unresolved),
    (&FRAGMENT_NOT_SIGNALED, fragment_not_signaled),
];

/// Candidates that a sentence can bear.
const LISTED: usize = 3;
/// Letters of a name that it can bear: a UUID and `.local` are 42.
const LONGEST_NAME: usize = 64;

static CANDIDATES_NOT_SIGNALED: Rule = Rule {
    name: "ice-candidates-not-signaled",
    severity: Severity::Warning,
    summary: "An agent never signalled a candidate that it had gathered",
    what: "A server told an agent a relayed or a server-reflexive address on a socket that it uses, the agent's conversation was heard, and \
        it never signalled that address. The session got no valid pair. Server-reflexive ones are named only where none was \
        signalled while others were, since a policy of relay keeps them back on purpose.",
    why: "The other agent cannot check what it does not know. From behind a symmetric NAT or a firewall the relayed candidate may have been \
        the only one that could work.",
    advice: "See what becomes of the candidate in the application: an icecandidate event that is handled only until the description is sent, \
        a filter on types or addresses, a candidate that was gathered after the application had stopped to listen.",
    source: "RFC 8445, section 5.3; RFC 8838, section 9",
};

fn not_signaled(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, session, generations) in case.failed() {
        for (agent, generation) in generations.into_iter().enumerate() {
            // What was passed on tells nothing of what was kept back.
            let (Some(known), Some(_)) = (session.agents.get(agent), generation.sent) else { continue };
            let of = |kind| move |candidate: &SignaledCandidate| candidate.kind == kind;
            let reflexive_kept = generation.candidates.iter().any(of(CandidateType::Host))
                && !generation.candidates.iter().any(of(CandidateType::ServerReflexive));
            let missing: Vec<String> = known
                .candidates
                .iter()
                .filter(|candidate| candidate.signaled.is_none())
                .filter(|candidate| match candidate.kind {
                    Some(CandidateType::Relayed) => true,
                    Some(CandidateType::ServerReflexive) => reflexive_kept,
                    _ => false,
                })
                .map(|candidate| format!("{} ({})", candidate.address, candidate.kind.map_or("?", CandidateType::name)))
                .collect();
            if missing.is_empty() || generation.candidates_omitted > 0 {
                continue;
            }
            let message = format!(
                "{} gathered {} and never signalled {}",
                name::agent(session, agent),
                list(&missing, LISTED),
                if missing.len() == 1 { "it" } else { "them" }
            );
            let finding = resting(Finding::new(&CANDIDATES_NOT_SIGNALED, message), [generation.sent]);
            findings.push(finding.about(SESSION, name::session_id(place)));
        }
    }
    findings
}

static CANDIDATES_NOT_CHECKED: Rule = Rule {
    name: "ice-candidates-not-checked",
    severity: Severity::Warning,
    summary: "Candidates were signalled and nobody ever checked them",
    what: "Either a session got no valid pair, and to some address that the other agent had signalled not one check was sent by an agent \
        whose other checks are in the capture; or both sides signalled candidates, one of them is seen to gather, and there is no \
        check at all (then this is an error).",
    why: "Each pair that is not tried is a chance that was not taken, perhaps the only one. Without any check the connection stays in new \
        or checking until it is given up.",
    advice: "See whether the candidates reached the other agent: addIceCandidate called with each, after setRemoteDescription, with the right \
        mid, and not refused. Where nothing is checked at all see whether both descriptions were applied on both sides.",
    source: "RFC 8445, sections 6.1.2 and 6.1.4; RFC 9429, section 4.1.19",
};

fn not_checked(case: &Case<'_>) -> Vec<Finding> {
    let sessions = case.failed().flat_map(|(place, session, generations)| {
        [0, 1].into_iter().filter_map(move |agent| Some((place, untried(session, agent, generations)?)))
    });
    let mut findings: Vec<Finding> =
        sessions.map(|(place, finding)| finding.about(SESSION, name::session_id(place))).collect();
    findings.extend(never_checked(case));
    findings
}

/// The hosts of the other agent that `agent` sent no check to.
fn untried(session: &Session, agent: usize, generations: [&Generation; 2]) -> Option<Finding> {
    let theirs = generations.get(1 - agent)?;
    let sends = session.agents.get(agent).is_some_and(|known| known.requests > 0);
    let tried: BTreeSet<IpAddr> = session
        .pairs
        .iter()
        .filter(|pair| pair.ends.get(agent).is_some_and(|end| end.requests_sent > 0))
        .filter_map(|pair| Some(pair.ends.get(1 - agent)?.base.address))
        .collect();
    // An address that was tried at another port is that of another m-line, which the bundle has made superfluous.
    let never: BTreeSet<(IpAddr, u16)> = session
        .untried
        .iter()
        .filter(|pair| pair.agent == agent)
        .filter_map(|pair| match pair.remote {
            SignaledAddress::Ip(address) if !tried.contains(&address) => Some((address, pair.remote_port)),
            _ => None,
        })
        .collect();
    if !sends || never.is_empty() || session.untried_omitted > 0 {
        return None;
    }
    let addresses: Vec<String> =
        never.iter().map(|(address, port)| crate::path::Endpoint::new(*address, *port).to_string()).collect();
    let message = format!(
        "{} sent no check to {} of {}, which had been signalled",
        name::agent(session, agent),
        list(&addresses, LISTED),
        name::fragment(session, 1 - agent)
    );
    let first = theirs
        .candidates
        .iter()
        .find(|candidate| candidate.endpoint().is_some_and(|at| never.contains(&(at.address, at.port))));
    Some(resting(Finding::new(&CANDIDATES_NOT_CHECKED, message), [first.and_then(SignaledCandidate::first)]))
}

/// Negotiations in which both sides signalled candidates that make pairs, and nobody sent a check although it would be seen.
fn never_checked(case: &Case<'_>) -> impl Iterator<Item = Finding> {
    case.never_checked().filter_map(|(place, exchange, answered)| {
        let [one, other] = case.described(exchange).map(|generations| usable(&generations));
        let pairs = one.iter().any(|one| other.iter().any(|other| one.is_ipv4() == other.is_ipv4()));
        if !pairs {
            return None;
        }
        let message = format!(
            "{} and {} signalled {} and {}, and not one check was sent",
            name::party(exchange, 0),
            name::party(exchange, 1),
            count(one.len() as u64, "candidate"),
            count(other.len() as u64, "candidate")
        );
        let finding = resting(Finding::new(&CANDIDATES_NOT_CHECKED, message), [Some(answered)]);
        Some(finding.with_severity(Severity::Error).about(EXCHANGE, name::exchange_id(place)))
    })
}

/// The addresses that can be checked.
fn usable(generations: &[&Generation]) -> Vec<IpAddr> {
    let candidates = generations.iter().flat_map(|generation| &generation.candidates);
    let udp = candidates.filter(|candidate| candidate.transport == Transport::Udp);
    udp.filter_map(|candidate| Some(candidate.endpoint()?.address)).collect()
}

static MDNS_UNRESOLVED: Rule = Rule {
    name: "ice-mdns-unresolved",
    severity: Severity::Warning,
    summary: "A candidate hides behind an mDNS name that led to no check",
    what: "A host candidate was signalled as a name that ends in .local, which only multicast DNS resolves. The session got no valid pair, \
        and no check went to the port of that candidate: as far as the capture shows nobody resolved the name.",
    why: "Browsers hide local addresses behind such names until the page may use camera or microphone. Multicast stays inside one \
        network segment, so that the name cannot be resolved from elsewhere, and some systems and VPNs block it. What remains are \
        server-reflexive and relayed candidates.",
    advice: "Between hosts of one network see whether mDNS (UDP port 5353, 224.0.0.251) gets through, and whether an answer comes. Otherwise \
        offer a STUN and a TURN server, or ask for camera or microphone before gathering, after which addresses are not hidden.",
    source: "draft-ietf-mmusic-mdns-ice-candidates, section 3; RFC 6762, section 3",
};

fn mdns_unresolved(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, session, generations) in case.failed() {
        for (agent, generation) in generations.into_iter().enumerate() {
            // A port that was met in a check belongs to somebody whose name was resolved, or who sent the check.
            let met = |port: u16| {
                let ends = session.pairs.iter().filter_map(|pair| pair.ends.get(agent));
                ends.into_iter().any(|end| end.base.port == port)
            };
            let names: Vec<(&str, &SignaledCandidate)> = generation
                .candidates
                .iter()
                .filter(|candidate| candidate.transport == Transport::Udp && !met(candidate.port))
                .filter_map(|candidate| match &candidate.address {
                    SignaledAddress::Name(name) if name.ends_with(".local") => Some((name.as_str(), candidate)),
                    _ => None,
                })
                .collect();
            let Some((name, first)) = names.first() else { continue };
            let more = match names.len() - 1 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let message = format!(
                "{} signalled {}:{}{more}, and no check went there: {}",
                name::agent(session, agent),
                name.chars().take(LONGEST_NAME).collect::<String>(),
                first.port,
                resolution(case, name)
            );
            let finding = resting(Finding::new(&MDNS_UNRESOLVED, message), [first.first()]);
            findings.push(finding.about(SESSION, name::session_id(place)));
        }
    }
    findings
}

/// What multicast DNS in the capture says of a name.
fn resolution(case: &Case<'_>, name: &str) -> String {
    let host = case.sessions().names().lookup(name);
    let answer = host.and_then(|host| host.specified().next());
    match (host, answer) {
        (_, Some(address)) => format!("the name was answered with {address} all the same"),
        (Some(host), None) if host.questions > 0 => {
            format!("the name was asked for {} and never answered", count(host.questions, "time"))
        }
        _ => "nobody asked for the name in this capture".to_owned(),
    }
}

static FRAGMENT_NOT_SIGNALED: Rule = Rule {
    name: "ice-fragment-not-signaled",
    severity: Severity::Warning,
    summary: "Checks carry a user fragment that no description told",
    what: "The checks of a session go between the addresses that an exchange signalled, both of its sides were heard, and a user \
        fragment of the checks is in no description: the credentials of the checks are not those of the SDP. In a session that works all \
        the same this is information: a restart, or a description, was signalled where the capture does not hear it.",
    why: "An agent does not answer checks with a user fragment that is not its own, or answers them with 401. The session \
        fails although every address is right.",
    advice: "See whether the description that was applied is the one that was sent: an old one used again, one of another tab or of another \
        call, an ICE restart of which only one side knows.",
    source: "RFC 8445, sections 5.3 and 7.2.2",
};

fn fragment_not_signaled(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter_map(|(place, session, outcome)| {
            let (_, exchange) = case.exchange_of(place)?;
            if outcome == Outcome::Open || exchange.one_way || !both_described(exchange) {
                return None;
            }
            let signaled = case.sessions().signaled();
            let unknown: Vec<usize> = [0, 1]
                .into_iter()
                .filter(|agent| {
                    session.agents.get(*agent).is_some_and(|agent| signaled.generation(&agent.ufrag).is_none())
                })
                .collect();
            if unknown.is_empty() || signaled.omitted() > 0 {
                return None;
            }
            let fragments: Vec<String> = unknown.iter().map(|agent| name::fragment(session, *agent)).collect();
            let where_ = if case.joins().is_by_address(place) {
                "between the addresses that were signalled"
            } else {
                "to the other agent that was described"
            };
            let message = format!(
                "the checks {where_} carry {}, and no description has told {}",
                list(&fragments, LISTED),
                if fragments.len() == 1 { "this fragment" } else { "these fragments" }
            );
            let works = outcome.works() || session.connected.iter().any(Option::is_some);
            let severity = if works { Severity::Info } else { Severity::Warning };
            let finding = resting(Finding::new(&FRAGMENT_NOT_SIGNALED, message), [Some(session.first)]);
            Some(finding.with_severity(severity).about(SESSION, name::session_id(place)))
        })
        .collect()
}

/// Whether two parties of an exchange have described themselves.
fn both_described(exchange: &Exchange) -> bool {
    let parties: BTreeSet<usize> =
        exchange.descriptions.iter().filter(|sent| !sent.sdp.is_empty()).map(|sent| sent.from).collect();
    parties.len() >= 2 && exchange.descriptions_omitted == 0
}
