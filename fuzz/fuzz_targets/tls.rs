//! Bytes as a stream of TLS: cut into records, followed in pieces, described, and its fields inside its bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::flow::EncryptedStreams;
use rtcscope::moment::Moment;
use rtcscope::path::{Endpoint, Path, Transport};
use rtcscope::wire::tls::{Handshake, Record, describe};

fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    while let Ok((record, behind)) = Record::parse(rest) {
        let _ = Handshake::parse(record.fragment);
        rest = behind;
    }
    for field in describe(bytes) {
        assert!(field.range.end <= bytes.len(), "{} ends behind the records", field.name);
    }
    let end = |port| Endpoint::new([192, 0, 2, 1].into(), port);
    let path = Path::direct(end(50_000), end(443), Transport::Tcp);
    for size in [bytes.len().max(1), 7] {
        let mut streams = EncryptedStreams::new();
        for piece in bytes.chunks(size) {
            streams.observe(Moment::default(), 0, &path, 0, piece);
        }
        for (_, connection) in streams.connections() {
            let sum: u64 = connection.messages.iter().map(|message| message.bytes).sum();
            assert!(sum <= connection.bytes.iter().sum(), "more in messages than there was");
        }
    }
});
