//! Candidates that could not have met, whatever was tried.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, EXCHANGE, SESSION};
use crate::diagnose::wording::list;
use crate::finding::{Finding, Rule, Severity};
use crate::path::Transport;
use crate::session::ice::{CandidateType, Session};
use crate::session::{Generation, SignaledAddress};

pub(super) static RULES: &[Row] =
    &[(&PRIVATE_CANDIDATES_ONLY, private_candidates_only), (&NO_RELAY_CANDIDATE, no_relay_candidate)];

/// Addresses that a sentence can bear.
const LISTED: usize = 3;

static PRIVATE_CANDIDATES_ONLY: Rule = Rule {
    name: "ice-private-candidates-only",
    severity: Severity::Warning,
    summary: "Both sides offered only private addresses of different networks",
    what: "All candidates that either side signalled are host candidates with private, shared (carrier-grade NAT) or link-local addresses, no \
        address of one side shares its network with one of the other (the first 24 bits in IPv4, 64 in IPv6), and no pair became valid.",
    why: "Such an address means something only inside its own network: from outside it leads nowhere or to somebody else. No pair of \
        these candidates can work unless a VPN or a router joins the two networks.",
    advice: "Give both sides a STUN server, so that they learn their public addresses, and a TURN server for where that does not help. \
        Where they have them see why no candidate came of it: stun-server-silent, turn-server-silent, or a policy that keeps them back.",
    source: "RFC 8445, sections 2.1 and 5.1.1; RFC 1918; RFC 6598",
};

fn private_candidates_only(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, session, generations) in case.failed() {
        let [one, other] = generations.map(|generation| vec![generation]);
        if let Some(message) = private_only([&one, &other]) {
            let moments = [Some(session.first)];
            let finding = resting(Finding::new(&PRIVATE_CANDIDATES_ONLY, message), moments);
            findings.push(finding.about(SESSION, name::session_id(place)));
        }
    }
    for (place, exchange, _) in case.never_checked() {
        let [one, other] = case.described(exchange);
        if let Some(message) = private_only([&one, &other]) {
            let finding = resting(Finding::new(&PRIVATE_CANDIDATES_ONLY, message), [Some(exchange.first)]);
            findings.push(finding.about(EXCHANGE, name::exchange_id(place)));
        }
    }
    findings
}

/// What is to be said where both sides have private addresses of different networks only.
fn private_only(sides: [&Vec<&Generation>; 2]) -> Option<String> {
    let [one, other] = sides.map(|generations| private_hosts(generations));
    let (one, other) = (one?, other?);
    if share_a_network(&one, &other) {
        return None;
    }
    let shown = |hosts: &BTreeSet<IpAddr>| list(&hosts.iter().collect::<Vec<_>>(), LISTED);
    Some(format!("one side has only {}, the other only {}: no network has both", shown(&one), shown(&other)))
}

/// The hosts of these candidates, where all are private host candidates; `None` where any is not, or there is none.
fn private_hosts(generations: &[&Generation]) -> Option<BTreeSet<IpAddr>> {
    let mut hosts = BTreeSet::new();
    for generation in generations {
        if generation.candidates_omitted > 0 {
            return None;
        }
        for candidate in &generation.candidates {
            match &candidate.address {
                SignaledAddress::Ip(address) if candidate.kind == CandidateType::Host && is_private(*address) => {
                    hosts.insert(address.to_canonical());
                }
                _ => return None,
            }
        }
    }
    (!hosts.is_empty()).then_some(hosts)
}

/// Whether an address means something inside its network only.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        // RFC 6598: between a customer and a carrier that translates again.
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let shared = first == 100 && second & 0xc0 == 64;
            address.is_private() || address.is_link_local() || address.is_loopback() || shared
        }
        IpAddr::V6(address) => {
            address.is_unique_local() || address.is_unicast_link_local() || address == Ipv6Addr::LOCALHOST
        }
    }
}

fn share_a_network(one: &BTreeSet<IpAddr>, other: &BTreeSet<IpAddr>) -> bool {
    let networks = |hosts: &BTreeSet<IpAddr>| hosts.iter().map(|host| network(*host)).collect::<BTreeSet<_>>();
    !networks(one).is_disjoint(&networks(other))
}

/// The part of an address that hosts of one network share as a rule.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let [first, second, third, _] = address.octets();
            IpAddr::from([first, second, third, 0])
        }
        IpAddr::V6(address) => IpAddr::from((u128::from(address) >> 64 << 64).to_be_bytes()),
    }
}

static NO_RELAY_CANDIDATE: Rule = Rule {
    name: "ice-no-relay-candidate",
    severity: Severity::Warning,
    summary: "Every direct pair was tried in vain, and nobody offered a relay",
    what: "The session got no valid pair; the two agents are in different networks, at least one signalled how a STUN server sees it, and \
        checks went to every address that was signalled. Neither signalled a relayed candidate.",
    why: "Where both NATs choose a port for each destination, or a firewall lets in nothing that was not asked for, no direct pair \
        can work. Then a relay is the only way, and there was none.",
    advice: "Give at least one side a TURN server with credentials that are good, over TCP or TLS on port 443 too. If both have one, see why \
        no candidate came of it: turn-server-silent, turn-wrong-credentials, turn-quota-reached.",
    source: "RFC 8445, section 2.1; RFC 8656, section 1; RFC 8828, section 3",
};

fn no_relay_candidate(case: &Case<'_>) -> Vec<Finding> {
    case.failed()
        .filter(|(_, session, generations)| {
            let candidates = || generations.iter().flat_map(|generation| &generation.candidates);
            let relayed = candidates().any(|candidate| candidate.kind == CandidateType::Relayed);
            let gathered = session.agents.iter().flat_map(|agent| &agent.candidates);
            let kept_back = gathered.into_iter().any(|candidate| candidate.kind == Some(CandidateType::Relayed));
            let reflexive = candidates().any(|candidate| candidate.kind == CandidateType::ServerReflexive);
            let [one, other] = generations.map(hosts);
            let apart = one.zip(other).is_some_and(|(one, other)| !share_a_network(&one, &other));
            reflexive && apart && !relayed && !kept_back && all_tried(session, generations)
        })
        .map(|(place, session, _)| {
            let message = format!(
                "{}: checks went to every address that was signalled, in vain, and neither side offered a relayed candidate",
                name::agents(session)
            );
            let finding = resting(Finding::new(&NO_RELAY_CANDIDATE, message), [Some(session.first)]);
            finding.about(SESSION, name::session_id(place))
        })
        .collect()
}

/// The hosts of the UDP candidates of an agent; `None` where one hides behind a name, or there is none.
fn hosts(generation: &Generation) -> Option<BTreeSet<IpAddr>> {
    let udp = generation.candidates.iter().filter(|candidate| candidate.transport == Transport::Udp);
    let hosts =
        udp.map(|candidate| Some(candidate.endpoint()?.address.to_canonical())).collect::<Option<BTreeSet<_>>>();
    hosts.filter(|hosts| !hosts.is_empty() && generation.candidates_omitted == 0)
}

/// Whether each agent whose checks are seen sent some to every address of the other that can be reached from elsewhere.
fn all_tried(session: &Session, generations: &[&Generation; 2]) -> bool {
    let mut seen =
        [0, 1].into_iter().filter(|agent| session.agents.get(*agent).is_some_and(|known| known.requests > 0));
    let tried_all = |agent: usize| {
        let tried: BTreeSet<IpAddr> = session
            .pairs
            .iter()
            .filter_map(|pair| Some(pair.ends.get(1 - agent)?.base.address.to_canonical()))
            .collect();
        let public = generations.get(1 - agent).and_then(|theirs| hosts(theirs)).into_iter().flatten();
        public.into_iter().filter(|address| !is_private(*address)).all(|address| tried.contains(&address))
    };
    let mut some = false;
    seen.all(|agent| {
        some = true;
        tried_all(agent)
    }) && some
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn private_addresses_are_those_of_no_use_elsewhere() {
        for text in ["10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "100.127.255.1", "fd00::1"] {
            assert!(is_private(address(text)), "{text}");
        }
        for text in ["100.128.0.1", "100.63.0.1", "172.32.0.1", "192.0.2.1", "2001:db8::1"] {
            assert!(!is_private(address(text)), "{text}");
        }
        assert!(is_private(address("fe80::1")) && is_private(address("::ffff:10.0.0.1")));
    }

    #[test]
    fn neighbours_share_a_network() {
        let set = |texts: &[&str]| texts.iter().map(|text| address(text)).collect::<BTreeSet<_>>();
        assert!(share_a_network(&set(&["10.0.0.1", "192.168.1.5"]), &set(&["192.168.1.77"])));
        assert!(!share_a_network(&set(&["192.168.0.5"]), &set(&["192.168.1.5", "fd00::1"])));
        assert!(share_a_network(&set(&["fd00:1:2:3::1"]), &set(&["fd00:1:2:3:ffff::2"])));
    }
}
