//! A list that grows with time and keeps its first and its last entries.

use std::collections::VecDeque;

/// The first and the last entries of a list, and how many there were in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Abbreviated<T> {
    first: Vec<T>,
    last: VecDeque<T>,
    total: u64,
    keep: usize,
}

impl<T> Abbreviated<T> {
    /// An empty list that keeps `keep` entries at each end.
    #[must_use]
    pub const fn new(keep: usize) -> Self {
        Self { first: Vec::new(), last: VecDeque::new(), total: 0, keep }
    }

    /// Appends an entry and gives its place, counted from 0 over all entries.
    pub fn push(&mut self, entry: T) -> u64 {
        if self.first.len() < self.keep {
            self.first.push(entry);
        } else {
            if self.last.len() >= self.keep {
                self.last.pop_front();
            }
            self.last.push_back(entry);
        }
        self.total += 1;
        self.total - 1
    }

    /// The entry at `place`, if it is still kept.
    pub fn at_mut(&mut self, place: u64) -> Option<&mut T> {
        if let Ok(index) = usize::try_from(place)
            && index < self.first.len()
        {
            return self.first.get_mut(index);
        }
        let start = self.total - self.last.len() as u64;
        usize::try_from(place.checked_sub(start)?).ok().and_then(|index| self.last.get_mut(index))
    }

    /// The entries kept, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.first.iter().chain(self.last.iter())
    }

    /// The last entry.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.last.back().or_else(|| self.first.last())
    }

    /// The last entry.
    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.at_mut(self.total.checked_sub(1)?)
    }

    /// How many entries there were in all.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// How many of them were left out in the middle.
    #[must_use]
    pub fn omitted(&self) -> u64 {
        self.total - (self.first.len() + self.last.len()) as u64
    }

    /// Whether there was none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.total == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_kept_and_the_middle_is_counted() {
        let mut list = Abbreviated::new(2);
        for number in 0..7_u32 {
            assert_eq!(list.push(number), u64::from(number));
        }
        assert_eq!(list.iter().copied().collect::<Vec<_>>(), [0, 1, 5, 6]);
        assert_eq!((list.total(), list.omitted(), list.last()), (7, 3, Some(&6)));
        assert_eq!((list.last_mut().copied(), Abbreviated::<u32>::new(2).last_mut()), (Some(6), None));
    }

    #[test]
    fn an_entry_is_found_by_its_place_while_it_is_kept() {
        let mut list = Abbreviated::new(2);
        for number in 0..7_u32 {
            list.push(number);
        }
        assert_eq!(list.at_mut(1).copied(), Some(1));
        assert_eq!(list.at_mut(3), None);
        assert_eq!(list.at_mut(5).copied(), Some(5));
        assert_eq!(list.at_mut(9), None);
    }
}
