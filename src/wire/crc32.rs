//! CRC-32 as ITU-T V.42, Ethernet and zlib define it: polynomial 0x04C11DB7, reflected, all ones before and after.

const TABLE: [u32; 256] = table();

#[expect(clippy::indexing_slicing, reason = "runs at compile time, where a wrong index is a build error")]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    let mut start = 0_u32;
    while index < 256 {
        let mut value = start;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xEDB8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
        start += 1;
    }
    table
}

/// The CRC-32 of the pieces, taken as one run of bytes.
#[must_use]
pub fn crc32(pieces: &[&[u8]]) -> u32 {
    let state = pieces.iter().flat_map(|piece| piece.iter()).fold(u32::MAX, |state, byte| {
        let [low, ..] = state.to_le_bytes();
        (state >> 8) ^ TABLE.get(usize::from(low ^ byte)).copied().unwrap_or(0)
    });
    !state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_value_of_the_catalogue() {
        assert_eq!(crc32(&[b"123456789"]), 0xCBF4_3926);
        assert_eq!(crc32(&[b"1234", b"", b"56789"]), 0xCBF4_3926);
        assert_eq!(crc32(&[]), 0);
    }
}
