//! Discovery runs: requests that ask for their answer from elsewhere (RFC 5780, section 4.4; RFC 3489, section 10.1).

use crate::moment::Moment;
use crate::path::{Endpoint, Path};
use crate::wire::stun::ChangeRequest;

/// The answer to a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) moment: Moment,
    pub(super) from: Endpoint,
    /// Whether the local port had sent to that IP address before.
    pub(super) address_known: bool,
    /// Whether it had sent to that IP address and port before: then the NAT had to let the answer in.
    pub(super) known: bool,
}

/// A Binding request with CHANGE-REQUEST.
#[derive(Debug, Clone)]
pub(super) struct Test {
    pub(super) local: Endpoint,
    pub(super) server: Endpoint,
    pub(super) change: ChangeRequest,
    pub(super) sent: Moment,
    /// The last transmission.
    pub(super) last: Moment,
    pub(super) transmissions: u32,
    pub(super) answer: Option<Answer>,
}

impl Test {
    pub(super) const fn new(moment: Moment, path: &Path, change: ChangeRequest) -> Self {
        Self {
            local: path.source,
            server: path.destination,
            change,
            sent: moment,
            last: moment,
            transmissions: 1,
            answer: None,
        }
    }
}
