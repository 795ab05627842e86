//! What time alone brings about: a queue of moments at which something is to be looked at again.
//!
//! An entry is a reminder, not a verdict: who set it looks at the state and decides. So one reminder for each thing is enough, the
//! earliest, and the queue is never longer than the list of things.

use std::collections::{BTreeSet, HashMap};

use crate::moment::Timestamp;

/// What is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Reminder {
    /// The checks of an agent on a pair.
    Checks {
        /// The session.
        session: usize,
        /// The pair.
        pair: usize,
        /// The agent.
        agent: usize,
    },
    /// The lifetime of an allocation.
    Allocation(usize),
    /// The permissions and channels of an allocation.
    Permissions(usize),
}

/// The reminders that are set.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    queue: BTreeSet<(Timestamp, Reminder)>,
    pending: HashMap<Reminder, Timestamp, foldhash::fast::RandomState>,
    /// The time of the first one.
    first: Option<Timestamp>,
}

impl Deadlines {
    /// Sets a reminder; one for the same thing that is due earlier stands.
    pub(super) fn set(&mut self, when: Timestamp, what: Reminder) {
        if let Some(earlier) = self.pending.get(&what).copied() {
            if earlier <= when {
                return;
            }
            self.queue.remove(&(earlier, what));
        }
        self.pending.insert(what, when);
        self.queue.insert((when, what));
        self.first = self.queue.first().map(|(when, _)| *when);
    }

    /// Whether anything is due at `now`. On the path of every packet.
    #[inline]
    pub(super) fn due(&self, now: Timestamp) -> bool {
        self.first.is_some_and(|when| when <= now)
    }

    /// The first reminder that is due at `now`.
    pub(super) fn next(&mut self, now: Timestamp) -> Option<(Timestamp, Reminder)> {
        if !self.due(now) {
            return None;
        }
        let (when, what) = self.queue.pop_first()?;
        self.pending.remove(&what);
        self.first = self.queue.first().map(|(when, _)| *when);
        Some((when, what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_come_in_order_of_time() {
        let mut deadlines = Deadlines::default();
        deadlines.set(Timestamp(5), Reminder::Allocation(1));
        deadlines.set(Timestamp(3), Reminder::Allocation(2));
        assert!(!deadlines.due(Timestamp(2)));
        assert_eq!(deadlines.next(Timestamp(9)), Some((Timestamp(3), Reminder::Allocation(2))));
        assert_eq!(deadlines.next(Timestamp(4)), None);
        assert_eq!(deadlines.next(Timestamp(5)), Some((Timestamp(5), Reminder::Allocation(1))));
    }

    #[test]
    fn one_reminder_for_each_thing_is_kept() {
        let mut deadlines = Deadlines::default();
        for time in [7, 5, 9] {
            deadlines.set(Timestamp(time), Reminder::Allocation(1));
        }
        assert_eq!(deadlines.next(Timestamp(20)), Some((Timestamp(5), Reminder::Allocation(1))));
        assert_eq!(deadlines.next(Timestamp(20)), None);
        deadlines.set(Timestamp(30), Reminder::Allocation(1));
        assert!(!deadlines.due(Timestamp(29)) && deadlines.due(Timestamp(30)));
    }
}
