//! The rules by subject, a file each; the table of tables is the only thing that knows them all.

mod address;
mod bandwidth;
mod bytes;
mod connection;
mod fallback;
mod group;
mod line;
mod media;
mod order;
mod origin;
mod session;
mod size;
mod space;
mod timing;
mod version;

use super::rule::SdpRule;

/// The rules of every subject, in the order in which they are listed. Faults of a line go to the first that takes them.
static SUBJECTS: &[&[SdpRule]] = &[
    // Bytes come first: a line that a control byte cuts in two is at fault for that alone.
    bytes::RULES,
    line::RULES,
    space::RULES,
    size::RULES,
    version::RULES,
    origin::RULES,
    session::RULES,
    timing::RULES,
    connection::RULES,
    address::RULES,
    bandwidth::RULES,
    order::RULES,
    media::RULES,
    group::RULES,
    // What nobody took; it stays the last.
    fallback::RULES,
];

/// All rules, in the order in which they are listed.
///
/// ```
/// assert!(rtcscope::lint::rules().all(|rule| rule.rule.name.starts_with("sdp-")));
/// ```
pub fn all() -> impl Iterator<Item = &'static SdpRule> {
    SUBJECTS.iter().copied().flatten()
}

/// The rule of this name, with or without its `sdp-`.
///
/// ```
/// assert_eq!(rtcscope::lint::rule("mid-too-long").map(|rule| rule.rule.name), Some("sdp-mid-too-long"));
/// ```
#[must_use]
pub fn named(name: &str) -> Option<&'static SdpRule> {
    all().find(|rule| rule.rule.name == name || rule.rule.name.strip_prefix("sdp-") == Some(name))
}
