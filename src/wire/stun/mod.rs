//! STUN and TURN messages (RFC 8489, RFC 8656 and their relatives, RFC 3489 and Microsoft's dialect included).
//!
//! [`Message::parse`] takes what there is and remembers why it stopped. Attributes are decoded when they are asked
//! for: [`Attribute::decode`] gives the typed [`Value`], and what is asked for most has a call of its own, such as
//! [`Message::username`]. [`Builder`] makes messages, [`describe`] shows them field by field.
//!
//! To add an attribute, write its decoder in the file of its family and one row in `attribute.rs`; where its value has
//! a shape that was not there, one variant of [`Value`] too.

mod accessor;
mod address;
mod attribute;
mod behavior;
mod body;
mod builder;
mod credential;
mod describe;
mod error_code;
mod fingerprint;
mod ice;
mod integrity;
mod message;
mod message_type;
mod microsoft;
mod number;
mod transaction;
mod turn;
mod value;

pub use address::AddressFamily;
pub use attribute::{Attribute, AttributeType};
pub use behavior::{ChangeRequest, EcnCheck, TransmitCounter};
pub use builder::Builder;
pub use credential::PasswordAlgorithm;
pub use describe::describe;
pub use error_code::{ErrorCode, error_name};
pub use fingerprint::{Fingerprint, fingerprint};
pub use ice::NetworkInfo;
pub use integrity::Signed;
pub use message::{HEADER_LENGTH, Message};
pub use message_type::{Class, Method};
pub use microsoft::{BandwidthAmount, LocationProfile, MICROSOFT_COOKIE, SequenceNumber, ServiceQuality, SiteResponse};
pub use transaction::{MAGIC_COOKIE, TransactionId};
pub use turn::Icmp;
pub use value::Value;
