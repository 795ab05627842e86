//! Whom a relay lets through: permissions and channels.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::name::{self, ALLOCATION, SERVER};
use crate::diagnose::wording::{count, duration, list, was};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::path::Endpoint;
use crate::session::turn::{Allocation, Peer, TurnError};
use crate::wire::stun::Method;

pub(super) static RULES: &[Row] = &[
    (&PEER_FORBIDDEN, peer_forbidden),
    (&PERMISSION_MISSING, permission_missing),
    (&PERMISSION_EXPIRED, permission_expired),
    (&CHANNEL_EXPIRED, channel_expired),
];

/// Peers that a sentence can bear.
const LISTED: usize = 4;

static PEER_FORBIDDEN: Rule = Rule {
    name: "turn-peer-forbidden",
    severity: Severity::Error,
    summary: "A TURN server refuses to relay to a peer (403)",
    what: "CreatePermission or ChannelBind was answered with 403 (Forbidden): the server's configuration does not allow this peer \
        address. Servers commonly deny private and loopback addresses, so a refusal for such a candidate beside a call that works is \
        information only.",
    why: "Nothing goes through the relay to that peer. Where the only common path is through the relay, as with the policy to use relays \
        only, the call fails.",
    advice: "Look at the peer address and at the server's lists (coturn: denied-peer-ip, allowed-peer-ip, no-loopback-peers). If both peers \
        are relayed by the same server, the server's own relay addresses must be allowed.",
    source: "RFC 8656, sections 10.2, 12.2 and 19",
};

fn peer_forbidden(case: &Case<'_>) -> Vec<Finding> {
    let refused = case
        .allocations()
        .filter(|(_, allocation)| refusals(allocation).next().is_some())
        .map(|(place, allocation)| (allocation.server, (place, allocation)));
    group(refused).iter().filter_map(|(server, group)| forbidden(case, *server, group)).collect()
}

fn refusals(allocation: &Allocation) -> impl Iterator<Item = &TurnError> {
    let asks = |error: &&TurnError| matches!(error.method, Method::CREATE_PERMISSION | Method::CHANNEL_BIND);
    allocation.errors.iter().filter(|error| error.code == 403).filter(asks)
}

fn forbidden(case: &Case<'_>, server: Endpoint, group: &[(usize, &Allocation)]) -> Option<Finding> {
    let errors = || group.iter().flat_map(|(_, allocation)| refusals(allocation));
    let mut peers: Vec<Endpoint> = errors().filter_map(|error| error.peer).collect();
    peers.dedup();
    let to = if peers.is_empty() { String::new() } else { format!(" to {}", list(&peers, LISTED)) };
    let works = group.iter().all(|(_, allocation)| {
        case.serves(allocation.client.address) || allocation.peers.iter().any(|peer| peer.bytes_received > 0)
    });
    let clients: Vec<Endpoint> = group.iter().map(|(_, allocation)| allocation.client).collect();
    let effect = if works { "the call works otherwise" } else { "nothing goes through the relay" };
    let phrase = errors().next().map_or("Forbidden", |error| error.reason.as_str());
    let message = format!(
        "{server} refuses to relay from {}{to}: {} answered with 403 ({}); {effect}",
        list(&clients, LISTED),
        count(errors().count() as u64, "request"),
        name::short(phrase)
    );
    let moments: Vec<Option<Moment>> = errors().map(|error| Some(error.moment)).collect();
    let severity = if works { Severity::Info } else { Severity::Error };
    let finding = resting(Finding::new(&PEER_FORBIDDEN, message), moments).with_severity(severity);
    match group {
        [(place, _)] => Some(finding.about(ALLOCATION, name::allocation_id(*place))),
        _ => Some(finding.about(SERVER, server.to_string())),
    }
}

static PERMISSION_MISSING: Rule = Rule {
    name: "turn-permission-missing",
    severity: Severity::Warning,
    summary: "Data was sent through a relay to a peer without a permission or a channel",
    what: "A client sent Send indications to a peer that no permission stands for, or ChannelData on a channel that was never bound. The \
        server drops both without a word.",
    why: "This data is lost. At the start of a call that costs the first checks; where it goes on, the relay carries nothing towards this \
        peer and nothing back either, since a permission is needed for both directions.",
    advice: "See whether CreatePermission or ChannelBind was sent for the peer's IP address (the port does not matter), whether it was \
        answered, and whether the client waited for the answer.",
    source: "RFC 8656, sections 9, 11.1 and 12.4",
};

fn permission_missing(case: &Case<'_>) -> Vec<Finding> {
    case.allocations()
        .flat_map(|(place, allocation)| {
            let missing = allocation.peers.iter().filter(|peer| never_allowed(allocation, peer));
            missing.map(move |peer| {
                let lost = peer.sent_without_permission;
                let (noun, what) = match (peer.peer, peer.channel) {
                    (None, Some(number)) => {
                        ("ChannelData message", format!("channel {number:#06x}, which was never bound"))
                    }
                    (Some(peer), _) => ("message", format!("{peer}, for which no permission stood")),
                    (None, None) => ("message", "an unknown peer".to_owned()),
                };
                let message = format!(
                    "{} from {} {} sent through {} to {what}",
                    count(lost, noun),
                    allocation.client,
                    was(lost),
                    allocation.server
                );
                resting(Finding::new(&PERMISSION_MISSING, message), [peer.first_without_permission])
                    .about(ALLOCATION, name::allocation_id(place))
            })
        })
        .collect()
}

/// Whether data went to a peer while nothing had ever allowed it, and no other finding tells why.
fn never_allowed(allocation: &Allocation, peer: &Peer) -> bool {
    let Some(first) = peer.first_without_permission else { return false };
    let over = allocation.ended.is_some_and(|ended| ended.time <= first.time);
    let address = peer.peer.map(|peer| peer.address);
    let refused = refusals(allocation).any(|error| error.peer.is_none_or(|of| Some(of.address) == address));
    let stood = allocation
        .permissions
        .iter()
        .any(|known| Some(known.peer.address) == address && known.created.time <= first.time);
    !over && !refused && !stood
}

static PERMISSION_EXPIRED: Rule = Rule {
    name: "turn-permission-expired",
    severity: Severity::Warning,
    summary: "A permission ran out while data went through the relay",
    what: "Five minutes after it was granted or renewed last a permission expires. Data to or from the peer was seen after that, and \
        nothing had renewed the permission. Data does not renew it; CreatePermission and ChannelBind do.",
    why: "The server drops data in both directions without a word: the call falls silent five minutes after it began, or five minutes \
        after the last renewal.",
    advice: "The client must renew permissions before 300 seconds are over; libwebrtc does every 240. If it did, see why the request failed. \
        An application that binds a channel every ten minutes and nothing else has half of the time no permission.",
    source: "RFC 8656, sections 3.3 and 9",
};

fn permission_expired(case: &Case<'_>) -> Vec<Finding> {
    case.allocations()
        .flat_map(|(place, allocation)| {
            let expired = allocation.permissions.iter().filter_map(move |known| {
                let expired = known.expired.filter(|expired| stands(allocation, *expired))?;
                let used =
                    allocation.peers.iter().filter(|peer| peer.peer.map(|of| of.address) == Some(known.peer.address));
                let last = used.map(|peer| peer.last).max()?;
                (last.time > expired.time && stands(allocation, last)).then_some((known, expired, last))
            });
            expired.map(move |(known, expired, last)| {
                let message = format!(
                    "the permission of {} for {} ran out at {}, {} after it was last renewed; data went on until {}",
                    allocation.client,
                    known.peer.address,
                    case.at(expired),
                    duration(expired.time.since(known.renewed.time)),
                    case.at(last)
                );
                resting(Finding::new(&PERMISSION_EXPIRED, message), [Some(expired), Some(known.renewed), Some(last)])
                    .about(ALLOCATION, name::allocation_id(place))
            })
        })
        .collect()
}

/// Whether the allocation stood at `moment`: with it everything that it held is gone.
fn stands(allocation: &Allocation, moment: Moment) -> bool {
    allocation.ended.is_none_or(|ended| ended.time > moment.time)
}

static CHANNEL_EXPIRED: Rule = Rule {
    name: "turn-channel-expired",
    severity: Severity::Warning,
    summary: "A channel binding ran out while ChannelData went on",
    what: "Ten minutes after it was bound or renewed last a channel binding expires. ChannelData with its number was seen after that.",
    why: "The server drops ChannelData on a channel that is not bound, and must not bind the number to another peer for five minutes \
        more. The call falls silent ten minutes after the last ChannelBind.",
    advice: "The client must repeat ChannelBind before 600 seconds are over (libwebrtc does every 240). If it did, see why the request failed.",
    source: "RFC 8656, sections 12 and 12.4",
};

/// How long a client may go on with a channel before it can know that it is gone.
const ON_ITS_WAY: Duration = Duration::from_secs(1);

fn channel_expired(case: &Case<'_>) -> Vec<Finding> {
    case.allocations()
        .flat_map(|(place, allocation)| {
            let expired = allocation.channels.iter().filter_map(move |known| {
                let expired = known.expired.filter(|expired| stands(allocation, *expired))?;
                let used = allocation
                    .peers
                    .iter()
                    .filter(|peer| peer.channel == Some(known.number) && peer.peer == known.peer);
                let last = used.map(|peer| peer.last).max()?;
                (last.time.since(expired.time) >= ON_ITS_WAY).then_some((known, expired, last))
            });
            expired.map(move |(known, expired, last)| {
                let peer = known.peer.map_or_else(String::new, |peer| format!(" ({peer})"));
                let message = format!(
                    "channel {:#06x}{peer} of {} ran out at {}, {} after it was last bound; data went on until {}",
                    known.number,
                    allocation.client,
                    case.at(expired),
                    duration(expired.time.since(known.renewed.time)),
                    case.at(last)
                );
                resting(Finding::new(&CHANNEL_EXPIRED, message), [Some(expired), Some(known.renewed), Some(last)])
                    .about(ALLOCATION, name::allocation_id(place))
            })
        })
        .collect()
}
