//! What the capture cannot hear.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, EXCHANGE};
use crate::diagnose::negotiation::MACHINE;
use crate::diagnose::wording::{count, list, was};
use crate::finding::{Finding, Rule, Severity};
use crate::signal::Carrier;
use crate::signaling::exchange::Exchange;

pub(super) static RULES: &[Row] = &[(&ONE_WAY, one_way)];

/// Parties that a sentence can bear.
const LISTED: usize = 3;

static ONE_WAY: Rule = Rule {
    name: "signaling-one-way",
    severity: Severity::Info,
    summary: "Only one direction of the signalling was heard",
    what: "Of every conversation of an exchange only what one end says is in the capture. The other direction did not pass the place of \
        the capture, was lost to it, or there was none: nobody answered at all.",
    why: "Whether an offer was answered, and which candidates and passwords the other side has, cannot be told from one direction. No \
        finding rests on what is missing there.",
    advice: "Capture both directions of the connection to the signalling server. Where the other end never said anything see whether it \
        is the right one: a wrong address or port of a SIP server, a proxy that swallows requests.",
    source: "RFC 3264, section 4 (an answer belongs to an offer)",
};

fn one_way(case: &Case<'_>) -> Vec<Finding> {
    // A file tells what it holds, and the other direction is not missing from it.
    let heard = |exchange: &&Exchange| {
        let waited = case.now().since(exchange.first.time) >= MACHINE;
        waited && exchange.one_way && !matches!(exchange.carrier, Carrier::File | Carrier::Internals)
    };
    case.exchanges()
        .filter(|(_, exchange)| heard(exchange))
        .map(|(place, exchange)| {
            let speaks = |party: &usize| {
                exchange.descriptions.iter().any(|sent| sent.from == *party)
                    || exchange.candidates.iter().any(|sent| sent.from == *party)
            };
            let speakers: Vec<String> =
                (0..exchange.parties.len()).filter(speaks).map(|party| name::party(exchange, party)).collect();
            let message = format!(
                "{} of {} {} heard, and nothing of the other direction",
                count(exchange.descriptions.len() as u64, "description"),
                list(&speakers, LISTED),
                was(exchange.descriptions.len() as u64)
            );
            resting(Finding::new(&ONE_WAY, message), [Some(exchange.first)]).about(EXCHANGE, name::exchange_id(place))
        })
        .collect()
}
