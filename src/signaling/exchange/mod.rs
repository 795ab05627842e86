//! Offer/answer exchanges: signals of one negotiation put together (RFC 3264, RFC 9429).

mod book;
mod entries;
mod event;
mod exchanges;
mod facts;
mod machine;
mod model;
mod route;
mod state;
mod story;
mod voice;

pub use event::{ExchangeEvent, News};
pub use exchanges::Exchanges;
pub use model::{Exchange, Happening, Incident, Party, SentCandidate, SentDescription, StateChange};
pub use state::SignalingState;
