//! From bytes to signals: what a connection speaks, which conversation it belongs to, and what is said in it.

mod channels;
mod connection;
mod deaf;
mod http;
mod listening;
mod peers;
mod telling;
mod websocket;
mod whip;

pub(super) use channels::{Channels, Key};
pub(super) use connection::Dialect;
pub(super) use http::{Ends, hear as hear_http};
pub use listening::{Heard, Listener, Way};
pub(super) use websocket::{dialect, packet, plain};
