//! A message field by field, under the names of Wireshark's display filters where it has one.

use super::message::{self, Message};
use crate::wire::cursor::Cursor;
use crate::wire::field::Field;

/// The fields of a message; the leaves stand in wire order and cover every byte of it.
#[must_use]
pub fn describe(bytes: &[u8]) -> Vec<Field> {
    let mut cursor = Cursor::recording(bytes, 0);
    let read = message::read(&mut cursor, bytes, &mut Message::default());
    let fault = read.err().or(cursor.fault());
    let name = if fault.is_some() { "dns.undecoded" } else { "dns.trailing" };
    let label = if fault.is_some() { "undecoded bytes" } else { "trailing bytes" };
    if cursor.left() > 0 {
        cursor.remainder(name, label);
        if let Some(fault) = fault {
            cursor.note(|| fault.to_string());
        }
    }
    cursor.fields()
}
