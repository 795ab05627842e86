//! Engine.IO (protocols 3 and 4) and the packets of Socket.IO in it, by polling or by WebSocket.

mod engine;
mod packet;

pub(super) use engine::{Session, opens, payload};
pub(super) use packet::{Packet, looks_like_a_packet};
