//! Which sections an operation is about.

use std::fmt;

use super::EditError;
use crate::sdp::document::{Document, Section};

/// Some sections of a description.
///
/// ```
/// # use rtcscope::sdp::edit::Scope;
/// assert_eq!(
///     ["all", "video", "mid:a", "0"].map(Scope::new),
///     [Scope::All, Scope::Kind("video"), Scope::Mid("a"), Scope::Index(0)]
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope<'s> {
    /// Every media section.
    All,
    /// The session level.
    Session,
    /// The media sections of a kind, such as `audio`.
    Kind(&'s str),
    /// The media section of this mid.
    Mid(&'s str),
    /// The media section of this index, from 0.
    Index(usize),
}

impl<'s> Scope<'s> {
    /// Reads `all`, `session`, `mid:<mid>`, an index from 0, or else a kind.
    ///
    /// The words of the command line; whoever writes a program names the variant.
    #[must_use]
    pub fn new(text: &'s str) -> Self {
        match (text, text.strip_prefix("mid:"), text.parse()) {
            ("all" | "", _, _) => Self::All,
            ("session", _, _) => Self::Session,
            (_, Some(mid), _) => Self::Mid(mid),
            (_, _, Ok(index)) => Self::Index(index),
            _ => Self::Kind(text),
        }
    }

    /// The sections it names.
    ///
    /// # Errors
    ///
    /// [`EditError::NoSuchSection`] where a named one is not there; [`Scope::All`] may be empty.
    pub(super) fn sections<'d, 'a>(self, document: &'d Document<'a>) -> Result<Vec<Section<'d, 'a>>, EditError> {
        let found: Vec<Section<'d, 'a>> = match self {
            Self::All => return Ok(document.media().collect()),
            Self::Session => vec![document.session()],
            Self::Kind(kind) => {
                document.media().filter(|section| section.media().is_some_and(|media| media.media == kind)).collect()
            }
            Self::Mid(mid) => document.media_by_mid(mid).into_iter().collect(),
            Self::Index(index) => document.media_section(index).into_iter().collect(),
        };
        if found.is_empty() { Err(EditError::NoSuchSection { scope: self.to_string().into() }) } else { Ok(found) }
    }
}

impl fmt::Display for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Session => f.write_str("session"),
            Self::Kind(kind) => f.write_str(kind),
            Self::Mid(mid) => write!(f, "mid:{mid}"),
            Self::Index(index) => write!(f, "{index}"),
        }
    }
}
