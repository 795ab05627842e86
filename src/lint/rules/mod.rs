//! The rules by subject, a file each; the table of tables is the only thing that knows them all.

mod group;
mod line;
mod media;
mod munge_media;
mod munge_section;
mod munge_transport;
mod round_group;
mod round_media;
mod round_origin;
mod round_transport;
mod trickle;

use super::rule::SdpRule;

/// The rules of every subject, in the order in which they are listed. Faults of a line go to the first that takes them.
static SUBJECTS: &[&[SdpRule]] = &[
    line::RULES,
    media::RULES,
    group::RULES,
    round_origin::RULES,
    round_media::RULES,
    round_transport::RULES,
    round_group::RULES,
    trickle::RULES,
    munge_transport::RULES,
    munge_section::RULES,
    munge_media::RULES,
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
