//! Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).

use super::other::{emit_sources, sources};
use super::status::{self, StatusChunk, Symbol};
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{SequenceNumber, Ssrc};
use crate::wire::{Error, Reason};

/// Microseconds in the unit of the times between arrivals.
const DELTA_US: i64 = 250;
/// Microseconds in the unit of the reference time.
const REFERENCE_US: i64 = 64_000;
/// Runs of fewer symbols take no less room than a vector.
const SHORTEST_RUN: usize = 8;

/// Which packets of a transport arrived, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransportWideFeedback {
    /// Who received them.
    pub sender: Ssrc,
    /// One of the sources; the numbers are of all of them.
    pub media: Ssrc,
    /// The first packet.
    pub base: SequenceNumber,
    /// How many packets it is about.
    pub status_count: u16,
    /// Where its times begin, in units of 64 ms on the receiver's clock; 24 bits with a sign, which wrap after twelve
    /// days.
    pub reference_time: i32,
    /// Counts the feedback packets of the transport, wrapping.
    pub feedback_count: u8,
    /// What became of the packets. The last chunk may hold more symbols than there are packets left.
    pub chunks: Vec<StatusChunk>,
    /// Times from arrival to arrival in units of 250 µs, one for each packet that arrived.
    pub deltas: Vec<i16>,
}

/// What became of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketStatus {
    /// The packet.
    pub sequence: SequenceNumber,
    /// What the feedback says of it.
    pub symbol: Symbol,
    /// The time since the arrival before it, in microseconds.
    pub delta_us: Option<i64>,
    /// The time of its arrival on the receiver's clock, in microseconds. Nothing where it has not arrived, or the
    /// feedback ends before the time.
    pub arrival_us: Option<i64>,
}

impl TransportWideFeedback {
    /// A feedback about the packets from `base` on, each with its arrival in microseconds on the receiver's clock; times
    /// are cut to 250 µs. The reference time is that of the first arrival.
    ///
    /// # Errors
    ///
    /// Where there are more than 65535 packets, or more than 8.19 s between two arrivals.
    pub fn of(
        (sender, media): (Ssrc, Ssrc),
        feedback_count: u8,
        base: SequenceNumber,
        arrivals_us: &[Option<i64>],
    ) -> Result<Self, Error> {
        let wrong = |offset, found| Error {
            offset,
            field: "packet status count",
            reason: Reason::WrongLength { needed: usize::from(u16::MAX), found },
        };
        let status_count = u16::try_from(arrivals_us.len()).map_err(|_| wrong(14, arrivals_us.len()))?;
        let reference = arrivals_us.iter().flatten().next().map_or(0, |first| first.div_euclid(REFERENCE_US));
        let (mut symbols, mut deltas) = (Vec::new(), Vec::new());
        let mut last = reference.saturating_mul(REFERENCE_US / DELTA_US);
        for arrival in arrivals_us {
            let Some(arrival) = arrival else {
                symbols.push(Symbol::NotReceived);
                continue;
            };
            let units = arrival.div_euclid(DELTA_US);
            let delta = i16::try_from(units.saturating_sub(last)).map_err(|_| Error {
                offset: 20,
                field: "receive delta",
                reason: Reason::WrongValue { needed: i16::MAX as u64, found: units.abs_diff(last) },
            })?;
            symbols.push(if (0..=255).contains(&delta) { Symbol::SmallDelta } else { Symbol::LargeDelta });
            deltas.push(delta);
            last = units;
        }
        let reference_time = (((reference & 0xFF_FFFF) as i32) << 8) >> 8;
        let chunks = chunks_of(&symbols);
        Ok(Self { sender, media, base, status_count, reference_time, feedback_count, chunks, deltas })
    }

    /// The symbols of the packets, without those that stand behind the last one in its chunk.
    fn symbols(&self) -> impl Iterator<Item = Symbol> {
        self.chunks.iter().flat_map(|chunk| chunk.symbols()).take(usize::from(self.status_count))
    }

    /// Where its times begin on the receiver's clock, in microseconds.
    #[must_use]
    pub fn reference_us(&self) -> i64 {
        i64::from(self.reference_time).saturating_mul(REFERENCE_US)
    }

    /// The packets and what became of them.
    pub fn packets(&self) -> impl Iterator<Item = PacketStatus> {
        let mut deltas = self.deltas.iter();
        let mut clock = self.reference_us();
        (0..=u16::MAX).zip(self.symbols()).map(move |(place, symbol)| {
            let delta = if symbol.delta_width() > 0 { deltas.next() } else { None };
            let delta_us = delta.map(|delta| i64::from(*delta).saturating_mul(DELTA_US));
            clock = clock.saturating_add(delta_us.unwrap_or(0));
            PacketStatus { sequence: self.base.plus(place), symbol, delta_us, arrival_us: delta_us.map(|_| clock) }
        })
    }

    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        out.extend(self.base.0.to_be_bytes());
        out.extend(self.status_count.to_be_bytes());
        let [_, reference @ ..] = self.reference_time.to_be_bytes();
        out.extend(reference);
        out.push(self.feedback_count);
        out.extend(self.chunks.iter().flat_map(|chunk| chunk.0.to_be_bytes()));
        let arrived = self.symbols().filter(|symbol| symbol.delta_width() > 0);
        for (symbol, delta) in arrived.zip(&self.deltas) {
            let [high, low] = delta.to_be_bytes();
            match symbol {
                Symbol::LargeDelta => out.extend([high, low]),
                _ => out.push(low),
            }
        }
        out.resize(out.len().next_multiple_of(4), 0);
        0
    }
}

fn chunks_of(mut symbols: &[Symbol]) -> Vec<StatusChunk> {
    let mut chunks = Vec::new();
    while let Some(first) = symbols.first() {
        let run = symbols.iter().take(0x1FFF).take_while(|symbol| *symbol == first).count();
        let taken = if run >= SHORTEST_RUN || run == symbols.len() {
            chunks.push(StatusChunk::run(*first, run as u16));
            run
        } else {
            chunks.push(StatusChunk::vector(symbols));
            symbols.len().min(7)
        };
        symbols = symbols.get(taken..).unwrap_or_default();
    }
    chunks
}

pub(in crate::wire::rtcp) fn read<R: Record>(
    cursor: &mut Cursor<'_, R>,
    _: u8,
) -> Result<TransportWideFeedback, Error> {
    let (sender, media) = sources(cursor)?;
    let mut read = TransportWideFeedback {
        sender,
        media,
        base: SequenceNumber(cursor.number(16, "rtcp.rtpfb.transportcc.baseseq", "base sequence number")?),
        status_count: cursor.number(16, "rtcp.rtpfb.transportcc.statuscount", "packet status count")?,
        reference_time: cursor.signed(24, "rtcp.rtpfb.transportcc.reftime", "reference time")? as i32,
        ..TransportWideFeedback::default()
    };
    cursor.means(|| format!("{:.3} s", read.reference_us() as f64 / 1e6));
    read.feedback_count = cursor.number(8, "rtcp.rtpfb.transportcc.pktcount", "feedback packet count")?;
    if let Err(fault) = variable_part(cursor, &mut read) {
        cursor.keep(fault);
    }
    Ok(read)
}

fn variable_part<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut TransportWideFeedback) -> Result<(), Error> {
    let mut left = usize::from(read.status_count);
    while left > 0 {
        let chunk = status::read(cursor)?;
        left = left.saturating_sub(usize::from(chunk.length()));
        read.chunks.push(chunk);
    }
    let TransportWideFeedback { chunks, deltas, status_count, .. } = read;
    let symbols = chunks.iter().flat_map(|chunk| chunk.symbols()).take(usize::from(*status_count));
    for symbol in symbols {
        let (name, label) = ("rtcp.rtpfb.transportcc.recv_delta", "receive delta");
        let delta = match symbol {
            Symbol::SmallDelta => cursor.number::<u16>(8, name, label)?.cast_signed(),
            Symbol::LargeDelta => cursor.signed(16, name, label)? as i16,
            Symbol::NotReceived | Symbol::Reserved => continue,
        };
        cursor.means(|| format!("{} ms", f64::from(delta) / 4.0));
        deltas.push(delta);
    }
    if cursor.left() < 4 {
        cursor.remainder("rtcp.rtpfb.transportcc.recv_delta.padding", "padding");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feedback(status_count: u16, chunks: &[u16], rest: &[u8]) -> (TransportWideFeedback, Option<Error>) {
        let mut bytes = vec![0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 0xFF];
        bytes.extend(status_count.to_be_bytes());
        bytes.extend([0xFF, 0xFF, 0xFF, 7]);
        bytes.extend(chunks.iter().flat_map(|chunk| chunk.to_be_bytes()));
        bytes.extend(rest);
        let mut cursor = Cursor::silent(&bytes, 4);
        (read(&mut cursor, 15).unwrap(), cursor.fault())
    }

    #[test]
    fn the_reference_time_has_a_sign() {
        let (read, fault) = feedback(1, &[0x2001], &[4, 0]);
        assert_eq!((read.reference_time, fault), (-1, None));
        assert_eq!(read.packets().next().unwrap().arrival_us, Some(-64_000 + 1_000));
    }

    #[test]
    fn the_last_chunk_is_cut_to_the_packets_left() {
        let (read, fault) = feedback(2, &[0x2000 | 100], &[4, 8]);
        assert_eq!((read.deltas.as_slice(), fault), (&[4, 8][..], None));
        let numbers: Vec<_> = read.packets().map(|packet| packet.sequence.0).collect();
        assert_eq!(numbers, [65535, 0]);
    }

    #[test]
    fn a_reserved_symbol_is_not_received() {
        let (read, fault) = feedback(2, &[0xC000 | 3 << 12 | 1 << 10], &[4, 0]);
        let arrivals: Vec<_> = read.packets().map(|packet| (packet.symbol, packet.arrival_us)).collect();
        assert_eq!(arrivals, [(Symbol::Reserved, None), (Symbol::SmallDelta, Some(-63_000))]);
        assert_eq!(fault, None);
    }

    #[test]
    fn times_before_a_fault_stay() {
        let (read, fault) = feedback(3, &[0x2003], &[4, 8]);
        assert_eq!(read.deltas, [4, 8]);
        assert_eq!(read.packets().last().unwrap().arrival_us, None);
        assert_eq!(fault.unwrap().field, "receive delta");
    }

    #[test]
    fn runs_of_nothing_end_with_the_bytes() {
        assert_eq!(feedback(3, &[0x2000; 4], &[]).1.unwrap().field, "packet chunk");
    }

    #[test]
    fn arrivals_come_back() {
        let arrivals = [Some(64_250), None, Some(64_000), Some(1_000_000), Some(1_000_250)];
        let ssrcs = (Ssrc(1), Ssrc(2));
        let made = TransportWideFeedback::of(ssrcs, 9, SequenceNumber(65534), &arrivals).unwrap();
        let mut bytes = Vec::new();
        made.emit(&mut bytes);
        let read = read(&mut Cursor::silent(&bytes, 4), 15).unwrap();
        assert_eq!(read, made);
        assert!(read.packets().map(|packet| packet.arrival_us).eq(arrivals));
        assert!(TransportWideFeedback::of(ssrcs, 9, SequenceNumber(0), &[Some(0), Some(9_000_000)]).is_err());
    }

    #[test]
    fn a_clock_goes_on_over_the_wrap_of_its_24_bits() {
        let wrap = i64::from(1 << 24) * REFERENCE_US;
        for (clock, reference) in [(wrap / 2, -0x80_0000), (wrap / 2 - 1, 0x7F_FFFF), (wrap, 0), (wrap - 1, -1)] {
            let made = TransportWideFeedback::of((Ssrc(1), Ssrc(2)), 0, SequenceNumber(0), &[Some(clock)]).unwrap();
            assert_eq!(made.reference_time, reference, "{clock}");
        }
    }

    #[test]
    fn a_vector_of_one_bit_is_cut_to_the_packets_left_too() {
        let (read, fault) = feedback(3, &[0x8000 | 0x3FFF], &[4, 4, 4, 0]);
        assert_eq!((read.deltas.len(), fault), (3, None));
        let numbers: Vec<_> = read.packets().map(|packet| packet.sequence.0).collect();
        assert_eq!(numbers, [65535, 0, 1]);
    }

    #[test]
    fn a_long_time_may_be_negative() {
        let (read, _) = feedback(2, &[0xC000 | 1 << 12 | 2 << 10], &[4, 0xFF, 0xFE]);
        let deltas: Vec<_> = read.packets().map(|packet| packet.delta_us.unwrap()).collect();
        assert_eq!(deltas, [1_000, -500]);
    }
}
