//! A chain of records field by field, under the names of Wireshark's display filters where it has one.

use super::handshake::{self, Handshake, HandshakeType};
use super::record::{self, ContentType};
use super::{Alert, alert};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Recorder};
use crate::wire::field::Field;

/// The fields of records that follow one another, the first one beginning at the first of `bytes`; the leaves stand in wire order and
/// cover every byte.
///
/// Behind a change of ciphers, and where a fragment does not begin with a known handshake message, it is left as bytes.
#[must_use]
pub fn describe(bytes: &[u8]) -> Vec<Field> {
    let mut cursor = Cursor::recording(bytes, 0);
    let mut ciphered = false;
    while cursor.left() > 0 {
        if cursor.group("tls.record", "record", |cursor| record(cursor, &mut ciphered)).is_err() {
            break;
        }
    }
    cursor.remainder("tls.undecoded", "undecoded bytes");
    cursor.fields()
}

fn record(cursor: &mut Cursor<'_, Recorder>, ciphered: &mut bool) -> Result<(), Error> {
    let header = record::header(cursor)?;
    let width = usize::from(header.length);
    if width > record::FRAGMENT_LENGTH {
        cursor.note(|| format!("more than {} bytes", record::FRAGMENT_LENGTH));
    }
    let left = cursor.left();
    if width > left {
        cursor.note(|| format!("the record ends after {left} of {width} bytes"));
    }
    cursor.within(width, "tls.undecoded", |cursor| {
        match header.kind {
            ContentType::CHANGE_CIPHER_SPEC => {
                *ciphered = true;
                cursor.remainder("tls.change_cipher_spec", "change cipher spec");
            }
            ContentType::ALERT if width == Alert::LENGTH && !*ciphered => {
                alert::read(cursor)?;
            }
            ContentType::HANDSHAKE if !*ciphered && starts_message(cursor.rest()) => {
                while cursor.left() > 0 {
                    cursor.group("tls.handshake", "handshake", |cursor| handshake::read(cursor).map(drop))?;
                }
            }
            ContentType::HANDSHAKE => {
                cursor.remainder("tls.handshake.fragment", "encrypted or continued handshake message");
            }
            ContentType::ALERT => {
                cursor.remainder("tls.alert_message", "encrypted alert");
            }
            ContentType::APPLICATION_DATA => {
                cursor.remainder("tls.app_data", "encrypted application data");
            }
            _ => {
                cursor.remainder("tls.record.fragment", "fragment");
            }
        }
        Ok(())
    });
    Ok(())
}

/// Whether a fragment begins with a handshake message and not in the middle of one.
fn starts_message(fragment: &[u8]) -> bool {
    let kind = fragment.first().is_some_and(|kind| HandshakeType(*kind).name().is_some());
    // 2^17 bytes hold any chain of certificates that is in use.
    kind && Handshake::stream_length(fragment).is_some_and(|length| length < 1 << 17)
}
