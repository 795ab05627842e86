//! How pictures are shown: orientation, playout delay, content type, timing, frame tracking.

use super::value::Value;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// How a picture is to be turned (3GPP TS 26.114 section 7.4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VideoOrientation {
    /// Whether the camera faces away from the user.
    pub back_camera: bool,
    /// Whether it has to be mirrored.
    pub flip: bool,
    /// By how much it was turned when it was captured.
    pub rotation: Rotation,
}

/// A rotation, counter-clockwise in the sender's view; the receiver turns it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// None.
    Degrees0,
    /// A quarter.
    Degrees90,
    /// A half.
    Degrees180,
    /// Three quarters.
    Degrees270,
}

/// How long a receiver should wait before it shows a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayoutDelay {
    /// The least, in steps of 10 ms up to 40950.
    pub minimum_ms: u16,
    /// The most, in steps of 10 ms up to 40950.
    pub maximum_ms: u16,
}

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentType(pub u8);

impl ContentType {
    /// Whether it is a screen.
    #[must_use]
    pub fn is_screenshare(self) -> bool {
        self.0 & 1 == 1
    }
}

/// How long a frame took in its sender, in milliseconds after its capture. The pacer and the two network times belong to
/// the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VideoTiming {
    /// Why it was sent: bit 0 by a timer, bit 1 because the frame is large; 255 where the rest is not valid.
    pub flags: u8,
    /// When encoding began.
    pub encode_start_ms: u16,
    /// When it ended.
    pub encode_finish_ms: u16,
    /// When the frame was made into packets.
    pub packetization_finish_ms: u16,
    /// When the last packet left the pacer.
    pub pacer_exit_ms: u16,
    /// A time that a server in the middle fills in.
    pub network_ms: u16,
    /// A second one.
    pub network2_ms: u16,
}

impl VideoTiming {
    /// Whether the times mean anything.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.flags != 255
    }
}

pub(super) fn orientation<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    cursor.reserved(4, "rtp.ext.video_orientation.reserved")?;
    let back_camera = cursor.flag("rtp.ext.video_orientation.camera", "camera")?;
    cursor.means(|| if back_camera { "back" } else { "front" }.to_owned());
    let flip = cursor.flag("rtp.ext.video_orientation.flip", "horizontal flip")?;
    let rotation = match cursor.number::<u8>(2, "rtp.ext.video_orientation.rotation", "rotation")? {
        0 => Rotation::Degrees0,
        1 => Rotation::Degrees90,
        2 => Rotation::Degrees180,
        _ => Rotation::Degrees270,
    };
    cursor.means(|| format!("{}°", rotation as u16 * 90));
    Ok(Value::VideoOrientation(VideoOrientation { back_camera, flip, rotation }))
}

pub(super) fn playout_delay<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let mut bound = |name, label| -> Result<u16, Error> {
        let steps: u16 = cursor.number(12, name, label)?;
        let milliseconds = steps.saturating_mul(10);
        cursor.means(|| format!("{milliseconds} ms"));
        Ok(milliseconds)
    };
    let minimum_ms = bound("rtp.ext.playout_delay.min", "minimum delay")?;
    let maximum_ms = bound("rtp.ext.playout_delay.max", "maximum delay")?;
    Ok(Value::PlayoutDelay(PlayoutDelay { minimum_ms, maximum_ms }))
}

pub(super) fn content_type<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let kind = ContentType(cursor.number(8, "rtp.ext.video_content_type", "content type")?);
    cursor.means(|| if kind.is_screenshare() { "screenshare" } else { "unspecified" }.to_owned());
    Ok(Value::ContentType(kind))
}

pub(super) fn timing<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let flags = cursor.code(8, "rtp.ext.video_timing.flags", "flags")?;
    if flags == 255 {
        cursor.means(|| "not valid".to_owned());
    }
    let mut delta = |name, label| cursor.number::<u16>(16, name, label);
    Ok(Value::VideoTiming(VideoTiming {
        flags,
        encode_start_ms: delta("rtp.ext.video_timing.encode_start", "encode start")?,
        encode_finish_ms: delta("rtp.ext.video_timing.encode_finish", "encode finish")?,
        packetization_finish_ms: delta("rtp.ext.video_timing.packetization_finish", "packetization finish")?,
        pacer_exit_ms: delta("rtp.ext.video_timing.pacer_exit", "pacer exit")?,
        network_ms: delta("rtp.ext.video_timing.network", "network")?,
        network2_ms: delta("rtp.ext.video_timing.network2", "network 2")?,
    }))
}

pub(super) fn frame_tracking_id<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    Ok(Value::FrameTrackingId(cursor.number(16, "rtp.ext.video_frame_tracking_id", "frame tracking id")?))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn delays_are_in_tens_of_milliseconds() {
        let value = Kind::PlayoutDelay.decode(&[0x00, 0xAF, 0xFF]).unwrap();
        assert_eq!(value, Value::PlayoutDelay(PlayoutDelay { minimum_ms: 100, maximum_ms: 40950 }));
    }

    #[test]
    fn a_rotation_is_two_bits() {
        let Value::VideoOrientation(orientation) = Kind::VideoOrientation.decode(&[0b0000_1011]).unwrap() else {
            panic!("another value")
        };
        assert_eq!((orientation.back_camera, orientation.rotation), (true, Rotation::Degrees270));
    }

    #[test]
    fn timing_says_whether_it_is_valid() {
        let mut bytes = [0; 13];
        bytes[0] = 255;
        let Value::VideoTiming(timing) = Kind::VideoTiming.decode(&bytes).unwrap() else { panic!("another value") };
        assert!(!timing.is_valid());
        assert!(Kind::VideoTiming.decode(&bytes[..12]).is_err());
    }

    #[test]
    fn camera_and_flip_stand_before_the_rotation() {
        let read = |byte| match Kind::VideoOrientation.decode(&[byte]).unwrap() {
            Value::VideoOrientation(read) => (read.back_camera, read.flip, read.rotation),
            other => panic!("{other:?}"),
        };
        assert_eq!(read(0b0000_0101), (false, true, Rotation::Degrees90));
        assert_eq!(read(0b0000_1010), (true, false, Rotation::Degrees180));
    }

    #[test]
    fn times_of_a_frame_stand_in_the_order_they_happen() {
        let value = Kind::VideoTiming.decode(&[2, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0x01, 0x06]).unwrap();
        let expected = VideoTiming {
            flags: 2,
            encode_start_ms: 1,
            encode_finish_ms: 2,
            packetization_finish_ms: 3,
            pacer_exit_ms: 4,
            network_ms: 5,
            network2_ms: 0x106,
        };
        assert_eq!(value, Value::VideoTiming(expected));
    }

    #[test]
    fn a_screen_is_told_from_a_camera() {
        let screen = |byte| match Kind::VideoContentType.decode(&[byte]).unwrap() {
            Value::ContentType(kind) => kind.is_screenshare(),
            other => panic!("{other:?}"),
        };
        assert_eq!([0, 1].map(screen), [false, true]);
        let number = Kind::VideoFrameTrackingId.decode(&[0x12, 0x34]).unwrap();
        assert_eq!(number, Value::FrameTrackingId(0x1234));
    }
}
