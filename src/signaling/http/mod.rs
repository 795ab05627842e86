//! HTTP/1.1 (RFC 9112) out of the ordered bytes of a connection, whichever of its directions were captured.
//!
//! Bodies that cannot hold signalling (pages, scripts, pictures) are passed over without being kept.

mod body;
mod connection;
mod direction;
mod head;

pub use connection::{Event, HttpConnection};
pub use head::{Body, Head, Header, Message, Start};

pub(crate) use connection::Next;
pub(crate) use head::{is_request, is_response};
