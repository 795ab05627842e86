//! Making a datagram of packets.

use super::body::Body;
use super::packet_type::PacketType;
use crate::wire::{Error, Reason};

/// A datagram in the making.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Builder {
    bytes: Vec<u8>,
    fault: Option<Error>,
}

impl Builder {
    /// Without packets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a packet.
    #[must_use]
    pub fn packet(self, body: &Body<'_>) -> Self {
        self.padded(body, 0)
    }

    /// Appends a packet with bytes of padding, their count included. RFC 3550 wants a multiple of four, and padding only
    /// on the last packet.
    #[must_use]
    pub fn padded(self, body: &Body<'_>, padding: u8) -> Self {
        let mut bytes = Vec::new();
        let (kind, count) = body.emit(&mut bytes);
        self.append(kind, count, bytes, padding)
    }

    fn append(mut self, kind: PacketType, count: usize, mut body: Vec<u8>, padding: u8) -> Self {
        if let Some(zeros) = padding.checked_sub(1) {
            body.extend(std::iter::repeat_n(0, usize::from(zeros)));
            body.push(padding);
        }
        let Some(count) = u8::try_from(count).ok().filter(|count| *count < 32) else {
            return self.refuse("count", 31, count);
        };
        if !body.len().is_multiple_of(4) {
            let found = body.len();
            return self.refuse("packet body", found.next_multiple_of(4), found);
        }
        let Ok(words) = u16::try_from(body.len() / 4) else {
            return self.refuse("packet body", usize::from(u16::MAX).saturating_mul(4), body.len());
        };
        self.bytes.extend([0x80 | u8::from(padding > 0) << 5 | count, kind.0]);
        self.bytes.extend(words.to_be_bytes());
        self.bytes.extend(body);
        self
    }

    fn refuse(mut self, field: &'static str, needed: usize, found: usize) -> Self {
        let reason = Reason::WrongLength { needed, found };
        self.fault = self.fault.or(Some(Error { offset: self.bytes.len(), field, reason }));
        self
    }

    /// The bytes of the datagram.
    ///
    /// # Errors
    ///
    /// Where a packet has more than 31 reports or sources, is longer than 65535 words, or is not in whole words.
    pub fn emit(self) -> Result<Vec<u8>, Error> {
        match self.fault {
            None => Ok(self.bytes),
            Some(fault) => Err(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ApplicationDefined, Compound, Goodbye};
    use super::*;
    use crate::wire::rtp::Ssrc;

    #[test]
    fn padding_is_cut_off_again() {
        let body = Body::Goodbye(Goodbye { sources: vec![Ssrc(1)], reason: None });
        let bytes = Builder::new().packet(&body).padded(&body, 8).emit().unwrap();
        let compound = Compound::parse(&bytes).unwrap();
        assert_eq!(compound.packets[1].padding.len(), 8);
        assert!(compound.bodies().all(|read| read == body));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let crowd = Body::Goodbye(Goodbye { sources: vec![Ssrc(1); 32], reason: None });
        assert_eq!(Builder::new().packet(&crowd).emit().unwrap_err().field, "count");
        let odd = Body::ApplicationDefined(ApplicationDefined { data: &[1], ..ApplicationDefined::default() });
        assert_eq!(Builder::new().packet(&odd).emit().unwrap_err().field, "packet body");
    }
}
