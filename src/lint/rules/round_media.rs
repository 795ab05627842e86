//! A further offer: its m-lines, and what may not be given another meaning in them.

use std::collections::BTreeMap;

use crate::finding::{Rule, Severity};
use crate::lint::context::{At, Part};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::in_force::InForce;
use crate::lint::pair::Rounds;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Extmap, Rtpmap};
use crate::text::Span;

const REFUSED: Verdicts = Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-r-mline-removed",
            severity: Severity::Error,
            summary: "A further offer has fewer m-lines than the one before",
            what: "M-lines never go: each further offer has those of the one before in the same order, and new ones behind. A stream that \
                ends keeps its m-line with port 0.",
            why: "The place of a m-line is its identity, so that the rest would be taken for other streams. Browsers refuse the offer.",
            advice: "Set the port of what ended to 0 and leave it in its place; a later stream may take the place.",
            source: "RFC 3264, section 8; libwebrtc, sdp_offer_answer.cc (MediaSectionsInSameOrder); Firefox, JsepSessionImpl \
                (ValidateRemoteDescription)",
        },
        profiles: &[],
        verdicts: REFUSED,
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n«m=audio 49170 RTP/AVP 0»\r\n",
        )
        .beside(
            Text::PreviousOffer,
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\nm=video 51372 RTP/AVP 31\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\nm=video 0 RTP/AVP 31\r\n",
        )
        .beside(
            Text::PreviousOffer,
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\nm=video 51372 RTP/AVP 31\r\n",
        )],
        check: Check::Rounds(line_removed),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-mid-or-type-changed",
            severity: Severity::Error,
            summary: "A m-line in use has another mid or another kind of media",
            what: "As long as neither side has set its port to 0, a m-line keeps its mid and its kind of media. Only the place of one that \
                was stopped or refused may be used for something else.",
            why: "Chrome refuses the offer: it says that the order of m-lines does not match. Firefox refuses another kind of media, and \
                takes another mid for another stream.",
            advice: "Stop the m-line in one round and use its place in the next, or add a new m-line at the end.",
            source: "RFC 3264, section 8; RFC 9429, section 5.2.2; libwebrtc, sdp_offer_answer.cc (MediaSectionsInSameOrder)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: REFUSED,
        fix: None,
        invalid: &[
            Example::media("a=mid:«audio»").beside(Text::PreviousOffer, "a=mid:0"),
            Example::media("m=«video» 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000").beside(Text::PreviousOffer, "a=mid:0"),
        ],
        valid: &[
            Example::media("a=mid:0").beside(Text::PreviousOffer, "a=mid:0"),
            Example::media("a=mid:1").beside(Text::PreviousOffer, "m=audio 0 UDP/TLS/RTP/SAVPF 111\na=mid:0"),
        ],
        check: Check::Rounds(mid_or_type_changed),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-extmap-remapped",
            severity: Severity::Error,
            summary: "The id of a header extension means another one than before",
            what: "An id that was agreed on for one header extension is given to another one in a further offer.",
            why: "Packets with the old meaning are still under way, and nothing in them tells which meaning counts. Chrome and Firefox \
                refuse the offer.",
            advice: "Keep the ids of the round before, and give a new header extension an id that was never used.",
            source: "RFC 8285, section 6; Firefox, JsepSessionImpl (ValidateRemoteDescription); libwebrtc (\"RTP extension ID reassignment \
                not supported\")",
        },
        profiles: &[],
        verdicts: REFUSED.rfc(Verdict::NotKnown),
        fix: None,
        invalid: &[Example::media("a=extmap:4 «urn:ietf:params:rtp-hdrext:ssrc-audio-level»")
            .beside(Text::PreviousOffer, "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid")],
        valid: &[Example::media("a=extmap:5 urn:ietf:params:rtp-hdrext:ssrc-audio-level")
            .beside(Text::PreviousOffer, "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid")],
        check: Check::Rounds(extmap_remapped),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-pt-remapped",
            severity: Severity::Error,
            summary: "A payload type means another codec than before",
            what: "A payload type that stood for one codec in a m-line stands for another one in a further description of the same party.",
            why: "A packet says its payload type and nothing more: whoever gets one that was sent before the change decodes it as the \
                wrong codec. Browsers take the description.",
            advice: "Keep the payload types of the round before, and give a new codec a payload type that the m-line never used.",
            source: "RFC 3264, section 8.3.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 «G722/8000»")
            .beside(Text::PreviousOffer, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 112 111\na=rtpmap:111 opus/48000/2\na=rtpmap:112 G722/8000")
            .beside(Text::PreviousOffer, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 OPUS/48000/2")],
        check: Check::Rounds(payload_type_remapped),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-rtcp-mux-state",
            severity: Severity::Error,
            summary: "A further offer takes rtcp-mux away that was agreed on",
            what: "Once both sides have agreed to send RTP and RTCP over one port, every further offer says a=rtcp-mux again.",
            why: "The second port was given up long ago. Chrome and Firefox refuse the offer.",
            advice: "Keep a=rtcp-mux in every m-line that has it.",
            source: "RFC 9429, section 5.8.3",
        },
        profiles: &[Profile::Webrtc],
        verdicts: REFUSED,
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n",
        )
        .beside(
            Text::PreviousOffer,
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n\
                a=rtcp-mux\r\n",
        )],
        valid: &[Example::media("a=rtcp-mux").beside(Text::PreviousOffer, "a=rtcp-mux")],
        check: Check::Rounds(mux_dropped),
    },
];

fn line_removed(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    let (before, now) = (&rounds.previous_offer.media, &rounds.offer.media);
    let Some(gone) = before.get(now.len()) else { return };
    let last = now.last().unwrap_or(&rounds.offer.session);
    let (count, gone) = (before.len() - now.len(), gone.head());
    found
        .at(last.head(), format!("{count} of {} m-lines of the offer before are missing behind this one", before.len()))
        .label(Text::PreviousOffer, gone, "the first that is missing");
}

fn mid_or_type_changed(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    for (index, (before, now)) in rounds.previous_offer.media.iter().zip(&rounds.offer.media).enumerate() {
        if rounds.was_free(index) {
            continue;
        }
        let mids = before.section.mid().zip(now.section.mid());
        if let Some((old, new)) = mids.filter(|(old, new)| old != new) {
            found
                .at(rounds.offer.span(new), format!("the mid of m-line {index} was {old} and is {new}"))
                .label(Text::PreviousOffer, rounds.previous_offer.span(old), "before")
                .verdicts(REFUSED.firefox(Verdict::Accepts));
        } else if let Some((old, new)) = before.media.zip(now.media)
            && !old.media.eq_ignore_ascii_case(new.media)
        {
            let (old, new) = (old.media, new.media);
            found.at(rounds.offer.span(new), format!("m-line {index} was {old} and is {new}")).label(
                Text::PreviousOffer,
                rounds.previous_offer.span(old),
                "before",
            );
        }
    }
}

fn extmap_remapped(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    let (settled, text) = rounds.settled();
    let mut compare = |before: &Part<'_, '_>, now: &Part<'_, '_>| {
        let mut known: BTreeMap<u32, Extmap<'_>> = BTreeMap::new();
        for at in &before.extmaps {
            known.entry(at.value.id).or_insert(at.value);
        }
        for Extmap { id, uri, .. } in now.extmaps.iter().map(|at| at.value) {
            let Some(old) = known.get(&id).filter(|old| old.uri != uri) else { continue };
            found.at(rounds.offer.span(uri), format!("id {id} was {} and is {uri}", old.uri)).label(
                text,
                settled.span(old.uri),
                "before",
            );
        }
    };
    compare(&settled.session, &rounds.offer.session);
    for (index, (before, now)) in settled.media.iter().zip(&rounds.offer.media).enumerate() {
        if !rounds.was_free(index) && !now.section.is_rejected() && before.section.mid() == now.section.mid() {
            compare(before, now);
        }
    }
}

fn payload_type_remapped(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    for turn in rounds.turns() {
        for kept in turn.kept() {
            let before = meanings(&kept.before.rtpmaps);
            for (payload_type, new) in meanings(&kept.now.rtpmaps) {
                let used = kept.before.names(payload_type) && kept.now.names(payload_type);
                let old = before.get(&payload_type).filter(|old| used && !is_same(&old.value, &new.value));
                let Some(old) = old else { continue };
                let place = Span::new(turn.now.span(new.value.encoding).start, new.line.span().end);
                let message =
                    format!("payload type {payload_type} was {} and is {}", codec(&old.value), codec(&new.value));
                found.at_text(turn.now_text, place, message).label(turn.before_text, old.line.span(), "before");
            }
        }
    }
}

/// The first meaning of each payload type.
fn meanings<'l, 'd, 'a>(rtpmaps: &'l [At<'d, 'a, Rtpmap<'a>>]) -> BTreeMap<u8, &'l At<'d, 'a, Rtpmap<'a>>> {
    let mut found = BTreeMap::new();
    for at in rtpmaps {
        found.entry(at.value.payload_type).or_insert(at);
    }
    found
}

fn is_same(one: &Rtpmap<'_>, other: &Rtpmap<'_>) -> bool {
    let rest = |rtpmap: &Rtpmap<'_>| (rtpmap.clock_rate, rtpmap.channels.unwrap_or(1));
    one.is(other.encoding) && rest(one) == rest(other)
}

fn codec(rtpmap: &Rtpmap<'_>) -> String {
    let channels = rtpmap.channels.map_or_else(String::new, |channels| format!("/{channels}"));
    format!("{}/{}{channels}", rtpmap.encoding, rtpmap.clock_rate)
}

fn mux_dropped(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    let (settled, text) = rounds.settled();
    let (before, now) = (InForce::new(settled), InForce::new(rounds.offer));
    for (index, (old, new)) in settled.media.iter().zip(&rounds.offer.media).enumerate() {
        if rounds.was_free(index) || new.section.is_rejected() || !new.is_rtp() {
            continue;
        }
        if before.of(index).has_mux() && !now.of(index).has_mux() {
            found.at(new.head(), format!("{} had a=rtcp-mux and has none any more", new.name())).label(
                text,
                old.head(),
                "before",
            );
        }
    }
}
