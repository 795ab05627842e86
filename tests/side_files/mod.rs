//! What the tests of side files need.

pub mod dumps;
