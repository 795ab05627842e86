//! How a call sounds (RFC 3611 section 4.7).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::Ssrc;

/// The value of a level, a factor or a score that was not measured.
const UNAVAILABLE: u8 = 127;

/// Loss, delay, levels and scores of one source, as they stand on the wire. Those that may be unavailable have a call
/// that says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VoipMetrics {
    /// The source.
    pub ssrc: Ssrc,
    /// The part lost since the beginning, in units of 1/256.
    pub loss_rate: u8,
    /// The part that came too late or too early for the jitter buffer, in units of 1/256.
    pub discard_rate: u8,
    /// The part lost or discarded within bursts, in units of 1/256.
    pub burst_density: u8,
    /// The part lost or discarded between bursts, in units of 1/256.
    pub gap_density: u8,
    /// How long bursts are on average, in milliseconds.
    pub burst_duration_ms: u16,
    /// How long the gaps between them are on average, in milliseconds.
    pub gap_duration_ms: u16,
    /// The last round trip, in milliseconds; zero where it is not known.
    pub round_trip_delay_ms: u16,
    /// The delay within this end, in milliseconds; zero where it is not known.
    pub end_system_delay_ms: u16,
    /// How loud speech is; see [`signal_level_dbm0`](Self::signal_level_dbm0).
    pub signal_level: u8,
    /// How loud noise is; see [`noise_level_dbm0`](Self::noise_level_dbm0).
    pub noise_level: u8,
    /// How much echo is left; see [`residual_echo_return_loss_db`](Self::residual_echo_return_loss_db).
    pub residual_echo_return_loss: u8,
    /// How many packets in a row must arrive to end a burst.
    pub gap_threshold: u8,
    /// The transmission rating; see [`transmission_rating`](Self::transmission_rating).
    pub r_factor: u8,
    /// The same of a network behind this one.
    pub external_r_factor: u8,
    /// The score for listening; see [`listening_quality`](Self::listening_quality).
    pub mos_lq: u8,
    /// The score for conversation; see [`conversational_quality`](Self::conversational_quality).
    pub mos_cq: u8,
    /// How losses are concealed (two bits), whether the jitter buffer adapts (two bits), how fast (four bits).
    pub receiver_configuration: u8,
    /// The usual delay of the jitter buffer, in milliseconds.
    pub jitter_buffer_nominal_ms: u16,
    /// Its present maximum, in milliseconds.
    pub jitter_buffer_maximum_ms: u16,
    /// The most it can ever be, in milliseconds.
    pub jitter_buffer_absolute_maximum_ms: u16,
}

fn available(value: u8) -> Option<u8> {
    Some(value).filter(|value| *value != UNAVAILABLE)
}

impl VoipMetrics {
    /// How loud speech is, in dBm0.
    #[must_use]
    pub fn signal_level_dbm0(&self) -> Option<i8> {
        available(self.signal_level).map(u8::cast_signed)
    }

    /// How loud noise is, in dBm0.
    #[must_use]
    pub fn noise_level_dbm0(&self) -> Option<i8> {
        available(self.noise_level).map(u8::cast_signed)
    }

    /// How much echo is left, in decibels below the signal.
    #[must_use]
    pub fn residual_echo_return_loss_db(&self) -> Option<u8> {
        available(self.residual_echo_return_loss)
    }

    /// The transmission rating R of ITU-T G.107, 0 to 100; what is above is not one either.
    #[must_use]
    pub fn transmission_rating(&self) -> Option<u8> {
        available(self.r_factor).filter(|rating| *rating <= 100)
    }

    /// The mean opinion score for listening, 1.0 to 5.0.
    #[must_use]
    pub fn listening_quality(&self) -> Option<f64> {
        score(self.mos_lq)
    }

    /// The mean opinion score for conversation, 1.0 to 5.0.
    #[must_use]
    pub fn conversational_quality(&self) -> Option<f64> {
        score(self.mos_cq)
    }
}

/// A score is ten times what it stands for, and only 10 to 50 are scores.
fn score(value: u8) -> Option<f64> {
    (10..=50).contains(&value).then(|| f64::from(value) / 10.0)
}

fn byte<R: Record>(
    cursor: &mut Cursor<'_, R>,
    name: &'static str,
    label: &'static str,
    unavailable: bool,
) -> Result<u8, Error> {
    let value = cursor.number(8, name, label)?;
    if unavailable && value == UNAVAILABLE {
        cursor.means(|| "unavailable".to_owned());
    }
    Ok(value)
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: u8) -> Result<VoipMetrics, Error> {
    let mut read = VoipMetrics {
        ssrc: Ssrc(cursor.code(32, "rtcp.ssrc.identifier", "identifier")?),
        loss_rate: byte(cursor, "rtcp.ssrc.fraction", "fraction lost", false)?,
        discard_rate: byte(cursor, "rtcp.ssrc.discarded", "fraction discarded", false)?,
        burst_density: byte(cursor, "rtcp.xr.voipmetrics.burstdensity", "burst density", false)?,
        gap_density: byte(cursor, "rtcp.xr.voipmetrics.gapdensity", "gap density", false)?,
        ..VoipMetrics::default()
    };
    read.burst_duration_ms = cursor.number(16, "rtcp.xr.voipmetrics.burstduration", "burst duration")?;
    read.gap_duration_ms = cursor.number(16, "rtcp.xr.voipmetrics.gapduration", "gap duration")?;
    read.round_trip_delay_ms = cursor.number(16, "rtcp.xr.voipmetrics.rtdelay", "round trip delay")?;
    read.end_system_delay_ms = cursor.number(16, "rtcp.xr.voipmetrics.esdelay", "end system delay")?;
    read.signal_level = byte(cursor, "rtcp.xr.voipmetrics.signallevel", "signal level", true)?;
    read.noise_level = byte(cursor, "rtcp.xr.voipmetrics.noiselevel", "noise level", true)?;
    read.residual_echo_return_loss = byte(cursor, "rtcp.xr.voipmetrics.rerl", "residual echo return loss", true)?;
    read.gap_threshold = byte(cursor, "rtcp.xr.voipmetrics.gmin", "gap threshold", false)?;
    read.r_factor = byte(cursor, "rtcp.xr.voipmetrics.rfactor", "R factor", true)?;
    read.external_r_factor = byte(cursor, "rtcp.xr.voipmetrics.extrfactor", "external R factor", true)?;
    read.mos_lq = byte(cursor, "rtcp.xr.voipmetrics.moslq", "MOS, listening quality", true)?;
    read.mos_cq = byte(cursor, "rtcp.xr.voipmetrics.moscq", "MOS, conversational quality", true)?;
    read.receiver_configuration = cursor.code(8, "rtcp.xr.voipmetrics.rxconfig", "receiver configuration")?;
    cursor.reserved(8, "rtcp.xr.voipmetrics.reserved")?;
    read.jitter_buffer_nominal_ms = cursor.number(16, "rtcp.xr.voipmetrics.jbnominal", "nominal jitter buffer")?;
    read.jitter_buffer_maximum_ms = cursor.number(16, "rtcp.xr.voipmetrics.jbmax", "maximum jitter buffer")?;
    let absolute = cursor.number(16, "rtcp.xr.voipmetrics.jbabsmax", "absolute maximum jitter buffer")?;
    read.jitter_buffer_absolute_maximum_ms = absolute;
    Ok(read)
}

pub(super) fn emit(block: &VoipMetrics, out: &mut Vec<u8>) -> u8 {
    out.extend(block.ssrc.0.to_be_bytes());
    out.extend([block.loss_rate, block.discard_rate, block.burst_density, block.gap_density]);
    let times = [block.burst_duration_ms, block.gap_duration_ms, block.round_trip_delay_ms, block.end_system_delay_ms];
    out.extend(times.into_iter().flat_map(u16::to_be_bytes));
    out.extend([block.signal_level, block.noise_level, block.residual_echo_return_loss, block.gap_threshold]);
    out.extend([block.r_factor, block.external_r_factor, block.mos_lq, block.mos_cq]);
    out.extend([block.receiver_configuration, 0]);
    let buffers =
        [block.jitter_buffer_nominal_ms, block.jitter_buffer_maximum_ms, block.jitter_buffer_absolute_maximum_ms];
    out.extend(buffers.into_iter().flat_map(u16::to_be_bytes));
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_no_number() {
        let bare = VoipMetrics { signal_level: 127, r_factor: 127, mos_lq: 127, ..VoipMetrics::default() };
        assert_eq!(
            (bare.signal_level_dbm0(), bare.transmission_rating(), bare.listening_quality()),
            (None, None, None)
        );
    }

    #[test]
    fn levels_have_a_sign_and_scores_a_tenth() {
        let full = VoipMetrics { signal_level: 0xEC, r_factor: 93, mos_cq: 44, ..VoipMetrics::default() };
        assert_eq!((full.signal_level_dbm0(), full.transmission_rating()), (Some(-20), Some(93)));
        assert_eq!(full.conversational_quality(), Some(4.4));
    }

    #[test]
    fn every_number_stands_where_rfc_3611_has_it() {
        let bytes: Vec<u8> = [0, 0, 0, 7].into_iter().chain(1..=28).collect();
        let read = read(&mut Cursor::silent(&bytes, 8), 0).unwrap();
        assert_eq!((read.ssrc, read.loss_rate, read.gap_density), (Ssrc(7), 1, 4));
        assert_eq!((read.burst_duration_ms, read.end_system_delay_ms), (0x0506, 0x0B0C));
        assert_eq!((read.signal_level, read.gap_threshold, read.r_factor, read.mos_cq), (13, 16, 17, 20));
        assert_eq!((read.jitter_buffer_nominal_ms, read.jitter_buffer_absolute_maximum_ms), (0x1718, 0x1B1C));
    }
}
