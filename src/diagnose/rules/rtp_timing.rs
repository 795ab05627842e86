//! When packets of media come, and in which order: jitter, reordering, clocks and jumps.

use super::Row;
use super::rtp_loss::LEAST_PACKETS;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::media::{Placed, percent, seconds, stream, way};
use crate::diagnose::name::{self, STREAM};
use crate::diagnose::wording::{count, duration};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::session::media::{Discontinuity, DiscontinuityKind, MediaKind, Stream};

pub(super) static RULES: &[Row] =
    &[(&JITTER, jitter), (&REORDERING, reordering), (&CLOCK_DRIFT, clock_drift), (&DISCONTINUITY, discontinuity)];

/// Mean jitter that is told: half of what hurts.
const JITTER_TOLD: f64 = 0.015;
/// Mean jitter from which voice suffers: common practice of VoIP, and what a buffer of 60 ms takes up.
const JITTER_WARNING: f64 = 0.030;
/// Mean jitter from which no buffer keeps a conversation below the 400 ms of ITU-T G.114.
const JITTER_ERROR: f64 = 0.100;
/// Late packets that are told, and from which a sender is asked in vain for what is only late.
const LATE_TOLD: f64 = 0.01;
const LATE_WARNING: f64 = 0.05;
/// Deviation of a clock that no crystal has: they are good to 100 ppm, and both ends may be off.
const DRIFT_TOLD: f64 = 300.0;
/// Deviation at which a receiver that does not correct it drops or invents 20 ms every 20 s.
const DRIFT_WARNING: f64 = 1_000.0;
/// Standard errors by which a drift must be beyond the bound.
const CERTAIN: f64 = 3.0;
/// Jumps that are more than a switch of the source now and then: one in so many seconds.
const JUMP_EVERY: f64 = 10.0;

static JITTER: Rule = Rule {
    name: "rtp-jitter",
    severity: Severity::Warning,
    summary: "Packets of media came unevenly",
    what: "The mean interarrival jitter of a stream is 15 ms or more; from 30 ms on it is a warning, from 100 ms on an error. Of video, whose \
        frames take time to be sent, the smaller of the jitter per packet and the greatest one per frame counts. Where the clock rate \
        is not known nothing is said.",
    why: "A receiver holds packets back as long as the jitter asks, so that the conversation gets slower; what comes later than that \
        is lost for it. Congestion control takes growing delay for a full queue and lowers the rate.",
    advice: "Look for a full queue (upload beside the call, bufferbloat), Wi-Fi, a loaded sender or virtual machine: where the sender is near \
        the capture, it sends unevenly itself. Prioritise media (DSCP EF), or lower the rate.",
    source: "RFC 3550, section 6.4.1; ITU-T G.114; ITU-T Y.1541 (50 ms for class 0)",
};

fn jitter(case: &Case<'_>) -> Vec<Finding> {
    worst_of_each_way(case, |stream| jitter_of(stream).filter(|mean| *mean >= JITTER_TOLD))
        .map(|((place, known), mean)| {
            let greatest = known.jitter.map_or(0.0, |jitter| jitter.maximum);
            let message = format!(
                "{} {}: a jitter of {} in the mean, {} at most",
                stream(place, known),
                way(known),
                duration(seconds(mean)),
                duration(seconds(greatest)),
            );
            let severity = match mean {
                mean if mean >= JITTER_ERROR => Severity::Error,
                mean if mean >= JITTER_WARNING => Severity::Warning,
                _ => Severity::Info,
            };
            about(&JITTER, message, place, [Some(known.first), Some(known.last)]).with_severity(severity)
        })
        .collect()
}

/// What counts as the jitter of a stream.
fn jitter_of(stream: &Stream) -> Option<f64> {
    let values = stream.jitter.filter(|_| stream.received >= LEAST_PACKETS)?;
    match stream.kind? {
        MediaKind::Audio => Some(values.mean),
        MediaKind::Video => Some(values.mean.min(values.frame_maximum)),
    }
}

static REORDERING: Rule = Rule {
    name: "rtp-reordering",
    severity: Severity::Info,
    summary: "Packets of media came after later ones",
    what: "A share of the packets of a stream came behind a packet with a higher number: 1 % or more, and a warning from 5 % on.",
    why: "A receiver of video asks for what it misses at once, so that packets which are only late are sent a second time; a receiver with \
        a short buffer takes them for lost.",
    advice: "Look for paths in parallel whose delays differ (load balancing by packet, bonding, multipath VPN), and for jitter beyond the \
        distance of packets. Balance by flow instead.",
    source: "RFC 4737, section 3; RFC 4585, section 3.5.1",
};

fn reordering(case: &Case<'_>) -> Vec<Finding> {
    let late = |stream: &Stream| {
        let share = stream.reordered as f64 / stream.received.max(1) as f64;
        (stream.received >= LEAST_PACKETS && share >= LATE_TOLD).then_some(share)
    };
    worst_of_each_way(case, late)
        .map(|((place, known), share)| {
            let message = format!(
                "{} {}: {} of {} packets came after later ones, {}",
                stream(place, known),
                way(known),
                known.reordered,
                known.received,
                percent(share)
            );
            let severity = if share >= LATE_WARNING { Severity::Warning } else { Severity::Info };
            about(&REORDERING, message, place, [Some(known.first), Some(known.last)]).with_severity(severity)
        })
        .collect()
}

static CLOCK_DRIFT: Rule = Rule {
    name: "rtp-clock-drift",
    severity: Severity::Info,
    summary: "The clock of a sender runs at another rate than it says",
    what: "The timestamps of a stream go faster or slower than the capture's clock, by more than crystals differ: 300 parts in a million, and \
        a warning from 1000 on. The measure is a line through the whole stream, and its error is taken off.",
    why: "The receiver's buffer fills or empties all the time; from time to time it has to drop or to stretch sound, and sound and \
        pictures drift apart.",
    advice: "Look at what paces the sender: a sound card or a virtual one, a timer in place of a clock, a wrong clock rate in the description \
        (44100 for 48000). If all streams of a capture drift alike, the clock of the capture is off.",
    source: "RFC 3550, sections 5.1 and 6.4.1",
};

fn clock_drift(case: &Case<'_>) -> Vec<Finding> {
    let drifts = |stream: &Stream| {
        let drift = stream.drift?;
        Some((drift.ppm.abs() - CERTAIN * drift.error_ppm).max(0.0)).filter(|sure| *sure >= DRIFT_TOLD)
    };
    worst_of_each_way(case, drifts)
        .filter_map(|((place, known), sure)| {
            let drift = known.drift?;
            let message = format!(
                "{} {}: its clock of {} Hz is {:.0} ppm too {}, {} in {}",
                stream(place, known),
                way(known),
                known.clock_rate?,
                drift.ppm.abs(),
                if drift.ppm > 0.0 { "fast" } else { "slow" },
                duration(seconds(drift.ppm.abs() / 1e6 * known.seconds())),
                duration(seconds(known.seconds())),
            );
            let severity = if sure >= DRIFT_WARNING { Severity::Warning } else { Severity::Info };
            Some(about(&CLOCK_DRIFT, message, place, [Some(known.first), Some(known.last)]).with_severity(severity))
        })
        .collect()
}

static DISCONTINUITY: Rule = Rule {
    name: "rtp-discontinuity",
    severity: Severity::Info,
    summary: "Sequence numbers or timestamps of a stream jumped",
    what: "In the middle of a stream its sequence numbers began anew, or its timestamps went somewhere else than time did, under the same SSRC. \
        Once is information: something behind a gateway or a server was switched. More often than every ten seconds it is a warning.",
    why: "A receiver takes it for a huge loss or for packets from the past: it empties its buffer, waits for a key frame, or plays nothing \
        until it gives in. SRTP counts on sequence numbers that go up and cannot decrypt behind a restart.",
    advice: "A sender that begins anew should take a new SSRC, or announce it in the description. Look at the server or gateway that switches \
        sources: it has to rewrite numbers and timestamps so that they go on.",
    source: "RFC 3550, sections 5.1 and 8.2; RFC 3711, section 3.3.1",
};

fn discontinuity(case: &Case<'_>) -> Vec<Finding> {
    let jumps = |(_, stream): Placed<'_>| {
        let seen: Vec<Discontinuity> =
            stream.discontinuities.iter().copied().filter(|found| is_jump(found, stream)).collect();
        (!seen.is_empty()).then_some(seen)
    };
    let found = case.media().filter_map(|placed| Some((placed, jumps(placed)?)));
    found
        .map(|((place, known), seen)| {
            let restarts = seen.iter().filter(|jump| jump.kind == DiscontinuityKind::SequenceRestart).count() as u64;
            let leaps = seen.len() as u64 - restarts;
            let first = seen.first().map_or_else(String::new, |jump| case.at(jump.moment));
            let what = match (restarts, leaps) {
                (_, 0) => format!("its sequence numbers began anew {}", times(restarts)),
                (0, _) => format!("its timestamps left the time {}{}", times(leaps), leap(&seen, known)),
                _ => format!(
                    "its sequence numbers began anew {} and its timestamps left the time {}",
                    times(restarts),
                    times(leaps)
                ),
            };
            let message = format!("{} {}: {what}, first at {first}", stream(place, known), way(known));
            let often = seen.len() > 1 && known.seconds() / (seen.len() as f64) < JUMP_EVERY;
            let severity = if often { Severity::Warning } else { Severity::Info };
            let moments = seen.iter().map(|jump| Some(jump.moment));
            about(&DISCONTINUITY, message, place, moments).with_severity(severity)
        })
        .collect()
}

/// Another payload type is a change that both sides agreed on; a timestamp can only leave the time where its clock is known.
const fn is_jump(found: &Discontinuity, stream: &Stream) -> bool {
    match found.kind {
        DiscontinuityKind::SequenceRestart => true,
        DiscontinuityKind::TimestampJump { .. } => stream.clock_rate.is_some(),
        DiscontinuityKind::PayloadTypeChange { .. } => false,
    }
}

/// `once`, `3 times`.
fn times(number: u64) -> String {
    if number == 1 { "once".to_owned() } else { count(number, "time") }
}

/// How far the first jump went, in seconds, where the clock is known.
fn leap(seen: &[Discontinuity], stream: &Stream) -> String {
    let ticks = seen.iter().find_map(|jump| match jump.kind {
        DiscontinuityKind::TimestampJump { ticks } => Some(ticks),
        _ => None,
    });
    let (Some(ticks), Some(rate)) = (ticks, stream.clock_rate.filter(|rate| *rate > 0)) else { return String::new() };
    format!(", with a step of {:+.1} s", f64::from(ticks) / f64::from(rate))
}

/// The stream of each way for which `of` gives the most.
fn worst_of_each_way<'a>(
    case: &Case<'a>,
    of: impl Fn(&Stream) -> Option<f64>,
) -> impl Iterator<Item = (Placed<'a>, f64)> {
    let ways = case.ways(|(_, stream)| of(stream));
    ways.into_iter().filter_map(|members| members.into_iter().max_by(|(_, one), (_, other)| one.total_cmp(other)))
}

fn about(
    rule: &'static Rule,
    message: String,
    place: usize,
    moments: impl IntoIterator<Item = Option<Moment>>,
) -> Finding {
    resting(Finding::new(rule, message), moments).about(STREAM, name::stream_id(place))
}
