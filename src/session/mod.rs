//! Messages into sessions: transactions, ICE sessions with their pairs, TURN allocations with their life, NATs with their
//! behaviour, media streams with what became of them.
//!
//! Sans-I/O: [`Sessions::observe`] takes one message, [`Sessions::advance`] brings about what time alone brings about (an
//! allocation that expires, consent that is lost), [`Sessions::finish`] ends the capture. Time is the capture's: timers
//! run on the greatest time seen. What happens is told as [`Event`]s as it happens; what became of it is the
//! final state. Everything kept has a bound in [`limits`].

mod carry;
mod credentials;
mod deadlines;
mod event;
pub mod ice;
mod integrity;
pub mod limits;
mod links;
mod mapping;
pub mod media;
mod names;
pub mod nat;
mod observe;
mod printable;
mod relay;
mod servers;
mod signaled;
mod stun;
mod tracker;
mod transaction;
pub mod turn;

pub use crate::abbreviated::Abbreviated;
pub use credentials::Credentials;
pub use event::{Event, What};
pub use mapping::Mapping;
pub use media::MediaFlow;
pub use names::{NamedAddress, NamedHost, Names};
pub use relay::Relayed;
pub use signaled::{Generation, Signaled, SignaledAddress, SignaledCandidate};
pub use stun::{ClassicCount, MessageCount, StunStatistics, VerdictCount};
pub use tracker::{Carried, Seat, Sessions};
pub use transaction::{IcmpHit, StrayResponse};
