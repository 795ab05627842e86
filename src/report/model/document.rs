//! The document of one capture.

use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::capture::Capture;
use super::clock::Clock;
use super::findings::Finding;
use super::ice::Ice;
use super::nat::Nat;
use super::rtp::Rtp;
use super::signaling::Signaling;
use super::stun::Stun;
use super::turn::Turn;
use crate::analyze::Analysis;

/// The version of the model. Keys are added without a new one; a changed or removed key takes a new one.
pub const SCHEMA_VERSION: u32 = 1;

/// What happened in a capture.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// The version of this model.
    pub schema_version: u32,
    /// The program that made it, and its version.
    pub generator: String,
    /// The file and its packets.
    pub capture: Capture,
    /// What was signalled and what the network did, one story each.
    pub calls: Vec<Call>,
    /// STUN in numbers.
    pub stun: Stun,
    /// What was signalled.
    pub signaling: Signaling,
    /// ICE sessions.
    pub ice: Ice,
    /// TURN servers and allocations.
    pub turn: Turn,
    /// NATs.
    pub nat: Nat,
    /// Media streams.
    pub rtp: Rtp,
    /// What was found, worst first.
    pub findings: Vec<Finding>,
}

impl Document {
    /// The document of `analysis`, whose capture was given as `path`; `all` keeps every step of a call.
    #[must_use]
    pub fn new(path: impl Into<String>, analysis: &Analysis, all: bool) -> Self {
        let clock = Clock::new(analysis.summary.first);
        let sessions = &analysis.sessions;
        let material = analysis.material();
        let calls = analysis.calls.iter().enumerate().map(|(place, call)| Call::new(place, call, material, all, clock));
        Self {
            schema_version: SCHEMA_VERSION,
            generator: Self::generator(),
            capture: Capture::new(path.into(), &analysis.summary, clock),
            calls: calls.collect(),
            stun: Stun::from(sessions.stun()),
            signaling: Signaling::new(analysis, clock),
            ice: Ice::new(sessions.ice(), clock),
            turn: Turn::new(sessions.servers(), sessions.allocations(), clock),
            nat: Nat::new(sessions.nat(), sessions.ice(), clock),
            rtp: Rtp::new(analysis, clock),
            findings: analysis.findings.iter().map(|finding| Finding::new(finding, clock)).collect(),
        }
    }

    /// The name and the version of this program: `rtcscope 0.1.0`.
    #[must_use]
    pub fn generator() -> String {
        concat!("rtcscope ", env!("CARGO_PKG_VERSION")).to_owned()
    }
}
