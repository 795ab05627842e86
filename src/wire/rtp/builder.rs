//! Making a packet.

use super::header_extension::{ONE_BYTE, TWO_BYTE};
use super::payload_type::PayloadType;
use super::sequence_number::SequenceNumber;
use super::source::Ssrc;
use super::timestamp::RtpTimestamp;
use crate::wire::{Error, Reason};

/// A packet in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Builder {
    marker: bool,
    payload_type: PayloadType,
    sequence_number: SequenceNumber,
    timestamp: RtpTimestamp,
    ssrc: Ssrc,
    csrcs: Vec<Ssrc>,
    elements: Vec<(u8, Vec<u8>)>,
    profile: Option<(u16, Vec<u8>)>,
    payload: Vec<u8>,
    padding: u8,
}

impl Builder {
    /// An empty packet of a source, with zero in every other field.
    #[must_use]
    pub fn new(ssrc: Ssrc) -> Self {
        Self {
            marker: false,
            payload_type: PayloadType(0),
            sequence_number: SequenceNumber(0),
            timestamp: RtpTimestamp(0),
            ssrc,
            csrcs: Vec::new(),
            elements: Vec::new(),
            profile: None,
            payload: Vec::new(),
            padding: 0,
        }
    }

    /// With the marker.
    #[must_use]
    pub fn marker(mut self, marker: bool) -> Self {
        self.marker = marker;
        self
    }

    /// With a payload type, at most 127.
    #[must_use]
    pub fn payload_type(mut self, payload_type: PayloadType) -> Self {
        self.payload_type = payload_type;
        self
    }

    /// With a sequence number.
    #[must_use]
    pub fn sequence_number(mut self, number: SequenceNumber) -> Self {
        self.sequence_number = number;
        self
    }

    /// With a timestamp.
    #[must_use]
    pub fn timestamp(mut self, timestamp: RtpTimestamp) -> Self {
        self.timestamp = timestamp;
        self
    }

    /// With one more contributing source; fifteen are the most.
    #[must_use]
    pub fn csrc(mut self, source: Ssrc) -> Self {
        self.csrcs.push(source);
        self
    }

    /// With one more element of the header extension. All become two-byte elements where one has an id above 14, no
    /// bytes, or more than sixteen of them.
    #[must_use]
    pub fn extension(mut self, id: u8, value: &[u8]) -> Self {
        self.elements.push((id, value.to_vec()));
        self
    }

    /// With a header extension that a profile defines, instead of elements; filled with zeros to a multiple of four.
    #[must_use]
    pub fn profile_extension(mut self, profile: u16, data: &[u8]) -> Self {
        self.profile = Some((profile, data.to_vec()));
        self
    }

    /// With a payload.
    #[must_use]
    pub fn payload(mut self, payload: &[u8]) -> Self {
        self.payload = payload.to_vec();
        self
    }

    /// With bytes of padding, their count included; 0 for none.
    #[must_use]
    pub fn padding(mut self, bytes: u8) -> Self {
        self.padding = bytes;
        self
    }

    /// The bytes of the packet.
    ///
    /// # Errors
    ///
    /// Where the payload type is above 127, there are more than fifteen CSRCs, an element has the id 0 or more than 255
    /// bytes, or the header extension is longer than 65535 words.
    pub fn emit(&self) -> Result<Vec<u8>, Error> {
        let contributing = u8::try_from(self.csrcs.len()).unwrap_or(u8::MAX);
        at_most("CSRC count", 0, 15, usize::from(contributing))?;
        at_most("payload type", 1, 127, usize::from(self.payload_type.0))?;
        let extension = self.extension_bytes()?;
        let flags = 0x80 | u8::from(self.padding > 0) << 5 | u8::from(extension.is_some()) << 4 | contributing;
        let mut bytes = vec![flags, u8::from(self.marker) << 7 | self.payload_type.0];
        bytes.extend(self.sequence_number.0.to_be_bytes());
        bytes.extend(self.timestamp.0.to_be_bytes());
        bytes.extend(self.ssrc.0.to_be_bytes());
        bytes.extend(self.csrcs.iter().flat_map(|source| source.0.to_be_bytes()));
        bytes.extend(extension.unwrap_or_default());
        bytes.extend(&self.payload);
        if let Some(zeros) = self.padding.checked_sub(1) {
            bytes.extend(std::iter::repeat_n(0, usize::from(zeros)));
            bytes.push(self.padding);
        }
        Ok(bytes)
    }

    fn extension_bytes(&self) -> Result<Option<Vec<u8>>, Error> {
        let (profile, mut data) = match &self.profile {
            Some((profile, data)) => (*profile, data.clone()),
            None if self.elements.is_empty() => return Ok(None),
            None => self.element_bytes()?,
        };
        data.resize(data.len().next_multiple_of(4), 0);
        let words = data.len() / 4;
        at_most("header extension", 12, usize::from(u16::MAX), words)?;
        let mut bytes = profile.to_be_bytes().to_vec();
        bytes.extend((words as u16).to_be_bytes());
        bytes.extend(data);
        Ok(Some(bytes))
    }

    fn element_bytes(&self) -> Result<(u16, Vec<u8>), Error> {
        let short = self.elements.iter().all(|(id, value)| (1..=14).contains(id) && (1..=16).contains(&value.len()));
        let mut data = Vec::new();
        for (id, value) in &self.elements {
            at_most("element data", 16, 255, value.len())?;
            if *id == 0 {
                let reason = Reason::WrongValue { needed: 1, found: 0 };
                return Err(Error { offset: 16, field: "element id", reason });
            }
            let length = value.len() as u8;
            if short {
                data.push(id << 4 | length.saturating_sub(1));
            } else {
                data.extend([*id, length]);
            }
            data.extend(value);
        }
        Ok((if short { ONE_BYTE } else { TWO_BYTE }, data))
    }
}

fn at_most(field: &'static str, offset: usize, needed: usize, found: usize) -> Result<(), Error> {
    if found <= needed {
        return Ok(());
    }
    Err(Error { offset, field, reason: Reason::WrongLength { needed, found } })
}

#[cfg(test)]
mod tests {
    use super::super::Packet;
    use super::*;

    #[test]
    fn one_long_element_makes_all_two_byte() {
        let bytes = Builder::new(Ssrc(1)).extension(1, &[7]).extension(2, &[0; 17]).emit().unwrap();
        let packet = Packet::parse(&bytes).unwrap();
        assert_eq!(packet.extension.unwrap().profile, TWO_BYTE);
        assert_eq!(packet.element(1), Some(&[7][..]));
        assert_eq!(packet.element(2), Some(&[0; 17][..]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(Builder::new(Ssrc(1)).payload_type(PayloadType(128)).emit().is_err());
        assert!(Builder::new(Ssrc(1)).extension(0, &[1]).emit().is_err());
        assert!(Builder::new(Ssrc(1)).extension(1, &[1; 256]).emit().is_err());
        let crowded = (0..16).fold(Builder::new(Ssrc(1)), |made, number| made.csrc(Ssrc(number)));
        assert!(crowded.emit().is_err());
    }
}
