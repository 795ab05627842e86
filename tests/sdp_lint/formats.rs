//! The formats of output.

use serde_json::Value;

use super::{FAULTY, SECRETS, cli_program, lint, refused, run};

const FORMATS: [&str; 4] = ["text", "json", "sarif", "github"];

fn printed(format: &str, path: &str) -> String {
    let ran = lint(&["--no-config", "--format", format, path]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{format}");
    ran.out
}

#[test]
fn each_format_tells_the_same_findings() {
    insta::assert_snapshot!("sdp_lint_text", printed("text", FAULTY).replace('\r', ""));
    insta::assert_snapshot!("sdp_lint_github", printed("github", FAULTY));
    insta::assert_snapshot!("sdp_lint_json", printed("json", FAULTY));
    let rows: Value = serde_json::from_str(&printed("json", FAULTY)).unwrap();
    let rows = rows.as_array().unwrap();
    assert_eq!(printed("github", FAULTY).lines().count(), rows.len());
    let sarif: Value = serde_json::from_str(&printed("sarif", FAULTY)).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), rows.len());
    // Where a rule stands changes with every new one.
    insta::assert_json_snapshot!("sdp_lint_sarif_results", sarif["runs"][0]["results"], { "[].ruleIndex" => "[index]" });
}

#[test]
fn json_is_what_the_schema_says() {
    let validator = jsonschema::validator_for(&rtcscope::report::lint::schema()).unwrap();
    for path in [FAULTY, "tests/sdp_sample", super::CAPTURE] {
        let rows = lint(&["--no-config", "--format", "json", path]).json();
        let errors: Vec<_> = validator.iter_errors(&rows).map(|error| error.to_string()).collect();
        assert!(errors.is_empty() && !rows.as_array().unwrap().is_empty(), "{path}: {errors:#?}");
    }
}

/// A region as SARIF 2.1.0 (section 3.30) has it.
fn is_region(region: &Value) {
    let number = |name: &str| region[name].as_u64().unwrap_or_else(|| panic!("{name} of {region}"));
    let (start, end) = ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
    assert!(start.0 >= 1 && start.1 >= 1 && start <= end, "{region}");
}

#[test]
fn sarif_has_what_the_standard_requires() {
    let log: Value = serde_json::from_str(&printed("sarif", FAULTY)).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("sarif-2.1.0.json"));
    let runs = log["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert_eq!(driver["name"], "rtcscope");
    let rules = driver["rules"].as_array().unwrap();
    let ids: std::collections::BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "no rule stands twice");
    for rule in rules {
        for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"], &rule["help"]["text"]] {
            assert!(text.as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
    }
    for result in runs[0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], FAULTY);
        is_region(&place["region"]);
        for fix in result["fixes"].as_array().into_iter().flatten() {
            for change in fix["artifactChanges"].as_array().unwrap() {
                let replacements = change["replacements"].as_array().unwrap();
                assert!(!replacements.is_empty(), "{fix}");
                replacements.iter().for_each(|one| is_region(&one["deletedRegion"]));
            }
        }
    }
}

#[test]
fn lines_of_a_description_are_none_of_the_file_around_it() {
    let folder = cli_program::folder("sdp-lint-around");
    let sdp = std::fs::read_to_string(FAULTY).unwrap();
    let path = cli_program::file(
        &folder,
        "call.json",
        serde_json::json!({"type": "offer", "sdp": sdp}).to_string().as_bytes(),
    );
    for row in serde_json::from_str::<Value>(&printed("json", &path)).unwrap().as_array().unwrap() {
        assert_eq!(row["description"], "sdp (offer)");
    }
    let log: Value = serde_json::from_str(&printed("sarif", &path)).unwrap();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let location = &result["locations"][0];
        assert!(location["physicalLocation"].get("region").is_none() && result.get("fixes").is_none(), "{result}");
        assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "sdp (offer)");
    }
    let annotations = printed("github", &path);
    assert!(
        !annotations.contains(",line=") && annotations.contains("::sdp (offer), line 9: this password"),
        "{annotations}"
    );
}

#[test]
fn no_format_repeats_a_secret() {
    let folder = cli_program::folder("sdp-lint-secrets");
    let sdp = std::fs::read_to_string(FAULTY).unwrap();
    // The ways in which a line that holds one can be at fault itself.
    let broken = [
        " a=ice-pwd:",
        "a=ICE-PWD:",
        "A=ice-pwd:",
        "a = ice-pwd:",
        "a=ice-pwd :",
        "a=ice-pwd: ",
        "a=ice-pwd=",
        "ice-pwd:",
        "a=ice-pwd:\t",
        "k=",
        "K=",
        "k=base64:",
        "k=prompt:",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 INLINE:",
        "a=crypto:inline:",
    ];
    let mut texts: Vec<String> = broken.iter().map(|line| sdp.replace("a=ice-pwd:", line)).collect();
    texts.push(sdp.replace("\r\n", "\\r\\n"));
    texts.push(sdp.replace("\r\n", " "));
    texts.push(sdp.replace("\r\n", "\r"));
    texts.push(sdp.replace("\r\n", "\n "));
    texts.push(sdp.replace("pW4tch0nly", "pW4tch0nly \u{1b}[1m"));
    for text in texts {
        let path = cli_program::file(&folder, "broken.sdp", text.as_bytes());
        for format in FORMATS {
            for profile in ["webrtc", "sip"] {
                let ran = lint(&["--no-config", "--profile", profile, "--format", format, &path]);
                let told = SECRETS.iter().find(|secret| ran.out.contains(**secret) || ran.err.contains(**secret));
                assert_eq!(told, None, "{format}, {profile}, of {text:?}");
            }
        }
    }
    for format in FORMATS {
        let out = run(&["sdp", "check", "--no-config", "--format", format, FAULTY, super::ANSWER]).out;
        assert!(!SECRETS.iter().any(|secret| out.contains(secret)), "{format}: {out}");
    }
}

#[test]
fn what_is_printed_can_go_to_a_file() {
    let folder = cli_program::folder("sdp-lint-output");
    let path = folder.join("lint.sarif");
    let path = path.to_str().unwrap();
    let ran = lint(&["--no-config", "--format", "sarif", "-o", path, FAULTY]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(std::fs::read_to_string(path).unwrap(), printed("sarif", FAULTY));
    refused(&["--no-config", "-o", FAULTY, FAULTY]);
}
