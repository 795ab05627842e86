//! What endpoints counted themselves: `getStats` in the files beside the capture, next to what the capture saw of the same streams.
//!
//! Joined by SSRC, and where both sides show it by the user fragment too: an SFU may pass an SSRC on, and who counted what it sent has
//! not counted what the SFU did. Numbers are compared at the time of the endpoint's last value. The capture has bins there, so that its
//! count lies between two bounds; only what is outside of them is called a difference.

mod counted;
mod join;
mod object;
mod verdict;

pub use counted::Bounds;
pub use join::{EndpointReport, Side};
pub use object::Counters;
pub use verdict::{Beside, Meaning};
