//! Changing a description (munging): each operation gives edits, [`crate::text::apply`] does them.
//!
//! One operation a file, or a few that share their lines. An operation keeps the description valid or says in
//! an [`EditError`] why it cannot, and touches no byte beyond what it is about. To do several in a row, apply
//! one, parse again (that costs microseconds) and go on; [`Editor`] does just that.
//!
//! ```
//! use rtcscope::sdp::Document;
//! use rtcscope::sdp::edit::{CodecPattern, Scope, prefer_codecs};
//! use rtcscope::text::apply;
//!
//! let text = b"m=video 9 RTP/AVP 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 H264/90000\r\n";
//! let edits = prefer_codecs(&Document::parse(text), Scope::All, &[CodecPattern::new("H264")]).unwrap();
//! assert!(apply(text, &edits).unwrap().starts_with(b"m=video 9 RTP/AVP 97 96\r\n"));
//! ```

mod attributes;
mod bandwidth;
mod candidates;
mod codecs;
mod connection;
mod direction;
mod editor;
mod error;
mod extmap;
mod feedback;
mod media;
mod mid;
mod normalise;
mod parameters;
mod pattern;
mod place;
mod plan_b;
mod plan_unified;
mod redact;
mod renumber;
mod scope;
mod simulcast;
mod transport;

pub use attributes::{add_attribute, remove_attributes, strip_sources};
pub use bandwidth::{remove_bandwidth, set_bandwidth};
pub use candidates::{CandidateFilter, Family, filter_candidates};
pub use codecs::{keep_codecs, prefer_codecs, remove_codecs};
pub use connection::set_connection_address;
pub use direction::set_direction;
pub use editor::Editor;
pub use error::EditError;
pub use extmap::{add_extmap, remove_extmap};
pub use feedback::{add_feedback, remove_feedback};
pub use media::{drop_media, stop_media};
pub use mid::set_mid;
pub use normalise::normalise;
pub use parameters::{remove_parameter, set_parameter};
pub use pattern::CodecPattern;
pub use plan_b::unified_to_plan_b;
pub use plan_unified::plan_b_to_unified;
pub use redact::redact;
pub use renumber::renumber_payload_type;
pub use scope::Scope;
pub use simulcast::{drop_simulcast, limit_simulcast};
pub use transport::{set_fingerprint, set_ice_credentials, set_setup};
