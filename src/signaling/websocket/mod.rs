//! WebSocket (RFC 6455) out of the ordered bytes of a connection, behind its upgrade: frames, fragments, masks, and
//! compression by permessage-deflate (RFC 7692).

mod deflate;
mod direction;
mod frame;
mod join;

pub use deflate::Deflate;
pub use direction::{Kind, Message};

pub(crate) use direction::Direction;
pub(crate) use join::recognise;
