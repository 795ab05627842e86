//! What it means where an endpoint and the capture count differently.

use super::counted::{Bounds, counted};
use super::object::{Counters, Object};
use crate::moment::Timestamp;
use crate::session::media::{Bin, Stream};

/// A packet that the capture saw and the endpoint is yet to count, or the other way round, is on its way no longer than this: in
/// nanoseconds.
const ON_ITS_WAY: i64 = 200_000_000;

/// What the capture had counted when the endpoint gave its last value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// Packets, and with a sender that counts its retransmissions those too.
    pub packets: Bounds,
    /// Numbers missing between them.
    pub lost: Bounds,
    /// How much longer the capture saw the stream, in seconds; negative where the endpoint counted on.
    pub seconds_after: f64,
}

/// What a difference means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// There is none that is larger than what is known of the capture's count by then.
    Agrees,
    /// The sender has sent what the capture is missing: lost between the two.
    LostBeforeCapture,
    /// The receiver is missing what the capture saw: lost behind it.
    LostBehindCapture,
    /// The receiver got what the capture is missing: the capture lost it itself, or it went another way.
    MissedByCapture,
    /// The sender has sent more than the numbers that the capture saw go by: before it began, at its edges, or another way.
    NotInCapture,
    /// The sender has counted fewer than the capture saw.
    FewerThanCaptured,
}

impl Meaning {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::LostBeforeCapture => "lost-before-capture",
            Self::LostBehindCapture => "lost-behind-capture",
            Self::MissedByCapture => "missed-by-capture",
            Self::NotInCapture => "not-in-capture",
            Self::FewerThanCaptured => "fewer-than-captured",
        }
    }
}

fn packets(bin: &Bin) -> u64 {
    bin.packets.into()
}

fn missing(bin: &Bin) -> u64 {
    bin.missing.into()
}

/// What the capture had counted of `streams`, the stream and what repairs it, at the object's last value on a clock that is off by
/// `uncertainty` nanoseconds.
pub(super) fn beside(object: &Object, streams: &[&Stream], uncertainty: i64) -> Beside {
    let slack = uncertainty.saturating_add(ON_ITS_WAY);
    let sum = |of: fn(&Bin) -> u64| {
        let each = streams.iter().map(|stream| counted(&stream.pace, object.end, slack, of));
        each.fold(Bounds::default(), Bounds::plus)
    };
    // What was missing when a later number came may have come late.
    let late = streams.iter().map(|stream| stream.reordered).fold(0, u64::saturating_add);
    let lost = sum(missing);
    let lost = Bounds { least: lost.least.saturating_sub(late), ..lost };
    let last = streams.first().map_or(object.end, |stream| stream.last.time);
    Beside { packets: sum(packets), lost, seconds_after: seconds(object.end, last) }
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.seconds_from(from)
}

/// What the counters of a sender, or of a receiver, mean beside what the capture counted; how many packets the difference is, and by
/// how many that may be off.
pub(super) fn verdict(outbound: bool, counters: &Counters, beside: &Beside) -> Option<(Meaning, Bounds)> {
    let lost = beside.lost;
    if outbound {
        let sent = counters.packets;
        let numbers = beside.packets.plus(lost);
        return Some(if sent > numbers.most {
            (Meaning::NotInCapture, apart(sent, numbers))
        } else if sent < numbers.least {
            let apart = |number: u64| number.saturating_sub(sent);
            let by = Bounds { least: apart(numbers.least), about: apart(numbers.about), most: apart(numbers.most) };
            (Meaning::FewerThanCaptured, by)
        } else if lost.least > 0 {
            (Meaning::LostBeforeCapture, lost)
        } else {
            (Meaning::Agrees, Bounds::default())
        });
    }
    let missing = u64::try_from(counters.packets_lost?.max(0)).ok()?;
    Some(if missing > lost.most {
        (Meaning::LostBehindCapture, apart(missing, lost))
    } else if missing < lost.least {
        let apart = |number: u64| number.saturating_sub(missing);
        let by = Bounds { least: apart(lost.least), about: apart(lost.about), most: apart(lost.most) };
        (Meaning::MissedByCapture, by)
    } else {
        (Meaning::Agrees, Bounds::default())
    })
}

/// How much more `number` is.
fn apart(number: u64, than: Bounds) -> Bounds {
    Bounds {
        least: number.saturating_sub(than.most),
        about: number.saturating_sub(than.about),
        most: number.saturating_sub(than.least),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(least: u64, about: u64, most: u64) -> Bounds {
        Bounds { least, about, most }
    }

    fn meant(
        outbound: bool,
        packets: u64,
        packets_lost: Option<i64>,
        saw: Bounds,
        lost: Bounds,
    ) -> Option<(Meaning, u64)> {
        let counters = Counters { packets, packets_lost, ..Counters::default() };
        let beside = Beside { packets: saw, lost, seconds_after: 1.0 };
        verdict(outbound, &counters, &beside).map(|(meaning, by)| (meaning, by.about))
    }

    #[test]
    fn what_the_sender_sent_and_the_capture_misses_was_lost_before_it() {
        let (saw, none) = (bounds(640, 662, 690), Bounds::default());
        assert_eq!(meant(true, 695, None, saw, bounds(28, 31, 33)), Some((Meaning::LostBeforeCapture, 31)));
        assert_eq!(meant(true, 660, None, saw, none), Some((Meaning::Agrees, 0)));
        assert_eq!(meant(true, 990, None, saw, none), Some((Meaning::NotInCapture, 328)));
        assert_eq!(meant(true, 600, None, saw, none), Some((Meaning::FewerThanCaptured, 62)));
    }

    #[test]
    fn what_the_receiver_misses_and_the_capture_saw_was_lost_behind_it() {
        let saw = bounds(640, 662, 690);
        assert_eq!(meant(false, 657, Some(37), saw, Bounds::default()), Some((Meaning::LostBehindCapture, 37)));
        assert_eq!(meant(false, 657, Some(31), saw, bounds(28, 30, 33)), Some((Meaning::Agrees, 0)));
        assert_eq!(meant(false, 690, Some(-2), saw, bounds(28, 30, 33)), Some((Meaning::MissedByCapture, 30)));
        assert_eq!(meant(false, 690, None, saw, bounds(28, 30, 33)), None);
    }
}
