//! Events as they happen, one JSON object a line.
//!
//! Each has at least `event`, `time` and `frame`. Ids are those of the document of the same capture; a pair comes with its
//! addresses and an agent with its fragment, so that a line can be read alone.

use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::model::{Capture, Clock, Finding, allocation_id, exchange_id, method_word, pair_id, session_id, signaling};
use super::redact::Redactor;
use crate::analyze::Told;
use crate::path::Endpoint;
use crate::session::ice::Failure;
use crate::session::{Event, Sessions, What};
use crate::signaling::exchange::{ExchangeEvent, Exchanges};

/// One line: keys in the order they were given.
struct Line(Vec<(&'static str, Value)>);

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Writes lines to `out`, each as soon as it is known.
pub struct EventWriter<'a> {
    out: &'a mut dyn Write,
    redactor: Option<&'a mut Redactor>,
}

impl<'a> EventWriter<'a> {
    /// A writer that shows everything, or with a `redactor` what that leaves.
    pub fn new(out: &'a mut dyn Write, redactor: Option<&'a mut Redactor>) -> Self {
        Self { out, redactor }
    }

    /// The first line of a capture: `capture.opened` with its path.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn opened(&mut self, path: &str) -> io::Result<()> {
        self.line("capture.opened", Value::Null, Value::Null, vec![("path", path.into())])
    }

    /// The line for an event; `sessions` as they are at that time.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn event(&mut self, event: &Event, sessions: &Sessions) -> io::Result<()> {
        let clock = Clock::new(sessions.start());
        let details = details(&event.what, sessions);
        self.line(event.what.name(), clock.time(event.moment).into(), event.moment.frame.0.into(), details)
    }

    /// The line for what just became known.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn told(&mut self, told: Told<'_>) -> io::Result<()> {
        match told {
            Told::Session(event, sessions) => self.event(event, sessions),
            Told::Exchange(event, exchanges, sessions) => self.exchange(event, exchanges, sessions),
        }
    }

    /// The line for what is new in an exchange; a description comes whole.
    fn exchange(&mut self, event: &ExchangeEvent, exchanges: &Exchanges, sessions: &Sessions) -> io::Result<()> {
        let clock = Clock::new(sessions.start());
        let Some(exchange) = exchanges.exchanges().get(event.exchange) else { return Ok(()) };
        let mut details: Details = vec![("exchange", exchange_id(event.exchange).into())];
        let Some((name, what)) = signaling::news(exchange, event.news, clock)? else { return Ok(()) };
        details.extend(what);
        self.line(name, clock.time(event.moment).into(), event.moment.frame.0.into(), details)
    }

    /// The line for a finding; they are known at the end.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let time = finding.time.map_or(Value::Null, Value::from);
        let frame = finding.frames.first().map_or(Value::Null, |frame| (*frame).into());
        let subject = serde_json::to_value(&finding.subject)?;
        self.line(
            "finding",
            time,
            frame,
            vec![
                ("rule", finding.rule.clone().into()),
                ("severity", finding.severity.name().into()),
                ("message", finding.message.clone().into()),
                ("frames", finding.frames.clone().into()),
                ("subject", subject),
            ],
        )
    }

    /// The last line of a capture: `capture.ended` with the section `capture` of its document.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn ended(&mut self, capture: &Capture) -> io::Result<()> {
        let time = capture.duration.map_or(Value::Null, Value::from);
        let details = vec![("capture", serde_json::to_value(capture)?)];
        self.line("capture.ended", time, capture.packets.into(), details)
    }

    fn line(
        &mut self,
        event: &'static str,
        time: Value,
        frame: Value,
        details: Vec<(&'static str, Value)>,
    ) -> io::Result<()> {
        let mut entries = vec![("event", event.into()), ("time", time), ("frame", frame)];
        entries.extend(details);
        if let Some(redactor) = &mut self.redactor {
            entries.iter_mut().for_each(|(_, value)| redactor.value(value));
        }
        serde_json::to_writer(&mut *self.out, &Line(entries))?;
        self.out.write_all(b"\n")
    }
}

type Details = Vec<(&'static str, Value)>;

fn details(what: &What, sessions: &Sessions) -> Details {
    match *what {
        What::SessionStarted { session } => of_session(session, sessions),
        What::SessionRestarted { session, of } => with(of_session(session, sessions), "restartOf", session_id(of)),
        What::StreamStarted { ssrc, path, payload_type } => {
            let details = vec![("ssrc", ssrc.0.into()), ("payloadType", payload_type.0.into())];
            with(with(details, "source", path.source.to_string()), "destination", path.destination.to_string())
        }
        What::PairStarted { session, pair, agent } => of_pair(session, pair, agent, sessions),
        What::PairSucceeded { session, pair, agent, round_trip } => {
            let round_trip = round_trip.map(|time| time.as_secs_f64());
            with(of_pair(session, pair, agent, sessions), "roundTripTime", round_trip)
        }
        What::PairFailed { session, pair, agent, failure } => {
            let mut details = with(of_pair(session, pair, agent, sessions), "failure", failure.name());
            if let Failure::Error(code) = failure {
                details = with(details, "code", code);
            }
            details
        }
        What::PairNominated { session, pair, agent, nomination } => {
            with(of_pair(session, pair, agent, sessions), "nomination", nomination)
        }
        What::SelectedPairChanged { session, agent, component, from, to } => {
            let details = with(of_pair(session, to, agent, sessions), "component", component);
            with(details, "previous", from.map(|pair| pair_id(session, pair)))
        }
        What::AgentStateChanged { session, agent, from, to } => {
            let details = with(of_agent(session, agent, sessions), "previous", from.name());
            with(details, "state", to.name())
        }
        What::RoleConflict { session, agent } => of_agent(session, agent, sessions),
        What::RoleChanged { session, agent, role } => with(of_agent(session, agent, sessions), "role", role.name()),
        What::ConsentLost { session, pair, agent } => of_pair(session, pair, agent, sessions),
        What::Mapped { client, server, mapped } => {
            vec![("client", text(client)), ("server", text(server)), ("mapped", text(mapped))]
        }
        What::StrayResponse { request, from } => {
            vec![("source", text(request.source)), ("destination", text(request.destination)), ("from", text(from))]
        }
        What::IcmpError { request } => {
            vec![("source", text(request.source)), ("destination", text(request.destination))]
        }
        _ => turn_details(what, sessions),
    }
}

fn turn_details(what: &What, sessions: &Sessions) -> Details {
    match *what {
        What::AllocationRequested { allocation } => of_allocation(allocation, sessions),
        What::AllocationCreated { allocation } => {
            let known = sessions.allocations().get(allocation);
            let relayed: Vec<String> =
                known.iter().flat_map(|known| known.relayed.iter().map(ToString::to_string)).collect();
            let details = with(of_allocation(allocation, sessions), "relayed", relayed);
            with(details, "lifetime", known.and_then(|known| known.lifetime))
        }
        What::AllocationRefreshed { allocation, lifetime } => {
            with(of_allocation(allocation, sessions), "lifetime", lifetime)
        }
        What::AllocationEnded { allocation, reason } => {
            with(of_allocation(allocation, sessions), "reason", reason.name())
        }
        What::TurnError { allocation, method, code } => {
            let details = with(of_allocation(allocation, sessions), "method", method_word(method));
            with(details, "code", code)
        }
        What::PermissionGranted { allocation, peer, renewed } => {
            let details = with(of_allocation(allocation, sessions), "peer", text(peer));
            with(details, "renewed", renewed)
        }
        What::PermissionExpired { allocation, peer } => with(of_allocation(allocation, sessions), "peer", text(peer)),
        What::ChannelBound { allocation, number, peer, renewed } => {
            let details = with(of_allocation(allocation, sessions), "channel", number);
            with(with(details, "peer", text(peer)), "renewed", renewed)
        }
        What::ChannelExpired { allocation, number } => with(of_allocation(allocation, sessions), "channel", number),
        _ => Vec::new(),
    }
}

fn with(mut details: Details, key: &'static str, value: impl Into<Value>) -> Details {
    details.push((key, value.into()));
    details
}

fn text(endpoint: Endpoint) -> Value {
    endpoint.to_string().into()
}

fn of_session(session: usize, sessions: &Sessions) -> Details {
    let ufrags: Vec<String> = sessions
        .ice()
        .get(session)
        .map(|known| known.order().iter().filter_map(|agent| Some(known.agents.get(*agent)?.ufrag.clone())).collect())
        .unwrap_or_default();
    vec![("session", session_id(session).into()), ("ufrags", ufrags.into())]
}

fn of_agent(session: usize, agent: usize, sessions: &Sessions) -> Details {
    let ufrag = sessions.ice().get(session).and_then(|known| known.agents.get(agent)).map(|agent| agent.ufrag.clone());
    vec![("session", session_id(session).into()), ("agent", ufrag.into())]
}

/// A pair from the side of `agent`: the addresses are its own and the other's.
fn of_pair(session: usize, pair: usize, agent: usize, sessions: &Sessions) -> Details {
    let mut details = with(of_agent(session, agent, sessions), "pair", pair_id(session, pair));
    if let Some(pair) = sessions.ice().get(session).and_then(|known| known.pairs.get(pair)) {
        let [first, second] = &pair.ends;
        let (own, other) = if agent == 0 { (first, second) } else { (second, first) };
        details.push(("local", text(own.address())));
        details.push(("remote", text(other.address())));
    }
    details
}

fn of_allocation(allocation: usize, sessions: &Sessions) -> Details {
    let mut details: Details = vec![("allocation", allocation_id(allocation).into())];
    if let Some(known) = sessions.allocations().get(allocation) {
        details.push(("client", text(known.client)));
        details.push(("server", text(known.server)));
    }
    details
}
