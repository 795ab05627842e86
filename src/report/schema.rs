//! The JSON Schema of what this room publishes, generated from the model itself.

use super::model::Document;

/// The schema of the document of `analyze --format json` (JSON Schema, draft 2020-12).
#[must_use]
pub fn analyze() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Document);
    schema.insert("title".to_owned(), "The document of `rtcscope analyze --format json`".into());
    schema.to_value()
}
