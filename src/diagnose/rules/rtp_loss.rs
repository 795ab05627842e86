//! Packets of media that are missing, twice there, or gone in a relay.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::media::{Placed, percent, seconds, stream, way};
use crate::diagnose::name::{self, STREAM};
use crate::diagnose::wording::{count, duration, list};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::session::media::{Leg, MediaKind, Stream};

pub(super) static RULES: &[Row] = &[(&LOSS, loss), (&RELAY_LOSS, relay_loss), (&DUPLICATES, duplicates)];

/// Packets that a share is told of: of fewer, one packet is more than a percent.
pub(super) const LEAST_PACKETS: u64 = 100;
/// Lost packets that make a share: one or two come without any trouble on the path.
const LEAST_LOST: u64 = 3;
/// Loss from which it hurts: libwebrtc stops to raise its rate at 2 %, ITU-T G.1010 wants less than 3 % for speech.
const WARNING_SHARE: f64 = 0.02;
/// Loss from which a conversation breaks: libwebrtc lowers its rate from 10 % on, and no concealment fills so much.
const ERROR_SHARE: f64 = 0.10;
/// Packets of sound in a row that no decoder conceals: 100 ms with the usual 20 ms a packet (ITU-T G.711 Appendix I fades out
/// at 60 ms).
const AUDIBLE_RUN: u64 = 5;
/// How much longer than by chance runs are that count as bursts, and the shortest run that is one.
const BURSTY: f64 = 1.5;
const LEAST_RUN: u64 = 3;
/// Copies from which they are told, and from which they cost what somebody notices.
const COPIES_TOLD: f64 = 0.01;
const COPIES_WARNING: f64 = 0.10;
/// Holes that are named as evidence.
const HOLES: usize = 4;
/// Streams that a sentence names beside the worst one.
const BESIDE: usize = 3;

static LOSS: Rule = Rule {
    name: "rtp-loss",
    severity: Severity::Warning,
    summary: "Packets of media were lost before the place of the capture",
    what: "Sequence numbers of a stream are missing in the capture: those packets were sent and did not come as far as here. Up to 2 % it is \
        information, from 10 % on an error, and five packets of sound in a row are a warning whatever the share. The finding says whether \
        losses are scattered or come in bursts, and names the streams of the same way together. Retransmissions and parity are not \
        counted: what is lost of them is no media yet. What is lost behind the capture does not show in it.",
    why: "Concealment hides single packets of sound; bursts are heard as gaps. Video freezes until a retransmission or a key frame \
        comes, and congestion control lowers the rate.",
    advice: "Scattered loss that stays is a bad link (Wi-Fi, a cable, a duplex mismatch); bursts are full queues, roaming or an overloaded \
        host; loss that begins with a higher rate is a bottleneck. Capture nearer to the sender to find the hop. If the capture \
        machine was busy, see whether the capture itself lost packets.",
    source: "RFC 3550, appendix A.3; ITU-T G.1010; libwebrtc, loss based control at 2 % and 10 %",
};

fn loss(case: &Case<'_>) -> Vec<Finding> {
    let ways = case.ways(|(_, stream)| lossy(stream));
    ways.into_iter()
        .filter_map(|members| {
            let (severity, _) = members.iter().map(|(_, severity)| (*severity, ())).max()?;
            let ((place, worst), _) = members
                .iter()
                .filter(|(_, of)| *of == severity)
                .max_by(|(one, _), (other, _)| one.1.loss().total_cmp(&other.1.loss()))?;
            let others: Vec<String> = members
                .iter()
                .filter(|((other, _), _)| other != place)
                .map(|((other, of), _)| format!("{} {}", stream(*other, of), percent(of.loss())))
                .collect();
            let beside =
                if others.is_empty() { String::new() } else { format!("; on the same way {}", list(&others, BESIDE)) };
            let dropped = case.facts().dropped_by_kernel.is_some_and(|dropped| dropped > 0);
            let doubt = if dropped { "; the capture itself lost packets, so that fewer may be missing" } else { "" };
            let message = format!(
                "{} {}: {} of {} packets are missing, {}, {}{}{beside}{doubt}",
                stream(*place, worst),
                way(worst),
                worst.lost,
                worst.lost + worst.received,
                percent(worst.loss()),
                pattern(case, worst),
                frozen(&members),
            );
            let finding = resting(Finding::new(&LOSS, message), holes(worst));
            let severity = if dropped { Severity::Info } else { severity };
            Some(finding.with_severity(severity).about(STREAM, name::stream_id(*place)))
        })
        .collect()
}

/// For how long pictures stood still, where loss is why.
fn frozen(members: &[(Placed<'_>, Severity)]) -> String {
    let hurt = members.iter().filter(|(_, severity)| *severity > Severity::Info);
    let frames = hurt.filter_map(|((_, stream), _)| stream.frames.as_ref());
    match frames.map(|frames| frames.frozen_seconds).fold(0.0, f64::max) {
        frozen if frozen > 0.0 => format!(", and pictures stood still for {}", duration(seconds(frozen))),
        _ => String::new(),
    }
}

/// How bad the loss of a stream is; `None` where there is none to speak of.
pub(super) fn lossy(stream: &Stream) -> Option<Severity> {
    let audible = stream.kind == Some(MediaKind::Audio) && stream.bursts.longest() >= AUDIBLE_RUN;
    let enough = stream.received + stream.lost >= LEAST_PACKETS && stream.lost >= LEAST_LOST;
    match stream.loss() {
        share if enough && share >= ERROR_SHARE => Some(Severity::Error),
        share if enough && share >= WARNING_SHARE => Some(Severity::Warning),
        _ if audible && stream.received >= AUDIBLE_RUN => Some(Severity::Warning),
        _ => enough.then_some(Severity::Info),
    }
}

/// Scattered or in bursts, and the longest run.
fn pattern(case: &Case<'_>, stream: &Stream) -> String {
    let longest = stream.bursts.longest();
    let at = stream.gaps.iter().max_by_key(|gap| gap.missing).filter(|gap| gap.missing >= longest);
    let at = at.map_or_else(String::new, |gap| format!(" before {}", case.at(gap.moment)));
    let bursty = longest >= LEAST_RUN && stream.bursts.burst_ratio().is_some_and(|ratio| ratio >= BURSTY);
    match (bursty, stream.bursts.runs()) {
        (_, 1) if longest > 1 => format!("all of them in a row{at}"),
        (true, runs) => format!("in bursts: {}, the longest of {longest} packets{at}", count(runs, "hole")),
        (false, _) if longest > 1 => format!("scattered, no more than {longest} in a row"),
        (false, _) => "scattered, never two in a row".to_owned(),
    }
}

/// The packets behind the largest holes.
fn holes(stream: &Stream) -> Vec<Option<Moment>> {
    let mut gaps: Vec<_> = stream.gaps.iter().collect();
    gaps.sort_by_key(|gap| std::cmp::Reverse(gap.missing));
    let mut moments: Vec<Option<Moment>> = gaps.iter().take(HOLES).map(|gap| Some(gap.moment)).collect();
    moments.sort_unstable();
    moments
}

static RELAY_LOSS: Rule = Rule {
    name: "rtp-relay-loss",
    severity: Severity::Warning,
    summary: "A relay lost packets of media",
    what: "The capture sees a stream on both sides of a TURN server, and packets that went into the server did not come out of it: numbers \
        that one leg has are missing on the other one while both were in use.",
    why: "The loss is neither of the way to the server nor of the way from it, so looking at the network in between is in vain.",
    advice: "Look at the server: its load, its socket buffers, a limit on bandwidth (coturn: max-bps, bps-capacity), a permission or channel \
        that ran out meanwhile. If the capture was made beside the server, see whether it lost packets on one interface.",
    source: "RFC 8656, sections 3.5 and 12.6 (a server forwards what it may)",
};

fn relay_loss(case: &Case<'_>) -> Vec<Finding> {
    let ways = case.ways(|(_, stream)| short_leg(stream));
    ways.into_iter()
        .filter_map(|members| {
            let ((place, worst), leg) = members.iter().max_by_key(|(_, leg)| leg.missing)?;
            let all = leg.packets + leg.missing;
            let share = leg.missing as f64 / all.max(1) as f64;
            let through = leg.via.or_else(|| worst.legs.iter().find_map(|other| other.via));
            let through = through.map_or_else(|| "the relay".to_owned(), |via| format!("the relay {via}"));
            let others = members.len() as u64 - 1;
            let beside =
                if others == 0 { String::new() } else { format!(", and of {}", count(others, "other stream")) };
            let message = format!(
                "{through} lost {} of {all} packets of {} on {} → {}, {}{beside}",
                leg.missing,
                stream(*place, worst),
                leg.source,
                leg.destination,
                percent(share)
            );
            let severity = match share {
                share if share >= ERROR_SHARE => Severity::Error,
                share if share >= WARNING_SHARE => Severity::Warning,
                _ => Severity::Info,
            };
            let finding = resting(Finding::new(&RELAY_LOSS, message), [Some(worst.first), Some(worst.last)]);
            Some(finding.with_severity(severity).about(STREAM, name::stream_id(*place)))
        })
        .collect()
}

/// The leg of a relayed stream that has fewest of what the others have.
fn short_leg(stream: &Stream) -> Option<&Leg> {
    let leg = stream.legs.iter().max_by_key(|leg| leg.missing)?;
    (stream.legs.len() > 1 && leg.missing >= LEAST_LOST && stream.received >= LEAST_PACKETS).then_some(leg)
}

static DUPLICATES: Rule = Rule {
    name: "rtp-duplicates",
    severity: Severity::Info,
    summary: "Packets of media came more than once",
    what: "The same sequence number of a stream came again on the same way. Copies that the capture itself made (of several interfaces, \
        of a mirror port) are told by another finding where they can be told from these.",
    why: "Receivers drop copies, but they cost bandwidth, and a receiver report counts each of them as one packet that was not lost, so that \
        real loss looks smaller. SRTP refuses them as replays.",
    advice: "Look for a loop or a redundant path that sends everything twice (bonding, a mirror port into the same network), for a sender that \
        repeats on purpose, and for two interfaces in one capture.",
    source: "RFC 3550, section 6.4.1 and appendix A.3; RFC 3711, section 3.3.2",
};

fn duplicates(case: &Case<'_>) -> Vec<Finding> {
    let share = |stream: &Stream| stream.duplicates as f64 / stream.received.max(1) as f64;
    let copied = |(_, stream): Placed<'_>| {
        let share = share(stream);
        (stream.received >= LEAST_PACKETS && share >= COPIES_TOLD).then_some(share)
    };
    let worst = |members: Vec<(_, f64)>| members.into_iter().max_by(|(_, one), (_, other)| one.total_cmp(other));
    case.ways(copied)
        .into_iter()
        .filter_map(worst)
        .map(|((place, known), share)| {
            let message = format!(
                "{} {}: {} came again, {} of its {} packets",
                stream(place, known),
                way(known),
                count(known.duplicates, "packet"),
                percent(share),
                known.received
            );
            let severity = if share >= COPIES_WARNING { Severity::Warning } else { Severity::Info };
            let finding = resting(Finding::new(&DUPLICATES, message), [Some(known.first), Some(known.last)]);
            finding.with_severity(severity).about(STREAM, name::stream_id(place))
        })
        .collect()
}
