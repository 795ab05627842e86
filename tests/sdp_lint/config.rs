//! `rtcscope.toml`.

use std::path::PathBuf;

use super::{FAULTY, Ran, cli_program, run_in};

/// A folder with a configuration, and the sample in it and below it.
fn project(name: &str, configuration: &str) -> PathBuf {
    let folder = cli_program::folder(name);
    std::fs::create_dir_all(folder.join("legacy/old")).unwrap();
    let sample = std::fs::read(FAULTY).unwrap();
    cli_program::file(&folder, "offer.sdp", &sample);
    cli_program::file(&folder, "legacy/old/offer.sdp", &sample);
    cli_program::file(&folder, "rtcscope.toml", configuration.as_bytes());
    folder
}

fn lint(folder: &std::path::Path, arguments: &[&str]) -> Ran {
    run_in(folder, &[&["sdp", "lint", "--format", "json"], arguments].concat(), b"")
}

#[test]
fn a_project_says_what_is_looked_for() {
    let folder = project(
        "sdp-lint-config",
        "[sdp]\nselect = [\"mid-*\", \"sdp-ice-pwd-length\"]\nignore = [\"mid-missing\"]\ntargets = [\"chrome\"]\nfail-on = \"never\"\n\
         [sdp.severity]\nsdp-mid-too-long = \"info\"\n\
         [[sdp.files]]\nglob = [\"legacy/**\"]\nignore = [\"ice-pwd-length\"]\nprofile = \"generic\"\n",
    );
    let ran = lint(&folder, &["offer.sdp"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.rules(), ["sdp-ice-pwd-length", "sdp-mid-too-long"]);
    let rows = ran.json();
    assert_eq!((&rows[0]["severity"], &rows[1]["severity"]), (&"error".into(), &"info".into()));
    assert_eq!(rows[0]["targets"], serde_json::json!([{"target": "chrome", "verdict": "rejects"}]));
    // Upwards from the folder of the file, and for some files more.
    assert_eq!(lint(&folder, &["legacy/old/offer.sdp"]).rules(), ["sdp-mid-too-long"]);
    assert_eq!(lint(&folder.join("legacy"), &["old/offer.sdp"]).rules(), ["sdp-mid-too-long"]);

    // What is typed goes over it.
    assert_eq!(lint(&folder, &["--fail-on", "error", "offer.sdp"]).code, 1);
    assert_eq!(lint(&folder, &["--select", "rtcpfb-orphan", "offer.sdp"]).rules(), ["sdp-rtcpfb-orphan"]);
    assert_eq!(lint(&folder, &["--ignore", "mid-too-long", "offer.sdp"]).rules(), ["sdp-ice-pwd-length"]);
    let rows = lint(&folder, &["--target", "firefox", "offer.sdp"]).json();
    assert_eq!(rows[0]["targets"][0]["target"], "firefox");
    assert!(lint(&folder, &["--no-config", "offer.sdp"]).rules().len() > 5);

    cli_program::file(&folder, "other.toml", b"[sdp]\nselect = [\"rtcpfb-*\"]\n");
    assert_eq!(lint(&folder, &["--config", "other.toml", "offer.sdp"]).rules(), ["sdp-rtcpfb-orphan"]);
    assert_eq!(lint(&folder, &["--config", "none.toml", "offer.sdp"]).code, 2);
}

#[test]
fn a_configuration_at_fault_is_told_with_its_place() {
    let cases = [
        ("[sdp]\nselect = [\"ALL\"]\nignore = [\n", "rtcscope.toml:"),
        ("[sdp]\n\nselects = []\n", "rtcscope.toml:3: unknown field `selects`"),
        ("[sdp]\nignore = [\"sdp-mid-to-long\"]\n", "sdp-mid-too-long"),
        ("[sdp.severity]\nmid-too-long = \"fatal\"\n", "expected error, warning or info, found `fatal`"),
        ("[sdp]\nprofile = \"web\"\n", "expected the profile webrtc, sip or generic, found `web`"),
        ("[sdp]\ntargets = [\"opera\"]\n", "found `opera`"),
        ("[sdp]\nfail-on = \"always\"\n", "found `always`"),
        ("[[sdp.files]]\nignore = [\"ALL\"]\n", "`glob`"),
        ("[sdp]\nglob = [\"x\"]\n", "[[sdp.files]]"),
    ];
    for (configuration, said) in cases {
        let folder = project("sdp-lint-config-fault", configuration);
        let ran = lint(&folder, &["offer.sdp"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{configuration}");
        assert!(ran.err.contains(said) && ran.err.contains("rtcscope.toml"), "{}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
}
