//! The call flows of RFC 4317, as the seeds of libwebrtc's SDP fuzzer hold them: what each answer leaves of its offer.

use rtcscope::sdp::Document;
use rtcscope::sdp::negotiate::negotiate;

/// The number in the name of the offer, that of the answer, and the m-lines that are agreed on.
const FLOWS: &[(u32, u32, &[&str])] = &[
    // One codec of several, in both media; then audio alone, and one codec of those that were left.
    (2, 3, &["audio sendrecv PCMU", "video sendrecv MPV"]),
    (2, 5, &["audio sendrecv PCMU PCMA", "video port-zero"]),
    (6, 7, &["audio sendrecv PCMU", "video stopped"]),
    (2, 23, &["audio sendrecv PCMU", "video sendrecv MPV"]),
    // Digits on a line of their own, one way.
    (10, 11, &["audio sendrecv iLBC", "audio sendonly telephone-event"]),
    // Two lines of which one is wanted.
    (16, 17, &["audio port-zero", "audio sendrecv iLBC telephone-event"]),
    // A codec is added to the video.
    (18, 19, &["audio sendrecv iLBC", "video sendrecv H261"]),
    (20, 21, &["audio sendrecv iLBC", "video sendrecv H261 MPV"]),
    // Video in both directions, and again from other ports.
    (12, 13, &["audio sendrecv iLBC", "video sendrecv H261"]),
    (12, 14, &["audio sendrecv iLBC", "video sendrecv H261"]),
    // Held by the answer, and taken up again.
    (24, 25, &["audio recvonly iLBC"]),
    (24, 33, &["audio sendrecv iLBC"]),
    (27, 26, &["audio sendrecv iLBC"]),
    (31, 30, &["audio recvonly iLBC", "audio sendonly telephone-event"]),
    (35, 34, &["audio sendrecv iLBC", "audio sendonly telephone-event"]),
    // Video is added to a call and stopped.
    (36, 37, &["audio sendrecv PCMU"]),
    (38, 39, &["audio sendrecv PCMU", "video sendrecv H261"]),
    (42, 43, &["audio sendrecv iLBC", "video stopped"]),
    // No media first, then audio.
    (44, 45, &[]),
    (46, 47, &["audio sendrecv iLBC"]),
    (52, 53, &["audio sendrecv iLBC"]),
];

#[test]
fn each_answer_of_rfc_4317_leaves_what_the_rfc_says() {
    let Some(root) = super::corpus() else { return };
    let folder = root.join("sdp/libwebrtc-fuzz");
    let names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let text = |number: u32| {
        let ending = format!("-{number}.invalid.sdp");
        let wanted = |name: &&String| name.len() == 4 + ending.len() && name.ends_with(&ending);
        let name = names.iter().find(wanted).unwrap_or_else(|| panic!("no seed {number}"));
        std::fs::read(folder.join(name)).unwrap()
    };
    for (offer, answer, expected) in FLOWS {
        let (offered, answered) = (text(*offer), text(*answer));
        let agreement = negotiate(&Document::parse(&offered), &Document::parse(&answered));
        let told: Vec<String> = agreement
            .media
            .iter()
            .map(|media| match (media.refusal(), media.directions) {
                (Some(refusal), _) => format!("{} {}", media.kind, refusal.name()),
                (None, directions) => {
                    let direction = directions.map_or(String::new(), |both| both.offerer.to_string());
                    let codecs: Vec<&str> = media.codecs.iter().map(|codec| codec.name).collect();
                    format!("{} {direction} {}", media.kind, codecs.join(" "))
                }
            })
            .collect();
        assert_eq!(told, *expected, "offer {offer}, answer {answer}");
        assert!(agreement.contradictions.is_empty(), "{offer}, {answer}: {:?}", agreement.contradictions);
    }
}
