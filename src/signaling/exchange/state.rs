//! The signalling state of a party (RFC 9429, section 3.2; W3C `RTCSignalingState`).

use std::fmt;

/// The signalling state of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SignalingState {
    /// No offer is open.
    #[default]
    Stable,
    /// It has offered.
    HaveLocalOffer,
    /// It was offered to.
    HaveRemoteOffer,
    /// It has answered, and not for good.
    HaveLocalPranswer,
    /// It was answered, and not for good.
    HaveRemotePranswer,
    /// The call is over.
    Closed,
}

impl SignalingState {
    /// The W3C's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::HaveLocalOffer => "have-local-offer",
            Self::HaveRemoteOffer => "have-remote-offer",
            Self::HaveLocalPranswer => "have-local-pranswer",
            Self::HaveRemotePranswer => "have-remote-pranswer",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for SignalingState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
