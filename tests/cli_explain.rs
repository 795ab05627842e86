//! `rtcscope explain` as a whole: the list, every page, and names that are none.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod cli_program;

use cli_program::{run, stderr, stdout};

#[test]
fn the_list_names_every_rule_and_every_rule_has_its_page() {
    let output = run(&["explain"]);
    assert!(output.status.success());
    let list = stdout(&output);
    let mut rules = 0;
    for rule in rtcscope::diagnose::rules() {
        rules += 1;
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(rule.name)), "{}", rule.name);
        let output = run(&["explain", "--width", "80", rule.name]);
        let page = stdout(&output);
        assert!(output.status.success() && page.starts_with(rule.name), "{page}");
        for part in ["What it means", "Why it matters", "What to do", "Where it is written"] {
            assert!(page.contains(part), "{page}");
        }
        assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    }
    assert!(rules > 10);
}

#[test]
fn a_name_that_is_none_finds_the_nearest() {
    let rule = rtcscope::diagnose::rules().next().unwrap().name;
    let mut slip = rule.to_owned();
    slip.remove(rule.len() / 2);
    let output = run(&["explain", &slip]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert!(stderr(&output).contains(&format!("is it {rule}?")), "{}", stderr(&output));
    let output = run(&["explain", "xyzzy"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`rtcscope explain` lists them"));
}
