//! Calls: what was signalled and what the network did, joined into one story each.
//!
//! Takes the exchanges of the room `signaling` and the state of the room `session`, and gives [`Call`]s. An exchange, an ICE session, an
//! allocation and a flow of plain media belong to one call each, or to none; every join says on what grounds it rests. Nothing
//! is joined on time alone.

mod describe;
mod join;
mod ladder;
mod milestone;
mod model;
mod outcome;
mod participant;
mod setup;
mod streams;
mod topology;

pub use join::{Material, calls};
pub use ladder::{Step, StepKind, ladder};
pub use model::{Call, Ground, GroundKind, Member, Outcome, Participant, Topology};
pub use setup::{Phase, PhaseName, Setup};
