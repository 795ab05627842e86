//! Bytes and messages: STUN and TURN, RTP and RTCP, what TLS says in the clear, and DNS, as they are on the wire.
//!
//! Four promises. Nothing here panics, whatever the bytes. Nothing reads a clock or does I/O. What is reported is what
//! is there, not whether it is wise. An [`Error`] names the field, the byte offset, and both numbers: what was needed
//! and what was found.

pub mod channel_data;
mod crc32;
mod cursor;
pub mod dns;
mod error;
pub mod field;
mod leaves;
mod read;
mod registry;
pub mod rtcp;
pub mod rtp;
pub mod stun;
pub mod tls;

pub use channel_data::ChannelData;
pub use crc32::crc32;
pub use error::{Error, Reason};
pub use field::Field;
