//! What RTCP tells, and that it is not there.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::media::{Placed, percent, seconds, stream, way};
use crate::diagnose::name::{self, STREAM};
use crate::diagnose::wording::{count, duration};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Timestamp;
use crate::session::media::{KeyFrameRequest, Stream};

pub(super) static RULES: &[Row] = &[
    (&LOSS_BEHIND, loss_behind),
    (&NACK_UNANSWERED, nack_unanswered),
    (&KEY_FRAME_LATE, key_frame_late),
    (&ESTIMATE_BELOW, estimate_below),
    (&MISSING, missing),
];

/// Life of a stream, in seconds, after which its sender has reported twice: every five seconds, give or take a half (RFC 3550, section 6.3.1).
const REPORTED_BY: f64 = 10.0;

/// Lost packets that tell something: reports and packets overtake each other by one or two.
const LEAST_LOST: i64 = 3;
/// Loss from which it hurts, and from which a conversation breaks: as for what is missing in the capture itself.
const LOSS_WARNING: f64 = 0.02;
const LOSS_ERROR: f64 = 0.10;
/// Numbers asked for that make a share.
const LEAST_ASKED: u64 = 5;
/// The share of them that may come late or never: a retransmission is lost as often as another packet.
const IN_VAIN: f64 = 0.20;
/// How long a receiver may wait for a key frame, in seconds: a round trip, and a frame or two.
const KEY_FRAME_WAIT: f64 = 2.0;
/// An estimate is far below what is sent where it is less than this part of it.
const FAR_BELOW: f64 = 0.5;
/// Streams that an estimate is compared with: one estimate names as many sources as one packet holds.
const NAMED: usize = 64;
/// Estimates that show more than a moment.
const LEAST_ESTIMATES: usize = 3;

static LOSS_BEHIND: Rule = Rule {
    name: "rtcp-loss-behind",
    severity: Severity::Warning,
    summary: "Packets of media were lost between the place of the capture and their receiver",
    what: "The receiver of a stream reports more packets lost than are missing in the capture: the difference was here and did not get there. \
        The finding says how many were lost before the capture, and how many behind it. Up to 2 % it is information, from 10 % on an \
        error. Reports that are encrypted tell nothing.",
    why: "The capture looks as if all were well, and the receiver hears gaps.",
    advice: "Look at the way from here to the receiver, and capture at the receiver. What was lost before the capture has its own finding.",
    source: "RFC 3550, section 6.4.1 and appendix A.3",
};

fn loss_behind(case: &Case<'_>) -> Vec<Finding> {
    let behind = |(_, known): Placed<'_>| {
        let receiver = known.reports.main_receiver()?;
        receiver.losses.filter(|losses| losses.behind >= LEAST_LOST).map(|losses| (losses, receiver.last))
    };
    case.ways(behind)
        .into_iter()
        .filter_map(|members| {
            let ((place, known), (losses, told)) = members.iter().max_by_key(|(_, (losses, _))| losses.behind)?;
            let share = losses.behind as f64 / (known.received + known.lost).max(1) as f64;
            let others = members.len() as u64 - 1;
            let beside = if others == 0 { String::new() } else { format!("; {} alike", count(others, "other stream")) };
            let message = format!(
                "{} {}: its receiver misses {} packets, of which {} were missing here already and {} were lost behind, {} of those \
                 seen{beside}",
                stream(*place, known),
                way(known),
                losses.lost,
                losses.before,
                losses.behind,
                percent(share)
            );
            let severity = match share {
                share if share >= LOSS_ERROR => Severity::Error,
                share if share >= LOSS_WARNING => Severity::Warning,
                _ => Severity::Info,
            };
            let finding = resting(Finding::new(&LOSS_BEHIND, message), [Some(*told), losses.since, Some(losses.until)]);
            Some(finding.with_severity(severity).about(STREAM, name::stream_id(*place)))
        })
        .collect()
}

static NACK_UNANSWERED: Rule = Rule {
    name: "rtcp-nack-unanswered",
    severity: Severity::Warning,
    summary: "Packets that were asked for again did not come, or came too late",
    what: "A receiver asked for packets that it misses (NACK), and a fifth of them or more did not pass the place of the capture, or more than \
        250 ms after the first request.",
    why: "The receiver has waited in vain: the picture stood still meanwhile, and a key frame has to repair what is missing.",
    advice: "See whether the sender answers at all (nack negotiated, rtx in use, its history long enough, requests not lost on their way), and \
        how long the round trip is: beyond some 150 ms retransmission comes too late for a conversation, and forward error correction \
        does more.",
    source: "RFC 4585, section 6.2.1; RFC 4588; ITU-T G.114",
};

fn nack_unanswered(case: &Case<'_>) -> Vec<Finding> {
    case.media()
        .filter_map(|(place, known)| {
            let nacks = known.reports.nacks.as_ref().filter(|nacks| nacks.asked >= LEAST_ASKED)?;
            let followed = nacks.asked.saturating_sub(nacks.not_followed).max(1);
            let late = nacks.answered.saturating_sub(nacks.in_time);
            let never = followed.saturating_sub(nacks.answered);
            // A small stream beside it may be its retransmissions, which nothing tells where the capture lacks what they repeat.
            let beside = |(other, small): Placed<'_>| {
                other != place && small.path == known.path && small.received <= nacks.asked * 2
            };
            if nacks.answered == 0 && case.media().any(beside) {
                return None;
            }
            ((late + never) as f64 >= followed as f64 * IN_VAIN && late + never >= LEAST_ASKED).then(|| {
                let message = format!(
                    "{} {}: of {} asked for again {never} never came and {late} came too late",
                    stream(place, known),
                    way(known),
                    count(followed, "packet"),
                );
                let finding = resting(Finding::new(&NACK_UNANSWERED, message), [Some(known.first), Some(known.last)]);
                finding.about(STREAM, name::stream_id(place))
            })
        })
        .collect()
}

static KEY_FRAME_LATE: Rule = Rule {
    name: "rtcp-key-frame-late",
    severity: Severity::Warning,
    summary: "A key frame was asked for and did not come for seconds",
    what: "A receiver asked for a key frame (PLI, FIR), the stream went on, and for two seconds or longer no key frame of it passed. It is told \
        only where the key frames of the stream show.",
    why: "A receiver that asks for a key frame shows nothing, or a picture that stands still, until it comes.",
    advice: "See whether the request reaches the sender: a server has to pass it on, and one that limits requests must not forget them. If it \
        does, look at the encoder.",
    source: "RFC 4585, section 6.3.1; RFC 5104, section 3.5.1",
};

fn key_frame_late(case: &Case<'_>) -> Vec<Finding> {
    case.media()
        .filter_map(|(place, known)| {
            known.frames.as_ref()?.key_frames?;
            let requests = known.reports.key_frame_requests.as_ref()?;
            let waited = |request: &KeyFrameRequest| {
                let unanswered = known.last.time.since(request.moment.time).as_secs_f64();
                request.delay().unwrap_or(unanswered)
            };
            let late = requests.requests.iter().filter(|request| waited(request) >= KEY_FRAME_WAIT);
            let worst = late.clone().max_by(|one, other| waited(one).total_cmp(&waited(other)))?;
            let outcome = if worst.answered.is_some() { "a key frame came after" } else { "none came in" };
            let message = format!(
                "{} {}: a key frame was asked for at {} ({}), and {outcome} {}",
                stream(place, known),
                way(known),
                case.at(worst.moment),
                count(requests.requests.total(), "request"),
                duration(seconds(waited(worst)))
            );
            let moments = [Some(worst.moment), worst.answered].into_iter().chain(late.map(|late| Some(late.moment)));
            let finding = resting(Finding::new(&KEY_FRAME_LATE, message), moments);
            Some(finding.about(STREAM, name::stream_id(place)))
        })
        .collect()
}

static ESTIMATE_BELOW: Rule = Rule {
    name: "rtcp-estimate-below-sent",
    severity: Severity::Warning,
    summary: "A sender sends far more than its receiver takes the link for",
    what: "The receiver told how many bits a second it believes that the link carries (REMB), and the streams that it named went on with more than \
        twice as many in the second behind that, three times or more.",
    why: "Either the estimate is right and queues fill until packets are lost, or it is wrong and the picture will soon be worse than it has \
        to be.",
    advice: "See whether the sender reads REMB at all (goog-remb negotiated) and obeys it; a fixed bitrate in its encoder is the usual reason. If \
        nothing is lost and delay does not grow, look at what the receiver's estimate starts from.",
    source: "draft-alvestrand-rmcat-remb-03, section 2.1",
};

fn estimate_below(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for (place, known) in case.media() {
        let Some(estimates) = &known.reports.estimated_bitrate else { continue };
        let named = &known.reports.estimated_sources;
        // The first of the streams that an estimate is about speaks for all of them.
        let streams = case.sessions().streams().iter().enumerate();
        let all: Vec<Placed<'_>> = streams
            .filter(|(_, one)| one.path.source == known.path.source && named.contains(&one.ssrc))
            .take(NAMED)
            .collect();
        if all.first().is_some_and(|(first, _)| *first != place) {
            continue;
        }
        let sent = |at: Timestamp| all.iter().map(|(_, one)| rate_behind(one, at)).sum::<f64>();
        let pairs = estimates.samples.iter().map(|sample| (sample, sent(sample.moment.time)));
        let above: Vec<_> = pairs.filter(|(sample, sent)| sample.bits_per_second as f64 <= sent * FAR_BELOW).collect();
        let Some((worst, rate)) = above.iter().max_by(|(_, one), (_, other)| one.total_cmp(other)) else { continue };
        if above.len() < LEAST_ESTIMATES {
            continue;
        }
        let message = format!(
            "{} {}: {:.0} kbit/s were sent behind an estimate of {:.0} kbit/s at {}, and more than twice the estimate {} in all",
            stream(place, known),
            way(known),
            rate / 1e3,
            worst.bits_per_second as f64 / 1e3,
            case.at(worst.moment),
            count(above.len() as u64, "time")
        );
        let moments = above.iter().map(|(sample, _)| Some(sample.moment));
        findings.push(resting(Finding::new(&ESTIMATE_BELOW, message), moments).about(STREAM, name::stream_id(place)));
    }
    findings
}

/// What a stream sent in the stretch of its course that begins behind a time, in bit/s; the last one is not full and tells nothing.
fn rate_behind(stream: &Stream, at: Timestamp) -> f64 {
    let (pace, width) = (&stream.pace, stream.pace.width().as_secs_f64());
    let Some(start) = pace.start().filter(|_| width > 0.0) else { return 0.0 };
    let place = (at.seconds_from(start) / width).floor() as i64 + 1;
    let bins = pace.bins().split_last().map_or(&[][..], |(_, full)| full);
    let bin = usize::try_from(place).ok().and_then(|place| bins.get(place));
    bin.map_or(0.0, |bin| bin.bytes as f64 * 8.0 / width)
}

static MISSING: Rule = Rule {
    name: "rtcp-missing",
    severity: Severity::Warning,
    summary: "A sender of media sends no RTCP",
    what: "Media went one way for ten seconds or longer, and no RTCP came from any of its senders, in the clear or encrypted. Senders of \
        media report at least every few seconds. Without ICE it is information, since many telephones do not report and a capture of one \
        port does not show RTCP on the next one.",
    why: "Without sender reports sound and pictures cannot be put in step; without receiver reports nobody learns of loss, and senders do not \
        adapt. In a WebRTC call it means that RTCP is lost or blocked on its way.",
    advice: "See whether rtcp-mux was agreed on: if not, RTCP goes to another port, which a firewall or the filter of the capture may drop. \
        b=RS:0 and b=RR:0 in a description switch it off.",
    source: "RFC 3550, section 6; RFC 8834, section 4.1; RFC 5761; RFC 3556",
};

fn missing(case: &Case<'_>) -> Vec<Finding> {
    // A sender with several streams reports on all of them, so that the silence of one of them tells nothing.
    let flows = group(case.media().map(|(place, stream)| (stream.path.flow().0, (place, stream))));
    flows
        .into_iter()
        .filter_map(|(_, members)| {
            let silent = |(_, one): &Placed<'_>| {
                let mut same = members.iter().filter(|(_, other)| other.path.source == one.path.source);
                same.all(|(_, other)| other.reports.packets == 0)
            };
            let silent: Vec<Placed<'_>> = members.iter().copied().filter(silent).collect();
            let (place, known) =
                *silent.iter().rev().max_by(|(_, one), (_, other)| spoke(one).total_cmp(&spoke(other)))?;
            if spoke(known) < REPORTED_BY {
                return None;
            }
            let back = silent.iter().any(|(_, other)| other.path.source != known.path.source);
            let message = format!(
                "{} {}: no RTCP of its sender in {}{}",
                stream(place, known),
                way(known),
                duration(seconds(known.seconds())),
                if back { ", and none of the other side" } else { "" }
            );
            let severity = if known.session.is_some() { Severity::Warning } else { Severity::Info };
            let finding = resting(Finding::new(&MISSING, message), [Some(known.first), Some(known.last)]);
            Some(finding.with_severity(severity).about(STREAM, name::stream_id(place)))
        })
        .collect()
}

/// For how long a stream was sent, without its pauses.
fn spoke(stream: &Stream) -> f64 {
    stream.seconds() - stream.paused_seconds
}
