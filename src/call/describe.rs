//! What of an exchange's descriptions and candidates the network can be compared with.

use std::net::IpAddr;

use crate::path::Endpoint;
use crate::sdp::{CandidateType, Document, Msid, Section, TrickledCandidate, parse_candidate};
use crate::signaling::exchange::{Exchange, Incident};

/// User fragments, addresses and the like that are taken from one exchange; more is not compared.
const MOST: usize = 4096;

/// What of an exchange the network can be compared with. Each entry begins with the party that said it.
#[derive(Debug, Default)]
pub(super) struct Described {
    /// User fragments.
    pub(super) ufrags: Vec<(usize, String)>,
    /// Transport addresses of candidates.
    pub(super) candidates: Vec<(usize, Endpoint)>,
    /// Those of relayed candidates.
    pub(super) relayed: Vec<(usize, Endpoint)>,
    /// Where media is to go by `c=` and `m=`, without ICE.
    pub(super) media: Vec<(usize, Endpoint)>,
    /// Media streams.
    pub(super) msids: Vec<(usize, String)>,
    /// Whether any of its descriptions wants ICE.
    pub(super) ice: bool,
}

impl Described {
    pub(super) fn of(exchange: &Exchange) -> Self {
        let mut found = Self::default();
        for description in &exchange.descriptions {
            let document = Document::parse(description.sdp.as_bytes());
            for section in document.media() {
                found.section(description.from, &section);
            }
        }
        for happening in &exchange.happenings {
            if let (Some(party), Incident::NewCredentials { username_fragment, .. }) =
                (happening.party, &happening.incident)
            {
                push(&mut found.ufrags, party, username_fragment.clone());
            }
        }
        for candidate in &exchange.candidates {
            if let Ok(TrickledCandidate::Candidate(parsed)) = parse_candidate(&candidate.candidate) {
                found.candidate(candidate.from, &parsed);
            }
        }
        found
    }

    fn section(&mut self, from: usize, section: &Section<'_, '_>) {
        if let Some(ufrag) = section.ice_ufrag() {
            self.ice = true;
            push(&mut self.ufrags, from, ufrag.to_owned());
        }
        for candidate in section.values::<crate::sdp::Candidate<'_>>() {
            self.candidate(from, &candidate);
        }
        for msid in section.values::<Msid<'_>>() {
            push(&mut self.msids, from, msid.stream.to_owned());
        }
        let connection = section.connection().and_then(|connection| connection.address.parse::<IpAddr>().ok());
        if let (Some(address), Some(media)) = (connection, section.media())
            && media.port > 0
            && !address.is_unspecified()
        {
            push(&mut self.media, from, Endpoint::new(address, media.port));
        }
    }

    fn candidate(&mut self, from: usize, candidate: &crate::sdp::Candidate<'_>) {
        let Ok(address) = candidate.address.parse::<IpAddr>() else { return };
        let at = Endpoint::new(address, candidate.port);
        push(&mut self.candidates, from, at);
        if candidate.candidate_type == CandidateType::Relay {
            push(&mut self.relayed, from, at);
        }
    }
}

fn push<T: PartialEq>(list: &mut Vec<(usize, T)>, from: usize, value: T) {
    let entry = (from, value);
    // Most repeat one of the last few.
    if list.len() < MOST && !list.iter().rev().take(64).any(|known| *known == entry) {
        list.push(entry);
    }
}
