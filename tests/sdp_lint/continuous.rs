//! What runs the program in continuous integration: a shell script.

#![cfg(unix)]

use std::process::Command;

use super::{FAULTY, OFFER, cli_program, lint, run};

fn script(variables: &[(&str, &str)]) -> (i32, String) {
    let mut command = Command::new("bash");
    command.arg(".github/actions/sdp-lint/lint.sh").current_dir(env!("CARGO_MANIFEST_DIR"));
    for name in ["SDP_LINT_FILES", "SDP_LINT_ARGUMENTS", "SDP_LINT_FAIL_ON", "SDP_LINT_SARIF", "GITHUB_OUTPUT"] {
        command.env_remove(name);
    }
    command.env("RTCSCOPE", env!("CARGO_BIN_EXE_rtcscope")).envs(variables.iter().copied());
    let output = command.output().expect("bash");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_action_annotates_and_writes_sarif() {
    let folder = cli_program::folder("sdp-lint-action");
    let sarif = folder.join("lint.sarif");
    let outputs = folder.join("outputs");
    let (code, out) = script(&[
        ("SDP_LINT_FILES", &format!("{FAULTY} tests/sdp_sample/off*.sdp")),
        ("SDP_LINT_ARGUMENTS", "--no-config --target chrome"),
        ("SDP_LINT_SARIF", sarif.to_str().unwrap()),
        ("GITHUB_OUTPUT", outputs.to_str().unwrap()),
    ]);
    assert_eq!(code, 1);
    assert!(
        out.lines().all(|line| line.starts_with("::error ")
            || line.starts_with("::warning ")
            || line.starts_with("::notice "))
    );
    assert!(
        out.contains(&format!("::error file={FAULTY},line=9,col=11,endColumn=21,title=sdp-ice-pwd-length::")),
        "{out}"
    );
    assert!(out.contains(OFFER), "{out}");
    let log: serde_json::Value = serde_json::from_slice(&std::fs::read(sarif).unwrap()).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), out.lines().count());
    assert_eq!(std::fs::read_to_string(&outputs).unwrap(), "exit-code=1\n");

    assert_eq!(script(&[("SDP_LINT_FILES", FAULTY), ("SDP_LINT_FAIL_ON", "never")]).0, 0);
    assert_eq!(script(&[("SDP_LINT_FILES", "no/*.such")]).0, 2);
    // SARIF that cannot be written is not passed over.
    assert_eq!(script(&[("SDP_LINT_FILES", OFFER), ("SDP_LINT_SARIF", "/no/such/folder/lint.sarif")]).0, 2);
}

#[test]
fn hooks_name_commands_and_options_that_exist() {
    let hooks = std::fs::read_to_string(".pre-commit-hooks.yaml").unwrap();
    let entries: Vec<&str> = hooks.lines().filter_map(|line| line.trim().strip_prefix("entry: ")).collect();
    assert_eq!(entries.len(), hooks.lines().filter(|line| line.starts_with("- id: ")).count());
    let folder = cli_program::folder("sdp-lint-hooks");
    for entry in entries {
        let path = cli_program::file(&folder, "offer.sdp", &std::fs::read(OFFER).unwrap());
        let words: Vec<&str> = entry.split_whitespace().collect();
        let (program, arguments) = words.split_first().unwrap();
        assert_eq!(*program, "rtcscope");
        let ran = run(&[arguments, &[path.as_str()]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{entry}");
    }
    assert_eq!(lint(&["--no-config", FAULTY]).code, 1, "a hook fails on a fault");
}
