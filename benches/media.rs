//! What a media packet costs: nanoseconds, and allocations, of which there shall be none.
//!
//!     cargo bench --bench media
//!
//! Captures of one call are made in memory, direct and inside TURN ChannelData, twice: one ten times as long as the other. What the longer one
//! allocates more is what packets allocate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "../tests/media_call/mod.rs"]
mod media_call;

use std::time::Instant;

use media_call::{Call, analyzed};

fn main() {
    println!("{:<34} {:>10} {:>12} {:>14}", "one call", "packets", "ns a packet", "allocations");
    for (name, relayed, plain) in
        [("SRTP, direct", false, false), ("RTP, direct", false, true), ("SRTP, relayed, both legs", true, false)]
    {
        let measured: Vec<(u64, u64)> = [20_000, 200_000]
            .into_iter()
            .map(|packets| {
                let capture = Call { packets, relayed, plain }.capture();
                let begun = Instant::now();
                let allocations = allocation_counter::measure(|| drop(analyzed(&capture))).count_total;
                let nanoseconds = begun.elapsed().as_nanos() / u128::from(packets);
                println!("{name:<34} {packets:>10} {nanoseconds:>12} {allocations:>14}");
                (packets, allocations)
            })
            .collect();
        let [(few, of_few), (many, of_many)] = measured[..] else { continue };
        let each = of_many.saturating_sub(of_few) as f64 / (many - few) as f64;
        println!("{:<34} {:>10} {:>12} {each:>14.6} a packet", "", "", "");
    }
}
