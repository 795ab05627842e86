//! H.264 (RFC 6184).

use std::fmt;

use crate::sdp::list::Parameters;

/// Parameters of H.264 (RFC 6184, section 8.1).
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// let parameters = CodecParameters::new("H264", Parameters("packetization-mode=1;profile-level-id=42e01f"));
/// assert!(matches!(parameters, CodecParameters::H264(h264) if h264.packetization_mode == 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct H264<'a> {
    /// Profile and level; Baseline 1.0 where it is not said; `None` where it is no six hexadecimal digits.
    pub profile_level_id: Option<ProfileLevelId>,
    /// 0 single NAL units, 1 also aggregates and fragments, 2 interleaved.
    pub packetization_mode: u8,
    /// Whether either side may send a higher level than the other offers.
    pub level_asymmetry_allowed: bool,
    /// Parameter sets in base64, between commas.
    pub sprop_parameter_sets: Option<&'a str>,
    /// The most macroblocks in a second.
    pub max_mbps: Option<u32>,
    /// The most macroblocks in a frame.
    pub max_fs: Option<u32>,
    /// The greatest rate, in units of 1000 bit/s (1200 in the high profiles).
    pub max_br: Option<u32>,
}

impl<'a> H264<'a> {
    pub(super) fn new(parameters: Parameters<'a>) -> Self {
        let baseline = ProfileLevelId { profile_idc: 66, constraints: 0, level_idc: 10 };
        let profile_level_id = match parameters.value("profile-level-id") {
            Some(text) => ProfileLevelId::parse(text),
            None => Some(baseline),
        };
        Self {
            profile_level_id,
            packetization_mode: parameters.number("packetization-mode").unwrap_or(0),
            level_asymmetry_allowed: parameters.switch("level-asymmetry-allowed").unwrap_or(false),
            sprop_parameter_sets: parameters.value("sprop-parameter-sets"),
            max_mbps: parameters.number("max-mbps"),
            max_fs: parameters.number("max-fs"),
            max_br: parameters.number("max-br"),
        }
    }
}

/// The three bytes of `profile-level-id`.
///
/// ```
/// # use rtcscope::sdp::codec::ProfileLevelId;
/// let id = ProfileLevelId { profile_idc: 0x64, constraints: 0x0c, level_idc: 0x1f };
/// assert_eq!(id.to_string(), "640c1f");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct ProfileLevelId {
    /// `profile_idc`
    pub profile_idc: u8,
    /// `profile-iop`: the constraint flags, set 0 in the highest bit.
    pub constraints: u8,
    /// `level_idc`: ten times the level.
    pub level_idc: u8,
}

/// A profile of H.264.
///
/// Two descriptions can use H.264 together only where these are equal (RFC 6184, section 8.2.2), and several
/// `profile-level-id`s mean the same one.
///
/// ```
/// # use rtcscope::sdp::codec::ProfileLevelId;
/// let profile = |text| ProfileLevelId::parse(text).map(|id| id.profile());
/// assert_eq!(profile("42e01f"), profile("4d801f"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum H264Profile {
    /// What both Baseline and Main decoders understand; what WebRTC must support.
    ConstrainedBaseline,
    /// Baseline
    Baseline,
    /// Main
    Main,
    /// Extended
    Extended,
    /// High without interlacing and B slices.
    ConstrainedHigh,
    /// High without interlacing.
    ProgressiveHigh,
    /// High
    High,
    /// High 10
    High10,
    /// High 4:2:2
    High422,
    /// High 4:4:4 Predictive
    High444,
    /// CAVLC 4:4:4 Intra
    Cavlc444,
    /// Another.
    Unknown,
}

impl ProfileLevelId {
    /// Reads six hexadecimal digits.
    ///
    /// ```
    /// use rtcscope::sdp::codec::{H264Profile, ProfileLevelId};
    ///
    /// let id = ProfileLevelId::parse("42e01f").unwrap();
    /// assert_eq!((id.profile(), id.level().as_str()), (H264Profile::ConstrainedBaseline, "3.1"));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, profile_idc, constraints, level_idc] = u32::from_str_radix(text, 16).ok()?.to_be_bytes();
        Some(Self { profile_idc, constraints, level_idc })
    }

    /// The profile that the first two bytes mean (RFC 6184, table 5).
    ///
    /// ```
    /// # use rtcscope::sdp::codec::{H264Profile, ProfileLevelId};
    /// assert_eq!(ProfileLevelId::parse("64001f").map(|id| id.profile()), Some(H264Profile::High));
    /// ```
    #[must_use]
    pub const fn profile(self) -> H264Profile {
        let [set0, set1, set4, set5] = [
            self.constraints & 0x80 != 0,
            self.constraints & 0x40 != 0,
            self.constraints & 8 != 0,
            self.constraints & 4 != 0,
        ];
        match self.profile_idc {
            66 if set1 => H264Profile::ConstrainedBaseline,
            77 | 88 if set0 && set1 => H264Profile::ConstrainedBaseline,
            77 if set0 => H264Profile::ConstrainedBaseline,
            66 => H264Profile::Baseline,
            88 if set0 => H264Profile::Baseline,
            77 => H264Profile::Main,
            88 => H264Profile::Extended,
            100 if set4 && set5 => H264Profile::ConstrainedHigh,
            100 if set4 => H264Profile::ProgressiveHigh,
            100 => H264Profile::High,
            110 => H264Profile::High10,
            122 => H264Profile::High422,
            244 => H264Profile::High444,
            44 => H264Profile::Cavlc444,
            _ => H264Profile::Unknown,
        }
    }

    /// The level as it is spoken, `3.1` or `1b`.
    ///
    /// ```
    /// # use rtcscope::sdp::codec::ProfileLevelId;
    /// assert_eq!(ProfileLevelId::parse("42f00b").map(|id| id.level()).as_deref(), Some("1b"));
    /// ```
    #[must_use]
    pub fn level(self) -> String {
        let old_profile = matches!(self.profile_idc, 66 | 77 | 88);
        if (self.level_idc == 11 && old_profile && self.constraints & 0x10 != 0) || self.level_idc == 9 {
            return "1b".to_owned();
        }
        format!("{}.{}", self.level_idc / 10, self.level_idc % 10)
    }
}

impl H264Profile {
    /// Its name.
    ///
    /// ```
    /// # use rtcscope::sdp::codec::H264Profile;
    /// assert_eq!(H264Profile::ConstrainedBaseline.name(), "Constrained Baseline");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConstrainedBaseline => "Constrained Baseline",
            Self::Baseline => "Baseline",
            Self::Main => "Main",
            Self::Extended => "Extended",
            Self::ConstrainedHigh => "Constrained High",
            Self::ProgressiveHigh => "Progressive High",
            Self::High => "High",
            Self::High10 => "High 10",
            Self::High422 => "High 4:2:2",
            Self::High444 => "High 4:4:4 Predictive",
            Self::Cavlc444 => "CAVLC 4:4:4 Intra",
            Self::Unknown => "unknown profile",
        }
    }
}

/// Six hexadecimal digits.
impl fmt::Display for ProfileLevelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}{:02x}{:02x}", self.profile_idc, self.constraints, self.level_idc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_of_real_offers() {
        let read = |text| ProfileLevelId::parse(text).map(|id| (id.profile().name(), id.level()));
        assert_eq!(read("42001f"), Some(("Baseline", "3.1".into())));
        assert_eq!(read("4d001f"), Some(("Main", "3.1".into())));
        assert_eq!(read("64001f"), Some(("High", "3.1".into())));
        assert_eq!(read("640c34"), Some(("Constrained High", "5.2".into())));
        assert_eq!(read("42f00b"), Some(("Constrained Baseline", "1b".into())));
        assert_eq!(read("f4001f"), Some(("High 4:4:4 Predictive", "3.1".into())));
        assert_eq!(read("42e01"), None);
        assert_eq!(read("+2e01f"), None);
    }
}
