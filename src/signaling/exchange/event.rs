//! What becomes known of exchanges, as it does.

use crate::moment::Moment;

/// Something became known of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExchangeEvent {
    /// When it happened.
    pub moment: Moment,
    /// The exchange, by its place in the list.
    pub exchange: usize,
    /// What is new in it.
    pub news: News,
}

/// What is new in an exchange. The numbers are places in its lists at that time: what comes late, from a file, is put where it
/// belongs and moves what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum News {
    /// It begins.
    Started,
    /// A description.
    Description(usize),
    /// A candidate.
    Candidate(usize),
    /// A party came to another state.
    State(usize),
    /// An incident.
    Incident(usize),
}
