//! How long a real pair takes.

use std::time::{Duration, Instant};

use rtcscope::sdp::Document;
use rtcscope::sdp::negotiate::negotiate;

#[test]
fn the_longest_pair_of_the_calls_is_negotiated_at_once() {
    let Some(root) = super::corpus() else { return };
    let truth = std::fs::read(root.join("captures/a-renegotiate-ws.truth.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_slice(&truth).unwrap();
    let texts: Vec<&str> =
        truth["peers"]["A"]["sdp"].as_array().unwrap().iter().filter_map(|sent| sent["sdp"].as_str()).collect();
    let [offer, answer] = [texts[4], texts[5]];
    let mut best = Duration::MAX;
    for _ in 0..50 {
        let begin = Instant::now();
        let (offer, answer) = (Document::parse(offer.as_bytes()), Document::parse(answer.as_bytes()));
        assert_eq!(negotiate(&offer, &answer).media.len(), 3);
        best = best.min(begin.elapsed());
    }
    eprintln!("{} and {} bytes in {best:?}", offer.len(), answer.len());
    // Without optimisation it takes some twenty times as long.
    assert!(best < Duration::from_millis(if cfg!(debug_assertions) { 20 } else { 1 }), "{best:?}");
}
