//! Calls that were given up before they began, and media that came before it was agreed on.

use std::time::Duration;

use super::Row;
use crate::call::{Call, Outcome};
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, CALL};
use crate::diagnose::wording::duration;
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::signal::{DescriptionType, RoomWord};
use crate::signaling::exchange::{Exchange, Happening, Incident};

pub(super) static RULES: &[Row] =
    &[(&REFUSED, refused), (&CANCELLED, cancelled), (&MEDIA_BEFORE_ANSWER, media_before_answer)];

/// Media that comes so shortly before the answer has only overtaken it: the two take different ways.
const OVERTAKEN: Duration = Duration::from_millis(200);

static REFUSED: Rule = Rule {
    name: "call-refused",
    severity: Severity::Info,
    summary: "The call was refused",
    what: "The side that was called turned the call down before it answered: busy, declined, not found, not acceptable. The finding gives \
        the word or status that it said.",
    why: "Nothing is wrong with the network: no connection is expected to come about. A refusal that nobody meant (404, 415, 488) is a \
        matter of addresses or of descriptions.",
    advice: "486, 600 and 603 are a person's choice. 404 and 480: nobody is registered under that name. 415, 488 and 606: the description \
        is not taken; compare its codecs, transport protocol (RTP/SAVPF or RTP/AVP) and DTLS setup with what the other side can do.",
    source: "RFC 3261, section 21",
};

fn refused(case: &Case<'_>) -> Vec<Finding> {
    given_up(case, Outcome::Refused, RoomWord::Refused, |exchange, happening, said| {
        Finding::new(&REFUSED, format!("{} refused the call: {said}", by(exchange, happening)))
    })
}

static CANCELLED: Rule = Rule {
    name: "call-cancelled",
    severity: Severity::Info,
    summary: "The call was given up before it was answered",
    what: "The side that called took its offer back (in SIP with CANCEL) before there was an answer.",
    why: "Nothing is wrong with the network: no connection is expected to come about. Many of these after the same time mean that the \
        other side is not told, or cannot answer.",
    advice: "See how long it rang: a person who hangs up takes some seconds, a timer of the caller or of a proxy always takes the same time.",
    source: "RFC 3261, section 9",
};

fn cancelled(case: &Case<'_>) -> Vec<Finding> {
    given_up(case, Outcome::Cancelled, RoomWord::Cancelled, |exchange, happening, said| {
        let waited = happening.moment.time.since(exchange.first.time);
        let message = format!("{} gave the call up after {} ({said})", by(exchange, happening), duration(waited));
        Finding::new(&CANCELLED, message)
    })
}

fn by(exchange: &Exchange, happening: &Happening) -> String {
    happening.party.map_or_else(|| "somebody".to_owned(), |party| name::party(exchange, party))
}

/// The calls of this outcome, with the word that says so.
fn given_up(
    case: &Case<'_>,
    outcome: Outcome,
    word: RoomWord,
    find: impl Fn(&Exchange, &Happening, String) -> Finding,
) -> Vec<Finding> {
    case.calls()
        .filter(|(_, call)| call.outcome == outcome)
        .filter_map(|(place, call)| {
            let exchanges = call.exchanges.iter().filter_map(|place| case.exchange(*place));
            let said = exchanges.flat_map(|exchange| exchange.happenings.iter().map(move |told| (exchange, told)));
            let (exchange, happening, said) = said.into_iter().find_map(|(exchange, told)| match &told.incident {
                Incident::Room(event) if event.word == word => Some((exchange, told, name::short(&event.said))),
                _ => None,
            })?;
            let moments = [Some(happening.moment), Some(exchange.first)];
            Some(resting(find(exchange, happening, said), moments).about(CALL, name::call_id(place)))
        })
        .collect()
}

static MEDIA_BEFORE_ANSWER: Rule = Rule {
    name: "call-media-before-answer",
    severity: Severity::Warning,
    summary: "Media came before the answer that it belongs to",
    what: "The first media of the call was sent after the offer and well before any answer to it, not even a provisional one, was signalled. \
        Early media that a SIP 183 describes is not meant: its description comes first.",
    why: "The offerer does not know yet which codecs were chosen, and without the fingerprint of the answer it may not play what \
        comes through DTLS. The beginning of what is said is cut off (clipping), or plays as noise.",
    advice: "See why the answer comes after the media: a server that connects the media path first, an answer that waits in a queue, SIP \
        without 100rel whose 183 was lost. Send the answer, or a provisional one, before the media.",
    source: "RFC 3264, section 5.1; RFC 3960, section 2; RFC 8827, section 6.5",
};

fn media_before_answer(case: &Case<'_>) -> Vec<Finding> {
    case.calls()
        .filter_map(|(place, call)| {
            let early = early_media(case, call)?;
            let message = format!("the first media was sent {} before the answer was", duration(early.before));
            let finding = resting(Finding::new(&MEDIA_BEFORE_ANSWER, message), early.moments);
            Some(finding.about(CALL, name::call_id(place)))
        })
        .collect()
}

struct EarlyMedia {
    before: Duration,
    moments: [Option<Moment>; 3],
}

/// Media between the first offer of a call and the answer to this very offer, where both are on the wire.
fn early_media(case: &Case<'_>, call: &Call) -> Option<EarlyMedia> {
    let setup = &call.setup;
    let (offer, answer) = (setup.offer?, setup.answer?);
    let media = setup.media.iter().flatten().min().copied()?;
    let timed = offer.frame.0 > 0 && answer.frame.0 > 0;
    // What had begun before the offer belongs to an earlier negotiation, which the capture does not hold.
    let own = media > offer && [setup.check, setup.handshake].into_iter().flatten().all(|begun| begun > offer);
    let before = answer.time.since(media.time);
    let mut exchanges = call.exchanges.iter().filter_map(|place| case.exchange(*place));
    let answers = exchanges.any(|exchange| answers(exchange, offer, answer));
    (timed && own && answers && before >= OVERTAKEN)
        .then_some(EarlyMedia { before, moments: [Some(media), Some(offer), Some(answer)] })
}

/// Whether the description sent at `answer` answers the offer sent at `offer`, with no other offer in between.
fn answers(exchange: &Exchange, offer: Moment, answer: Moment) -> bool {
    let between = exchange.descriptions.iter().filter(|sent| sent.moment >= offer && sent.moment <= answer);
    let kinds: Vec<DescriptionType> = between.map(|sent| sent.kind).collect();
    matches!(kinds.as_slice(), [DescriptionType::Offer, DescriptionType::Answer | DescriptionType::Pranswer])
}
