//! `--fix`: files that are mended.

use super::{FAULTY, SECRETS, cli_program, lint, run_with};

/// What the sample becomes: the five faults of it that can be mended surely are gone, and nothing else.
fn mended() -> String {
    let gone = ["a=rtcp-fb:96 nack\r\n", "k=clear:k3yInTheClear\r\n"];
    let text = std::fs::read_to_string(FAULTY).unwrap().replace("SAVPF 111 0 \r\n", "SAVPF 111 0\r\n");
    let text = gone.iter().fold(text, |text, line| text.replace(line, ""));
    text.split_inclusive('\n').filter(|line| !line.starts_with("a=crypto:")).collect()
}

#[test]
fn a_file_is_mended_and_other_bytes_stay() {
    let folder = cli_program::folder("sdp-lint-fix");
    let path = cli_program::file(&folder, "offer.sdp", &std::fs::read(FAULTY).unwrap());
    let ran = lint(&["--no-config", "--fix", &path]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), mended());
    assert!(ran.out.contains("fixes applied") && ran.out.contains("sdp-mid-too-long"), "{}", ran.out);
    assert!(!ran.out.contains("sdp-rtcpfb-orphan"), "{}", ran.out);

    let again = lint(&["--no-config", "--fix", &path]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), mended());
    assert!(!again.out.contains("applied"), "{}", again.out);

    lint(&["--no-config", "--fix", "--unsafe-fixes", &path]);
    let guessed = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        guessed,
        mended().replace("a=group:BUNDLE 01234567890123456 video\r\n", "a=group:BUNDLE 01234567890123456\r\n")
    );
}

#[test]
fn the_difference_is_shown_and_nothing_written() {
    let folder = cli_program::folder("sdp-lint-diff");
    let before = std::fs::read(FAULTY).unwrap();
    let path = cli_program::file(&folder, "offer.sdp", &before);
    let ran = lint(&["--no-config", "--fix", "--diff", &path]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let shown = ran.out.replace('\r', "").replace(path.trim_start_matches('/'), "offer.sdp");
    insta::assert_snapshot!("sdp_lint_diff", shown);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    // A difference is one whatever the format.
    assert_eq!(lint(&["--no-config", "--fix", "--diff", "--format", "json", &path]).out, ran.out);

    let path = cli_program::file(&folder, "offer.sdp", mended().as_bytes());
    let ran = lint(&["--no-config", "--fix", "--diff", &path]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
}

#[test]
fn standard_input_is_mended_to_standard_output() {
    let before = std::fs::read(FAULTY).unwrap();
    for format in ["text", "json", "sarif", "github"] {
        let ran = run_with(&["sdp", "lint", "--no-config", "--fix", "--format", format, "-"], &before);
        assert_eq!((ran.code, ran.out, ran.err.as_str()), (1, mended(), ""), "{format}");
    }
}

#[test]
fn json_around_a_description_stays() {
    let folder = cli_program::folder("sdp-lint-fix-json");
    // As some libraries write JSON: slashes escaped, and the line breaks by their numbers.
    let escaped = |sdp: &str| {
        let literal = serde_json::to_string(sdp).unwrap();
        literal.replace('/', "\\/").replace("\\r\\n", "\\u000d\\n")
    };
    let around = |sdp: &str| format!("{{\n\t\"room\" : 7, \"sdp\":{sdp},\"type\": \"offer\" }}\n\n");
    let before = std::fs::read_to_string(FAULTY).unwrap();
    let path = cli_program::file(&folder, "offer.json", around(&escaped(&before)).as_bytes());
    let ran = lint(&["--no-config", "--fix", &path]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let after = std::fs::read_to_string(&path).unwrap();
    assert_eq!(after, around(&serde_json::to_string(&mended()).unwrap()));
    assert!(!SECRETS.iter().any(|secret| ran.out.contains(secret)));
}

#[test]
fn a_description_amid_a_string_is_left_alone() {
    let folder = cli_program::folder("sdp-lint-fix-framed");
    let before = format!("type: offer, sdp: {}", std::fs::read_to_string(FAULTY).unwrap());
    let before = serde_json::json!({ "value": before }).to_string();
    let path = cli_program::file(&folder, "log.json", before.as_bytes());
    let ran = lint(&["--no-config", "--fix", &path]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert!(ran.err.contains("cannot be changed in place"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
}
