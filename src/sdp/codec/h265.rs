//! H.265 (RFC 7798).

use crate::sdp::list::Parameters;

/// Parameters of H.265 (RFC 7798, section 7.1).
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// let parameters = CodecParameters::new("H265", Parameters("level-id=120;tier-flag=1"));
/// assert!(matches!(parameters, CodecParameters::H265(h265) if h265.tier_flag && h265.level() == "4.0"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct H265<'a> {
    /// `general_profile_space`, 0 to 3.
    pub profile_space: u8,
    /// `general_profile_idc`, 1 (Main) where it is not said.
    pub profile_id: u8,
    /// Whether it is the high tier.
    pub tier_flag: bool,
    /// Thirty times the level; 93 (3.1) where it is not said.
    pub level_id: u8,
    /// `SRST`, `MRST` or `MRMT`; `SRST` where it is not said.
    pub tx_mode: &'a str,
}

impl<'a> H265<'a> {
    pub(super) fn new(parameters: Parameters<'a>) -> Self {
        Self {
            profile_space: parameters.number("profile-space").unwrap_or(0),
            profile_id: parameters.number("profile-id").unwrap_or(1),
            tier_flag: parameters.switch("tier-flag").unwrap_or(false),
            level_id: parameters.number("level-id").unwrap_or(93),
            tx_mode: parameters.value("tx-mode").unwrap_or("SRST"),
        }
    }

    /// The level as it is spoken, `3.1`.
    ///
    /// `level-id` is thirty times as much, which nobody has in mind.
    #[must_use]
    pub fn level(&self) -> String {
        format!("{}.{}", self.level_id / 30, self.level_id % 30 / 3)
    }
}
