//! The classic format: a header and one record after another (draft-ietf-opsawg-pcap).

use pcap_parser::nom::IResult;
use pcap_parser::{
    LegacyPcapBlock, PcapError, PcapHeader, parse_pcap_frame, parse_pcap_frame_be, parse_pcap_frame_modified,
    parse_pcap_header,
};

use super::record::Record;
use super::window::Window;
use super::{Damage, Error, Format, Interface, LinkType, Part, clock};
use crate::moment::Timestamp;

/// The length of the file header in bytes.
const HEADER: usize = 24;
/// The greatest captured length that is believed: libpcap writes none above it and refuses to read it.
const CAPTURED_LENGTH: u32 = 262_144;

type ParseRecord = for<'a> fn(&'a [u8]) -> IResult<&'a [u8], LegacyPcapBlock<'a>, PcapError<&'a [u8]>>;

/// How the records of one file are read.
pub(super) struct Pcap {
    parse: ParseRecord,
    big_endian: bool,
    nanoseconds: bool,
    /// The length of a record's header in bytes.
    record_header: usize,
    link_type: LinkType,
}

impl Pcap {
    /// Whether the first four bytes are those of this format, in any of its variants.
    pub(super) fn announced(magic: [u8; 4]) -> bool {
        matches!(u32::from_le_bytes(magic), 0xa1b2_c3d4 | 0xa1b2_3c4d | 0xa1b2_cd34 | 0xd4c3_b2a1 | 0x4d3c_b2a1)
    }

    /// Reads the file header.
    pub(super) fn open(window: &mut Window) -> Result<(Self, Interface), Error> {
        let found = window.require(HEADER)?;
        let Ok((_, header)) = parse_pcap_header(window.rest()) else {
            return Err(Error::HeaderCut { format: Format::Pcap, expected: HEADER as u64, found: found as u64 });
        };
        window.take(HEADER);
        // The upper half of the field tells of frame check sequences.
        let link_type = LinkType((header.network.0 & 0xffff) as u16);
        let interface =
            Interface { link_type, snaplen: header.snaplen, name: None, description: None, os: None, dropped: None };
        Ok((Self::new(&header, link_type), interface))
    }

    fn new(header: &PcapHeader, link_type: LinkType) -> Self {
        let (parse, record_header): (ParseRecord, usize) = if header.is_bigendian() {
            (parse_pcap_frame_be, 16)
        } else if header.is_modified_format() {
            (parse_pcap_frame_modified, 24)
        } else {
            (parse_pcap_frame, 16)
        };
        Self {
            parse,
            big_endian: header.is_bigendian(),
            nanoseconds: header.is_nanosecond_precision(),
            record_header,
            link_type,
        }
    }

    /// Finds the next record; `None` where the file ends as it should.
    #[inline]
    pub(super) fn next(&self, window: &mut Window) -> Result<Option<Record>, Error> {
        loop {
            if let Ok((_, block)) = (self.parse)(window.rest())
                && block.caplen <= CAPTURED_LENGTH
            {
                return Ok(Some(self.record(&block)));
            }
            if !self.read_on(window)? {
                return Ok(None);
            }
        }
    }

    #[inline]
    fn record(&self, block: &LegacyPcapBlock<'_>) -> Record {
        let end = self.record_header + block.data.len();
        Record {
            time: self.time(block),
            link_type: self.link_type,
            interface: 0,
            direction: None,
            original_length: block.origlen,
            data: self.record_header..end,
            length: end,
        }
    }

    fn time(&self, block: &LegacyPcapBlock<'_>) -> Timestamp {
        clock::of_record(block.ts_sec, block.ts_usec, self.nanoseconds)
    }

    /// Brings a whole record into the window, which does not hold one. False where the file ends.
    #[cold]
    fn read_on(&self, window: &mut Window) -> Result<bool, Error> {
        let cut = |window: &Window, at: usize, part, expected: usize, found: usize| Error::Cut {
            offset: window.offset().saturating_add(at as u64),
            part,
            expected: expected as u64,
            found: found as u64,
            compression: window.compression(),
        };
        let found = window.require(self.record_header)?;
        if found == 0 {
            return Ok(false);
        }
        let Some(length) = window.rest().get(8..12).filter(|_| found >= self.record_header) else {
            return Err(cut(window, 0, Part::RecordHeader, self.record_header, found));
        };
        let bytes = <[u8; 4]>::try_from(length).unwrap_or_default();
        let length = if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        if length > CAPTURED_LENGTH {
            return Err(Error::Damaged {
                offset: window.offset().saturating_add(8),
                damage: Damage::CapturedLength { found: length, maximum: CAPTURED_LENGTH },
                compression: window.compression(),
            });
        }
        let whole = self.record_header + length as usize;
        let found = window.require(whole)?;
        if found < whole {
            return Err(cut(window, self.record_header, Part::PacketData, length as usize, found - self.record_header));
        }
        Ok(true)
    }
}
