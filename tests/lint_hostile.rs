//! Hostile descriptions cost what they weigh: the work of the linter is counted, not timed, as bytes that it allocates.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, missing_docs, unreachable_pub)]

#[path = "lint_hostile/shapes.rs"]
mod shapes;

use rtcscope::finding::Applicability;
use rtcscope::lint::{Options, Profile, Text, fix, lint};
use rtcscope::sdp::Document;

#[test]
fn memory_grows_as_the_description_does() {
    let mut faults = Vec::new();
    for (name, shape) in shapes::SHAPES {
        let [small, large] = [20_000, 200_000].map(|bytes| {
            let text = shape(bytes);
            let measured = allocation_counter::measure(|| {
                let found = lint(&Document::parse(&text), &Options::default()).findings;
                assert!(found.iter().all(|finding| finding.place.span.end <= text.len()));
            });
            (measured.bytes_total, measured.bytes_max, text.len() as u64)
        });
        let times = |part: fn(&(u64, u64, u64)) -> u64| part(&large) as f64 / part(&small).max(1) as f64;
        let size = times(|measured| measured.2);
        let (total, most) = (times(|measured| measured.0), times(|measured| measured.1));
        // Vectors double, so that a little more than the size is allowed.
        if total > size * 2.5 || most > size * 2.5 || large.1 > 400 * large.2 {
            faults.push(format!("{name}: {size:.1} times the bytes, {total:.1} times allocated, {most:.1} times held"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn whatever_the_bytes_are_nothing_panics_and_fixing_ends() {
    for (_, shape) in shapes::SHAPES {
        let text = shape(3_000);
        for profile in Profile::ALL {
            let options = Options { profile: Some(*profile), ..Options::default() };
            let find = |text: &[u8]| lint(&Document::parse(text), &options).findings;
            let fixed = fix(&text, Text::Description, Applicability::Unsafe, find);
            let again = fix(&fixed.text, Text::Description, Applicability::Unsafe, find);
            assert_eq!(again.text, fixed.text);
        }
    }
}
