//! One call as a capture in memory: sound and pictures one way, as many packets as wanted.

use std::io::Cursor;

use rtcscope::analyze::{Analysis, Analyzer, Options};
use rtcscope::capture::Reader;
use rtcscope::wire::rtp::{Builder, PayloadType, RtpTimestamp, SequenceNumber, Ssrc};

/// What the call is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    /// RTP packets of both streams, each counted once.
    pub(crate) packets: u64,
    /// Whether the capture is at a TURN server and sees both legs.
    pub(crate) relayed: bool,
    /// Whether the payload is in the clear, PCMU; else it is noise of a dynamic payload type.
    pub(crate) plain: bool,
}

type End = ([u8; 4], u16);
const CLIENT: End = ([10, 0, 0, 1], 50_000);
const SERVER: End = ([192, 0, 2, 1], 3_478);
const RELAYED: End = ([192, 0, 2, 1], 49_160);
const PEER: End = ([198, 51, 100, 9], 40_000);

fn datagram(out: &mut Vec<u8>, nanoseconds: u64, from: End, to: End, payload: &[u8]) {
    let total = 28 + payload.len() as u16;
    let frame = 14 + u32::from(total);
    let time = 1_700_000_000_000_000 + nanoseconds / 1_000;
    for word in [(time / 1_000_000) as u32, (time % 1_000_000) as u32, frame, frame] {
        out.extend(word.to_le_bytes());
    }
    out.extend([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0]);
    out.extend(total.to_be_bytes());
    out.extend([0, 0, 0x40, 0, 64, 17, 0, 0]);
    out.extend(from.0.iter().chain(&to.0));
    for word in [from.1, to.1, total - 20, 0] {
        out.extend(word.to_be_bytes());
    }
    out.extend(payload);
}

impl Call {
    /// The capture, a pcap.
    pub(crate) fn capture(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for word in [0xA1B2_C3D4_u32, 0x0004_0002, 0, 0, 65_535, 1] {
            out.extend(word.to_le_bytes());
        }
        let payload: Vec<u8> = (0..160_u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for number in 0..self.packets {
            // Every other packet is of video, three to a frame.
            let (place, video) = (number / 2, number % 2 == 1);
            let (kind, ssrc, timestamp) = match (video, self.plain) {
                (false, true) => (0, 7, place * 160),
                (false, false) => (111, 7, place * 960),
                (true, _) => (96, 8, place / 3 * 5_400),
            };
            let packet = Builder::new(Ssrc(ssrc))
                .payload_type(PayloadType(kind))
                .sequence_number(SequenceNumber(place as u16))
                .timestamp(RtpTimestamp(timestamp as u32))
                .marker(video && place % 3 == 2)
                .extension(3, &(number as u16).to_be_bytes())
                .payload(&payload)
                .emit()
                .expect("a packet");
            let at = place * 20_000_000 + u64::from(video) * 1_000;
            if self.relayed {
                let mut inside = vec![0x40, 1];
                inside.extend((packet.len() as u16).to_be_bytes());
                inside.extend(&packet);
                datagram(&mut out, at, CLIENT, SERVER, &inside);
                datagram(&mut out, at + 200_000, RELAYED, PEER, &packet);
            } else {
                datagram(&mut out, at, CLIENT, PEER, &packet);
            }
        }
        out
    }
}

/// What the program makes of a capture.
pub(crate) fn analyzed(capture: &[u8]) -> Analysis {
    let mut reader = Reader::from_read(Cursor::new(capture.to_vec())).expect("a capture");
    Analyzer::new(Options::default()).analyze(&mut reader, |_| (), |_| ())
}
