//! One table for the numbers of a registry, their names and constants.

/// Names for the code points of a type: `number CONSTANT "name", "source";` a row.
macro_rules! registry {
    ($kind:ident: $($number:literal $constant:ident $name:literal, $source:literal;)*) => {
        impl $kind {
            $(
                #[doc = concat!("`", $name, "` (", $source, ").")]
                pub const $constant: Self = Self($number);
            )*

            /// Its name in the registry; nothing where it is not known.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($number => Some($name),)*
                    _ => None,
                }
            }
        }
    };
}

/// Prints the name, or the number where there is none: `{number:#06x}`.
macro_rules! display {
    ($kind:ident, $format:literal) => {
        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    Some(name) => f.pad(name),
                    None => write!(f, $format, self.0),
                }
            }
        }
    };
}

pub(super) use {display, registry};
