//! How fast descriptions are linted.
//!
//! Takes real offers of 5 to 9 kB from the corpus that `RTCSCOPE_CORPUS` points at, and prints the time for a thousand of 7 kB on
//! one core; and the time for hostile descriptions of 64 kB and 1 MB, which must grow as they do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

#[path = "../tests/corpus/mod.rs"]
mod corpus;
#[path = "../tests/lint_hostile/shapes.rs"]
mod shapes;

use std::hint::black_box;
use std::time::Instant;

use rtcscope::lint::{Options, lint};
use rtcscope::sdp::Document;

fn seconds(rounds: usize, mut work: impl FnMut()) -> f64 {
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

fn main() {
    let options = Options::default();
    let texts: Vec<Vec<u8>> = corpus::entries()
        .into_iter()
        .filter(|entry| entry.is_webrtc() && entry.verdict == "valid" && (5_000..9_000).contains(&entry.text.len()))
        .map(|entry| entry.text)
        .collect();
    if !texts.is_empty() {
        let bytes: usize = texts.iter().map(Vec::len).sum();
        let once = seconds(15, || {
            for text in &texts {
                black_box(lint(&Document::parse(black_box(text)), &options));
            }
        });
        let thousand = once * 7_000_000.0 / f64::from(u32::try_from(bytes).unwrap());
        println!("{} offers, {bytes} bytes: 1000 of 7 kB take {:.3} s", texts.len(), thousand);
    }
    for (name, shape) in shapes::SHAPES {
        let [small, large] = [64_000, 1_000_000].map(|bytes| {
            let text = shape(bytes);
            let rounds = if bytes > 100_000 { 3 } else { 9 };
            seconds(rounds, || {
                black_box(lint(&Document::parse(black_box(&text)), &options));
            })
        });
        println!("{name:<40} 64 kB {:>8.2} ms, 1 MB {:>8.1} ms: {:.1} times", small * 1e3, large * 1e3, large / small);
    }
}
