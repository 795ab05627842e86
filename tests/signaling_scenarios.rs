//! What applications send, byte by byte, and what a listener makes of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs, unreachable_pub)]
#![cfg(feature = "signaling")]

#[path = "signaling/wire.rs"]
#[allow(dead_code)]
mod wire;

#[path = "signaling/scenario/http.rs"]
mod http;
#[path = "signaling/scenario/sip.rs"]
mod sip;
#[path = "signaling/scenario/socketio.rs"]
mod socketio;
#[path = "signaling/scenario/websocket.rs"]
mod websocket;
#[path = "signaling/scenario/whip.rs"]
mod whip;
