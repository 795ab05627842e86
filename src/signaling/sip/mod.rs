//! SIP (RFC 3261): messages out of datagrams, streams and WebSockets (RFC 7118), and the offers and answers of its dialogs
//! (RFC 3264, RFC 3262, RFC 3311, RFC 6337).

mod dialog;
mod head;
mod message;
mod multipart;
mod stream;

pub use dialog::{Dialogs, Exchanged, Said};
pub use message::{Header, Message, Start};
pub use multipart::{Part, parts};

pub(crate) use head::looks_like_sip;
pub(crate) use stream::Direction;
