//! The header extension and its elements (RFC 3550 section 5.3.1, RFC 8285 section 4, RFC 9335).

use crate::wire::{Error, Reason};

/// The profile of one-byte elements.
pub const ONE_BYTE: u16 = 0xBEDE;
/// The profile of two-byte elements; its last four bits are the application's.
pub const TWO_BYTE: u16 = 0x1000;

/// A header extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderExtension<'a> {
    /// The sixteen bits that say what it holds.
    pub profile: u16,
    /// Its data, as far as it is there.
    pub data: &'a [u8],
    /// Where the data begins, from the start of the packet.
    pub offset: usize,
}

/// What a profile says of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Elements of one to sixteen bytes with ids from 1 to 14.
    OneByte,
    /// Elements of up to 255 bytes with ids from 1 to 255.
    TwoByte {
        /// Four bits for the application.
        application: u8,
    },
    /// Elements that are encrypted together with the CSRCs (RFC 9335): 0xC0DE for one-byte, 0xC2DE for two-byte ones.
    Encrypted,
    /// Something that its profile defines.
    Profile,
}

/// One element of a header extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// The number that the session description gives a meaning.
    pub id: u8,
    /// What it holds.
    pub value: &'a [u8],
    /// Where its own header begins, from the start of the packet.
    pub offset: usize,
    /// Bytes of that header, 1 or 2.
    pub header_length: usize,
}

/// The elements of a header extension, in wire order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Elements<'a> {
    rest: &'a [u8],
    offset: usize,
    two_byte: bool,
    fault: Option<Error>,
}

impl<'a> HeaderExtension<'a> {
    /// What the profile says of the data.
    #[must_use]
    pub fn form(&self) -> Form {
        match self.profile {
            ONE_BYTE => Form::OneByte,
            profile if profile & 0xFFF0 == TWO_BYTE => Form::TwoByte { application: (profile & 0x0F) as u8 },
            0xC0DE | 0xC2DE => Form::Encrypted,
            _ => Form::Profile,
        }
    }

    /// Its elements; none where it is of another form.
    #[must_use]
    pub fn elements(&self) -> Elements<'a> {
        let elements = Elements { rest: self.data, offset: self.offset, ..Elements::default() };
        match self.form() {
            Form::OneByte => elements,
            Form::TwoByte { .. } => Elements { two_byte: true, ..elements },
            Form::Encrypted | Form::Profile => Elements::default(),
        }
    }

    /// Whether the elements could be read to the end.
    ///
    /// # Errors
    ///
    /// The fault of the element that could not.
    pub fn check(&self) -> Result<(), Error> {
        let mut elements = self.elements();
        elements.by_ref().for_each(drop);
        elements.fault.map_or(Ok(()), Err)
    }
}

impl<'a> Elements<'a> {
    /// Why the element behind the last one could not be read.
    #[must_use]
    pub fn fault(&self) -> Option<Error> {
        self.fault
    }

    /// The bytes that are not read yet: padding before the next element, or what is ignored behind a last one.
    pub(super) fn unread(&self) -> (&'a [u8], usize) {
        (self.rest, self.offset)
    }

    fn skip_padding(&mut self) {
        let padding = self.rest.iter().take_while(|byte| **byte == 0).count();
        self.rest = self.rest.get(padding..).unwrap_or_default();
        self.offset = self.offset.saturating_add(padding);
    }

    /// Id, length, bytes of the element's own header, and what stands behind that.
    fn split(&mut self) -> Option<(u8, usize, usize, &'a [u8])> {
        match (self.two_byte, self.rest) {
            // Both ids end the extension, and their length is not believed (RFC 8285 section 4.2).
            (false, [first, ..]) if matches!(first >> 4, 0 | 15) => None,
            (false, [first, rest @ ..]) => Some((first >> 4, usize::from(first & 0x0F).saturating_add(1), 1, rest)),
            (true, [id, length, rest @ ..]) => Some((*id, usize::from(*length), 2, rest)),
            (true, [_]) => {
                let reason = Reason::TooShort { needed: 2, found: 1 };
                self.fault = Some(Error { offset: self.offset, field: "element header", reason });
                None
            }
            (_, []) => None,
        }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.fault.is_some() {
            return None;
        }
        self.skip_padding();
        let (id, length, header_length, rest) = self.split()?;
        let Some((value, behind)) = rest.split_at_checked(length) else {
            let reason = Reason::TooShort { needed: length, found: rest.len() };
            let offset = self.offset.saturating_add(header_length);
            self.fault = Some(Error { offset, field: "element data", reason });
            return None;
        };
        let element = Element { id, value, offset: self.offset, header_length };
        self.offset = self.offset.saturating_add(header_length).saturating_add(length);
        self.rest = behind;
        Some(element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(profile: u16, data: &[u8]) -> Vec<(u8, &[u8])> {
        HeaderExtension { profile, data, offset: 16 }.elements().map(|element| (element.id, element.value)).collect()
    }

    #[test]
    fn padding_stands_before_between_and_behind() {
        assert_eq!(read(ONE_BYTE, &[0, 0x10, 7, 0, 0, 0x21, 8, 9, 0]), [(1, &[7][..]), (2, &[8, 9])]);
        assert_eq!(read(0x1003, &[0, 1, 0, 0, 2, 1, 9]), [(1, &[][..]), (2, &[9])]);
    }

    #[test]
    fn ids_0_and_15_end_the_one_byte_form() {
        assert_eq!(read(ONE_BYTE, &[0x10, 7, 0xF1, 1, 2, 0x20, 8]), [(1, &[7][..])]);
        assert_eq!(read(ONE_BYTE, &[0x10, 7, 0x01, 1, 2, 0x20, 8]), [(1, &[7][..])]);
        assert!(HeaderExtension { profile: ONE_BYTE, data: &[0x03, 1], offset: 0 }.check().is_ok());
    }

    #[test]
    fn error_points_at_the_element() {
        let extension = HeaderExtension { profile: ONE_BYTE, data: &[0x10, 7, 0x22, 1], offset: 16 };
        assert_eq!(extension.check().unwrap_err().to_string(), "element data at byte 19: needs 3 bytes, 1 are left");
        assert_eq!(extension.elements().count(), 1);
    }

    #[test]
    fn an_encrypted_extension_has_no_elements() {
        let extension = HeaderExtension { profile: 0xC0DE, data: &[0x10, 7], offset: 16 };
        assert_eq!((extension.form(), extension.elements().count()), (Form::Encrypted, 0));
    }

    #[test]
    fn id_15_is_one_like_any_other_in_two_byte_elements() {
        assert_eq!(read(TWO_BYTE, &[15, 1, 7, 16, 0, 255, 1, 9]), [(15, &[7][..]), (16, &[]), (255, &[9])]);
        assert_eq!(read(0x100F, &[15, 1, 7]), [(15, &[7][..])]);
    }

    #[test]
    fn both_encrypted_profiles_are_known_and_no_other() {
        let form = |profile| HeaderExtension { profile, data: &[], offset: 16 }.form();
        assert_eq!((form(0xC2DE), form(0xBEDF), form(0x1010)), (Form::Encrypted, Form::Profile, Form::Profile));
        assert_eq!(form(0x1003), Form::TwoByte { application: 3 });
    }
}
