//! What is known of an attribute beside its grammar.

use std::fmt;

/// Where an attribute may stand (IANA's registry of SDP attributes, column *usage level*).
///
/// ```
/// # use rtcscope::sdp::{Key, Level};
/// assert_eq!((Key::Group.level(), Key::Mid.level(), Key::Setup.level()), (Level::Session, Level::Media, Level::Both));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Only before the first `m=` line.
    Session,
    /// Only in a media section.
    Media,
    /// In either place.
    Both,
}

/// The five blocks in which a WebRTC description can be read.
///
/// A description says what concerns one of them in many places; a person understands it block by block.
///
/// ```
/// # use rtcscope::sdp::{Block, Key};
/// assert_eq!(Key::Fingerprint.block(), Block::Security);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Block {
    /// What the session is: its version, origin, name and times.
    Metadata,
    /// How packets get through: addresses, ICE, RTCP's port, SCTP.
    Network,
    /// What is sent: codecs, directions, tracks, header extensions.
    Streams,
    /// Who it is and with which keys: fingerprints, DTLS roles, SDES.
    Security,
    /// How losses are answered, what the limits are and what belongs together.
    Grouping,
}

impl Block {
    /// All of them, in the order a description is explained in.
    ///
    /// ```
    /// # use rtcscope::sdp::Block;
    /// assert_eq!(Block::ALL.map(Block::name).first(), Some(&"session metadata"));
    /// ```
    pub const ALL: [Self; 5] = [Self::Metadata, Self::Network, Self::Streams, Self::Security, Self::Grouping];

    /// Its heading.
    ///
    /// ```
    /// # use rtcscope::sdp::Block;
    /// assert_eq!(Block::Grouping.name(), "quality and grouping");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metadata => "session metadata",
            Self::Network => "network",
            Self::Streams => "streams",
            Self::Security => "security",
            Self::Grouping => "quality and grouping",
        }
    }
}

/// An attribute without a row in the table: kept and readable.
///
/// ```
/// # use rtcscope::sdp::{Attribute, Document, Other};
/// let document = Document::parse(b"a=x-new:7\n");
/// let known = document.session().attributes().next();
/// assert_eq!(known, Some(Attribute::Other(Other { name: "x-new", value: Some("7") })));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Other<'a> {
    /// Its name.
    pub name: &'a str,
    /// What follows the colon; `None` for a property attribute.
    pub value: Option<&'a str>,
}

impl fmt::Display for Other<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        self.value.map_or(Ok(()), |value| write!(f, ":{value}"))
    }
}
