//! How the participants of calls are connected.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use super::join::Material;
use super::milestone::{exchanges, sessions};
use super::model::{Call, Topology};
use super::participant::host;
use crate::session::ice::Session;

/// So many hosts at least that all check with one make that one the middle of a star.
const RAYS: usize = 3;

/// Fills in the topology of each call. A server in the middle is told by what it does in all calls together.
pub(super) fn resolve(calls: &mut [Call], material: Material<'_>) {
    let centers = centers(material);
    for call in calls {
        call.topology = of(call, material, &centers);
    }
}

/// The two hosts of a session, where both are known.
fn ends(session: &Session, material: Material<'_>) -> Option<[IpAddr; 2]> {
    Some([host(session, 0, material)?, host(session, 1, material)?])
}

/// Hosts that sessions of many others end at, and whose own agents are all lite or answer from one port.
fn centers(material: Material<'_>) -> HashSet<IpAddr> {
    let mut rays: HashMap<IpAddr, HashSet<IpAddr>> = HashMap::new();
    for session in material.sessions.ice() {
        let Some([one, other]) = ends(session, material) else { continue };
        for (center, ray) in [(one, other), (other, one)] {
            let known = rays.entry(center).or_default();
            if known.len() < RAYS {
                known.insert(ray);
            }
        }
    }
    let many = |host: &IpAddr| rays.get(host).is_some_and(|known| known.len() >= RAYS);
    let hosts: HashSet<IpAddr> = rays.keys().copied().filter(|host| many(host)).collect();
    // In a mesh everybody has many: only one whose own peers have no others is a middle.
    hosts
        .iter()
        .copied()
        .filter(|host| rays.get(host).is_some_and(|rays| !rays.iter().any(|ray| hosts.contains(ray))))
        .collect()
}

fn of(call: &Call, material: Material<'_>, centers: &HashSet<IpAddr>) -> Option<Topology> {
    let mut links: HashSet<[IpAddr; 2]> = HashSet::new();
    for (_, session) in sessions(call, material) {
        if let Some([one, other]) = ends(session, material) {
            links.insert(if one <= other { [one, other] } else { [other, one] });
        }
    }
    let hosts: HashSet<IpAddr> = links.iter().flatten().copied().collect();
    let center =
        hosts.iter().copied().filter(|host| centers.contains(host) || is_hub(*host, &links, hosts.len())).min();
    if let Some(center) = center {
        return Some(Topology::Star { center });
    }
    if hosts.len() >= RAYS && links.len() >= RAYS {
        return Some(Topology::Mesh);
    }
    let used = sessions(call, material)
        .filter(|(_, session)| session.connected.iter().any(Option::is_some))
        .filter_map(|(_, session)| Some((session, session.pairs.get(session.selected_pair()?)?)))
        .last();
    match used {
        Some((_, pair)) => {
            let servers = material.sessions.servers();
            let at_relay = pair
                .ends
                .iter()
                .any(|end| servers.iter().any(|server| server.relays && server.address.address == end.base.address));
            Some(if pair.relayed() || at_relay { Topology::Relayed } else { Topology::Direct })
        }
        None if between_parties(call, material) => Some(Topology::Direct),
        None => None,
    }
}

/// Whether media without ICE goes between the hosts that signal: elsewhere a proxy may be in the middle.
fn between_parties(call: &Call, material: Material<'_>) -> bool {
    let hosts: HashSet<IpAddr> = exchanges(call, material)
        .flat_map(|(_, exchange)| &exchange.parties)
        .filter_map(|party| Some(party.address?.address))
        .collect();
    let mut flows = call.media_flows.iter().filter_map(|place| material.sessions.media_flows().get(*place));
    flows.any(|flow| flow.flow.ends.iter().all(|end| hosts.contains(&end.address)))
}

/// Whether all links of a call of three or more end at `host`.
fn is_hub(host: IpAddr, links: &HashSet<[IpAddr; 2]>, hosts: usize) -> bool {
    hosts >= RAYS && links.iter().all(|link| link.contains(&host))
}
