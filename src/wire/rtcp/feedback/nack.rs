//! Generic NACK (RFC 4585 section 6.2.1).

use super::other::{emit_sources, sources};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{SequenceNumber, Ssrc};

/// Packets that a receiver misses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GenericNack {
    /// Who misses them.
    pub sender: Ssrc,
    /// Whose packets they are.
    pub media: Ssrc,
    /// The packets, up to seventeen an entry.
    pub entries: Vec<NackEntry>,
}

/// A packet, and which of the sixteen behind it are missed too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NackEntry {
    /// PID: the first one.
    pub packet_id: SequenceNumber,
    /// BLP: bit i is for the packet i + 1 behind it.
    pub following: u16,
}

impl NackEntry {
    /// The packets of the entry, in order; sequence numbers wrap.
    pub fn lost(&self) -> impl Iterator<Item = SequenceNumber> {
        let (first, following) = (self.packet_id, self.following);
        let behind = (0..16_u16).filter(move |bit| following >> bit & 1 == 1);
        std::iter::once(first).chain(behind.map(move |bit| first.plus(bit.saturating_add(1))))
    }
}

impl GenericNack {
    /// A request for these packets, which must be in order, in as few entries as they take.
    #[must_use]
    pub fn of(sender: Ssrc, media: Ssrc, lost: &[SequenceNumber]) -> Self {
        let mut entries: Vec<NackEntry> = Vec::new();
        for number in lost {
            let distance = entries.last().map(|entry| number.since(entry.packet_id));
            match (distance, entries.last_mut()) {
                (Some(distance @ 1..=16), Some(entry)) => entry.following |= 1 << (distance - 1),
                (Some(0), _) => {}
                _ => entries.push(NackEntry { packet_id: *number, following: 0 }),
            }
        }
        Self { sender, media, entries }
    }

    /// All packets that are missed.
    pub fn lost(&self) -> impl Iterator<Item = SequenceNumber> {
        self.entries.iter().flat_map(NackEntry::lost)
    }

    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        for entry in &self.entries {
            out.extend(entry.packet_id.0.to_be_bytes());
            out.extend(entry.following.to_be_bytes());
        }
        0
    }
}

fn entry<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<NackEntry, Error> {
    let packet_id = SequenceNumber(cursor.number(16, "rtcp.rtpfb.nack_pid", "packet identifier")?);
    let following = cursor.code(16, "rtcp.rtpfb.nack_blp", "bitmask of following lost packets")?;
    let entry = NackEntry { packet_id, following };
    cursor.means(|| entry.lost().map(|number| number.to_string()).collect::<Vec<_>>().join(" "));
    Ok(entry)
}

pub(in crate::wire::rtcp) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: u8) -> Result<GenericNack, Error> {
    let (sender, media) = sources(cursor)?;
    let mut entries = vec![entry(cursor)?];
    cursor.list(&mut entries, None, entry);
    Ok(GenericNack { sender, media, entries })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_behind_the_wrap_begin_at_zero() {
        let entry = NackEntry { packet_id: SequenceNumber(65530), following: 0b1000_0000_0010_0000 };
        assert_eq!(entry.lost().map(|number| number.0).collect::<Vec<_>>(), [65530, 0, 10]);
    }

    #[test]
    fn as_few_entries_as_they_take() {
        let lost = [65535, 0, 15, 16, 40].map(SequenceNumber);
        let nack = GenericNack::of(Ssrc(1), Ssrc(2), &lost);
        assert_eq!(nack.entries.len(), 3);
        assert_eq!(nack.lost().collect::<Vec<_>>(), lost);
    }

    #[test]
    fn a_request_for_nothing_is_none() {
        assert!(read(&mut Cursor::silent(&[0; 8], 4), 1).is_err());
    }
}
