//! Counts by code, which several sections have.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// How many error responses had one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorCount {
    /// The code (RFC 8489, section 14.8).
    pub code: u16,
    /// How many.
    pub count: u64,
}

/// The counts of a map, by rising code.
pub(super) fn error_counts(errors: &BTreeMap<u16, u64>) -> Vec<ErrorCount> {
    errors.iter().map(|(code, count)| ErrorCount { code: *code, count: *count }).collect()
}
