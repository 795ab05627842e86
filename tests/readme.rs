//! What the README shows is what the program prints.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![cfg(feature = "cli")]

use std::process::Command;

#[test]
fn the_readme_shows_what_the_program_prints() {
    let readme = include_str!("../README.md");
    for capture in ["fixtures/b-turn-udp-relay.pcap", "fixtures/d-ice-wrong-pwd.pcap"] {
        let output = Command::new(env!("CARGO_BIN_EXE_rtcscope"))
            .args(["analyze", "--width", "118", capture])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("the program runs");
        let printed = String::from_utf8(output.stdout).expect("text");
        assert!(readme.contains(printed.trim_end()), "the README shows something else than this:\n{printed}");
    }
}
