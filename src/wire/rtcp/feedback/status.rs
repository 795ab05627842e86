//! Which packets a transport-wide feedback says arrived: chunks of symbols (section 3.1.1 to 3.1.4 of the draft).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// What became of a packet: two bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// 0: it has not arrived.
    NotReceived,
    /// 1: it has, and the time behind the one before takes a byte.
    SmallDelta,
    /// 2: it has, and the time takes two bytes, since it is long or negative.
    LargeDelta,
    /// 3: reserved. It has no time, and counts as not arrived.
    Reserved,
}

impl Symbol {
    fn of(bits: u16) -> Self {
        match bits & 3 {
            0 => Self::NotReceived,
            1 => Self::SmallDelta,
            2 => Self::LargeDelta,
            _ => Self::Reserved,
        }
    }

    /// Bytes of the time that goes with it.
    #[must_use]
    pub fn delta_width(self) -> usize {
        match self {
            Self::SmallDelta => 1,
            Self::LargeDelta => 2,
            Self::NotReceived | Self::Reserved => 0,
        }
    }
}

/// Symbols of several packets in two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusChunk(pub u16);

impl StatusChunk {
    /// A run of one symbol, up to 8191 packets.
    #[must_use]
    pub fn run(symbol: Symbol, length: u16) -> Self {
        Self((symbol as u16) << 13 | length.min(0x1FFF))
    }

    /// Up to seven symbols; those that are missing are of packets that have not arrived.
    #[must_use]
    pub fn vector(symbols: &[Symbol]) -> Self {
        let bits = symbols.iter().take(7).enumerate();
        Self(bits.fold(0xC000, |sum, (place, symbol)| sum | (*symbol as u16) << (12 - 2 * place)))
    }

    /// How many symbols it holds: 14 of one bit, 7 of two, or a run.
    #[must_use]
    pub fn length(self) -> u16 {
        match self.0 >> 14 {
            0 | 1 => self.0 & 0x1FFF,
            2 => 14,
            _ => 7,
        }
    }

    /// Its symbols.
    pub fn symbols(self) -> impl Iterator<Item = Symbol> {
        let bits = self.0;
        (0..self.length()).map(move |place| match bits >> 14 {
            0 | 1 => Symbol::of(bits >> 13),
            2 => Symbol::of(bits >> 13_u16.saturating_sub(place) & 1),
            _ => Symbol::of(bits >> 12_u16.saturating_sub(place.saturating_mul(2))),
        })
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<StatusChunk, Error> {
    let chunk = StatusChunk(cursor.code(16, "rtcp.rtpfb.transportcc.pktchunk", "packet chunk")?);
    cursor.means(|| match chunk.0 >> 14 {
        0 | 1 => format!("run of {} {:?}", chunk.length(), Symbol::of(chunk.0 >> 13)),
        _ => chunk.symbols().map(|symbol| (symbol as u8).to_string()).collect::<Vec<_>>().join(" "),
    });
    Ok(chunk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_kinds_of_chunks() {
        assert_eq!(StatusChunk(0x00DD).length(), 221);
        assert!(StatusChunk(0x6018).symbols().eq(std::iter::repeat_n(Symbol::Reserved, 24)));
        let one: Vec<_> = StatusChunk(0x9F1C).symbols().map(|symbol| symbol as u8).collect();
        assert_eq!(one, [0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0]);
        let two: Vec<_> = StatusChunk(0xCD50).symbols().map(|symbol| symbol as u8).collect();
        assert_eq!(two, [0, 3, 1, 1, 1, 0, 0]);
    }

    #[test]
    fn chunks_are_made_of_symbols() {
        assert_eq!(StatusChunk::run(Symbol::LargeDelta, 5), StatusChunk(0x4005));
        let symbols: Vec<_> = StatusChunk(0xCD50).symbols().collect();
        assert_eq!(StatusChunk::vector(&symbols), StatusChunk(0xCD50));
    }
}
