//! What an offer and its answer agree on (RFC 3264, RFC 9429, RFC 9143).
//!
//! [`negotiate`] takes both descriptions and gives for each m-line what both can use from now on, what was refused and why, and
//! what in the answer does not fit the offer. It works on whatever is there: a description that breaks the rules still
//! has an [`Agreement`], and the rule that it breaks is a [`Contradiction`] in it. What the two do not say is `None`.
//!
//! [`Negotiation`] keeps the m-lines over several rounds and tells which of them come, go and are used again.
//!
//! ```
//! use rtcscope::sdp::Document;
//! use rtcscope::sdp::negotiate::negotiate;
//!
//! let offer = Document::parse(b"m=audio 9 RTP/AVP 96 0\na=rtpmap:96 opus/48000/2\na=sendonly\nm=video 9 RTP/AVP 31\n");
//! let answer = Document::parse(b"m=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\na=recvonly\nm=video 0 RTP/AVP 31\n");
//! let agreement = negotiate(&offer, &answer);
//! let numbers = agreement.media[0].codecs.iter().map(|codec| (codec.payload_types.offerer, codec.payload_types.answerer));
//! assert_eq!(numbers.collect::<Vec<_>>(), [(96, 111)]);
//! assert_eq!(agreement.media[1].refusal().map(|refusal| refusal.name()), Some("port-zero"));
//! ```

mod bundle;
mod codec;
mod contradiction;
mod extension;
mod facts;
mod history;
mod limits;
mod media;
mod model;
mod recognition;
mod side;
mod simulcast;
mod transport;

#[cfg(test)]
mod tests;

pub use codec::{AgreedCodec, CodecRefusal, RefusedCodec};
pub use contradiction::{Contradiction, ContradictionKind};
pub use extension::AgreedExtension;
pub use history::{MediaChange, MediaFate, Negotiation, Round};
pub use limits::{MAX_FORMATS, MAX_MEDIA};
pub use media::negotiate;
pub use model::{AgreedMedia, AgreedSctp, Agreement, MediaState, Refusal};
pub use side::{Side, Sides};
pub use simulcast::{AgreedRid, AgreedSimulcast};
pub use transport::{AgreedDtls, AgreedIce, AgreedTransport};
