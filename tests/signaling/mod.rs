//! A capture's way to its signals, and the truth beside it.

#![allow(dead_code)]

pub mod truth;

use std::path::Path;

use rtcscope::capture::Reader;
use rtcscope::net::{Datagram, IcmpError, Limits, Sink, Stack, TcpEvent, TcpWhat};
use rtcscope::signal::Signal;
use rtcscope::signaling::{self, Listener, Way};

/// A sink that hands what it gets to a listener: all that an application needs to do.
struct Ears {
    listener: Listener,
    signals: Vec<Signal>,
}

impl Sink for Ears {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.listener.datagram(datagram.moment, datagram.source, datagram.destination, datagram.payload);
        self.signals.extend(self.listener.take_signals());
    }

    fn icmp_error(&mut self, _: &IcmpError<'_>) {}

    fn tcp(&mut self, event: &TcpEvent<'_>) {
        let way = Way { connection: event.stream.0, source: event.source, destination: event.destination };
        match event.what {
            TcpWhat::Bytes(bytes) => self.listener.bytes(event.moment, &way, bytes),
            TcpWhat::Gap(length) => self.listener.gap(&way, length),
            TcpWhat::Closed => self.listener.closed(event.moment, &way),
            TcpWhat::Reset => self.listener.reset(event.stream.0),
            _ => {}
        }
        self.signals.extend(self.listener.take_signals());
    }
}

/// All that is signalled in the capture at `path`.
pub fn listen(path: &Path) -> Vec<Signal> {
    let mut reader = Reader::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut stack = Stack::new(Limits::default());
    let mut ears = Ears { listener: Listener::new(signaling::Limits::default()), signals: Vec::new() };
    while let Ok(Some(frame)) = reader.next_frame() {
        stack.observe(&frame, &mut ears);
    }
    stack.finish(&mut ears);
    ears.signals
}
