//! DTLS: certificates, roles and associations (RFC 8122, RFC 4145, RFC 8842).

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, choice, fault, next_word, spaces, token};

/// `a=fingerprint`: the hash of the certificate that will be shown (RFC 8122, section 5).
///
/// ```
/// # use rtcscope::sdp::{Fingerprint, Typed};
/// let fingerprint = Fingerprint::parse_value("md5 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff");
/// assert_eq!(fingerprint.map(|fingerprint| fingerprint.bytes().last()), Ok(Some(0xff)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Fingerprint<'a> {
    /// The hash function as it is written (`sha-256`); names compare without case.
    pub hash_function: &'a str,
    /// The hash as it is written, bytes in hexadecimal joined by colons.
    pub hash: &'a str,
}

/// The length of a hash in bytes; 0 where it is not known.
fn hash_length(function: &str) -> usize {
    let known =
        [("sha-256", 32), ("sha-1", 20), ("sha-224", 28), ("sha-384", 48), ("sha-512", 64), ("md5", 16), ("md2", 16)];
    known.iter().find(|(name, _)| name.eq_ignore_ascii_case(function)).map_or(0, |(_, length)| *length)
}

impl<'a> Fingerprint<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, hash_function) = token("hash function")(input)?;
        let (after, hash) = next_word("fingerprint")(rest)?;
        let bytes = hash_length(hash_function);
        let hexadecimal = hash.as_bytes().chunks(3).all(|chunk| match chunk {
            [high, low] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
            [high, low, b':'] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
            _ => false,
        });
        let whole = hash.len() % 3 == 2 && (bytes == 0 || hash.len() == bytes * 3 - 1);
        if hexadecimal && whole {
            Ok((after, Self { hash_function, hash }))
        } else {
            fault(spaces(rest), Expected::Hexadecimal { field: "fingerprint", bytes: bytes as u64 })
        }
    }

    /// The bytes of the hash.
    ///
    /// Two fingerprints compare by these, for the hexadecimal may be in either case; see [`Fingerprint`].
    pub fn bytes(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.hash.split(':').filter_map(|byte| u8::from_str_radix(byte, 16).ok())
    }
}

impl fmt::Display for Fingerprint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.hash_function, self.hash)
    }
}

/// `a=setup`: who opens the connection (RFC 4145, section 4; for DTLS RFC 8842, section 5.1).
///
/// ```
/// # use rtcscope::sdp::{Setup, Typed};
/// assert_eq!(Setup::parse_value("actpass"), Ok(Setup::Actpass));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Setup {
    /// Opens it: the DTLS client.
    Active,
    /// Waits: the DTLS server.
    Passive,
    /// Either; the answer chooses. What an offer says.
    Actpass,
    /// Nobody for now.
    Holdconn,
}

const SETUPS: &[&str] = &["active", "passive", "actpass", "holdconn"];

impl Setup {
    pub(super) fn parse(input: &str) -> Parsed<'_, Self> {
        choice("setup role", SETUPS, &[Self::Active, Self::Passive, Self::Actpass, Self::Holdconn])(input)
    }

    /// The role of this name.
    ///
    /// ```
    /// # use rtcscope::sdp::Setup;
    /// assert_eq!(Setup::from_name("passive"), Some(Setup::Passive));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::parse(name).ok().map(|(_, setup)| setup)
    }

    /// Its name.
    ///
    /// ```
    /// # use rtcscope::sdp::Setup;
    /// assert_eq!(Setup::Holdconn.name(), "holdconn");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::Actpass => "actpass",
            Self::Holdconn => "holdconn",
        }
    }
}

impl fmt::Display for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// `a=connection`: whether an existing connection is used on (RFC 4145, section 5).
///
/// Not named after its attribute, because [`Connection`](crate::sdp::Connection) is the `c=` line.
///
/// ```
/// # use rtcscope::sdp::{ConnectionReuse, Typed};
/// assert_eq!(ConnectionReuse::parse_value("existing"), Ok(ConnectionReuse::Existing));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum ConnectionReuse {
    /// A new one is opened.
    New,
    /// The old one stays.
    Existing,
}

impl ConnectionReuse {
    pub(super) fn parse(input: &str) -> Parsed<'_, Self> {
        choice("connection", &["new", "existing"], &[Self::New, Self::Existing])(input)
    }
}

impl fmt::Display for ConnectionReuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::New => "new",
            Self::Existing => "existing",
        })
    }
}

/// `a=tls-id`: names one DTLS association (RFC 8842, section 4): 20 to 255 characters.
///
/// ```
/// # use rtcscope::sdp::{TlsId, Typed};
/// assert_eq!(TlsId::parse_value("abc3de65cddef001be82"), Ok(TlsId("abc3de65cddef001be82")));
/// assert!(TlsId::parse_value("short").is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct TlsId<'a>(pub &'a str);

impl<'a> TlsId<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, id) = crate::sdp::grammar::word("tls-id")(input)?;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
        if id.bytes().all(allowed) && (20..=255).contains(&id.len()) {
            Ok((rest, Self(id)))
        } else {
            fault(
                input,
                Expected::Characters { field: "tls-id", allowed: "20 to 255 letters, digits, `+`, `/`, `-`, `_`" },
            )
        }
    }
}

impl fmt::Display for TlsId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
