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

pub use listening::{Listener, Way};
