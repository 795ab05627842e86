//! The two hellos (RFC 8446, section 4.1; RFC 5246, section 7.4.1) and the extensions of them that name what is spoken.

use super::cipher_suite::CipherSuite;
use super::extension::ExtensionType;
use super::version::ProtocolVersion;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// The random of a `ServerHello` that asks for another `ClientHello` (RFC 8446, section 4.1.3).
const HELLO_RETRY_REQUEST: [u8; 32] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2, 0x11,
    0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
];

/// What a client offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientHello<'a> {
    /// The version of its field: 1.2 where later ones are in `supported_versions`.
    pub legacy_version: ProtocolVersion,
    /// The client's random.
    pub random: &'a [u8],
    /// The session that it wants to resume, or a dummy.
    pub session_id: &'a [u8],
    /// Cipher suites in order of preference, those that only keep the field open included.
    pub cipher_suites: Vec<CipherSuite>,
    /// Types of all extensions, in order.
    pub extensions: Vec<ExtensionType>,
    /// The host name that it wants (SNI), ASCII if the sender keeps the rules.
    pub server_name: Option<&'a [u8]>,
    /// Application protocols in order of preference (ALPN).
    pub application_protocols: Vec<&'a [u8]>,
    /// Versions in order of preference (`supported_versions`).
    pub supported_versions: Vec<ProtocolVersion>,
}

impl ClientHello<'_> {
    /// The versions that it offers, without those that only keep the field open: `supported_versions`, or all up to the field
    /// where that is missing, of which only the highest is said.
    pub fn versions(&self) -> impl Iterator<Item = ProtocolVersion> + '_ {
        let legacy = self.supported_versions.is_empty().then_some(self.legacy_version);
        self.supported_versions.iter().copied().chain(legacy).filter(|version| !version.is_grease())
    }

    /// The application protocols that it offers, without those that only keep the field open (RFC 8701, section 3.1).
    pub fn protocols(&self) -> impl Iterator<Item = &[u8]> + '_ {
        self.application_protocols.iter().copied().filter(|name| match name {
            [one, two] => !ProtocolVersion(u16::from_be_bytes([*one, *two])).is_grease(),
            _ => true,
        })
    }
}

/// What a server chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerHello<'a> {
    /// The version of its field.
    pub legacy_version: ProtocolVersion,
    /// The server's random.
    pub random: &'a [u8],
    /// The session.
    pub session_id: &'a [u8],
    /// The cipher suite; nothing where the bytes end before.
    pub cipher_suite: Option<CipherSuite>,
    /// Types of all extensions, in order.
    pub extensions: Vec<ExtensionType>,
    /// The application protocol. TLS 1.3 hides it in the encrypted extensions.
    pub application_protocol: Option<&'a [u8]>,
    /// The version of `supported_versions`, which counts where it is there.
    pub selected_version: Option<ProtocolVersion>,
}

impl ServerHello<'_> {
    /// The version that it chose.
    #[must_use]
    pub fn version(&self) -> ProtocolVersion {
        self.selected_version.unwrap_or(self.legacy_version)
    }

    /// Whether it asks the client for another hello.
    #[must_use]
    pub fn is_retry_request(&self) -> bool {
        self.random == HELLO_RETRY_REQUEST
    }
}

fn version<R: Record>(
    cursor: &mut Cursor<'_, R>,
    name: &'static str,
    label: &'static str,
) -> Result<ProtocolVersion, Error> {
    let version = ProtocolVersion(cursor.code(16, name, label)?);
    note_grease(cursor, version.is_grease());
    cursor.may_mean(version.name());
    Ok(version)
}

fn cipher_suite<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<CipherSuite, Error> {
    let suite = CipherSuite(cursor.code(16, "tls.handshake.ciphersuite", "cipher suite")?);
    note_grease(cursor, suite.is_grease());
    cursor.may_mean(suite.name());
    Ok(suite)
}

fn note_grease<R: Record>(cursor: &mut Cursor<'_, R>, grease: bool) {
    if grease {
        cursor.means(|| "GREASE".to_owned());
    }
}

/// A vector of bytes behind its length of eight bits.
fn short<'a, R: Record>(
    cursor: &mut Cursor<'a, R>,
    [length_name, name]: [&'static str; 2],
    [length_label, label]: [&'static str; 2],
) -> Result<&'a [u8], Error> {
    let width = cursor.number(8, length_name, length_label)?;
    cursor.opaque(width, name, label)
}

fn session_id<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<&'a [u8], Error> {
    short(cursor, ["tls.handshake.session_id_length", "tls.handshake.session_id"], ["session ID length", "session ID"])
}

pub(super) fn client<'a, R: Record>(cursor: &mut Cursor<'a, R>, hello: &mut ClientHello<'a>) -> Result<(), Error> {
    hello.legacy_version = version(cursor, "tls.handshake.version", "legacy version")?;
    hello.random = cursor.opaque(32, "tls.handshake.random", "random")?;
    hello.session_id = session_id(cursor)?;
    let width = cursor.number(16, "tls.handshake.cipher_suites_length", "cipher suites length")?;
    enclosed(cursor, width, "cipher suites", |inner| {
        inner.list(&mut hello.cipher_suites, None, cipher_suite);
        Ok(())
    })?;
    short(
        cursor,
        ["tls.handshake.comp_methods_length", "tls.handshake.comp_method"],
        ["compression methods length", "compression methods"],
    )?;
    extensions(cursor, |cursor, kind| {
        hello.extensions.push(kind);
        match kind {
            ExtensionType::SERVER_NAME => server_names(cursor, &mut hello.server_name),
            ExtensionType::APPLICATION_LAYER_PROTOCOL_NEGOTIATION => {
                protocols(cursor, &mut hello.application_protocols)
            }
            ExtensionType::SUPPORTED_VERSIONS => {
                let width =
                    cursor.number(8, "tls.handshake.extensions.supported_versions_len", "supported versions length")?;
                enclosed(cursor, width, "supported versions", |inner| {
                    inner.list(&mut hello.supported_versions, None, |inner| {
                        version(inner, "tls.handshake.extensions.supported_version", "supported version")
                    });
                    Ok(())
                })
            }
            _ => opaque(cursor),
        }
    })
}

pub(super) fn server<'a, R: Record>(cursor: &mut Cursor<'a, R>, hello: &mut ServerHello<'a>) -> Result<(), Error> {
    hello.legacy_version = version(cursor, "tls.handshake.version", "legacy version")?;
    hello.random = cursor.opaque(32, "tls.handshake.random", "random")?;
    if hello.is_retry_request() {
        cursor.means(|| "hello retry request".to_owned());
    }
    hello.session_id = session_id(cursor)?;
    hello.cipher_suite = Some(cipher_suite(cursor)?);
    cursor.number::<u8>(8, "tls.handshake.comp_method", "compression method")?;
    extensions(cursor, |cursor, kind| {
        hello.extensions.push(kind);
        match kind {
            ExtensionType::APPLICATION_LAYER_PROTOCOL_NEGOTIATION => {
                let mut names = Vec::new();
                let read = protocols(cursor, &mut names);
                hello.application_protocol = names.first().copied();
                read
            }
            ExtensionType::SUPPORTED_VERSIONS => {
                let chosen = version(cursor, "tls.handshake.extensions.supported_version", "selected version")?;
                hello.selected_version = Some(chosen);
                Ok(())
            }
            _ => opaque(cursor),
        }
    })
}

/// Lets `parse` read the next `width` bytes; says so where they are not all there, after reading those that are.
fn enclosed<R: Record>(
    cursor: &mut Cursor<'_, R>,
    width: usize,
    label: &'static str,
    parse: impl FnOnce(&mut Cursor<'_, R>) -> Result<(), Error>,
) -> Result<(), Error> {
    let missing = (width > cursor.left()).then(|| cursor.too_short(label, width));
    cursor.within(width, "tls.handshake.undecoded", parse);
    match missing {
        Some(missing) => Err(missing),
        None => Ok(()),
    }
}

/// All extensions, if there are any: before TLS 1.3 a hello may end without.
fn extensions<'a, R: Record>(
    cursor: &mut Cursor<'a, R>,
    mut extension: impl FnMut(&mut Cursor<'a, R>, ExtensionType) -> Result<(), Error>,
) -> Result<(), Error> {
    if cursor.left() == 0 {
        return Ok(());
    }
    let width = cursor.number::<usize>(16, "tls.handshake.extensions_length", "extensions length")?;
    let missing = (width > cursor.left()).then(|| cursor.too_short("extensions", width));
    cursor.within(width, "tls.handshake.undecoded", |cursor| {
        while cursor.left() > 0 {
            cursor.group("tls.handshake.extension", "extension", |cursor| {
                let kind = ExtensionType(cursor.number(16, "tls.handshake.extension.type", "type")?);
                note_grease(cursor, kind.is_grease());
                cursor.may_mean(kind.name());
                let width = cursor.number::<usize>(16, "tls.handshake.extension.len", "length")?;
                if width > cursor.left() {
                    return Err(cursor.too_short("extension data", width));
                }
                cursor.within(width, "tls.handshake.extension.undecoded", |cursor| extension(cursor, kind));
                Ok(())
            })?;
        }
        Ok(())
    });
    match missing {
        Some(missing) => Err(missing),
        None => Ok(()),
    }
}

fn opaque<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<(), Error> {
    cursor.remainder("tls.handshake.extension.data", "data");
    Ok(())
}

/// The names of RFC 6066, section 3; a server answers with an empty extension.
fn server_names<'a, R: Record>(cursor: &mut Cursor<'a, R>, name: &mut Option<&'a [u8]>) -> Result<(), Error> {
    if cursor.left() == 0 {
        return Ok(());
    }
    cursor.number::<u16>(16, "tls.handshake.extensions_server_name_list_len", "server name list length")?;
    while cursor.left() > 0 {
        let kind = cursor.number::<u8>(8, "tls.handshake.extensions_server_name_type", "name type")?;
        let width = cursor.number(16, "tls.handshake.extensions_server_name_len", "name length")?;
        if kind == 0 {
            let host = cursor.text(width, "tls.handshake.extensions_server_name", "host name")?;
            name.get_or_insert(host);
        } else {
            cursor.opaque(width, "tls.handshake.extensions_server_name_data", "name")?;
        }
    }
    Ok(())
}

fn protocols<'a, R: Record>(cursor: &mut Cursor<'a, R>, names: &mut Vec<&'a [u8]>) -> Result<(), Error> {
    cursor.number::<u16>(16, "tls.handshake.extensions_alpn_len", "protocol name list length")?;
    while cursor.left() > 0 {
        let width = cursor.number(8, "tls.handshake.extensions_alpn_str_len", "protocol name length")?;
        names.push(cursor.text(width, "tls.handshake.extensions_alpn_str", "protocol name")?);
    }
    Ok(())
}
