//! Offers and their answers.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, EXCHANGE};
use crate::diagnose::negotiation::{Fate, MACHINE, OpenOffer};
use crate::diagnose::outcome::Outcome;
use crate::diagnose::wording::duration;
use crate::finding::{Finding, Rule, Severity};
use crate::signal::{Carrier, DescriptionType};
use crate::signaling::exchange::{Exchange, Incident};

pub(super) static RULES: &[Row] =
    &[(&ANSWER_MISSING, answer_missing), (&RESTART_UNANSWERED, restart_unanswered), (&ANSWER_LATE, answer_late)];

/// A person who is to answer may take longer; from here on the wait is worth a word.
const PERSON: Duration = Duration::from_secs(10);
/// After this the person who offers has given up, and so has a SIP transaction without any answer (64 times T1, RFC 3261, section 17.1.1.2).
const GIVEN_UP: Duration = Duration::from_secs(32);
/// A SIP call that rings is given up by proxies no earlier than this (timer C, RFC 3261, section 16.6).
const RINGING: Duration = Duration::from_mins(3);

static ANSWER_MISSING: Rule = Rule {
    name: "signaling-answer-missing",
    severity: Severity::Error,
    summary: "An offer was never answered",
    what: "A description was offered, the other direction of the conversation is in the capture too, and no answer to it came until the \
        call or the capture ended. Where a person has to pick up first and less than 32 seconds had passed, this is only a warning.",
    why: "Without an answer the offerer stays in have-local-offer: it has neither the ICE credentials nor the fingerprint of the other \
        side, sends no checks and can receive no media. In a renegotiation the old session goes on, and nothing else can be negotiated.",
    advice: "Follow the offer through the server: did it reach the other side (names, rooms, a peer that had gone)? Then see whether the \
        other side failed on it, as a rule in setRemoteDescription or createAnswer, which say so in its console. With HTTP read the \
        status of the response.",
    source: "RFC 3264, section 4; RFC 9429, section 3.2; RFC 9725, section 4.2",
};

fn answer_missing(case: &Case<'_>) -> Vec<Finding> {
    unanswered(case)
        .filter(|(_, exchange, open)| !restarts(exchange, open) && !crossed(exchange, open))
        .filter_map(|(place, exchange, open)| {
            let settled = is_settled(exchange, open.offer.moment);
            // Where a connection came of it an answer did come, by a way that was not heard.
            if !settled && case.fate(place) == Fate::Works {
                return None;
            }
            let machine = exchange.carrier == Carrier::Http || settled;
            let sip = exchange.carrier == Carrier::Sip && !machine;
            let severity = match open.waited {
                waited if waited < if sip { GIVEN_UP } else { MACHINE } => return None,
                waited if machine || waited >= if sip { RINGING } else { GIVEN_UP } => Severity::Error,
                _ => Severity::Warning,
            };
            let again = if settled { "another offer" } else { "an offer" };
            let message =
                format!("{} made {again} and {}", name::party(exchange, open.offer.from), end(exchange, &open));
            let moments = [Some(open.offer.moment), open.over];
            let finding = resting(Finding::new(&ANSWER_MISSING, message).with_severity(severity), moments);
            Some(finding.about(EXCHANGE, name::exchange_id(place)))
        })
        .collect()
}

/// How it went on: `party 2 did not answer it in 12.0 s, until the capture ended`.
fn end(exchange: &Exchange, open: &OpenOffer<'_>) -> String {
    let other = name::party(exchange, open.offer.to);
    let answered = if open.provisionally { "answered it only for the time being" } else { "did not answer it" };
    let until = if open.over.is_some() { "the call was over" } else { "the capture ended" };
    format!("{other} {answered} in the {} until {until}", duration(open.waited))
}

/// Offers without an answer, of exchanges that are whole in the capture and that nobody refused or gave up.
fn unanswered<'a>(case: &Case<'a>) -> impl Iterator<Item = (usize, &'a Exchange, OpenOffer<'a>)> {
    // Of a message that the capture has cut nothing is left, so that answers may be missing from it.
    let whole =
        case.facts().truncated_packets == 0 && case.facts().dropped_by_kernel.is_none_or(|dropped| dropped == 0);
    case.exchanges().filter(move |(_, exchange)| whole && !exchange.one_way).filter_map(|(place, exchange)| {
        let open = case.open_offer(exchange)?;
        // The time of a file is not the wire's.
        (open.offer.moment.frame.0 > 0).then_some((place, exchange, open))
    })
}

/// Whether something was answered before `moment`: nobody has to pick up any more.
fn is_settled(exchange: &Exchange, moment: crate::moment::Moment) -> bool {
    exchange
        .happenings
        .iter()
        .any(|happening| happening.moment < moment && matches!(happening.incident, Incident::Answered { .. }))
}

/// Whether an open offer restarts ICE.
fn restarts(exchange: &Exchange, open: &OpenOffer<'_>) -> bool {
    let is_it =
        |incident: &Incident| matches!(incident, Incident::IceRestart { description } if *description == open.place);
    exchange.happenings.iter().any(|happening| is_it(&happening.incident))
}

/// Whether another offer has crossed an open one: then that is the finding.
fn crossed(exchange: &Exchange, open: &OpenOffer<'_>) -> bool {
    let is_it = |incident: &Incident| match incident {
        Incident::Glare { first, second } => *first.max(second) >= open.place,
        _ => false,
    };
    exchange.happenings.iter().any(|happening| is_it(&happening.incident))
}

static RESTART_UNANSWERED: Rule = Rule {
    name: "signaling-restart-unanswered",
    severity: Severity::Warning,
    summary: "An ICE restart was offered and not answered",
    what: "An offer carried new ICE credentials, which asks for an ICE restart, and no answer to it came. The agent that offers gathers \
        anew and waits; checks with the new credentials cannot begin.",
    why: "A restart is the way out of a connection that broke. Unanswered, the call stays on the old pair: nothing happens while that \
        works, and where it broke (then this is an error) the call is lost although both sides are there.",
    advice: "See whether the offer still reaches the other side: the same outage that called for the restart often cuts the signalling, so \
        that it has to connect again first. Otherwise see why the other side does not answer; see signaling-answer-missing.",
    source: "RFC 8445, section 9; RFC 8839, section 4.4.1.1.1; RFC 9429, section 4.1.18",
};

fn restart_unanswered(case: &Case<'_>) -> Vec<Finding> {
    unanswered(case)
        .filter(|(_, exchange, open)| open.waited >= MACHINE && restarts(exchange, open))
        .map(|(place, exchange, open)| {
            let lost = |outcome| matches!(outcome, Outcome::Lost { .. } | Outcome::Disconnected { .. });
            let broken = case.negotiated(place).any(|(_, outcome)| lost(outcome));
            let message = format!(
                "{} offered an ICE restart and {}{}",
                name::party(exchange, open.offer.from),
                end(exchange, &open),
                if broken { "; the old session is lost" } else { "" }
            );
            let finding = resting(Finding::new(&RESTART_UNANSWERED, message), [Some(open.offer.moment), open.over]);
            let severity = if broken { Severity::Error } else { Severity::Warning };
            finding.with_severity(severity).about(EXCHANGE, name::exchange_id(place))
        })
        .collect()
}

static ANSWER_LATE: Rule = Rule {
    name: "signaling-answer-late",
    severity: Severity::Info,
    summary: "An answer took seconds to come",
    what: "Between an offer and its answer lay five seconds or more where no person had to pick up (HTTP, where a server answers, and every \
        renegotiation; then this is a warning), or ten or more where one may have. The first offer of a SIP call is not \
        looked at: it rings.",
    why: "The answer is the first part of the set-up: until it comes the offerer cannot check a single pair, and everybody sees a call \
        that connects slowly. During a renegotiation whatever was to change waits for it.",
    advice: "See what the answerer waits for. An answer that holds all candidates has waited for the gathering to end: for a STUN or TURN \
        server that does not answer that takes many seconds; use trickle ICE. Other causes: the permission dialogue for camera and \
        microphone, a server that starts a worker first.",
    source: "RFC 8838, section 1; RFC 9429, section 4.1.10; RFC 9725, section 4.2",
};

fn answer_late(case: &Case<'_>) -> Vec<Finding> {
    case.exchanges()
        .filter_map(|(place, exchange)| {
            let late = exchange.happenings.iter().filter_map(|happening| late(exchange, &happening.incident));
            let (offer, answer, after, severity) = late.max_by_key(|(.., after, severity)| (*severity, *after))?;
            let (asked, said) = (exchange.descriptions.get(offer)?, exchange.descriptions.get(answer)?);
            let message = format!(
                "{} answered the offer of {} after {}",
                name::party(exchange, said.from),
                name::party(exchange, asked.from),
                duration(after)
            );
            let finding = resting(Finding::new(&ANSWER_LATE, message), [Some(said.moment), Some(asked.moment)]);
            Some(finding.with_severity(severity).about(EXCHANGE, name::exchange_id(place)))
        })
        .collect()
}

/// The offer, the answer and the time between them, where that is long.
fn late(exchange: &Exchange, incident: &Incident) -> Option<(usize, usize, Duration, Severity)> {
    let Incident::Answered { offer, answer, after } = incident else { return None };
    if *after < MACHINE {
        return None;
    }
    let (asked, said) = (exchange.descriptions.get(*offer)?, exchange.descriptions.get(*answer)?);
    if asked.moment.frame.0 == 0 || said.moment.frame.0 == 0 {
        return None;
    }
    // Early media: the answer was there, though not for good.
    let early = exchange
        .descriptions
        .iter()
        .any(|sent| sent.kind == DescriptionType::Pranswer && sent.moment > asked.moment && sent.moment < said.moment);
    let settled = is_settled(exchange, asked.moment);
    let severity = match exchange.carrier {
        _ if early => return None,
        Carrier::Http => Severity::Warning,
        _ if settled => Severity::Warning,
        Carrier::Sip => return None,
        _ => Severity::Info,
    };
    let most = if severity == Severity::Warning { MACHINE } else { PERSON };
    (*after >= most).then_some((*offer, *answer, *after, severity))
}
