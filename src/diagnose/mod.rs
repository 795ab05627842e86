//! What a capture means: sessions and facts about the capture into findings.
//!
//! A rule is one documented item in the file of its subject under `rules`, and one row in that file's table; nothing else knows it.
//! Its text is what `rtcscope explain` prints. A rule reads the final state and the [`CaptureFacts`], keeps nothing, and gives the
//! same findings for the same capture.
//!
//! Three promises. A good call gets no warning and no error: what implementations do on the way to a working call (unanswered
//! side pairs, a first 401, superfluous allocations, a role conflict that heals) is information at most. One cause gives one
//! finding: where the whole session failed, nothing is said of its pairs. And nothing is claimed that the capture cannot show:
//! where it sees one direction only, that is the finding.

mod accord;
mod case;
mod examine;
mod facts;
mod grouping;
mod media;
mod name;
mod negotiation;
mod outcome;
mod remark;
mod rules;
mod wording;

pub use examine::{diagnose, rule, rules};
pub use facts::{CaptureFacts, ClockStep, Fault, FaultKind};
