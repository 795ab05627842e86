//! `a=imageattr`: picture sizes that are wanted or can be sent (RFC 6236).

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, fault, spaces, whole_number};

/// The sizes of one payload type.
///
/// ```
/// # use rtcscope::sdp::{ImageAttributes, Typed};
/// let sizes = ImageAttributes::parse_value("97 send [x=800,y=640] recv [x=330,y=250]");
/// assert_eq!(sizes.map(|sizes| (sizes.payload_type, sizes.recv)), Ok((Some(97), "[x=330,y=250]")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct ImageAttributes<'a> {
    /// The payload type, 0 to 127; `None` for `*`, all of them.
    pub payload_type: Option<u8>,
    /// What can be sent: sets in brackets, or `*`; may be empty.
    pub send: &'a str,
    /// What is wanted: sets in brackets, or `*`; may be empty.
    pub recv: &'a str,
    /// Whether what is wanted stands first.
    pub recv_first: bool,
}

impl<'a> ImageAttributes<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, payload_type) = match input.strip_prefix('*') {
            Some(rest) => (rest, None),
            None => whole_number("payload type", 0..=127)(input).map(|(rest, value)| (rest, Some(value)))?,
        };
        let mut attributes = Self { payload_type, send: "", recv: "", recv_first: false };
        let mut rest = rest.trim_start();
        loop {
            let (slot, after) = if let Some(after) = rest.strip_prefix("send") {
                (&mut attributes.send, after)
            } else if let Some(after) = rest.strip_prefix("recv") {
                (&mut attributes.recv, after)
            } else {
                return fault(rest, Expected::Word { field: "direction", choices: &["send", "recv"] });
            };
            let after = after.trim_start();
            let end = [" send", " recv"].iter().filter_map(|word| after.find(word)).min().unwrap_or(after.len());
            let (sets, after) = after.split_at_checked(end).unwrap_or((after, ""));
            if sets != "*" && !(sets.starts_with('[') && sets.trim_end().ends_with(']')) {
                return fault(sets, Expected::Text { text: "[" });
            }
            *slot = sets.trim_end();
            attributes.recv_first |= attributes.send.is_empty();
            rest = spaces(after);
            if rest.is_empty() {
                return Ok((rest, attributes));
            }
        }
    }
}

impl fmt::Display for ImageAttributes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.payload_type {
            Some(payload_type) => write!(f, "{payload_type}")?,
            None => f.write_str("*")?,
        }
        let order = if self.recv_first {
            [("recv", self.recv), ("send", self.send)]
        } else {
            [("send", self.send), ("recv", self.recv)]
        };
        for (name, sets) in order.iter().filter(|(_, sets)| !sets.is_empty()) {
            write!(f, " {name} {sets}")?;
        }
        Ok(())
    }
}
