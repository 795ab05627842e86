//! A whole capture, from its bytes to its findings.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use rtcscope::analyze::{Analyzer, Options};
use rtcscope::capture::Reader;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = Reader::from_read(Cursor::new(bytes.to_vec())) else { return };
    let _ = Analyzer::new(Options::default()).analyze(&mut reader, |_| {}, |_| {});
});
