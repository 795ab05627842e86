//! What is wrong with a description, or with an answer to its offer: rules, each a documented item, and one run that finds
//! everything.
//!
//! [`lint`] looks at one description, [`check()`] at an offer and its answer, [`check_rounds`] at a round of offer and answer after
//! another one, [`check_candidates`] at trickled candidates and [`check_munging`] at what was changed before it was set. A
//! [`Finding`] says where, down to the token, how much it matters, what each
//! [`Target`] does with it, and often how it is mended; [`fix`] mends. [`rules()`] lists every [`SdpRule`] with its text, its source and
//! its examples, and a test runs every example: the rule finds the fault that is marked in the invalid ones and nothing in the
//! valid ones.
//!
//! A rule reads the lossless document, which was decoded once for all of them; it keeps nothing and guesses nothing. No message
//! quotes a password or a key.

mod check;
mod context;
mod engine;
mod example;
mod finding;
mod fixing;
mod format;
mod in_force;
mod munged;
mod munging;
mod pair;
mod profile;
mod rejection;
mod rounds;
mod rule;
mod rules;
mod selection;
mod target;
mod transport;
mod trickle;

#[cfg(test)]
mod beside_tests;
#[cfg(test)]
mod tests;

pub use check::{PairReport, Pairing, check};
pub use context::Role;
pub use engine::{Options, Report, lint};
pub use example::Example;
pub use finding::{Finding, Label, Place, Text};
pub use fixing::{Fixed, fix};
pub use munged::check_munging;
pub use profile::{Detection, Profile};
pub use rejection::reasons;
pub use rounds::{Round, check_rounds};
pub use rule::{SdpRule, Subject};
pub use rules::{all as rules, named as rule};
pub use selection::{Selection, Selector, UnknownRule};
pub use target::{Target, Verdict, Verdicts};
pub use trickle::{TrickledText, check_candidates};
