//! The templates that a key frame announces (appendix A.8.2).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// Template ids are six bits.
const MOST_TEMPLATES: usize = 64;

/// How a frame counts for a decode target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeTargetIndication {
    /// `-`: no part of it.
    NotPresent,
    /// `D`: part of it, and nothing needs it.
    Discardable,
    /// `S`: part of it, and one may switch to it here.
    Switch,
    /// `R`: needed by others of it.
    Required,
}

/// What a frame is like that names this template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    /// The spatial layer, 0 to 3 in practice.
    pub spatial_layer: u8,
    /// The temporal layer.
    pub temporal_layer: u8,
    /// How it counts for each decode target.
    pub indications: Vec<DecodeTargetIndication>,
    /// How many frames back those are that it needs; none for a key frame.
    pub frame_differences: Vec<u16>,
    /// For each chain, how many frames back its last frame is; 0 where there is none.
    pub chain_differences: Vec<u8>,
}

/// The templates of a coded video sequence, and what holds for all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Structure {
    /// The id of the first template.
    pub template_id_offset: u8,
    /// How many decode targets there are, 1 to 32.
    pub decode_targets: u8,
    /// The templates, in the order of their ids.
    pub templates: Vec<Template>,
    /// How many chains there are.
    pub chains: u8,
    /// For each decode target, the chain that protects it.
    pub protected_by: Vec<u8>,
    /// Width and height in pixels for each spatial layer; none where they are not sent.
    pub resolutions: Vec<(u32, u32)>,
}

impl Structure {
    /// The template that an id stands for.
    #[must_use]
    pub fn template(&self, id: u8) -> Option<&Template> {
        let place = id.wrapping_sub(self.template_id_offset) & 0x3F;
        self.templates.get(usize::from(place))
    }

    /// Width and height of a spatial layer in pixels.
    #[must_use]
    pub fn resolution(&self, spatial_layer: u8) -> Option<(u32, u32)> {
        self.resolutions.get(usize::from(spatial_layer)).copied()
    }

    /// How many spatial layers there are.
    #[must_use]
    pub fn spatial_layers(&self) -> u8 {
        self.templates.iter().map(|template| template.spatial_layer).max().map_or(0, |last| last.saturating_add(1))
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<Structure, Error> {
    let template_id_offset = cursor.number(6, "av1.dd.template_id_offset", "template id offset")?;
    let less: u8 = cursor.number(5, "av1.dd.dt_cnt", "decode targets, minus one")?;
    let decode_targets = less.saturating_add(1);
    let mut templates = layers(cursor)?;
    for template in &mut templates {
        template.indications = indications(cursor, decode_targets)?;
    }
    for template in &mut templates {
        while cursor.flag("av1.dd.fdiff_follows", "frame difference follows")? {
            let less: u16 = cursor.number(4, "av1.dd.fdiff", "frame difference, minus one")?;
            template.frame_differences.push(less.saturating_add(1));
        }
    }
    let mut structure = Structure { template_id_offset, decode_targets, templates, ..Structure::default() };
    chains(cursor, &mut structure)?;
    if cursor.flag("av1.dd.resolutions_present", "resolutions present")? {
        for _ in 0..structure.spatial_layers() {
            let width: u32 = cursor.number(16, "av1.dd.width", "width, minus one")?;
            let height: u32 = cursor.number(16, "av1.dd.height", "height, minus one")?;
            structure.resolutions.push((width.saturating_add(1), height.saturating_add(1)));
        }
    }
    Ok(structure)
}

fn layers<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<Vec<Template>, Error> {
    let mut templates = Vec::new();
    let (mut spatial_layer, mut temporal_layer) = (0_u8, 0_u8);
    loop {
        if templates.len() == MOST_TEMPLATES {
            return Err(cursor.wrong_length("templates", MOST_TEMPLATES, MOST_TEMPLATES.saturating_add(1)));
        }
        templates.push(Template { spatial_layer, temporal_layer, ..Template::default() });
        let next: u8 = cursor.number(2, "av1.dd.next_layer", "next layer")?;
        match next {
            0 => cursor.means(|| "same layer".to_owned()),
            1 => {
                cursor.means(|| "next temporal layer".to_owned());
                temporal_layer = temporal_layer.saturating_add(1);
            }
            2 => {
                cursor.means(|| "next spatial layer".to_owned());
                temporal_layer = 0;
                spatial_layer = spatial_layer.saturating_add(1);
            }
            _ => {
                cursor.means(|| "no more templates".to_owned());
                return Ok(templates);
            }
        }
    }
}

pub(super) fn indications<R: Record>(
    cursor: &mut Cursor<'_, R>,
    decode_targets: u8,
) -> Result<Vec<DecodeTargetIndication>, Error> {
    let mut indications = Vec::with_capacity(usize::from(decode_targets));
    for _ in 0..decode_targets {
        let (indication, meaning) = match cursor.number::<u8>(2, "av1.dd.dti", "decode target indication")? {
            0 => (DecodeTargetIndication::NotPresent, "not present"),
            1 => (DecodeTargetIndication::Discardable, "discardable"),
            2 => (DecodeTargetIndication::Switch, "switch"),
            _ => (DecodeTargetIndication::Required, "required"),
        };
        cursor.means(|| meaning.to_owned());
        indications.push(indication);
    }
    Ok(indications)
}

fn chains<R: Record>(cursor: &mut Cursor<'_, R>, structure: &mut Structure) -> Result<(), Error> {
    let targets = u64::from(structure.decode_targets);
    structure.chains = non_symmetric(cursor, targets.saturating_add(1), "av1.dd.chain_cnt", "chains")?;
    if structure.chains == 0 {
        return Ok(());
    }
    for _ in 0..structure.decode_targets {
        let chain = non_symmetric(cursor, u64::from(structure.chains), "av1.dd.protected_by", "protected by chain")?;
        structure.protected_by.push(chain);
    }
    for template in &mut structure.templates {
        for _ in 0..structure.chains {
            let difference = cursor.number(4, "av1.dd.chain_fdiff", "chain frame difference")?;
            template.chain_differences.push(difference);
        }
    }
    Ok(())
}

/// A number below `count` in as few bits as it may take: the `ns(n)` of AV1, section 4.10.7.
fn non_symmetric<R: Record>(
    cursor: &mut Cursor<'_, R>,
    count: u64,
    name: &'static str,
    label: &'static str,
) -> Result<u8, Error> {
    let width = 64_usize.saturating_sub(count.leading_zeros() as usize);
    let Some(short) = width.checked_sub(1).filter(|short| *short > 0) else { return Ok(0) };
    let spare = (1_u64 << width).saturating_sub(count);
    let value: u64 = cursor.number(short, name, label)?;
    if value < spare {
        return Ok(value as u8);
    }
    let extra: u64 = cursor.number(1, name, label)?;
    Ok((value << 1).saturating_sub(spare).saturating_add(extra) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(bits: &[u8], count: u64) -> u8 {
        non_symmetric(&mut Cursor::silent(bits, 0), count, "n", "n").unwrap()
    }

    /// The table of AV1 section 4.10.7 for n = 5: two bits for 0 to 2, three for 3 and 4.
    #[test]
    fn small_numbers_take_fewer_bits() {
        let read: Vec<_> =
            [0b00 << 6, 0b01 << 6, 0b10 << 6, 0b110 << 5, 0b111 << 5].map(|bits| number(&[bits], 5)).to_vec();
        assert_eq!(read, [0, 1, 2, 3, 4]);
        assert_eq!(number(&[], 1), 0);
    }

    #[test]
    fn templates_have_an_end() {
        let fault = read(&mut Cursor::silent(&[0; 200], 0)).unwrap_err();
        assert_eq!(fault.field, "templates");
    }
}
