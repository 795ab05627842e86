//! Offer/answer exchanges: signals of one negotiation put together (RFC 3264, RFC 9429).

mod model;
mod state;

pub use model::{Exchange, Happening, Incident, Party, SentCandidate, SentDescription, StateChange};
pub use state::SignalingState;
