//! What came of a check.

use std::fmt;

/// What came of checking the integrity of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The key made it.
    Valid,
    /// The key did not make it, or it has a length that it must not have.
    Invalid,
    /// There is no key, or the bytes end too early to tell.
    Unknown,
    /// There is nothing to check.
    Absent,
}

impl Verdict {
    /// The name in reports: `valid`, `invalid`, `unknown`, `absent`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unknown => "unknown",
            Self::Absent => "absent",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
