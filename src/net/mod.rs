//! Frames into UDP datagrams, ICMP errors and ordered TCP bytes.
//!
//! Takes [`Frame`](crate::capture::Frame)s, gives a [`Sink`] what they carry. Nothing is skipped silently: what goes no
//! further is counted by its [`SkipReason`].

mod ip;
mod limits;
mod link;
mod sink;
mod skip;
mod stack;
mod udp;

pub use limits::Limits;
pub use sink::{Datagram, IcmpError, IcmpKind, Sink, StreamId, TcpEvent, TcpWhat};
pub use skip::SkipReason;
pub use stack::Stack;
