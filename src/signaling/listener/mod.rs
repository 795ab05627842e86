//! From bytes to signals: what a connection speaks, which conversation it belongs to, and what is said in it.

mod channels;
mod connection;
mod http;
mod listening;
mod websocket;

pub use listening::{Listener, Way};
