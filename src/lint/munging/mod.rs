//! What was changed in a description before it was set: each kind of change, as libwebrtc counts them, with its first place and
//! what takes it back.

mod changes;
mod codecs;
mod kind;
mod lines;
mod sections;

pub(super) use changes::Changes;
pub(super) use kind::Munging;
