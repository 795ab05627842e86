//! NATs between the clients: mappings that change, loops through one NAT, several NATs in a row, pairs that cannot meet.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::name::{self, CLIENT, PAIR, SESSION};
use crate::diagnose::outcome::Outcome;
use crate::diagnose::wording::{count, duration};
use crate::finding::{Finding, Rule, Severity};
use crate::session::nat::{Client, Hairpin, Happened, Rebinding, SecondNat, Seen, Traversal, TraversalGround};

pub(super) static RULES: &[Row] =
    &[(&SYMMETRIC_PAIR, symmetric_pair), (&REBINDING, rebinding), (&HAIRPIN, hairpin), (&DOUBLE, double)];

static SYMMETRIC_PAIR: Rule = Rule {
    name: "nat-symmetric-pair",
    severity: Severity::Info,
    summary: "The NATs of the two clients do not let a direct path come about",
    what: "Mapped addresses show that the NAT of one client gives out another one for each destination, and that of the other does so \
        too or lets in only the ports that were sent to. Each side then sends to a port that the other's NAT did not open for it.",
    why: "No candidate pair but a relayed one can work. With a relay the call goes on at the price of its delay (then this is only \
        worth knowing); without one it fails (then it is a warning).",
    advice: "Give both clients a TURN server, reachable over UDP and, for strict networks, over TCP and TLS. Where a NAT is yours, turn on \
        endpoint-independent mapping (RFC 4787, REQ-1; many routers call it full cone), or forward a range of ports.",
    source: "RFC 4787, sections 4.1 and 5; RFC 5128, section 3.4",
};

fn symmetric_pair(case: &Case<'_>) -> Vec<Finding> {
    case.sessions().nat().traversal.iter().filter_map(|entry| cannot_meet(case, entry)).collect()
}

fn cannot_meet(case: &Case<'_>, entry: &Traversal) -> Option<Finding> {
    let session = case.sessions().ice().get(entry.session)?;
    if entry.ground.possible() != Some(false) || entry.direct == Some(true) {
        return None;
    }
    let [Some(one), Some(other)] = entry.hosts else { return None };
    let why = match entry.ground {
        TraversalGround::BothSymmetric => "are both symmetric",
        _ => "are symmetric and port-restricted",
    };
    let (how, severity) = match entry.happened? {
        Happened::Failed => ("and the call failed", Severity::Warning),
        Happened::Relayed => ("and a relay carried the call", Severity::Info),
        Happened::Direct => return None,
    };
    let message = format!("the NATs of {one} and {other} {why}: no direct path between them is possible, {how}");
    let finding = resting(Finding::new(&SYMMETRIC_PAIR, message), [Some(session.first)]);
    Some(finding.with_severity(severity).about(SESSION, name::session_id(entry.session)))
}

static REBINDING: Rule = Rule {
    name: "nat-rebinding",
    severity: Severity::Info,
    summary: "A NAT gave a client another mapped address while the old one was in use",
    what: "One local port was told another mapped address than before by the same server or peer, at most half a minute after the last \
        time; or, outside the NAT, an agent went on from another port of the same address in the middle of a session and was never heard \
        of on the old one again (it may have opened another socket as well).",
    why: "What the other side sends to the old address gets lost until a check from the new one reaches it; a relay knows the client no \
        longer by its five-tuple, so its allocation is lost. It is a warning where the session did not survive.",
    advice: "Look at the NAT: a restart, a failover, a UDP timer that is too short, more clients than ports. Keepalives shorter than the \
        timer (ICE sends them every 15 s) keep a mapping alive; an ICE restart repairs what the checks do not.",
    source: "RFC 4787, sections 4.3 and 4.1; RFC 8445, section 11",
};

fn rebinding(case: &Case<'_>) -> Vec<Finding> {
    let all = case.sessions().nat().rebindings.iter();
    let by_host = all.map(|known| ((known.local.address, known.seen), known));
    group(by_host).iter().filter_map(|(_, group)| rebound(case, group)).collect()
}

fn rebound(case: &Case<'_>, group: &[&Rebinding]) -> Option<Finding> {
    let first = group.iter().min_by_key(|known| known.moment)?;
    let gap = duration(first.moment.time.since(first.last.time));
    let mut message = match first.seen {
        Seen::Inside => format!(
            "{} saw {} at {} and {gap} later, at {}, at {}",
            first.remote,
            first.local,
            first.from,
            case.at(first.moment),
            first.to
        ),
        Seen::Outside => format!(
            "what came from {} to {} came from {} since {}",
            first.from,
            first.remote,
            first.to,
            case.at(first.moment)
        ),
    };
    if group.len() > 1 {
        message.push_str(&format!("; {} in all", count(group.len() as u64, "such change")));
    }
    let mut sessions = group.iter().filter_map(|known| known.session);
    let session = sessions.clone().next();
    let survived = sessions.all(|place| case.outcome(place).is_none_or(Outcome::works));
    let moments = [Some(first.last), Some(first.moment)].into_iter();
    let more = group.iter().map(|known| Some(known.moment));
    let finding = resting(Finding::new(&REBINDING, message), moments.chain(more)).at(first.moment);
    let severity = if survived { Severity::Info } else { Severity::Warning };
    let finding = finding.with_severity(severity);
    Some(match session {
        Some(place) => finding.about(SESSION, name::session_id(place)),
        None => finding.about(CLIENT, first.local.address.to_string()),
    })
}

static HAIRPIN: Rule = Rule {
    name: "nat-hairpin",
    severity: Severity::Info,
    summary: "A client checked an address of the NAT in front of itself",
    what: "A connectivity check went to the very IP address that the client itself is mapped to: both clients are behind one NAT (or one \
        carrier's), and the packet has to turn round in it. The finding says whether it did.",
    why: "Where a NAT does not hairpin, two clients behind it meet only by their inner addresses; where those are hidden (mDNS, separate \
        networks behind a carrier's NAT), only a relay is left.",
    advice: "Nothing, where another pair works. Else offer host candidates, turn on hairpinning (NAT loopback) in the NAT, or provide a \
        TURN server.",
    source: "RFC 4787, section 6; RFC 8445, section 5.1.1.2",
};

fn hairpin(case: &Case<'_>) -> Vec<Finding> {
    case.sessions().nat().hairpins.iter().filter_map(|entry| turned_round(case, entry)).collect()
}

fn turned_round(case: &Case<'_>, entry: &Hairpin) -> Option<Finding> {
    let session = case.sessions().ice().get(entry.session)?;
    let Hairpin { client, target, .. } = entry;
    let how = match entry.works? {
        true => "the NAT let its checks through",
        false => "its checks were not answered",
    };
    let message = format!(
        "{} at {client} checked {target}, an address of the NAT in front of itself: {how}",
        name::agent(session, entry.agent)
    );
    let finding = resting(Finding::new(&HAIRPIN, message), [Some(entry.first)]);
    Some(finding.about(PAIR, name::pair_id(entry.session, entry.pair)))
}

static DOUBLE: Rule = Rule {
    name: "nat-double",
    severity: Severity::Info,
    summary: "A client is behind two NATs in a row",
    what: "A peer in a private network, or in the space that carriers use between their NAT and those of their customers \
        (100.64.0.0/10), sees the client at an address of that network, and somebody outside sees it at a public one or must do so. \
        Two ways out, one of them a VPN that translates addresses, look the same.",
    why: "Every NAT on the way filters and forgets on its own, so the strictest one decides; port forwarding in the nearer one does not \
        help, and two customers of one carrier meet only by the middle addresses or by a hairpin.",
    advice: "At home, set the inner router to bridge mode. With a carrier's NAT, use IPv6, ask for a public address, or rely on TURN.",
    source: "RFC 6598; RFC 6888, section 3",
};

fn double(case: &Case<'_>) -> Vec<Finding> {
    case.sessions().nat().clients.iter().filter_map(in_a_row).collect()
}

fn in_a_row(client: &Client) -> Option<Finding> {
    let (message, moments) = match client.second_nat? {
        SecondNat::TwoMappings([inner, outer]) => (
            format!(
                "{} is {} to {} inside and {} to {} outside: there are two NATs in a row",
                inner.local, inner.mapped, inner.remote, outer.mapped, outer.remote
            ),
            vec![Some(inner.first), Some(outer.first)],
        ),
        SecondNat::Shared(seen) => (
            format!(
                "{} is {} to {}, an address that a carrier shares out: its NAT follows behind that one",
                seen.local, seen.mapped, seen.remote
            ),
            vec![Some(seen.first)],
        ),
    };
    Some(resting(Finding::new(&DOUBLE, message), moments).about(CLIENT, client.address.to_string()))
}
