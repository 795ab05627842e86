//! The messages of a connection: its first and its last ones.

use std::collections::VecDeque;

use crate::moment::Moment;

/// Messages kept of one connection at each end of the list: a dialogue of signalling is whole, a download is abbreviated.
const KEPT: usize = 32;

/// Records of application data that follow one another in one direction without a pause: what most likely was written at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncryptedMessage {
    /// When its first record began.
    pub moment: Moment,
    /// Which end sent it: the place in [`EncryptedConnection::ends`](super::EncryptedConnection::ends).
    pub end: usize,
    /// Bytes of its records without their headers. Encryption adds some to each: what was written is shorter.
    pub bytes: u64,
    /// How many records it takes.
    pub records: u64,
}

/// The first and the last messages, and how many there were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Messages {
    first: Vec<EncryptedMessage>,
    last: VecDeque<EncryptedMessage>,
    total: u64,
}

impl Messages {
    pub(super) fn push(&mut self, message: EncryptedMessage) {
        if self.first.len() < KEPT {
            self.first.push(message);
        } else {
            if self.last.len() >= KEPT {
                self.last.pop_front();
            }
            self.last.push_back(message);
        }
        self.total += 1;
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut EncryptedMessage> {
        match self.last.back_mut() {
            Some(last) => Some(last),
            None => self.first.last_mut(),
        }
    }

    /// The messages kept, in order.
    pub fn iter(&self) -> impl Iterator<Item = &EncryptedMessage> {
        self.first.iter().chain(&self.last)
    }

    /// How many there were in all.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// How many are left out in the middle.
    #[must_use]
    pub fn omitted(&self) -> u64 {
        self.total - (self.first.len() + self.last.len()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_kept_and_the_middle_is_counted() {
        let mut messages = Messages::default();
        for number in 0..100 {
            messages.push(EncryptedMessage { moment: Moment::new(number, 0), end: 0, bytes: 1, records: 1 });
        }
        let frames: Vec<u64> = messages.iter().map(|message| message.moment.frame.0).collect();
        assert_eq!(frames, (0..32).chain(68..100).collect::<Vec<_>>());
        assert_eq!((messages.total(), messages.omitted()), (100, 36));
        assert_eq!(messages.last_mut().unwrap().moment.frame.0, 99);
    }
}
