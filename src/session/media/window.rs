//! Which of the last numbers of a stream arrived: one bit each.

/// Numbers that are remembered. At 1000 packets a second, two seconds: a packet that comes later than that is of no use to anybody.
pub(super) const WINDOW: u64 = 2_048;
const WORDS: usize = (WINDOW / 64) as usize;

/// One bit for each of the last [`WINDOW`] numbers.
#[derive(Debug, Clone)]
pub(super) struct Window {
    words: [u64; WORDS],
}

impl Default for Window {
    fn default() -> Self {
        Self { words: [0; WORDS] }
    }
}

const fn place(number: u64) -> (usize, u64) {
    ((number / 64) as usize % WORDS, 1 << (number % 64))
}

impl Window {
    pub(super) fn clear(&mut self) {
        self.words = [0; WORDS];
    }

    #[inline]
    pub(super) fn holds(&self, number: u64) -> bool {
        let (word, bit) = place(number);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    #[inline]
    pub(super) fn set(&mut self, number: u64) {
        let (word, bit) = place(number);
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
        }
    }

    /// How many of the numbers behind `from`, up to and with `to`, are set.
    pub(super) fn count_between(&self, from: u64, to: u64) -> u64 {
        let (mut number, mut count) = (from + 1, 0);
        while number <= to {
            let (word, _) = place(number);
            let width = (64 - number % 64).min(to - number + 1);
            let mask = (u64::MAX >> (64 - width)) << (number % 64);
            count += self.words.get(word).map_or(0, |word| u64::from((word & mask).count_ones()));
            number += width;
        }
        count
    }

    /// Forgets what stood in the places of the numbers behind `from`, up to and with `to`.
    #[inline]
    pub(super) fn clear_between(&mut self, from: u64, to: u64) {
        if to - from >= WINDOW {
            self.clear();
            return;
        }
        for number in from + 1..=to {
            let (word, bit) = place(number);
            if let Some(word) = self.words.get_mut(word) {
                *word &= !bit;
            }
        }
    }
}
