//! Packets that a capture holds more than once because of the way it was made.
//!
//! `-i any` sees a packet on every interface that it passes, a mirror port both when it comes and when it goes, a bridge on
//! each of its ports. Such a copy is the same packet but for hop limit, link-layer addresses, VLAN tag and checksums, and comes
//! within a few milliseconds. A sender's repetition and a network's duplicate look the same and are not copies; they
//! happen on their own, and at one place.
//!
//! # The rule
//!
//! A packet is a copy of one seen at most [`Limits::copy_window`](super::Limits::copy_window) before if all that a router leaves
//! alone is equal and
//!
//! 1. it was seen elsewhere: on another interface, in another direction, between other link-layer addresses or under another
//!    VLAN tag, or with another hop limit; or
//! 2. it was seen at the same place, and nine in ten packets of its path were seen twice.
//!
//! For rule 2 the last 32 to 64 packets of the path count, and at least four. Where there are not four yet, eight packets of the
//! whole capture decide if nine in ten of them were seen twice. Where that does not decide either, the packet is held until
//! it does, or until sixteen packets of the path refute it, for a second of the capture at most; then it is a copy only if
//! all packets of the capture so far, and three at least, were seen twice. TCP segments without payload repeat each
//! other and are no evidence for the habit of a path.
//!
//! The sighting that comes first stands for the packet. State is two tables of fixed size in which a newer entry replaces an
//! older one, and a bounded queue of what is held; a replaced entry can at worst leave a copy undetected.

mod evidence;
mod fingerprint;
mod habit;
mod held;
mod sightings;

pub use evidence::Copies;
pub(super) use sightings::{Sightings, Verdict};
