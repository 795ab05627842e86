//! How packets of RTP and RTCP look field by field.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;

use rtcscope::wire::field::{Field, Value as Shown};
use rtcscope::wire::rtcp::feedback::{GenericNack, ReceiverEstimatedBitrate, TransportWideFeedback};
use rtcscope::wire::rtcp::{self, Body, Compound, ReceiverReport, ReportBlock};
use rtcscope::wire::rtp::extension::Kind;
use rtcscope::wire::rtp::payload::Codec;
use rtcscope::wire::rtp::{self, Context, NtpMiddle, Packet, PayloadType, RtpTimestamp, SequenceNumber, Ssrc};

fn print(fields: &[Field], depth: usize, out: &mut String) {
    for field in fields {
        let value = match &field.value {
            Shown::None => String::new(),
            Shown::Hex(number, digits) => format!(" {number:#0width$x}", width = digits + 2),
            Shown::Bytes(bytes) => bytes.iter().fold(" ".to_owned(), |text, byte| text + &format!("{byte:02x}")),
            other => format!(" {other:?}"),
        };
        let meaning = field.meaning.as_deref().map(|meaning| format!(" = {meaning}")).unwrap_or_default();
        let indent = "  ".repeat(depth);
        let (start, end) = (field.range.start, field.range.end);
        writeln!(out, "{start:3}..{end:<3} {indent}{} [{}]{value}{meaning}", field.label, field.name).unwrap();
        for note in &field.notes {
            writeln!(out, "         {indent}! {note}").unwrap();
        }
        print(&field.children, depth + 1, out);
    }
}

#[test]
fn a_key_frame_of_vp8() {
    let bytes = rtp::Builder::new(Ssrc(0x1234_5678))
        .payload_type(PayloadType(96))
        .sequence_number(SequenceNumber(65535))
        .timestamp(RtpTimestamp(90_000))
        .csrc(Ssrc(7))
        .extension(1, b"0")
        .extension(2, &[0x12, 0x34, 0x56])
        .extension(3, &[0x00, 0xAF, 0xFF])
        .extension(4, &[0xC0, 0x00])
        .extension(14, &[9])
        .payload(&[0x90, 0x80, 0x91, 0x22, 0x10, 2, 0, 0x9D, 1, 0x2A, 0x80, 0x42, 0x68, 0x01, 9])
        .padding(4)
        .emit()
        .unwrap();
    let kinds = |id| match id {
        1 => Some(Kind::Mid),
        2 => Some(Kind::AbsoluteSendTime),
        3 => Some(Kind::PlayoutDelay),
        4 => Some(Kind::DependencyDescriptor),
        _ => None,
    };
    let context = Context { extensions: Some(&kinds), codec: Some(Codec::Vp8), ..Context::default() };
    let mut out = String::new();
    print(&rtp::describe(&Packet::parse(&bytes).unwrap(), &context), 0, &mut out);
    insta::assert_snapshot!(out);
}

#[test]
fn a_receivers_compound() {
    let report = ReportBlock {
        ssrc: Ssrc(2),
        fraction_lost: 64,
        cumulative_lost: -3,
        extended_highest_sequence: 0x1_0005,
        jitter: 90,
        last_sender_report: NtpMiddle(0x1234_5678),
        delay_since_last: 0x8000,
    };
    let numbers = [65535, 0, 9].map(SequenceNumber);
    let arrivals = [Some(64_250), None, Some(64_000)];
    let feedback = TransportWideFeedback::of((Ssrc(1), Ssrc(2)), 7, SequenceNumber(65535), &arrivals).unwrap();
    let mut bytes = rtcp::Builder::new()
        .packet(&Body::ReceiverReport(ReceiverReport { ssrc: Ssrc(1), reports: vec![report], extension: &[] }))
        .packet(&Body::GenericNack(GenericNack::of(Ssrc(1), Ssrc(2), &numbers)))
        .packet(&Body::TransportWideFeedback(feedback))
        .padded(&Body::ReceiverEstimatedBitrate(ReceiverEstimatedBitrate::of(Ssrc(1), 1_000_000, vec![Ssrc(2)])), 4)
        .emit()
        .unwrap();
    bytes.extend([0x81, 201]);
    let mut out = String::new();
    print(&rtcp::describe(&Compound::parse(&bytes).unwrap()), 0, &mut out);
    insta::assert_snapshot!(out);
}
