//! The macro that turns the rows of the table into the enum, its keys and their lookups.

use crate::sdp::grammar::Fault;

use super::Key;

/// A type that one attribute's value is read into.
///
/// It lets [`Section::value`](crate::sdp::Section::value) and its like be asked for a type instead of a name. Only the
/// rows of the table have it.
///
/// ```
/// # use rtcscope::sdp::{Key, Mid, Typed};
/// assert_eq!(Mid::KEY, Key::Mid);
/// assert_eq!(Mid::parse_value("0"), Ok(Mid("0")));
/// ```
pub trait Typed<'a>: Sized {
    /// The attribute.
    const KEY: Key;

    /// Reads the whole of what follows the colon.
    ///
    /// For a value without a line; [`Line::typed`](crate::sdp::Line::typed) reads the one on a line and says where a
    /// fault is.
    ///
    /// # Errors
    ///
    /// [`Fault`] at the first token that does not fit.
    fn parse_value(value: &'a str) -> Result<Self, Fault<'a>>;
}

/// Each row: variant, type, name, level, block, and whether a level may hold it `once` or `many` times.
macro_rules! attributes {
    ($($variant:ident($type:ty) $name:literal $level:ident $block:ident $often:ident;)*) => {
        /// Which attribute a line is.
        ///
        /// Comparing keys costs less than comparing names, and a line knows its key from the start.
        ///
        /// ```
        /// # use rtcscope::sdp::Key;
        /// assert_eq!((Key::from_name(b"rtpmap"), Key::from_name(b"x-new")), (Key::Rtpmap, Key::Other));
        /// assert_eq!(Key::RtcpFb.name(), "rtcp-fb");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Key {
            $(#[doc = concat!("`a=", $name, "`")] $variant,)*
            /// An attribute that is not in the table.
            Other,
        }

        impl Key {
            /// All that are known, in the order of the table.
            ///
            /// ```
            /// # use rtcscope::sdp::Key;
            /// assert!(Key::ALL.iter().all(|key| Key::from_name(key.name().as_bytes()) == *key));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The key of this name; names are case-sensitive.
            ///
            /// A name is bytes here, because an attribute's may be anything; see [`Key`].
            #[inline]
            #[must_use]
            #[expect(non_upper_case_globals, reason = "the constants carry the names of the rows")]
            pub const fn from_name(name: &[u8]) -> Self {
                $(const $variant: &[u8] = $name.as_bytes();)*
                match name {
                    $($variant => Self::$variant,)*
                    _ => Self::Other,
                }
            }

            /// Its name; empty for [`Key::Other`].
            ///
            /// What [`Key::from_name`] reads; see [`Key`].
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other => "",
                }
            }

            /// Where it may stand.
            ///
            /// ```
            /// # use rtcscope::sdp::{Key, Level};
            /// assert_eq!(Key::Candidate.level(), Level::Media);
            /// ```
            #[must_use]
            pub const fn level(self) -> Level {
                match self {
                    $(Self::$variant => $level,)*
                    Self::Other => Level::Both,
                }
            }

            /// The block it belongs to; unknown ones count as streams.
            ///
            /// ```
            /// # use rtcscope::sdp::{Block, Key};
            /// assert_eq!(Key::Candidate.block(), Block::Network);
            /// ```
            #[must_use]
            pub const fn block(self) -> Block {
                match self {
                    $(Self::$variant => $block,)*
                    Self::Other => Block::Streams,
                }
            }

            /// Whether a level may hold it only once.
            ///
            /// ```
            /// # use rtcscope::sdp::Key;
            /// assert!(Key::Mid.is_single() && !Key::Candidate.is_single());
            /// ```
            #[must_use]
            pub const fn is_single(self) -> bool {
                match self {
                    $(Self::$variant => table::attributes!(@once $often),)*
                    Self::Other => false,
                }
            }
        }

        /// An attribute, typed. Its `Display` is what stands behind `a=`.
        ///
        /// ```
        /// # use rtcscope::sdp::{Attribute, IceOptions, RtcpMux, Words};
        /// assert_eq!(Attribute::from(IceOptions(Words("trickle"))).to_string(), "ice-options:trickle");
        /// assert_eq!(Attribute::from(RtcpMux).to_string(), "rtcp-mux");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
        #[non_exhaustive]
        pub enum Attribute<'a> {
            $(#[doc = concat!("`a=", $name, "`")] $variant($type),)*
            /// One that is not in the table.
            Other(Other<'a>),
        }

        impl<'a> Attribute<'a> {
            #[inline]
            pub(in crate::sdp) fn parse(
                line: &crate::sdp::Line<'a>,
            ) -> Result<Self, crate::sdp::grammar::Fault<'a>> {
                let value = line.utf8()?;
                Ok(match line.key {
                    $(Key::$variant => Self::$variant(crate::sdp::grammar::all(value, <$type>::parse)?),)*
                    Key::Other => Self::Other(Other::parse(line)?),
                })
            }

            /// Which attribute it is.
            ///
            /// ```
            /// # use rtcscope::sdp::{Attribute, Key, Mid};
            /// assert_eq!(Attribute::from(Mid("0")).key(), Key::Mid);
            /// ```
            #[must_use]
            pub const fn key(&self) -> Key {
                match self {
                    $(Self::$variant(_) => Key::$variant,)*
                    Self::Other(_) => Key::Other,
                }
            }
        }

        impl std::fmt::Display for Attribute<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant(value) => table::named(f, $name, value),)*
                    Self::Other(value) => value.fmt(f),
                }
            }
        }

        $(
            impl<'a> Typed<'a> for $type {
                const KEY: Key = Key::$variant;

                #[inline]
                fn parse_value(value: &'a str) -> Result<Self, crate::sdp::grammar::Fault<'a>> {
                    crate::sdp::grammar::all(value, <$type>::parse)
                }
            }

            impl<'a> From<$type> for Attribute<'a> {
                fn from(value: $type) -> Self {
                    Self::$variant(value)
                }
            }
        )*
    };
    (@once once) => { true };
    (@once many) => { false };
}

pub(super) use attributes;

/// Writes `name:value`, or the name alone where the value writes nothing.
pub(super) fn named(f: &mut std::fmt::Formatter<'_>, name: &str, value: &impl std::fmt::Display) -> std::fmt::Result {
    let value = value.to_string();
    if value.is_empty() { f.write_str(name) } else { write!(f, "{name}:{value}") }
}
