//! Signalling: text and bytes into [`Signal`](crate::signal::Signal)s.
//!
//! Takes the ordered bytes of TCP connections, UDP datagrams and files, by no other names than those of this room, so that it
//! needs no capture: [`http`], [`websocket`] and [`sip`] read each what their names say, and [`mod@file`] what lies beside a capture.
//!
//! The room keeps these promises:
//!
//! - Bytes may come in any pieces; the same bytes give the same signals.
//! - Memory is bounded by [`Limits`], whatever the bytes are.
//! - A text that was signalled is given back byte for byte.

mod content;
pub mod exchange;
pub mod file;
pub mod http;
mod inflate;
mod json;
mod key;
mod limits;
mod listener;
pub mod sip;
mod socketio;
pub mod websocket;

pub use limits::Limits;
pub use listener::{Heard, Listener, Way};
