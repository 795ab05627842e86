//! TURN servers and allocations with their life (RFC 8656, RFC 6062, RFC 8016).

mod allocation;
mod lifetimes;
mod relaying;
mod requests;
mod responses;
mod table;
mod traffic;

pub use allocation::{Allocation, AllocationState, Channel, Connection, EndReason, Permission, Server, TurnError};
pub(super) use relaying::{Passing, undescribed_path};
pub(super) use requests::TurnRequest;
pub(super) use table::{TurnRef, TurnTable};
pub use traffic::Peer;
