//! The descriptor of a packet (appendix A.8.1 and A.8.3).

use super::structure::{self, DecodeTargetIndication, Structure};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record, Recorder};
use crate::wire::field::Field;
use crate::wire::rtp::extension::value::Value;

/// What every descriptor has: its first three bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mandatory {
    /// Whether the packet is the first of its frame.
    pub start_of_frame: bool,
    /// Whether it is the last of its frame.
    pub end_of_frame: bool,
    /// The template of the frame.
    pub template_id: u8,
    /// The number of the frame, which wraps at 65536.
    pub frame_number: u16,
}

/// A dependency descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DependencyDescriptor {
    /// What every descriptor has.
    pub mandatory: Mandatory,
    /// The structure that it announces: the frame begins a coded video sequence.
    pub structure: Option<Structure>,
    /// A bit for each decode target that is sent from here on.
    pub active_decode_targets: Option<u32>,
    /// The frame, by its template and by what it says otherwise; nothing where the structure is not known.
    pub frame: Option<Frame>,
    /// Whether the descriptor says more than could be read without the structure of an earlier one.
    pub unread: bool,
}

/// A frame, after its template and what the descriptor says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The spatial layer.
    pub spatial_layer: u8,
    /// The temporal layer.
    pub temporal_layer: u8,
    /// How it counts for each decode target.
    pub indications: Vec<DecodeTargetIndication>,
    /// How many frames back those are that it needs; none for a key frame.
    pub frame_differences: Vec<u16>,
    /// For each chain, how many frames back its last frame is.
    pub chain_differences: Vec<u8>,
    /// Width and height in pixels, where the structure says them.
    pub resolution: Option<(u32, u32)>,
}

/// The flags of the extended part.
struct Flags {
    structure: bool,
    active_decode_targets: bool,
    custom_indications: bool,
    custom_frame_differences: bool,
    custom_chains: bool,
}

impl Mandatory {
    /// Reads the first three bytes and allocates nothing: enough for the boundaries of frames.
    ///
    /// # Errors
    ///
    /// Where there are fewer.
    pub fn parse(value: &[u8]) -> Result<Self, Error> {
        mandatory(&mut Cursor::silent(value, 0))
    }
}

impl DependencyDescriptor {
    /// Reads the value of an element; `known` is the structure that the stream announced last.
    ///
    /// # Errors
    ///
    /// Where it ends early, or names a template that the structure has not.
    pub fn parse(value: &[u8], known: Option<&Structure>) -> Result<Self, Error> {
        descriptor(&mut Cursor::silent(value, 0), known)
    }

    /// Whether its frame begins a coded video sequence.
    #[must_use]
    pub fn is_key_frame(&self) -> bool {
        self.structure.is_some()
    }

    /// The fields of a value that stands `offset` bytes into its packet.
    #[must_use]
    pub fn describe(value: &[u8], offset: usize, known: Option<&Structure>) -> Vec<Field> {
        let mut cursor: Cursor<'_, Recorder> = Cursor::recording(value, offset);
        cursor.within(value.len(), "rtp.ext.undecoded", |inner| descriptor(inner, known));
        cursor.fields()
    }
}

pub(in crate::wire::rtp::extension) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    descriptor(cursor, None).map(|read| Value::DependencyDescriptor(Box::new(read)))
}

fn mandatory<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<Mandatory, Error> {
    Ok(Mandatory {
        start_of_frame: cursor.flag("av1.dd.start", "start of frame")?,
        end_of_frame: cursor.flag("av1.dd.end", "end of frame")?,
        template_id: cursor.number(6, "av1.dd.template_id", "frame dependency template id")?,
        frame_number: cursor.number(16, "av1.dd.frame_number", "frame number")?,
    })
}

fn flags<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<Flags, Error> {
    Ok(Flags {
        structure: cursor.flag("av1.dd.structure_present", "template dependency structure present")?,
        active_decode_targets: cursor.flag("av1.dd.active_present", "active decode targets present")?,
        custom_indications: cursor.flag("av1.dd.custom_dtis", "custom decode target indications")?,
        custom_frame_differences: cursor.flag("av1.dd.custom_fdiffs", "custom frame differences")?,
        custom_chains: cursor.flag("av1.dd.custom_chains", "custom chains")?,
    })
}

fn descriptor<R: Record>(cursor: &mut Cursor<'_, R>, known: Option<&Structure>) -> Result<DependencyDescriptor, Error> {
    let mandatory = mandatory(cursor)?;
    let mut read =
        DependencyDescriptor { mandatory, structure: None, active_decode_targets: None, frame: None, unread: false };
    let mut flags = Flags {
        structure: false,
        active_decode_targets: false,
        custom_indications: false,
        custom_frame_differences: false,
        custom_chains: false,
    };
    if cursor.left() > 0 {
        flags = self::flags(cursor)?;
        if flags.structure {
            let structure = cursor.group("av1.dd.structure", "template dependency structure", structure::read)?;
            read.active_decode_targets = Some(u32::MAX >> (32_u32.saturating_sub(u32::from(structure.decode_targets))));
            read.structure = Some(structure);
        }
    }
    let Some(structure) = read.structure.as_ref().or(known) else {
        read.unread = flags.active_decode_targets
            || flags.custom_indications
            || flags.custom_frame_differences
            || flags.custom_chains;
        return Ok(read);
    };
    if flags.active_decode_targets {
        let width = usize::from(structure.decode_targets);
        let active = cursor.code(width, "av1.dd.active_decode_targets", "active decode targets")?;
        read.active_decode_targets = Some(active);
    }
    read.frame = Some(frame(cursor, structure, mandatory.template_id, &flags)?);
    fill(cursor)?;
    Ok(read)
}

fn frame<R: Record>(
    cursor: &mut Cursor<'_, R>,
    structure: &Structure,
    template_id: u8,
    flags: &Flags,
) -> Result<Frame, Error> {
    let Some(template) = structure.template(template_id) else {
        let (needed, found) = (structure.template_id_offset, template_id);
        return Err(Error {
            offset: cursor.offset().saturating_sub(cursor.byte()),
            ..cursor.wrong_value("frame dependency template id", u64::from(needed), u64::from(found))
        });
    };
    let indications = match flags.custom_indications {
        true => structure::indications(cursor, structure.decode_targets)?,
        false => template.indications.clone(),
    };
    let frame_differences = match flags.custom_frame_differences {
        true => frame_differences(cursor)?,
        false => template.frame_differences.clone(),
    };
    let chain_differences = match flags.custom_chains {
        true => chain_differences(cursor, structure.chains)?,
        false => template.chain_differences.clone(),
    };
    Ok(Frame {
        spatial_layer: template.spatial_layer,
        temporal_layer: template.temporal_layer,
        indications,
        frame_differences,
        chain_differences,
        resolution: structure.resolution(template.spatial_layer),
    })
}

fn frame_differences<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<Vec<u16>, Error> {
    let mut differences = Vec::new();
    loop {
        let nibbles: usize = cursor.number(2, "av1.dd.next_fdiff_size", "size of next frame difference")?;
        if nibbles == 0 {
            return Ok(differences);
        }
        let less: u16 = cursor.number(nibbles.saturating_mul(4), "av1.dd.fdiff", "frame difference, minus one")?;
        differences.push(less.saturating_add(1));
    }
}

fn chain_differences<R: Record>(cursor: &mut Cursor<'_, R>, chains: u8) -> Result<Vec<u8>, Error> {
    let mut differences = Vec::with_capacity(usize::from(chains));
    for _ in 0..chains {
        differences.push(cursor.number(8, "av1.dd.chain_fdiff", "chain frame difference")?);
    }
    Ok(differences)
}

/// Zeros up to the end of the last byte and behind it.
fn fill<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<(), Error> {
    while cursor.left() > 0 {
        cursor.reserved(8, "av1.dd.padding")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts numbers of some bits one behind the other.
    fn bits(parts: &[(u32, usize)]) -> Vec<u8> {
        let digits: String = parts.iter().map(|(value, width)| format!("{value:032b}").split_off(32 - width)).collect();
        let digits = format!("{digits:0<width$}", width = digits.len().next_multiple_of(8));
        digits.as_bytes().chunks(8).map(|byte| u8::from_str_radix(str::from_utf8(byte).unwrap(), 2).unwrap()).collect()
    }

    /// Two temporal layers, two decode targets, one chain, 640×360.
    fn key_frame() -> Vec<u8> {
        let mandatory = [(1, 1), (0, 1), (5, 6), (7, 16)];
        let flags = [(1, 1), (0, 1), (0, 1), (0, 1), (0, 1)];
        let layers = [(5, 6), (1, 5), (0, 2), (1, 2), (3, 2)];
        let indications = [(2, 2), (2, 2), (3, 2), (3, 2), (0, 2), (1, 2)];
        let differences = [(0, 1), (1, 1), (1, 4), (0, 1), (1, 1), (0, 4), (0, 1)];
        // One chain of at most two is 1 in ns(3), which is "10"; protected by chain 0 takes no bits.
        let chains = [(0b10, 2), (0, 4), (2, 4), (1, 4)];
        let sizes = [(1, 1), (639, 16), (359, 16)];
        bits(&[&mandatory[..], &flags, &layers, &indications, &differences, &chains, &sizes].concat())
    }

    #[test]
    fn a_key_frame_announces_its_structure() {
        let read = DependencyDescriptor::parse(&key_frame(), None).unwrap();
        assert!(read.is_key_frame() && read.mandatory.start_of_frame && !read.mandatory.end_of_frame);
        assert_eq!(read.active_decode_targets, Some(3));
        let structure = read.structure.unwrap();
        assert_eq!((structure.templates.len(), structure.chains), (3, 1));
        assert_eq!(structure.templates[2].temporal_layer, 1);
        assert_eq!(structure.templates[1].frame_differences, [2]);
        let frame = read.frame.unwrap();
        assert_eq!((frame.spatial_layer, frame.resolution), (0, Some((640, 360))));
        assert!(frame.frame_differences.is_empty());
    }

    #[test]
    fn a_frame_is_known_by_its_template() {
        let structure = DependencyDescriptor::parse(&key_frame(), None).unwrap().structure.unwrap();
        let bytes = bits(&[(1, 1), (1, 1), (7, 6), (8, 16)]);
        let frame = DependencyDescriptor::parse(&bytes, Some(&structure)).unwrap().frame.unwrap();
        assert_eq!((frame.temporal_layer, frame.frame_differences), (1, vec![1]));
        assert_eq!(frame.indications, [DecodeTargetIndication::NotPresent, DecodeTargetIndication::Discardable]);
        let unknown = bits(&[(1, 1), (1, 1), (9, 6), (8, 16)]);
        assert_eq!(DependencyDescriptor::parse(&unknown, Some(&structure)).unwrap_err().offset, 0);
    }

    #[test]
    fn what_a_frame_says_itself_counts() {
        let structure = DependencyDescriptor::parse(&key_frame(), None).unwrap().structure.unwrap();
        let mandatory = [(1, 1), (1, 1), (6, 6), (9, 16)];
        let flags = [(0, 1), (1, 1), (1, 1), (1, 1), (1, 1)];
        let custom = [(1, 2), (0, 2), (1, 2), (2, 2), (0x1F, 8), (0, 2), (200, 8)];
        let bytes = bits(&[&mandatory[..], &flags, &custom].concat());
        let read = DependencyDescriptor::parse(&bytes, Some(&structure)).unwrap();
        assert_eq!(read.active_decode_targets, Some(1));
        let frame = read.frame.unwrap();
        assert_eq!(frame.frame_differences, [32]);
        assert_eq!(frame.chain_differences, [200]);
        let blind = DependencyDescriptor::parse(&bytes, None).unwrap();
        assert!(blind.unread && blind.frame.is_none() && blind.mandatory.frame_number == 9);
    }

    #[test]
    fn every_byte_is_described() {
        let bytes = key_frame();
        let fields = DependencyDescriptor::describe(&bytes, 16, None);
        assert_eq!(fields.last().unwrap().range.end, 16 + bytes.len());
        assert!(fields.iter().all(|field| field.notes.is_empty()), "{fields:?}");
    }
}
