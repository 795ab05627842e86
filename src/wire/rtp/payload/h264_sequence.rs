//! The size of pictures in a sequence parameter set of H.264 (ITU-T H.264 section 7.3.2.1.1).

use super::raw_bits::RawBits;

/// Profiles with a chroma format and scaling lists.
const HIGH_PROFILES: &[u64] = &[100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];
/// Sides above this are none that a decoder takes (level 6.2).
const LARGEST_SIDE: u32 = 16_888;

/// Width and height in pixels, from what stands behind the first byte of the NAL unit.
pub(super) fn resolution(unit: &[u8]) -> Option<(u32, u32)> {
    let mut bits = RawBits::escaped(unit);
    let profile = bits.number(8)?;
    bits.skip(16)?;
    bits.exp_golomb()?;
    let mut chroma = 1;
    let mut separate_planes = false;
    if HIGH_PROFILES.contains(&profile) {
        chroma = bits.exp_golomb()?;
        if chroma == 3 {
            separate_planes = bits.bit()?;
        }
        high_profile(&mut bits, chroma)?;
    }
    bits.exp_golomb()?;
    picture_order(&mut bits)?;
    bits.exp_golomb()?;
    bits.bit()?;
    let width = bits.exp_golomb()?.checked_add(1)?.checked_mul(16)?;
    let units = bits.exp_golomb()?.checked_add(1)?.checked_mul(16)?;
    let frames_only = bits.bit()?;
    if !frames_only {
        bits.bit()?;
    }
    bits.bit()?;
    let height = if frames_only { units } else { units.checked_mul(2)? };
    let cropped = if bits.bit()? { cropping(&mut bits)? } else { [0; 4] };
    // Chroma is sampled at half the rate in 4:2:0, horizontally also in 4:2:2; cropping counts in its samples.
    let array = if separate_planes { 0 } else { chroma };
    let across = if matches!(array, 1 | 2) { 2 } else { 1 };
    let down = if array == 1 { 2 } else { 1 } * if frames_only { 1 } else { 2 };
    let [left, right, top, bottom] = cropped;
    let width = width.checked_sub(left.checked_add(right)?.checked_mul(across)?)?;
    let height = height.checked_sub(top.checked_add(bottom)?.checked_mul(down)?)?;
    (width <= LARGEST_SIDE && height <= LARGEST_SIDE).then_some((width, height))
}

fn high_profile(bits: &mut RawBits<'_>, chroma: u32) -> Option<()> {
    bits.exp_golomb()?;
    bits.exp_golomb()?;
    bits.bit()?;
    if !bits.bit()? {
        return Some(());
    }
    let lists = if chroma == 3 { 12 } else { 8 };
    for list in 0..lists {
        if bits.bit()? {
            scaling_list(bits, if list < 6 { 16 } else { 64 })?;
        }
    }
    Some(())
}

fn scaling_list(bits: &mut RawBits<'_>, size: u32) -> Option<()> {
    let (mut last, mut next) = (8_i32, 8_i32);
    for _ in 0..size {
        if next != 0 {
            next = last.wrapping_add(bits.signed_exp_golomb()?).rem_euclid(256);
        }
        last = if next == 0 { last } else { next };
    }
    Some(())
}

fn picture_order(bits: &mut RawBits<'_>) -> Option<()> {
    match bits.exp_golomb()? {
        0 => bits.exp_golomb().map(drop),
        1 => {
            bits.bit()?;
            bits.exp_golomb()?;
            bits.exp_golomb()?;
            let cycle = bits.exp_golomb()?;
            (0..cycle).try_for_each(|_| bits.exp_golomb().map(drop))
        }
        _ => Some(()),
    }
}

fn cropping(bits: &mut RawBits<'_>) -> Option<[u32; 4]> {
    Some([bits.exp_golomb()?, bits.exp_golomb()?, bits.exp_golomb()?, bits.exp_golomb()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1920×1080 in High profile, cropped from 1088.
    #[test]
    fn a_cropped_picture() {
        let unit = [
            0x64, 0x00, 0x28, 0xAC, 0xD9, 0x40, 0x78, 0x02, 0x27, 0xE5, 0xC0, 0x44, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00,
            0x00, 0x03, 0x00, 0xF0, 0x3C, 0x60, 0xC6, 0x58,
        ];
        assert_eq!(resolution(&unit), Some((1920, 1080)));
    }

    /// Baseline as browsers send it: 640×480.
    #[test]
    fn a_baseline_picture() {
        assert_eq!(resolution(&[0x42, 0xC0, 0x1F, 0x8C, 0x8D, 0x40, 0x50, 0x1E, 0xD0]), Some((640, 480)));
    }

    #[test]
    fn bytes_that_end_early_have_no_size() {
        assert_eq!(resolution(&[0x42, 0xC0, 0x1F]), None);
        assert_eq!(resolution(&[0x64; 3]), None);
    }
}
