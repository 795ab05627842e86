//! The rules by subject, a file each; the table of tables is the only thing that knows them all.

mod bundle;
mod bundle_sharing;
mod data;
mod extension;
mod extmap;
mod group;
mod line;
mod media;
mod mid;
mod msid;
mod rid;
mod simulcast;
mod source;
mod source_filter;
mod source_group;

use super::rule::SdpRule;

/// The rules of every subject, in the order in which they are listed. Faults of a line go to the first that takes them.
static SUBJECTS: &[&[SdpRule]] = &[
    line::RULES,
    media::RULES,
    mid::RULES,
    group::RULES,
    bundle::RULES,
    bundle_sharing::RULES,
    source::RULES,
    source_group::RULES,
    msid::RULES,
    extmap::RULES,
    extension::RULES,
    rid::RULES,
    simulcast::RULES,
    data::RULES,
    source_filter::RULES,
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
