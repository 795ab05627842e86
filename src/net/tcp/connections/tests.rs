//! What the capture of a connection gives.

use std::time::Duration;

use proptest::prelude::*;

use crate::capture::LinkType;
use crate::net::Limits;
use crate::net::crafted::{ACK, Bench, CLIENT, FIN, RST, SERVER, SYN, Told, from_client, from_server};

fn told(bench: &Bench) -> Vec<(u64, &str, &Told)> {
    bench.heard.tcp.iter().map(|(stream, source, told)| (*stream, source.as_str(), told)).collect()
}

fn bytes(text: &str) -> Told {
    Told::Bytes(text.as_bytes().to_vec())
}

#[test]
fn a_connection_from_syn_to_fin() {
    let mut bench = Bench::default();
    bench.ip(&from_client(SYN, 99, 0, &[]));
    bench.ip(&from_server(SYN | ACK, 499, 100, &[]));
    bench.ip(&from_client(ACK, 100, 500, &[]));
    bench.ip(&from_client(ACK, 100, 500, b"GET"));
    bench.ip(&from_server(ACK, 500, 103, b"200"));
    bench.ip(&from_server(FIN | ACK, 503, 103, &[]));
    bench.ip(&from_client(FIN | ACK, 103, 504, b"!"));
    bench.finish();
    assert_eq!(
        told(&bench),
        [
            (1, CLIENT, &Told::Opened),
            (1, SERVER, &Told::Opened),
            (1, CLIENT, &bytes("GET")),
            (1, SERVER, &bytes("200")),
            (1, SERVER, &Told::Closed),
            (1, CLIENT, &bytes("!")),
            (1, CLIENT, &Told::Closed),
        ]
    );
}

#[test]
fn a_connection_may_be_seen_from_its_middle_on() {
    let mut bench = Bench::default();
    bench.ip(&from_client(ACK, 7, 9, &[])).ip(&from_client(ACK, 7, 9, b"abc")).ip(&from_server(ACK, 9, 10, b"x"));
    assert_eq!(told(&bench), [(1, CLIENT, &bytes("abc")), (1, SERVER, &bytes("x"))]);
}

#[test]
fn retransmissions_and_keepalives_give_nothing_new() {
    let mut bench = Bench::default();
    bench.ip(&from_client(ACK, 100, 0, b"abcd"));
    bench.ip(&from_client(ACK, 100, 0, b"ab"));
    bench.ip(&from_client(ACK, 102, 0, b"cdef"));
    bench.ip(&from_client(ACK, 105, 0, b"?"));
    bench.ip(&from_client(ACK, 105, 0, b""));
    bench.finish();
    assert_eq!(bench.heard.bytes_from(CLIENT), b"abcdef");
}

#[test]
fn a_gap_that_is_acknowledged_is_given_up_at_once() {
    let mut bench = Bench::default();
    bench.ip(&from_client(ACK, 100, 0, b"ab"));
    bench.ip(&from_client(ACK, 105, 0, b"fg"));
    assert_eq!(bench.heard.bytes_from(CLIENT), b"ab");
    bench.ip(&from_server(ACK, 1, 104, &[]));
    assert_eq!(bench.heard.bytes_from(CLIENT), b"ab");
    bench.ip(&from_server(ACK, 1, 107, &[]));
    assert_eq!(bench.heard.bytes_from(CLIENT), b"ab???fg");
    // And where the acknowledgment came before the bytes behind the gap.
    bench.ip(&from_server(ACK, 1, 110, &[])).ip(&from_client(ACK, 110, 0, b"k"));
    assert_eq!(bench.heard.bytes_from(CLIENT), b"ab???fg???k");
}

#[test]
fn a_gap_that_nobody_acknowledges_is_given_up_in_time() {
    let mut bench = Bench::with(Limits { gap_age: Duration::from_secs(3), ..Limits::default() });
    bench.ip(&from_client(ACK, 100, 0, b"ab")).ip(&from_client(ACK, 103, 0, b"d")).wait(2500);
    bench.ip(&from_client(ACK, 104, 0, b"e"));
    assert_eq!(bench.heard.bytes_from(CLIENT), b"ab");
    bench.wait(1500).ip(&from_client(ACK, 105, 0, b"f"));
    assert_eq!(bench.heard.bytes_from(CLIENT), b"ab?def");
}

#[test]
fn waiting_bytes_are_bounded_for_each_stream_and_in_all() {
    for limits in
        [Limits { stream_bytes: 5000, ..Limits::default() }, Limits { total_stream_bytes: 5000, ..Limits::default() }]
    {
        let mut bench = Bench::with(limits);
        bench.ip(&from_client(ACK, 0, 0, b"a"));
        for place in 1..=5_u32 {
            bench.ip(&from_client(ACK, place * 2000, 0, &[b'x'; 1000]));
        }
        let given = bench.heard.bytes_from(CLIENT);
        assert!(given.len() >= 3000, "{}", given.len());
        bench.finish();
        let given = bench.heard.bytes_from(CLIENT);
        assert_eq!(given.len(), 11_000);
        assert_eq!(given.iter().filter(|byte| **byte == b'x').count(), 5000);
    }
}

#[test]
fn a_reset_gives_what_waited_and_ends_both_directions() {
    let mut bench = Bench::default();
    bench.ip(&from_client(ACK, 100, 0, b"ab")).ip(&from_client(ACK, 103, 0, b"d"));
    bench.ip(&from_server(RST, 1, 0, &[])).ip(&from_server(RST, 1, 0, &[]));
    assert_eq!(
        told(&bench),
        [(1, CLIENT, &bytes("ab")), (1, CLIENT, &Told::Gap(1)), (1, CLIENT, &bytes("d")), (1, SERVER, &Told::Reset)]
    );
}

#[test]
fn a_reset_far_from_the_stream_is_forged() {
    let mut bench = Bench::default();
    bench.ip(&from_client(ACK, 100, 0, b"ab")).ip(&from_client(RST, 0x8000_0000, 0, &[]));
    assert_eq!(told(&bench), [(1, CLIENT, &bytes("ab"))]);
}

#[test]
fn ports_used_again_make_a_new_stream() {
    let mut bench = Bench::default();
    bench.ip(&from_client(SYN, 99, 0, &[])).ip(&from_server(SYN | ACK, 499, 100, &[]));
    bench.ip(&from_client(ACK, 100, 500, b"one"));
    // A retransmitted SYN is none.
    bench.ip(&from_client(SYN, 99, 0, &[])).ip(&from_client(ACK, 103, 500, b"!"));
    bench.ip(&from_client(SYN, 9_999_999, 0, &[])).ip(&from_server(SYN | ACK, 5, 10_000_000, &[]));
    bench.ip(&from_client(ACK, 10_000_000, 6, b"two")).ip(&from_server(ACK, 6, 10_000_003, b"2"));
    assert_eq!(
        told(&bench),
        [
            (1, CLIENT, &Told::Opened),
            (1, SERVER, &Told::Opened),
            (1, CLIENT, &bytes("one")),
            (1, CLIENT, &bytes("!")),
            (2, CLIENT, &Told::Opened),
            (2, SERVER, &Told::Opened),
            (2, CLIENT, &bytes("two")),
            (2, SERVER, &bytes("2")),
        ]
    );
}

#[test]
fn ports_used_again_without_a_syn_make_a_new_stream() {
    let mut bench = Bench::default();
    bench.ip(&from_client(ACK, 100, 0, b"one"));
    bench.ip(&from_client(ACK, 0x8000_0000, 0, b"stray"));
    bench.ip(&from_client(ACK, 0x8000_0005, 0, b"two"));
    assert_eq!(told(&bench), [(1, CLIENT, &bytes("one")), (2, CLIENT, &bytes("two"))]);
}

#[test]
fn one_connection_too_many_pushes_out_the_one_that_was_silent_longest() {
    let mut bench = Bench::with(Limits { connections: 2, ..Limits::default() });
    let from_port = |port: u16, sequence: u32, payload: &[u8]| {
        let mut packet = from_client(ACK, sequence, 0, payload);
        packet[20..22].copy_from_slice(&port.to_be_bytes());
        packet
    };
    bench.ip(&from_port(1, 100, b"a")).ip(&from_port(1, 102, b"c")).ip(&from_port(2, 100, b"a"));
    bench.ip(&from_port(3, 100, b"a"));
    assert_eq!(bench.heard.bytes_from("192.0.2.1:1"), b"a?c");
    bench.ip(&from_port(2, 101, b"b"));
    assert_eq!(bench.heard.bytes_from("192.0.2.1:2"), b"ab");
    assert_eq!(bench.heard.tcp.last().map(|(stream, ..)| *stream), Some(2));
}

#[test]
fn what_a_snaplen_cut_is_a_gap() {
    let mut bench = Bench::default();
    let packet = from_client(ACK, 100, 0, b"abcdef");
    bench.cut_frame(LinkType::RAW, &packet[..43], packet.len());
    bench.ip(&from_client(ACK, 108, 0, b"i"));
    let packet = from_client(ACK, 106, 0, b"gh");
    bench.cut_frame(LinkType::RAW, &packet[..41], packet.len());
    assert_eq!(bench.heard.bytes_from(CLIENT), b"abc???g?i");
}

#[test]
fn offload_states_lengths_that_the_frame_does_not_have() {
    let mut bench = Bench::default();
    let mut packet = from_client(ACK, 100, 0, b"abc");
    packet[2..4].copy_from_slice(&9000_u16.to_be_bytes());
    bench.ip(&packet);
    let mut packet = from_client(ACK, 103, 0, b"def");
    packet[2..4].copy_from_slice(&[0, 0]);
    bench.ip(&packet);
    assert_eq!(bench.heard.bytes_from(CLIENT), b"abcdef");
}

#[test]
fn data_may_come_with_the_syn() {
    let mut bench = Bench::default();
    bench.ip(&from_client(SYN, u32::MAX, 0, b"abc")).ip(&from_client(ACK, 3, 0, b"d"));
    assert_eq!(bench.heard.bytes_from(CLIENT), b"abcd");
}

#[test]
fn of_bytes_that_come_twice_the_first_copy_counts() {
    let mut bench = Bench::default();
    bench.ip(&from_client(ACK, 100, 0, b"a")).ip(&from_client(ACK, 103, 0, b"DE"));
    bench.ip(&from_client(ACK, 101, 0, b"bcxxf")).finish();
    assert_eq!(bench.heard.bytes_from(CLIENT), b"abcDEf");
}

/// Where segments of a text lie, in the order in which they are sent.
fn segments(length: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
    let some = proptest::collection::vec((0..length, 1..80_usize), 0..60);
    (some, Just(length)).prop_map(|(mut some, length)| {
        for segment in &mut some {
            segment.1 = (segment.0 + segment.1).min(length);
        }
        // All of it at least once, in pieces, among the others.
        let whole: Vec<_> = (0..length).step_by(37).map(|from| (from, (from + 37).min(length))).collect();
        let every = (some.len() + whole.len()).div_ceil(whole.len().max(1));
        let mut all = Vec::new();
        let mut rest = some.into_iter();
        for piece in whole.into_iter().rev() {
            all.extend(rest.by_ref().take(every));
            all.push(piece);
        }
        all.extend(rest);
        all
    })
}

proptest! {
    #[test]
    fn segments_in_any_order_give_the_text_back(
        text in proptest::collection::vec(any::<u8>(), 1..900),
        picks in segments(900),
        initial in prop_oneof![any::<u32>(), Just(u32::MAX - 300)],
        with_syn in any::<bool>(),
    ) {
        let mut bench = Bench::default();
        let first = initial.wrapping_add(1);
        if with_syn {
            bench.ip(&from_client(SYN, initial, 0, &[]));
        } else {
            bench.ip(&from_client(ACK, first, 0, &text[..1]));
        }
        for (from, to) in picks {
            let (from, to) = (from.min(text.len()), to.min(text.len()));
            let flags = if to == text.len() { ACK | FIN } else { ACK };
            bench.ip(&from_client(flags, first.wrapping_add(from as u32), 0, &text[from..to]));
        }
        bench.finish();
        prop_assert_eq!(bench.heard.bytes_from(CLIENT), text);
        prop_assert!(bench.heard.tcp.iter().all(|(stream, _, told)| *stream == 1 && !matches!(told, Told::Gap(_))));
        let closed = bench.heard.tcp.iter().filter(|(_, _, told)| *told == Told::Closed).count();
        prop_assert_eq!(closed, 1);
    }

    #[test]
    fn lost_segments_leave_gaps_of_their_length(
        lost in proptest::collection::vec(any::<bool>(), 2..40),
        acknowledged in any::<bool>(),
    ) {
        let mut bench = Bench::default();
        bench.ip(&from_client(SYN, 99, 0, &[]));
        let mut expected = Vec::new();
        for (place, lost) in lost.iter().enumerate() {
            let text = [b'a' + (place % 26) as u8; 10];
            if !lost {
                bench.ip(&from_client(ACK, 100 + place as u32 * 10, 0, &text));
                if acknowledged {
                    bench.ip(&from_server(ACK, 0, 110 + place as u32 * 10, &[]));
                }
            }
            expected.extend(if *lost { [b'?'; 10] } else { text });
        }
        bench.finish();
        let end = lost.iter().rposition(|lost| !lost).map_or(0, |last| (last + 1) * 10);
        prop_assert_eq!(bench.heard.bytes_from(CLIENT), &expected[..end]);
    }
}

/// Segments that follow no rule, near one another so that they meet.
fn hostile() -> impl Strategy<Value = Vec<(bool, u8, u32, u32, usize, i64)>> {
    let sequence = || prop_oneof![0..300_u32, (u32::MAX - 150)..=u32::MAX, any::<u32>()];
    let segment = (any::<bool>(), 0..32_u8, sequence(), sequence(), 0..120_usize, -100..9000_i64);
    proptest::collection::vec(segment, 0..120)
}

proptest! {
    #[test]
    fn segments_that_follow_no_rule_break_nothing(segments in hostile()) {
        let limits = Limits { stream_bytes: 700, total_stream_bytes: 1000, ..Limits::default() };
        let mut bench = Bench::with(limits);
        for (back, flags, sequence, acknowledgment, length, wait) in segments {
            let payload = vec![b'x'; length];
            let made = if back { from_server } else { from_client };
            bench.wait(wait).ip(&made(flags, sequence, acknowledgment, &payload));
        }
        bench.finish();
        // Streams follow one another, and each direction ends at most once.
        prop_assert!(bench.heard.tcp.is_sorted_by_key(|(stream, ..)| *stream));
        let mut ends: Vec<_> =
            bench.heard.tcp.iter().filter(|(_, _, told)| *told == Told::Closed).map(|(stream, source, _)| (stream, source)).collect();
        let all = ends.len();
        ends.sort();
        ends.dedup();
        prop_assert_eq!(ends.len(), all);
        prop_assert!(bench.heard.tcp.iter().all(|(_, _, told)| !matches!(told, Told::Gap(0))));
    }
}
