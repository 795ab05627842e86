//! The JSON Schema of the rows.

use super::row::Row;

/// The schema of `sdp lint --format json` (JSON Schema, draft 2020-12).
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Vec<Row>);
    schema.insert("title".to_owned(), "The document of `rtcscope sdp lint --format json`".into());
    schema.to_value()
}
