//! Packets, bytes, rate and loss of several streams together.

use crate::report::model::Stream;
use crate::report::text::number::{bits_per_second, bytes, counted, grouped, percent};
use crate::report::text::paint::{Cell, Paint};

/// Loss from which on sound and pictures suffer.
const HURTS: f64 = 0.01;
/// Loss from which on hardly anything repairs it.
const RUINS: f64 = 0.05;

/// What streams carried together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amount {
    packets: u64,
    lost: u64,
    bytes: u64,
    first: f64,
    last: f64,
}

impl Amount {
    /// That of `streams`.
    pub(super) fn of<'a>(streams: impl IntoIterator<Item = &'a Stream>) -> Self {
        let nothing = Self { packets: 0, lost: 0, bytes: 0, first: f64::INFINITY, last: f64::NEG_INFINITY };
        streams.into_iter().fold(nothing, |sum, stream| Self {
            packets: sum.packets.saturating_add(stream.packets_received),
            lost: sum.lost.saturating_add(stream.packets_lost),
            bytes: sum.bytes.saturating_add(stream.bytes_received).saturating_add(stream.header_bytes_received),
            first: sum.first.min(stream.first_time),
            last: sum.last.max(stream.last_time),
        })
    }

    /// `1 600 packets, 400 kB, 245 kbit/s`.
    pub(super) fn told(&self) -> String {
        let seconds = self.last - self.first;
        let rate = if seconds > 0.0 {
            format!(", {}", bits_per_second(self.bytes as f64 * 8.0 / seconds))
        } else {
            String::new()
        };
        format!("{}, {}{rate}", counted(self.packets, "packet", "packets"), bytes(self.bytes))
    }

    /// `7 lost (0.4 %)`; empty where nothing was lost.
    pub(super) fn lost(&self) -> Cell {
        if self.lost == 0 {
            return Cell::default();
        }
        let share = share(self.packets, self.lost);
        Cell::painted(format!("{} lost ({})", grouped(self.lost), percent(share)), of_loss(share))
    }
}

/// The share of `lost` packets among all that were to come.
pub(super) fn share(received: u64, lost: u64) -> f64 {
    let expected = received.saturating_add(lost);
    if expected == 0 { 0.0 } else { lost as f64 / expected as f64 }
}

/// How a share of lost packets looks.
pub(super) fn of_loss(share: f64) -> Paint {
    if share > RUINS {
        Paint::Bad
    } else if share > HURTS {
        Paint::Warning
    } else {
        Paint::Plain
    }
}

/// `0.5 % (7)`, or `-`.
pub(super) fn loss(received: u64, lost: u64) -> Cell {
    if lost == 0 {
        return Cell::new("-");
    }
    let share = share(received, lost);
    Cell::painted(format!("{} ({})", percent(share), grouped(lost)), of_loss(share))
}
