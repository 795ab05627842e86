//! The size of pictures in a sequence parameter set of H.265 (ITU-T H.265 section 7.3.2.2.1).

use super::raw_bits::RawBits;

/// Sides above this are none that a decoder takes (level 6.2).
const LARGEST_SIDE: u32 = 16_888;

/// Width and height in pixels, from what stands behind the two bytes of the NAL unit's header.
pub(super) fn resolution(unit: &[u8]) -> Option<(u32, u32)> {
    let mut bits = RawBits::escaped(unit);
    bits.skip(4)?;
    let sub_layers = bits.small(3)?;
    bits.bit()?;
    profile_tier_level(&mut bits, sub_layers)?;
    bits.exp_golomb()?;
    let chroma = bits.exp_golomb()?;
    let separate_planes = chroma == 3 && bits.bit()?;
    let width = bits.exp_golomb()?;
    let height = bits.exp_golomb()?;
    let mut window = [0_u32; 4];
    if bits.bit()? {
        for side in &mut window {
            *side = bits.exp_golomb()?;
        }
    }
    // The window counts in samples of chroma: half of them across in 4:2:0 and 4:2:2, half of them down in 4:2:0.
    let array = if separate_planes { 0 } else { chroma };
    let across = if matches!(array, 1 | 2) { 2 } else { 1 };
    let down = if array == 1 { 2 } else { 1 };
    let [left, right, top, bottom] = window;
    let width = width.checked_sub(left.checked_add(right)?.checked_mul(across)?)?;
    let height = height.checked_sub(top.checked_add(bottom)?.checked_mul(down)?)?;
    (width <= LARGEST_SIDE && height <= LARGEST_SIDE).then_some((width, height))
}

/// Section 7.3.3, of which nothing is needed but its length.
fn profile_tier_level(bits: &mut RawBits<'_>, sub_layers: u32) -> Option<()> {
    bits.skip(96)?;
    let mut behind = 0_u32;
    for _ in 0..sub_layers {
        let profile = bits.bit()?;
        let level = bits.bit()?;
        behind = behind.saturating_add(if profile { 88 } else { 0 }).saturating_add(if level { 8 } else { 0 });
    }
    if sub_layers > 0 {
        bits.skip(8_u32.saturating_sub(sub_layers).saturating_mul(2))?;
    }
    bits.skip(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1920×1080 in Main profile, cropped from 1088.
    #[test]
    fn a_cropped_picture() {
        let unit = [
            0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x78, 0xA0, 0x03,
            0xC0, 0x80, 0x10, 0xE5, 0x96, 0x56, 0x69, 0x24, 0xCA, 0xE0, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10,
        ];
        assert_eq!(resolution(&unit), Some((1920, 1080)));
    }

    #[test]
    fn bytes_that_end_early_have_no_size() {
        assert_eq!(resolution(&[0x01, 0x01, 0x60]), None);
    }
}
