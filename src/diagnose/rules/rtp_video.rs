//! Pictures that stand still, come seldom, or are sent anew all the time.

use super::Row;
use super::rtp_loss::lossy;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::media::{Placed, percent, seconds, stream, way};
use crate::diagnose::name::{self, STREAM};
use crate::diagnose::wording::{count, duration};
use crate::finding::{Finding, Rule, Severity};
use crate::session::media::{Bin, Freeze, Stream};

pub(super) static RULES: &[Row] =
    &[(&FREEZE, freeze), (&FRAME_RATE_COLLAPSE, frame_rate_collapse), (&KEY_FRAME_STORM, key_frame_storm)];

/// Time for which pictures stood still that people complain of: in one piece, or in all.
const FROZEN_WARNING: f64 = 1.0;
/// The share of a stream's life for which pictures stood still that ruins it.
const FROZEN_ERROR: f64 = 0.20;
/// A frame rate from which a collapse is one: below it nothing is smooth anyway.
const SMOOTH: f64 = 8.0;
/// The part of its usual rate that a collapsed stream still has at most.
const COLLAPSED: f64 = 1.0 / 3.0;
/// For how long it has to be so, in seconds: shorter than that is a freeze.
const COLLAPSED_FOR: f64 = 3.0;
/// Bins that show what is usual.
const BINS: usize = 6;
/// Key frames that make a storm, and the mean time between them, in seconds: senders make one on demand, servers ask every two or three
/// seconds at most.
const STORM_FRAMES: u64 = 8;
const STORM_INTERVAL: f64 = 1.0;

static FREEZE: Rule = Rule {
    name: "rtp-freeze",
    severity: Severity::Warning,
    summary: "Pictures stood still",
    what: "Between two frames of video passed more than three times the usual interval, and 150 ms more than it, as libwebrtc counts freezes. \
        It is measured where the capture was made: a receiver that waits for what was lost behind it freezes longer. Less than a \
        second in all is information. Freezes by loss are told with the loss. Where the sender made no frame in that time, the finding says so; a stream that pauses in good order \
        is no freeze.",
    why: "A frozen picture is what people notice first.",
    advice: "Lost packets in the freeze: see the findings about loss. Packets that came late: a full queue, see jitter. No frame of the \
        sender: its camera, its encoder or its processor.",
    source: "W3C webrtc-stats, freezeCount; libwebrtc, VideoQualityObserver",
};

fn freeze(case: &Case<'_>) -> Vec<Finding> {
    case.media()
        .filter_map(|(place, known)| {
            let frames = known.frames.as_ref().filter(|frames| frames.freezes > 0)?;
            let longest = frames.longest_freeze?;
            let missing = missing_in(known, &longest);
            // Loss that is told with the streams beside it tells this too.
            if missing > 0 && lossy(known).is_some_and(|severity| severity > Severity::Info) {
                return None;
            }
            // What the sender did not make is its pause, unless what it sent was lost.
            let held_up = frames.freezes > frames.freezes_of_sender || missing > 0;
            if !held_up && (longest.seconds() < FROZEN_WARNING || paused(known, &longest)) {
                return None;
            }
            let own = match frames.freezes_of_sender {
                own if own > 0 && held_up && own < frames.freezes => format!(" ({own} of them for want of frames)"),
                _ => String::new(),
            };
            // How long those took that the sender made is not kept: the longest one speaks for the others.
            let held = if frames.freezes_of_sender == 0 { frames.frozen_seconds } else { longest.seconds() };
            let why = match (missing, longest.sender) {
                (0, true) => "the sender made no frame in it".to_owned(),
                (0, false) => "its packets came late".to_owned(),
                (missing, _) => format!("{} missing in it", count(missing, "packet")),
            };
            let message = format!(
                "{} {}: {}{own}, {} in all, the longest of {} from {} on; {why}",
                stream(place, known),
                way(known),
                count(frames.freezes, "freeze"),
                duration(seconds(frames.frozen_seconds)),
                duration(seconds(longest.seconds())),
                case.at(longest.begin)
            );
            let severity = match held {
                _ if !held_up || (longest.sender && missing == 0) => Severity::Info,
                frozen if frozen >= FROZEN_WARNING && frozen >= known.seconds() * FROZEN_ERROR => Severity::Error,
                frozen if frozen >= FROZEN_WARNING => Severity::Warning,
                _ => Severity::Info,
            };
            let finding = resting(Finding::new(&FREEZE, message), [Some(longest.begin), Some(longest.end)]);
            Some(finding.with_severity(severity).about(STREAM, name::stream_id(place)))
        })
        .collect()
}

/// Packets missing while pictures stood still.
fn missing_in(stream: &Stream, freeze: &Freeze) -> u64 {
    let inside = stream.gaps.iter().filter(|gap| freeze.begin < gap.moment && gap.moment <= freeze.end);
    inside.map(|gap| gap.missing).sum()
}

/// Whether the stream sent nothing for a second or more there, and lost nothing.
fn paused(stream: &Stream, freeze: &Freeze) -> bool {
    let within = |begin, end| begin < freeze.end.time && freeze.begin.time < end;
    stream.silences.iter().any(|silence| silence.missing == 0 && within(silence.begin.time, silence.end.time))
}

static FRAME_RATE_COLLAPSE: Rule = Rule {
    name: "rtp-frame-rate-collapse",
    severity: Severity::Warning,
    summary: "The frame rate of a video fell to less than a third",
    what: "For three seconds or longer a stream had less than a third of the frames a second that it has otherwise, eight or more, while it \
        went on. A still picture of a screen has the same effect in good order: its sender makes frames only when something changes.",
    why: "Movement gets jerky. A sender that has to save bits takes away frames before it takes away sharpness where it is told to \
        maintain the resolution (degradationPreference).",
    advice: "See whether loss, jitter or a low estimate of the bandwidth begin at that time: then the network is the cause. Otherwise look at the \
        sender: its processor, its camera in the dark, a tab in the background.",
    source: "W3C mst-content-hint, degradationPreference; ITU-T G.1010",
};

fn frame_rate_collapse(case: &Case<'_>) -> Vec<Finding> {
    case.media()
        .filter_map(|(place, known)| {
            known.frames.as_ref()?;
            let collapse = collapse(known)?;
            let start = known.pace.start()?;
            let at = start.seconds_from(case.facts().first.unwrap_or_default()) + collapse.from;
            let message = format!(
                "{} {}: {:.1} frames a second for {} from {at:+.0} s on, of {:.0} at other times",
                stream(place, known),
                way(known),
                collapse.rate,
                duration(seconds(collapse.length)),
                collapse.usual
            );
            let finding = resting(Finding::new(&FRAME_RATE_COLLAPSE, message), [Some(known.first), Some(known.last)]);
            Some(finding.about(STREAM, name::stream_id(place)))
        })
        .collect()
}

/// A stretch with few frames; times in seconds from the first packet.
struct Collapse {
    from: f64,
    length: f64,
    rate: f64,
    usual: f64,
}

/// The longest stretch with few frames. The last bin is not full, and in the first one a stream only begins.
fn collapse(stream: &Stream) -> Option<Collapse> {
    let width = stream.pace.width().as_secs_f64();
    let (_, bins) = stream.pace.bins().split_last()?;
    let mut rates: Vec<u32> = bins.iter().filter(|bin| bin.packets > 0).map(|bin| bin.frames).collect();
    rates.sort_unstable();
    let usual = f64::from(*rates.get(rates.len() / 2)?) / width;
    if rates.len() < BINS || usual < SMOOTH {
        return None;
    }
    let few = |bin: &Bin| bin.packets > 0 && f64::from(bin.frames) / width < usual * COLLAPSED;
    let (mut begin, mut best) = (None, None::<(usize, usize)>);
    for (at, bin) in bins.iter().enumerate().skip(1).chain(std::iter::once((bins.len(), &Bin::default()))) {
        match (few(bin), begin) {
            (true, None) => begin = Some(at),
            (false, Some(from)) => {
                begin = None;
                best = best.filter(|(known, end)| end - known >= at - from).or(Some((from, at)));
            }
            _ => {}
        }
    }
    let (from, end) = best?;
    let length = (end - from) as f64 * width;
    let frames: u32 = bins.iter().skip(from).take(end - from).map(|bin| bin.frames).sum();
    (length >= COLLAPSED_FOR).then(|| Collapse {
        from: from as f64 * width,
        length,
        rate: f64::from(frames) / length,
        usual,
    })
}

static KEY_FRAME_STORM: Rule = Rule {
    name: "rtp-key-frame-storm",
    severity: Severity::Warning,
    summary: "A video is sent anew all the time",
    what: "Key frames of a stream come more often than once a second, eight or more of them. Senders of a call make a key frame when somebody \
        asks for it: somebody asks all the time. Layers of one source count once. Key frames show in the clear and in dependency \
        descriptors; in other encrypted streams they do not.",
    why: "A key frame is several times as large as another frame: the picture gets coarse, and its bursts fill queues and cause the loss that \
        leads to the next request.",
    advice: "Find who asks (PLI, FIR): a receiver that cannot decode what it gets, a recorder, a server that asks for everybody who joins and \
        does not limit how often. Servers should pass on one request a second or less.",
    source: "RFC 4585, section 6.3.1; RFC 5104, section 3.5.1",
};

fn key_frame_storm(case: &Case<'_>) -> Vec<Finding> {
    let stormy = |(place, known): Placed<'_>| {
        let frames = known.frames.as_ref()?;
        let (number, interval) = (frames.key_frames?, frames.key_frame_interval()?);
        // The first of several layers speaks for all of them.
        let first = known.simulcast.iter().all(|other| *other > place);
        (first && number >= STORM_FRAMES && interval <= STORM_INTERVAL).then_some((number, interval))
    };
    case.media()
        .filter_map(|placed| {
            let ((place, known), (number, interval)) = (placed, stormy(placed)?);
            let frames = known.frames.as_ref()?;
            let layers = known.simulcast.len() as u64;
            let beside = if layers == 0 {
                String::new()
            } else {
                format!("; {} of the same source alike", count(layers, "other layer"))
            };
            let message = format!(
                "{} {}: {number} key frames, one every {}, {} of all frames{beside}",
                stream(place, known),
                way(known),
                duration(seconds(interval)),
                percent(number as f64 / frames.received.max(1) as f64)
            );
            let moments =
                frames.key_frame_moments.iter().flat_map(|moments| moments.iter()).map(|moment| Some(*moment));
            Some(resting(Finding::new(&KEY_FRAME_STORM, message), moments).about(STREAM, name::stream_id(place)))
        })
        .collect()
}
