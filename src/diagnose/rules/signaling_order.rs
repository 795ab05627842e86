//! Descriptions and candidates that come in an order in which they cannot be used.

use std::collections::BTreeMap;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::name::{self, EXCHANGE};
use crate::diagnose::negotiation::{Fate, MACHINE};
use crate::diagnose::wording::{count, duration, was};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::sdp::{Candidate, Document, TrickledCandidate, parse_candidate};
use crate::signaling::exchange::{Exchange, Incident, SentCandidate};

pub(super) static RULES: &[Row] = &[
    (&GLARE, glare),
    (&ILLEGAL_TRANSITION, illegal_transition),
    (&CANDIDATE_EARLY, candidate_early),
    (&CANDIDATE_LATE, candidate_late),
];

static GLARE: Rule = Rule {
    name: "signaling-glare",
    severity: Severity::Warning,
    summary: "Both sides offered at the same time",
    what: "Each party sent an offer before it had got the other's: glare. Where one of the offers was answered all the same (one side \
        took its own back, as perfect negotiation does) this is information.",
    why: "A peer in have-local-offer cannot take an offer. Without a rule for who gives in, both descriptions are refused with an \
        InvalidStateError and the negotiation stands still on both sides.",
    advice: "Use perfect negotiation: one peer is polite and rolls back its own offer, which setRemoteDescription does by itself, the \
        other ignores the colliding one. Or let one side alone offer. In SIP the loser gets 491 and tries again.",
    source: "RFC 9429, section 4.1.10.2; RFC 3264, section 4; RFC 3261, section 14.1",
};

fn glare(case: &Case<'_>) -> Vec<Finding> {
    case.exchanges()
        .filter_map(|(place, exchange)| {
            let crossed: Vec<(usize, usize)> = exchange
                .happenings
                .iter()
                .filter_map(|happening| match happening.incident {
                    Incident::Glare { first, second } => Some((first, second)),
                    _ => None,
                })
                .collect();
            let answered = |offers: &(usize, usize)| {
                exchange.happenings.iter().any(|happening| match happening.incident {
                    Incident::Answered { offer, .. } => offer >= offers.0,
                    _ => false,
                })
            };
            // One that nobody got out of says more than one that was settled.
            let (first, second) = crossed.iter().find(|offers| !answered(offers)).or_else(|| crossed.first())?;
            let (one, other) = (exchange.descriptions.get(*first)?, exchange.descriptions.get(*second)?);
            let settled = answered(&(*first, *second));
            let waited = case.now().since(other.moment.time) >= MACHINE;
            let more = match crossed.len() - 1 {
                0 => String::new(),
                more => format!(", and {}", count(more as u64, "more time")),
            };
            let message = format!(
                "the offers of {} and {} crossed, {} apart{more}: {}",
                name::party(exchange, one.from),
                name::party(exchange, other.from),
                duration(other.moment.time.since(one.moment.time)),
                match (settled, waited) {
                    (true, _) => "one gave in, and the negotiation went on",
                    (false, true) => "neither was answered",
                    (false, false) => "neither had been answered when the capture ended",
                }
            );
            let finding = resting(Finding::new(&GLARE, message), [Some(other.moment), Some(one.moment)]);
            let severity = if waited && !settled { Severity::Warning } else { Severity::Info };
            Some(finding.with_severity(severity).about(EXCHANGE, name::exchange_id(place)))
        })
        .collect()
}

static ILLEGAL_TRANSITION: Rule = Rule {
    name: "signaling-illegal-transition",
    severity: Severity::Warning,
    summary: "A description came in a state that does not allow it",
    what: "A party sent or got a description that its signalling state forbids: an answer without an open offer, a second answer, an \
        offer while the other's had been received and not answered. In a call that works all the same this is information.",
    why: "setLocalDescription and setRemoteDescription refuse it with an InvalidStateError and the description has no effect. From there \
        on the two sides believe in different sessions.",
    advice: "Look at what comes before it in the same exchange: an answer that is sent twice or by two tabs of one user, messages that are \
        delivered to the wrong peer or out of order, an onnegotiationneeded that fires while an offer is being answered.",
    source: "RFC 9429, section 3.2; RFC 3264, section 4",
};

fn illegal_transition(case: &Case<'_>) -> Vec<Finding> {
    case.exchanges()
        .filter_map(|(place, exchange)| {
            let illegal: Vec<_> = exchange
                .happenings
                .iter()
                .filter_map(|happening| match happening.incident {
                    Incident::IllegalTransition { description, state } => {
                        let sent = exchange.descriptions.get(description)?;
                        // A file may hold what went over the wire once more, in words of its own.
                        (sent.moment.frame.0 > 0 || is_file(exchange)).then_some((happening, sent, state))
                    }
                    _ => None,
                })
                .collect();
            let (happening, sent, state) = illegal.first()?;
            let more = match illegal.len() - 1 {
                0 => String::new(),
                more => format!("; {}", count(more as u64, "more description")),
            };
            let (kind, author) = (sent.kind.name(), name::party(exchange, sent.from));
            let message = match happening.party {
                Some(party) if party != sent.from => {
                    format!("the {kind} of {author} came to {} in {state}{more}", name::party(exchange, party))
                }
                _ => format!("{author} sent an {kind} in {state}{more}"),
            };
            let moments = illegal.iter().map(|(happening, ..)| Some(happening.moment));
            let finding = resting(Finding::new(&ILLEGAL_TRANSITION, message), moments);
            // Nothing that happens on the way to a call that works is a warning.
            let severity = if case.fate(place) == Fate::Works { Severity::Info } else { Severity::Warning };
            Some(finding.with_severity(severity).about(EXCHANGE, name::exchange_id(place)))
        })
        .collect()
}

/// Whether an exchange is known from files alone.
fn is_file(exchange: &Exchange) -> bool {
    exchange.descriptions.iter().all(|sent| sent.moment.frame.0 == 0)
}

static CANDIDATE_EARLY: Rule = Rule {
    name: "signaling-candidate-early",
    severity: Severity::Warning,
    summary: "A candidate was sent before the description that it belongs to",
    what: "A candidate trickled in before its author had sent any description with its generation. Unless the \
        call is seen to fail this is information.",
    why: "addIceCandidate refuses a candidate while there is no remote description (InvalidStateError). Unless the receiver keeps it \
        until the description is there it is lost, and with it the pairs that it would have made; sometimes the only ones.",
    advice: "Send the description first: do not await anything between setLocalDescription and sending. Where answers take longer \
        than candidates (a server that gathers while it computes), let the receiver queue candidates until setRemoteDescription is done.",
    source: "RFC 8838, section 4; RFC 9429, section 4.1.19",
};

fn candidate_early(case: &Case<'_>) -> Vec<Finding> {
    let early = |incident: &Incident| match incident {
        Incident::EarlyCandidate { candidate } => Some(*candidate),
        _ => None,
    };
    misplaced(case, early, |_| Described::new())
        .into_iter()
        .map(|found| {
            let number = found.moments.len() as u64;
            let message = format!(
                "{} of {} {} sent before {} had described anything that {} to",
                count(number, "candidate"),
                found.party,
                was(number),
                found.party,
                if number == 1 { "it belongs" } else { "they belong" }
            );
            found.finding(case, &CANDIDATE_EARLY, message)
        })
        .collect()
}

static CANDIDATE_LATE: Rule = Rule {
    name: "signaling-candidate-late",
    severity: Severity::Warning,
    summary: "A candidate was sent after the end of candidates",
    what: "An agent said that no more candidates come (an empty candidate, a=end-of-candidates), and sent another one of the same \
        generation and m-line. Repetitions of what it had signalled before do not count. Unless the call is seen to fail this is \
        information.",
    why: "After the end of candidates the other agent may decide that ICE has failed, and need not take any more: what comes late may \
        never be checked.",
    advice: "Send the end of candidates when gathering is complete (an icegatheringstate of complete, or the null candidate), not with \
        the first description; a=end-of-candidates has no place in a description that more candidates follow.",
    source: "RFC 8838, sections 8.2 and 13; RFC 8840, section 4.4",
};

fn candidate_late(case: &Case<'_>) -> Vec<Finding> {
    let late = |incident: &Incident| match incident {
        Incident::LateCandidate { candidate } => Some(*candidate),
        _ => None,
    };
    misplaced(case, late, described)
        .into_iter()
        .map(|found| {
            let number = found.moments.len() as u64;
            let message =
                format!("{} of {} came after it had said that no more come", count(number, "candidate"), found.party);
            found.finding(case, &CANDIDATE_LATE, message)
        })
        .collect()
}

/// Candidates of one party that came at the wrong time.
struct Misplaced {
    exchange: usize,
    party: String,
    moments: Vec<Moment>,
}

impl Misplaced {
    fn finding(self, case: &Case<'_>, rule: &'static Rule, message: String) -> Finding {
        let finding = resting(Finding::new(rule, message), self.moments.iter().map(|moment| Some(*moment)));
        // Receivers that queue or forgive are usual: only a call that fails shows that this one does not.
        let severity = if case.fate(self.exchange) == Fate::Trouble { Severity::Warning } else { Severity::Info };
        finding.with_severity(severity).about(EXCHANGE, name::exchange_id(self.exchange))
    }
}

/// When each party first described a candidate: its party, address, port and component.
type Described = BTreeMap<(usize, String, u16, u16), Moment>;

/// The candidates that `which` finds, for each exchange and party, without those that `known` holds from before. Those of files have
/// no time that could be wrong.
fn misplaced(
    case: &Case<'_>,
    which: impl Fn(&Incident) -> Option<usize>,
    known: impl Fn(&Exchange) -> Described,
) -> Vec<Misplaced> {
    let mut found = Vec::new();
    for (place, exchange) in case.exchanges() {
        let mut sent = exchange
            .happenings
            .iter()
            .filter_map(|happening| exchange.candidates.get(which(&happening.incident)?))
            .filter(|sent| sent.moment.frame.0 > 0)
            .peekable();
        if sent.peek().is_none() {
            continue;
        }
        let known = known(exchange);
        let is_new = |sent: &&SentCandidate| {
            let Ok(TrickledCandidate::Candidate(found)) = parse_candidate(&sent.candidate) else { return true };
            let key = (sent.from, found.address.to_owned(), found.port, found.component);
            known.get(&key).is_none_or(|described| *described > sent.moment)
        };
        for (from, moments) in group(sent.filter(is_new).map(|sent| (sent.from, sent.moment))) {
            found.push(Misplaced { exchange: place, party: name::party(exchange, from), moments });
        }
    }
    found
}

/// The candidates in the descriptions of an exchange.
fn described(exchange: &Exchange) -> Described {
    let mut found = Described::new();
    for sent in &exchange.descriptions {
        let document = Document::parse(sent.sdp.as_bytes());
        for candidate in document.media().flat_map(|section| section.values::<Candidate<'_>>().collect::<Vec<_>>()) {
            let key = (sent.from, candidate.address.to_owned(), candidate.port, candidate.component);
            found.entry(key).or_insert(sent.moment);
        }
    }
    found
}
