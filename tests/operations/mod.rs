//! The operations of `sdp edit`, each with arguments: what holds for edits is tested with all of them.

#![allow(dead_code, unreachable_pub)]

use rtcscope::sdp::edit::*;
use rtcscope::sdp::{CandidateType, Direction, Document, Setup};
use rtcscope::text::Edit;

/// What an edit gives, or why it cannot.
pub type Edits = Result<Vec<Edit>, EditError>;
/// An operation and its name.
pub type Operation = (&'static str, fn(&Document<'_>) -> Edits);

const fn codec(text: &'static str) -> CodecPattern<'static> {
    CodecPattern::new(text)
}

fn first_codec(document: &Document<'_>) -> Option<String> {
    let section = document.media().find(|section| section.codecs().len() > 1)?;
    section.codecs().last().map(|codec| codec.payload_type.to_string())
}

fn first_mid(document: &Document<'_>) -> Option<String> {
    document.media().last()?.mid().map(str::to_owned)
}

/// Every operation with arguments that some description of the corpus has a use for.
pub const OPERATIONS: &[Operation] = &[
    ("prefer VP9", |document| prefer_codecs(document, Scope::All, &[codec("VP9")])),
    ("prefer H264 in video", |document| prefer_codecs(document, Scope::Kind("video"), &[codec("H264"), codec("VP8")])),
    ("keep opus", |document| keep_codecs(document, Scope::Kind("audio"), &[codec("opus")])),
    ("keep VP8", |document| keep_codecs(document, Scope::Kind("video"), &[codec("VP8")])),
    ("remove VP8", |document| remove_codecs(document, Scope::All, &[codec("VP8")])),
    ("remove H264", |document| remove_codecs(document, Scope::All, &[codec("H264")])),
    ("remove rtx", |document| remove_codecs(document, Scope::All, &[codec("rtx")])),
    ("remove red and ulpfec", |document| remove_codecs(document, Scope::All, &[codec("red"), codec("ulpfec")])),
    ("remove one payload type", |document| {
        first_codec(document)
            .map_or(Ok(Vec::new()), |last| remove_codecs(document, Scope::All, &[CodecPattern::new(&last)]))
    }),
    ("renumber 111 to 35", |document| renumber_payload_type(document, Scope::All, 111, 35)),
    ("renumber 96 to 36", |document| renumber_payload_type(document, Scope::Index(1), 96, 36)),
    ("set stereo", |document| set_parameter(document, Scope::All, codec("opus"), "stereo", "1")),
    ("set maxaveragebitrate", |document| {
        set_parameter(document, Scope::All, codec("opus"), "maxaveragebitrate", "20000")
    }),
    ("remove useinbandfec", |document| remove_parameter(document, Scope::All, codec("opus"), "useinbandfec")),
    ("set H.264 profile", |document| set_parameter(document, Scope::All, codec("H264"), "profile-level-id", "42e01f")),
    ("set TIAS", |document| set_bandwidth(document, Scope::All, "TIAS", 500_000)),
    ("set AS of the session", |document| set_bandwidth(document, Scope::Session, "AS", 500)),
    ("remove bandwidth", |document| remove_bandwidth(document, Scope::All, None)),
    ("recvonly", |document| set_direction(document, Scope::All, Direction::RecvOnly)),
    ("inactive video", |document| set_direction(document, Scope::Kind("video"), Direction::Inactive)),
    ("add nack rpsi", |document| add_feedback(document, Scope::All, codec("VP8"), "nack rpsi")),
    ("remove goog-remb", |document| remove_feedback(document, Scope::All, None, "goog-remb")),
    ("remove nack of VP8", |document| remove_feedback(document, Scope::All, Some(codec("VP8")), "nack")),
    ("add a header extension", |document| {
        add_extmap(document, Scope::All, "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay")
    }),
    ("remove a header extension", |document| {
        remove_extmap(document, Scope::All, "urn:ietf:params:rtp-hdrext:ssrc-audio-level")
    }),
    ("only relay", |document| {
        let filter = CandidateFilter { types: vec![CandidateType::Relay], ..CandidateFilter::default() };
        filter_candidates(document, Scope::All, &filter, true)
    }),
    ("no TCP", |document| {
        let filter = CandidateFilter { protocols: vec!["tcp".to_owned()], ..CandidateFilter::default() };
        filter_candidates(document, Scope::All, &filter, false)
    }),
    ("no IPv6", |document| {
        let filter = CandidateFilter { families: vec![Family::Ip6], ..CandidateFilter::default() };
        filter_candidates(document, Scope::All, &filter, false)
    }),
    ("no candidates", |document| filter_candidates(document, Scope::All, &CandidateFilter::default(), false)),
    ("connection address", |document| set_connection_address(document, Scope::All, "203.0.113.9".parse().unwrap())),
    ("connection address of IPv6", |document| {
        set_connection_address(document, Scope::Session, "2001:db8::9".parse().unwrap())
    }),
    ("ICE credentials", |document| set_ice_credentials(document, Scope::All, "abcd", "0123456789abcdefghijkl")),
    ("fingerprint", |document| {
        set_fingerprint(document, Scope::All, "sha-1", "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33")
    }),
    ("passive", |document| set_setup(document, Scope::All, Setup::Passive)),
    ("stop the last m-line", |document| stop_media(document, Scope::Index(document.media_count().saturating_sub(1)))),
    ("drop video", |document| drop_media(document, Scope::Kind("video"))),
    ("another mid", |document| match first_mid(document) {
        Some(mid) => set_mid(document, Scope::Mid(&mid), "renamed"),
        None => Ok(Vec::new()),
    }),
    ("two layers", |document| limit_simulcast(document, Scope::All, 2)),
    ("no simulcast", |document| drop_simulcast(document, Scope::All)),
    ("no sources", |document| strip_sources(document, Scope::All)),
    ("add an attribute", |document| add_attribute(document, Scope::All, "x-added:1")),
    ("remove extmap-allow-mixed", |document| remove_attributes(document, Scope::Session, "extmap-allow-mixed")),
    ("to Unified Plan", plan_b_to_unified),
    ("to Plan B", unified_to_plan_b),
    ("normalise", |document| Ok(normalise(document))),
    ("redact", |document| Ok(redact(document))),
];
