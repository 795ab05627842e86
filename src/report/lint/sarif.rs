//! SARIF 2.1.0 (OASIS): what code scanning reads.

use serde_json::{Value, json};

use super::row::{EditRow, Row};
use crate::lint;

/// Where the schema of the format is.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The log of one run.
#[must_use]
pub fn sarif(rows: &[Row]) -> Value {
    let rules: Vec<Value> = lint::rules().map(descriptor).collect();
    let results: Vec<Value> = rows.iter().map(result).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": env!("CARGO_PKG_NAME"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                }
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }]
    })
}

fn level(severity: &str) -> &'static str {
    match severity {
        "error" => "error",
        "warning" => "warning",
        _ => "note",
    }
}

/// The page of a rule, as text and as Markdown.
fn descriptor(rule: &lint::SdpRule) -> Value {
    let text = &rule.rule;
    let help = format!("{}\n\n{}\n\n{}\n\nSource: {}.", text.what, text.why, text.advice, text.source);
    let markdown = format!(
        "{}\n\n**Why it matters.** {}\n\n**What to do.** {}\n\nSource: {}.",
        text.what, text.why, text.advice, text.source
    );
    json!({
        "id": text.name,
        "shortDescription": { "text": format!("{}.", text.summary) },
        "fullDescription": { "text": text.what },
        "help": { "text": help, "markdown": markdown },
        "defaultConfiguration": { "level": level(text.severity.name()) },
    })
}

fn region(line: usize, column: usize, end_line: usize, end_column: usize) -> Value {
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

fn result(row: &Row) -> Value {
    let artifact = json!({ "uri": uri(&row.file) });
    // Lines count in the description: of a file that holds it they are no region.
    let location = match &row.description {
        None => json!({
            "physicalLocation": {
                "artifactLocation": artifact.clone(),
                "region": region(row.line, row.column, row.end_line, row.end_column),
            }
        }),
        Some(description) => json!({
            "physicalLocation": { "artifactLocation": artifact.clone() },
            "logicalLocations": [{ "fullyQualifiedName": description }],
        }),
    };
    let mut result = json!({
        "ruleId": row.rule,
        "level": level(row.severity),
        "message": { "text": row.told() },
        "locations": [location],
    });
    let Some(object) = result.as_object_mut() else { return result };
    if let Some(index) = lint::rules().position(|rule| rule.rule.name == row.rule) {
        object.insert("ruleIndex".to_owned(), index.into());
    }
    if !row.related.is_empty() {
        let related = row.related.iter().map(|place| {
            let mut physical = json!({ "artifactLocation": { "uri": uri(&place.file) } });
            if let (None, Some(physical)) = (&row.description, physical.as_object_mut()) {
                let region = json!({ "startLine": place.line, "startColumn": place.column });
                physical.insert("region".to_owned(), region);
            }
            json!({ "message": { "text": place.message }, "physicalLocation": physical })
        });
        object.insert("relatedLocations".to_owned(), related.collect());
    }
    // A fix of a description inside another file is no change of lines of that file.
    if let (Some(fix), None) = (row.fix.as_ref().filter(|fix| !fix.edits.is_empty()), &row.description) {
        let replacement = |edit: &EditRow| {
            json!({
                "deletedRegion": region(edit.line, edit.column, edit.end_line, edit.end_column),
                "insertedContent": { "text": edit.content },
            })
        };
        let replacements: Vec<Value> = fix.edits.iter().map(replacement).collect();
        let change = json!({ "artifactLocation": artifact, "replacements": replacements });
        let fix = json!({ "description": { "text": fix.title }, "artifactChanges": [change] });
        object.insert("fixes".to_owned(), json!([fix]));
    }
    if !row.targets.is_empty() {
        let verdicts = row.targets.iter().map(|row| (row.target.to_owned(), Value::from(row.verdict)));
        object.insert("properties".to_owned(), json!({ "targets": Value::Object(verdicts.collect()) }));
    }
    result
}

/// A path as a relative reference of RFC 3986: what would not be part of a path is escaped.
fn uri(file: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    let file = file.strip_prefix("./").unwrap_or(file);
    file.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("./a b/ö.sdp"), "a%20b/%C3%B6.sdp");
        assert_eq!(uri("C:x"), "C%3Ax");
    }
}
