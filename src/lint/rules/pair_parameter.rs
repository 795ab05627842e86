//! Parameters and feedback of an answer beside those of its offer: what makes another codec, and what was not offered.

use std::collections::HashSet;

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Part, value_span, without};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::{Both, Pair};
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::codec::{H264Profile, ProfileLevelId};
use crate::sdp::negotiate::{CodecRefusal, Refusal, RefusedCodec, Side};
use crate::sdp::{Feedback, Rtpmap};
use crate::text::Span;

/// So many kinds of feedback of one codec are compared, as in an agreement; a codec with more is passed over.
const FEEDBACK: usize = 32;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-p-h264-profile",
            severity: Severity::Error,
            summary: "The answer changes the profile of H.264",
            what: "The profile in profile-level-id is the same in offer and answer; only the level may differ. Who cannot do it leaves \
                the payload type out.",
            why: "The two are different codecs: a decoder for Constrained Baseline cannot read High. The payload type agrees on nothing.",
            advice: "Answer with the profile of the offer (the first two bytes of profile-level-id), or without the payload type.",
            source: "RFC 6184, section 8.2.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1;profile-level-id=«640c1f»",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1;profile-level-id=42e034",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f",
        )],
        check: Check::Pair(h264_profile),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-h264-pmode",
            severity: Severity::Error,
            summary: "The answer changes the packetization mode of H.264",
            what: "packetization-mode is the same in offer and answer, and 0 where it is not given. Who cannot do it leaves the payload \
                type out.",
            why: "With mode 0 a frame fits one packet or is not sent, with mode 1 it is cut into pieces that mode 0 cannot read.",
            advice: "Answer with the packetization-mode of the offer, or without the payload type.",
            source: "RFC 6184, section 8.2.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=«0»;profile-level-id=42e01f",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f",
        )],
        check: Check::Pair(h264_mode),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-vp9-av1-profile",
            severity: Severity::Error,
            summary: "The answer changes the profile of VP9 or AV1",
            what: "profile-id of VP9 and profile of AV1 are the same in offer and answer, and 0 where they are not given.",
            why: "A decoder for one profile cannot read another one (chroma and bit depth differ). The payload type agrees on nothing.",
            advice: "Answer with the profile of the offer, or without the payload type.",
            source: "RFC 9628, section 6; RTP Payload Format for AV1, section 7.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 98\na=rtpmap:98 VP9/90000\na=fmtp:98 profile-id=«2»")
            .beside(Text::Offer, "m=video 9 UDP/TLS/RTP/SAVPF 98\na=rtpmap:98 VP9/90000\na=fmtp:98 profile-id=0")],
        valid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 98\na=rtpmap:98 VP9/90000")
            .beside(Text::Offer, "m=video 9 UDP/TLS/RTP/SAVPF 98\na=rtpmap:98 VP9/90000\na=fmtp:98 profile-id=0")],
        check: Check::Pair(profile),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-rtcpfb-added",
            severity: Severity::Error,
            summary: "The answer adds feedback that was not offered",
            what: "An answer takes feedback away from what was offered for a codec, and adds none.",
            why: "RFC 9429 makes it an error to apply such an answer; whoever does not look sends feedback that the other side ignores.",
            advice: "Leave the line out, or offer that feedback.",
            source: "RFC 4585, section 4.2; RFC 9429, section 5.11",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack\na=rtcp-fb:«96 nack pli»")
            .beside(Text::Offer, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack")],
        valid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack pli")
            .beside(Text::Offer, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=rtcp-fb:* nack\na=rtcp-fb:* nack pli")],
        check: Check::Pair(feedback),
    },
];

/// What makes another codec of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    H264Profile,
    H264Mode,
    Profile,
}

/// Codecs whose parameters these rules know.
fn parameter_of(name: &str) -> Option<&'static str> {
    let known = [("H264", "profile-level-id"), ("VP9", "profile-id"), ("AV1", "profile"), ("AV1X", "profile")];
    known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, parameter)| *parameter)
}

/// An answered codec that was offered with other parameters.
struct Changed<'a> {
    change: Change,
    offered: Rtpmap<'a>,
    answered: Rtpmap<'a>,
}

/// What was changed of the codec that the answer calls `number`; `None` where no such rule is about it.
fn changed<'a>(both: &Both<'_, '_, 'a>, number: u8) -> Option<Changed<'a>> {
    let answered = both.answer.rtpmap(number)?;
    parameter_of(answered.encoding)?;
    let same = |rtpmap: &Rtpmap<'a>| rtpmap.is(answered.encoding) && rtpmap.clock_rate == answered.clock_rate;
    let all = both.offer.rtpmaps.iter().map(|at| at.value);
    let mut offered = all.filter(|rtpmap| same(rtpmap) && both.offer.names(rtpmap.payload_type));
    if !answered.is("H264") {
        let by_number = both.offer.rtpmap(number).filter(|rtpmap| same(rtpmap) && both.offer.names(number));
        return Some(Changed { change: Change::Profile, offered: by_number.or_else(|| offered.next())?, answered });
    }
    // Where the profile was offered, what differs is the mode.
    let own = h264(both.answer, number);
    let by_number = both.offer.rtpmap(number).filter(|rtpmap| same(rtpmap) && both.offer.names(number));
    let all: Vec<Rtpmap<'a>> = by_number.into_iter().chain(offered).collect();
    let like = all.iter().find(|rtpmap| h264(both.offer, rtpmap.payload_type) == own);
    let change = if like.is_some() { Change::H264Mode } else { Change::H264Profile };
    Some(Changed { change, offered: *like.or(all.first())?, answered })
}

/// The profile of a payload type; the text where it means none.
fn h264(part: &Part<'_, '_>, number: u8) -> Result<H264Profile, String> {
    let text = part.fmtp(number).and_then(|fmtp| fmtp.parameters.value("profile-level-id"));
    // Baseline where it is not said (RFC 6184, section 8.1).
    let Some(text) = text else { return Ok(H264Profile::Baseline) };
    let known = ProfileLevelId::parse(text).map(ProfileLevelId::profile);
    known.filter(|profile| *profile != H264Profile::Unknown).ok_or_else(|| text.to_ascii_lowercase())
}

/// Whether the rules of this file tell why a codec of the answer was refused: it has the number of the offer.
pub(super) fn takes(both: &Both<'_, '_, '_>, codec: &RefusedCodec<'_>) -> bool {
    codec.reason == CodecRefusal::ParametersDiffer
        && codec.named_by == Side::Answerer
        && changed(both, codec.payload_type).is_some_and(|changed| changed.offered.payload_type == codec.payload_type)
}

/// Whether they tell why no format is common to both.
pub(super) fn explains(both: &Both<'_, '_, '_>) -> bool {
    both.answer.media.into_iter().flat_map(|media| media.payload_types()).any(|number| changed(both, number).is_some())
}

fn h264_profile(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    changes(pair, found, Change::H264Profile, |_| "profile-level-id");
}

fn h264_mode(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    changes(pair, found, Change::H264Mode, |_| "packetization-mode");
}

fn profile(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    changes(pair, found, Change::Profile, |name| parameter_of(name).unwrap_or_default());
}

/// Reports the codecs of the answer that were changed in this way.
fn changes(pair: &Pair<'_, '_, '_>, found: &mut Findings, change: Change, parameter: fn(&str) -> &'static str) {
    for both in pair.lines() {
        let numbers: Vec<u8> = match both.agreed.refusal() {
            None => {
                let taken = both.agreed.refused_codecs.iter().filter(|codec| takes(&both, codec));
                taken.map(|codec| codec.payload_type).collect()
            }
            Some(Refusal::NoCommonFormat) => {
                let mut seen = 0_u128;
                let all = both.answer.media.into_iter().flat_map(|media| media.payload_types());
                let new = all.filter(|number| {
                    let bit = 1_u128.checked_shl(u32::from(*number)).unwrap_or(0);
                    let new = seen & bit == 0;
                    seen |= bit;
                    new
                });
                new.collect()
            }
            Some(_) => continue,
        };
        for number in numbers {
            let Some(changed) = changed(&both, number).filter(|changed| changed.change == change) else { continue };
            let parameter = parameter(changed.answered.encoding);
            let said = |part: &Part<'_, '_>, number: u8, span: &dyn Fn(&str) -> Span| {
                let value = part.fmtp(number).and_then(|fmtp| fmtp.parameters.value(parameter));
                (value.unwrap_or("not given").to_owned(), value.map_or(part.format_span(number), span))
            };
            let (own, place) = said(both.answer, number, &|token| pair.answer.span(token));
            let (offered, other) = said(both.offer, changed.offered.payload_type, &|token| pair.offer.span(token));
            let message =
                format!("{parameter} of {} {number} is {own}, but {offered} in the offer", changed.answered.encoding);
            found.at(place, message).label(Text::Offer, other, "what was offered");
        }
    }
}

fn feedback(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed() {
        // Asked for membership only, so that its order never shows.
        let mut offered: HashSet<(Option<u8>, Feedback<'_>)> = HashSet::new();
        let mut numbers = [None; 128];
        let mut many = false;
        for codec in &both.agreed.codecs {
            many |= codec.feedback.len() >= FEEDBACK;
            let number = codec.payload_types.answerer;
            if let Some(slot) = numbers.get_mut(usize::from(number)) {
                *slot = Some(codec.payload_types.offerer);
            }
            for feedback in &codec.feedback {
                offered.insert((Some(number), *feedback));
                offered.insert((None, *feedback));
            }
        }
        if many || both.agreed.codecs.is_empty() {
            continue;
        }
        for at in &both.answer.feedback {
            let number = at.value.payload_type;
            let known = number.map(|number| numbers.get(usize::from(number)).copied().flatten());
            // What is not agreed on has no feedback to compare with.
            if known == Some(None) || offered.contains(&(number, at.value.feedback)) {
                continue;
            }
            let other = known.flatten().map_or(both.offer.head(), |number| both.offer.format_span(number));
            let what = number.map_or("any codec".to_owned(), |number| format!("payload type {number}"));
            found
                .at(value_span(at.line), format!("{} was not offered for {what}", at.value.feedback))
                .label(Text::Offer, other, "offered without it")
                .fix("leave it out", vec![without(at.line)]);
        }
    }
}
