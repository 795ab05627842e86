//! Connections that speak something else: what is known of them costs one look.

/// Connections that are remembered. They are few bytes each; one that is forgotten is only asked again.
const SLOTS: usize = 8192;
/// Segments that may have been frames of a WebSocket, before that is given up.
const TRIES: u8 = 64;
/// Nothing of it is listened to any more.
const DEAF: u8 = u8::MAX;

/// What is known of connections in which nothing was recognised, by their number. Two that share a slot forget each other.
#[derive(Debug)]
pub(super) struct Deaf {
    slots: Vec<(u64, u8)>,
}

impl Deaf {
    pub(super) fn new() -> Self {
        Self { slots: vec![(0, 0); SLOTS] }
    }

    /// Whether nothing of this connection is listened to.
    pub(super) fn is_deaf(&self, number: u64) -> bool {
        self.slots.get(slot(number)).is_some_and(|known| *known == (number, DEAF))
    }

    /// Listens to nothing of this connection from here on.
    pub(super) fn refuse(&mut self, number: u64) {
        self.set(number, DEAF);
    }

    /// Whether a segment of this connection may be tried once more for frames of a WebSocket.
    pub(super) fn may_try(&mut self, number: u64) -> bool {
        let known = self.slots.get(slot(number)).filter(|known| known.0 == number);
        let tries = known.map_or(0, |known| known.1);
        let may = tries < TRIES;
        if may {
            self.set(number, tries + 1);
        }
        may
    }

    fn set(&mut self, number: u64, state: u8) {
        if let Some(place) = self.slots.get_mut(slot(number)) {
            *place = (number, state);
        }
    }
}

fn slot(number: u64) -> usize {
    usize::try_from(number % SLOTS as u64).unwrap_or_default()
}

/// Whether a segment shows that its connection is encrypted: a TLS record (RFC 8446, section 5.1), or SSH. HTTP/2 without
/// encryption is told by its preface (RFC 9113, section 3.4), and is not read here.
pub(super) fn shows_other(bytes: &[u8]) -> bool {
    matches!(bytes, [0x14..=0x17, 3, 0..=4, ..])
        || bytes.starts_with(b"SSH-2.0")
        || bytes.starts_with(b"PRI * HTTP/2.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deaf_are_known_and_the_others_are_tried_some_times() {
        let mut deaf = Deaf::new();
        deaf.refuse(0);
        deaf.refuse(7);
        assert!(deaf.is_deaf(7) && deaf.is_deaf(0) && !deaf.is_deaf(8) && !deaf.is_deaf(7 + SLOTS as u64));
        let tries = (0..1000).filter(|_| deaf.may_try(9)).count();
        assert_eq!((tries, deaf.is_deaf(9)), (usize::from(TRIES), false));
        deaf.refuse(7 + SLOTS as u64);
        assert!(!deaf.is_deaf(7));
    }

    #[test]
    fn memory_does_not_grow_with_connections() {
        let mut deaf = Deaf::new();
        (0..1_000_000).for_each(|number| deaf.refuse(number));
        assert_eq!((deaf.slots.len(), deaf.slots.capacity()), (SLOTS, SLOTS));
    }
}
