//! What became of the media that was offered: refused, without a codec, one way.

use super::Row;
use crate::diagnose::accord::{Accord, Remarked, names};
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::name::{self, EXCHANGE};
use crate::diagnose::remark::{Formats, Matter, OneWay, Remark};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::sdp::negotiate::{Refusal, Side};

pub(super) static RULES: &[Row] =
    &[(&MEDIA_REFUSED, media_refused), (&NO_COMMON_CODEC, no_common_codec), (&ONE_WAY, one_way)];

static MEDIA_REFUSED: Rule = Rule {
    name: "negotiation-media-refused",
    severity: Severity::Info,
    summary: "Media that was offered cannot be used after the answer",
    what: "An m-line was offered, and with this answer it cannot be used. Port 0 is the ordinary way to say no: information, and a warning \
        where no other m-line is left. Everything else is a warning: the answer has no such m-line, another kind of media or a protocol \
        that has nothing in common with the offered one, or it does not bundle what was offered for a bundle only. A line that \
        the offer itself had stopped is not refused, one without a common codec is negotiation-no-common-codec, and one that makes no \
        sense signaling-sdp-fault.",
    why: "No media of that line flows in either direction. With port 0 both sides know; an answer with other m-lines than its offer is \
        refused as a whole by browsers, and elsewhere the two sides take different lines for the same.",
    advice: "Port 0: see whether the answerer wants that media (a telephone without a camera does not) and, with a browser, whether a transceiver of \
        that kind was stopped or never made. Otherwise look at what writes the answer: it has to keep the number, the order and the kind of \
        the offered m-lines, and to bundle a line that says bundle-only or to refuse it.",
    source: "RFC 3264, section 6; RFC 9143, section 7.3.3; RFC 9429, section 5.3.1",
};

fn media_refused(case: &Case<'_>) -> Vec<Finding> {
    let refused = case.remarked(|_, remark| match &remark.matter {
        Matter::Refused(refusal) => Some(*refusal),
        _ => None,
    });
    refused
        .into_iter()
        .filter_map(|(refusal, members)| {
            let (accord, _) = members.first()?;
            let nothing = members.iter().any(|(accord, _)| !accord.usable);
            let [offerer, answerer] = both(case, accord)?;
            let lines = names(members.iter().map(|(_, remark)| *remark));
            let message = format!("{lines} of the offer of {offerer}: {}{}", how(refusal, &answerer), left(nothing));
            let ordinary = refusal == Refusal::PortZero && !nothing;
            let severity = if ordinary { Severity::Info } else { Severity::Warning };
            Some(found(&MEDIA_REFUSED, message, accord).with_severity(severity))
        })
        .collect()
}

/// How an m-line was refused.
fn how(refusal: Refusal, answerer: &str) -> String {
    match refusal {
        Refusal::NotBundled => format!("offered for a bundle only, and {answerer} does not bundle it"),
        Refusal::Missing => format!("the answer of {answerer} has no such m-line"),
        Refusal::KindDiffers => format!("the answer of {answerer} has another kind of media in its place"),
        Refusal::ProtocolDiffers => {
            format!("the answer of {answerer} names a protocol that has nothing in common with the offered one")
        }
        _ => format!("{answerer} refused it with port 0"),
    }
}

/// Whether anything is left.
const fn left(nothing: bool) -> &'static str {
    if nothing { "; no m-line is left that can be used" } else { "" }
}

/// The names of offerer and answerer.
fn both(case: &Case<'_>, accord: &Accord<'_>) -> Option<[String; 2]> {
    let exchange = case.exchange(accord.exchange)?;
    Some([Side::Offerer, Side::Answerer].map(|side| name::party(exchange, accord.party(side))))
}

/// A finding that rests on a round.
fn found(rule: &'static Rule, message: String, accord: &Accord<'_>) -> Finding {
    let moments = [Some(accord.answer.moment), Some(accord.offer.moment)];
    resting(Finding::new(rule, message), moments).about(EXCHANGE, name::exchange_id(accord.exchange))
}

static NO_COMMON_CODEC: Rule = Rule {
    name: "negotiation-no-common-codec",
    severity: Severity::Warning,
    summary: "Both sides name codecs, and have none in common",
    what: "The answer takes an m-line and names formats for it, and none of them was offered; or what is in common carries no media by itself: \
        retransmissions, error correction, comfort noise, keys. Codecs of the same name with other parameters that make them different \
        (profile and packetization-mode of H264, profile of VP9 and AV1, octet-align of AMR) are named with them. Where no other m-line is \
        left it is an error.",
    why: "There is nothing that one side may send and the other can decode: silence or no picture, although the call looks answered.",
    advice: "Compare the two lists. An answer may only take formats from its offer: where it names others, something in between rewrote one of the \
        two, or the answer was made for another offer. Where only parameters differ, let the offerer name both variants, as browsers do for \
        H264; where the codecs differ, offer one that everybody has (Opus, PCMU and PCMA; VP8 and H264 Constrained Baseline) or put a \
        transcoder in between.",
    source: "RFC 3264, section 6.1; RFC 6184, section 8.2.2; RFC 7874, section 3; RFC 7742, section 5",
};

fn no_common_codec(case: &Case<'_>) -> Vec<Finding> {
    let without = case.remarked(|_, remark| match &remark.matter {
        Matter::NothingInCommon(_) => Some(remark.media),
        _ => None,
    });
    without
        .into_iter()
        .filter_map(|(_, members)| {
            let (accord, remark) = members.first()?;
            let Matter::NothingInCommon(formats) = &remark.matter else { return None };
            let [offerer, answerer] = both(case, accord)?;
            let helps = !formats.helpers.is_empty();
            let message = format!("{}: {}{}", remark.name, lists(formats, &offerer, &answerer), left(!accord.usable));
            let severity = if accord.usable && !helps { Severity::Warning } else { Severity::Error };
            Some(found(&NO_COMMON_CODEC, message, accord).with_severity(severity))
        })
        .collect()
}

fn lists(formats: &Formats, offerer: &str, answerer: &str) -> String {
    let listed = |list: &str| if list.is_empty() { "nothing that carries media".to_owned() } else { list.to_owned() };
    let common = if formats.helpers.is_empty() {
        "nothing is in common".to_owned()
    } else {
        format!("in common is {} alone", formats.helpers)
    };
    let differing = if formats.differing.is_empty() {
        String::new()
    } else {
        format!("; {} is on both sides, with other parameters", formats.differing)
    };
    let (offered, answered) = (listed(&formats.named.offerer), listed(&formats.named.answerer));
    format!("{offerer} offered {offered}, {answerer} answered {answered}, and {common}{differing}")
}

static ONE_WAY: Rule = Rule {
    name: "negotiation-one-way",
    severity: Severity::Info,
    summary: "The two agreed that media goes one way, or not at all",
    what: "After the answer only one side sends media of an m-line, or neither does, because one of the two said sendonly, recvonly or inactive. \
        The finding says who sends, and from when to when for the first time. Media that one side does not send although both agreed on it is \
        rtp-one-way.",
    why: "Whoever misses sound or a picture here finds the reason in the descriptions and not on the network: a call on hold, a viewer that only \
        watches, or a side that had no track yet when it answered.",
    advice: "If both should send: the side that said recvonly or inactive had nothing to send, or was told not to. In a browser add the track before \
        createAnswer (addTrack, or the direction of the transceiver); a call on hold is taken back by another offer with sendrecv.",
    source: "RFC 3264, sections 6.1 and 8.4; RFC 9429, section 5.3.1",
};

fn one_way(case: &Case<'_>) -> Vec<Finding> {
    let ways = case.remarked(|accord, remark| match remark.matter {
        Matter::OneWay(way) => Some((way.sender.map(|side| accord.party(side)), remark.media)),
        _ => None,
    });
    // Of each m-line the first time; those that begin and end together are one story.
    let periods = ways.into_iter().filter_map(|((sender, _), members)| {
        let (accord, remark) = *members.first()?;
        let end = end(case, accord, sender, remark);
        let again = end.is_some_and(|end| members.iter().any(|(accord, _)| accord.answer.moment > end));
        Some(((accord.exchange, sender, accord.answer.moment, end, again), (accord, remark)))
    });
    group(periods)
        .into_iter()
        .filter_map(|((place, sender, begin, end, again), members)| {
            let (first, _) = members.first()?;
            let exchange = case.exchange(place)?;
            let who = match sender {
                Some(party) => format!("only {} sends", name::party(exchange, party)),
                None => "nobody sends".to_owned(),
            };
            let message = format!(
                "{who} {} from {} {}{}{}",
                names(members.iter().map(|(_, remark)| *remark)),
                case.at(begin),
                end.map_or_else(|| "on".to_owned(), |end| format!("to {}", case.at(end))),
                if again { ", and again later" } else { "" },
                said(&members)
            );
            Some(found(&ONE_WAY, message, first))
        })
        .collect()
}

/// What the two said of these m-lines, where it is the same of all.
fn said(members: &[Remarked<'_, '_>]) -> String {
    let mut all = members.iter().filter_map(|(_, remark)| match remark.matter {
        Matter::OneWay(OneWay { said, .. }) => Some(said),
        _ => None,
    });
    match all.next() {
        Some(first) if all.all(|other| other == first) => {
            format!(" (offered {}, answered {})", first.offerer, first.answerer)
        }
        _ => String::new(),
    }
}

/// When another round changed what was agreed on for this m-line.
fn end(case: &Case<'_>, first: &Accord<'_>, sender: Option<usize>, line: &Remark) -> Option<Moment> {
    let later = case.accords().iter().skip_while(|accord| !std::ptr::eq(*accord, first)).skip(1);
    let mut pair = [first.offer.from, first.answer.from];
    pair.sort_unstable();
    let mut rounds = later.filter(|accord| {
        let mut parties = [accord.offer.from, accord.answer.from];
        parties.sort_unstable();
        accord.exchange == first.exchange && parties == pair
    });
    let goes_on = |accord: &Accord<'_>| {
        accord.remarks.iter().any(|remark| match remark.matter {
            Matter::OneWay(way) => remark.media == line.media && way.sender.map(|side| accord.party(side)) == sender,
            _ => false,
        })
    };
    rounds.find(|accord| !goes_on(accord)).map(|accord| accord.answer.moment)
}
