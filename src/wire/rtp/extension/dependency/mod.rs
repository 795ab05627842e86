//! The dependency descriptor (RTP Payload Format For AV1, appendix A): frames, layers, dependencies and sizes, in the
//! clear even where the payload is encrypted.
//!
//! A key frame carries a [`Structure`] of templates; every other packet only names one of them. Who reads a stream keeps
//! the last structure of it and gives it to [`DependencyDescriptor::parse`].

mod descriptor;
mod structure;

pub(super) use descriptor::read;
pub use descriptor::{DependencyDescriptor, Frame, Mandatory};
pub use structure::{DecodeTargetIndication, Structure, Template};
