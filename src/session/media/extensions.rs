//! Header extensions of one stream: what their ids stand for, and what they say over time.
//!
//! What an id stands for comes from a session description. Without one it is inferred from the values: a clock of 64 seconds that keeps pace
//! with the capture's, a count that goes up by little, a frame number that moves with the start of a frame. What has no such shape
//! stays unknown.

use super::shapes::Shapes;
use crate::moment::Moment;
use crate::wire::rtp::extension::dependency::Structure;
use crate::wire::rtp::extension::{DependencyDescriptor, Kind, Value};
use crate::wire::rtp::{Packet, SequenceNumber};

/// Ids that are told apart: those of the one-byte form, and as many of the two-byte form.
pub(super) const IDS: usize = 16;
/// Packets with an extension after which its ids are inferred, and once more after so many.
const INFERRED_AFTER: [u32; 2] = [48, LAST_INFERENCE];
const LAST_INFERENCE: u32 = 400;

/// What is known of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtensionId {
    /// The id in the packets.
    pub id: u8,
    /// What it stands for.
    pub kind: Option<Kind>,
    /// Whether that was inferred from the values; else a description says so.
    pub inferred: bool,
    /// Packets that had it.
    pub packets: u64,
}

/// Levels of sound that packets told (RFC 6464).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AudioLevels {
    /// Packets that told one.
    pub packets: u64,
    /// Those that the sender took for speech.
    pub voice: u64,
    /// Those of digital silence: −127 dBov.
    pub silent: u64,
    /// The sum of the levels, in dB below full scale.
    pub sum: u64,
    /// The loudest one, in dB below full scale.
    pub loudest: Option<u8>,
}

/// Layers that descriptors or payload headers told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Layers {
    /// Spatial layers: one more than the greatest id.
    pub spatial: Option<u8>,
    /// Temporal layers: one more than the greatest id.
    pub temporal: Option<u8>,
}

impl Layers {
    pub(super) fn note(&mut self, spatial: Option<u8>, temporal: Option<u8>) {
        let more = |known: &mut Option<u8>, id: Option<u8>| *known = (*known).max(id.map(|id| id.saturating_add(1)));
        more(&mut self.spatial, spatial);
        more(&mut self.temporal, temporal);
    }
}

/// What one packet says that concerns more than its stream, most of it in its extensions.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    pub(super) transport: Option<SequenceNumber>,
    /// A frame that needs no other begins here.
    pub(super) key_frame: bool,
    pub(super) resolution: Option<(u32, u32)>,
    /// The number was not there before.
    pub(super) fresh: bool,
    /// The number came late, or once more.
    pub(super) again: bool,
}

/// The header extensions of one stream.
#[derive(Debug, Clone, Default)]
pub(super) struct Extensions {
    kinds: [Option<Kind>; IDS],
    inferred: u16,
    counts: [u64; IDS],
    packets: u32,
    shapes: Option<Box<Shapes>>,
    pub(super) described: bool,
    pub(super) mid: Option<String>,
    pub(super) rid: Option<String>,
    pub(super) repaired_rid: Option<String>,
    pub(super) levels: AudioLevels,
    pub(super) layers: Layers,
    structure: Option<Box<Structure>>,
    /// Whether descriptors tell of frames.
    pub(super) descriptors: u64,
}

impl Extensions {
    /// What a description says of the ids.
    pub(super) fn describe(&mut self, what: impl Fn(u8) -> Option<Kind>) {
        self.described = true;
        self.shapes = None;
        self.inferred = 0;
        for (id, kind) in (0..).zip(&mut self.kinds) {
            *kind = what(id);
        }
    }

    /// Takes the extensions of a packet that was not there before.
    #[inline]
    pub(super) fn observe(&mut self, moment: Moment, packet: &Packet<'_>) -> Told {
        let mut told = Told::default();
        if packet.extension.is_none() {
            return told;
        }
        self.packets = self.packets.saturating_add(1);
        for element in packet.elements() {
            let Some(count) = self.counts.get_mut(usize::from(element.id)) else { continue };
            *count += 1;
            match self.kinds.get(usize::from(element.id)).copied().flatten() {
                Some(kind) => self.read(kind, element.value, &mut told),
                None if !self.described && self.packets <= LAST_INFERENCE => {
                    let shapes = self.shapes.get_or_insert_default();
                    shapes.observe(moment.time, element.id, element.value);
                }
                None => {}
            }
        }
        if !self.described && INFERRED_AFTER.contains(&self.packets) {
            self.infer();
        }
        told
    }

    #[inline]
    fn read(&mut self, kind: Kind, value: &[u8], told: &mut Told) {
        match (kind, value) {
            (Kind::TransportSequence | Kind::TransportSequence2, [high, low, ..]) => {
                told.transport = Some(SequenceNumber(u16::from_be_bytes([*high, *low])));
            }
            (Kind::SsrcAudioLevel, [byte, ..]) => self.level(*byte),
            (Kind::DependencyDescriptor, [first, ..]) => self.descriptor(*first, value, told),
            (Kind::Mid, _) => note(&mut self.mid, kind, value),
            (Kind::RtpStreamId, _) => note(&mut self.rid, kind, value),
            (Kind::RepairedRtpStreamId, _) => note(&mut self.repaired_rid, kind, value),
            _ => {}
        }
    }

    fn level(&mut self, byte: u8) {
        let level = byte & 0x7F;
        self.levels.packets += 1;
        self.levels.voice += u64::from(byte & 0x80 != 0);
        self.levels.silent += u64::from(level == 127);
        self.levels.sum += u64::from(level);
        self.levels.loudest = Some(self.levels.loudest.map_or(level, |loudest| loudest.min(level)));
    }

    /// A dependency descriptor is read whole only where it announces a structure, with which a coded video sequence begins.
    fn descriptor(&mut self, first: u8, value: &[u8], told: &mut Told) {
        self.descriptors += 1;
        let (starts, template) = (first & 0x80 != 0, first & 0x3F);
        if starts && value.get(3).is_some_and(|flags| flags & 0x80 != 0) {
            if let Ok(descriptor) = DependencyDescriptor::parse(value, self.structure.as_deref())
                && let Some(structure) = descriptor.structure
            {
                self.structure = Some(Box::new(structure));
            }
            told.key_frame = true;
        }
        let Some(structure) = &self.structure else { return };
        if let Some(template) = structure.template(template) {
            self.layers.note(Some(template.spatial_layer), Some(template.temporal_layer));
            if told.key_frame {
                told.resolution = structure.resolution(structure.spatial_layers().saturating_sub(1));
            }
        }
    }

    fn infer(&mut self) {
        let Some(shapes) = &self.shapes else { return };
        for (id, kind) in shapes.infer() {
            if let Some(slot) = self.kinds.get_mut(usize::from(id)) {
                *slot = Some(kind);
                self.inferred |= 1 << (id % 16);
            }
        }
        if Some(&self.packets) == INFERRED_AFTER.last() {
            self.shapes = None;
        }
    }

    /// A short stream ends before its ids were inferred.
    pub(super) fn finish(&mut self) {
        if !self.described {
            self.infer();
        }
        self.shapes = None;
    }

    /// The ids that were seen.
    pub(super) fn ids(&self) -> Vec<ExtensionId> {
        let rows = (0_u8..).zip(self.kinds).zip(self.counts);
        rows.filter(|(_, packets)| *packets > 0)
            .map(|((id, kind), packets)| ExtensionId {
                id,
                kind,
                inferred: self.inferred & 1 << (id % 16) != 0,
                packets,
            })
            .collect()
    }
}

/// Keeps the first text that an identification told. Cold: it stands in the first packets only.
fn note(known: &mut Option<String>, kind: Kind, value: &[u8]) {
    if known.as_deref().is_some_and(|known| known.as_bytes() == value) {
        return;
    }
    if known.is_none()
        && let Ok(Value::Text(text)) = kind.decode(value)
    {
        *known = Some(text.to_owned());
    }
}
