//! The tests of side files, by subject, and what they need.

mod clocks;
pub mod dumps;
mod hostile;
mod kinds;
mod wire;
