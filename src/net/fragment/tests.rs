//! Fragments in every order, and those that break the rules.

use std::time::Duration;

use proptest::prelude::*;

use crate::net::crafted::{Bench, ipv4_fragment, ipv6, udp};
use crate::net::{Limits, SkipReason};

fn fragment_v6(offset: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    let mut header = vec![17, 0];
    header.extend((offset as u16 | u16::from(more)).to_be_bytes());
    header.extend([0, 0, 0, 9]);
    ipv6(44, &[header, payload.to_vec()].concat())
}

/// Cuts `datagram` at multiples of 8 that follow `cuts`.
fn cut(datagram: &[u8], cuts: &[usize]) -> Vec<(usize, usize)> {
    let mut places: Vec<_> = cuts.iter().map(|cut| cut * 8).filter(|place| *place < datagram.len()).collect();
    places.extend([0, datagram.len()]);
    places.sort_unstable();
    places.dedup();
    places.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

proptest! {
    #[test]
    fn fragments_in_any_order_give_the_datagram(
        payload in proptest::collection::vec(any::<u8>(), 1..400),
        cuts in proptest::collection::vec(1_usize..50, 0..8),
        shuffle in any::<u64>(),
        doubled in any::<bool>(),
        version6 in any::<bool>(),
    ) {
        let datagram = udp(&payload);
        let mut parts = cut(&datagram, &cuts);
        if parts.len() < 2 {
            return Ok(());
        }
        let length = parts.len();
        for place in 0..length {
            parts.swap(place, (shuffle as usize).wrapping_mul(place + 7) % length);
        }
        let last = parts[length - 1];
        let mut bench = Bench::default();
        for (from, to) in parts {
            let more = to < datagram.len();
            let part = &datagram[from..to];
            let packet =
                if version6 { fragment_v6(from, more, part) } else { ipv4_fragment(9, 17, from, more, part) };
            bench.wait(10).ip(&packet);
            if doubled && (from, to) != last {
                bench.wait(10).ip(&packet);
            }
        }
        bench.finish();
        prop_assert_eq!(bench.payloads(), [payload.as_slice()]);
        prop_assert_eq!(bench.heard.datagrams[0].4, payload.len());
        prop_assert!(bench.skipped().is_empty());
    }
}

#[test]
fn of_overlapping_fragments_the_first_wins() {
    let datagram = udp(&[1; 40]);
    let mut bench = Bench::default();
    bench.ip(&ipv4_fragment(9, 17, 16, true, &datagram[16..32]));
    bench.ip(&ipv4_fragment(9, 17, 8, true, &[2; 32]));
    bench.ip(&ipv4_fragment(9, 17, 40, false, &datagram[40..]));
    bench.ip(&ipv4_fragment(9, 17, 0, true, &datagram[..16]));
    let expected = [vec![2; 8], vec![1; 16], vec![2; 8], vec![1; 8]].concat();
    assert_eq!(bench.payloads(), [expected]);
}

#[test]
fn ends_that_contradict_each_other_are_refused() {
    let mut bench = Bench::default();
    bench.ip(&ipv4_fragment(9, 17, 16, false, &[0; 8]));
    bench.ip(&ipv4_fragment(9, 17, 32, false, &[0; 8]));
    bench.ip(&ipv4_fragment(9, 17, 32, true, &[0; 8]));
    bench.ip(&ipv4_fragment(9, 17, 0, true, &[0; 7]));
    bench.ip(&ipv4_fragment(9, 17, 65_528, false, &[0; 80]));
    bench.finish();
    assert_eq!(bench.skipped(), [(SkipReason::IpFragmentIncomplete, 1), (SkipReason::IpFragmentRefused, 4)]);
}

#[test]
fn a_snaplen_leaves_the_beginning_and_the_length() {
    let datagram = udp(&[7; 72]);
    let mut bench = Bench::default();
    for (from, to, kept) in [(0, 40, 40), (40, 80, 10)] {
        let packet = ipv4_fragment(9, 17, from, to < 80, &datagram[from..to]);
        bench.cut_frame(crate::capture::LinkType::RAW, &packet[..20 + kept], packet.len());
    }
    assert_eq!(bench.payloads(), [[7; 42]]);
    assert_eq!(bench.heard.datagrams[0].4, 72);
}

#[test]
fn what_stays_incomplete_is_given_up_and_counted() {
    let limits = Limits { fragmented_datagrams: 4, fragment_age: Duration::from_secs(1), ..Limits::default() };
    let mut bench = Bench::with(limits);
    bench.ip(&ipv4_fragment(1, 17, 0, true, &[0; 8])).wait(2000);
    bench.ip(&ipv4_fragment(2, 17, 0, true, &[0; 8]));
    assert_eq!(bench.skipped(), [(SkipReason::IpFragmentIncomplete, 1)]);
    for identification in 3..8 {
        bench.ip(&ipv4_fragment(identification, 17, 0, true, &[0; 8]));
    }
    assert_eq!(bench.skipped(), [(SkipReason::IpFragmentIncomplete, 3)]);
    bench.finish();
    assert_eq!(bench.skipped(), [(SkipReason::IpFragmentIncomplete, 7)]);
}

#[test]
fn the_bytes_that_wait_are_bounded() {
    let limits = Limits { fragment_bytes: 100_000, ..Limits::default() };
    let mut bench = Bench::with(limits);
    for identification in 1..200 {
        bench.ip(&ipv4_fragment(identification, 17, 60_000, true, &[0; 8]));
    }
    assert_eq!(bench.skipped(), [(SkipReason::IpFragmentIncomplete, 198)]);
}
