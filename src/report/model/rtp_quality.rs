//! How a stream of voice is likely to sound, and what that was made of.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::word::Word;
use crate::session::media::quality::{self, Origin};
use crate::session::media::{self, MediaKind, Role};

/// How a stream of voice is likely to sound, by the E-model (ITU-T G.107) from loss and delay alone.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Quality {
    /// The transmission rating factor R, 0 to 93.2.
    pub r_factor: f64,
    /// The mean opinion score that it stands for, 1 to 4.41.
    pub mos: f64,
    /// What it was made of.
    pub basis: QualityBasis,
}

/// What a rating was made of.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QualityBasis {
    /// The equipment impairment factor Ie of the codec.
    pub equipment_impairment: f64,
    /// Its packet-loss robustness factor Bpl, in percent.
    pub loss_robustness: f64,
    /// Whether both were published or chosen here.
    pub origin: Word<Origin>,
    /// Where they were published, or why these were chosen.
    pub source: String,
    /// The share of packets that the capture is missing.
    pub loss: f64,
    /// How much longer runs of loss were than by chance (`BurstR`); null where nothing was lost and 1 was taken.
    pub burst_ratio: Option<f64>,
    /// Half of the round trip, in seconds; null where it is not known, so that the rating is an upper bound.
    pub one_way_delay: Option<f64>,
}

impl Quality {
    /// That of `stream`, whose packets take `round_trip` seconds there and back.
    pub(super) fn of(stream: &media::Stream, round_trip: Option<f64>) -> Option<Self> {
        if stream.role != Role::Media || stream.kind != Some(MediaKind::Audio) {
            return None;
        }
        let half = round_trip.and_then(|seconds| Duration::try_from_secs_f64(seconds / 2.0).ok());
        let scored = quality::score(stream.codec.as_deref()?, stream.loss(), stream.bursts.mean_length(), half)?;
        let basis = scored.basis;
        let (Origin::Published { source } | Origin::Heuristic { why: source }) = basis.impairment.origin;
        Some(Self {
            r_factor: scored.r_factor,
            mos: scored.mos,
            basis: QualityBasis {
                equipment_impairment: basis.impairment.equipment,
                loss_robustness: basis.impairment.robustness,
                origin: Word(basis.impairment.origin),
                source: source.to_owned(),
                loss: basis.loss,
                burst_ratio: basis.burst_ratio,
                one_way_delay: basis.one_way_delay.map(|delay| delay.as_secs_f64()),
            },
        })
    }
}
