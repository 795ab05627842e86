//! Names of what a stream belongs to: mid, rtp-stream-id, repaired-rtp-stream-id; and what is encrypted.

use super::value::Value;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::{Error, Reason};

fn name<'a, R: Record>(
    cursor: &mut Cursor<'a, R>,
    filter: &'static str,
    label: &'static str,
) -> Result<Value<'a>, Error> {
    let offset = cursor.offset();
    if cursor.left() == 0 {
        return Err(cursor.wrong_length(label, 1, 0));
    }
    let bytes = cursor.text(cursor.left(), filter, label)?;
    // libwebrtc fills a name up with zeros where all packets of a stream shall have one size.
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    let text = bytes.get(..end).unwrap_or(bytes);
    str::from_utf8(text).map(Value::Text).map_err(|fault| Error {
        offset: offset.saturating_add(fault.valid_up_to()),
        field: label,
        reason: Reason::NotUtf8 { valid: fault.valid_up_to() },
    })
}

pub(super) fn mid<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    name(cursor, "rtp.ext.sdes.mid", "mid")
}

pub(super) fn stream_id<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    name(cursor, "rtp.ext.sdes.rtp_stream_id", "RTP stream id")
}

pub(super) fn repaired_stream_id<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    name(cursor, "rtp.ext.sdes.repaired_rtp_stream_id", "repaired RTP stream id")
}

pub(super) fn encrypted<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    Ok(Value::Encrypted(cursor.remainder("rtp.ext.encrypted", "encrypted data")))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn zeros_behind_a_name_are_no_part_of_it() {
        assert_eq!(Kind::Mid.decode(b"0\0\0").unwrap(), Value::Text("0"));
    }

    #[test]
    fn a_name_is_text_and_not_empty() {
        assert_eq!(Kind::Mid.decode(b"a\xFF").unwrap_err().to_string(), "mid at byte 1: not UTF-8 after 1 bytes");
        assert!(Kind::RtpStreamId.decode(b"").is_err());
    }

    #[test]
    fn what_is_encrypted_stays_so() {
        assert_eq!(Kind::Encrypted.decode(&[0xFF, 0]).unwrap(), Value::Encrypted(&[0xFF, 0]));
    }
}
