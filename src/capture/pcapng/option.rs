//! The options at the end of a block (draft-ietf-opsawg-pcapng, section 3.5).

use pcap_parser::PcapNGOption;

/// The byte order of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    pub(super) fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    pub(super) fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    pub(super) fn u64(self, bytes: [u8; 8]) -> u64 {
        match self {
            Self::Little => u64::from_le_bytes(bytes),
            Self::Big => u64::from_be_bytes(bytes),
        }
    }
}

/// The options of one block.
#[derive(Clone, Copy)]
pub(super) struct Options<'a> {
    pub(super) all: &'a [PcapNGOption<'a>],
    pub(super) order: Order,
}

/// `opt_endofopt`: what follows is no option.
const END: u16 = 0;
/// `opt_comment`, in every block.
const COMMENT: u16 = 1;

impl<'a> Options<'a> {
    fn values(self, code: u16) -> impl Iterator<Item = &'a [u8]> {
        self.all
            .iter()
            .take_while(|option| option.code.0 != END)
            .filter(move |option| option.code.0 == code)
            .filter_map(|option| option.as_bytes().ok())
    }

    pub(super) fn bytes(self, code: u16) -> Option<&'a [u8]> {
        self.values(code).next()
    }

    /// The first `limit` bytes of a text.
    pub(super) fn text(self, code: u16, limit: usize) -> Option<String> {
        let bytes = self.bytes(code)?;
        let kept = bytes.get(..limit).unwrap_or(bytes);
        // Some writers count a terminating zero.
        Some(String::from_utf8_lossy(kept).trim_end_matches('\0').to_owned())
    }

    pub(super) fn u8(self, code: u16) -> Option<u8> {
        self.bytes(code)?.first().copied()
    }

    pub(super) fn u32(self, code: u16) -> Option<u32> {
        self.bytes(code)?.first_chunk().map(|bytes| self.order.u32(*bytes))
    }

    pub(super) fn u64(self, code: u16) -> Option<u64> {
        self.bytes(code)?.first_chunk().map(|bytes| self.order.u64(*bytes))
    }

    pub(super) fn comments(self) -> impl Iterator<Item = &'a [u8]> {
        self.values(COMMENT)
    }
}
