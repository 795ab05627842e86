//! Who sends: `sendrecv`, `sendonly`, `recvonly`, `inactive` (RFC 8866, section 6.7).

use std::fmt;

use super::Key;

/// A direction, seen from the one who wrote the description.
///
/// ```
/// # use rtcscope::sdp::Direction;
/// let offered = Direction::SendOnly;
/// assert!(offered.sends() && !offered.receives());
/// assert_eq!(offered.reversed(), Direction::RecvOnly);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Direction {
    /// Sends and receives; holds where nothing is said.
    SendRecv,
    /// Only sends.
    SendOnly,
    /// Only receives.
    RecvOnly,
    /// Neither.
    Inactive,
}

impl Direction {
    /// The direction of this name.
    ///
    /// ```
    /// # use rtcscope::sdp::Direction;
    /// assert_eq!(Direction::from_name("inactive"), Some(Direction::Inactive));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "sendrecv" => Self::SendRecv,
            "sendonly" => Self::SendOnly,
            "recvonly" => Self::RecvOnly,
            "inactive" => Self::Inactive,
            _ => return None,
        })
    }

    /// The direction that an attribute of this key says.
    ///
    /// The four directions are four attributes without a value, so it is the key that says which.
    ///
    /// ```
    /// # use rtcscope::sdp::{Direction, Key};
    /// assert_eq!(Direction::from_key(Key::RecvOnly), Some(Direction::RecvOnly));
    /// assert_eq!(Direction::from_key(Key::Mid), None);
    /// ```
    #[must_use]
    pub const fn from_key(key: Key) -> Option<Self> {
        Some(match key {
            Key::SendRecv => Self::SendRecv,
            Key::SendOnly => Self::SendOnly,
            Key::RecvOnly => Self::RecvOnly,
            Key::Inactive => Self::Inactive,
            _ => return None,
        })
    }

    /// Its name.
    ///
    /// ```
    /// # use rtcscope::sdp::Direction;
    /// assert_eq!(Direction::SendRecv.name(), "sendrecv");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    /// Whether the writer sends.
    ///
    /// Together with [`Direction::receives`] the two halves of it, which are negotiated apart; see [`Direction`].
    #[must_use]
    pub const fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether the writer receives.
    ///
    /// See [`Direction`] for an example of it and of its other half.
    #[must_use]
    pub const fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }

    /// The same seen from the other side.
    ///
    /// An answer is compared with the offer this way; see [`Direction`].
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::SendOnly => Self::RecvOnly,
            Self::RecvOnly => Self::SendOnly,
            other => other,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
