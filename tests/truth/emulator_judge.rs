//! Loss, duplicates and reordering of each stream against the log of the link emulator beside node A.

use std::path::Path;

use serde_json::Value;

use super::emulator::{self, Direction, Happening};
use super::ledger::Ledger;
use super::media_point::Call;
use super::second_reader::{Leg, Read};
use super::streams::{Stream, streams};

/// Holds the report of `file` against the log; `at_a` says that it was captured before the emulator as A sees it.
pub(crate) fn judge(
    ledger: &mut Ledger,
    log: &Path,
    call: &Call,
    file: &str,
    at_a: bool,
    report: &Value,
    read: &[Read],
) {
    let (happenings, directions) = emulator::read(log);
    let hosts = call.hosts("a");
    for direction in &directions {
        let behind = direction.from_a != at_a;
        let mine: Vec<_> =
            streams(report).into_iter().filter(|stream| stream.comes_from(&hosts) == direction.from_a).collect();
        let way = if direction.from_a { "out of A" } else { "into A" };
        for stream in &mine {
            let leg = read.iter().find(|one| one.ssrc == stream.ssrc).and_then(|one| one.legs.first());
            let who = format!("{} {way}", stream.ssrc);
            let lost = leg.map_or(0, |leg| if behind { dropped(&happenings, direction, stream.ssrc, leg) } else { 0 });
            ledger.equal(file, &format!("{who}: lost on the link"), &lost, &stream.lost);
            ledger.equal(
                file,
                &format!("{who}: doubled on the link"),
                &doubled(&happenings, direction, stream.ssrc),
                &stream.duplicated,
            );
        }
        reports(ledger, file, &happenings, direction, behind, &mine);
        // the emulator counts packets that left late whatever their source is, so a source has no more of them
        let reordered: u64 = mine.iter().map(|stream| stream.reordered).sum();
        let most = if behind { direction.reordered } else { 0 };
        ledger.holds(file, &format!("reordered {way}"), reordered <= most, || format!("{reordered} of {most}"));
    }
}

/// SRTCP that was dropped, by its index; the log has no index, so this counts on the first and the last report coming through.
fn reports(
    ledger: &mut Ledger,
    file: &str,
    happenings: &[Happening],
    direction: &Direction,
    behind: bool,
    mine: &[Stream],
) {
    for stream in mine {
        let Some(lost) = stream.rtcp_lost else { continue };
        let dropped = happenings.iter().filter(|one| {
            behind && one.dropped && one.control && one.from_a == direction.from_a && one.ssrc == stream.ssrc
        });
        let dropped = u64::try_from(dropped.count()).expect("a count");
        ledger.equal(file, &format!("{}: reports lost on the link", stream.ssrc), &dropped, &lost);
    }
}

/// How many numbers of a source were dropped between the first and the last that came through.
fn dropped(happenings: &[Happening], direction: &Direction, ssrc: u64, leg: &Leg) -> u64 {
    let (first, last) = leg.range;
    let span = last.wrapping_sub(first);
    let mut numbers: Vec<u16> = happenings
        .iter()
        .filter(|one| one.dropped && !one.control && one.from_a == direction.from_a && one.ssrc == ssrc)
        .map(|one| one.number)
        .filter(|number| number.wrapping_sub(first) < span)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    u64::try_from(numbers.len()).expect("a count")
}

fn doubled(happenings: &[Happening], direction: &Direction, ssrc: u64) -> u64 {
    let mine = happenings
        .iter()
        .filter(|one| !one.dropped && !one.control && one.from_a == direction.from_a && one.ssrc == ssrc);
    u64::try_from(mine.count()).expect("a count")
}
