//! One RTP packet (RFC 3550 section 5.1), read without allocation.

use super::header_extension::{Elements, HeaderExtension};
use super::payload_type::PayloadType;
use super::sequence_number::SequenceNumber;
use super::source::Ssrc;
use super::timestamp::RtpTimestamp;
use crate::wire::{Error, Reason};

/// Bytes of the header up to the CSRCs.
pub const FIXED_HEADER_LENGTH: usize = 12;
/// Bytes of a CSRC, and of what stands before the data of a header extension.
const WORD: usize = 4;

/// An RTP packet as far as its bytes let it be read.
///
/// In SRTP the header and its extensions are in the clear, and all behind them in [`body`](Self::body) is not: neither
/// [`payload`](Self::payload) nor [`padding_length`](Self::padding_length) mean anything there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The marker: the last packet of a frame in video, the first of a talkspurt in audio.
    pub marker: bool,
    /// The format of the payload.
    pub payload_type: PayloadType,
    /// The place of the packet in its stream.
    pub sequence_number: SequenceNumber,
    /// The sampling instant of its first byte.
    pub timestamp: RtpTimestamp,
    /// Who sends it.
    pub ssrc: Ssrc,
    /// The header extension, as far as it is there.
    pub extension: Option<HeaderExtension<'a>>,
    /// What stands behind the header: payload and padding, or their ciphertext with its tag.
    pub body: &'a [u8],
    /// All bytes of the packet that were captured.
    pub bytes: &'a [u8],
    /// How many bytes the packet had on the wire.
    pub wire_length: usize,
    csrcs: &'a [u8],
    padded: bool,
    fault: Option<Error>,
}

impl<'a> Packet<'a> {
    /// Reads a datagram.
    ///
    /// # Errors
    ///
    /// Where there are no twelve bytes that begin with version 2. All else is lax: what could be read is kept, and
    /// [`fault`](Self::fault) says why the rest was not.
    pub fn parse(datagram: &'a [u8]) -> Result<Self, Error> {
        Self::parse_captured(datagram, datagram.len())
    }

    /// The same of a datagram of `wire_length` bytes of which not all were captured.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_captured(datagram: &'a [u8], wire_length: usize) -> Result<Self, Error> {
        let Some((fixed, rest)) = datagram.split_first_chunk::<FIXED_HEADER_LENGTH>() else {
            return Err(short("fixed header", 0, FIXED_HEADER_LENGTH, datagram.len()));
        };
        let [first, second, s1, s0, t3, t2, t1, t0, r3, r2, r1, r0] = *fixed;
        if first >> 6 != 2 {
            let reason = Reason::WrongValue { needed: 2, found: u64::from(first >> 6) };
            return Err(Error { offset: 0, field: "version", reason });
        }
        let mut packet = Self {
            marker: second & 0x80 != 0,
            payload_type: PayloadType(second & 0x7F),
            sequence_number: SequenceNumber(u16::from_be_bytes([s1, s0])),
            timestamp: RtpTimestamp(u32::from_be_bytes([t3, t2, t1, t0])),
            ssrc: Ssrc(u32::from_be_bytes([r3, r2, r1, r0])),
            extension: None,
            body: &[],
            bytes: datagram,
            wire_length: wire_length.max(datagram.len()),
            csrcs: &[],
            padded: first & 0x20 != 0,
            fault: None,
        };
        packet.fault = packet.read_variable_part(rest, first).err();
        Ok(packet)
    }

    fn read_variable_part(&mut self, rest: &'a [u8], first: u8) -> Result<(), Error> {
        let width = usize::from(first & 0x0F).saturating_mul(WORD);
        let Some((csrcs, mut rest)) = rest.split_at_checked(width) else {
            let whole = rest.len() / WORD * WORD;
            self.csrcs = rest.get(..whole).unwrap_or_default();
            return Err(short("CSRC list", FIXED_HEADER_LENGTH, width, rest.len()));
        };
        self.csrcs = csrcs;
        if first & 0x10 != 0 {
            rest = self.read_extension(rest, FIXED_HEADER_LENGTH.saturating_add(width))?;
        }
        self.body = rest;
        Ok(())
    }

    fn read_extension(&mut self, rest: &'a [u8], offset: usize) -> Result<&'a [u8], Error> {
        let Some(([p1, p0, l1, l0], rest)) = rest.split_first_chunk::<WORD>() else {
            return Err(short("header extension", offset, WORD, rest.len()));
        };
        let profile = u16::from_be_bytes([*p1, *p0]);
        let length = usize::from(u16::from_be_bytes([*l1, *l0])).saturating_mul(WORD);
        let (data, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let at = offset.saturating_add(WORD);
        self.extension = Some(HeaderExtension { profile, data, offset: at });
        if data.len() < length { Err(short("header extension data", at, length, data.len())) } else { Ok(behind) }
    }

    /// The contributing sources, in wire order.
    pub fn csrcs(&self) -> impl ExactSizeIterator<Item = Ssrc> + 'a {
        self.csrcs.chunks_exact(WORD).map(|chunk| Ssrc(chunk.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))))
    }

    /// The elements of the header extension; none where it has none or is of another form than those of RFC 8285.
    #[must_use]
    pub fn elements(&self) -> Elements<'a> {
        self.extension.map(|extension| extension.elements()).unwrap_or_default()
    }

    /// The first element with this id.
    #[must_use]
    pub fn element(&self, id: u8) -> Option<&'a [u8]> {
        self.elements().find(|element| element.id == id).map(|element| element.value)
    }

    /// Bytes of the header with CSRCs and extension, as far as they were captured.
    #[must_use]
    pub fn header_length(&self) -> usize {
        self.bytes.len().saturating_sub(self.body.len())
    }

    /// Whether the padding flag is set.
    #[must_use]
    pub fn is_padded(&self) -> bool {
        self.padded
    }

    /// Bytes of padding, the one that counts them included; 0 without padding.
    ///
    /// # Errors
    ///
    /// Where the packet says that it is padded and the count is not captured, is zero, or is more than the body holds.
    pub fn padding_length(&self) -> Result<usize, Error> {
        if !self.padded || self.fault.is_some() {
            return Ok(0);
        }
        let missing = self.wire_length.saturating_sub(self.bytes.len());
        let offset = self.wire_length.saturating_sub(1);
        let Some(count) = self.body.last().filter(|_| missing == 0) else {
            return Err(short("padding count", offset, 1, 0));
        };
        let count = usize::from(*count);
        if count == 0 || count > self.body.len() {
            let nearest = count.clamp(1, self.body.len());
            let reason = Reason::WrongValue { needed: nearest as u64, found: count as u64 };
            return Err(Error { offset, field: "padding count", reason });
        }
        Ok(count)
    }

    /// The payload without its padding, as far as it was captured; with a wrong padding count, the whole body.
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        let padding = self.padding_length().unwrap_or(0);
        self.body.get(..self.body.len().saturating_sub(padding)).unwrap_or(self.body)
    }

    /// The padding, the byte that counts it included.
    #[must_use]
    pub fn padding(&self) -> &'a [u8] {
        self.body.get(self.payload().len()..).unwrap_or_default()
    }

    /// Bytes of the payload on the wire, whether captured or not; those of an uncaptured padding count too.
    #[must_use]
    pub fn payload_wire_length(&self) -> usize {
        let behind = self.header_length().saturating_add(self.padding().len());
        self.wire_length.saturating_sub(behind)
    }

    /// Why the packet could not be read to its end: CSRCs, extension or padding reach behind it.
    #[must_use]
    pub fn fault(&self) -> Option<Error> {
        self.fault.or(self.padding_length().err())
    }

    /// Why its header could not be read to its end, which holds for SRTP too.
    #[must_use]
    pub fn header_fault(&self) -> Option<Error> {
        self.fault
    }
}

fn short(field: &'static str, offset: usize, needed: usize, found: usize) -> Error {
    Error { offset, field, reason: Reason::TooShort { needed, found } }
}

#[cfg(test)]
mod tests {
    use super::super::Builder;
    use super::*;

    fn made() -> Builder {
        Builder::new(Ssrc(0x1234_5678)).sequence_number(SequenceNumber(9)).payload(&[1, 2, 3])
    }

    #[test]
    fn error_points_at_the_field() {
        let short = Packet::parse(&[0x80; 11]).unwrap_err();
        assert_eq!(short.to_string(), "fixed header at byte 0: needs 12 bytes, 11 are left");
        let other = Packet::parse(&[0; 12]).unwrap_err();
        assert_eq!(other.to_string(), "version at byte 0: expected 0x2, found 0x0");
    }

    #[test]
    fn csrcs_that_end_early_are_kept() {
        let bytes = made().csrc(Ssrc(1)).csrc(Ssrc(2)).emit().unwrap();
        let packet = Packet::parse(&bytes[..18]).unwrap();
        assert_eq!(packet.csrcs().collect::<Vec<_>>(), [Ssrc(1)]);
        assert_eq!(packet.fault().unwrap().to_string(), "CSRC list at byte 12: needs 8 bytes, 6 are left");
    }

    #[test]
    fn a_padding_count_that_lies_is_no_padding() {
        let mut bytes = made().padding(4).emit().unwrap();
        assert_eq!(Packet::parse(&bytes).unwrap().payload(), [1, 2, 3]);
        *bytes.last_mut().unwrap() = 200;
        let packet = Packet::parse(&bytes).unwrap();
        assert_eq!(packet.payload().len(), 7);
        assert_eq!(packet.fault().unwrap().to_string(), "padding count at byte 18: expected 0x7, found 0xc8");
        *bytes.last_mut().unwrap() = 0;
        assert!(Packet::parse(&bytes).unwrap().fault().is_some());
    }

    #[test]
    fn padding_that_was_not_captured_is_unknown() {
        let bytes = made().padding(4).emit().unwrap();
        let packet = Packet::parse_captured(&bytes[..14], bytes.len()).unwrap();
        assert!(packet.padding_length().is_err() && packet.header_fault().is_none());
        assert_eq!(packet.payload(), [1, 2]);
        assert_eq!(packet.payload_wire_length(), 7);
    }

    #[test]
    fn an_extension_past_the_end_is_kept_as_far_as_it_goes() {
        let bytes = made().extension(1, &[9; 8]).emit().unwrap();
        let packet = Packet::parse(&bytes[..20]).unwrap();
        assert_eq!(packet.extension.unwrap().data.len(), 4);
        assert_eq!(packet.fault().unwrap().field, "header extension data");
        assert!(packet.payload().is_empty());
    }

    /// libwebrtc probes the bandwidth so.
    #[test]
    fn a_packet_of_padding_only_has_no_payload() {
        let bytes = Builder::new(Ssrc(1)).padding(255).emit().unwrap();
        let packet = Packet::parse(&bytes).unwrap();
        assert_eq!((packet.payload().len(), packet.padding().len(), packet.fault()), (0, 255, None));
    }
}
