//! How a stream went: losses in runs, silences, what is not smooth, its rate over time.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use super::word::Word;
use crate::abbreviated::Abbreviated;
use crate::session::media::{self, DiscontinuityKind, ProfileFamily, RUN_LENGTHS};

/// A payload type that a stream used.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayloadTypeUse {
    /// The number.
    pub payload_type: u8,
    /// The encoding name.
    pub codec: Option<String>,
    /// Packets with it.
    pub packets: u64,
    /// The first of them.
    pub first_time: f64,
    /// The frame of that.
    pub first_frame: u64,
}

/// How SRTP protects a stream, inferred from where the index of SRTCP stands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SrtpProtection {
    /// The family of profiles.
    pub family: Word<ProfileFamily>,
    /// Bytes of the tag of an SRTP packet; unknown where the family has several.
    pub tag_length: Option<usize>,
    /// Bytes of the tag of an SRTCP packet.
    pub rtcp_tag_length: usize,
    /// Always true: without the handshake or the keys it cannot be known.
    pub inferred: bool,
}

/// How long a relay took from one leg to the other, in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelayDelay {
    /// Packets whose time is known on both legs.
    pub packets: u64,
    /// The mean.
    pub mean: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

/// A stretch without a new picture.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Freeze {
    /// The end of the frame before it.
    pub time: f64,
    /// The packet that ended it.
    pub frame: u64,
    /// How long it took, in seconds.
    pub duration: f64,
    /// Whether the sender made no frame in that time.
    pub sender: bool,
}

/// How fast the sender's clock is against the capture's, in parts in a million.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DriftOf {
    /// Positive where the sender's is fast.
    pub ppm: f64,
    /// The standard error.
    pub error_ppm: f64,
}

/// Losses in runs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LossBursts {
    /// Runs of lost packets.
    pub count: u64,
    /// The longest.
    pub longest: u64,
    /// Packets lost in a row, the mean.
    pub mean_length: Option<f64>,
    /// Packets received between two runs, the mean.
    pub mean_gap: Option<f64>,
    /// `p` of the Gilbert model: the chance that a packet is lost behind one that was received.
    pub p: Option<f64>,
    /// `r` of the Gilbert model: the chance that a packet is received behind one that was lost.
    pub r: Option<f64>,
    /// How much longer runs are than by chance (`BurstR` of ITU-T G.107).
    pub burst_ratio: Option<f64>,
    /// Runs of lost packets by length.
    pub lengths: Vec<RunClass>,
    /// Runs of received packets before a loss by length.
    pub gap_lengths: Vec<RunClass>,
    /// Holes when they appeared; some of their packets may have come late.
    pub gaps: Vec<Gap>,
    /// Holes left out.
    pub gaps_omitted: u64,
}

/// Runs of some lengths.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunClass {
    /// The least length.
    pub from: u64,
    /// The greatest; none for the last class.
    pub to: Option<u64>,
    /// How many there were.
    pub count: u64,
}

/// Packets missing in a row.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The packet behind.
    pub time: f64,
    /// Its frame.
    pub frame: u64,
    /// How many were missing then.
    pub packets: u64,
}

/// A stretch of a second or more without a packet.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Silence {
    /// The last packet before it.
    pub time: f64,
    /// Its frame.
    pub frame: u64,
    /// How long it took, in seconds.
    pub duration: f64,
    /// Packets lost in it; 0 for a pause of the sender.
    pub packets_lost: u64,
}

/// What is not smooth.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Discontinuity {
    /// The first packet behind it.
    pub time: f64,
    /// Its frame.
    pub frame: u64,
    /// What it is.
    pub kind: Word<DiscontinuityKind>,
    /// Ticks that the timestamp jumped.
    pub ticks: Option<i32>,
    /// The payload type before a change.
    pub from: Option<u8>,
    /// The payload type behind it.
    pub to: Option<u8>,
}

/// How a stream went over time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Traffic {
    /// Seconds of one entry.
    pub interval: f64,
    /// Entries from the first packet on; sixty at most, they widen as the stream lasts.
    pub entries: Vec<TrafficEntry>,
    /// With `--series`, each second from the first packet on that had packets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Vec<TrafficEntry>>,
}

/// What went by in one stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrafficEntry {
    /// When it begins.
    pub time: f64,
    /// Packets.
    pub packets: u32,
    /// Bytes of RTP.
    pub bytes: u64,
    /// Frames begun.
    pub frames: u32,
    /// Numbers missing when a later one came.
    pub missing: u32,
}

impl PayloadTypeUse {
    pub(super) fn new(used: &media::PayloadTypeUse, clock: Clock) -> Self {
        Self {
            payload_type: used.payload_type.0,
            codec: used.codec.clone(),
            packets: used.packets,
            first_time: clock.time(used.first),
            first_frame: used.first.frame.0,
        }
    }
}

impl From<media::Protection> for SrtpProtection {
    fn from(protection: media::Protection) -> Self {
        Self {
            family: Word(protection.family),
            tag_length: protection.tag_length,
            rtcp_tag_length: protection.family.rtcp_tag_length(),
            inferred: true,
        }
    }
}

impl From<media::RelayDelay> for RelayDelay {
    fn from(delay: media::RelayDelay) -> Self {
        Self { packets: delay.packets, mean: delay.mean, min: delay.minimum, max: delay.maximum }
    }
}

impl Freeze {
    pub(super) fn new(freeze: media::Freeze, clock: Clock) -> Self {
        Self {
            time: clock.time(freeze.begin),
            frame: freeze.end.frame.0,
            duration: freeze.seconds(),
            sender: freeze.sender,
        }
    }
}

impl From<media::Drift> for DriftOf {
    fn from(drift: media::Drift) -> Self {
        Self { ppm: drift.ppm, error_ppm: drift.error_ppm }
    }
}

fn classes(counts: &[u64]) -> Vec<RunClass> {
    let ends = RUN_LENGTHS.into_iter().map(Some).chain([None]);
    let mut from = 1;
    let rows = counts.iter().zip(ends).map(|(count, to)| {
        let class = RunClass { from, to, count: *count };
        from = to.map_or(from, |to| to + 1);
        class
    });
    rows.filter(|class| class.count > 0).collect()
}

impl LossBursts {
    pub(super) fn new(bursts: &media::Bursts, gaps: &Abbreviated<media::Gap>, clock: Clock) -> Self {
        Self {
            count: bursts.runs(),
            longest: bursts.longest(),
            mean_length: bursts.mean_length(),
            mean_gap: bursts.mean_gap(),
            p: bursts.p().filter(|_| bursts.runs() > 0),
            r: bursts.r(),
            burst_ratio: bursts.burst_ratio(),
            lengths: classes(bursts.lengths()),
            gap_lengths: classes(bursts.gaps()),
            gaps: gaps
                .iter()
                .map(|gap| Gap { time: clock.time(gap.moment), frame: gap.moment.frame.0, packets: gap.missing })
                .collect(),
            gaps_omitted: gaps.omitted(),
        }
    }
}

impl Silence {
    pub(super) fn all(silences: &Abbreviated<media::Silence>, clock: Clock) -> (Vec<Self>, u64) {
        let one = |silence: &media::Silence| Self {
            time: clock.time(silence.begin),
            frame: silence.begin.frame.0,
            duration: silence.end.time.seconds_from(silence.begin.time),
            packets_lost: silence.missing,
        };
        (silences.iter().map(one).collect(), silences.omitted())
    }
}

impl Discontinuity {
    pub(super) fn all(all: &Abbreviated<media::Discontinuity>, clock: Clock) -> (Vec<Self>, u64) {
        let one = |one: &media::Discontinuity| {
            let (ticks, from, to) = match one.kind {
                DiscontinuityKind::SequenceRestart => (None, None, None),
                DiscontinuityKind::TimestampJump { ticks } => (Some(ticks), None, None),
                DiscontinuityKind::PayloadTypeChange { from, to } => (None, Some(from.0), Some(to.0)),
            };
            Self { time: clock.time(one.moment), frame: one.moment.frame.0, kind: Word(one.kind), ticks, from, to }
        };
        (all.iter().map(one).collect(), all.omitted())
    }
}

impl Traffic {
    pub(super) fn new(pace: &media::Pace, clock: Clock) -> Self {
        let start = pace.start().map_or(0.0, |start| clock.at(start));
        let interval = pace.width().as_secs_f64();
        let entry = |width: f64| {
            move |(place, bin): (u32, &media::Bin)| TrafficEntry {
                time: start + width * f64::from(place),
                packets: bin.packets,
                bytes: bin.bytes,
                frames: bin.frames,
                missing: bin.missing,
            }
        };
        Self {
            interval,
            entries: (0..).zip(pace.bins()).map(entry(interval)).collect(),
            series: pace
                .series()
                .map(|series| series.iter().map(|(second, bin)| (*second, bin)).map(entry(1.0)).collect()),
        }
    }
}
