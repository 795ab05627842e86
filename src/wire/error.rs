//! Why reading stopped.

use std::fmt;

/// Where and why a message could not be read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Error {
    /// Byte offset of the field, from the start of the message.
    pub offset: usize,
    /// The field, in the words of its RFC.
    pub field: &'static str,
    /// What was wrong with it.
    pub reason: Reason,
}

/// What was wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The bytes ended inside the field.
    TooShort {
        /// Bytes the field takes.
        needed: usize,
        /// Bytes there were.
        found: usize,
    },
    /// The field has a length that its type does not allow.
    WrongLength {
        /// Bytes its type takes.
        needed: usize,
        /// Bytes it has.
        found: usize,
    },
    /// The field holds a value that it must not.
    WrongValue {
        /// The value that was expected, or the nearest one allowed.
        needed: u64,
        /// The value that was there.
        found: u64,
    },
    /// The field must be text and is not UTF-8.
    NotUtf8 {
        /// How many bytes of it are.
        valid: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: ", self.field, self.offset)?;
        match self.reason {
            Reason::TooShort { needed, found } => write!(f, "needs {needed} bytes, {found} are left"),
            Reason::WrongLength { needed, found } => write!(f, "must be {needed} bytes long, is {found}"),
            Reason::WrongValue { needed, found } => write!(f, "expected {needed:#x}, found {found:#x}"),
            Reason::NotUtf8 { valid } => write!(f, "not UTF-8 after {valid} bytes"),
        }
    }
}

impl std::error::Error for Error {}
