//! TCP (RFC 9293) as seen by a third party: the bytes of each direction in order, each once.
//!
//! - Of bytes that come twice the first copy counts.
//! - Bytes that come too early wait, up to a bound in bytes and in time. They stop waiting at once when the receiver
//!   acknowledges what is missing: it has it, and the capture never will.
//! - What a snaplen cut off is a gap.
//! - A connection may be seen from its middle on, and addresses and ports may be used again.

mod connection;
mod connections;
mod direction;
mod segment;

pub(super) use connections::Connections;
pub(super) use segment::Segment;
