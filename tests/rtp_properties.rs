//! What must hold for every RTP packet, also for the ones nobody would send, and what `rtp-types` makes of the same bytes.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unwrap_used, missing_docs)]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rtcscope::wire::field::Field;
use rtcscope::wire::rtp::extension::{DependencyDescriptor, Kind};
use rtcscope::wire::rtp::payload::Codec;
use rtcscope::wire::rtp::{Builder, Context, Packet, PayloadType, RtpTimestamp, SequenceNumber, Ssrc, describe};

fn mark(fields: &[Field], seen: &mut [bool]) {
    for field in fields {
        if field.children.is_empty() {
            seen[field.range.clone()].fill(true);
        } else {
            for child in &field.children {
                assert!(field.range.start <= child.range.start && child.range.end <= field.range.end, "{child:?}");
            }
            mark(&field.children, seen);
        }
    }
}

fn covered(fields: &[Field], length: usize) -> bool {
    let mut seen = vec![false; length];
    mark(fields, &mut seen);
    seen.iter().all(|seen| *seen)
}

/// What is read here and there, and where they differ, why.
fn both_see_the_same(bytes: &[u8]) {
    let ours = Packet::parse(bytes);
    let Ok(theirs) = rtp_types::RtpPacket::parse(bytes) else {
        // What it refuses has a fault here.
        assert!(ours.is_ok_and(|packet| packet.fault().is_some()) || ours.is_err(), "{bytes:02x?}");
        return;
    };
    let ours = ours.expect("read there, but not here");
    assert_eq!(ours.marker, theirs.marker_bit());
    assert_eq!(ours.payload_type.0, theirs.payload_type());
    assert_eq!(ours.sequence_number.0, theirs.sequence_number());
    assert_eq!(ours.timestamp.0, theirs.timestamp());
    assert_eq!(ours.ssrc.0, theirs.ssrc());
    assert!(ours.csrcs().map(|source| source.0).eq(theirs.csrc()));
    let extension = ours.extension.map(|extension| (extension.profile, extension.data));
    assert_eq!(extension, theirs.extension());
    assert_eq!(ours.fault(), None);
    assert_eq!(ours.payload(), theirs.payload());
    assert_eq!(ours.padding().len(), usize::from(theirs.padding().unwrap_or(0)));
}

fn built() -> impl Strategy<Value = (Builder, Vec<u8>)> {
    let header = (any::<bool>(), 0..128_u8, any::<u16>(), any::<u32>(), any::<u32>());
    let parts = (vec(any::<u32>(), 0..16), vec((1..=255_u8, vec(any::<u8>(), 0..20)), 0..5), any::<u8>());
    (header, parts, vec(any::<u8>(), 0..60)).prop_map(|(header, (sources, elements, padding), payload)| {
        let (marker, kind, number, time, ssrc) = header;
        let made = Builder::new(Ssrc(ssrc))
            .marker(marker)
            .payload_type(PayloadType(kind))
            .sequence_number(SequenceNumber(number))
            .timestamp(RtpTimestamp(time))
            .payload(&payload)
            .padding(padding);
        let made = sources.into_iter().take(15).fold(made, |made, source| made.csrc(Ssrc(source)));
        (elements.iter().fold(made, |made, (id, value)| made.extension(*id, value)), payload)
    })
}

/// Bytes that are likely to be taken for a packet.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    (0x80..=0xBF_u8, vec(any::<u8>(), 11..80)).prop_map(|(first, rest)| [vec![first], rest].concat())
}

proptest! {
    #[test]
    fn what_is_made_is_read((builder, payload) in built()) {
        let bytes = builder.emit().unwrap();
        let packet = Packet::parse(&bytes).unwrap();
        prop_assert_eq!(packet.fault(), None);
        prop_assert_eq!(packet.payload(), payload);
        prop_assert!(packet.extension.is_none_or(|extension| extension.check().is_ok()));
        let mut again = Builder::new(packet.ssrc)
            .marker(packet.marker)
            .payload_type(packet.payload_type)
            .sequence_number(packet.sequence_number)
            .timestamp(packet.timestamp)
            .payload(packet.payload())
            .padding(u8::try_from(packet.padding().len()).unwrap());
        again = packet.csrcs().fold(again, Builder::csrc);
        again = packet.elements().fold(again, |made, element| made.extension(element.id, element.value));
        prop_assert_eq!(again.emit().unwrap(), &bytes[..]);
        prop_assert!(covered(&describe(&packet, &Context::default()), bytes.len()));
        both_see_the_same(&bytes);
    }

    #[test]
    fn any_bytes_are_read_alike(bytes in prop_oneof![likely(), vec(any::<u8>(), 0..40)]) {
        both_see_the_same(&bytes);
    }

    #[test]
    fn any_bytes_are_described_whole(bytes in likely(), cut in 0..40_usize, codec in 0..Codec::ALL.len(), place: u8) {
        let kinds = |id: u8| Kind::ALL.get(usize::from(id.wrapping_add(place)) % (Kind::ALL.len() + 3)).copied();
        let packet = Packet::parse_captured(&bytes, bytes.len() + cut).unwrap();
        for encrypted in [false, true] {
            let codec = Some(Codec::ALL[codec]);
            let context = Context { extensions: Some(&kinds), codec, encrypted, ..Context::default() };
            prop_assert!(covered(&describe(&packet, &context), bytes.len()));
        }
    }

    #[test]
    fn any_payload_is_described_whole(bytes in vec(any::<u8>(), 0..80), sources in 0..16_usize) {
        for codec in Codec::ALL {
            let read = codec.parse(&bytes, sources);
            let fields = codec.describe(&bytes, 0, sources);
            prop_assert!(covered(&fields, bytes.len()), "{codec:?}");
            let noted = fields.iter().any(|field| !field.notes.is_empty());
            prop_assert!(read.is_ok() || noted || bytes.is_empty(), "{codec:?} {read:?}");
        }
    }

    #[test]
    fn any_element_is_described_whole(bytes in vec(any::<u8>(), 0..60)) {
        for kind in Kind::ALL {
            let _ = kind.decode(&bytes);
            prop_assert!(covered(&kind.describe(&bytes, 0), bytes.len()), "{kind}");
        }
    }

    #[test]
    fn a_structure_serves_any_later_descriptor(first in vec(any::<u8>(), 4..60), later in vec(any::<u8>(), 3..30)) {
        let mut first = first;
        first[3] |= 0x80;
        if let Ok(read) = DependencyDescriptor::parse(&first, None) {
            let _ = DependencyDescriptor::parse(&later, read.structure.as_ref());
        }
    }

    #[test]
    fn a_line_without_wraps_ends_in_the_number(number: u16, reference in -1_000_000_i64..1_000_000) {
        let place = SequenceNumber(number).extended(reference);
        prop_assert_eq!(place.rem_euclid(65536), i64::from(number));
        prop_assert!((place - reference).abs() <= 32768);
    }

    #[test]
    fn what_they_make_is_read_here(
        ssrc: u32,
        sources in vec(any::<u32>(), 0..15),
        extension in option::of(vec(any::<u8>(), 0..8)),
        payload in vec(any::<u8>(), 1..30),
    ) {
        let mut made = rtp_types::RtpPacketBuilder::new().ssrc(ssrc).payload_type(96).payload(payload.as_slice());
        made = sources.iter().fold(made, |made, source| made.add_csrc(*source));
        let data = extension.map(|bytes| bytes.into_iter().flat_map(|byte| [byte; 4]).collect::<Vec<_>>());
        if let Some(data) = &data {
            made = made.extension(0x1234, data.as_slice());
        }
        let bytes = made.write_vec().unwrap();
        both_see_the_same(&bytes);
        let packet = Packet::parse(&bytes).unwrap();
        prop_assert_eq!(packet.extension.map(|extension| extension.data.to_vec()), data);
    }
}
