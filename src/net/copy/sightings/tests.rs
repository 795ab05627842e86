//! Copies and what only looks like them.

use crate::capture::LinkType;
use crate::net::Copies;
use crate::net::crafted::{ACK, Bench, ethernet, from_client, ipv4, ipv6, udp};

fn rtp(sequence: u16) -> Vec<u8> {
    let mut packet = vec![0x80, 96];
    packet.extend(sequence.to_be_bytes());
    packet.extend([0; 100]);
    packet
}

/// An IPv4 packet with a hop limit of its own.
fn with_hop_limit(mut packet: Vec<u8>, hop_limit: u8) -> Vec<u8> {
    packet[8] = hop_limit;
    packet
}

#[test]
fn another_interface_makes_a_copy_at_once() {
    let frame = ethernet(0x0800, &ipv4(7, 17, &udp(&rtp(1))));
    let mut bench = Bench::default();
    bench.frame_on(0, LinkType::ETHERNET, &frame, frame.len());
    bench.frame_on(1, LinkType::ETHERNET, &frame, frame.len());
    assert_eq!(bench.frames_of_datagrams(), [1]);
    let copies = bench.stack.copy_evidence();
    assert_eq!((copies.packets, copies.other_interface, copies.first.map(|frame| frame.0)), (1, 1, Some(2)));
    assert_eq!(copies.last, copies.first);
}

#[test]
fn forwarding_makes_a_copy_at_once() {
    let packet = ipv4(7, 17, &udp(&rtp(1)));
    let mut routed = ethernet(0x0800, &with_hop_limit(packet.clone(), 63));
    routed[0] = 4;
    let mut bench = Bench::default();
    bench.frame(LinkType::ETHERNET, &ethernet(0x0800, &packet)).frame(LinkType::ETHERNET, &routed);
    bench.ip(&ipv4(8, 17, &udp(&rtp(2)))).ip(&with_hop_limit(ipv4(8, 17, &udp(&rtp(2))), 63));
    assert_eq!(bench.frames_of_datagrams(), [1, 3]);
    let copies = bench.stack.copy_evidence();
    assert_eq!((copies.other_addresses, copies.other_hop_limit), (1, 1));
}

#[test]
fn a_vlan_tag_and_a_checksum_make_no_other_packet() {
    let packet = ipv4(7, 17, &udp(&rtp(1)));
    let mut tagged = ethernet(0x8100, &[&[0, 9, 8, 0], packet.as_slice()].concat());
    // The UDP checksum, behind 14 + 4 + 20 + 6 bytes.
    tagged[44] = 0xab;
    let mut bench = Bench::default();
    bench.frame(LinkType::ETHERNET, &ethernet(0x0800, &packet)).frame(LinkType::ETHERNET, &tagged);
    assert_eq!(bench.frames_of_datagrams(), [1]);
}

#[test]
fn a_cooked_capture_tells_interfaces_and_directions_apart() {
    let packet = ipv4(7, 17, &udp(&rtp(1)));
    let sll2 = |interface: u8, kind: u8| {
        [&[8, 0, 0, 0, 0, 0, 0, interface, 0, 1, kind, 6, 2, 0, 0, 0, 0, 1, 0, 0], packet.as_slice()].concat()
    };
    let mut bench = Bench::default();
    for (interface, kind) in [(3, 0), (3, 4), (4, 0)] {
        bench.frame(LinkType::LINUX_SLL2, &sll2(interface, kind));
    }
    assert_eq!(bench.frames_of_datagrams(), [1]);
    let copies = bench.stack.copy_evidence();
    assert_eq!((copies.other_direction, copies.other_interface), (1, 1));
}

#[test]
fn a_single_repetition_at_one_place_is_a_duplicate() {
    let mut bench = Bench::default();
    for sequence in 0..20 {
        let packet = ipv4(sequence, 17, &udp(&rtp(sequence)));
        bench.ip(&packet);
        if sequence == 1 || sequence == 11 {
            bench.ip(&packet);
        }
        bench.wait(19);
    }
    bench.finish();
    assert_eq!(bench.payloads().len(), 22);
    assert_eq!(bench.stack.copies(), 0);
}

#[test]
fn two_packets_are_too_few_to_know() {
    let packet = ipv4(7, 17, &udp(&rtp(1)));
    let mut bench = Bench::default();
    bench.ip(&packet).ip(&packet).finish();
    assert_eq!((bench.frames_of_datagrams(), bench.stack.copies()), (vec![1, 2], 0));
}

#[test]
fn what_is_held_is_given_within_a_second() {
    let packet = ipv4(7, 17, &udp(&rtp(1)));
    let mut bench = Bench::default();
    bench.ip(&packet).ip(&packet).wait(1001).ip(&ipv4(8, 17, &udp(&rtp(2))));
    assert_eq!(bench.frames_of_datagrams(), [1, 2, 3]);
}

#[test]
fn what_is_held_is_bounded() {
    let mut bench = Bench::default();
    for sequence in 0..200_u16 {
        // Paths of one packet each, among others that are not doubled.
        let mut datagram = udp(&rtp(sequence));
        datagram[0..2].copy_from_slice(&sequence.to_be_bytes());
        let packet = ipv4(sequence, 17, &datagram);
        bench.ip(&packet);
        if sequence % 2 == 1 {
            bench.ip(&packet);
        }
        bench.now = 0;
    }
    assert!((300 - 40..300).contains(&bench.payloads().len()), "{}", bench.payloads().len());
    bench.finish();
    assert_eq!((bench.payloads().len(), bench.stack.copies()), (300, 0));
}

#[test]
fn a_repetition_on_another_path_of_a_router_that_duplicates_is_no_copy() {
    // The network doubled the packet before the capturing machine, which sees both on their way in and out.
    let packet = ipv4(7, 17, &udp(&rtp(1)));
    let incoming = ethernet(0x0800, &packet);
    let mut outgoing = incoming.clone();
    outgoing[0] = 4;
    let mut bench = Bench::default();
    for frame in [&incoming, &incoming, &outgoing, &outgoing] {
        bench.frame(LinkType::ETHERNET, frame);
    }
    for sequence in 2..10 {
        bench.wait(20).frame(LinkType::ETHERNET, &ethernet(0x0800, &ipv4(8, 17, &udp(&rtp(sequence)))));
    }
    bench.finish();
    assert_eq!((bench.payloads().len(), bench.stack.copies()), (10, 2));
}

#[test]
fn doubling_throughout_is_the_capture_from_the_first_packet_on() {
    for burst in [1, 3] {
        let mut bench = Bench::default();
        for start in (0..60).step_by(burst) {
            for _ in 0..2 {
                for sequence in start..start + burst as u16 {
                    bench.now -= 900_000;
                    bench.ip(&ipv6(17, &udp(&rtp(sequence))));
                }
            }
            bench.wait(20);
        }
        bench.finish();
        assert_eq!((bench.payloads().len(), bench.stack.copies()), (60, 60), "bursts of {burst}");
        assert_eq!(bench.stack.copy_evidence().first.map(|frame| frame.0), Some(burst as u64 + 1));
    }
}

#[test]
fn a_doubled_path_among_others_is_recognised() {
    let mut bench = Bench::default();
    for sequence in 0..200_u16 {
        let mut other = udp(&rtp(sequence));
        other[1] = 7;
        bench.ip(&ipv4(sequence, 17, &other));
        if sequence > 50 {
            let packet = ipv4(sequence, 17, &udp(&rtp(sequence)));
            bench.ip(&packet).ip(&packet);
        }
        bench.wait(10);
    }
    bench.finish();
    assert_eq!((bench.payloads().len(), bench.stack.copies()), (349, 149));
}

#[test]
fn doubling_that_stops_is_noticed() {
    let mut bench = Bench::default();
    for sequence in 0..400_u16 {
        let packet = ipv4(sequence, 17, &udp(&rtp(sequence)));
        bench.ip(&packet);
        if sequence < 200 || sequence % 50 == 0 {
            bench.ip(&packet);
        }
        bench.wait(20);
    }
    bench.finish();
    // 200, the first after the doubling, still falls under the habit.
    assert_eq!((bench.payloads().len(), bench.stack.copies()), (403, 201));
}

#[test]
fn empty_segments_are_no_evidence() {
    let mut bench = Bench::default();
    for _ in 0..50 {
        bench.ip(&from_client(ACK, 1, 1, &[]));
    }
    bench.finish();
    assert_eq!(bench.stack.copy_evidence(), Copies::default());
}

#[test]
fn what_comes_later_than_a_few_milliseconds_is_no_copy() {
    let packet = ipv4(7, 17, &udp(&rtp(1)));
    let mut bench = Bench::default();
    bench.ip(&packet).wait(10).ip(&with_hop_limit(packet, 63));
    assert_eq!(bench.payloads().len(), 2);
}

#[test]
fn another_identification_or_length_makes_another_packet() {
    let mut bench = Bench::default();
    for identification in 0..20 {
        bench.ip(&ipv4(identification, 17, &udp(&rtp(1))));
    }
    bench.ip(&ipv4(19, 17, &udp(&rtp(1)[..103])));
    assert_eq!(bench.payloads().len(), 21);
}
