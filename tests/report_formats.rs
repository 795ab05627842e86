//! Every format shows the same hand-made document.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod report_sample;

use report_sample::{document, failed, relayed};
use rtcscope::report::model::Document;
use rtcscope::report::redact::Redactor;
use rtcscope::report::text::Layout;
use rtcscope::report::{json, schema, text};

fn text_at(document: &Document, width: usize, all: bool) -> String {
    laid_out(document, Layout { width, all, streams: false })
}

fn laid_out(document: &Document, layout: Layout) -> String {
    let mut out = Vec::new();
    text::render(document, layout, &mut out).unwrap();
    anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
}

#[test]
fn text_at_160_columns() {
    insta::assert_snapshot!(text_at(&document(), 160, false));
}

#[test]
fn text_at_118_columns() {
    insta::assert_snapshot!(text_at(&document(), 118, false));
}

#[test]
fn text_at_80_columns() {
    insta::assert_snapshot!(text_at(&document(), 80, false));
}

#[test]
fn sheets_of_streams_at_100_columns() {
    let mut document = document();
    document.rtp.streams[0].traffic.series = Some(document.rtp.streams[0].traffic.entries.clone());
    insta::assert_snapshot!(laid_out(&document, Layout { width: 100, all: false, streams: true }));
}

#[test]
fn the_document_as_json() {
    let mut out = Vec::new();
    json::render(&document(), json::Layout::Pretty, &mut out).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}

#[test]
fn the_document_follows_its_schema() {
    let value = serde_json::to_value(document()).unwrap();
    let validator = jsonschema::validator_for(&schema::analyze()).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_checked_in_schema_is_the_generated_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema/analyze.schema.json");
    let mut generated = serde_json::to_string_pretty(&schema::analyze()).unwrap();
    generated.push('\n');
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        std::fs::write(path, &generated).unwrap();
    }
    let checked_in = std::fs::read_to_string(path).unwrap_or_default();
    assert!(checked_in == generated, "{path} is stale; UPDATE_DOCS=1 cargo test --test report_formats writes it anew");
}

#[test]
fn no_line_leaves_the_page_where_it_can_break() {
    for width in [80, 100, 120, 160, 200] {
        for line in laid_out(&document(), Layout { width, all: true, streams: true }).lines() {
            let wide = unicode_width::UnicodeWidthStr::width(line);
            assert!(wide <= width, "{wide} columns of {width}: {line}");
        }
    }
}

#[test]
fn many_sessions_are_summed_up_but_for_those_that_went_wrong() {
    let mut document = document();
    let numbered = |mut session: rtcscope::report::model::Session, place: usize| {
        session.id = format!("ice-{}", place + 1);
        session
    };
    document.ice.sessions =
        (0..100).map(|place| numbered(if place % 40 == 39 { failed() } else { relayed() }, place)).collect();
    let text = text_at(&document, 160, false);
    assert!(text.contains("ICE 40 ") && text.contains("ICE 80 ") && !text.contains("ICE 41 "), "{text}");
    assert!(text.contains("ICE 78 more sessions: 78 connected; --all shows every one"), "{text}");
    assert!(text_at(&document, 160, true).contains("ICE 41 "));
}

#[test]
fn many_streams_are_summed_up() {
    let mut document = document();
    let audio = document.rtp.streams[0].clone();
    let numbered = |place: usize| {
        let mut stream = audio.clone();
        stream.id = format!("rtp-{}", place + 1);
        stream.ssrc = 5000 + place as u32;
        stream
    };
    document.rtp.streams = (0..60).map(numbered).collect();
    document.calls[0].streams = document.rtp.streams.iter().map(|stream| stream.id.clone()).collect();
    let text = text_at(&document, 160, false);
    assert!(text.contains("36 more streams; --all shows every one"), "{text}");
    assert_eq!((text.matches(" 5023 ").count(), text.matches(" 5024 ").count()), (1, 0));
    assert_eq!(text_at(&document, 160, true).matches(" 5059 ").count(), 1);
}

#[test]
fn a_redacted_document_holds_no_address_and_no_name() {
    let mut document = document();
    Redactor::new().document(&mut document);
    let layout = Layout { width: 160, all: true, streams: true };
    let text = serde_json::to_string(&document).unwrap() + &laid_out(&document, layout);
    for secret in ["10.77.0.", "2001:db8", "alice", "gen.test", "captures/"] {
        assert!(!text.contains(secret), "{secret} is still in {text}");
    }
    assert!(text.contains("private-4:49250") && text.contains("user-1") && text.contains("4XqC"));
    let findings: Vec<_> = document.findings.iter().map(|finding| finding.message.as_str()).collect();
    insta::assert_snapshot!(findings.join("\n"));
}

#[test]
fn a_name_from_the_wire_cannot_command_the_terminal() {
    let mut document = document();
    for stream in &mut document.rtp.streams {
        stream.rid = Some("q\u{1b}[2J".to_owned());
        stream.cname = Some("Zq\u{1b}[2J".to_owned());
        stream.codec = Some("VP8\u{1b}[2J".to_owned());
    }
    let layout = Layout { width: 160, all: true, streams: true };
    assert!(!laid_out(&document, layout).contains("\u{1b}[2J"));
}

#[test]
fn many_findings_of_one_rule_are_summed_up() {
    let mut document = document();
    let [error, note] = [0, 1].map(|place| document.findings[place].clone());
    document.findings = [vec![error; 12], vec![note; 9]].concat();
    let text = text_at(&document, 160, false);
    assert!(
        text.contains("2 more of ice-unanswered; ") && text.contains("6 more of turn-allocation-unused; "),
        "{text}"
    );
    assert_eq!(text_at(&document, 160, true).matches("was allocated by").count(), 9);
}
