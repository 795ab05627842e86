//! Sections: what their blocks mean, one after another.

use pcap_parser::{
    parse_decryptionsecretsblock_be, parse_decryptionsecretsblock_le, parse_sectionheaderblock_be,
    parse_sectionheaderblock_le,
};

use super::block::{self, Block, damaged};
use super::interface;
use super::option::{Options, Order};
use super::packet::Packet;
use crate::capture::clock::Clock;
use crate::capture::interface::About;
use crate::capture::record::Record;
use crate::capture::window::Window;
use crate::capture::{Damage, Error, Format, LinkType, SecretKind};
use crate::moment::{FrameNumber, Timestamp};

/// The most interfaces in all sections together; what describes more is no capture that anybody made.
const INTERFACES: usize = 16_384;
/// The `TLSK` of a decryption secrets block.
const TLS_KEY_LOG: u32 = 0x544c_534b;

/// How the packets of an interface are read.
#[derive(Debug, Clone, Copy)]
struct Known {
    link_type: LinkType,
    snaplen: u32,
    clock: Clock,
}

/// Where in a pcapng file the reader is.
pub(in crate::capture) struct Pcapng {
    order: Order,
    /// The interfaces of this section.
    interfaces: Vec<Known>,
    /// How many interfaces the sections before it described.
    interfaces_before: usize,
    /// The greatest time so far, which a packet without one is given.
    latest: Timestamp,
}

impl Pcapng {
    /// Whether the first four bytes are those of this format.
    pub(in crate::capture) fn announced(magic: [u8; 4]) -> bool {
        u32::from_le_bytes(magic) == block::SECTION_HEADER
    }

    /// Reads the first section header.
    pub(in crate::capture) fn open(window: &mut Window, about: &mut About) -> Result<Self, Error> {
        let mut pcapng =
            Self { order: Order::Little, interfaces: Vec::new(), interfaces_before: 0, latest: Timestamp::default() };
        let header = match block::next(window, &mut pcapng.order) {
            Ok(Some(header)) => header,
            Ok(None) => return Err(Error::Empty),
            Err(Error::Cut { expected, found, .. }) => {
                return Err(Error::HeaderCut { format: Format::Pcapng, expected, found });
            }
            Err(error) => return Err(error),
        };
        pcapng.begin_section(window, header, about)?;
        window.take(header.length);
        Ok(pcapng)
    }

    /// Finds the next packet behind `packets` others; `None` where the file ends as it should.
    #[inline]
    pub(in crate::capture) fn next(
        &mut self,
        window: &mut Window,
        about: &mut About,
        packets: u64,
    ) -> Result<Option<Record>, Error> {
        while let Some(block) = block::next(window, &mut self.order)? {
            let bytes = window.rest().get(..block.length).unwrap_or_default();
            let packet = match block.kind {
                block::ENHANCED_PACKET => Packet::enhanced(bytes, self.order),
                block::SIMPLE_PACKET => {
                    Packet::simple(bytes, self.order, self.interfaces.first().map_or(0, |first| first.snaplen))
                }
                block::OBSOLETE_PACKET => Packet::obsolete(bytes, self.order),
                _ => {
                    self.note(window, block, about)?;
                    window.take(block.length);
                    continue;
                }
            };
            let Some(packet) = packet else {
                return Err(damaged(window, 0, Damage::BlockContent { block_type: block.kind }));
            };
            let frame = FrameNumber(packets + about.other_records + 1);
            return self.record(window, block, &packet, about, frame).map(Some);
        }
        Ok(None)
    }

    #[inline]
    fn record(
        &mut self,
        window: &Window,
        block: Block,
        packet: &Packet<'_>,
        about: &mut About,
        frame: FrameNumber,
    ) -> Result<Record, Error> {
        let Some(known) = self.interfaces.get(packet.interface as usize).copied() else {
            let described = u32::try_from(self.interfaces.len()).unwrap_or(u32::MAX);
            return Err(damaged(window, 8, Damage::Interface { found: packet.interface, described }));
        };
        let time = packet.ticks.map_or(self.latest, |ticks| known.clock.time(ticks));
        self.latest = self.latest.max(time);
        let interface = self.interfaces_before.saturating_add(packet.interface as usize);
        if let Some(dropped) = packet.dropped(self.order).filter(|dropped| *dropped > 0)
            && let Some(interface) = about.interfaces.get_mut(interface)
        {
            interface.dropped = Some(interface.dropped.unwrap_or(0).saturating_add(dropped));
        }
        for comment in (Options { all: &packet.options, order: self.order }).comments() {
            about.add_comment(Some(frame), comment);
        }
        Ok(Record {
            time,
            link_type: known.link_type,
            interface: u32::try_from(interface).unwrap_or(u32::MAX),
            direction: packet.direction(self.order),
            original_length: packet.original_length,
            data: packet.data.clone(),
            length: block.length,
        })
    }

    /// Takes note of a block that holds no packet. Types that say nothing about the traffic are passed over.
    fn note(&mut self, window: &Window, block: Block, about: &mut About) -> Result<(), Error> {
        match block.kind {
            block::SECTION_HEADER => self.begin_section(window, block, about),
            block::INTERFACE_DESCRIPTION => self.describe(window, block, about),
            block::INTERFACE_STATISTICS => self.statistics(window, block, about),
            block::DECRYPTION_SECRETS => self.secrets(window, block, about),
            // Wireshark lists them between the packets and gives them numbers, which the numbers of packets have to agree with.
            block::SYSTEMD_JOURNAL | block::CUSTOM | block::CUSTOM_NOT_COPIED => {
                about.other_records += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin_section(&mut self, window: &Window, block: Block, about: &mut About) -> Result<(), Error> {
        let bytes = window.rest().get(..block.length).unwrap_or_default();
        let parsed = match self.order {
            Order::Little => parse_sectionheaderblock_le(bytes),
            Order::Big => parse_sectionheaderblock_be(bytes),
        };
        let Ok((_, header)) = parsed else {
            return Err(damaged(window, 0, Damage::BlockContent { block_type: block.kind }));
        };
        if header.major_version != 1 {
            return Err(damaged(window, 12, Damage::Version { found: header.major_version }));
        }
        self.interfaces.clear();
        self.interfaces_before = about.interfaces.len();
        for comment in (Options { all: &header.options, order: self.order }).comments() {
            about.add_comment(None, comment);
        }
        Ok(())
    }

    fn describe(&mut self, window: &Window, block: Block, about: &mut About) -> Result<(), Error> {
        let bytes = window.rest().get(..block.length).unwrap_or_default();
        let Some(parsed) = interface::parse_description(bytes, self.order) else {
            return Err(damaged(window, 0, Damage::BlockContent { block_type: block.kind }));
        };
        if about.interfaces.len() >= INTERFACES {
            return Err(damaged(window, 0, Damage::Interfaces { maximum: INTERFACES as u32 }));
        }
        let options = Options { all: &parsed.options, order: self.order };
        let (described, clock) = interface::described(&parsed, options);
        self.interfaces.push(Known { link_type: described.link_type, snaplen: described.snaplen, clock });
        about.add_interface(described);
        for comment in options.comments() {
            about.add_comment(None, comment);
        }
        Ok(())
    }

    fn statistics(&mut self, window: &Window, block: Block, about: &mut About) -> Result<(), Error> {
        let bytes = window.rest().get(..block.length).unwrap_or_default();
        let Some(parsed) = interface::parse_statistics(bytes, self.order) else {
            return Err(damaged(window, 0, Damage::BlockContent { block_type: block.kind }));
        };
        let options = Options { all: &parsed.options, order: self.order };
        let index = self.interfaces_before.saturating_add(parsed.if_id as usize);
        // Its counters run from the start of the capture and so replace what is known.
        if let (Some(dropped), Some(interface)) = (interface::dropped(options), about.interfaces.get_mut(index)) {
            interface.dropped = Some(dropped);
        }
        for comment in options.comments() {
            about.add_comment(None, comment);
        }
        Ok(())
    }

    fn secrets(&mut self, window: &Window, block: Block, about: &mut About) -> Result<(), Error> {
        let bytes = window.rest().get(..block.length).unwrap_or_default();
        let parsed = match self.order {
            Order::Little => parse_decryptionsecretsblock_le(bytes),
            Order::Big => parse_decryptionsecretsblock_be(bytes),
        };
        let Ok((_, parsed)) = parsed else {
            return Err(damaged(window, 0, Damage::BlockContent { block_type: block.kind }));
        };
        let kind = match parsed.secrets_type.0 {
            TLS_KEY_LOG => SecretKind::TlsKeyLog,
            other => SecretKind::Other(other),
        };
        about.add_secret(kind, parsed.data.get(..parsed.secrets_len as usize).unwrap_or(parsed.data));
        Ok(())
    }
}
