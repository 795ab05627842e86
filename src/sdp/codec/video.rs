//! VP8, VP9 and AV1.

use crate::sdp::list::Parameters;

/// Parameters of VP8 (RFC 7741, section 6.1).
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// let parameters = CodecParameters::new("VP8", Parameters("max-fs=3600;max-fr=30"));
/// assert!(matches!(parameters, CodecParameters::Vp8(vp8) if vp8.max_fs == Some(3600)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Vp8 {
    /// The greatest frame rate that can be decoded, in frames a second.
    pub max_fr: Option<u32>,
    /// The greatest frame that can be decoded, in macroblocks.
    pub max_fs: Option<u32>,
}

impl Vp8 {
    pub(super) fn new(parameters: Parameters<'_>) -> Self {
        Self { max_fr: parameters.number("max-fr"), max_fs: parameters.number("max-fs") }
    }
}

/// Parameters of VP9 (RFC 9628, section 6).
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// let parameters = CodecParameters::new("VP9", Parameters("profile-id=2"));
/// assert!(matches!(parameters, CodecParameters::Vp9(vp9) if vp9.profile_id == 2));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Vp9 {
    /// The profile, 0 to 3: 0 where it is not said (8 bit, 4:2:0).
    pub profile_id: u8,
    /// The greatest frame rate that can be decoded, in frames a second.
    pub max_fr: Option<u32>,
    /// The greatest frame that can be decoded, in macroblocks.
    pub max_fs: Option<u32>,
}

impl Vp9 {
    pub(super) fn new(parameters: Parameters<'_>) -> Self {
        Self {
            profile_id: parameters.number("profile-id").unwrap_or(0),
            max_fr: parameters.number("max-fr"),
            max_fs: parameters.number("max-fs"),
        }
    }
}

/// Parameters of AV1 (RTP Payload Format for AV1, section 7.2).
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// assert!(matches!(CodecParameters::new("AV1", Parameters("")), CodecParameters::Av1(av1) if av1.level() == "3.1"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Av1 {
    /// `seq_profile`: 0 (Main) where it is not said.
    pub profile: u8,
    /// `seq_level_idx`: 5 (level 3.1) where it is not said.
    pub level_idx: u8,
    /// `seq_tier`: 0 (Main) where it is not said.
    pub tier: u8,
}

impl Av1 {
    pub(super) fn new(parameters: Parameters<'_>) -> Self {
        Self {
            profile: parameters.number("profile").unwrap_or(0),
            level_idx: parameters.number("level-idx").unwrap_or(5),
            tier: parameters.number("tier").unwrap_or(0),
        }
    }

    /// The level as it is spoken, `3.1`.
    ///
    /// `seq_level_idx` counts levels four by four from 2.0, which nobody has in mind.
    #[must_use]
    pub fn level(&self) -> String {
        format!("{}.{}", 2 + self.level_idx / 4, self.level_idx % 4)
    }
}
