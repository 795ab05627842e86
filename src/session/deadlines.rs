//! What time alone brings about: a queue of moments at which something is to be looked at again.
//!
//! An entry is a reminder, not a verdict: who set it looks at the state and decides. So nothing is ever taken out of the queue, and one
//! reminder for each thing is enough.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::moment::Timestamp;

/// What is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    queue: BinaryHeap<Reverse<(Timestamp, Reminder)>>,
}

impl Deadlines {
    /// Sets a reminder.
    pub(super) fn set(&mut self, when: Timestamp, what: Reminder) {
        self.queue.push(Reverse((when, what)));
    }

    /// Whether anything is due at `now`. On the path of every packet.
    #[inline]
    pub(super) fn due(&self, now: Timestamp) -> bool {
        self.queue.peek().is_some_and(|Reverse((when, _))| *when <= now)
    }

    /// The first reminder that is due at `now`.
    pub(super) fn next(&mut self, now: Timestamp) -> Option<(Timestamp, Reminder)> {
        if self.due(now) { self.queue.pop().map(|Reverse(entry)| entry) } else { None }
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
}
