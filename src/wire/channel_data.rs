//! `ChannelData`: four bytes in front of a datagram between a TURN client and its server (RFC 8656 section 12.4).

use nom::Parser;
use nom::number::streaming::be_u16;

use super::field::{Field, Value};
use super::leaves::Leaves;
use super::read::{Read, field, located, wrong_value};
use super::{Error, Reason};

/// Bytes of a header.
pub const HEADER_LENGTH: usize = 4;

/// A `ChannelData` message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelData<'a> {
    /// The channel, 0x4000 to 0x4FFF in RFC 8656 and to 0x7FFF in RFC 5766.
    pub number: u16,
    /// The length of the data in bytes, as the header states it.
    pub length: u16,
    /// The data, as far as it is there.
    pub data: &'a [u8],
    /// Bytes after the data that fill the message up to a multiple of four: needed over TCP and TLS, allowed over UDP.
    pub padding: &'a [u8],
}

fn header(input: &[u8]) -> Read<'_, (u16, u16)> {
    let (rest, number) = field("channel number", be_u16).parse(input)?;
    if !(0x4000..=0x7FFF).contains(&number) {
        return Err(wrong_value(input, "channel number", 0x4000, u64::from(number)));
    }
    let (rest, length) = field("length", be_u16).parse(rest)?;
    Ok((rest, (number, length)))
}

impl<'a> ChannelData<'a> {
    /// Reads a datagram, which must be as long as its header says or that rounded up to a multiple of four.
    ///
    /// Other protocols begin with the same bytes (`INVITE`, `M-SEARCH`), so that the length has to be right.
    ///
    /// # Errors
    ///
    /// Where the number is none of a channel, or the length another.
    pub fn parse(datagram: &'a [u8]) -> Result<Self, Error> {
        Self::parse_captured(datagram, datagram.len())
    }

    /// The same of a datagram of `wire_length` bytes of which not all were captured.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_captured(datagram: &'a [u8], wire_length: usize) -> Result<Self, Error> {
        let (rest, (number, length)) = header(datagram).map_err(|stop| located(stop, datagram, 0))?;
        let exact = HEADER_LENGTH.saturating_add(usize::from(length));
        if wire_length != exact && wire_length != exact.next_multiple_of(4) {
            let reason = if wire_length < exact {
                Reason::TooShort { needed: usize::from(length), found: wire_length.saturating_sub(HEADER_LENGTH) }
            } else {
                Reason::WrongLength { needed: usize::from(length), found: wire_length.saturating_sub(HEADER_LENGTH) }
            };
            return Err(Error { offset: HEADER_LENGTH, field: "application data", reason });
        }
        let (data, padding) = rest.split_at_checked(usize::from(length)).unwrap_or((rest, &[]));
        Ok(Self { number, length, data, padding })
    }

    /// How many bytes a message takes on a stream, padding included, if a `ChannelData` header begins at the first byte.
    /// Nothing where there is none or it is not all there.
    #[must_use]
    pub fn stream_length(stream: &[u8]) -> Option<usize> {
        let (_, (_, length)) = header(stream).ok()?;
        Some(HEADER_LENGTH.saturating_add(usize::from(length)).next_multiple_of(4))
    }

    /// The bytes of a message on channel `number`, padded to a multiple of four.
    ///
    /// # Errors
    ///
    /// Where the number is none of a channel, or the data is longer than 65535 bytes.
    pub fn emit(number: u16, data: &[u8]) -> Result<Vec<u8>, Error> {
        if !(0x4000..=0x7FFF).contains(&number) {
            let reason = Reason::WrongValue { needed: 0x4000, found: u64::from(number) };
            return Err(Error { offset: 0, field: "channel number", reason });
        }
        let length = u16::try_from(data.len()).map_err(|_| Error {
            offset: 2,
            field: "length",
            reason: Reason::WrongLength { needed: usize::from(u16::MAX), found: data.len() },
        })?;
        let mut bytes = Vec::with_capacity(HEADER_LENGTH.saturating_add(data.len()).saturating_add(3));
        bytes.extend(number.to_be_bytes());
        bytes.extend(length.to_be_bytes());
        bytes.extend(data);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        Ok(bytes)
    }

    /// The fields of the message, which begins at byte 0; the data is left as bytes.
    #[must_use]
    pub fn describe(&self) -> Vec<Field> {
        let number = Field::new("stun.channel", "Channel Number", Value::Hex(u64::from(self.number), 4), 0..2);
        let number = if self.number > 0x4FFF {
            number.note("outside 0x4000 to 0x4fff, the channels of RFC 8656")
        } else {
            number
        };
        let length = Field::new("stun.length", "Message Length", Value::Unsigned(u64::from(self.length)), 2..4);
        let behind = HEADER_LENGTH.saturating_add(self.data.len());
        let data = Leaves::of(self.data, HEADER_LENGTH).rest("stun.channel.data", "Application Data");
        let padding = Leaves::of(self.padding, behind).rest("stun.channel.padding", "Padding");
        [number, length].into_iter().chain(data.finish()).chain(padding.finish()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sip_and_ssdp_are_no_channel_data() {
        assert!(ChannelData::parse(b"INVITE sip:bob@example.com SIP/2.0\r\n\r\n").is_err());
        assert!(ChannelData::parse(b"M-SEARCH * HTTP/1.1\r\n\r\n").is_err());
    }

    #[test]
    fn error_points_at_the_field() {
        let short = ChannelData::parse(&[0x40, 0, 0, 9, 1]).unwrap_err();
        assert_eq!(short.to_string(), "application data at byte 4: needs 9 bytes, 1 are left");
        let other = ChannelData::parse(&[0x80, 0, 0, 0]).unwrap_err();
        assert_eq!(other.to_string(), "channel number at byte 0: expected 0x4000, found 0x8000");
    }

    #[test]
    fn a_snaplen_does_not_make_it_another_protocol() {
        let cut = ChannelData::parse_captured(&[0x40, 1, 0, 100, 7, 8], 104).unwrap();
        assert_eq!((cut.number, cut.length, cut.data), (0x4001, 100, &[7, 8][..]));
    }

    #[test]
    fn channels_of_rfc5766_are_read_with_a_note() {
        let parsed = ChannelData::parse(&[0x70, 0, 0, 0]).unwrap();
        assert_eq!(parsed.describe()[0].notes, ["outside 0x4000 to 0x4fff, the channels of RFC 8656"]);
    }
}
