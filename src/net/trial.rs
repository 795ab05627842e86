//! Tests of the layers together.

use super::crafted::{Bench, ethernet, ipv4, ipv6, udp, udp_stating};
use super::{Limits, SkipReason};
use crate::capture::LinkType;

#[test]
fn each_link_type_leads_to_the_datagram() {
    let packet = ipv4(1, 17, &udp(b"hello"));
    let packet6 = ipv6(17, &udp(b"hello"));
    let with = |before: &[u8], packet: &[u8]| [before, packet].concat();
    let sll = |protocol: [u8; 2]| [[0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0].as_slice(), &protocol].concat();
    let sll2 =
        |protocol: [u8; 2]| [&protocol, [0, 0, 0, 0, 0, 7, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0].as_slice()].concat();
    let frames = [
        (LinkType::ETHERNET, ethernet(0x0800, &packet)),
        (LinkType::ETHERNET, ethernet(0x86dd, &packet6)),
        (LinkType::ETHERNET, ethernet(0x8100, &with(&[0, 7, 8, 0], &packet))),
        (LinkType::ETHERNET, ethernet(0x88a8, &with(&[0, 7, 0x81, 0, 0, 8, 8, 0], &packet))),
        (LinkType::ETHERNET, ethernet(0x9100, &with(&[0, 7, 0x81, 0, 0, 8, 0x86, 0xdd], &packet6))),
        (LinkType::RAW, packet.clone()),
        (LinkType::RAW, packet6.clone()),
        (LinkType(12), packet.clone()),
        (LinkType(14), packet6.clone()),
        (LinkType::IPV4, packet.clone()),
        (LinkType::IPV6, packet6.clone()),
        (LinkType::LINUX_SLL, with(&sll([8, 0]), &packet)),
        (LinkType::LINUX_SLL, with(&sll([0x86, 0xdd]), &packet6)),
        (LinkType::LINUX_SLL, with(&sll([0x81, 0]), &with(&[0, 7, 8, 0], &packet))),
        (LinkType::LINUX_SLL2, with(&sll2([8, 0]), &packet)),
        (LinkType::LINUX_SLL2, with(&sll2([0x86, 0xdd]), &packet6)),
        (LinkType::NULL, with(&[2, 0, 0, 0], &packet)),
        (LinkType::NULL, with(&[0, 0, 0, 2], &packet)),
        (LinkType::NULL, with(&[30, 0, 0, 0], &packet6)),
        (LinkType::NULL, with(&[0, 0, 0, 24], &packet6)),
        (LinkType::LOOP, with(&[0, 0, 0, 28], &packet6)),
    ];
    for (link_type, data) in frames {
        let mut bench = Bench::default();
        bench.frame(link_type, &data);
        assert_eq!(bench.payloads(), [b"hello"], "{link_type} {data:02x?}");
        assert_eq!(bench.heard.datagrams[0].4, 5);
        assert!(bench.skipped().is_empty());
        // Cut anywhere, it is counted and nothing else.
        for kept in 0..data.len() {
            let mut bench = Bench::default();
            bench.cut_frame(link_type, &data[..kept], data.len());
            assert_eq!(bench.stack.truncated_packets(), 1);
            let skipped: u64 = bench.skipped().iter().map(|(_, packets)| packets).sum();
            assert_eq!(skipped + bench.payloads().len() as u64, 1, "{link_type} cut to {kept}");
        }
    }
}

#[test]
fn padding_of_the_link_is_no_payload() {
    let mut frame = ethernet(0x0800, &ipv4(1, 17, &udp(b"hi")));
    frame.resize(60, 0xee);
    let mut bench = Bench::default();
    bench.frame(LinkType::ETHERNET, &frame);
    assert_eq!(bench.payloads(), [b"hi"]);
}

#[test]
fn a_snaplen_cuts_the_payload_and_not_the_length() {
    let frame = ethernet(0x0800, &ipv4(1, 17, &udp(&[7; 100])));
    let mut bench = Bench::default();
    bench.cut_frame(LinkType::ETHERNET, &frame[..60], frame.len());
    assert_eq!(bench.heard.datagrams[0].3, [7; 18]);
    assert_eq!(bench.heard.datagrams[0].4, 100);
    assert_eq!(bench.stack.truncated_packets(), 1);
}

#[test]
fn lengths_of_zero_mean_all_that_was_captured() {
    let mut packet = ipv4(1, 17, &udp_stating(0, &[7; 3000]));
    packet[2] = 0;
    packet[3] = 0;
    let mut packet6 = ipv6(17, &udp_stating(0, &[7; 3000]));
    packet6[4] = 0;
    packet6[5] = 0;
    for (ether_type, packet) in [(0x0800, packet), (0x86dd, packet6)] {
        let mut bench = Bench::default();
        bench.frame(LinkType::ETHERNET, &ethernet(ether_type, &packet));
        assert_eq!(bench.payloads(), [[7; 3000]]);
        assert_eq!(bench.heard.datagrams[0].4, 3000);
    }
}

#[test]
fn the_udp_length_wins_where_it_is_the_smaller() {
    let mut bench = Bench::default();
    bench.ip(&ipv4(1, 17, &udp_stating(10, b"hello")));
    bench.ip(&ipv4(2, 17, &udp_stating(100, b"hello")));
    assert_eq!(bench.payloads(), [b"he".as_slice(), b"hello"]);
    assert_eq!(bench.heard.datagrams[1].4, 5);
}

#[test]
fn what_is_skipped_is_counted_by_reason() {
    let mut bench = Bench::default();
    for (frame, reason) in [
        (ethernet(0x0806, &[0; 28]), "arp"),
        (ethernet(0x0026, &[0; 38]), "llc"),
        (ethernet(0x88cc, &[0; 38]), "lldp"),
        (ethernet(0x8864, &[0; 38]), "pppoe"),
        (ethernet(0x8847, &[0; 38]), "mpls"),
        (ethernet(0x888e, &[0; 38]), "eapol"),
        (ethernet(0x1234, &[0; 38]), "not-ip"),
        (ethernet(0x8100, &[0, 1, 0x81, 0].repeat(9)), "vlan-depth"),
        (ethernet(0x8100, &[0, 1, 8]), "truncated-header"),
        (ethernet(0x0800, &[0x35; 40]), "bad-ip-header"),
        (ethernet(0x0800, &[0x44; 40]), "bad-ip-header"),
        (ethernet(0x0800, &ipv4(1, 17, &udp_stating(7, b"hello"))), "bad-udp-header"),
        (ethernet(0x0800, &ipv4(1, 6, &[0; 20])), "bad-tcp-header"),
        (ethernet(0x0800, &ipv4(1, 6, &[0; 19])), "truncated-header"),
        (ethernet(0x0800, &ipv4(1, 2, &[0; 8])), "igmp"),
        (ethernet(0x0800, &ipv4(1, 47, &[0; 8])), "gre"),
        (ethernet(0x0800, &ipv4(1, 4, &[0; 20])), "ip-in-ip"),
        (ethernet(0x0800, &ipv4(1, 50, &[0; 8])), "esp"),
        (ethernet(0x0800, &ipv4(1, 132, &[0; 8])), "sctp"),
        (ethernet(0x0800, &ipv4(1, 99, &[0; 8])), "other-ip-protocol"),
        (ethernet(0x0800, &ipv4(1, 1, &[8; 8])), "non-error-icmp"),
        (ethernet(0x0800, &ipv4(1, 1, &[3; 12])), "icmp-quote"),
    ] {
        let mut one = Bench::default();
        one.frame(LinkType::ETHERNET, &frame);
        let names: Vec<_> = one.skipped().iter().map(|(reason, packets)| (reason.name(), *packets)).collect();
        assert_eq!(names, [(reason, 1)]);
        bench.frame(LinkType::ETHERNET, &frame);
    }
    bench.frame(LinkType(147), &[0; 40]);
    assert!(bench.skipped().contains(&(SkipReason::TruncatedHeader, 2)));
    assert_eq!(bench.skipped().first(), Some(&(SkipReason::UnknownLinkType, 1)));
    assert!(bench.skipped().is_sorted());
}

#[test]
fn extension_headers_are_passed_over() {
    let datagram = udp(b"hello");
    let hop_by_hop = [&[60, 0, 1, 4, 0, 0, 0, 0], [17, 0, 1, 4, 0, 0, 0, 0].as_slice(), &datagram].concat();
    let routing = [&[17, 0, 0, 0, 0, 0, 0, 0], datagram.as_slice()].concat();
    let authentication = [&[17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2], datagram.as_slice()].concat();
    let atomic = [&[17, 0, 0, 0, 0, 0, 0, 9], datagram.as_slice()].concat();
    let mut bench = Bench::default();
    // Far enough from one another not to be taken for sightings of one packet.
    for (kind, packet) in [(0, hop_by_hop), (43, routing), (51, authentication), (44, atomic)] {
        bench.wait(10).ip(&ipv6(kind, &packet));
    }
    assert_eq!(bench.payloads(), [b"hello"; 4]);
    bench.ip(&ipv6(60, &[60, 0, 1, 4, 0, 0, 0, 0].repeat(40)));
    assert_eq!(bench.skipped(), [(SkipReason::BadIpHeader, 1)]);
}

#[test]
fn a_clock_that_goes_back_is_told() {
    let mut bench = Bench::default();
    let packet = ipv4(1, 17, &udp(b"hello"));
    bench.ip(&packet).wait(10).ip(&packet).wait(-30).ip(&packet).wait(-5).ip(&packet);
    let went_back = bench.stack.clock_went_back();
    assert_eq!(went_back.times, 2);
    assert_eq!(went_back.first.map(|first| first.frame.0), Some(3));
    assert_eq!(went_back.largest.as_millis(), 29);
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        link in proptest::sample::select(vec![0_u16, 1, 12, 101, 108, 113, 228, 229, 276, 9999]),
        start in 0_usize..8,
        frames in proptest::collection::vec((proptest::collection::vec(proptest::num::u8::ANY, 0..120), 0_usize..9000), 0..20),
    ) {
        let starts: [&[u8]; 8] = [
            &[],
            &[0x45, 0],
            &[0x60, 0, 0, 0, 0, 80, 44, 64],
            &[2, 0, 0, 0, 0x45, 0],
            &[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 60, 0, 1, 0x20, 0, 64, 17],
            &[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 60, 0, 1, 0, 0, 64, 6],
            &[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 60, 0, 1, 0, 0, 64, 1],
            &[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 60, 0, 64],
        ];
        let mut bench = Bench::with(Limits::default());
        for (bytes, original_length) in &frames {
            let data = [starts[start], bytes].concat();
            bench.cut_frame(LinkType(link), &data, *original_length);
        }
        bench.finish();
    }
}
