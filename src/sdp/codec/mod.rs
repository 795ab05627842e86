//! Codecs: a payload type with everything that is said of it, and the parameters of those in use.

mod audio;
mod h264;
mod h265;
mod listing;
mod parameters;
mod repair;
mod video;

pub use audio::{Opus, TelephoneEvent};
pub use h264::{H264, H264Profile, ProfileLevelId};
pub use h265::H265;
pub use listing::Codec;
pub use parameters::CodecParameters;
pub use repair::{FlexFec, Red, Rtx};
pub use video::{Av1, Vp8, Vp9};
