//! `a=crypto`: SRTP keys in the clear (RFC 4568); WebRTC forbids it (RFC 8827, section 6.5).

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, fault, next_word, spaces, whole_number};
use crate::sdp::list::Words;

/// A key that is offered.
///
/// ```
/// # use rtcscope::sdp::{Crypto, Typed};
/// let key = Crypto::parse_value("1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20");
/// assert_eq!(key.map(|key| (key.tag, key.suite)), Ok((1, "AES_CM_128_HMAC_SHA1_80")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Crypto<'a> {
    /// Its number, which the answer repeats.
    pub tag: u32,
    /// The cipher and authentication (`AES_CM_128_HMAC_SHA1_80`).
    pub suite: &'a str,
    /// `inline:` and the key, lifetime and MKI; several between `;`. A secret.
    pub key_parameters: &'a str,
    /// `UNENCRYPTED_SRTP`, `WSH=64` and the like.
    pub session_parameters: Words<'a>,
}

impl<'a> Crypto<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, tag) = whole_number("crypto tag", 0..=999_999_999)(input)?;
        let (rest, suite) = next_word("crypto suite")(rest)?;
        let at = spaces(rest);
        let (rest, key_parameters) = next_word("key parameter")(rest)?;
        if !key_parameters.contains(':') {
            return fault(at, Expected::Text { text: "inline:" });
        }
        Ok(("", Self { tag, suite, key_parameters, session_parameters: Words(rest.trim_matches(' ')) }))
    }
}

impl fmt::Display for Crypto<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.tag, self.suite, self.key_parameters)?;
        if self.session_parameters.0.is_empty() { Ok(()) } else { write!(f, " {}", self.session_parameters) }
    }
}
