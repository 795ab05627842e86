//! What stands at the beginning of a payload: of retransmission, redundancy, error correction and the codecs.
//!
//! [`Codec::parse`] gives a [`Header`], and [`Header::picture`] of it what all video formats have in common: where frames
//! begin and end, key frames, layers, picture ids, and the size where the bits carry it. Nothing is allocated.
//!
//! To add a format, write its file and one row in `codec.rs`.

mod av1;
mod av1_sequence;
mod codec;
mod flexfec;
mod h264;
mod h264_sequence;
mod h265;
mod h265_sequence;
mod opus;
mod picture;
mod raw_bits;
mod red;
mod rtx;
mod ulpfec;
mod vp8;
mod vp9;

pub use av1::Av1;
pub use codec::{Codec, Header};
pub use flexfec::{Flexfec, FlexfecLayout};
pub use h264::H264;
pub use h265::H265;
pub use opus::{Opus, OpusBandwidth, OpusMode};
pub use picture::Picture;
pub use red::{Red, RedBlock, RedBlocks};
pub use rtx::Rtx;
pub use ulpfec::Ulpfec;
pub use vp8::Vp8;
pub use vp9::Vp9;
