//! Keys and verdicts: MESSAGE-INTEGRITY and its relatives sealed and verified.
//!
//! Nothing of a key is ever shown: [`Key`] prints as a placeholder. Verdicts are about captured messages, so that time
//! taken tells nobody anything and comparisons need not be constant in it.

mod credential;
mod integrity;
mod verdict;

pub use credential::{Key, rest_password, userhash};
pub use integrity::{Algorithm, seal, verify, verify_attribute};
pub use verdict::Verdict;
