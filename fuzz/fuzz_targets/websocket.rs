//! A WebSocket behind its upgrade, with and without compression, by the same measure.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../signaling.rs"]
mod signaling;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let target = if first & 1 == 0 { "/ws" } else { "/socket.io/?EIO=4&transport=websocket" };
    let upgrade = format!(
        "GET {target} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    );
    signaling::converse(upgrade.as_bytes(), bytes);
});
