//! One ChannelData message, whole and cut by a snaplen.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::wire::ChannelData;

fuzz_target!(|bytes: &[u8]| {
    let _ = ChannelData::parse(bytes);
    for length in [bytes.len(), bytes.len().saturating_add(1), 1500, usize::MAX] {
        let _ = ChannelData::parse_captured(bytes, length);
    }
});
