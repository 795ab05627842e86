//! The library example of the README is the one that `src/sdp/mod.rs` runs as a doctest.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[test]
fn the_readme_shows_the_example_that_is_tested() {
    let readme = include_str!("../README.md");
    let tested = include_str!("../src/sdp/mod.rs");
    let example = readme.split("```rust\n").find(|part| part.contains("fn munge")).expect("the example");
    let example = example.split("```").next().unwrap();
    for line in example.lines().filter(|line| !line.is_empty()) {
        assert!(tested.contains(&format!("//! {line}\n")), "{line}");
    }
}
