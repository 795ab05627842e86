//! A connection that speaks HTTP: in whatever pieces it comes, it costs no more than it may.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../signaling.rs"]
mod signaling;

fuzz_target!(|bytes: &[u8]| {
    signaling::converse(b"GET /first HTTP/1.1\r\nHost: x\r\n\r\n", bytes);
});
