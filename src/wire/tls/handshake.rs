//! Handshake messages in the clear (RFC 8446, section 4).

use super::hello::{ClientHello, ServerHello};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::registry::{display, registry};

/// Bytes of a handshake message before its body.
pub const HANDSHAKE_HEADER_LENGTH: usize = 4;

/// What a handshake message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HandshakeType(pub u8);

registry! { HandshakeType:
    0 HELLO_REQUEST "hello_request", "RFC 5246";
    1 CLIENT_HELLO "client_hello", "RFC 8446";
    2 SERVER_HELLO "server_hello", "RFC 8446";
    4 NEW_SESSION_TICKET "new_session_ticket", "RFC 8446";
    5 END_OF_EARLY_DATA "end_of_early_data", "RFC 8446";
    8 ENCRYPTED_EXTENSIONS "encrypted_extensions", "RFC 8446";
    11 CERTIFICATE "certificate", "RFC 8446";
    12 SERVER_KEY_EXCHANGE "server_key_exchange", "RFC 5246";
    13 CERTIFICATE_REQUEST "certificate_request", "RFC 8446";
    14 SERVER_HELLO_DONE "server_hello_done", "RFC 5246";
    15 CERTIFICATE_VERIFY "certificate_verify", "RFC 8446";
    16 CLIENT_KEY_EXCHANGE "client_key_exchange", "RFC 5246";
    20 FINISHED "finished", "RFC 8446";
    21 CERTIFICATE_URL "certificate_url", "RFC 6066";
    22 CERTIFICATE_STATUS "certificate_status", "RFC 6066";
    24 KEY_UPDATE "key_update", "RFC 8446";
    25 COMPRESSED_CERTIFICATE "compressed_certificate", "RFC 8879";
    254 MESSAGE_HASH "message_hash", "RFC 8446";
}

display!(HandshakeType, "{}");

/// The body of a handshake message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body<'a> {
    /// What the client offers.
    ClientHello(ClientHello<'a>),
    /// What the server chose.
    ServerHello(ServerHello<'a>),
    /// Another message, as far as it is there.
    Other(&'a [u8]),
}

/// A handshake message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake<'a> {
    /// What it is.
    pub kind: HandshakeType,
    /// Bytes of its body as its header states them; 24 bits.
    pub length: u32,
    /// Its body, as far as it could be read.
    pub body: Body<'a>,
    /// Why reading stopped inside the body.
    pub fault: Option<Error>,
}

impl<'a> Handshake<'a> {
    /// Reads the message at the start of `bytes`, which are the fragments of its records put together.
    ///
    /// # Errors
    ///
    /// Where the bytes end inside its header.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        read(&mut Cursor::silent(bytes, 0))
    }

    /// Bytes of the whole message that begins at the first of `bytes`; nothing where they are too few to tell.
    #[must_use]
    pub fn stream_length(bytes: &[u8]) -> Option<usize> {
        let (_, length) = header(&mut Cursor::silent(bytes, 0)).ok()?;
        Some(HANDSHAKE_HEADER_LENGTH.saturating_add(usize::try_from(length).ok()?))
    }
}

fn header<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<(HandshakeType, u32), Error> {
    let kind = HandshakeType(cursor.number(8, "tls.handshake.type", "handshake type")?);
    cursor.may_mean(kind.name());
    Ok((kind, cursor.number(24, "tls.handshake.length", "length")?))
}

pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Handshake<'a>, Error> {
    let (kind, length) = header(cursor)?;
    let width = usize::try_from(length).unwrap_or(usize::MAX);
    let body = match kind {
        HandshakeType::CLIENT_HELLO => {
            let mut hello = ClientHello::default();
            cursor.within(width, "tls.handshake.undecoded", |inner| super::hello::client(inner, &mut hello));
            Body::ClientHello(hello)
        }
        HandshakeType::SERVER_HELLO => {
            let mut hello = ServerHello::default();
            cursor.within(width, "tls.handshake.undecoded", |inner| super::hello::server(inner, &mut hello));
            Body::ServerHello(hello)
        }
        _ => Body::Other(cursor.opaque(width.min(cursor.left()), "tls.handshake.body", "body")?),
    };
    Ok(Handshake { kind, length, body, fault: cursor.fault() })
}
