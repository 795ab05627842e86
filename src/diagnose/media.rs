//! Media as the rules see it: what streams are called, which of them go one way, and who talks with whom.

use std::time::Duration;

use super::case::Case;
use super::grouping::group;
use super::name::party;
use super::negotiation::over;
use super::outcome::Outcome;
use crate::call::{Call, Outcome as CallOutcome};
use crate::moment::{Moment, Timestamp};
use crate::sdp::Document;
use crate::sdp::attribute::Direction;
use crate::sdp::negotiate::negotiate;
use crate::session::media::{MediaKind, Role, Stream};
use crate::signaling::exchange::{Exchange, Incident};

/// A stream with its place.
pub(super) type Placed<'a> = (usize, &'a Stream);

/// The kinds of media, in the order in which a sentence names them.
pub(super) const KINDS: [MediaKind; 2] = [MediaKind::Audio, MediaKind::Video];
/// Rounds of negotiation that are looked at, of one exchange: each costs the reading of two descriptions.
pub(super) const ROUNDS: usize = 32;

/// Two participants of a call, with what each of them sends and what it may send.
#[derive(Debug)]
pub(super) struct Talk<'a> {
    /// When a connection stood, or the first agreement did where there is no ICE.
    pub(super) ready: Moment,
    /// Whether DTLS began.
    pub(super) handshake: Option<Moment>,
    /// When somebody said that it is over.
    pub(super) over: Option<Moment>,
    /// Until when a connection was alive: the last answered check.
    pub(super) alive: Option<Moment>,
    /// Whether ICE connected the two.
    pub(super) ice: bool,
    /// Whether the connection stood until the end.
    pub(super) stands: bool,
    /// An ICE session of it, by place.
    pub(super) session: Option<usize>,
    /// What was agreed on, in order of time; empty where that was not heard.
    pub(super) rounds: Vec<Round>,
    /// The two.
    pub(super) sides: [Talker<'a>; 2],
}

/// One of two who talk.
#[derive(Debug)]
pub(super) struct Talker<'a> {
    /// What a sentence calls it.
    pub(super) name: String,
    /// What it sends.
    pub(super) streams: Vec<Placed<'a>>,
}

/// What an answered offer lets both send from then on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    /// When it was answered.
    pub(super) moment: Moment,
    /// By talker and kind.
    sends: [[bool; 2]; 2],
}

impl Round {
    /// Whether a talker may send media of a kind.
    pub(super) fn sends(&self, talker: usize, kind: MediaKind) -> bool {
        self.sends.get(talker).and_then(|kinds| kinds.get(place_of(kind))).is_some_and(|sends| *sends)
    }
}

const fn place_of(kind: MediaKind) -> usize {
    match kind {
        MediaKind::Audio => 0,
        MediaKind::Video => 1,
    }
}

impl<'a> Talker<'a> {
    /// Its media of a kind.
    pub(super) fn of(&self, kind: MediaKind) -> impl Iterator<Item = Placed<'a>> + Clone {
        self.streams.iter().copied().filter(move |(_, stream)| stream.kind == Some(kind) && stream.role == Role::Media)
    }

    /// Whether it sends something of which the kind is not known.
    pub(super) fn unclear(&self) -> bool {
        self.streams.iter().any(|(_, stream)| stream.kind.is_none())
    }

    /// The last packet of all its media.
    pub(super) fn last(&self) -> Option<Moment> {
        self.streams.iter().map(|(_, stream)| stream.last).max()
    }
}

impl Talk<'_> {
    /// Until when the talk is known to go on: until somebody ended it, else as long as checks were answered or media came.
    pub(super) fn until(&self) -> Option<Moment> {
        let media = self.sides.iter().filter_map(Talker::last);
        let seen = media.chain(self.alive).max()?;
        Some(self.over.map_or(seen, |over| seen.min(over)))
    }

    /// The rounds with the time for which each of them held, up to `end`.
    pub(super) fn terms(&self, end: Timestamp) -> impl Iterator<Item = (&Round, Timestamp)> {
        let ends = self.rounds.iter().skip(1).map(|round| round.moment.time).chain(std::iter::once(end));
        self.rounds.iter().zip(ends)
    }

    /// The round in force at a time.
    pub(super) fn round_at(&self, time: Timestamp) -> Option<&Round> {
        self.rounds.iter().rfind(|round| round.moment.time <= time).or_else(|| self.rounds.first())
    }
}

impl<'a> Case<'a> {
    /// Media itself: streams that are no repair of others.
    pub(super) fn media(&self) -> impl Iterator<Item = Placed<'a>> {
        self.sessions().streams().iter().enumerate().filter(|(_, stream)| stream.role == Role::Media)
    }

    /// The media streams of each way, from one host to another, for which `of` gives something: what they have in common has one cause.
    pub(super) fn ways<T>(&self, of: impl Fn(Placed<'a>) -> Option<T>) -> Vec<Vec<(Placed<'a>, T)>> {
        let told = self.media().filter_map(|placed| Some((placed, of(placed)?)));
        let keyed = told.map(|told| {
            let path = told.0.1.path;
            ((path.source.address, path.destination.address), told)
        });
        group(keyed).into_iter().map(|(_, members)| members).collect()
    }

    /// Who talks with whom, in every call of two.
    pub(super) fn find_talks(&self) -> Vec<Talk<'a>> {
        self.calls().filter_map(|(_, call)| self.talk(call)).collect()
    }

    fn talk(&self, call: &'a Call) -> Option<Talk<'a>> {
        let [first, second] = call.participants.as_slice() else { return None };
        let exchanges = || call.exchanges.iter().filter_map(|place| Some((*place, self.exchange(*place)?)));
        // Participants without a party have nothing agreed.
        let parties = |place: usize| {
            let of = |one: &crate::call::Participant| {
                one.parties.iter().find(|(exchange, _)| *exchange == place).map(|(_, party)| *party)
            };
            Some([of(first)?, of(second)?])
        };
        let mut rounds = Vec::new();
        for (place, exchange) in exchanges() {
            if let Some(parties) = parties(place)
                && !exchange.one_way
            {
                rounds.extend(rounds_of(exchange, parties));
            }
        }
        rounds.sort_by_key(|round: &Round| round.moment);
        let streams = call.streams.iter().filter_map(|place| Some((*place, self.sessions().streams().get(*place)?)));
        let mut sides = [first, second].map(|one| Talker { name: self.talker(one), streams: Vec::new() });
        for (place, stream) in streams {
            let sends = |one: &crate::call::Participant| match (stream.session, stream.agent) {
                (Some(session), Some(agent)) => one.agents.contains(&(session, agent)),
                _ => one.addresses.contains(&stream.path.source.address),
            };
            let side = match (sends(first), sends(second)) {
                (true, false) => 0,
                (false, true) => 1,
                // A stream that may be of either makes the whole talk unclear.
                _ => return None,
            };
            if let Some(side) = sides.get_mut(side) {
                side.streams.push((place, stream));
            }
        }
        let ice = call.setup.connected;
        let mut outcomes = call.sessions.iter().filter_map(|place| self.outcome(*place));
        let broken = |outcome: Outcome| {
            !matches!(outcome, Outcome::Works | Outcome::HalfOpen { .. } | Outcome::Open | Outcome::Replaced)
        };
        let sessions = call.sessions.iter().filter_map(|place| self.sessions().ice().get(*place));
        let ends = sessions.flat_map(|session| &session.pairs).flat_map(|pair| &pair.ends);
        let ready = ice.or_else(|| rounds.first().map(|round| round.moment))?;
        Some(Talk {
            ready,
            handshake: call.setup.handshake,
            over: exchanges().filter_map(|(_, exchange)| over(exchange, exchange.first)).min(),
            alive: ends.filter_map(|end| end.last_response).max(),
            ice: ice.is_some(),
            stands: call.outcome == CallOutcome::Connected && !outcomes.any(broken),
            session: call.sessions.last().copied(),
            rounds,
            sides,
        })
    }

    /// What a sentence calls a participant: its name, else where it is.
    fn talker(&self, one: &crate::call::Participant) -> String {
        let named = one.name.as_deref().map(super::name::short);
        let from = one.parties.first().and_then(|(place, at)| Some(party(self.exchange(*place)?, *at)));
        let agent = one.agents.first().and_then(|(session, agent)| {
            let session = self.sessions().ice().get(*session)?;
            Some(super::name::fragment(session, *agent))
        });
        let address = one.addresses.first().map(ToString::to_string);
        named.or(agent).or(from).or(address).unwrap_or_else(|| "somebody".to_owned())
    }
}

/// What the two parties agreed on, round by round.
fn rounds_of(exchange: &Exchange, parties: [usize; 2]) -> impl Iterator<Item = Round> {
    let answered = exchange.happenings.iter().filter_map(|happening| match happening.incident {
        Incident::Answered { offer, answer, .. } => Some((offer, answer)),
        _ => None,
    });
    answered.take(ROUNDS).filter_map(move |(offer, answer)| {
        let (offer, answer) = (exchange.descriptions.get(offer)?, exchange.descriptions.get(answer)?);
        let side = |party: usize| parties.iter().position(|known| *known == party);
        let (offerer, answerer) = (side(offer.from)?, side(answer.from)?);
        let (offered, answered) = (Document::parse(offer.sdp.as_bytes()), Document::parse(answer.sdp.as_bytes()));
        let mut sends = [[false; 2]; 2];
        for media in negotiate(&offered, &answered).media {
            let Some(kind) = KINDS.iter().position(|kind| kind.name() == media.kind) else { continue };
            let Some(directions) =
                media.directions.filter(|_| media.state == crate::sdp::negotiate::MediaState::Agreed)
            else {
                continue;
            };
            for (talker, direction) in [(offerer, directions.offerer), (answerer, directions.answerer)] {
                if let Some(sends) = sends.get_mut(talker).and_then(|kinds| kinds.get_mut(kind)) {
                    *sends |= Direction::sends(direction);
                }
            }
        }
        Some(Round { moment: answer.moment, sends })
    })
}

/// A stream as a sentence names it: `rtp-2 (opus audio)`.
pub(super) fn stream(place: usize, stream: &Stream) -> String {
    let codec = stream.codec.as_deref().map(super::name::short);
    let what = match (codec, stream.kind) {
        (Some(codec), Some(kind)) => format!("{codec} {}", kind.name()),
        (None, Some(kind)) => kind.name().to_owned(),
        (Some(codec), None) => codec,
        (None, None) => format!("payload type {}", stream.payload_type.0),
    };
    format!("{} ({what})", super::name::stream_id(place))
}

/// The way of a stream: `10.77.0.11:5000 → 10.77.0.12:6000`.
pub(super) fn way(stream: &Stream) -> String {
    format!("{} → {}", stream.path.source, stream.path.destination)
}

/// A share as a sentence needs it: `0.04 %`, `5.4 %`, `23 %`.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.1 {
        format!("{percent:.2} %")
    } else if percent < 10.0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

/// Seconds as a duration; what is no time is none.
pub(super) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_keep_two_digits() {
        assert_eq!([0.0004, 0.054, 0.234].map(percent), ["0.04 %", "5.4 %", "23 %"]);
        assert_eq!(seconds(-1.0), Duration::ZERO);
    }
}
