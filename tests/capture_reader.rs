//! The reader on captures made byte by byte.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![cfg(feature = "capture")]

mod capture_bytes;

use std::io::{self, Cursor, Read};
use std::sync::mpsc;

use capture_bytes::*;
use rtcscope::capture::{Compression, Damage, Direction, Error, Format, Interface, LinkType, Part, Reader, SecretKind};
use rtcscope::moment::FrameNumber;

const SECOND: i64 = 1_000_000_000;

/// Time, interface, link type, original length and bytes of a frame.
type Seen = (i64, u32, u16, u32, Vec<u8>);

fn read(bytes: &[u8]) -> (Reader, Vec<Seen>, Option<Error>) {
    let mut reader = Reader::from_read(Cursor::new(bytes.to_vec())).unwrap();
    let mut frames = Vec::new();
    let error = loop {
        match reader.next_frame() {
            Ok(Some(frame)) => {
                assert_eq!(frame.moment.frame, FrameNumber(frames.len() as u64 + 1));
                frames.push((
                    frame.moment.time.0,
                    frame.interface,
                    frame.link_type.0,
                    frame.original_length,
                    frame.data.to_vec(),
                ));
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    assert!(matches!(reader.next_frame(), Ok(None)), "nothing comes after the end");
    (reader, frames, error)
}

fn fails(bytes: &[u8]) -> Error {
    Reader::from_read(Cursor::new(bytes.to_vec())).expect_err("an error")
}

fn small_pcap(order: Order) -> Vec<u8> {
    let mut file = pcap_header(order, 0xa1b2_c3d4, 1);
    file.extend(pcap_record(order, 1, 500_000, 100, b"one"));
    file.extend(pcap_record(order, 2, 0, 0, b"second"));
    file.extend(pcap_record(order, 3, 999_999, 0, b""));
    file
}

fn small_pcapng(order: Order) -> Vec<u8> {
    let mut file = section(order, &option(order, 1, b"made by hand"));
    file.extend(interface(order, 1, 0, &option(order, 2, b"eth0")));
    file.extend(enhanced(order, 0, 1_500_000, 100, b"one", &[]));
    file.extend(enhanced(order, 0, 2_000_000, 6, b"second", &option(order, 1, b"look")));
    file
}

#[test]
fn pcap_in_both_orders_and_resolutions() {
    for order in [Order::Little, Order::Big] {
        for (magic, unit) in [(0xa1b2_c3d4, 1000), (0xa1b2_3c4d, 1)] {
            let mut file = pcap_header(order, magic, 0x2400_0071);
            file.extend(pcap_record(order, 1, 500_000, 100, b"one"));
            file.extend(pcap_record(order, u32::MAX, 7, 3, b"second"));
            let (reader, frames, error) = read(&file);
            assert!(error.is_none());
            assert_eq!(
                frames,
                [
                    (SECOND + 500_000 * unit, 0, 113, 100, b"one".to_vec()),
                    (i64::from(u32::MAX) * SECOND + 7 * unit, 0, 113, 6, b"second".to_vec()),
                ]
            );
            assert_eq!((reader.format(), reader.compression()), (Format::Pcap, None));
            assert_eq!(reader.link_types(), [LinkType::LINUX_SLL]);
            assert_eq!((reader.dropped_by_kernel(), reader.frames()), (None, 2));
            assert_eq!(reader.position(), file.len() as u64);
        }
    }
}

#[test]
fn the_modified_format_has_longer_records() {
    let order = Order::Little;
    let mut file = pcap_header(order, 0xa1b2_cd34, 1);
    let mut record = pcap_record(order, 1, 0, 3, b"one");
    record.splice(16..16, [0xff; 8]);
    file.extend(record.repeat(2));
    let (_, frames, error) = read(&file);
    assert!(error.is_none());
    assert_eq!(frames[1], (SECOND, 0, 1, 3, b"one".to_vec()));
    assert_eq!(
        read(&file[..file.len() - 4]).2.unwrap().to_string(),
        "cut off: expected 24 bytes of record header at byte 51, found 23"
    );
}

#[test]
fn pcapng_with_interfaces_that_count_time_differently() {
    for order in [Order::Little, Order::Big] {
        let mut file = section(order, &[]);
        file.extend(interface(order, 1, 0, &[]));
        file.extend(interface(order, 276, 0, &option(order, 9, &[9])));
        file.extend(interface(order, 101, 0, &option(order, 9, &[0x80 | 20])));
        let offset = [option(order, 9, &[3]), option(order, 14, &order.u64(1000))].concat();
        file.extend(interface(order, 1, 0, &offset));
        let before = option(order, 14, &order.u64((-1_i64).cast_unsigned()));
        file.extend(interface(order, 1, 0, &before));
        for (interface, ticks) in [(0, 5_000_001), (1, 5_000_000_001), (2, 5 << 20 | 1 << 19), (3, 5), (4, 5_000_000)] {
            file.extend(enhanced(order, interface, ticks, 1, b"x", &[]));
        }
        let (reader, frames, error) = read(&file);
        assert!(error.is_none());
        let times: Vec<_> = frames.iter().map(|frame| (frame.0, frame.1, frame.2)).collect();
        assert_eq!(
            times,
            [
                (5_000_001_000, 0, 1),
                (5_000_000_001, 1, 276),
                (5_500_000_000, 2, 101),
                (1_000_005_000_000, 3, 1),
                (4_000_000_000, 4, 1),
            ]
        );
        assert_eq!(reader.link_types(), [LinkType::ETHERNET, LinkType::LINUX_SLL2, LinkType::RAW]);
    }
}

#[test]
fn sections_have_their_own_order_and_interfaces() {
    let mut file = Vec::new();
    for (order, link_type) in [(Order::Little, 1), (Order::Big, 113), (Order::Little, 276)] {
        file.extend(section(order, &[]));
        file.extend(interface(order, link_type, 0, &[]));
        file.extend(enhanced(order, 0, 1_000_000, 1, b"x", &[]));
    }
    let (reader, frames, error) = read(&file);
    assert!(error.is_none());
    assert_eq!(frames.iter().map(|frame| (frame.1, frame.2)).collect::<Vec<_>>(), [(0, 1), (1, 113), (2, 276)]);
    assert_eq!(reader.interfaces().len(), 3);
}

#[test]
fn simple_and_obsolete_packets_are_read() {
    for order in [Order::Little, Order::Big] {
        let mut file = section(order, &[]);
        file.extend(interface(order, 1, 5, &[]));
        file.extend(enhanced(order, 0, 7_000_000, 3, b"one", &[]));
        // Cut by the snaplen of 5, and padded.
        file.extend(block(order, 3, &[&order.u32(9), padded(b"simpl").as_slice()].concat()));
        file.extend(block(order, 3, &[&order.u32(2), padded(b"ok").as_slice()].concat()));
        let mut obsolete = Vec::new();
        obsolete.extend(order.u16(0));
        obsolete.extend(order.u16(4));
        for field in [0, 8_000_000, 3, 44] {
            obsolete.extend(order.u32(field));
        }
        obsolete.extend(padded(b"old"));
        obsolete.extend(option(order, 2, &order.u32(2)));
        file.extend(block(order, 2, &obsolete));
        let (reader, frames, error) = read(&file);
        assert!(error.is_none(), "{error:?}");
        assert_eq!(
            frames,
            [
                (7 * SECOND, 0, 1, 3, b"one".to_vec()),
                (7 * SECOND, 0, 1, 9, b"simpl".to_vec()),
                (7 * SECOND, 0, 1, 2, b"ok".to_vec()),
                (8 * SECOND, 0, 1, 44, b"old".to_vec()),
            ]
        );
        assert_eq!(reader.dropped_by_kernel(), Some(4));
    }
}

#[test]
fn what_a_capture_says_about_itself_is_kept() {
    for order in [Order::Little, Order::Big] {
        let mut file = section(order, &option(order, 1, b"a section"));
        let names = [option(order, 2, b"eth0"), option(order, 3, b"the uplink"), option(order, 12, b"Linux 6\0")];
        file.extend(interface(order, 1, 96, &[names.concat(), option(order, 0, &[])].concat()));
        file.extend(interface(order, 1, 0, &option(order, 1, b"quiet")));
        let mut secrets = [order.u32(0x544c_534b), order.u32(5)].concat();
        secrets.extend(padded(b"a key"));
        file.extend(block(order, 10, &secrets));
        let secrets = [order.u32(7), order.u32(0)].concat();
        file.extend(block(order, 10, &secrets));
        let options = [option(order, 2, &order.u32(2)), option(order, 1, b"look"), option(order, 4, &order.u64(3))];
        file.extend(enhanced(order, 0, 0, 3, b"one", &options.concat()));
        file.extend(enhanced(order, 1, 0, 3, b"one", &option(order, 2, &order.u32(1))));
        for dropped in [1_u64, 9] {
            let mut statistics = [order.u32(0), order.u32(0), order.u32(0)].concat();
            statistics.extend(option(order, 4, &order.u64(1000)));
            statistics.extend(option(order, 5, &order.u64(dropped)));
            statistics.extend(option(order, 7, &order.u64(1)));
            file.extend(block(order, 5, &statistics));
        }
        // Names, a journal entry, something from the future.
        for kind in [4, 9, 0x0bad, 0x80] {
            file.extend(block(order, kind, &[0; 12]));
        }
        let (reader, frames, error) = read(&file);
        assert!(error.is_none(), "{error:?}");
        assert_eq!(frames.len(), 2);
        let eth0 = Interface {
            link_type: LinkType::ETHERNET,
            snaplen: 96,
            name: Some("eth0".to_owned()),
            description: Some("the uplink".to_owned()),
            os: Some("Linux 6".to_owned()),
            dropped: Some(10),
        };
        assert_eq!(reader.interfaces()[0], eth0);
        assert_eq!((reader.interfaces()[1].dropped, reader.dropped_by_kernel()), (None, Some(10)));
        let comments: Vec<_> = reader.comments().iter().map(|comment| (comment.frame, comment.text.as_str())).collect();
        assert_eq!(comments, [(None, "a section"), (None, "quiet"), (Some(FrameNumber(1)), "look")]);
        let secrets: Vec<_> = reader.secrets().iter().map(|secret| (secret.kind, secret.bytes.as_slice())).collect();
        assert_eq!(secrets, [(SecretKind::TlsKeyLog, b"a key".as_slice()), (SecretKind::Other(7), b"")]);
        assert_eq!(format!("{:?}", reader.secrets()[0]), "Secret { kind: TlsKeyLog, length: 5, .. }");
    }
}

#[test]
fn a_packet_says_its_direction() {
    let order = Order::Big;
    let mut file = section(order, &[]);
    file.extend(interface(order, 1, 0, &[]));
    for flags in [0, 1, 2, 3] {
        file.extend(enhanced(order, 0, 0, 1, b"x", &option(order, 2, &order.u32(flags | 0x100))));
    }
    let mut reader = Reader::from_read(Cursor::new(file)).unwrap();
    let mut directions = Vec::new();
    while let Ok(Some(frame)) = reader.next_frame() {
        directions.push(frame.direction);
    }
    assert_eq!(directions, [None, Some(Direction::Inbound), Some(Direction::Outbound), None]);
}

#[test]
fn compression_is_recognised_by_content() {
    for file in [small_pcap(Order::Big), small_pcapng(Order::Little)] {
        let plain = read(&file);
        let twice = [file.clone(), file.clone()].concat();
        let half = twice.len() / 2;
        for (packed, compression) in [
            (gzip(&file), Compression::Gzip),
            ([gzip(&file[..30]), gzip(&file[30..])].concat(), Compression::Gzip),
            (zstandard(&file), Compression::Zstandard),
            ([zstandard(&file[..30]), zstandard(&file[30..])].concat(), Compression::Zstandard),
            (
                [[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3].as_slice(), &zstandard(&twice[..half])].concat(),
                Compression::Zstandard,
            ),
        ] {
            let (reader, frames, error) = read(&packed);
            assert!(error.is_none(), "{error:?}");
            assert_eq!(reader.compression(), Some(compression));
            assert_eq!(frames, plain.1);
            assert_eq!(reader.position(), packed.len() as u64);
        }
    }
}

#[test]
fn a_compressed_stream_that_ends_early_gives_what_came_out_of_it() {
    let mut file = small_pcap(Order::Little);
    for number in 0..8000_u32 {
        file.extend(pcap_record(Order::Little, number, number * 7919, 40, &number.to_le_bytes().repeat(10)));
    }
    for packed in [gzip(&file), zstandard(&file)] {
        let cut = &packed[..packed.len() * 2 / 3];
        let (reader, frames, error) = read(cut);
        let Some(Error::CompressedCut { offset, compression }) = error else { panic!("{error:?}") };
        assert_eq!(reader.compression(), Some(compression));
        assert!(offset <= file.len() as u64);
        // Zstandard decodes whole blocks of 128 KiB, and keeps back a window of them that is given at the error.
        assert!(frames.len() > 4000, "{} frames", frames.len());
        let mut damaged = packed.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 8].fill(0xff);
        let Ok(mut reader) = Reader::from_read(Cursor::new(damaged)) else {
            panic!("the beginning is whole");
        };
        let mut frames = 0;
        while let Ok(Some(_)) = reader.next_frame() {
            frames += 1;
        }
        assert!(frames > 2000, "{frames} frames");
    }
    // Two frames of Zstandard, the second cut: all of the first comes out.
    let packed = [zstandard(&file[..200_000]), zstandard(&file[200_000..300_000])].concat();
    let (_, frames, error) = read(&packed[..packed.len() - 10]);
    assert!(matches!(error, Some(Error::CompressedCut { .. })), "{error:?}");
    assert!(frames.len() > 3000, "{} frames", frames.len());
}

#[test]
fn what_is_no_capture_is_refused() {
    assert!(matches!(fails(b""), Error::Empty));
    assert!(matches!(fails(&gzip(b"")), Error::Empty));
    assert_eq!(
        fails(b"MZ").to_string(),
        "not a capture: expected the magic number of pcap or pcapng, found 4d 5a 00 00"
    );
    assert!(matches!(fails(b"v=0\r\no=- 1 1 IN IP4 0.0.0.0"), Error::NotACapture { magic: [b'v', b'=', b'0', b'\r'] }));
    assert!(matches!(fails(&[0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9]), Error::Read { offset: 0, .. }));
    let missing = Reader::open(std::path::Path::new("no such capture")).unwrap_err();
    assert!(matches!(&missing, Error::Open { source } if source.kind() == io::ErrorKind::NotFound));
    let pcap = small_pcap(Order::Little);
    for kept in 4..24 {
        assert_eq!(fails(&pcap[..kept]).to_string(), format!("expected a pcap header of 24 bytes, found {kept} bytes"));
    }
    let pcapng = section(Order::Little, &[]);
    for kept in 4..28 {
        assert!(matches!(fails(&pcapng[..kept]), Error::HeaderCut { format: Format::Pcapng, .. }));
    }
    let mut other = pcapng;
    other[12] = 2;
    assert_eq!(fails(&other).to_string(), "damaged at byte 12: expected a section of version 1, found 2");
    other[8] = 0;
    assert!(matches!(
        fails(&other),
        Error::Damaged { offset: 8, damage: Damage::ByteOrder { found: 0x1a2b_3c00 }, .. }
    ));
}

#[test]
fn a_header_without_packets_is_a_capture() {
    assert!(read(&pcap_header(Order::Big, 0xa1b2_c3d4, 1)).2.is_none());
    assert!(read(&section(Order::Big, &[])).2.is_none());
}

#[test]
fn a_file_cut_anywhere_says_where() {
    for order in [Order::Little, Order::Big] {
        let file = small_pcap(order);
        let starts = [24, 24 + 19, 24 + 19 + 22, file.len()];
        for kept in 24..file.len() {
            let (_, frames, error) = read(&file[..kept]);
            let whole = starts.iter().rposition(|start| *start <= kept).unwrap();
            assert_eq!(frames.len(), whole);
            let start = starts[whole];
            match error {
                None => assert_eq!(kept, start),
                Some(Error::Cut { offset, part: Part::RecordHeader, expected: 16, found, compression: None }) => {
                    assert_eq!((offset, found), (start as u64, (kept - start) as u64));
                    assert!(found < 16);
                }
                Some(Error::Cut { offset, part: Part::PacketData, expected, found, compression: None }) => {
                    assert_eq!((offset, found), (start as u64 + 16, (kept - start) as u64 - 16));
                    assert_eq!(expected, [3, 6, 0][whole]);
                }
                Some(other) => panic!("cut to {kept}: {other}"),
            }
        }
        let file = small_pcapng(order);
        let begin = section(order, &option(order, 1, b"made by hand")).len();
        for kept in begin..file.len() {
            let (_, frames, error) = read(&file[..kept]);
            assert!(frames.len() < 2);
            match error {
                None => {}
                Some(Error::Cut { offset, part, expected, found, .. }) => {
                    assert_eq!(offset + found, kept as u64);
                    assert!(found < expected);
                    assert_eq!(part == Part::BlockHeader, found < 8);
                }
                Some(other) => panic!("cut to {kept}: {other}"),
            }
        }
    }
}

#[test]
fn each_byte_flipped_makes_at_most_an_error() {
    for file in [
        small_pcap(Order::Little),
        small_pcap(Order::Big),
        small_pcapng(Order::Little),
        small_pcapng(Order::Big),
        gzip(&small_pcap(Order::Little)),
        zstandard(&small_pcapng(Order::Little)),
    ] {
        for place in 0..file.len() {
            for bits in [0x01, 0x10, 0x80, 0xff] {
                let mut file = file.clone();
                file[place] ^= bits;
                let most = file.len() / 12;
                let Ok(mut reader) = Reader::from_read(Cursor::new(file)) else { continue };
                let mut frames = 0;
                while let Ok(Some(_)) = reader.next_frame() {
                    frames += 1;
                }
                assert!(frames <= most);
            }
        }
    }
}

fn damage(bytes: &[u8]) -> (u64, Damage) {
    match read(bytes).2 {
        Some(Error::Damaged { offset, damage, compression: None }) => (offset, damage),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_error_points_at_the_field() {
    let order = Order::Little;
    let mut file = pcap_header(order, 0xa1b2_c3d4, 1);
    file.extend(pcap_record(order, 1, 0, 3, b"one"));
    let start = file.len() as u64;
    file.extend([0_u32, 0, 262_145, 5].map(|field| order.u32(field)).concat());
    assert_eq!(damage(&file), (start + 8, Damage::CapturedLength { found: 262_145, maximum: 262_144 }));

    let mut begin = section(order, &[]);
    begin.extend(interface(order, 1, 0, &[]));
    let start = begin.len() as u64;
    let maximum = 16 * 1024 * 1024;
    let with = |tail: &[u8]| [begin.as_slice(), tail].concat();
    for (length, minimum) in [(8, 32), (31, 32), (33, 32), (u32::MAX, 32), (maximum + 4, 32)] {
        let mut packet = enhanced(order, 0, 0, 0, b"", &[]);
        packet[4..8].copy_from_slice(&order.u32(length));
        assert_eq!(damage(&with(&packet)), (start + 4, Damage::BlockLength { found: length, minimum, maximum }));
    }
    let mut packet = enhanced(order, 0, 0, 0, b"", &[]);
    packet[28] = 36;
    assert_eq!(damage(&with(&packet)), (start + 28, Damage::TrailingLength { expected: 32, found: 36 }));
    let packet = enhanced(order, 1, 0, 0, b"", &[]);
    assert_eq!(damage(&with(&packet)), (start + 8, Damage::Interface { found: 1, described: 1 }));
    for captured in [5, 4096, u32::MAX - 4, u32::MAX] {
        let mut packet = enhanced(order, 0, 0, 0, b"four", &[]);
        packet[20..24].copy_from_slice(&order.u32(captured));
        assert_eq!(damage(&with(&packet)), (start, Damage::BlockContent { block_type: 6 }));
    }
    let packed = gzip(&with(&enhanced(order, 1, 0, 0, b"", &[])));
    assert_eq!(
        read(&packed).2.unwrap().to_string(),
        format!(
            "damaged at byte {} of the uncompressed capture: expected one of the 1 interfaces described so far, found number 1",
            start + 8
        )
    );
}

#[test]
fn a_length_of_gigabytes_costs_nothing() {
    // A source without an end, so that whoever believes the length reads for ever.
    let order = Order::Little;
    let mut pcap = pcap_header(order, 0xa1b2_c3d4, 1);
    pcap.extend([0_u32, 0, u32::MAX - 16, 5].map(|field| order.u32(field)).concat());
    let mut pcapng = section(order, &[]);
    pcapng.extend([order.u32(6), order.u32(u32::MAX - 3)].concat());
    for file in [pcap, pcapng] {
        let mut reader = Reader::from_read(Cursor::new(file).chain(io::repeat(0))).unwrap();
        assert!(matches!(reader.next_frame(), Err(Error::Damaged { .. })));
        assert!(reader.position() < 1024 * 1024);
    }
}

#[test]
fn interfaces_and_comments_are_bounded() {
    let order = Order::Little;
    let mut file = section(order, &[]);
    file.extend(interface(order, 1, 0, &option(order, 2, &[b'n'; 60_000])).repeat(3));
    file.extend(interface(order, 1, 0, &[]).repeat(20_000));
    let (reader, _, error) = read(&file);
    assert!(matches!(error, Some(Error::Damaged { damage: Damage::Interfaces { maximum: 16_384 }, .. })));
    assert_eq!(reader.interfaces()[0].name.as_ref().map(String::len), Some(128));
    let file = section(order, &option(order, 1, &[b'c'; 60_000])).repeat(20);
    let (reader, _, _) = read(&file);
    assert_eq!((reader.comments().len(), reader.comments_omitted()), (4, 16));
    let mut secrets = [order.u32(7), order.u32(4_000_000)].concat();
    secrets.extend(vec![0; 4_000_000]);
    let file = [section(order, &[]), block(order, 10, &secrets).repeat(5)].concat();
    let (reader, _, error) = read(&file);
    assert!(error.is_none());
    assert_eq!((reader.secrets().len(), reader.secrets_omitted()), (4, 1));
}

/// A pipe: each read gives what was sent in one piece, and waits for it.
struct Pipe {
    pieces: mpsc::Receiver<Vec<u8>>,
    rest: Cursor<Vec<u8>>,
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.position() == self.rest.get_ref().len() as u64 {
            match self.pieces.recv() {
                Ok(piece) => self.rest = Cursor::new(piece),
                Err(_) => return Ok(0),
            }
        }
        self.rest.read(buffer)
    }
}

type Packer = fn(&[u8]) -> Vec<u8>;

#[test]
fn a_frame_is_given_as_soon_as_its_bytes_are_there() {
    let packers: [Packer; 2] = [<[u8]>::to_vec, gzip];
    for pack in packers {
        for (file, places) in [
            (small_pcap(Order::Little), vec![24, 24 + 19, 24 + 19 + 22, 24 + 19 + 22 + 16]),
            (small_pcapng(Order::Big), vec![44, 72, 108, 156]),
        ] {
            let (send, pieces) = mpsc::channel();
            let pipe = Pipe { pieces, rest: Cursor::default() };
            // The header, byte by byte; then the reader opens without anything behind it.
            for byte in &file[..places[0]] {
                send.send(pack(&[*byte])).unwrap();
            }
            let mut reader = Reader::from_read(pipe).unwrap();
            for (from, to) in places.iter().zip(&places[1..]) {
                send.send(pack(&file[*from..*to])).unwrap();
                if *to == 72 {
                    // A description of an interface is no frame: the next piece comes before one is asked for.
                    continue;
                }
                // Would wait for ever if it wanted more than was sent.
                assert!(reader.next_frame().unwrap().is_some());
            }
            drop(send);
            assert!(reader.next_frame().unwrap().is_none());
        }
    }
}

#[test]
fn interruptions_and_single_bytes_are_read_over() {
    struct Slow(Cursor<Vec<u8>>, bool);
    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            self.0.read(&mut buffer[..1])
        }
    }
    for file in [small_pcap(Order::Big), small_pcapng(Order::Big), gzip(&small_pcap(Order::Big))] {
        let expected = read(&file).1.len();
        let mut reader = Reader::from_read(Slow(Cursor::new(file), false)).unwrap();
        let mut frames = 0;
        while reader.next_frame().unwrap().is_some() {
            frames += 1;
        }
        assert_eq!(frames, expected);
    }
}

#[test]
fn an_error_of_the_system_is_kept() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let mut reader = Reader::from_read(Cursor::new(small_pcap(Order::Little)).chain(Broken)).unwrap();
    for _ in 0..3 {
        assert!(reader.next_frame().unwrap().is_some());
    }
    let error = reader.next_frame().unwrap_err();
    assert!(
        matches!(&error, Error::Read { offset: 81, compression: None, source } if source.kind() == io::ErrorKind::ConnectionReset)
    );
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn records_longer_than_the_window_are_read() {
    let order = Order::Little;
    let data = vec![7; 262_144];
    let mut file = pcap_header(order, 0xa1b2_c3d4, 1);
    file.extend(pcap_record(order, 1, 0, 300_000, &data).repeat(3));
    let (_, frames, error) = read(&file);
    assert!(error.is_none());
    assert_eq!(frames.len(), 3);
    assert_eq!(frames[2].4, data);
}

#[test]
fn custom_blocks_have_frame_numbers_as_in_wireshark() {
    for order in [Order::Little, Order::Big] {
        let mut file = small_pcapng(order);
        file.extend(block(order, 0x0000_0bad, &[order.u32(32_473).as_slice(), &padded(b"ours")].concat()));
        file.extend(enhanced(order, 0, 3_000_000, 5, b"third", &[]));
        let mut reader = Reader::from_read(Cursor::new(file)).unwrap();
        let mut numbers = Vec::new();
        while let Some(frame) = reader.next_frame().unwrap() {
            numbers.push(frame.moment.frame.0);
        }
        assert_eq!(numbers, [1, 2, 4]);
        assert_eq!(reader.frames(), 3, "a custom block is no packet");
    }
}
