//! The table of payload formats.

use super::av1::{self, Av1};
use super::flexfec::{self, Flexfec};
use super::h264::{self, H264};
use super::h265::{self, H265};
use super::opus::{self, Opus};
use super::picture::Picture;
use super::red::{self, Red};
use super::rtx::{self, Rtx};
use super::ulpfec::{self, Ulpfec};
use super::vp8::{self, Vp8};
use super::vp9::{self, Vp9};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::field::Field;

/// What a payload begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Header<'a> {
    /// Retransmission; nothing of an original in a probe that is only padding.
    Rtx(Option<Rtx<'a>>),
    /// Redundant data.
    Red(Red<'a>),
    /// Parity of RFC 5109.
    Ulpfec(Ulpfec),
    /// Parity of RFC 8627 or its draft.
    Flexfec(Flexfec),
    /// Opus.
    Opus(Opus),
    /// VP8.
    Vp8(Vp8),
    /// VP9.
    Vp9(Vp9),
    /// H.264.
    H264(H264),
    /// H.265.
    H265(H265),
    /// AV1.
    Av1(Av1),
}

impl Header<'_> {
    /// What it says of a frame, in the formats of video.
    #[must_use]
    pub fn picture(&self) -> Option<Picture> {
        match self {
            Self::Vp8(header) => Some(header.picture()),
            Self::Vp9(header) => Some(header.picture()),
            Self::H264(header) => Some(header.picture()),
            Self::H265(header) => Some(header.picture()),
            Self::Av1(header) => Some(header.picture()),
            Self::Rtx(_) | Self::Red(_) | Self::Ulpfec(_) | Self::Flexfec(_) | Self::Opus(_) => None,
        }
    }
}

macro_rules! codecs {
    ($($variant:ident $name:literal $header:ident $read:path, $source:literal;)*) => {
        /// A payload format whose header is read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Codec {
            $(
                #[doc = concat!("`", $name, "`: ", $source, ".")]
                $variant,
            )*
        }

        impl Codec {
            /// All that are known.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its encoding name in `a=rtpmap`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            fn read<'a, R: Record>(self, cursor: &mut Cursor<'a, R>, sources: usize) -> Result<Header<'a>, Error> {
                match self {
                    $(Self::$variant => $read(cursor, sources).map(Header::$header),)*
                }
            }
        }
    };
}

// variant, encoding name, header, grammar, source
codecs! {
    Rtx "rtx" Rtx rtx::read, "RFC 4588";
    Red "red" Red red::read, "RFC 2198";
    Ulpfec "ulpfec" Ulpfec ulpfec::read, "RFC 5109";
    Flexfec "flexfec" Flexfec flexfec::read, "RFC 8627";
    Flexfec03 "flexfec-03" Flexfec flexfec::read, "draft-ietf-payload-flexible-fec-scheme-03, the name libwebrtc uses";
    Opus "opus" Opus opus::read, "RFC 7587";
    Vp8 "VP8" Vp8 vp8::read, "RFC 7741";
    Vp9 "VP9" Vp9 vp9::read, "RFC 9628";
    H264 "H264" H264 h264::read, "RFC 6184";
    H265 "H265" H265 h265::read, "RFC 7798";
    Av1 "AV1" Av1 av1::read, "RTP Payload Format For AV1";
}

impl Codec {
    /// The format of an encoding name, in whatever case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|codec| codec.name().eq_ignore_ascii_case(name))
    }

    /// Reads what a payload begins with. `sources` is how many CSRCs the packet has: FlexFEC repairs one stream for each.
    ///
    /// # Errors
    ///
    /// Where the payload ends within it, or holds what the format does not allow. The offset counts from the payload.
    pub fn parse(self, payload: &[u8], sources: usize) -> Result<Header<'_>, Error> {
        self.read(&mut Cursor::silent(payload, 0), sources)
    }

    /// The fields of a payload that stands `offset` bytes into its packet.
    #[must_use]
    pub fn describe(self, payload: &[u8], offset: usize, sources: usize) -> Vec<Field> {
        let mut cursor = Cursor::recording(payload, offset);
        cursor.within(payload.len(), "rtp.payload.undecoded", |inner| self.read(inner, sources));
        cursor.fields()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_in_any_case() {
        for codec in Codec::ALL {
            assert_eq!(Codec::from_name(&codec.name().to_lowercase()), Some(*codec));
        }
        assert_eq!(Codec::from_name("PCMU"), None);
    }
}
