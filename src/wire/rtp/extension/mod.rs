//! What the elements of a header extension hold, by the URI that `a=extmap` gives their id.
//!
//! [`Kind::from_uri`] finds what a URI stands for and [`Kind::decode`] reads a value of it. To add one, write its
//! grammar in the file of its family and one row in `registry.rs`; where its value has a shape that was not there, one
//! variant of [`Value`] too.

mod audio;
mod color_space;
mod corruption;
pub mod dependency;
mod generic_frame;
mod identity;
mod layers_allocation;
mod registry;
mod time;
mod transport;
mod value;
mod video;

pub use audio::{AudioLevel, ComfortNoise, CsrcAudioLevels};
pub use color_space::{Chromaticity, ColorSpace, HdrMetadata};
pub use corruption::CorruptionDetection;
pub use dependency::DependencyDescriptor;
pub use generic_frame::GenericFrameDescriptor;
pub use layers_allocation::{LayersAllocation, SpatialLayer};
pub use registry::Kind;
pub use time::{AbsoluteCaptureTime, AbsoluteSendTime};
pub use transport::{FeedbackRequest, TransportSequence};
pub use value::Value;
pub use video::{ContentType, PlayoutDelay, Rotation, VideoOrientation, VideoTiming};
