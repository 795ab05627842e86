//! Nothing is allocated for a media packet, however many there are.

#![cfg(feature = "capture")]
#![allow(clippy::expect_used, missing_docs)]

mod media_call;

use media_call::{Call, analyzed};

#[test]
fn ten_times_the_packets_take_no_more_allocations() {
    for (relayed, plain) in [(false, false), (false, true), (true, false)] {
        let allocations = |packets| {
            let capture = Call { packets, relayed, plain }.capture();
            let mut streams = 0;
            let count = allocation_counter::measure(|| streams = analyzed(&capture).sessions.streams().len());
            assert!(streams >= 2, "{streams} streams");
            count.count_total
        };
        let (few, many) = (allocations(3_000), allocations(30_000));
        // Bins of the rate over time double now and then, as do lists.
        assert!(many.saturating_sub(few) < 64, "{few} for 3000 packets, {many} for 30000");
    }
}
