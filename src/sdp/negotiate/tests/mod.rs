//! Negotiation against the examples of the RFCs, the rules one by one, and hostile descriptions.

mod examples;
mod hostile;
mod rules;
mod sessions;

use super::{AgreedMedia, Agreement, ContradictionKind, negotiate};
use crate::sdp::Document;

/// Hands what both texts agree on to `look`.
fn with<T>(offer: &str, answer: &str, look: impl FnOnce(&Agreement<'_>) -> T) -> T {
    look(&negotiate(&Document::parse(offer.as_bytes()), &Document::parse(answer.as_bytes())))
}

/// One m-line in a line: its state, the directions of both and the codecs with both numbers.
fn told(media: &AgreedMedia<'_>) -> String {
    if let Some(refusal) = media.refusal() {
        return format!("{} {}", media.kind, refusal.name());
    }
    let directions = media.directions.map_or(String::new(), |both| format!(" {}/{}", both.offerer, both.answerer));
    let codecs = media.codecs.iter().map(|codec| {
        let numbers = codec.payload_types;
        format!(" {}={}:{}", codec.name, numbers.offerer, numbers.answerer)
    });
    format!("{}{directions}{}", media.kind, codecs.collect::<String>())
}

fn lines(offer: &str, answer: &str) -> Vec<String> {
    with(offer, answer, |agreement| agreement.media.iter().map(told).collect())
}

fn contradictions(offer: &str, answer: &str) -> Vec<ContradictionKind> {
    with(offer, answer, |agreement| agreement.contradictions.iter().map(|found| found.kind).collect())
}
