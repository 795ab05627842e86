//! What holds for every text, not only for those that somebody collected.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

mod corpus;

use proptest::prelude::*;
use rtcscope::sdp::{
    Attribute, Builder, Candidate, CandidateType, Direction, Document, Extensions, Feedback, Key, MediaBuilder, Rtpmap,
    Setup, Value,
};
use rtcscope::text::apply;

fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<Vec<u8>>(),
        "[a-z]=[ -~]{0,40}".prop_map(String::into_bytes),
        (0..Key::ALL.len(), "[ -~é]{0,40}").prop_map(|(index, value)| {
            let name = Key::ALL.get(index).map_or("", |key| key.name());
            format!("a={name}:{value}").into_bytes()
        }),
        "m=(audio|video) [0-9]{1,6} (UDP/TLS/)?RTP/SAVPF( [0-9]{1,3}){0,4}".prop_map(String::into_bytes),
    ]
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let ending = prop_oneof![Just(&b"\r\n"[..]), Just(&b"\n"[..]), Just(&b"\r"[..]), Just(&b""[..])];
    proptest::collection::vec((line(), ending), 0..20)
        .prop_map(|lines| lines.into_iter().flat_map(|(line, ending)| [line.as_slice(), ending].concat()).collect())
}

fn media() -> impl Strategy<Value = MediaBuilder> {
    let codec = (96_u8..128, "[A-Za-z][A-Za-z0-9-]{0,8}", 8000_u32..=90000, proptest::option::of(1_u32..3));
    let candidate = ("[a-z0-9+/]{1,32}", 1_u16..3, any::<u32>(), any::<[u8; 4]>(), any::<u16>());
    let codecs = proptest::collection::vec(codec, 1..5);
    (codecs, proptest::collection::vec(candidate, 0..4), "[a-z0-9]{1,8}").prop_map(|(codecs, candidates, mid)| {
        let mut media = MediaBuilder::new("audio", 9, "UDP/TLS/RTP/SAVPF", &mid)
            .ice("abcd", "0123456789012345678901")
            .attribute(Setup::Actpass);
        for (payload_type, encoding, clock_rate, channels) in &codecs {
            let rtpmap = Rtpmap { payload_type: *payload_type, encoding, clock_rate: *clock_rate, channels: *channels };
            media = media.codec(rtpmap).feedback(*payload_type, Feedback::NackPli);
        }
        for (foundation, component, priority, address, port) in &candidates {
            media = media.candidate(Candidate {
                foundation,
                component: *component,
                transport: "udp",
                priority: *priority,
                address: &std::net::Ipv4Addr::from(*address).to_string(),
                port: *port,
                candidate_type: CandidateType::Host,
                related_address: None,
                related_port: None,
                extensions: Extensions("generation 0"),
            });
        }
        media.direction(Direction::SendRecv)
    })
}

proptest! {
    #[test]
    fn any_bytes_come_back(text in text()) {
        let document = Document::parse(&text);
        prop_assert_eq!(document.emit(), &text[..]);
        prop_assert_eq!(apply(&text, &[]).unwrap(), &text[..]);
        for error in document.errors() {
            prop_assert!(error.span.start <= error.span.end && error.span.end <= text.len());
        }
        let lines: usize = document.lines().iter().map(|line| line.full_span().len()).sum();
        prop_assert_eq!(lines, text.len());
    }

    #[test]
    fn what_is_built_has_no_fault_and_comes_back(sections in proptest::collection::vec(media(), 0..4)) {
        let builder = sections.into_iter().fold(Builder::new(1), Builder::media);
        let text = builder.build().unwrap();
        let document = Document::parse(text.as_bytes());
        prop_assert!(document.errors().is_empty());
        prop_assert_eq!(document.emit(), text.as_bytes());
    }

    #[test]
    fn what_a_value_prints_means_the_same(text in text()) {
        printed_again(&text);
    }

    #[test]
    fn no_operation_panics(text in text()) {
        use rtcscope::sdp::edit::*;
        let document = Document::parse(&text);
        let pattern = [CodecPattern::new("96")];
        let filter = CandidateFilter::default();
        for edits in [
            remove_codecs(&document, Scope::All, &pattern),
            prefer_codecs(&document, Scope::All, &pattern),
            set_parameter(&document, Scope::All, pattern[0], "a", "1"),
            filter_candidates(&document, Scope::All, &filter, false),
            plan_b_to_unified(&document),
            unified_to_plan_b(&document),
            limit_simulcast(&document, Scope::All, 1),
            stop_media(&document, Scope::All),
            drop_media(&document, Scope::All),
            Ok(normalise(&document)),
            Ok(redact(&document)),
        ]
        .into_iter()
        .flatten()
        {
            prop_assert!(apply(&text, &edits).is_ok());
        }
        let _ = rtcscope::sdp::Overview::new(&document);
        prop_assert!(rtcscope::sdp::differences(&document, &document).is_empty());
    }
}

/// Every attribute that makes sense, printed and read again, is the same attribute.
fn printed_again(text: &[u8]) {
    for line in Document::parse(text).lines() {
        let Ok(Value::Attribute(attribute)) = line.parse() else { continue };
        if line.content().contains(&b'\r') {
            continue;
        }
        let printed = format!("a={attribute}");
        let again = Document::parse(printed.as_bytes());
        let read: Option<Attribute<'_>> = again.lines().first().and_then(|line| line.attribute()?.ok());
        assert_eq!(read.map(|read| read.to_string()), Some(attribute.to_string()), "{printed}");
        assert_eq!(read.map(|read| read.key()), Some(attribute.key()), "{printed}");
    }
}

#[test]
fn every_attribute_of_the_corpus_prints_as_it_was_read() {
    for entry in corpus::entries() {
        printed_again(&entry.text);
        for line in Document::parse(&entry.text).lines() {
            let Ok(Value::Attribute(attribute)) = line.parse() else { continue };
            let words = |text: &str| text.split_whitespace().map(str::to_ascii_lowercase).collect::<String>();
            assert_eq!(words(&attribute.to_string()), words(&line.text()), "{}", entry.file);
        }
    }
}

#[test]
fn the_document_allocates_for_its_lists_only() {
    let lines = "a=rtpmap:111 opus/48000/2\r\n".repeat(300);
    let text = format!("v=0\r\nm=audio 9 RTP/AVP 111\r\n{lines}");
    let document = allocation_counter::measure(|| {
        std::hint::black_box(Document::parse(text.as_bytes()));
    });
    assert!(document.count_total <= 4, "{document:?}");
    let decoded = allocation_counter::measure(|| {
        let faults = Document::parse(text.as_bytes()).visit(|_, value| {
            std::hint::black_box(value);
        });
        std::hint::black_box(faults);
    });
    assert!(decoded.count_total <= 10, "{decoded:?}");
}

#[test]
fn every_key_has_its_bit() {
    assert!(Key::ALL.len() <= 128, "the set of keys that were seen is a u128");
    for key in Key::ALL {
        assert_eq!(Key::from_name(key.name().as_bytes()), *key);
    }
}

#[test]
fn time_grows_with_the_length() {
    let media = "m=audio 9 RTP/AVP 111\r\na=mid:x\r\na=rtpmap:111 opus/48000/2\r\na=ssrc:1 cname:x\r\n".repeat(20);
    let time = |times: usize| {
        let text = format!("v=0\r\n{}", media.repeat(times));
        (0..5)
            .map(|_| {
                let start = std::time::Instant::now();
                std::hint::black_box(Document::parse(text.as_bytes()).errors());
                start.elapsed()
            })
            .min()
            .unwrap()
    };
    // A square would be 4,096 times.
    assert!(time(64) < time(1) * 640, "64 times the media took {:?} and not {:?}", time(64), time(1));
}

#[test]
fn thousands_of_m_lines_stall_no_operation() {
    use rtcscope::sdp::edit::*;
    let mids: Vec<String> = (0..20_000).map(|mid| mid.to_string()).collect();
    let mut text = format!("v=0\na=group:BUNDLE {}\n", mids.join(" "));
    for (index, mid) in mids.iter().rev().enumerate() {
        text.push_str(&format!("m=audio 9 RTP/AVP 0\na=mid:{mid}\na=ssrc:{index} msid:s {mid}\n"));
    }
    let document = Document::parse(text.as_bytes());
    let start = std::time::Instant::now();
    let told = rtcscope::sdp::Overview::new(&document);
    assert_eq!((told.transports.len(), told.media.len()), (1, 20_000));
    assert!(rtcscope::sdp::differences(&document, &document).is_empty());
    for edits in [
        stop_media(&document, Scope::Index(0)),
        drop_media(&document, Scope::All),
        renumber_payload_type(&document, Scope::All, 0, 5),
        plan_b_to_unified(&document),
        unified_to_plan_b(&document),
        Ok(normalise(&document)),
        Ok(redact(&document)),
    ] {
        assert!(apply(text.as_bytes(), &edits.unwrap()).is_ok());
    }
    // A second or two unoptimised; minutes where something walks all m-lines for each of them.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
