//! The section `signaling`: exchanges of descriptions and candidates, and what was signalled under encryption.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::clock::{Clock, seconds};
use super::encrypted::Encrypted;
use super::id::exchange_id;
use super::negotiated::{self, Negotiated};
use super::word::Word;
use crate::analyze::{Analysis, UsedFile};
use crate::moment::Timestamp;
use crate::sdp::Difference;
use crate::signal::{Carrier, DescriptionType, RoomWord};
use crate::signaling::exchange::{self, Incident, News, SignalingState};

/// What was signalled.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Signaling {
    /// Each negotiation is one.
    pub exchanges: Vec<Exchange>,
    /// How many exchanges are left out.
    pub exchanges_omitted: u64,
    /// The files beside the capture.
    pub files: Vec<File>,
    /// TLS connections: that something may have been signalled there, when, and how much.
    pub encrypted: Vec<Encrypted>,
    /// How many of those are left out.
    pub encrypted_omitted: u64,
}

impl Signaling {
    /// The section for what `analysis` heard.
    #[must_use]
    pub fn new(analysis: &Analysis, clock: Clock) -> Self {
        let exchanges = analysis.exchanges.exchanges().iter().enumerate();
        let encrypted = analysis.encrypted.connections().enumerate();
        Self {
            exchanges: exchanges.map(|(place, exchange)| Exchange::new(place, exchange, clock)).collect(),
            exchanges_omitted: analysis.exchanges.omitted(),
            files: analysis.files.iter().map(File::new).collect(),
            encrypted: encrypted.map(|(place, (_, connection))| Encrypted::new(place, connection, clock)).collect(),
            encrypted_omitted: analysis.encrypted.omitted(),
        }
    }
}

/// A file beside the capture.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// Its path, as it was given.
    pub path: String,
    /// What it is, by its content.
    pub kind: String,
    /// How many connections it tells of.
    pub connections: usize,
    /// Seconds that were added to its times to bring them onto the capture's clock; `null` where both have no event in common, or it tells
    /// no times.
    pub clock_offset: Option<f64>,
    /// How far that may be off in either direction, in seconds.
    pub clock_offset_uncertainty: Option<f64>,
    /// The events that both have seen and that agree on it.
    pub clock_events: Option<usize>,
    /// Parts of it that could not be understood.
    pub skipped: u64,
    /// What is left out of it.
    pub omitted: u64,
}

impl File {
    fn new(used: &UsedFile) -> Self {
        let seconds = |nanoseconds: i64| Timestamp(nanoseconds).seconds_from(Timestamp(0));
        Self {
            path: used.file.name.clone(),
            kind: used.file.kind.name().to_owned(),
            connections: used.file.connections.len(),
            clock_offset: used.offset.map(|offset| seconds(offset.offset_ns)),
            clock_offset_uncertainty: used.offset.map(|offset| seconds(offset.uncertainty_ns)),
            clock_events: used.offset.map(|offset| offset.events),
            skipped: used.file.skipped,
            omitted: used.file.omitted,
        }
    }
}

/// One negotiation.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// Its id.
    pub id: String,
    /// What carried it.
    pub transport: Word<Carrier>,
    /// The room that it went on in, where the application names one.
    pub room: Option<String>,
    /// Who negotiates; the party that spoke first is the first.
    pub parties: Vec<Party>,
    /// The states of the parties; all begin in `stable`.
    pub states: Vec<State>,
    /// How many states are left out.
    pub states_omitted: u64,
    /// The descriptions.
    pub descriptions: Vec<Description>,
    /// How many descriptions are left out.
    pub descriptions_omitted: u64,
    /// The candidates that trickled in; an empty one says that no more come.
    pub candidates: Vec<TrickledCandidate>,
    /// How many candidates are left out.
    pub candidates_omitted: u64,
    /// What was agreed on, for each answered offer.
    pub negotiated: Vec<Negotiated>,
    /// What else happened.
    pub events: Vec<Happening>,
    /// How many of those are left out.
    pub events_omitted: u64,
    /// Its first signal.
    pub first_time: f64,
    /// The frame of that; 0 where it comes from a file.
    pub first_frame: u64,
    /// Its last signal.
    pub last_time: f64,
    /// Seconds from the first offer to its answer.
    pub answer_time: Option<f64>,
    /// Whether only one direction of its conversations is in the capture.
    pub one_way: bool,
}

/// One of those who negotiate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// What the other lists of the exchange call it: its name, or its address, or `party 2`.
    pub id: String,
    /// The name that the application has for it.
    pub name: Option<String>,
    /// The address it signals from, where its own connection is in the capture.
    pub address: Option<String>,
    /// The server that it signals through; `null` where it speaks with the other party itself.
    pub server: Option<String>,
    /// Whether its own conversation was heard; else it is known by what was passed on of it.
    pub heard: bool,
    /// Its state at the end.
    pub state: Word<SignalingState>,
}

/// A party came to another state (RFC 9429, section 3.2).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// When.
    pub time: f64,
    /// The frame; 0 where it comes from a file.
    pub frame: u64,
    /// Who.
    pub party: String,
    /// To which state.
    pub state: Word<SignalingState>,
}

/// A description that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// When it was first seen.
    pub time: f64,
    /// The frame; 0 where it comes from a file.
    pub frame: u64,
    /// Who made it.
    pub from: String,
    /// Who it is for.
    pub to: String,
    /// Its type.
    pub r#type: Word<DescriptionType>,
    /// Whether the type follows from the order of things; else it was said.
    pub type_inferred: bool,
    /// Its text.
    pub sdp: String,
    /// When it was seen again on its way.
    pub again: Vec<Sighting>,
}

/// Something was seen again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sighting {
    /// When.
    pub time: f64,
    /// The frame; 0 where it comes from a file.
    pub frame: u64,
}

/// A candidate that trickled in.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrickledCandidate {
    /// When it was first seen.
    pub time: f64,
    /// The frame; 0 where it comes from a file.
    pub frame: u64,
    /// Whose it is.
    pub from: String,
    /// Its text; empty at the end of candidates.
    pub candidate: String,
    /// The mid of its m-line.
    pub mid: Option<String>,
    /// The index of its m-line, from 0.
    pub m_line_index: Option<u64>,
    /// The user fragment of its generation.
    pub username_fragment: Option<String>,
    /// When it was seen again on its way.
    pub again: Vec<Sighting>,
}

/// Something that happened in an exchange.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Happening {
    /// When.
    pub time: f64,
    /// The frame; 0 where it comes from a file.
    pub frame: u64,
    /// Who it is about.
    pub party: Option<String>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happens in exchanges. Numbers of descriptions and candidates are places in the lists of the exchange, from 0.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "kind")]
#[non_exhaustive]
pub enum What {
    /// An offer was answered.
    Answered {
        /// The offer.
        offer: usize,
        /// The answer.
        answer: usize,
        /// Seconds between the two.
        after: f64,
    },
    /// A description differs from the last one of its author.
    Renegotiated {
        /// The description.
        description: usize,
        /// The one before it.
        previous: usize,
        /// The differences by meaning.
        differences: Vec<Changed>,
    },
    /// A description has other ICE credentials than the last one of its author.
    IceRestart {
        /// The description.
        description: usize,
    },
    /// A fragment of a description brought other ICE credentials, and with them a restart.
    NewCredentials {
        /// The new user fragment.
        username_fragment: String,
        /// The mid of the m-line that they are for; all of them without one.
        mid: Option<String>,
    },
    /// Both offered at once.
    Glare {
        /// The first offer.
        first: usize,
        /// The offer that crossed it.
        second: usize,
    },
    /// A description came in a state that does not allow it.
    IllegalTransition {
        /// The description.
        description: usize,
        /// The state.
        state: Word<SignalingState>,
    },
    /// The description came otherwise than it was sent: somebody on the way has changed it.
    Altered {
        /// The description, as it was seen first.
        description: usize,
        /// What became of it, by meaning.
        differences: Vec<Changed>,
    },
    /// A candidate came before the description that it belongs to.
    EarlyCandidate {
        /// The candidate.
        candidate: usize,
    },
    /// A candidate came after its author said that no more come.
    LateCandidate {
        /// The candidate.
        candidate: usize,
    },
    /// No more candidates come.
    EndOfCandidates {
        /// For the m-line of this mid; for all of them without one.
        mid: Option<String>,
    },
    /// Servers that a party is told to use. Credentials are left out.
    IceServers {
        /// Their URIs.
        uris: Vec<String>,
    },
    /// Something happened to a room or to a member of it.
    Room {
        /// What.
        word: Word<RoomWord>,
        /// The word that the application has for it.
        said: String,
        /// The member that it is about.
        member: Option<String>,
    },
}

/// One difference between two descriptions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    /// Where: a mid, `m` and the index of an m-line, or `session`.
    pub section: String,
    /// What kind of thing.
    pub subject: String,
    /// Which one; may be empty.
    pub name: String,
    /// What it was; `null` where it is new.
    pub old: Option<String>,
    /// What it is; `null` where it is gone.
    pub new: Option<String>,
}

impl From<&Difference> for Changed {
    fn from(difference: &Difference) -> Self {
        Self {
            section: difference.section.clone(),
            subject: difference.change.subject.to_owned(),
            name: difference.change.name.clone(),
            old: difference.change.old.clone(),
            new: difference.change.new.clone(),
        }
    }
}

/// What the lists of an exchange call its parties: each another name.
#[must_use]
pub fn party_ids(exchange: &exchange::Exchange) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for (place, party) in exchange.parties.iter().enumerate() {
        let number = format!("party {}", place + 1);
        let said = party.name.clone().or_else(|| party.address.map(|address| address.to_string()));
        ids.push(said.filter(|said| !ids.contains(said)).unwrap_or(number));
    }
    ids
}

struct View<'a> {
    exchange: &'a exchange::Exchange,
    parties: Vec<String>,
    clock: Clock,
}

impl Exchange {
    /// The published form of the exchange at `place`.
    #[must_use]
    pub fn new(place: usize, exchange: &exchange::Exchange, clock: Clock) -> Self {
        let view = View { exchange, parties: party_ids(exchange), clock };
        let answered = exchange.happenings.iter().find_map(|happening| match happening.incident {
            Incident::Answered { after, .. } => Some(seconds(after)),
            _ => None,
        });
        Self {
            id: exchange_id(place),
            transport: Word(exchange.carrier),
            room: exchange.room.clone(),
            parties: view.parties(),
            states: exchange.states.iter().map(|state| view.state(state)).collect(),
            states_omitted: exchange.states_omitted,
            descriptions: exchange.descriptions.iter().map(|description| view.description(description)).collect(),
            descriptions_omitted: exchange.descriptions_omitted,
            candidates: exchange.candidates.iter().map(|candidate| view.candidate(candidate)).collect(),
            candidates_omitted: exchange.candidates_omitted,
            negotiated: negotiated::rounds(exchange),
            events: exchange.happenings.iter().map(|happening| view.happening(happening)).collect(),
            events_omitted: exchange.happenings_omitted,
            first_time: clock.time(exchange.first),
            first_frame: exchange.first.frame.0,
            last_time: clock.time(exchange.last),
            answer_time: answered,
            one_way: exchange.one_way,
        }
    }
}

impl View<'_> {
    fn party(&self, place: usize) -> String {
        self.parties.get(place).cloned().unwrap_or_else(|| format!("party {}", place + 1))
    }

    fn parties(&self) -> Vec<Party> {
        let parties = self.exchange.parties.iter().enumerate().map(|(place, party)| Party {
            id: self.party(place),
            name: party.name.clone(),
            address: party.address.map(|address| address.to_string()),
            server: party.server.map(|server| server.to_string()),
            heard: party.heard,
            state: Word(party.state),
        });
        parties.collect()
    }

    fn state(&self, change: &exchange::StateChange) -> State {
        State {
            time: self.clock.time(change.moment),
            frame: change.moment.frame.0,
            party: self.party(change.party),
            state: Word(change.state),
        }
    }

    fn sighting(&self, moment: &crate::moment::Moment) -> Sighting {
        Sighting { time: self.clock.time(*moment), frame: moment.frame.0 }
    }

    fn description(&self, description: &exchange::SentDescription) -> Description {
        Description {
            time: self.clock.time(description.moment),
            frame: description.moment.frame.0,
            from: self.party(description.from),
            to: self.party(description.to),
            r#type: Word(description.kind),
            type_inferred: description.kind_inferred,
            sdp: description.sdp.clone(),
            again: description.again.iter().map(|moment| self.sighting(moment)).collect(),
        }
    }

    fn candidate(&self, candidate: &exchange::SentCandidate) -> TrickledCandidate {
        TrickledCandidate {
            time: self.clock.time(candidate.moment),
            frame: candidate.moment.frame.0,
            from: self.party(candidate.from),
            candidate: candidate.candidate.clone(),
            mid: candidate.mid.clone(),
            m_line_index: candidate.m_line_index,
            username_fragment: candidate.username_fragment.clone(),
            again: candidate.again.iter().map(|moment| self.sighting(moment)).collect(),
        }
    }

    fn happening(&self, happening: &exchange::Happening) -> Happening {
        Happening {
            time: self.clock.time(happening.moment),
            frame: happening.moment.frame.0,
            party: happening.party.map(|party| self.party(party)),
            what: What::from(&happening.incident),
        }
    }
}

/// The name of a line of the event stream, and what it says.
pub(in crate::report) type Line = (&'static str, Vec<(&'static str, Value)>);

/// The line of the event stream for what is new in an exchange.
pub(in crate::report) fn news(
    exchange: &exchange::Exchange,
    news: News,
    clock: Clock,
) -> serde_json::Result<Option<Line>> {
    let view = View { exchange, parties: party_ids(exchange), clock };
    let (name, key, value) = match news {
        News::Started => {
            return Ok(Some(("signaling.exchangeStarted", vec![("transport", exchange.carrier.name().into())])));
        }
        News::Description(place) => {
            let found = exchange.descriptions.get(place).map(|found| view.description(found));
            ("signaling.description", "description", serde_json::to_value(found)?)
        }
        News::Candidate(place) => {
            let found = exchange.candidates.get(place).map(|found| view.candidate(found));
            ("signaling.candidate", "candidate", serde_json::to_value(found)?)
        }
        News::State(place) => {
            let found = exchange.states.get(place).map(|found| view.state(found));
            ("signaling.stateChanged", "state", serde_json::to_value(found)?)
        }
        News::Incident(place) => {
            let found = exchange.happenings.get(place).map(|found| view.happening(found));
            ("signaling.event", "what", serde_json::to_value(found)?)
        }
    };
    // What the exchange keeps no longer, past its bound, is not told either.
    Ok(if value.is_null() { None } else { Some((name, vec![(key, value)])) })
}

impl From<&Incident> for What {
    fn from(incident: &Incident) -> Self {
        match incident {
            Incident::Answered { offer, answer, after } => {
                Self::Answered { offer: *offer, answer: *answer, after: seconds(*after) }
            }
            Incident::Renegotiated { description, previous, differences } => Self::Renegotiated {
                description: *description,
                previous: *previous,
                differences: differences.iter().map(Changed::from).collect(),
            },
            Incident::IceRestart { description } => Self::IceRestart { description: *description },
            Incident::NewCredentials { username_fragment, mid } => {
                Self::NewCredentials { username_fragment: username_fragment.clone(), mid: mid.clone() }
            }
            Incident::Glare { first, second } => Self::Glare { first: *first, second: *second },
            Incident::IllegalTransition { description, state } => {
                Self::IllegalTransition { description: *description, state: Word(*state) }
            }
            Incident::Altered { description, differences } => Self::Altered {
                description: *description,
                differences: differences.iter().map(Changed::from).collect(),
            },
            Incident::EarlyCandidate { candidate } => Self::EarlyCandidate { candidate: *candidate },
            Incident::LateCandidate { candidate } => Self::LateCandidate { candidate: *candidate },
            Incident::EndOfCandidates { mid } => Self::EndOfCandidates { mid: mid.clone() },
            Incident::IceServers(servers) => {
                Self::IceServers { uris: servers.iter().map(|server| server.uri.clone()).collect() }
            }
            Incident::Room(event) => {
                Self::Room { word: Word(event.word), said: event.said.clone(), member: event.member.clone() }
            }
        }
    }
}
