//! Packets that are not as was agreed, or not as the network likes them.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::media::{Placed, percent, stream, way};
use crate::diagnose::name::{self, STREAM};
use crate::diagnose::wording::{count, list};
use crate::finding::{Finding, Rule, Severity};
use crate::sdp::Document;
use crate::sdp::attribute::Extmap;
use crate::signaling::exchange::{Exchange, Incident};

pub(super) static RULES: &[Row] = &[
    (&PAYLOAD_TYPE, payload_type),
    (&EXTENSION_ID, extension_id),
    (&SSRC_COLLISION, ssrc_collision),
    (&FRAGMENTS, fragments),
];

/// Packets of a payload type or with an id that are no accident.
const MEANT: u64 = 10;
/// Numbers named in a sentence.
const NAMED: usize = 4;
/// The share of packets in fragments from which loss doubles for the stream.
const FRAGMENTS_WARNING: f64 = 0.01;

static PAYLOAD_TYPE: Rule = Rule {
    name: "rtp-payload-type-unknown",
    severity: Severity::Warning,
    summary: "Media came with a payload type that no description has",
    what: "A stream used a payload type that neither its receiver nor its sender described, in an exchange that was heard whole, and that \
        RFC 3551 does not assign either.",
    why: "The receiver does not know what it is and drops it: no sound or no picture, while packets flow.",
    advice: "A sender has to use the number of the receiver's description, which may be another one than its own (asymmetric payload types). Look \
        at gateways and servers that pass media on without mapping the numbers, and at a renegotiation that dropped the codec.",
    source: "RFC 3264, section 5.1; RFC 3551, section 6",
};

fn payload_type(case: &Case<'_>) -> Vec<Finding> {
    described(case)
        .filter_map(|((place, known), _)| {
            let meant = known
                .payload_types
                .iter()
                .filter(|used| used.packets >= MEANT && known.undescribed.contains(&used.payload_type));
            let uses: Vec<_> = meant.collect();
            let numbers: Vec<u8> = uses.iter().map(|used| used.payload_type.0).collect();
            let packets = uses.iter().map(|used| used.packets).sum();
            let first = uses.iter().map(|used| used.first).min()?;
            let message = format!(
                "{} {}: {} with payload type {}, which no description has",
                stream(place, known),
                way(known),
                count(packets, "packet"),
                list(&numbers, NAMED)
            );
            let finding = resting(Finding::new(&PAYLOAD_TYPE, message), [Some(first)]);
            Some(finding.about(STREAM, name::stream_id(place)))
        })
        .collect()
}

static EXTENSION_ID: Rule = Rule {
    name: "rtp-extension-id-unknown",
    severity: Severity::Warning,
    summary: "Packets have a header extension with an id that nobody negotiated",
    what: "The packets of a stream have elements with an id for which no description of the exchange has an extmap line; the exchange was \
        heard whole.",
    why: "The receiver ignores the element or, where it remembers the id from an earlier negotiation, reads something else in it: media is \
        taken for another stream (mid, rid), or the estimate of bandwidth stops (transport-wide numbers).",
    advice: "Look at servers that pass packets on: ids are negotiated with each participant apart, and have to be mapped.",
    source: "RFC 8285, sections 5 and 6",
};

fn extension_id(case: &Case<'_>) -> Vec<Finding> {
    described(case)
        .filter_map(|((place, known), exchanges)| {
            let unknown: Vec<_> = known
                .extensions
                .iter()
                .filter(|id| id.packets >= MEANT && id.kind.is_none() && !is_mapped(&exchanges, id.id))
                .collect();
            let most = unknown.iter().map(|id| id.packets).max()?;
            let ids: Vec<u8> = unknown.iter().map(|id| id.id).collect();
            let message = format!(
                "{} {}: {} with a header extension of id {}, for which no description has an extmap line",
                stream(place, known),
                way(known),
                count(most, "packet"),
                list(&ids, NAMED)
            );
            let finding = resting(Finding::new(&EXTENSION_ID, message), [Some(known.first)]);
            Some(finding.about(STREAM, name::stream_id(place)))
        })
        .collect()
}

/// Whether some description says what an id stands for, known to this program or not.
fn is_mapped(exchanges: &[&Exchange], id: u8) -> bool {
    exchanges.iter().flat_map(|exchange| &exchange.descriptions).any(|sent| {
        let document = Document::parse(sent.sdp.as_bytes());
        let mut sections = document.media();
        sections.any(|section| section.all_in_force::<Extmap<'_>>().iter().any(|map| map.id == u32::from(id)))
    })
}

/// The streams of calls whose descriptions were all heard, with the exchanges.
fn described<'a>(case: &Case<'a>) -> impl Iterator<Item = (Placed<'a>, Vec<&'a Exchange>)> {
    let streams = case.sessions().streams();
    let heard = case.calls().filter_map(|(_, call)| {
        let exchanges: Vec<&Exchange> = call.exchanges.iter().filter_map(|place| case.exchange(*place)).collect();
        let whole = |exchange: &&Exchange| {
            let answered = |incident: &Incident| matches!(incident, Incident::Answered { .. });
            !exchange.one_way
                && exchange.descriptions_omitted == 0
                && exchange.happenings.iter().any(|told| answered(&told.incident))
        };
        (!exchanges.is_empty() && exchanges.iter().all(whole)).then_some((call, exchanges))
    });
    heard.flat_map(move |(call, exchanges)| {
        let of_call = call.streams.iter().filter_map(|place| Some((*place, streams.get(*place)?)));
        of_call.map(move |placed| (placed, exchanges.clone())).collect::<Vec<_>>()
    })
}

static SSRC_COLLISION: Rule = Rule {
    name: "rtp-ssrc-collision",
    severity: Severity::Warning,
    summary: "Two senders use the same SSRC at the same time",
    what: "Streams of two senders that overlap in time carry the same SSRC. By chance that happens once in thousands of millions of calls: \
        either one echoes the other's packets back, or a sender takes a fixed number.",
    why: "Reports, retransmissions and everything else that names a stream by its SSRC may be taken for the other's; a mixer or a server merges \
        the two, and a sender that believes in a collision leaves and begins anew.",
    advice: "Draw SSRCs at random. A server that sends packets back has to rewrite the SSRC; a player of a recording, too.",
    source: "RFC 3550, sections 8.1 and 8.2",
};

fn ssrc_collision(case: &Case<'_>) -> Vec<Finding> {
    let streams = case.sessions().streams();
    streams
        .iter()
        .enumerate()
        .filter_map(|(place, known)| {
            let other = known.collides_with?;
            let first = streams.get(other)?;
            // Both may name each other; the later one speaks.
            if other > place && first.collides_with == Some(place) {
                return None;
            }
            let message = format!(
                "{} {} and {} {} both have the SSRC {}",
                stream(other, first),
                way(first),
                stream(place, known),
                way(known),
                known.ssrc.0
            );
            let finding = resting(Finding::new(&SSRC_COLLISION, message), [Some(first.first), Some(known.first)]);
            Some(finding.about(STREAM, name::stream_id(place)))
        })
        .collect()
}

static FRAGMENTS: Rule = Rule {
    name: "rtp-fragments",
    severity: Severity::Warning,
    summary: "Packets of media are so large that IP cuts them into fragments",
    what: "Packets of a stream came in several IP fragments: with their headers they are larger than the path takes.",
    why: "One lost fragment loses the whole packet, so that loss doubles or more; many firewalls and NATs drop fragments, some of all and some \
        of the second one on, which looks like video that never comes while sound works.",
    advice: "Let the sender make smaller packets: 1200 bytes with all headers pass almost everywhere (libwebrtc's limit). Count what a tunnel, a \
        VPN or a relay adds; lower the MTU that the encoder knows (pay mtu=… in GStreamer).",
    source: "RFC 8085, section 3.2; RFC 8900, section 4",
};

fn fragments(case: &Case<'_>) -> Vec<Finding> {
    case.ways(|(_, known)| (known.fragmented > 0).then_some(known.fragmented))
        .into_iter()
        .filter_map(|members| members.into_iter().max_by_key(|(_, fragmented)| *fragmented))
        .map(|((place, known), fragmented)| {
            let share = fragmented as f64 / known.received.max(1) as f64;
            let message = format!(
                "{} {}: {fragmented} of {} packets came in IP fragments, {}; the largest has {} bytes of RTP",
                stream(place, known),
                way(known),
                known.received,
                percent(share),
                known.largest_packet
            );
            let severity = if share >= FRAGMENTS_WARNING { Severity::Warning } else { Severity::Info };
            let finding = resting(Finding::new(&FRAGMENTS, message), [known.first_fragmented]);
            finding.with_severity(severity).about(STREAM, name::stream_id(place))
        })
        .collect()
}
