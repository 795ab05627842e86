//! Several operations in a row.

use super::EditError;
use crate::sdp::document::Document;
use crate::text::{Edit, apply};

/// A description on its way through several operations.
///
/// ```
/// use rtcscope::sdp::Direction;
/// use rtcscope::sdp::edit::{Editor, Scope, set_bandwidth, set_direction};
///
/// let text = b"m=audio 9 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\na=sendrecv\r\n";
/// let changed = Editor::new(text)
///     .edit(|document| set_direction(document, Scope::All, Direction::RecvOnly))
///     .and_then(|editor| editor.edit(|document| set_bandwidth(document, Scope::Kind("audio"), "AS", 64)))
///     .unwrap()
///     .finish();
/// assert_eq!(changed, b"m=audio 9 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\nb=AS:64\r\na=recvonly\r\n");
/// ```
#[derive(Debug, Clone)]
pub struct Editor {
    text: Vec<u8>,
}

impl Editor {
    /// Starts with `text`.
    ///
    /// It takes the text rather than a document, because each operation makes a new one.
    pub fn new(text: impl Into<Vec<u8>>) -> Self {
        Self { text: text.into() }
    }

    /// Does one operation.
    ///
    /// Given back by value, so that operations chain; where one fails, the description it was given is gone with
    /// it, and whoever needs it keeps a copy. See [`Editor`].
    ///
    /// # Errors
    ///
    /// The operation's, or [`EditError::Apply`].
    pub fn edit<F>(self, operation: F) -> Result<Self, EditError>
    where
        F: FnOnce(&Document<'_>) -> Result<Vec<Edit>, EditError>,
    {
        let edits = operation(&Document::parse(&self.text))?;
        if edits.is_empty() {
            return Ok(self);
        }
        Ok(Self { text: apply(&self.text, &edits)? })
    }

    /// The text now.
    ///
    /// ```
    /// # use rtcscope::sdp::edit::Editor;
    /// assert_eq!(Editor::new(b"v=0\r\n").text(), b"v=0\r\n");
    /// ```
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The text at the end.
    ///
    /// ```
    /// # use rtcscope::sdp::edit::Editor;
    /// assert_eq!(Editor::new("v=0\r\n").finish(), b"v=0\r\n");
    /// ```
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.text
    }
}
