//! What a flow speaks, and the messages in it.
//!
//! The only memory of flows: RFC 7983 and RFC 9443 tell protocols apart by the first byte, and the rest follows from what the
//! same five-tuple carried before. No port number and no setting is needed.

mod demultiplex;
mod encrypted;
mod guard;
mod held;
mod protocol;
mod recent;
mod shape;
mod stream;
mod table;

pub use demultiplex::{Content, Data};
pub use encrypted::{EncryptedConnection, EncryptedMessage, EncryptedStreams, Roles, SeenAlert};
pub use held::Earlier;
pub use protocol::{Count, Protocol, Protocols};
pub use stream::{Framing, Streams};
pub use table::{Flows, Seen};
