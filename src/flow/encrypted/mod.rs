//! TLS on any port: who speaks, with what parameters, and when messages of which size passed.
//!
//! Nothing is decrypted. The payload of encrypted records is skipped by its length, neither copied nor looked at.

mod connection;
mod direction;
mod messages;
mod streams;

pub use connection::{EncryptedConnection, Roles, SeenAlert};
pub use messages::{EncryptedMessage, Messages};
pub use streams::EncryptedStreams;
