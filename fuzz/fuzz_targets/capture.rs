//! A whole capture file: read, taken apart into datagrams and TCP bytes, which say where they begin and end.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use rtcscope::capture::Reader;
use rtcscope::net::{Datagram, IcmpError, Limits, Sink, Stack, TcpEvent};

struct Careful;

impl Sink for Careful {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        assert!(datagram.length >= datagram.payload.len(), "a datagram longer than it says");
    }

    fn icmp_error(&mut self, _: &IcmpError<'_>) {}

    fn tcp(&mut self, _: &TcpEvent<'_>) {}
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = Reader::from_read(Cursor::new(bytes.to_vec())) else { return };
    let mut stack = Stack::new(Limits::default());
    while let Ok(Some(frame)) = reader.next_frame() {
        stack.observe(&frame, &mut Careful);
    }
    stack.finish(&mut Careful);
});
