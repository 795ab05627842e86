//! A datagram of packets (RFC 3550 section 6.1, RFC 5506).

use super::body::{Body, Decoded};
use super::packet_type::PacketType;
use crate::wire::cursor::Cursor;
use crate::wire::rtp::Ssrc;
use crate::wire::{Error, Reason};

/// Bytes of a packet's header.
pub const HEADER_LENGTH: usize = 4;

/// The packets of a datagram.
///
/// RFC 3550 wants a report first and a source description in each; since RFC 5506 any packet may come alone, so that
/// neither is asked for here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compound<'a> {
    /// The packets in wire order.
    pub packets: Vec<Packet<'a>>,
    /// Bytes behind the last packet that are none.
    pub trailing: &'a [u8],
    /// Why no packet could be read there, or why the last one is cut.
    pub fault: Option<Error>,
}

/// One packet, not decoded yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Where it begins, from the start of the datagram.
    pub offset: usize,
    /// Its type.
    pub kind: PacketType,
    /// The five bits before the type: a count of reports or sources, the format of a feedback, a subtype.
    pub count: u8,
    /// Whether the padding flag is set.
    pub padded: bool,
    /// The length as its header states it: in words of four bytes, the header not counted.
    pub length: u16,
    /// What stands behind the header, without the padding, as far as it is there.
    pub body: &'a [u8],
    /// The padding, the byte that counts it included.
    pub padding: &'a [u8],
    /// What is wrong with its length or its padding.
    pub fault: Option<Error>,
    /// Body and padding in one.
    whole: &'a [u8],
}

impl<'a> Compound<'a> {
    /// Reads a datagram.
    ///
    /// # Errors
    ///
    /// Where it does not begin with four bytes of version 2. All else is lax: the packets before a fault are kept.
    pub fn parse(datagram: &'a [u8]) -> Result<Self, Error> {
        let (first, mut rest) = Packet::parse(datagram, 0)?;
        let mut compound = Self { packets: vec![first], trailing: &[], fault: first.fault };
        while !rest.is_empty() {
            let offset = datagram.len().saturating_sub(rest.len());
            match Packet::parse(rest, offset) {
                Ok((packet, behind)) => {
                    compound.packets.push(packet);
                    compound.fault = compound.fault.or(packet.fault);
                    rest = behind;
                }
                Err(fault) => {
                    compound.trailing = rest;
                    compound.fault = compound.fault.or(Some(fault));
                    break;
                }
            }
        }
        Ok(compound)
    }

    /// The bodies of its packets, decoded; those that cannot be are left out.
    pub fn bodies(&self) -> impl Iterator<Item = Body<'a>> {
        self.packets.iter().filter_map(|packet| packet.decode().ok().map(|decoded| decoded.body))
    }

    /// Who sends it: the first SSRC of its first packet.
    #[must_use]
    pub fn sender(&self) -> Option<Ssrc> {
        self.packets.first().and_then(Packet::sender)
    }
}

impl<'a> Packet<'a> {
    fn parse(bytes: &'a [u8], offset: usize) -> Result<(Self, &'a [u8]), Error> {
        let Some(([first, kind, l1, l0], rest)) = bytes.split_first_chunk::<HEADER_LENGTH>() else {
            let reason = Reason::TooShort { needed: HEADER_LENGTH, found: bytes.len() };
            return Err(Error { offset, field: "packet header", reason });
        };
        if first >> 6 != 2 {
            let reason = Reason::WrongValue { needed: 2, found: u64::from(first >> 6) };
            return Err(Error { offset, field: "version", reason });
        }
        let length = u16::from_be_bytes([*l1, *l0]);
        let stated = usize::from(length).saturating_mul(4);
        let (body, behind) = rest.split_at_checked(stated).unwrap_or((rest, &[]));
        let mut packet = Self {
            offset,
            kind: PacketType(*kind),
            count: first & 0x1F,
            padded: first & 0x20 != 0,
            length,
            body,
            padding: &[],
            fault: None,
            whole: body,
        };
        if body.len() < stated {
            let reason = Reason::TooShort { needed: stated, found: body.len() };
            packet.fault = Some(Error { offset: packet.body_offset(), field: "packet body", reason });
        } else if packet.padded {
            packet.fault = packet.cut_padding().err();
        }
        Ok((packet, behind))
    }

    /// Some senders pad to whole words by fewer than four bytes, so that any count within the body is taken.
    fn cut_padding(&mut self) -> Result<(), Error> {
        let count = self.body.last().map_or(0, |count| usize::from(*count));
        let kept = self.body.len().checked_sub(count).filter(|_| count > 0);
        let Some((body, padding)) = kept.and_then(|kept| self.body.split_at_checked(kept)) else {
            let offset = self.body_offset().saturating_add(self.body.len()).saturating_sub(1);
            let reason =
                Reason::WrongValue { needed: count.clamp(1, self.body.len().max(1)) as u64, found: count as u64 };
            return Err(Error { offset, field: "padding count", reason });
        };
        (self.body, self.padding) = (body, padding);
        Ok(())
    }

    /// Where its body begins, from the start of the datagram.
    #[must_use]
    pub fn body_offset(&self) -> usize {
        self.offset.saturating_add(HEADER_LENGTH)
    }

    /// Where it ends, from the start of the datagram.
    #[must_use]
    pub fn end(&self) -> usize {
        self.body_offset().saturating_add(self.body.len()).saturating_add(self.padding.len())
    }

    /// The SSRC it begins with: of its sender in most packets, of the first source in SDES and BYE. In SRTCP this is all
    /// of the first packet that is in the clear.
    #[must_use]
    pub fn sender(&self) -> Option<Ssrc> {
        self.body.first_chunk::<4>().map(|bytes| Ssrc(u32::from_be_bytes(*bytes)))
    }

    /// Reads its body. What was read before a fault in a list stays.
    ///
    /// # Errors
    ///
    /// Where a part that every packet of its type has is missing.
    pub fn decode(&self) -> Result<Decoded<'a>, Error> {
        let read = self.decode_bytes(self.body)?;
        Ok(if read.fault.is_some() { self.decode_into_padding().unwrap_or(read) } else { read })
    }

    fn decode_bytes(&self, bytes: &'a [u8]) -> Result<Decoded<'a>, Error> {
        let mut cursor = Cursor::silent(bytes, self.body_offset());
        let body = Body::read(&mut cursor, self.kind, self.count)?;
        Ok(Decoded { body, fault: cursor.fault().or(self.fault) })
    }

    /// Some senders of transport-wide feedback count bytes of its times as padding. Where these make it whole, they are
    /// believed more than the count, which is the fault then.
    pub(super) fn decode_into_padding(&self) -> Option<Decoded<'a>> {
        let count = self.padding.len();
        if self.kind != PacketType::TRANSPORT_FEEDBACK || self.count != 15 || count == 0 {
            return None;
        }
        let read = self.decode_bytes(self.whole).ok().filter(|read| read.fault.is_none())?;
        let short = self.decode_bytes(self.body).map_or(true, |read| read.fault.is_some());
        let offset = self.end().saturating_sub(1);
        let reason = Reason::WrongValue { needed: 1, found: count as u64 };
        short.then_some(Decoded { fault: Some(Error { offset, field: "padding count", reason }), ..read })
    }

    /// Body and padding in one.
    pub(super) fn whole(&self) -> &'a [u8] {
        self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_points_at_the_packet() {
        let two = [0x81, 201, 0, 0, 0x40, 201, 0, 0];
        let compound = Compound::parse(&two).unwrap();
        assert_eq!((compound.packets.len(), compound.trailing.len()), (1, 4));
        assert_eq!(compound.fault.unwrap().to_string(), "version at byte 4: expected 0x2, found 0x1");
        assert!(Compound::parse(&[0x80, 200, 0]).is_err());
    }

    #[test]
    fn a_padding_count_that_lies_is_no_padding() {
        let bytes = [0xA0, 203, 0, 1, 1, 2, 3, 9];
        let packet = Compound::parse(&bytes).unwrap().packets[0];
        assert_eq!((packet.body.len(), packet.fault.unwrap().field), (4, "padding count"));
        assert!(Compound::parse(&[0xA0, 203, 0, 0]).unwrap().fault.is_some());
    }

    /// One small and one large time, and a count of 3 where one byte is padding.
    #[test]
    fn padding_that_takes_times_away_is_not_believed() {
        let sources = [0xAF, 205, 0, 6, 0, 0, 0, 1, 0, 0, 0, 2, 0, 7, 0, 14, 0, 0, 0, 0];
        let chunk_and_times = [0xD8, 0, 0xC0, 0, 5, 0, 9, 3];
        let bytes = [&sources[..], &chunk_and_times].concat();
        let decoded = Compound::parse(&bytes).unwrap().packets[0].decode().unwrap();
        let Body::TransportWideFeedback(feedback) = decoded.body else { panic!("another packet") };
        assert_eq!(feedback.deltas, [5, 9]);
        assert_eq!(decoded.fault.unwrap().field, "padding count");
    }

    #[test]
    fn a_packet_that_ends_early_is_kept() {
        let compound = Compound::parse(&[0x80, 201, 0, 2, 0, 0, 0, 7]).unwrap();
        assert_eq!(compound.sender(), Some(Ssrc(7)));
        assert_eq!(compound.fault.unwrap().to_string(), "packet body at byte 4: needs 8 bytes, 4 are left");
    }

    /// Application layer feedback has a name inside; an unknown one keeps its bytes.
    #[test]
    fn feedback_of_another_name_is_kept_as_it_is() {
        let bytes = [0x8F, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, b'O', b'T', b'H', b'R'];
        match Compound::parse(&bytes).unwrap().bodies().next().unwrap() {
            Body::OtherPayloadFeedback(read) => assert_eq!((read.format, read.information), (15, &b"OTHR"[..])),
            other => panic!("{other:?}"),
        }
    }
}
