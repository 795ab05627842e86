//! RTP packets (RFC 3550), their header extensions (RFC 8285) and their payload headers.
//!
//! [`Packet::parse`] borrows the datagram and allocates nothing; CSRCs and the elements of a header extension are
//! iterators. What an element holds is read by [`extension::Kind`], what begins a payload by [`payload::Codec`], both
//! when asked for. [`Builder`] makes packets, [`describe`] shows them field by field.
//!
//! To add a header extension see [`extension`], to add a payload format see [`payload`].

mod builder;
mod describe;
pub mod extension;
mod header_extension;
mod ntp;
mod packet;
pub mod payload;
mod payload_type;
mod sequence_number;
mod source;
mod timestamp;

pub use builder::Builder;
pub use describe::{Context, describe};
pub use header_extension::{Element, Elements, Form, HeaderExtension, ONE_BYTE, TWO_BYTE};
pub use ntp::{NtpMiddle, NtpTimestamp};
pub use packet::{FIXED_HEADER_LENGTH, Packet};
pub use payload_type::{PayloadType, StaticFormat};
pub use sequence_number::SequenceNumber;
pub use source::Ssrc;
pub use timestamp::RtpTimestamp;
