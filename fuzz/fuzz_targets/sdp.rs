//! A description: it comes back byte for byte, its faults lie inside it, every operation gives edits that can be
//! applied and undone, and it can be negotiated with itself and cut in two.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::sdp::edit::{
    CandidateFilter, CodecPattern, Scope, drop_media, drop_simulcast, filter_candidates, normalise, plan_b_to_unified,
    prefer_codecs, redact, remove_codecs, renumber_payload_type, set_parameter, stop_media, unified_to_plan_b,
};
use rtcscope::sdp::json::{from_json, from_sdp_transform, to_json, to_sdp_transform};
use rtcscope::sdp::negotiate::Negotiation;
use rtcscope::sdp::{Document, Overview, differences, interop, parse_candidate};
use rtcscope::text::{apply, invert};

fuzz_target!(|bytes: &[u8]| {
    let document = Document::parse(bytes);
    assert_eq!(document.emit(), bytes);
    for error in document.errors() {
        assert!(error.span.start <= error.span.end && error.span.end <= bytes.len());
    }
    let codec = [CodecPattern::new("96")];
    let operations = [
        Ok(normalise(&document)),
        Ok(redact(&document)),
        remove_codecs(&document, Scope::All, &codec),
        prefer_codecs(&document, Scope::All, &codec),
        renumber_payload_type(&document, Scope::All, 96, 35),
        set_parameter(&document, Scope::All, codec[0], "x", "1"),
        filter_candidates(&document, Scope::All, &CandidateFilter::default(), false),
        stop_media(&document, Scope::Index(0)),
        drop_media(&document, Scope::Index(0)),
        drop_simulcast(&document, Scope::All),
        plan_b_to_unified(&document),
        unified_to_plan_b(&document),
    ];
    for edits in operations.into_iter().flatten() {
        let changed = apply(bytes, &edits).expect("edits of an operation never overlap");
        let undo = invert(bytes, &edits).expect("what can be applied can be undone");
        assert_eq!(apply(&changed, &undo).expect("undo"), bytes);
    }
    assert_eq!(from_json(&to_json(&document)).expect("the lossless form"), bytes);
    assert!(differences(&document, &document).is_empty());
    let _ = Overview::new(&document);
    let (offer, answer) = bytes.split_at(bytes.len() / 2);
    let (offer, answer) = (Document::parse(offer), Document::parse(answer));
    let mut negotiation = Negotiation::new();
    for (offer, answer) in [(&document, &document), (&offer, &answer), (&answer, &document)] {
        let agreement = negotiation.round(offer, answer).agreement;
        assert_eq!(agreement.media.len() + agreement.media_omitted, offer.media_count().max(answer.media_count()));
    }
    let _ = interop::from_session(&interop::to_session(&document));
    let text = String::from_utf8_lossy(bytes);
    let _ = from_sdp_transform(&to_sdp_transform(&text));
    let _ = parse_candidate(&text);
});
