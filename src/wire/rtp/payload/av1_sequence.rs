//! The size of pictures in a sequence header of AV1 (AV1 section 5.5.1).

use super::raw_bits::RawBits;

/// The largest width and height of the sequence in pixels, from what stands behind the OBU's own header.
pub(super) fn resolution(header: &[u8]) -> Option<(u32, u32)> {
    let mut bits = RawBits::plain(header);
    bits.skip(4)?;
    let reduced = bits.bit()?;
    if reduced {
        bits.skip(5)?;
    } else {
        operating_points(&mut bits)?;
    }
    let width_bits = bits.small(4)?.checked_add(1)?;
    let height_bits = bits.small(4)?.checked_add(1)?;
    let width = bits.small(width_bits)?.checked_add(1)?;
    let height = bits.small(height_bits)?.checked_add(1)?;
    Some((width, height))
}

fn operating_points(bits: &mut RawBits<'_>) -> Option<()> {
    let mut delay_bits = None;
    if bits.bit()? {
        timing(bits)?;
        if bits.bit()? {
            delay_bits = Some(bits.small(5)?.checked_add(1)?);
            bits.skip(32 + 5 + 5)?;
        }
    }
    let display_delay = bits.bit()?;
    let points = bits.small(5)?;
    for _ in 0..=points {
        bits.skip(12)?;
        let level = bits.number(5)?;
        if level > 7 {
            bits.bit()?;
        }
        if let Some(width) = delay_bits
            && bits.bit()?
        {
            bits.skip(width.checked_mul(2)?.checked_add(1)?)?;
        }
        if display_delay && bits.bit()? {
            bits.skip(4)?;
        }
    }
    Some(())
}

fn timing(bits: &mut RawBits<'_>) -> Option<()> {
    bits.skip(64)?;
    if bits.bit()? {
        // uvlc(): as many zeros as bits behind the one, and nothing behind 32 of them.
        let mut zeros = 0;
        while !bits.bit()? {
            zeros += 1;
        }
        if zeros < 32 {
            bits.skip(zeros)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One operating point at level 5, widths in 11 and heights in 10 bits: 1280×720.
    #[test]
    fn a_plain_header() {
        let digits = concat!(
            "000",
            "0",
            "0",
            "0",
            "0",
            "00000",
            "000000000000",
            "00101",
            "1010",
            "1001",
            "10011111111",
            "1011001111"
        );
        let padded = format!("{digits:0<width$}", width = digits.len().next_multiple_of(8));
        let bytes: Vec<u8> = padded
            .as_bytes()
            .chunks(8)
            .map(|byte| u8::from_str_radix(str::from_utf8(byte).unwrap(), 2).unwrap())
            .collect();
        assert_eq!(resolution(&bytes), Some((1280, 720)));
        assert_eq!(resolution(&bytes[..3]), None);
    }
}
