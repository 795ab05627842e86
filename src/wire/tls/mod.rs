//! TLS as far as it is in the clear: records, hellos and alerts (RFC 8446, RFC 5246 and their elders).
//!
//! Nothing is decrypted here. [`RecordHeader::parse`] cuts a stream into records, [`Handshake::parse`] reads what the two
//! hellos say before keys are in use: server name (RFC 6066), application protocols (RFC 7301), versions and cipher
//! suite. [`describe`] shows a chain of records field by field.

mod alert;
mod cipher_suite;
mod describe;
mod extension;
mod grease;
mod handshake;
mod hello;
mod record;
mod version;

pub use alert::{Alert, AlertDescription, AlertLevel};
pub use cipher_suite::CipherSuite;
pub use describe::describe;
pub use extension::ExtensionType;
pub use handshake::{Body, HANDSHAKE_HEADER_LENGTH, Handshake, HandshakeType};
pub use hello::{ClientHello, ServerHello};
pub use record::{ContentType, FRAGMENT_LENGTH, HEADER_LENGTH, Record, RecordHeader};
pub use version::ProtocolVersion;
