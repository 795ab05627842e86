//! Frames into UDP datagrams, ICMP errors and ordered TCP bytes.

mod sink;

pub use sink::{Datagram, IcmpError, IcmpKind, Sink, StreamId, TcpEvent, TcpWhat};
