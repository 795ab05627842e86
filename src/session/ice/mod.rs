//! ICE sessions as both agents see them (RFC 8445, RFC 7675, RFC 6544).
//!
//! A session is a pair of username fragments, whatever the five-tuples; it has two agents, and pairs with one end at each.

mod agent;
mod answers;
mod candidates;
mod check;
mod knowledge;
mod pair;
mod requests;
mod restart;
mod selection;
mod state;
mod table;
mod untried;
mod watch;

pub use agent::{Agent, Candidate, CandidateSource, CandidateType, Role};
pub(super) use candidates::resolve;
pub use check::{Check, Outcome};
pub(super) use knowledge::Knowledge;
pub use pair::{End, Failure, Pair, PairState};
pub(super) use selection::Choice;
pub use state::{AgentState, NominationStyle, Outage, RoleConflict, SelectedChange, Session};
pub(super) use table::{CheckRef, IceTable, PairRef};
pub use untried::UntriedPair;
