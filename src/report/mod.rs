//! What leaves the program: one published model, and one file for each format that shows it.
//!
//! Takes an [`Analysis`](crate::analyze::Analysis) as a [`model::Document`] and gives bytes. Every format is a pure function into a
//! writer: no clock, no environment, no order from a hash map, so that the same capture gives the same bytes on any day
//! and any machine.
//!
//! - [`json`]: the document, whole. [`schema`]: what it looks like, as JSON Schema.
//! - [`ndjson`]: events as they happen, a line each.
//! - [`redact`]: the same document without addresses and names.
//! - [`text`]: the document for people. [`tree`]: one message for people and as JSON. [`explain`]: a rule's page.
//! - [`lint`]: findings in descriptions, for people, as JSON, SARIF and workflow commands.
//!   These measure the width of what they show and colour it, and come with the feature `cli`.

pub mod json;
pub mod model;
pub mod ndjson;
pub mod redact;
pub mod schema;

#[cfg(feature = "cli")]
pub mod explain;
#[cfg(feature = "cli")]
pub mod lint;
#[cfg(feature = "cli")]
pub mod text;
#[cfg(feature = "cli")]
pub mod tree;
