//! The value of an element.

use super::audio::{AudioLevel, ComfortNoise, CsrcAudioLevels};
use super::color_space::ColorSpace;
use super::corruption::CorruptionDetection;
use super::dependency::DependencyDescriptor;
use super::generic_frame::GenericFrameDescriptor;
use super::layers_allocation::LayersAllocation;
use super::time::{AbsoluteCaptureTime, AbsoluteSendTime};
use super::transport::TransportSequence;
use super::video::{ContentType, PlayoutDelay, VideoOrientation, VideoTiming};

/// What an element of a header extension holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// When the packet was sent, on a clock of 64 seconds.
    AbsoluteSendTime(AbsoluteSendTime),
    /// When the frame was captured.
    AbsoluteCaptureTime(AbsoluteCaptureTime),
    /// By how many ticks of the RTP clock the packet was sent after its timestamp says.
    TransmissionOffset(i32),
    /// The place of the packet among all of its transport.
    TransportSequence(TransportSequence),
    /// How loud the packet is.
    AudioLevel(AudioLevel),
    /// How loud each contributing source is.
    CsrcAudioLevels(CsrcAudioLevels<'a>),
    /// How loud the noise is that should fill silence.
    ComfortNoise(ComfortNoise),
    /// A mid or a stream id.
    Text(&'a str),
    /// How the picture is to be turned.
    VideoOrientation(VideoOrientation),
    /// How long a receiver should wait before it shows a frame.
    PlayoutDelay(PlayoutDelay),
    /// What the picture shows.
    ContentType(ContentType),
    /// How long the frame took in its sender.
    VideoTiming(VideoTiming),
    /// How its colours are meant.
    ColorSpace(ColorSpace),
    /// The layers that are sent, and their rates.
    LayersAllocation(LayersAllocation),
    /// Frame, layers and dependencies.
    DependencyDescriptor(Box<DependencyDescriptor>),
    /// The same before it was standardised.
    GenericFrameDescriptor(GenericFrameDescriptor),
    /// A number that follows the frame through a test.
    FrameTrackingId(u16),
    /// Samples of the picture, to see whether it was decoded right.
    CorruptionDetection(CorruptionDetection<'a>),
    /// Bytes that only who has the keys can read.
    Encrypted(&'a [u8]),
}
