//! Opus and telephone events.

use crate::sdp::list::Parameters;

/// Parameters of Opus (RFC 7587, section 6.1). They say what the writer wants to receive, `sprop-` what it
/// sends.
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// let parameters = CodecParameters::new("opus", Parameters("stereo=1;usedtx=1"));
/// assert!(matches!(parameters, CodecParameters::Opus(opus) if opus.stereo && opus.use_dtx));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Opus {
    /// The greatest sampling rate that is of use, in Hz; 48000 where it is not said.
    pub max_playback_rate_hz: u32,
    /// The greatest sampling rate that will be sent, in Hz; 48000 where it is not said.
    pub sprop_max_capture_rate_hz: u32,
    /// The longest packet, in ms.
    pub max_ptime_ms: Option<u32>,
    /// The packet length that is preferred, in ms.
    pub ptime_ms: Option<u32>,
    /// The shortest packet, in ms.
    pub min_ptime_ms: Option<u32>,
    /// The greatest mean rate, in bit/s.
    pub max_average_bitrate_bps: Option<u32>,
    /// Whether stereo is preferred.
    pub stereo: bool,
    /// Whether stereo is likely to be sent.
    pub sprop_stereo: bool,
    /// Whether a constant rate is wanted.
    pub constant_bitrate: bool,
    /// Whether in-band forward error correction can be used.
    pub use_inband_fec: bool,
    /// Whether discontinuous transmission can be used.
    pub use_dtx: bool,
}

impl Opus {
    pub(super) fn new(parameters: Parameters<'_>) -> Self {
        let switch = |name| parameters.switch(name).unwrap_or(false);
        Self {
            max_playback_rate_hz: parameters.number("maxplaybackrate").unwrap_or(48_000),
            sprop_max_capture_rate_hz: parameters.number("sprop-maxcapturerate").unwrap_or(48_000),
            max_ptime_ms: parameters.number("maxptime"),
            ptime_ms: parameters.number("ptime"),
            min_ptime_ms: parameters.number("minptime"),
            max_average_bitrate_bps: parameters.number("maxaveragebitrate"),
            stereo: switch("stereo"),
            sprop_stereo: switch("sprop-stereo"),
            constant_bitrate: switch("cbr"),
            use_inband_fec: switch("useinbandfec"),
            use_dtx: switch("usedtx"),
        }
    }
}

/// Parameters of telephone events (RFC 4733, section 2.4.1).
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// let parameters = CodecParameters::new("telephone-event", Parameters("0-11,16"));
/// assert!(
///     matches!(parameters, CodecParameters::TelephoneEvent(events) if events.includes(16) && !events.includes(12))
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct TelephoneEvent<'a> {
    /// Event numbers and ranges between commas, such as `0-15`; empty means 0 to 15.
    pub events: &'a str,
}

impl<'a> TelephoneEvent<'a> {
    pub(super) fn new(parameters: Parameters<'a>) -> Self {
        Self { events: parameters.value("events").or_else(|| parameters.value("")).unwrap_or_default() }
    }

    /// Whether this event can be sent.
    ///
    /// The events are ranges and may be left out altogether, so a look at the text does not tell.
    #[must_use]
    pub fn includes(&self, event: u8) -> bool {
        let events = if self.events.is_empty() { "0-15" } else { self.events };
        events.split(',').any(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let number = |text: &str| text.trim().parse::<u8>().ok();
            matches!((number(first), number(last)), (Some(first), Some(last)) if (first..=last).contains(&event))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_events_are_read() {
        let events = TelephoneEvent::new(Parameters("0-11,16"));
        assert_eq!([0, 11, 12, 16].map(|event| events.includes(event)), [true, true, false, true]);
    }
}
