//! Levels of sound: ssrc-audio-level, csrc-audio-level, inband-cn.

use super::value::Value;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// How loud a packet is (RFC 6464).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioLevel {
    /// Whether the sender takes it for speech.
    pub voice: bool,
    /// Decibels below full scale, 0 for the loudest and 127 for silence.
    pub level: u8,
}

/// How loud each contributing source is, in the order of the CSRCs (RFC 6465).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsrcAudioLevels<'a>(&'a [u8]);

impl<'a> CsrcAudioLevels<'a> {
    /// Decibels below full scale, 0 for the loudest and 127 for silence.
    pub fn levels(&self) -> impl ExactSizeIterator<Item = u8> + 'a {
        self.0.iter().map(|byte| byte & 0x7F)
    }
}

/// Noise that a receiver should fill silence with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComfortNoise {
    /// Its level in decibels below full scale; nothing where there is none to be made.
    pub level: Option<u8>,
}

pub(super) fn ssrc_level<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let voice = cursor.flag("rtp.ext.audio_level.voice", "voice activity")?;
    let level = cursor.number(7, "rtp.ext.audio_level.level", "level")?;
    cursor.means(|| format!("-{level} dBov"));
    Ok(Value::AudioLevel(AudioLevel { voice, level }))
}

pub(super) fn csrc_levels<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let levels = cursor.rest();
    for _ in levels {
        cursor.reserved(1, "rtp.ext.csrc_audio_level.reserved")?;
        let level: u8 = cursor.number(7, "rtp.ext.csrc_audio_level.level", "level")?;
        cursor.means(|| format!("-{level} dBov"));
    }
    Ok(Value::CsrcAudioLevels(CsrcAudioLevels(levels)))
}

pub(super) fn comfort_noise<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let none = cursor.flag("rtp.ext.inband_cn.none", "no comfort noise")?;
    let level = cursor.number(7, "rtp.ext.inband_cn.level", "noise level")?;
    Ok(Value::ComfortNoise(ComfortNoise { level: Some(level).filter(|_| !none) }))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn voice_is_the_top_bit() {
        let value = Kind::SsrcAudioLevel.decode(&[0x80 | 90]).unwrap();
        assert_eq!(value, Value::AudioLevel(AudioLevel { voice: true, level: 90 }));
    }

    #[test]
    fn one_level_a_csrc() {
        let Value::CsrcAudioLevels(levels) = Kind::CsrcAudioLevel.decode(&[5, 0x80 | 127]).unwrap() else {
            panic!("another value")
        };
        assert_eq!(levels.levels().collect::<Vec<_>>(), [5, 127]);
    }

    #[test]
    fn no_noise_has_no_level() {
        let level = |byte| Kind::InbandComfortNoise.decode(&[byte]).map(|value| format!("{value:?}")).unwrap();
        assert_eq!(level(0x85), "ComfortNoise(ComfortNoise { level: None })");
        assert_eq!(level(0x05), "ComfortNoise(ComfortNoise { level: Some(5) })");
    }
}
