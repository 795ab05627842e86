//! Which type the parameters of a codec have.

use super::{Av1, FlexFec, H264, H265, Opus, Red, Rtx, TelephoneEvent, Vp8, Vp9};
use crate::sdp::list::Parameters;

/// The parameters of one format, typed after its codec.
///
/// An enum, because the same name of a parameter means different things to different codecs. See
/// [`CodecParameters::new`], and [`Codec::parameters`](super::Codec::parameters) for those of a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase", tag = "codec"))]
#[non_exhaustive]
pub enum CodecParameters<'a> {
    /// Opus
    Opus(Opus),
    /// H.264
    H264(H264<'a>),
    /// H.265
    H265(H265<'a>),
    /// VP8
    Vp8(Vp8),
    /// VP9
    Vp9(Vp9),
    /// AV1
    Av1(Av1),
    /// Retransmission.
    Rtx(Rtx),
    /// Redundant audio.
    Red(Red<'a>),
    /// Forward error correction.
    FlexFec(FlexFec),
    /// DTMF
    TelephoneEvent(TelephoneEvent<'a>),
    /// Another codec.
    Other {
        /// Its parameters.
        parameters: Parameters<'a>,
    },
}

impl<'a> CodecParameters<'a> {
    /// Reads the parameters of a codec of this name; what is not said has the default of its RFC.
    ///
    /// ```
    /// use rtcscope::sdp::Parameters;
    /// use rtcscope::sdp::codec::CodecParameters;
    ///
    /// let CodecParameters::Opus(opus) = CodecParameters::new("opus", Parameters("minptime=10;useinbandfec=1")) else {
    ///     panic!()
    /// };
    /// assert!(opus.use_inband_fec && !opus.stereo);
    /// ```
    #[must_use]
    pub fn new(encoding: &str, parameters: Parameters<'a>) -> Self {
        let is = |name: &str| encoding.eq_ignore_ascii_case(name);
        if is("opus") || is("multiopus") {
            Self::Opus(Opus::new(parameters))
        } else if is("H264") {
            Self::H264(H264::new(parameters))
        } else if is("H265") {
            Self::H265(H265::new(parameters))
        } else if is("VP8") {
            Self::Vp8(Vp8::new(parameters))
        } else if is("VP9") {
            Self::Vp9(Vp9::new(parameters))
        } else if is("AV1") || is("AV1X") {
            Self::Av1(Av1::new(parameters))
        } else if is("rtx") {
            Self::Rtx(Rtx::new(parameters))
        } else if is("red") {
            Self::Red(Red::new(parameters))
        } else if is("flexfec") || is("flexfec-03") {
            Self::FlexFec(FlexFec::new(parameters))
        } else if is("telephone-event") {
            Self::TelephoneEvent(TelephoneEvent::new(parameters))
        } else {
            Self::Other { parameters }
        }
    }
}
