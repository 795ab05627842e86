//! The rules by subject, a file each; the table of tables is the only thing that knows them all.

mod attribute;
mod attribute_name;
mod audio;
mod direction;
mod feedback;
mod fmtp;
mod group;
mod h264;
mod line;
mod media;
mod payload_type;
mod protocol;
mod ptime;
mod repair;
mod rtpmap;
mod video;

use super::rule::SdpRule;

/// The rules of every subject, in the order in which they are listed. Faults of a line go to the first that takes them.
static SUBJECTS: &[&[SdpRule]] = &[
    line::RULES,
    group::RULES,
    // The media line, codecs and directions.
    payload_type::RULES,
    media::RULES,
    protocol::RULES,
    rtpmap::RULES,
    fmtp::RULES,
    feedback::RULES,
    audio::RULES,
    h264::RULES,
    video::RULES,
    repair::RULES,
    ptime::RULES,
    direction::RULES,
    // Last: it takes the faults of attributes that no other rule took.
    attribute::RULES,
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
