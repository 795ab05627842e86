//! Offers, answers and expected results of `sdp_neg_test` of pjsip, by the numbers of their files; and the examples of RFC 9429.

use std::path::Path;

use rtcscope::sdp::Document;
use rtcscope::sdp::negotiate::{CodecRefusal, Refusal, Side, negotiate};

/// The local offer, the remote answer, and what the offer is expected to become: only what was agreed on is left in it, and port
/// 0 for what was refused. pjsip fills up and sorts an offer that has fewer lines than the last one; of those the result is the
/// offer. An equal file of another round stands in for one that the collection has once only.
const LOCAL_OFFERS: &[[usize; 3]] = &[
    [1, 2, 3],
    [8, 9, 8],
    [10, 11, 12],
    [13, 14, 13],
    [18, 19, 20],
    [22, 23, 24],
    [25, 26, 27],
    [30, 31, 32],
    [34, 35, 36],
    [39, 40, 41],
    [42, 43, 44],
    [45, 46, 45],
    [49, 48, 49],
    [50, 51, 50],
    [54, 53, 54],
    [55, 56, 55],
    [59, 58, 59],
];

/// The remote offer and the answer that pjsip is expected to give.
const REMOTE_OFFERS: &[[usize; 2]] = &[
    [4, 5],
    [1, 7],
    [10, 16],
    [13, 17],
    [18, 19],
    [25, 29],
    [34, 38],
    [60, 62],
    [65, 63],
    [67, 69],
    [70, 71],
    [73, 74],
];

fn text(folder: &Path, number: usize) -> Vec<u8> {
    let mut files = std::fs::read_dir(folder.join("sdp/pjsip-neg")).unwrap().map(|entry| entry.unwrap().path());
    let prefix = format!("{number:04}-");
    let found = files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with(&prefix));
    std::fs::read(found.expect("a file of this number")).unwrap()
}

/// Each m-line: its kind, and the numbers of its payload types; `None` where its port is 0.
fn active(document: &Document<'_>) -> Vec<(String, Option<Vec<u8>>)> {
    let line = |media: rtcscope::sdp::Media<'_>| {
        let mut numbers: Vec<u8> = media.payload_types().collect();
        numbers.sort_unstable();
        (media.media.to_owned(), (media.port != 0).then_some(numbers))
    };
    document.media().map(|section| line(section.media().unwrap())).collect()
}

/// The same of an agreement, with the numbers of `side`.
fn agreed(offer: &Document<'_>, answer: &Document<'_>, side: Side) -> Vec<(String, Option<Vec<u8>>)> {
    let agreement = negotiate(offer, answer);
    let line = |media: &rtcscope::sdp::negotiate::AgreedMedia<'_>| {
        let mut numbers: Vec<u8> = media.codecs.iter().map(|codec| *codec.payload_types.of(side)).collect();
        numbers.sort_unstable();
        (media.kind.to_owned(), media.is_agreed().then_some(numbers))
    };
    agreement.media.iter().map(line).collect()
}

#[test]
fn local_offers_become_what_pjsip_expects() {
    let Some(folder) = super::corpus() else { return };
    for numbers in LOCAL_OFFERS {
        let texts = numbers.map(|number| text(&folder, number));
        let [offer, answer, expected] = texts.each_ref().map(|text| Document::parse(text));
        assert_eq!(agreed(&offer, &answer, Side::Offerer), active(&expected), "{numbers:?}");
    }
    eprintln!("{} offers compared", LOCAL_OFFERS.len());
}

#[test]
fn the_answers_of_pjsip_are_agreed_on_in_full() {
    let Some(folder) = super::corpus() else { return };
    for numbers in REMOTE_OFFERS {
        let texts = numbers.map(|number| text(&folder, number));
        let [offer, answer] = texts.each_ref().map(|text| Document::parse(text));
        assert_eq!(agreed(&offer, &answer, Side::Answerer), active(&answer), "{numbers:?}");
    }
    eprintln!("{} answers compared", REMOTE_OFFERS.len());
}

#[test]
fn an_answer_with_another_kind_of_media_is_refused() {
    let Some(folder) = super::corpus() else { return };
    let (offer, answer) = (text(&folder, 42), text(&folder, 43));
    let agreement = negotiate(&Document::parse(&offer), &Document::parse(&answer));
    assert_eq!(agreement.media[1].refusal(), Some(Refusal::KindDiffers));
}

#[test]
fn the_examples_of_rfc_9429_contradict_nothing() {
    let Some(folder) = super::corpus() else { return };
    let mut told = Vec::new();
    for name in ["A1", "B1", "B2", "C1", "C2"] {
        let read = |kind: &str| {
            let mut files =
                std::fs::read_dir(folder.join("sdp/jsep-rfc9429")).unwrap().map(|entry| entry.unwrap().path());
            std::fs::read(files.find(|path| path.to_string_lossy().ends_with(&format!("{kind}-{name}.sdp"))).unwrap())
        };
        let (offer, answer) = (read("offer").unwrap(), read("answer").unwrap());
        let (offer, answer) = (Document::parse(&offer), Document::parse(&answer));
        let agreement = negotiate(&offer, &answer);
        assert_eq!(agreement.contradictions, [], "{name}");
        let dtls = agreement.transports[0].dtls.as_ref().unwrap();
        let lines = agreement.media.iter().map(|media| {
            let directions = media.directions.map_or("-", |both| both.offerer.name());
            format!("{} {directions} {}", media.mid.unwrap(), media.codecs.len())
        });
        told.push(format!(
            "{name} {} {:?} {}",
            agreement.transports.len(),
            dtls.client.unwrap(),
            lines.collect::<Vec<_>>().join(", ")
        ));
    }
    assert_eq!(
        told,
        [
            "A1 1 Answerer a1 sendrecv 5, v1 sendrecv 4",
            "B1 1 Answerer a1 sendrecv 5, d1 - 0",
            "B2 1 Offerer a1 sendrecv 5, d1 - 0, v1 sendonly 4, v2 sendonly 4",
            "C1 1 Answerer a1 recvonly 5, v1 recvonly 4",
            "C2 1 Offerer a1 sendrecv 5, v1 sendrecv 4",
        ]
    );
}

/// Whoever answers with what was offered takes all of it, so that an agreement that leaves a codec out is wrong.
#[test]
fn a_description_agrees_with_itself_in_full() {
    let Some(folder) = super::corpus() else { return };
    let (mut lines, mut faults) = (0, Vec::new());
    for source in std::fs::read_dir(folder.join("sdp")).unwrap().map(|entry| entry.unwrap().path()) {
        let files = std::fs::read_dir(&source).into_iter().flatten().map(|entry| entry.unwrap().path());
        for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "sdp")) {
            let text = std::fs::read(&path).unwrap();
            let document = Document::parse(&text);
            let agreement = negotiate(&document, &document);
            assert_eq!(agreement.media.len(), document.media_count(), "{}", path.display());
            for (media, section) in agreement.media.iter().zip(document.media()) {
                lines += 1;
                let codecs = section.codecs().len();
                let whole = match media.refusal() {
                    None => media.codecs.len() + media.refused_codecs.len() / 2 == codecs,
                    Some(Refusal::Stopped) => section.media().is_some_and(|media| media.port == 0),
                    Some(Refusal::Unreadable) => section.media().is_none(),
                    Some(Refusal::NoCommonFormat) => codecs == 0,
                    Some(_) => false,
                };
                // RTX of a payload type that is not there.
                let orphans = media.refused_codecs.iter().all(|codec| codec.reason == CodecRefusal::RepairsOther);
                if !whole || !orphans {
                    faults.push(format!("{} {}: {:?}", path.display(), media.index, media.state));
                }
            }
        }
    }
    eprintln!("{lines} m-lines looked at");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
