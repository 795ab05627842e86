//! What makes up for losses: retransmission, redundancy, forward error correction.

use crate::sdp::list::Parameters;

/// Parameters of retransmission (RFC 4588, section 8.1).
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// assert!(
///     matches!(CodecParameters::new("rtx", Parameters("apt=96")), CodecParameters::Rtx(rtx) if rtx.apt == Some(96))
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Rtx {
    /// The payload type that is retransmitted.
    pub apt: Option<u8>,
    /// How long packets are kept, in ms.
    pub rtx_time_ms: Option<u32>,
}

impl Rtx {
    pub(super) fn new(parameters: Parameters<'_>) -> Self {
        Self { apt: parameters.number("apt"), rtx_time_ms: parameters.number("rtx-time") }
    }
}

/// Parameters of redundant audio (RFC 2198, section 5).
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// let parameters = CodecParameters::new("red", Parameters("111/111"));
/// assert!(matches!(parameters, CodecParameters::Red(red) if red.payload_types().eq([111, 111])));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Red<'a> {
    /// Payload types between `/`, the primary first; may be empty.
    pub encodings: &'a str,
}

impl<'a> Red<'a> {
    pub(super) fn new(parameters: Parameters<'a>) -> Self {
        Self { encodings: parameters.value("").unwrap_or_default() }
    }

    /// The payload types, the primary first.
    ///
    /// Of use where codecs are removed or renumbered, because RED goes with what it is made of.
    pub fn payload_types(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.encodings.split('/').filter_map(|payload_type| payload_type.trim().parse().ok())
    }
}

/// Parameters of FlexFEC (RFC 8627, section 5.1).
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// # use rtcscope::sdp::codec::CodecParameters;
/// let parameters = CodecParameters::new("flexfec-03", Parameters("repair-window=10000000"));
/// assert!(matches!(parameters, CodecParameters::FlexFec(fec) if fec.repair_window_us == Some(10_000_000)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct FlexFec {
    /// How far a repair packet reaches, in µs.
    pub repair_window_us: Option<u64>,
}

impl FlexFec {
    pub(super) fn new(parameters: Parameters<'_>) -> Self {
        Self { repair_window_us: parameters.number("repair-window") }
    }
}
