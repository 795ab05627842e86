//! Capture files and pipes, read frame by frame.

mod frame;

pub use frame::{Direction, Frame, LinkType};
