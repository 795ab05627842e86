//! The dumps and the captures of the corpus were made on one machine with one clock: the true offset is 0.

use std::path::PathBuf;

use rtcscope::signaling::file::{ClockOffset, SideFile, WireFacts, coincidences, offset};

use super::dumps;
use super::wire::{capture, facts, shifted};

const MILLISECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600_000 * MILLISECOND;

/// Dumps that know the offset less well, in milliseconds, and why.
const WIDER: &[(&str, i64, &str)] = &[(
    "d-ice-udp-blocked.B",
    250,
    "its page took 270 ms and more to set and add what had come, and no check was answered",
)];

fn found(file: &SideFile, facts: &WireFacts) -> Option<ClockOffset> {
    offset(&coincidences(&file.connections, facts))
}

/// Whether `found` allows `wanted` and knows it to less than `most`.
fn holds(found: ClockOffset, wanted: i64, most: i64) -> bool {
    (found.offset_ns - wanted).abs() <= found.uncertainty_ns && found.uncertainty_ns < most
}

#[test]
fn clocks_of_one_machine_are_found_to_be_one() {
    let mut known: Option<(PathBuf, WireFacts)> = None;
    let mut faults = Vec::new();
    let (mut by_text, mut by_checks, mut unknown) = (0, 0, Vec::new());
    let mut widest = (0, 0);
    for dump in dumps::all() {
        let (scenario, _) = dump.name.rsplit_once('.').unwrap();
        let path = capture(&dump.path, scenario);
        let facts = match &known {
            Some((known, facts)) if *known == path => facts.clone(),
            _ => facts(&path),
        };
        known = Some((path, facts.clone()));
        let file = dump.file();
        match found(&file, &facts) {
            Some(offset) => {
                by_text += 1;
                widest.0 = widest.0.max(offset.uncertainty_ns);
                let wider = WIDER.iter().find(|(name, ..)| *name == dump.name);
                let most = wider.map_or(150, |(_, most, _)| *most) * MILLISECOND;
                if !holds(offset, 0, most) {
                    faults.push(format!("{}: {offset:?}", dump.name));
                }
                for by in [5 * HOUR, -5 * HOUR, 137 * MILLISECOND] {
                    let mut other = file.clone();
                    other.shift(-by);
                    let moved = found(&other, &facts).unwrap();
                    if moved != (ClockOffset { offset_ns: offset.offset_ns + by, ..offset }) {
                        faults.push(format!("{} moved by {by}: {moved:?} and not {offset:?}", dump.name));
                    }
                    assert_eq!(found(&file, &shifted(&facts, by)), Some(moved));
                }
            }
            None => unknown.push(dump.name.clone()),
        }
        let checks = WireFacts { signalled: Vec::new(), ..facts };
        if let Some(offset) = found(&file, &checks) {
            by_checks += 1;
            widest.1 = widest.1.max(offset.uncertainty_ns);
            // Where no check was answered, nothing holds the offset from below but a wide window.
            let answered = offset.events > 2;
            if !holds(offset, 0, if answered { 1_000 * MILLISECOND } else { 60_000 * MILLISECOND }) {
                faults.push(format!("{} by checks: {offset:?}", dump.name));
            }
        }
    }
    let milliseconds = (widest.0 / MILLISECOND, widest.1 / MILLISECOND);
    eprintln!("{by_text} offsets by all, {by_checks} by checks, at most ±{milliseconds:?} ms, unknown: {unknown:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
