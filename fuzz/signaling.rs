//! A conversation out of the bytes of a fuzzer, and what holds for every conversation.

use std::net::{IpAddr, Ipv4Addr};

use rtcscope::moment::Moment;
use rtcscope::path::Endpoint;
use rtcscope::signal::Signal;
use rtcscope::signaling::{Limits, Listener, Way};

/// Who speaks is told by this byte: what follows it is of the other one. It is rare in what is parsed here.
pub const TURN: u8 = 0xFE;

pub fn endpoint(last: u8) -> Endpoint {
    Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)), 4433)
}

/// Hands the bytes to a listener in pieces of `size`; gives what it tells, and how often it lost its place.
pub fn run(limits: Limits, start: &[u8], bytes: &[u8], size: usize) -> (Vec<Signal>, u64) {
    let mut listener = Listener::new(limits);
    let mut signals = Vec::new();
    let way = |connection, client: bool| match client {
        true => Way { connection, source: endpoint(1), destination: endpoint(2) },
        false => Way { connection, source: endpoint(2), destination: endpoint(1) },
    };
    listener.bytes(Moment::default(), &way(1, true), start);
    for (turn, part) in bytes.split(|byte| *byte == TURN).enumerate() {
        for piece in part.chunks(size) {
            listener.bytes(Moment::default(), &way(1, turn % 2 == 0), piece);
            assert!(listener.cost() <= limits.connection_bytes);
            signals.extend(listener.take_signals());
        }
    }
    listener.closed(Moment::default(), &way(1, true));
    listener.closed(Moment::default(), &way(1, false));
    assert_eq!(listener.cost(), 0, "nothing is kept of a connection that is over");
    signals.extend(listener.take_signals());
    (signals, listener.lost())
}

/// Whole and in pieces, with small bounds and with gaps: nothing costs more than it may. What pieces tell is not compared with what the whole
/// tells: where a connection is no longer what it was, the next message is looked for at the start of a segment, and so segments matter. Of
/// conversations that are in order the tests say that pieces tell the same.
pub fn converse(start: &[u8], bytes: &[u8]) {
    let limits = Limits::default();
    for size in [usize::MAX, 1, 64] {
        run(limits, start, bytes, size);
    }
    let small = Limits { connection_bytes: 4096, body_bytes: 512, inflated_bytes: 1024, ..limits };
    run(small, start, bytes, 7);
    let mut listener = Listener::new(limits);
    let way = Way { connection: 1, source: endpoint(1), destination: endpoint(2) };
    listener.bytes(Moment::default(), &way, start);
    for piece in bytes.chunks(50) {
        listener.gap(&way, piece.first().map_or(1, |byte| u64::from(*byte) * 7));
        listener.bytes(Moment::default(), &way, piece);
        assert!(listener.cost() <= limits.connection_bytes);
    }
}
