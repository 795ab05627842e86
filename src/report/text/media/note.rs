//! Remarks below the line of a stream: what is worth knowing, and most streams do not have.

use super::amount::{of_loss, share};
use super::endpoint::remark;
use crate::report::model::Stream;
use crate::report::text::number::{counted, duration, offset};
use crate::report::text::paint::{Cell, Paint};
use crate::session::media::DiscontinuityKind;

/// A relay that takes longer than this adds to what people hear: in seconds.
const SLOW: f64 = 0.005;

/// The remarks on `stream`.
pub(super) fn notes(stream: &Stream) -> Vec<Cell> {
    let mut notes = relay(stream);
    if let Some(other) = &stream.collides_with {
        notes.push(Cell::painted(format!("its SSRC is also that of {other}, of another sender"), Paint::Warning));
    }
    if let Some(before) = &stream.continues {
        notes.push(Cell::painted(format!("goes on with {before}, from {}", offset(stream.first_time)), Paint::Quiet));
    }
    if let Some(before) = &stream.replaces {
        let text = format!("takes over from {before} under another SSRC, at {}", offset(stream.first_time));
        notes.push(Cell::painted(text, Paint::Quiet));
    }
    let restarts = stream.discontinuities.iter().filter(|one| *one.kind == DiscontinuityKind::SequenceRestart);
    let restarts = restarts.count() as u64;
    if restarts > 0 {
        let times = counted(restarts, "time", "times");
        notes.push(Cell::painted(format!("its sequence numbers began anew {times}"), Paint::Warning));
    }
    notes.extend(stream.endpoint_statistics.iter().map(remark));
    notes
}

/// What was lost in a relay, and how long it took, where that matters.
fn relay(stream: &Stream) -> Vec<Cell> {
    let mut notes = Vec::new();
    if stream.legs.len() > 1 {
        for leg in stream.legs.iter().filter(|leg| leg.packets_missing > 0) {
            let share = share(leg.packets, leg.packets_missing);
            let lost = counted(leg.packets_missing, "packet", "packets");
            let text = format!("relayed: {lost} not on the leg {} → {}", leg.source, leg.destination);
            notes.push(Cell::painted(text, of_loss(share)));
        }
    }
    if let Some(delay) = stream.relay_delay.as_ref().filter(|delay| delay.mean > SLOW) {
        let text = format!("the relay took {}, at most {}", duration(delay.mean), duration(delay.max));
        notes.push(Cell::painted(text, Paint::Warning));
    }
    notes
}
