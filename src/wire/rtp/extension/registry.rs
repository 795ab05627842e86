//! The registry of header extensions: one row for each, and nothing else to touch when one is added whose value has a
//! shape that is there already.

use std::fmt;

use super::value::Value;
use super::{
    audio, color_space, corruption, dependency, generic_frame, identity, layers_allocation, time, transport, video,
};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record, Recorder};
use crate::wire::field::Field;

macro_rules! registry {
    ($($variant:ident $uri:literal $name:literal $read:path, $source:literal;)*) => {
        /// A header extension that is known.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $(
                #[doc = concat!("`", $name, "`: ", $source, ".")]
                $variant,
            )*
        }

        impl Kind {
            /// All that are known.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The URI that stands for it in `a=extmap`.
            #[must_use]
            pub fn uri(self) -> &'static str {
                match self {
                    $(Self::$variant => $uri,)*
                }
            }

            /// What it is called: the last part of its URI, without the version where there is only one.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            pub(super) fn read<'a, R: Record>(self, cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
                match self {
                    $(Self::$variant => $read(cursor),)*
                }
            }
        }
    };
}

// variant, URI, name, grammar, source
registry! {
    AbsoluteSendTime "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time" "abs-send-time" time::send_time, "libwebrtc";
    TransportSequence "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" "transport-wide-cc" transport::sequence, "draft-holmer-rmcat-transport-wide-cc-extensions-01 section 2";
    TransportSequence2 "http://www.webrtc.org/experiments/rtp-hdrext/transport-wide-cc-02" "transport-wide-cc-02" transport::sequence_2, "libwebrtc";
    SsrcAudioLevel "urn:ietf:params:rtp-hdrext:ssrc-audio-level" "ssrc-audio-level" audio::ssrc_level, "RFC 6464 section 3";
    CsrcAudioLevel "urn:ietf:params:rtp-hdrext:csrc-audio-level" "csrc-audio-level" audio::csrc_levels, "RFC 6465 section 3";
    Mid "urn:ietf:params:rtp-hdrext:sdes:mid" "sdes:mid" identity::mid, "RFC 9143 section 15";
    RtpStreamId "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" "rtp-stream-id" identity::stream_id, "RFC 8852 section 3.1";
    RepairedRtpStreamId "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id" "repaired-rtp-stream-id" identity::repaired_stream_id, "RFC 8852 section 3.2";
    VideoOrientation "urn:3gpp:video-orientation" "video-orientation" video::orientation, "3GPP TS 26.114 section 7.4.5";
    PlayoutDelay "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay" "playout-delay" video::playout_delay, "libwebrtc";
    VideoContentType "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type" "video-content-type" video::content_type, "libwebrtc";
    VideoTiming "http://www.webrtc.org/experiments/rtp-hdrext/video-timing" "video-timing" video::timing, "libwebrtc";
    ColorSpace "http://www.webrtc.org/experiments/rtp-hdrext/color-space" "color-space" color_space::read, "libwebrtc";
    AbsoluteCaptureTime "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time" "abs-capture-time" time::capture_time, "libwebrtc";
    LayersAllocation "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00" "video-layers-allocation" layers_allocation::read, "libwebrtc";
    DependencyDescriptor "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension" "dependency-descriptor" dependency::read, "RTP Payload Format For AV1, appendix A";
    GenericFrameDescriptor "http://www.webrtc.org/experiments/rtp-hdrext/generic-frame-descriptor-00" "generic-frame-descriptor" generic_frame::read, "libwebrtc";
    VideoFrameTrackingId "http://www.webrtc.org/experiments/rtp-hdrext/video-frame-tracking-id" "video-frame-tracking-id" video::frame_tracking_id, "libwebrtc";
    CorruptionDetection "http://www.webrtc.org/experiments/rtp-hdrext/corruption-detection" "corruption-detection" corruption::read, "libwebrtc";
    InbandComfortNoise "http://www.webrtc.org/experiments/rtp-hdrext/inband-cn" "inband-cn" audio::comfort_noise, "libwebrtc";
    TransmissionOffset "urn:ietf:params:rtp-hdrext:toffset" "toffset" time::transmission_offset, "RFC 5450 section 3";
    Encrypted "urn:ietf:params:rtp-hdrext:encrypt" "encrypt" identity::encrypted, "RFC 6904 section 4, the URI of what is inside follows in the same line";
}

impl Kind {
    /// The extension that a URI stands for; nothing where it is not known.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.uri() == uri)
    }

    /// Reads the value of an element.
    ///
    /// A dependency descriptor is read as far as it goes without the structure that an earlier one announced; use
    /// [`DependencyDescriptor::parse`](super::DependencyDescriptor::parse) where there is one.
    ///
    /// # Errors
    ///
    /// Where the value has not the shape of its kind. The offset counts from the start of the value.
    pub fn decode(self, value: &[u8]) -> Result<Value<'_>, Error> {
        self.read(&mut Cursor::silent(value, 0))
    }

    /// The fields of a value that stands `offset` bytes into its packet.
    #[must_use]
    pub fn describe(self, value: &[u8], offset: usize) -> Vec<Field> {
        let mut cursor: Cursor<'_, Recorder> = Cursor::recording(value, offset);
        cursor.within(value.len(), "rtp.ext.undecoded", |inner| self.read(inner));
        cursor.fields()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_uri_leads_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_uri(kind.uri()), Some(*kind));
        }
        assert_eq!(Kind::from_uri("urn:example"), None);
    }

    #[test]
    fn no_value_is_too_short_to_describe() {
        for kind in Kind::ALL {
            assert!(kind.describe(&[], 20).is_empty(), "{kind}");
        }
    }
}
