//! A file beside a capture, of any kind: it is read or refused, inside its bounds, and its clock can be asked for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::signaling::Limits;
use rtcscope::signaling::file::{SideFile, SignalledText, WireFacts, coincidences, offset};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { file_entries: 200, file_series: 100, file_samples: 1000, ..Limits::default() };
    let Ok(mut file) = SideFile::parse("x", bytes, &limits) else { return };
    let signals: usize = file.connections.iter().map(|found| found.signals.len() + found.events.len()).sum();
    assert!(signals <= limits.file_entries);
    let mut facts = WireFacts::default();
    for connection in &file.connections {
        for series in &connection.stats {
            assert!(series.time(series.values.len()).is_none());
        }
        for anchor in connection.anchors() {
            let text = format!("{:?}", anchor.kind);
            facts.signalled.push(SignalledText { text, first_seen: anchor.time });
        }
    }
    let _ = offset(&coincidences(&file.connections, &facts));
    let next = file.number_channels(7);
    assert_eq!(next, 7 + file.connections.len() as u64);
    file.shift(i64::MAX);
});
