//! Examples that need another text beside them: rounds, trickled candidates, changes of what was created.

use super::*;
use crate::sdp::Document;

/// A party of its own: what of the good description names its writer.
const OTHER_PARTY: &[(&str, &str)] =
    &[("4611731400430051336", "8315000000000000001"), ("F7gI", "Pq8Z"), ("7B:8B:F0", "01:02:03")];

/// What is found in the text of an example beside its other text, and which text that is; `None` where it has no such other.
pub(super) fn found(example: &Example, text: &[u8]) -> Option<(Vec<Finding>, Text)> {
    let (which, other) = example.beside_whole()?;
    let options = Options { profile: example.profile(), role: example.role(), ..Options::default() };
    let (document, other) = (Document::parse(text), Document::parse(other.as_bytes()));
    match which {
        Text::PreviousOffer => Some((check_rounds(Round::new(&other), Round::new(&document), &options), Text::Offer)),
        Text::PreviousAnswer => {
            // Both answers are to the offers of another party, which stay the same.
            let offer = OTHER_PARTY
                .iter()
                .fold(Example::media("a=setup:actpass").marked(), |text, (own, other)| text.replace(own, other));
            let (first, second) = (offer.replacen(" 2 IN", " 1 IN", 1), offer);
            let (first, second) = (Document::parse(first.as_bytes()), Document::parse(second.as_bytes()));
            let previous = Round::new(&first).answered(&other);
            Some((check_rounds(previous, Round::new(&second).answered(&document), &options), Text::Answer))
        }
        Text::Created => Some((check_munging(&other, &document, &options), Text::Description)),
        Text::Description => {
            let text = String::from_utf8_lossy(text).into_owned();
            Some((check_candidates(&other, &TrickledText::read(&text), &options), Text::Candidates))
        }
        _ => None,
    }
}

#[test]
fn an_example_beside_another_text_wakes_no_other_rule_of_its_subject() {
    let mut faults = Vec::new();
    for rule in rules().filter(|rule| !matches!(rule.subject(), Subject::Description | Subject::Pair)) {
        for example in rule.invalid.iter().chain(rule.valid) {
            let text = example.marked().replace(['«', '»'], "");
            let Some((findings, which)) = found(example, text.as_bytes()) else {
                faults.push(format!("{}: an example is beside nothing", rule.rule.name));
                continue;
            };
            let others: Vec<_> = findings.iter().filter(|finding| finding.rule != rule).collect();
            if !others.is_empty() || findings.iter().any(|finding| finding.place.text != which) {
                faults.push(format!("{}: also {others:?}\n{text}", rule.rule.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn names(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.rule.name).collect()
}

/// Whoever answered before may offer now: its own description before is what counts.
#[test]
fn a_party_is_known_by_its_session_whichever_role_it_had() {
    let text = |session: u32, version: u32, more: &str| {
        format!("v=0\r\no=- {session} {version} IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n{more}")
    };
    let texts = [text(1, 5, ""), text(2, 8, ""), text(2, 8, "a=sendonly\r\n"), text(1, 6, "a=recvonly\r\n")];
    let [first, answered, second, answer] = [0, 1, 2, 3].map(|place| Document::parse(texts[place].as_bytes()));
    let previous = Round::new(&first).answered(&answered);
    let found = check_rounds(previous, Round::new(&second).answered(&answer), &Options::default());
    assert_eq!(names(&found), ["sdp-r-version-not-bumped"]);
    assert_eq!(found[0].place.text, Text::Offer);
    assert!(found[0].labels.iter().any(|label| label.place.text == Text::PreviousAnswer));
}

/// Nothing tells whose offer it is: what depends on it is not guessed.
#[test]
fn what_depends_on_an_unknown_party_is_not_said() {
    let text = |session: u32| {
        format!("v=0\r\no=- {session} 7 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP {session}\r\n")
    };
    let (before, now) = (text(0), text(8));
    let (before, now) = (Document::parse(before.as_bytes()), Document::parse(now.as_bytes()));
    assert_eq!(names(&check_rounds(Round::new(&before), Round::new(&now), &Options::default())), Vec::<&str>::new());
}

#[test]
fn a_fragment_scopes_what_follows_and_lines_stand_alone() {
    let text = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 RTP/AVP 0\r\na=mid:1\r\na=candidate:x\r\n\
        m=video 9 RTP/AVP 0\r\na=ice-ufrag:efgh\r\na=mid:2\r\na=end-of-candidates\r\nm=video 9 RTP/AVP 0\r\ncandidate:y\r\n\r\n";
    let read: Vec<_> = TrickledText::read(text).iter().map(|one| (one.text, one.mid, one.username_fragment)).collect();
    assert_eq!(
        read,
        [
            ("a=candidate:x", Some("1"), Some("abcd")),
            ("a=end-of-candidates", Some("2"), Some("efgh")),
            ("candidate:y", None, Some("abcd")),
        ]
    );
}

/// The fault of a candidate is at its token, and at the whole where the text stands there in another spelling.
#[test]
fn a_fault_of_a_candidate_is_shown_where_it_stands() {
    let description = Document::parse(b"v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n");
    let one = |span| TrickledText {
        text: "candidate:1 1 udp x 192.0.2.1 9 typ host",
        span,
        mid: None,
        index: Some(0),
        username_fragment: None,
    };
    let place = |span| check_candidates(&description, &[one(span)], &Options::default())[0].place.span;
    assert_eq!(place(crate::text::Span::new(100, 140)), crate::text::Span::new(118, 119));
    assert_eq!(place(crate::text::Span::new(100, 150)), crate::text::Span::new(100, 150));
}

/// Several kinds of changes at once are told one by one, no secret among them, and taking all back gives what was created.
#[test]
fn every_kind_of_change_is_told_once_and_can_be_taken_back() {
    let created = Example::media("a=mid:0").marked();
    let changed = created
        .replace("x9cml/YzichV2+XlhiMu8g3F", "0000000000000000000000secret")
        .replace("a=sendrecv", "a=sendonly")
        .replace("SAVPF 111\r\n", "SAVPF 111 0\r\n")
        .replace("opus/48000/2\r\n", "opus/48000/2\r\na=fmtp:111 stereo=1\r\n")
        .replace("a=rtcp-rsize\r\n", "");
    let original = Document::parse(created.as_bytes());
    let find = |text: &[u8]| check_munging(&original, &Document::parse(text), &Options::default());
    let found = find(changed.as_bytes());
    let mut told = names(&found);
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "sdp-munge-codecs",
            "sdp-munge-direction",
            "sdp-munge-opus-fmtp",
            "sdp-munge-rtcp-mux-or-bundle",
            "sdp-munge-transport-ice"
        ]
    );
    assert!(found.iter().all(|finding| !finding.message.contains("secret")));
    assert!(found.iter().any(|finding| finding.message.contains("kAudioCodecsFmtpOpusStereo (68)")));
    let fixed = fix(changed.as_bytes(), Text::Description, crate::finding::Applicability::Unsafe, find);
    assert_eq!(names(&fixed.findings), Vec::<&str>::new(), "{}", String::from_utf8_lossy(&fixed.text));
}

/// What hostile descriptions of a megabyte may take without optimisation on a busy machine. What is quadratic takes minutes.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// A megabyte of lines behind a head; the two texts differ in every line.
fn megabyte(head: &str, line: impl Fn(usize, bool) -> String) -> [String; 2] {
    [false, true].map(|second| {
        let mut text = format!("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n{head}");
        let mut number = 0;
        while text.len() < 1_000_000 {
            text.push_str(&line(number, second));
            number += 1;
        }
        text
    })
}

#[test]
fn hostile_descriptions_take_linear_time() {
    let section = |number: usize, second: bool| {
        let (port, mid) = if second { (9, format!("x{number}")) } else { (9, number.to_string()) };
        format!("m=audio {port} UDP/TLS/RTP/SAVPF 0\na=mid:{mid}\na=msid:- {second}\n")
    };
    let video = "m=video 9 UDP/TLS/RTP/SAVPF 96\na=mid:0\na=rtpmap:96 VP8/90000\n";
    let texts = [
        megabyte("", section),
        megabyte("", |number, second| format!("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=mid:{number}\na=msid:- {second}\n")),
        megabyte(video, |number, second| format!("a=extmap:{number} urn:{second}\n")),
        megabyte(video, |number, second| format!("a=fmtp:96 a{number}={second}\n")),
        megabyte(video, |number, second| format!("a=rtcp-fb:96 x{number}{second}\n")),
        megabyte(video, |number, second| format!("a=ssrc:{} cname:x\n", number * 2 + usize::from(second))),
        megabyte("", |number, second| format!("a=group:BUNDLE {number} {second}\n")),
        megabyte("", |number, second| format!("a=fingerprint:sha-1 {second}{number}\n")),
    ];
    for [before, now] in &texts {
        let begin = std::time::Instant::now();
        let (before, now) = (Document::parse(before.as_bytes()), Document::parse(now.as_bytes()));
        let round = Round::new(&before).answered(&before);
        let _ = check_rounds(round, Round::new(&now).answered(&now), &Options::default());
        let found = check_munging(&before, &now, &Options::default());
        assert!(!found.is_empty());
        assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    }
    let begin = std::time::Instant::now();
    let candidates = "a=mid:7\na=candidate:1 1 udp 1 192.0.2.1 9 typ host ufrag x\n".repeat(20_000);
    let description = Document::parse(texts[1][0].as_bytes());
    let found = check_candidates(&description, &TrickledText::read(&candidates), &Options::default());
    assert_eq!(found.len(), 0, "the m-line has no user fragment to compare");
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
}
