//! What holds for any two descriptions, however little they have to do with each other.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rtcscope::sdp::Document;
use rtcscope::sdp::negotiate::{Negotiation, Side};

/// A line that negotiation looks at, with so few values that two descriptions often have some in common.
fn line() -> impl Strategy<Value = String> {
    let words = |words: &'static [&'static str]| proptest::sample::select(words);
    prop_oneof![
        3 => "m=(audio|video) [09] (UDP/TLS/)?RTP/S?AVPF?( (0|8|9[6-9])){1,4}",
        1 => words(&["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "m=message 9 TCP/MSRP *", "m=audio x"])
            .prop_map(str::to_owned),
        4 => ("9[6-9]", words(&["VP8", "H264", "rtx", "red", "opus"]))
            .prop_map(|(number, name)| format!("a=rtpmap:{number} {name}/90000")),
        2 => "a=fmtp:9[6-9] (apt=9[6-9]|packetization-mode=[01]|profile-level-id=42(e0|00)1f|9[6-9]/9[6-9])",
        2 => "a=(mid:[ab]|rid:[xy] (send|recv)|simulcast:(send|recv) ~?[xy]|rtcp-mux|rtcp-mux-only|bundle-only)",
        1 => "a=group:BUNDLE( [abc]){1,3}",
        1 => "a=(sendrecv|sendonly|recvonly|inactive|setup:(active|passive|actpass)|ice-lite|ice-ufrag:(abcd|efgh))",
        1 => "a=(extmap:[1-4] urn:[xy]|rtcp-fb:(\\*|9[6-9]) nack( pli)?|fingerprint:md5 (00:){15}00|sctp-port:[56])",
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(line(), 0..30).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn what_is_agreed_on_was_said_by_both(texts in proptest::collection::vec((text(), text()), 1..3)) {
        let mut negotiation = Negotiation::new();
        for (number, (offer, answer)) in texts.iter().enumerate() {
            let (offer, answer) = (Document::parse(offer.as_bytes()), Document::parse(answer.as_bytes()));
            let round = negotiation.round(&offer, &answer);
            let agreement = &round.agreement;
            prop_assert_eq!(round.number, number + 1);
            prop_assert_eq!(agreement.media.len(), offer.media_count().max(answer.media_count()));
            for media in &agreement.media {
                for (side, document) in [(Side::Offerer, &offer), (Side::Answerer, &answer)] {
                    let section = document.media_section(media.index);
                    let said: Vec<u8> =
                        section.iter().flat_map(|section| section.codecs()).map(|codec| codec.payload_type).collect();
                    let mine: Vec<u8> = media.codecs.iter().map(|codec| *codec.payload_types.of(side)).collect();
                    let refused = media.refused_codecs.iter().filter(|codec| codec.named_by == side).count();
                    prop_assert!(mine.iter().all(|number| said.contains(number)));
                    prop_assert_eq!(mine.iter().collect::<BTreeSet<_>>().len(), mine.len(), "a number twice");
                    prop_assert!(!media.is_agreed() || mine.len() + refused == said.len());
                    if let (Some(directions), Some(section)) = (media.directions, section) {
                        prop_assert!(!directions.of(side).sends() || section.direction().sends());
                        prop_assert!(!directions.of(side).receives() || section.direction().receives());
                        prop_assert_eq!(directions.of(side).reversed(), *directions.of(side.other()));
                    }
                }
                // Every m-line that can be used is on one transport, and that is the one it names.
                let on: Vec<usize> = (agreement.transports.iter())
                    .filter(|transport| transport.media.contains(&media.index))
                    .map(|transport| transport.owner)
                    .collect();
                prop_assert_eq!(on, media.transport.into_iter().collect::<Vec<_>>());
                prop_assert_eq!(media.transport.is_some(), media.is_agreed());
                prop_assert_eq!(agreement.transport_of(media.index).is_some(), media.is_agreed());
            }
        }
    }
}
