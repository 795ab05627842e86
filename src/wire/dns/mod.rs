//! DNS messages (RFC 1035), those of multicast DNS (RFC 6762) among them.
//!
//! [`Message::parse`] takes what there is and remembers why it stopped; [`describe`] shows it field by field. Names are
//! decompressed, with a bound on how far they may lead.

mod describe;
mod header;
mod message;
mod name;
mod record;
mod record_type;

pub use describe::describe;
pub use header::{Flags, HEADER_LENGTH, Opcode, ResponseCode};
pub use message::{Message, Question};
pub use name::{NAME_LENGTH, Name};
pub use record::{Data, Record, Service};
pub use record_type::{Class, RecordType};
