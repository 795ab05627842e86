//! The macro that turns the rows of the table into the enum, its keys and their lookups.

use crate::sdp::grammar::Fault;

use super::Key;

/// A type that one attribute's value is read into.
pub trait Typed<'a>: Sized {
    /// The attribute.
    const KEY: Key;

    /// Reads the whole of what follows the colon.
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
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Key {
            $(#[doc = concat!("`a=", $name, "`")] $variant,)*
            /// An attribute that is not in the table.
            Other,
        }

        impl Key {
            /// All that are known, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The key of this name; names are case-sensitive.
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
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other => "",
                }
            }

            /// Where it may stand.
            #[must_use]
            pub const fn level(self) -> Level {
                match self {
                    $(Self::$variant => $level,)*
                    Self::Other => Level::Both,
                }
            }

            /// The block it belongs to; unknown ones count as streams.
            #[must_use]
            pub const fn block(self) -> Block {
                match self {
                    $(Self::$variant => $block,)*
                    Self::Other => Block::Streams,
                }
            }

            /// Whether a level may hold it only once.
            #[must_use]
            pub const fn is_single(self) -> bool {
                match self {
                    $(Self::$variant => table::attributes!(@once $often),)*
                    Self::Other => false,
                }
            }
        }

        /// An attribute, typed. Its `Display` is what stands behind `a=`.
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
