//! One connectivity check: a Binding request between two agents and what became of it.

use std::time::Duration;

use crate::moment::Moment;
use crate::wire::stun::TransactionId;

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No answer so far.
    Pending,
    /// A success response.
    Succeeded,
    /// An error response with this code.
    Error(u16),
    /// An ICMP error that quoted it.
    Icmp,
    /// A success response from another address than the one it went to.
    NonSymmetric,
}

impl Outcome {
    /// The word used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "unanswered",
            Self::Succeeded => "succeeded",
            Self::Error(_) => "error",
            Self::Icmp => "icmp-error",
            Self::NonSymmetric => "non-symmetric",
        }
    }
}

/// One connectivity check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// When it was first sent.
    pub moment: Moment,
    /// Its pair, by place in the session.
    pub pair: usize,
    /// Which agent sent it, by place in the session.
    pub from: usize,
    /// The role that its sender claimed in it; `None` in a check without one.
    pub controlling: Option<bool>,
    /// Whether it carried USE-CANDIDATE.
    pub use_candidate: bool,
    /// The value of NOMINATION, for renomination.
    pub nomination: Option<u32>,
    /// The value of PRIORITY.
    pub priority: Option<u32>,
    /// Whether a check from the other agent on the same pair brought it about (RFC 8445, section 7.3.1.4): its sender had not
    /// succeeded on the pair, and had sent none since that one came.
    pub triggered: bool,
    /// Its transaction.
    pub transaction: TransactionId,
    /// What became of it.
    pub outcome: Outcome,
    /// When it was answered.
    pub response: Option<Moment>,
    /// From the last transmission before the answer to the answer.
    pub round_trip: Option<Duration>,
}
