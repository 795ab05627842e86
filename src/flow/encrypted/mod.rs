//! TLS on any port: who speaks, with what parameters, and when messages of which size passed.
//!
//! Nothing is decrypted. The payload of encrypted records is skipped by its length, neither copied nor looked at.

mod connection;
mod direction;
mod message;
mod streams;

pub use connection::{EncryptedConnection, Roles, SeenAlert};
pub use message::EncryptedMessage;
pub use streams::EncryptedStreams;
