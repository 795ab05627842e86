//! A call as steps: who did what when, from the first message to the last.

use std::collections::BTreeMap;

use super::join::Material;
use super::milestone::{exchanges, sessions};
use super::model::{Call, Participant};
use crate::moment::Moment;
use crate::sdp::{Change, Difference, Document, Key, TrickledCandidate, parse_candidate};
use crate::session::ice::{AgentState, Session};
use crate::session::turn::{Allocation, AllocationState};
use crate::signal::DescriptionType;
use crate::signaling::exchange::{Exchange, Incident, SentDescription};

/// Changes of a renegotiation that are told in a step.
const CHANGES_TOLD: usize = 3;

/// What a step is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// Descriptions, candidates, words of a room.
    Signaling,
    /// Requests to TURN servers.
    Turn,
    /// Connectivity checks.
    Stun,
    /// The DTLS handshake.
    Dtls,
    /// RTP and RTCP.
    Media,
}

impl StepKind {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signaling => "signaling",
            Self::Turn => "turn",
            Self::Stun => "stun",
            Self::Dtls => "dtls",
            Self::Media => "media",
        }
    }
}

/// A step of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub moment: Moment,
    /// What it is of.
    pub kind: StepKind,
    /// Who did it: the name or the host of a participant.
    pub from: String,
    /// To whom; `None` where it is to nobody, or to everybody.
    pub to: Option<String>,
    /// What.
    pub what: String,
}

/// The steps of `call`, in order of time.
#[must_use]
pub fn ladder(call: &Call, material: Material<'_>) -> Vec<Step> {
    let mut ladder = Ladder { call, material, steps: Vec::new() };
    for (place, exchange) in exchanges(call, material) {
        ladder.exchange(place, exchange);
    }
    for place in &call.allocations {
        if let Some(allocation) = material.sessions.allocations().get(*place) {
            ladder.allocation(allocation);
        }
    }
    for (place, session) in sessions(call, material) {
        ladder.session(place, session);
    }
    ladder.media_flows();
    let mut steps = ladder.steps;
    // Stable: what one frame did stays in the order of the rooms.
    steps.sort_by_key(|step| step.moment);
    steps
}

/// What a person calls a participant, the one at this place in its call.
fn label((place, participant): (usize, &Participant)) -> String {
    participant
        .name
        .clone()
        .or_else(|| participant.addresses.first().map(ToString::to_string))
        .unwrap_or_else(|| format!("party {}", place + 1))
}

struct Ladder<'a> {
    call: &'a Call,
    material: Material<'a>,
    steps: Vec<Step>,
}

impl Ladder<'_> {
    fn push(&mut self, moment: Moment, kind: StepKind, from: String, to: Option<String>, what: String) {
        self.steps.push(Step { moment, kind, from, to, what });
    }

    fn party(&self, exchange: usize, party: usize) -> String {
        let mut known = self.call.participants.iter().enumerate();
        let found = known.find(|(_, known)| known.parties.contains(&(exchange, party)));
        found.map_or_else(|| format!("party {}", party + 1), label)
    }

    fn agent(&self, session: usize, agent: usize) -> String {
        let mut known = self.call.participants.iter().enumerate();
        let found = known.find(|(_, known)| known.agents.contains(&(session, agent)));
        let ufrag = || {
            let known = self.material.sessions.ice().get(session).and_then(|session| session.agents.get(agent));
            known.map(|agent| agent.ufrag.clone()).unwrap_or_default()
        };
        found.filter(|(_, known)| known.name.is_some() || !known.addresses.is_empty()).map_or_else(ufrag, label)
    }

    fn exchange(&mut self, place: usize, exchange: &Exchange) {
        let restarts: Vec<usize> = exchange
            .happenings
            .iter()
            .filter_map(|happening| match happening.incident {
                Incident::IceRestart { description } => Some(description),
                _ => None,
            })
            .collect();
        let changes: BTreeMap<usize, String> = exchange
            .happenings
            .iter()
            .filter_map(|happening| match &happening.incident {
                Incident::Renegotiated { description, differences, .. } => Some((*description, summary(differences)?)),
                _ => None,
            })
            .collect();
        for (index, description) in exchange.descriptions.iter().enumerate() {
            let from = self.party(place, description.from);
            let to = Some(self.party(place, description.to)).filter(|to| *to != from);
            let mut what = describe(description, restarts.contains(&index));
            if let Some(changes) = changes.get(&index) {
                what.push_str(&format!(": {changes}"));
            }
            self.push(description.moment, StepKind::Signaling, from, to, what);
        }
        self.candidates(place, exchange);
        for happening in &exchange.happenings {
            let from = happening.party.map_or_else(|| "server".to_owned(), |party| self.party(place, party));
            match &happening.incident {
                Incident::Room(event) => {
                    let what = match event.word.name() {
                        name if name == event.said.to_ascii_lowercase() => event.said.clone(),
                        name => format!("{} ({name})", event.said),
                    };
                    self.push(happening.moment, StepKind::Signaling, from, None, what);
                }
                Incident::NewCredentials { username_fragment, .. } => {
                    let what = format!("ICE restart by a fragment, {username_fragment}");
                    self.push(happening.moment, StepKind::Signaling, from, None, what);
                }
                Incident::Glare { .. } => {
                    self.push(
                        happening.moment,
                        StepKind::Signaling,
                        from,
                        None,
                        "glare: both offered at once".to_owned(),
                    );
                }
                _ => {}
            }
        }
    }

    /// Candidates that trickle in one after another are one step.
    fn candidates(&mut self, place: usize, exchange: &Exchange) {
        let mut run: Option<(Moment, usize, Vec<&str>)> = None;
        let mut runs = Vec::new();
        let mut descriptions = exchange.descriptions.iter().map(|description| description.moment).peekable();
        for candidate in &exchange.candidates {
            let mut broken = false;
            while descriptions.next_if(|moment| *moment <= candidate.moment).is_some() {
                broken = true;
            }
            let kind = match parse_candidate(&candidate.candidate) {
                Ok(TrickledCandidate::Candidate(parsed)) => parsed.candidate_type.name(),
                Ok(TrickledCandidate::End(_)) => continue,
                Err(_) => "unreadable",
            };
            match &mut run {
                Some((_, from, kinds)) if *from == candidate.from && !broken => kinds.push(kind),
                _ => runs.extend(run.replace((candidate.moment, candidate.from, vec![kind]))),
            }
        }
        runs.extend(run);
        for (moment, from, kinds) in runs {
            let label = self.party(place, from);
            let to = exchange.parties.iter().enumerate().map(|(party, _)| party).find(|party| *party != from);
            let to = to.map(|to| self.party(place, to)).filter(|to| *to != label);
            self.push(moment, StepKind::Signaling, label, to, counted_kinds(&kinds));
        }
    }

    fn allocation(&mut self, allocation: &Allocation) {
        let client = self.host(allocation.client.address);
        let server = allocation.server.to_string();
        let request = format!("Allocate from port {}", allocation.client.port);
        self.push(allocation.first, StepKind::Turn, client.clone(), Some(server.clone()), request);
        if let Some(created) = allocation.created {
            let relayed: Vec<String> = allocation.relayed.iter().map(ToString::to_string).collect();
            let what = format!("allocated {}", relayed.join(" and "));
            self.push(created, StepKind::Turn, server, Some(client), what);
        } else if allocation.state == AllocationState::Refused
            && let Some(error) = allocation.errors.last()
        {
            let what = format!("refused: {} {}", error.code, error.reason).trim_end().to_owned();
            self.push(error.moment, StepKind::Turn, server, Some(client), what);
        }
    }

    fn host(&self, host: std::net::IpAddr) -> String {
        let mut known = self.call.participants.iter().enumerate();
        let found = known.find(|(_, known)| known.addresses.contains(&host));
        found.map_or_else(|| host.to_string(), label)
    }

    fn session(&mut self, place: usize, session: &Session) {
        let restart = if session.restart_of.is_some() { " after the restart" } else { "" };
        for agent in session.order() {
            let (from, to) = (self.agent(place, agent), self.agent(place, 1 - agent));
            let ends = || session.pairs.iter().filter_map(move |pair| pair.ends.get(agent));
            if let Some(first) = ends().filter_map(|end| end.first_request).min() {
                let role = session.role(agent).map(|role| format!(", {role}")).unwrap_or_default();
                let what = format!("first check{restart}{role}");
                self.push(first, StepKind::Stun, from.clone(), Some(to.clone()), what);
            }
            if let Some(connected) = session.connected.get(agent).copied().flatten() {
                self.push(connected, StepKind::Stun, to.clone(), Some(from.clone()), "first check answered".to_owned());
            }
            if let Some(first) = ends().filter_map(|end| end.first_handshake).min() {
                self.push(first, StepKind::Dtls, from.clone(), Some(to.clone()), "DTLS handshake".to_owned());
            }
            if let Some(first) = ends().filter_map(|end| end.first_media).min() {
                self.push(first, StepKind::Media, from.clone(), Some(to.clone()), format!("first media{restart}"));
            }
            if let Some(lost) = ends().filter_map(|end| end.consent_lost).min() {
                self.push(lost, StepKind::Stun, from.clone(), Some(to.clone()), "consent lost".to_owned());
            }
        }
        if let Some(nominated) = session.nominated {
            let used = session.pairs.iter().find(|pair| pair.nominated() == Some(nominated));
            let [one, other] = session.order();
            let what = used
                .and_then(|pair| Some((pair.ends.get(one)?.address(), pair.ends.get(other)?.address())))
                .map_or_else(|| "nominated".to_owned(), |(local, remote)| format!("nominated {local} → {remote}"));
            let (from, to) = (self.agent(place, one), self.agent(place, other));
            self.push(nominated, StepKind::Stun, from, Some(to), what);
        }
        for change in session.selected_changes.iter().filter(|change| change.from.is_some()) {
            let to = session.pairs.get(change.to).map(|pair| {
                let address = |agent: usize| pair.ends.get(agent).map(|end| end.address().to_string());
                format!(
                    "uses {} → {} from here on",
                    address(change.agent).unwrap_or_default(),
                    address(1 - change.agent).unwrap_or_default()
                )
            });
            let from = self.agent(place, change.agent);
            self.push(change.moment, StepKind::Stun, from, None, to.unwrap_or_else(|| "uses another pair".to_owned()));
        }
        if session.states.contains(&AgentState::Failed) && session.connected.iter().all(Option::is_none) {
            let [one, other] = session.order();
            let (from, to) = (self.agent(place, one), self.agent(place, other));
            let last = session.pairs.iter().map(|pair| pair.last).max().unwrap_or(session.last);
            self.push(last, StepKind::Stun, from, Some(to), "last check, none succeeded".to_owned());
        }
    }

    fn media_flows(&mut self) {
        for place in &self.call.media_flows {
            let Some(flow) = self.material.sessions.media_flows().get(*place) else { continue };
            let [one, other] = flow.flow.ends;
            for (first, from, to) in [(flow.first.first(), one, other), (flow.first.last(), other, one)] {
                if let Some(first) = first.copied().flatten() {
                    let (from, to) = (self.host(from.address), self.host(to.address));
                    self.push(
                        first,
                        StepKind::Media,
                        from,
                        Some(to),
                        format!("first media on {} ⇄ {}", one.port, other.port),
                    );
                }
            }
        }
    }
}

/// The differences that a person asks for first: `+1 video, 0 sendrecv → sendonly`.
fn summary(differences: &[Difference]) -> Option<String> {
    let told = |difference: &Difference| {
        let Change { subject, old, new, .. } = &difference.change;
        match (*subject, old, new) {
            ("media", None, Some(new)) => Some(format!("+{} {}", difference.section, new.split(' ').next()?)),
            ("media", Some(old), None) => Some(format!("-{} {}", difference.section, old.split(' ').next()?)),
            ("direction", Some(old), Some(new)) => Some(format!("{} {old} → {new}", difference.section)),
            ("port", Some(_), Some(new)) if new == "0" => Some(format!("{} stopped", difference.section)),
            _ => None,
        }
    };
    let mut parts: Vec<String> = differences.iter().filter_map(told).collect();
    let more = parts.len().saturating_sub(CHANGES_TOLD);
    parts.truncate(CHANGES_TOLD);
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `offer audio video (ICE restart)`.
fn describe(description: &SentDescription, restart: bool) -> String {
    let mut what = description.kind.name().to_owned();
    if description.kind == DescriptionType::Rollback {
        return what;
    }
    let document = Document::parse(description.sdp.as_bytes());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for section in document.media() {
        let Some(media) = section.media() else { continue };
        let kind = if media.media == "application" { "data" } else { media.media };
        // Port 0 refuses or stops, unless it stands for an m-line that only makes sense in a bundle (RFC 9143, section 6).
        let refused = media.port == 0 && !section.has(Key::BundleOnly);
        let name = if refused { format!("no {kind}") } else { kind.to_owned() };
        let count = kinds.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count == 1 {
            order.push(name);
        }
    }
    for name in order {
        match kinds.get(&name) {
            Some(count) if *count > 1 => what.push_str(&format!(" {count}×{name}")),
            _ => what.push_str(&format!(" {name}")),
        }
    }
    let inside = document.media().flat_map(|section| section.values::<crate::sdp::Candidate<'_>>()).count();
    match inside {
        0 => {}
        1 => what.push_str(", 1 candidate"),
        more => what.push_str(&format!(", {more} candidates")),
    }
    if restart {
        what.push_str(", ICE restart");
    }
    what
}

/// `2 candidates (host, srflx)`.
fn counted_kinds(kinds: &[&str]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for kind in kinds {
        if !names.contains(kind) {
            names.push(kind);
        }
    }
    let noun = if kinds.len() == 1 { "candidate" } else { "candidates" };
    format!("{} {noun} ({})", kinds.len(), names.join(", "))
}
