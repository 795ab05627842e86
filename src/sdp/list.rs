//! Lists that stay in the text: cut when they are walked.

use std::fmt;

/// Words between spaces.
///
/// Kept as they are written and cut when they are walked, because a document makes no copies.
///
/// ```
/// # use rtcscope::sdp::Words;
/// assert_eq!(Words("BUNDLE  0 1").iter().collect::<Vec<_>>(), ["BUNDLE", "0", "1"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Words<'a>(pub &'a str);

impl<'a> Words<'a> {
    /// The words in order.
    ///
    /// ```
    /// # use rtcscope::sdp::Words;
    /// assert_eq!(Words("96 97").iter().next_back(), Some("97"));
    /// ```
    pub fn iter(self) -> impl DoubleEndedIterator<Item = &'a str> {
        self.0.split(' ').filter(|word| !word.is_empty())
    }
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Parameters `name=value` between semicolons, as `fmtp` and `rid` carry them.
///
/// ```
/// # use rtcscope::sdp::Parameters;
/// let parameters = Parameters("minptime=10;useinbandfec=1");
/// assert_eq!((parameters.number("minptime"), parameters.switch("useinbandfec")), (Some(10), Some(true)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Parameters<'a>(pub &'a str);

impl<'a> Parameters<'a> {
    /// Name and value in order; a parameter without `=` has an empty name where `unnamed` values are usual
    /// (RED, telephone-event), so it comes as `("", value)`.
    ///
    /// ```
    /// # use rtcscope::sdp::Parameters;
    /// assert_eq!(Parameters("apt=96; 0-15").iter().collect::<Vec<_>>(), [("apt", "96"), ("", "0-15")]);
    /// ```
    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.split(';').filter_map(|part| {
            let part = part.trim();
            let (name, value) = part.split_once('=').unwrap_or(("", part));
            (!part.is_empty()).then_some((name.trim(), value.trim()))
        })
    }

    /// The value of the first parameter of this name, in any case (RFC 8866, section 6.15, leaves the case to
    /// the format; those in use ignore it).
    ///
    /// ```
    /// # use rtcscope::sdp::Parameters;
    /// assert_eq!(Parameters("profile-level-id=42e01f").value("Profile-Level-Id"), Some("42e01f"));
    /// ```
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'a str> {
        self.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The value as a number.
    ///
    /// ```
    /// # use rtcscope::sdp::Parameters;
    /// assert_eq!(Parameters("apt=96").number::<u8>("apt"), Some(96));
    /// assert_eq!(Parameters("apt=x").number::<u8>("apt"), None);
    /// ```
    #[must_use]
    pub fn number<T: std::str::FromStr>(self, name: &str) -> Option<T> {
        self.value(name)?.parse().ok()
    }

    /// The value as a switch: `1` is on, `0` is off.
    ///
    /// ```
    /// # use rtcscope::sdp::Parameters;
    /// let parameters = Parameters("stereo=1;usedtx=0;cbr=maybe");
    /// assert_eq!(["stereo", "usedtx", "cbr"].map(|name| parameters.switch(name)), [Some(true), Some(false), None]);
    /// ```
    #[must_use]
    pub fn switch(self, name: &str) -> Option<bool> {
        match self.value(name)? {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        }
    }
}

impl fmt::Display for Parameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Words<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Parameters<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|(name, value)| [name, value]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_forgive_spaces_and_case() {
        let parameters = Parameters("minptime=10; UseInbandFec=1;;0-15");
        assert_eq!(parameters.switch("useinbandfec"), Some(true));
        assert_eq!(parameters.number::<u32>("minptime"), Some(10));
        assert_eq!(parameters.iter().last(), Some(("", "0-15")));
    }
}
