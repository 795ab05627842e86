//! Session descriptions: a lossless document, typed attributes, and edits (RFC 8866 and what WebRTC adds).
//!
//! [`Document::parse`] takes any bytes and prints them back; [`Document::errors`] lists every fault with its
//! span; values are decoded when they are asked for and borrow from the text. What is in force for an m-line
//! (its own value, its bundle's, the session's) is answered by [`Section`]. A change is a list of edits, see
//! [`edit`], and touches no byte beyond what it is about. [`negotiate`] says what an offer and its answer agree on,
//! [`codec`] knows parameters, `json` envelopes and dumps, `interop` the crate `sdp-types`.
//!
//! Munging an offer:
//!
//! ```
//! use rtcscope::sdp::Document;
//! use rtcscope::sdp::edit::{CodecPattern, EditError, Editor, Scope, prefer_codecs, set_bandwidth, set_parameter};
//!
//! fn munge(offer: &[u8]) -> Result<Vec<u8>, EditError> {
//!     let editor = Editor::new(offer)
//!         .edit(|document| prefer_codecs(document, Scope::Kind("video"), &[CodecPattern::new("H264")]))?
//!         .edit(|document| set_parameter(document, Scope::All, CodecPattern::new("opus"), "stereo", "1"))?
//!         .edit(|document| set_bandwidth(document, Scope::Kind("video"), "AS", 500))?;
//!     Ok(editor.finish())
//! }
//!
//! # let offer = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 111\r\nc=IN IP4 0.0.0.0\r\n\
//! #     a=rtpmap:111 opus/48000/2\r\nm=video 9 RTP/AVP 96 97\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:96 VP8/90000\r\n\
//! #     a=rtpmap:97 H264/90000\r\n";
//! let munged = munge(offer)?;
//! assert!(Document::parse(&munged).errors().is_empty());
//! # assert!(String::from_utf8_lossy(&munged).contains("m=video 9 RTP/AVP 97 96\r\nc=IN IP4 0.0.0.0\r\nb=AS:500\r\n"));
//! # Ok::<(), EditError>(())
//! ```

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
pub mod negotiate;
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
