//! Frames into UDP datagrams, ICMP errors and ordered TCP bytes.
//!
//! Takes [`Frame`](crate::capture::Frame)s, gives a [`Sink`] what they carry.
//!
//! The room keeps these promises:
//!
//! - Nothing is skipped silently: what goes no further is counted by its [`SkipReason`].
//! - Memory is bounded by [`Limits`], whatever the capture holds.
//! - A packet counts once: copies that the capture made itself are recognised, counted ([`Copies`]) and left out.
//! - Lengths are those of the IP and UDP headers, so that a snaplen does not change them.
//! - A UDP datagram that is not fragmented costs no allocation.
//!
//! A layer takes what is above it off a slice and names what follows; a tunnel would be one more such layer, between IP and
//! transport, and the place to bound how deep they nest is the `deliver` of the stack.

mod clock;
mod copy;
#[cfg(test)]
mod crafted;
mod fragment;
mod icmp;
mod ip;
mod limits;
mod link;
mod sink;
mod skip;
mod stack;
mod tcp;
#[cfg(test)]
mod trial;
mod udp;

pub use clock::ClockWentBack;
pub use copy::Copies;
pub use limits::Limits;
pub use sink::{Datagram, IcmpError, IcmpKind, Sink, StreamId, TcpEvent, TcpWhat};
pub use skip::SkipReason;
pub use stack::Stack;
