//! Session descriptions: a lossless document, typed attributes, and edits (RFC 8866 and what WebRTC adds).
//!
//! [`Document::parse`] takes any bytes and prints them back; [`Document::errors`] lists every fault with its
//! span; values are decoded when they are asked for and borrow from the text.

pub mod attribute;
mod blocks;
mod builder;
pub mod codec;
mod difference;
mod document;
pub mod edit;
mod error;
mod fault;
mod fragment;
mod grammar;
mod in_force;
#[cfg(feature = "interop")]
pub mod interop;
#[cfg(feature = "serde")]
pub mod json;
mod lexer;
mod line;
mod list;
mod overview;
mod value;

pub use attribute::*;
pub use builder::{Builder, MediaBuilder};
pub use difference::{Change, Difference, differences};
pub use document::{Document, Section};
pub use error::{Error, Expected};
pub use fragment::{TrickledCandidate, parse_candidate};
pub use grammar::Fault;
pub use line::{Ending, Line, LineType};
pub use list::{Parameters, Words};
pub use overview::{CandidateOverview, CodecOverview, MediaOverview, Overview, TransportOverview};
pub use value::{Bandwidth, Connection, Media, Origin, Repeat, Timing, Value};
