//! The document of one capture.

use schemars::JsonSchema;
use serde::Serialize;

use super::capture::Capture;
use super::clock::Clock;
use super::findings::Finding;
use super::ice::Ice;
use super::nat::Nat;
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
    /// STUN in numbers.
    pub stun: Stun,
    /// ICE sessions.
    pub ice: Ice,
    /// TURN servers and allocations.
    pub turn: Turn,
    /// NATs.
    pub nat: Nat,
    /// What was found, worst first.
    pub findings: Vec<Finding>,
}

impl Document {
    /// The document of `analysis`, whose capture was given as `path`.
    #[must_use]
    pub fn new(path: impl Into<String>, analysis: &Analysis) -> Self {
        let clock = Clock::new(analysis.summary.first);
        let sessions = &analysis.sessions;
        Self {
            schema_version: SCHEMA_VERSION,
            generator: Self::generator(),
            capture: Capture::new(path.into(), &analysis.summary, clock),
            stun: Stun::from(sessions.stun()),
            ice: Ice::new(sessions.ice(), clock),
            turn: Turn::new(sessions.servers(), sessions.allocations(), clock),
            nat: Nat::new(sessions.nat(), sessions.ice(), clock),
            findings: analysis.findings.iter().map(|finding| Finding::new(finding, clock)).collect(),
        }
    }

    /// The name and the version of this program: `rtcscope 0.1.0`.
    #[must_use]
    pub fn generator() -> String {
        concat!("rtcscope ", env!("CARGO_PKG_VERSION")).to_owned()
    }
}
