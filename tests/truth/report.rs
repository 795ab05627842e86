//! The public data, the built program, and small readers of its JSON.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The folder of public data that `RTCSCOPE_CORPUS` names, and inside it `part`; says so where it is absent.
pub(crate) fn corpus(part: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        println!("skipped: RTCSCOPE_CORPUS is not set, so there is no public data to compare with");
        return None;
    };
    let folder = Path::new(&root).join(part);
    if folder.exists() {
        return Some(folder);
    }
    println!("skipped: {} does not exist", folder.display());
    None
}

/// Whether `RTCSCOPE_ONLY` (a part of a file name) leaves `name` in; unset, it leaves all in.
pub(crate) fn wanted(name: &str) -> bool {
    std::env::var("RTCSCOPE_ONLY").map_or(true, |part| name.contains(&part))
}

/// What `rtcscope analyze --format json --all` prints for `capture`.
pub(crate) fn analyze(capture: &Path, options: &[String]) -> Value {
    let run = Command::new(env!("CARGO_BIN_EXE_rtcscope"))
        .args(["analyze", "--format", "json", "--all"])
        .args(options)
        .arg(capture)
        .output()
        .expect("the built program runs");
    assert!(run.status.success(), "{}: {}: {}", capture.display(), run.status, String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{}: {error}", capture.display()))
}

/// The JSON document in `file`.
pub(crate) fn document(file: &Path) -> Value {
    let text = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The items of the array at `pointer`; none where there is no array.
pub(crate) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The text at `pointer`, empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// The count at `pointer`, zero where there is none.
pub(crate) fn count(value: &Value, pointer: &str) -> u64 {
    value.pointer(pointer).and_then(Value::as_u64).unwrap_or(0)
}
