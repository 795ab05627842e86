//! The section `calls`: what was signalled and what the network did, one story each.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::{Clock, seconds};
use super::id::{allocation_id, call_id, exchange_id, media_flow_id, session_id, stream_id};
use super::word::Word;
use crate::call::{self, GroundKind, Material, Member, Outcome, PhaseName, StepKind, ladder};
use crate::moment::Moment;

/// Steps of a call that are told at each end of the list.
const STEPS: usize = 200;

/// A call.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// Its id.
    pub id: String,
    /// Its exchanges.
    pub exchanges: Vec<String>,
    /// Its ICE sessions.
    pub ice_sessions: Vec<String>,
    /// Its TURN allocations.
    pub allocations: Vec<String>,
    /// Its flows of media without ICE.
    pub media_flows: Vec<MediaFlow>,
    /// Its media streams.
    pub streams: Vec<String>,
    /// Why these belong together.
    pub grounds: Vec<Ground>,
    /// How its participants are connected, where that is visible.
    pub topology: Option<Topology>,
    /// Who is in it.
    pub participants: Vec<Participant>,
    /// What became of it.
    pub outcome: Word<Outcome>,
    /// How it was set up.
    pub setup: Setup,
    /// What happened in it, step by step.
    pub ladder: Vec<Step>,
    /// How many steps are left out between the first and the last ones.
    pub ladder_omitted: u64,
    /// Its first message.
    pub first_time: f64,
    /// The frame of that.
    pub first_frame: u64,
    /// Its last message.
    pub last_time: f64,
}

/// A flow of media without ICE.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MediaFlow {
    /// Its id.
    pub id: String,
    /// Who sent first.
    pub source: String,
    /// To whom.
    pub destination: String,
    /// The first packet.
    pub first_time: Option<f64>,
    /// The last packet of either direction.
    pub last_time: Option<f64>,
}

/// Why two things belong to one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ground {
    /// What kind of reason.
    pub kind: Word<GroundKind>,
    /// What the two have in common.
    pub detail: String,
    /// The ids of the two.
    pub members: [String; 2],
}

/// How the participants of a call are connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Topology {
    /// `direct`, `relayed` (through TURN), `star` or `mesh`.
    pub kind: String,
    /// The host in the middle of a star.
    pub center: Option<String>,
}

/// One of those in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// The name that the application has for it.
    pub name: Option<String>,
    /// The hosts that it was seen at.
    pub addresses: Vec<String>,
    /// The user fragments of its agents.
    pub ufrags: Vec<String>,
    /// The media streams that it announced.
    pub msids: Vec<String>,
    /// The implementation that its messages give away.
    pub stack: Option<String>,
}

/// How a call was set up: when each step was first seen.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Setup {
    /// The first offer.
    pub offer_time: Option<f64>,
    /// Its first answer.
    pub answer_time: Option<f64>,
    /// The first request to a TURN server.
    pub gathering_time: Option<f64>,
    /// The first check.
    pub first_check_time: Option<f64>,
    /// The first pair that succeeded at both agents, or at the one that is seen.
    pub connected_time: Option<f64>,
    /// The first nomination that succeeded.
    pub nominated_time: Option<f64>,
    /// The first record of a DTLS handshake.
    pub dtls_time: Option<f64>,
    /// The first media of the agent that was controlling at first, and of the other; without ICE, of whom it came first from.
    pub first_media_times: [Option<f64>; 2],
    /// Seconds from the offer to the first media, or as far as it got.
    pub total: Option<f64>,
    /// Where that time went; the parts add up to it.
    pub phases: Vec<Phase>,
}

/// A part of the time from the offer to the first media.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// Which.
    pub name: Word<PhaseName>,
    /// Its begin.
    pub time: f64,
    /// How long it took in seconds.
    pub duration: f64,
}

/// A step of a call.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// When.
    pub time: f64,
    /// The frame; 0 where it comes from a file.
    pub frame: u64,
    /// What it is of.
    pub kind: Word<StepKind>,
    /// Who did it.
    pub from: String,
    /// To whom.
    pub to: Option<String>,
    /// What.
    pub what: String,
}

impl Call {
    /// The published form of the call at `place`; `all` keeps every step.
    #[must_use]
    pub fn new(place: usize, call: &call::Call, material: Material<'_>, all: bool, clock: Clock) -> Self {
        let mut steps = ladder(call, material);
        let omitted = if all { 0 } else { steps.len().saturating_sub(2 * STEPS) };
        if omitted > 0 {
            steps.drain(STEPS..STEPS + omitted);
        }
        Self {
            id: call_id(place),
            exchanges: call.exchanges.iter().copied().map(exchange_id).collect(),
            ice_sessions: call.sessions.iter().copied().map(session_id).collect(),
            allocations: call.allocations.iter().copied().map(allocation_id).collect(),
            media_flows: call.media_flows.iter().filter_map(|flow| media_flow(*flow, material, clock)).collect(),
            streams: call.streams.iter().copied().map(stream_id).collect(),
            grounds: call.grounds.iter().map(ground).collect(),
            topology: call.topology.map(topology),
            participants: call.participants.iter().map(|participant| participant_of(participant, material)).collect(),
            outcome: Word(call.outcome),
            setup: Setup::new(&call.setup, clock),
            ladder: steps.into_iter().map(|step| Step::new(step, clock)).collect(),
            ladder_omitted: omitted as u64,
            first_time: clock.time(call.first),
            first_frame: call.first.frame.0,
            last_time: clock.time(call.last),
        }
    }
}

fn media_flow(place: usize, material: Material<'_>, clock: Clock) -> Option<MediaFlow> {
    let flow = material.sessions.media_flows().get(place)?;
    let ([one, other], [first, second]) = (flow.flow.ends, flow.first);
    let swapped = first.is_none() || second.is_some_and(|second| first.is_some_and(|first| second < first));
    let (source, destination) = if swapped { (other, one) } else { (one, other) };
    Some(MediaFlow {
        id: media_flow_id(place),
        source: source.to_string(),
        destination: destination.to_string(),
        first_time: flow.first.iter().flatten().min().map(|moment| clock.time(*moment)),
        last_time: flow.last.iter().flatten().max().map(|moment| clock.time(*moment)),
    })
}

/// The id of a member.
fn member(member: Member) -> String {
    match member {
        Member::Exchange(place) => exchange_id(place),
        Member::Session(place) => session_id(place),
        Member::Allocation(place) => allocation_id(place),
        Member::MediaFlow(place) => media_flow_id(place),
    }
}

fn ground(ground: &call::Ground) -> Ground {
    Ground { kind: Word(ground.kind), detail: ground.detail.clone(), members: ground.members.map(member) }
}

fn topology(topology: call::Topology) -> Topology {
    let center = match topology {
        call::Topology::Star { center } => Some(center.to_string()),
        _ => None,
    };
    Topology { kind: topology.name().to_owned(), center }
}

fn participant_of(participant: &call::Participant, material: Material<'_>) -> Participant {
    let agent = |(session, agent): &(usize, usize)| {
        Some(material.sessions.ice().get(*session)?.agents.get(*agent)?.ufrag.clone())
    };
    Participant {
        name: participant.name.clone(),
        addresses: participant.addresses.iter().map(ToString::to_string).collect(),
        ufrags: participant.agents.iter().filter_map(agent).collect(),
        msids: participant.msids.clone(),
        stack: participant.stack.clone(),
    }
}

impl Setup {
    fn new(setup: &call::Setup, clock: Clock) -> Self {
        let time = |moment: Option<Moment>| moment.map(|moment| clock.time(moment));
        let phase = |phase: &call::Phase| Phase {
            name: Word(phase.name),
            time: clock.time(phase.from),
            duration: seconds(phase.duration()),
        };
        Self {
            offer_time: time(setup.offer),
            answer_time: time(setup.answer),
            gathering_time: time(setup.gathering),
            first_check_time: time(setup.check),
            connected_time: time(setup.connected),
            nominated_time: time(setup.nominated),
            dtls_time: time(setup.handshake),
            first_media_times: setup.media.map(time),
            total: setup.total().map(seconds),
            phases: setup.phases.iter().map(phase).collect(),
        }
    }
}

impl Step {
    fn new(step: call::Step, clock: Clock) -> Self {
        Self {
            time: clock.time(step.moment),
            frame: step.moment.frame.0,
            kind: Word(step.kind),
            from: step.from,
            to: step.to,
            what: step.what,
        }
    }
}
