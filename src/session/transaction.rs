//! Requests and the responses that answer them.

use crate::moment::Moment;
use crate::path::{Endpoint, Path};
use crate::wire::stun::Method;

/// A response that came from another address than its request went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StrayResponse {
    /// When.
    pub moment: Moment,
    /// The path of the request.
    pub request: Path,
    /// When the request was first sent.
    pub request_moment: Moment,
    /// Where the response came from.
    pub from: Endpoint,
    /// Where it went.
    pub to: Endpoint,
    /// The method.
    pub method: Method,
    /// The session and pair of the check that it answers, by place.
    pub pair: Option<(usize, usize)>,
}

/// An ICMP error that quoted a STUN request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IcmpHit {
    /// When.
    pub moment: Moment,
    /// The path of the request.
    pub request: Path,
    /// The method of the request.
    pub method: Method,
    /// ICMP type and code.
    pub code: (u8, u8),
    /// What it says, in the words of a report: `port unreachable`.
    pub meaning: &'static str,
    /// The session and pair of the check that it ended, by place.
    pub pair: Option<(usize, usize)>,
    /// The allocation whose request it ended, by place.
    pub allocation: Option<usize>,
}
