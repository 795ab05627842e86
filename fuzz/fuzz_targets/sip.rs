//! SIP in a datagram, and in a stream by the same measure as the others.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::moment::Moment;
use rtcscope::signaling::sip::Message;
use rtcscope::signaling::{Limits, Listener};

#[path = "../signaling.rs"]
mod signaling;

fuzz_target!(|bytes: &[u8]| {
    let _ = Message::parse(bytes);
    let mut listener = Listener::new(Limits::default());
    let (source, destination) = (signaling::endpoint(1), signaling::endpoint(2));
    for datagram in bytes.split(|byte| *byte == 0) {
        listener.datagram(Moment::default(), source, destination, datagram);
    }
    signaling::converse(b"OPTIONS sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n", bytes);
});
