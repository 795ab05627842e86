//! What answered offers came to, as far as a rule has something to say about it.
//!
//! Each round is negotiated once, here, and only what is worth a word is kept: most rounds leave nothing.

use std::collections::BTreeSet;

use super::case::Case;
use super::grouping::group;
use super::media::ROUNDS;
use super::remark::{Matter, Opened, Remark, remarks, unsettled};
use super::wording::list;
use crate::sdp::Document;
use crate::sdp::negotiate::{AgreedMedia, AgreedTransport, Side, Sides, negotiate};
use crate::signaling::exchange::{Exchange, Incident, SentDescription};

/// Remarks on one round that are kept: a conference of a hundred m-lines in which each is refused says no more than its first.
const REMARKS: usize = 64;
/// M-lines that a sentence can bear.
const LISTED: usize = 4;

/// One answered offer.
#[derive(Debug)]
pub(super) struct Accord<'a> {
    /// The place of its exchange.
    pub(super) exchange: usize,
    /// The offer.
    pub(super) offer: &'a SentDescription,
    /// The answer.
    pub(super) answer: &'a SentDescription,
    /// Whether any m-line can be used.
    pub(super) usable: bool,
    /// What is worth a word.
    pub(super) remarks: Vec<Remark>,
}

impl Accord<'_> {
    /// Who this side is, by place among the parties.
    pub(super) const fn party(&self, side: Side) -> usize {
        match side {
            Side::Offerer => self.offer.from,
            Side::Answerer => self.answer.from,
        }
    }
}

impl<'a> Case<'a> {
    /// The rounds of all exchanges that were heard whole, in order of time within each.
    pub(super) fn find_accords(&self) -> Vec<Accord<'a>> {
        let heard = self.exchanges().filter(|(_, exchange)| !exchange.one_way);
        heard.flat_map(|(place, exchange)| self.accords_of(place, exchange)).collect()
    }

    fn accords_of(&self, place: usize, exchange: &'a Exchange) -> Vec<Accord<'a>> {
        // What came otherwise than it was sent was agreed on by nobody; that is told elsewhere.
        let altered: BTreeSet<usize> = exchange.happenings.iter().filter_map(|told| altered(&told.incident)).collect();
        let answered = exchange.happenings.iter().filter_map(|told| match told.incident {
            Incident::Answered { offer, answer, .. } => Some((offer, answer)),
            _ => None,
        });
        let whole = answered.filter(|(offer, answer)| !altered.contains(offer) && !altered.contains(answer));
        let texts = whole.take(ROUNDS).filter_map(|(offer, answer)| {
            Some((exchange.descriptions.get(offer)?, exchange.descriptions.get(answer)?))
        });
        texts.map(|(offer, answer)| self.accord(place, offer, answer)).collect()
    }

    fn accord(&self, exchange: usize, offer: &'a SentDescription, answer: &'a SentDescription) -> Accord<'a> {
        let documents =
            Sides { offerer: Document::parse(offer.sdp.as_bytes()), answerer: Document::parse(answer.sdp.as_bytes()) };
        let agreement = negotiate(&documents.offerer, &documents.answerer);
        let mut found = Vec::new();
        for transport in &agreement.transports {
            let Some(media) = agreement.media.get(transport.owner) else { continue };
            let opened = || self.opened(exchange, transport).map(Matter::Opened);
            found.extend(unsettled(transport).or_else(opened).map(|matter| Remark::new(media, matter)));
        }
        found.extend(remarks(&documents, &agreement));
        found.truncate(REMARKS);
        Accord { exchange, offer, answer, usable: agreement.media.iter().any(AgreedMedia::is_agreed), remarks: found }
    }

    /// What is said of m-lines for one reason, in one exchange and of one answerer: in each group the first is the earliest.
    pub(super) fn remarked<K: Ord + Clone>(
        &self,
        pick: impl Fn(&Accord<'a>, &Remark) -> Option<K>,
    ) -> Vec<(K, Vec<Remarked<'_, 'a>>)> {
        let all = self.accords().iter().flat_map(|accord| accord.remarks.iter().map(move |remark| (accord, remark)));
        let keyed = all.filter_map(|(accord, remark)| {
            Some(((accord.exchange, accord.answer.from, pick(accord, remark)?), (accord, remark)))
        });
        group(keyed).into_iter().map(|((_, _, key), members)| (key, members)).collect()
    }

    /// The ClientHello of the side that the two had agreed on as the server, where the capture holds it.
    fn opened(&self, exchange: usize, transport: &AgreedTransport<'_>) -> Option<Opened> {
        let client = transport.dtls.as_ref()?.client?;
        let fragments = transport.ice.as_ref()?.username_fragments;
        let (own, others) = ((*fragments.of(client))?, (*fragments.of(client.other()))?);
        self.negotiated(exchange).find_map(|(session, _)| {
            let agent = |fragment: &str| session.agents.iter().position(|agent| agent.ufrag == fragment);
            let hello = |agent: usize| {
                let ends = session.pairs.iter().filter_map(|pair| pair.ends.get(agent));
                ends.filter_map(|end| end.first_client_hello).min()
            };
            let (own, other) = (agent(own)?, agent(others)?);
            Some(Opened { client, moment: hello(other)?, own: hello(own) })
        })
    }
}

/// The description that came otherwise than it was sent, in more than its candidates.
fn altered(incident: &Incident) -> Option<usize> {
    let Incident::Altered { description, differences } = incident else { return None };
    differences.iter().any(|found| found.change.subject != "candidate").then_some(*description)
}

/// A remark with the round that it is about.
pub(super) type Remarked<'c, 'a> = (&'c Accord<'a>, &'c Remark);

/// The m-lines of several remarks, each once: `audio (mid 0) and video (mid 1)`.
pub(super) fn names<'c>(remarks: impl IntoIterator<Item = &'c Remark>) -> String {
    let mut known = BTreeSet::new();
    let names: Vec<&str> =
        remarks.into_iter().map(|remark| remark.name.as_str()).filter(|name| known.insert(*name)).collect();
    list(&names, LISTED)
}
