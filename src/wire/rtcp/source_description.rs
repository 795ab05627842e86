//! Source descriptions (RFC 3550 section 6.5).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::Ssrc;

/// What sources say of themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceDescription<'a> {
    /// One for each source.
    pub chunks: Vec<SdesChunk<'a>>,
}

/// What one source says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SdesChunk<'a> {
    /// The source.
    pub ssrc: Ssrc,
    /// Its items, in wire order.
    pub items: Vec<SdesItem<'a>>,
}

/// One item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SdesItem<'a> {
    /// What it says.
    pub kind: SdesKind,
    /// Its text, UTF-8 if the sender keeps the rules; of `PRIV`, a length, a prefix and a value.
    pub value: &'a [u8],
}

/// The type of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SdesKind(pub u8);

impl SdesKind {
    /// The name that all streams of a participant share.
    pub const CNAME: Self = Self(1);
    /// The software, `TOOL`.
    pub const TOOL: Self = Self(6);

    /// Its name in the registry; nothing where it is not known.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            1 => "CNAME",
            2 => "NAME",
            3 => "EMAIL",
            4 => "PHONE",
            5 => "LOC",
            6 => "TOOL",
            7 => "NOTE",
            8 => "PRIV",
            9 => "H323-CADDR",
            10 => "APSI",
            11 => "RGRP",
            12 => "RtpStreamId",
            13 => "RepairedRtpStreamId",
            14 => "CCID",
            15 => "MID",
            _ => return None,
        })
    }
}

impl<'a> SourceDescription<'a> {
    /// The canonical name of a source.
    #[must_use]
    pub fn cname(&self, ssrc: Ssrc) -> Option<&'a [u8]> {
        let chunk = self.chunks.iter().find(|chunk| chunk.ssrc == ssrc)?;
        chunk.items.iter().find(|item| item.kind == SdesKind::CNAME).map(|item| item.value)
    }

    pub(super) fn emit(&self, out: &mut Vec<u8>) -> usize {
        for chunk in &self.chunks {
            out.extend(chunk.ssrc.0.to_be_bytes());
            for item in &chunk.items {
                // One byte counts the text: what is longer cannot be said.
                let value = item.value.get(..usize::from(u8::MAX)).unwrap_or(item.value);
                out.extend([item.kind.0, value.len() as u8]);
                out.extend(value);
            }
            out.push(0);
            out.resize(out.len().next_multiple_of(4), 0);
        }
        self.chunks.len()
    }
}

pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>, count: u8) -> Result<SourceDescription<'a>, Error> {
    let mut chunks = Vec::new();
    for _ in 0..count {
        let mut chunk = SdesChunk::default();
        let read = cursor.group("rtcp.sdes.chunk", "chunk", |cursor| self::chunk(cursor, &mut chunk));
        // A chunk that breaks keeps the items before.
        if read.is_ok() || !chunk.items.is_empty() {
            chunks.push(chunk);
        }
        if let Err(fault) = read {
            cursor.keep(fault);
            break;
        }
    }
    Ok(SourceDescription { chunks })
}

fn chunk<'a, R: Record>(cursor: &mut Cursor<'a, R>, chunk: &mut SdesChunk<'a>) -> Result<(), Error> {
    chunk.ssrc = Ssrc(cursor.code(32, "rtcp.ssrc.identifier", "identifier")?);
    loop {
        let kind = SdesKind(cursor.number(8, "rtcp.sdes.type", "type")?);
        if kind.0 == 0 {
            cursor.means(|| "END".to_owned());
            let padding = cursor.byte().wrapping_neg() % 4;
            cursor.opaque(padding.min(cursor.left()), "rtcp.sdes.padding", "padding")?;
            return Ok(());
        }
        cursor.may_mean(kind.name());
        let length = cursor.number(8, "rtcp.sdes.length", "length")?;
        let value = cursor.text(length, "rtcp.sdes.text", "text")?;
        chunk.items.push(SdesItem { kind, value });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_ends_on_a_word() {
        let bytes = [0, 0, 0, 1, 1, 2, b'a', b'b', 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, b'c', 0];
        let read = read(&mut Cursor::silent(&bytes, 4), 2).unwrap();
        assert_eq!(read.cname(Ssrc(1)), Some(&b"ab"[..]));
        assert_eq!(read.cname(Ssrc(2)), Some(&b"c"[..]));
        let mut out = Vec::new();
        assert_eq!(read.emit(&mut out), 2);
        assert_eq!(out, bytes);
    }

    #[test]
    fn items_before_a_fault_stay() {
        let bytes = [0, 0, 0, 1, 1, 1, b'a', 2, 9, b'b', 0, 0];
        let mut cursor = Cursor::silent(&bytes, 4);
        let read = read(&mut cursor, 1).unwrap();
        assert_eq!(read.cname(Ssrc(1)), Some(&b"a"[..]));
        assert_eq!(cursor.fault().unwrap().to_string(), "text at byte 13: needs 9 bytes, 3 are left");
    }
}
