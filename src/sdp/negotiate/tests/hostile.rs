//! Descriptions that are made to be slow or large.

use std::fmt::Write;
use std::time::{Duration, Instant};

use super::super::limits::MAX_FEEDBACK_OF_CODEC;
use super::super::{MAX_FORMATS, MAX_MEDIA};
use super::with;

/// What a hostile pair of a megabyte may take in a build without optimisation on a busy machine. What was quadratic took minutes.
const PATIENCE: Duration = Duration::from_secs(30);

fn quickly(text: &str) {
    let begin = Instant::now();
    with(text, text, |agreement| assert!(!agreement.media.is_empty()));
    assert!(begin.elapsed() < PATIENCE, "{:?} for {} bytes", begin.elapsed(), text.len());
}

/// `line` with numbers, until there is a megabyte of it.
fn megabyte(head: &str, mut line: impl FnMut(&mut String, usize)) -> String {
    let mut text = head.to_owned();
    let mut number = 0;
    while text.len() < 1_000_000 {
        line(&mut text, number);
        number += 1;
    }
    text
}

#[test]
fn more_m_lines_than_are_compared_are_counted() {
    let text = megabyte("", |text, number| writeln!(text, "m=audio 9 RTP/AVP 0\na=mid:{number}").unwrap());
    with(&text, &text, |agreement| {
        assert_eq!(agreement.media.len(), MAX_MEDIA);
        assert!(agreement.media_omitted > 10_000);
    });
    quickly(&text);
}

#[test]
fn more_formats_than_are_compared_are_counted() {
    let all: String = (0..128).map(|number| format!(" {number}")).collect();
    let text = megabyte("", |text, _| writeln!(text, "m=audio 9 RTP/AVP{all}").unwrap());
    with(&text, &text, |agreement| {
        assert_eq!(agreement.media.len(), MAX_FORMATS / 128);
        assert!(agreement.media_omitted > 1000);
    });
    quickly(&text);
}

#[test]
fn a_bundle_whose_first_m_line_is_long_is_not_read_again_for_each() {
    let mids: String = (0..MAX_MEDIA).map(|number| format!(" {number}")).collect();
    let mut head = format!("a=group:BUNDLE{mids}\nm=audio 9 RTP/AVP 0\na=mid:0\n");
    while head.len() < 900_000 {
        head.push_str("a=x\n");
    }
    let text = megabyte(&head, |text, number| writeln!(text, "m=audio 9 RTP/AVP 0\na=mid:{}", number + 1).unwrap());
    quickly(&text);
}

#[test]
fn feedback_extensions_and_groups_are_bounded() {
    let all: String = (0..128).map(|number| format!(" {number}")).collect();
    let text =
        megabyte(&format!("m=audio 9 RTP/AVP{all}\n"), |text, number| writeln!(text, "a=rtcp-fb:* x{number}").unwrap());
    with(&text, &text, |both| assert_eq!(both.media[0].codecs[0].feedback.len(), MAX_FEEDBACK_OF_CODEC));
    quickly(&text);
    quickly(&megabyte("m=audio 9 RTP/AVP 0\n", |text, number| {
        writeln!(text, "a=extmap:{} u", number % 99_999).unwrap()
    }));
    let groups = megabyte("", |text, number| writeln!(text, "a=group:BUNDLE 0 1 {number}").unwrap());
    quickly(&format!("{groups}m=audio 9 RTP/AVP 0\na=mid:0\nm=audio 9 RTP/AVP 0\na=mid:1\n"));
    let rids = megabyte("m=video 9 RTP/AVP 31\n", |text, number| writeln!(text, "a=rid:{number} send").unwrap());
    quickly(&rids);
    let words = megabyte("m=message 9 TCP/MSRP", |text, number| write!(text, " {number}").unwrap());
    quickly(&words);
}
