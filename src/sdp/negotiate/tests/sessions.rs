//! M-lines over several rounds.

use super::super::{MediaFate, Negotiation};
use crate::sdp::Document;

/// The fates of the m-lines in each round; a round is the m-lines of both descriptions, each kind, port and mid.
fn fates(rounds: &[&[(&str, u16, &str)]]) -> Vec<Vec<(usize, MediaFate)>> {
    let mut negotiation = Negotiation::new();
    let mut all = Vec::new();
    for round in rounds {
        let line = |(kind, port, mid): &(&str, u16, &str)| {
            let mid = if mid.is_empty() { String::new() } else { format!("a=mid:{mid}\n") };
            format!("m={kind} {port} RTP/AVP 0\n{mid}")
        };
        let text: String = round.iter().map(line).collect();
        let document = Document::parse(text.as_bytes());
        let changes = negotiation.round(&document, &document).changes;
        all.push(changes.into_iter().map(|change| (change.index, change.fate)).collect());
    }
    all
}

#[test]
fn m_lines_come_go_and_are_recycled() {
    let found = fates(&[
        &[("audio", 9, "0")],
        &[("audio", 9, "0"), ("video", 9, "1")],
        &[("audio", 9, "0"), ("video", 0, "1")],
        &[("audio", 9, "0"), ("video", 0, "1")],
        &[("audio", 9, "0"), ("audio", 9, "2")],
        &[("audio", 9, "0"), ("audio", 0, "2")],
        &[("audio", 9, "0"), ("audio", 9, "2")],
    ]);
    let recycled = MediaFate::Recycled { mid: Some("1".to_owned()), kind: "video".to_owned() };
    assert_eq!(
        found,
        [
            vec![(0, MediaFate::Added)],
            vec![(1, MediaFate::Added)],
            vec![(1, MediaFate::Stopped)],
            vec![],
            vec![(1, recycled)],
            vec![(1, MediaFate::Stopped)],
            vec![(1, MediaFate::Resumed)],
        ]
    );
}

#[test]
fn what_no_offer_may_do_is_told() {
    let two: &[(&str, u16, &str)] = &[("audio", 9, "a"), ("video", 9, "v")];
    let swapped = fates(&[two, &[("video", 9, "v"), ("audio", 9, "a")]]);
    assert_eq!(swapped[1], [(0, MediaFate::Moved { from: 1 }), (1, MediaFate::Moved { from: 0 })]);
    let replaced = fates(&[two, &[("audio", 9, "a"), ("video", 9, "x")]]);
    assert_eq!(replaced[1], [(1, MediaFate::Replaced { mid: Some("v".to_owned()), kind: "video".to_owned() })]);
    assert_eq!(fates(&[two, &[("audio", 9, "a")]])[1], [(1, MediaFate::Gone)]);
}

#[test]
fn without_mids_a_stopped_place_is_recycled() {
    let found = fates(&[&[("audio", 9, "")], &[("audio", 0, "")], &[("audio", 9, "")]]);
    assert_eq!(found[2], [(0, MediaFate::Recycled { mid: None, kind: "audio".to_owned() })]);
}
