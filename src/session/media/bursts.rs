//! Runs of lost and of received packets, and the two-state model that they fit.

/// Upper ends of the classes of run lengths: 1, 2, 3, 4, 5–8, 9–16, 17–32, 33–64, and more.
pub const RUN_LENGTHS: [u64; 8] = [1, 2, 3, 4, 8, 16, 32, 64];
/// Classes of run lengths.
pub const RUN_CLASSES: usize = RUN_LENGTHS.len() + 1;

/// Runs of lost packets and of those received between them.
///
/// The Gilbert model (E. N. Gilbert, *Capacity of a burst-noise channel*, 1960) has a good and a bad state; here a packet is lost in the
/// bad state and only there. `p` leads from good to bad, `r` back: both follow from how often the state changed. Loss without memory has
/// `p + r = 1`; the smaller the sum, the burstier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bursts {
    lost: u64,
    received: u64,
    loss_runs: u64,
    longest: u64,
    lengths: [u64; RUN_CLASSES],
    gaps: [u64; RUN_CLASSES],
    current_loss: u64,
    current_gap: u64,
    gap_sum: u64,
    gap_runs: u64,
}

fn class(length: u64) -> usize {
    RUN_LENGTHS.iter().position(|end| length <= *end).unwrap_or(RUN_LENGTHS.len())
}

impl Bursts {
    #[inline]
    pub(super) fn receive(&mut self) {
        if self.current_loss > 0 {
            self.end_loss();
        }
        self.received += 1;
        self.current_gap += 1;
    }

    pub(super) fn lose(&mut self, packets: u64) {
        if packets == 0 {
            return;
        }
        if self.current_loss == 0 {
            self.loss_runs += 1;
            self.end_gap();
        }
        self.current_loss += packets;
        self.lost += packets;
        self.longest = self.longest.max(self.current_loss);
    }

    fn end_loss(&mut self) {
        if let Some(count) = self.lengths.get_mut(class(self.current_loss)) {
            *count += 1;
        }
        self.current_loss = 0;
    }

    /// The packets before the first loss are no gap between two, but its length counts as one for lack of another.
    fn end_gap(&mut self) {
        if self.current_gap > 0 {
            if let Some(count) = self.gaps.get_mut(class(self.current_gap)) {
                *count += 1;
            }
            self.gap_sum += self.current_gap;
            self.gap_runs += 1;
            self.current_gap = 0;
        }
    }

    /// The stream, or its count, ends.
    pub(super) fn end(&mut self) {
        if self.current_loss > 0 {
            self.end_loss();
        }
        self.current_gap = 0;
    }

    /// Runs of lost packets.
    #[must_use]
    pub const fn runs(&self) -> u64 {
        self.loss_runs
    }

    /// The longest run of lost packets.
    #[must_use]
    pub const fn longest(&self) -> u64 {
        self.longest
    }

    /// Packets lost, as far as that is settled.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    /// Runs of lost packets by length, in the classes of [`RUN_LENGTHS`] and one above.
    #[must_use]
    pub const fn lengths(&self) -> &[u64; RUN_CLASSES] {
        &self.lengths
    }

    /// Runs of received packets before a loss by length, in the same classes.
    #[must_use]
    pub const fn gaps(&self) -> &[u64; RUN_CLASSES] {
        &self.gaps
    }

    /// The mean number of packets lost in a row; `None` without loss.
    #[must_use]
    pub fn mean_length(&self) -> Option<f64> {
        (self.loss_runs > 0).then(|| self.lost as f64 / self.loss_runs as f64)
    }

    /// The mean number of packets received between two losses; `None` without loss.
    #[must_use]
    pub fn mean_gap(&self) -> Option<f64> {
        (self.gap_runs > 0).then(|| self.gap_sum as f64 / self.gap_runs as f64)
    }

    /// `p` of the Gilbert model: how likely a packet is lost after one that was received.
    #[must_use]
    pub fn p(&self) -> Option<f64> {
        (self.received > 0).then(|| self.loss_runs as f64 / self.received as f64)
    }

    /// `r` of the Gilbert model: how likely a packet is received after one that was lost; `None` without loss.
    #[must_use]
    pub fn r(&self) -> Option<f64> {
        (self.lost > 0).then(|| self.loss_runs as f64 / self.lost as f64)
    }

    /// How much longer runs are than they would be if losses came by chance (`BurstR` of ITU-T G.107): 1 for chance, more for bursts.
    #[must_use]
    pub fn burst_ratio(&self) -> Option<f64> {
        let share = self.lost as f64 / (self.lost + self.received).max(1) as f64;
        self.mean_length().map(|length| (length * (1.0 - share)).max(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(story: &str) -> Bursts {
        let mut bursts = Bursts::default();
        for letter in story.chars() {
            if letter == '.' { bursts.lose(1) } else { bursts.receive() }
        }
        bursts.end();
        bursts
    }

    #[test]
    fn runs_and_gaps_are_told_by_length() {
        let bursts = of("xx.xxxx...x.xxx");
        assert_eq!((bursts.runs(), bursts.longest(), bursts.lost()), (3, 3, 5));
        assert_eq!(bursts.lengths()[..3], [2, 0, 1]);
        assert_eq!((bursts.gaps()[0], bursts.gaps()[1], bursts.gaps()[3]), (1, 1, 1));
    }

    #[test]
    fn gilbert_parameters_follow_from_the_changes() {
        let bursts = of("xxxx....xxxx....");
        assert_eq!((bursts.p(), bursts.r()), (Some(0.25), Some(0.25)));
        assert_eq!(of("xxxx").r(), None);
    }

    #[test]
    fn single_losses_have_a_burst_ratio_of_one() {
        assert_eq!(of(&"xxxxxxxxx.".repeat(10)).burst_ratio(), Some(1.0));
        assert!(of(&"xxxxxxxxxxxxxxxx....".repeat(10)).burst_ratio().is_some_and(|ratio| ratio > 3.0));
    }
}
