//! The rules by subject, a file each; the table of tables is the only thing that knows them all.

mod address;
mod attribute;
mod attribute_name;
mod audio;
mod bandwidth;
mod bundle;
mod bundle_sharing;
mod bundled_transport;
mod bytes;
mod candidate;
mod candidate_address;
mod candidate_priority;
mod candidate_transport;
mod certificate;
mod connection;
mod crypto;
mod data;
mod direction;
mod extension;
mod extmap;
mod fallback;
mod feedback;
mod fingerprint;
mod fmtp;
mod group;
mod h264;
mod ice;
mod ice_agent;
mod keying;
mod line;
mod media;
mod mid;
mod msid;
mod munge_media;
mod munge_section;
mod munge_transport;
mod order;
mod origin;
mod pair_bundle;
mod pair_codec;
mod pair_extension;
mod pair_media;
mod pair_parameter;
mod pair_security;
mod pair_session;
mod pair_simulcast;
mod pair_transport;
mod payload_type;
mod protocol;
mod ptime;
mod repair;
mod rid;
mod round_group;
mod round_media;
mod round_origin;
mod round_transport;
mod rtcp;
mod rtpmap;
mod session;
mod setup;
mod simulcast;
mod size;
mod source;
mod source_filter;
mod source_group;
mod space;
mod timing;
mod trickle;
mod version;
mod video;

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
    ice::RULES,
    ice_agent::RULES,
    candidate::RULES,
    candidate_transport::RULES,
    candidate_address::RULES,
    candidate_priority::RULES,
    bundled_transport::RULES,
    fingerprint::RULES,
    certificate::RULES,
    setup::RULES,
    crypto::RULES,
    keying::RULES,
    rtcp::RULES,
    group::RULES,
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
    mid::RULES,
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
    // The faults of attributes that no rule about one took, and then what nobody took.
    attribute::RULES,
    fallback::RULES,
    // Of several descriptions that belong together.
    pair_media::RULES,
    pair_session::RULES,
    pair_bundle::RULES,
    pair_codec::RULES,
    pair_parameter::RULES,
    pair_extension::RULES,
    pair_transport::RULES,
    pair_security::RULES,
    pair_simulcast::RULES,
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
