//! When two formats are the same codec.

use crate::sdp::codec::{Codec, H264Profile, ProfileLevelId};
use crate::sdp::list::Parameters;

/// Parameters that make another codec of the same name: with other values of these the two cannot be used together. The
/// default is what holds where the parameter is not named; empty where there is none.
const DISTINGUISHING: &[(&str, &[(&str, &str)])] = &[
    // RFC 6184, section 8.2.2; the profile is compared apart, because several numbers mean the same one.
    ("H264", &[("packetization-mode", "0")]),
    // RFC 7798, section 7.2.2.
    ("H265", &[("profile-space", "0"), ("profile-id", "1"), ("tier-flag", "0"), ("tx-mode", "SRST")]),
    // RFC 9628, section 6.
    ("VP9", &[("profile-id", "0")]),
    // RTP Payload Format for AV1, section 7.2.3.
    ("AV1", &[("profile", "0")]),
    ("AV1X", &[("profile", "0")]),
    // RFC 4867, section 8.3.1.
    ("AMR", &[("octet-align", "0"), ("crc", "0"), ("robust-sorting", "0"), ("interleaving", "")]),
    ("AMR-WB", &[("octet-align", "0"), ("crc", "0"), ("robust-sorting", "0"), ("interleaving", "")]),
    // RFC 5577, section 4.2.1.
    ("G7221", &[("bitrate", "")]),
    // RFC 3640, section 4.1.
    ("mpeg4-generic", &[("mode", ""), ("streamtype", "")]),
    // libwebrtc's Opus with more than two channels.
    ("multiopus", &[("num_streams", ""), ("coupled_streams", ""), ("channel_mapping", "")]),
];

/// The parameters of a format; none where it has no `fmtp`.
pub(super) fn parameters<'a>(codec: &Codec<'_, 'a>) -> Parameters<'a> {
    codec.fmtp.map_or(Parameters(""), |fmtp| fmtp.parameters)
}

/// Whether both have a name, and the same one with the same clock and channels.
pub(super) fn same_name(one: &Codec<'_, '_>, other: &Codec<'_, '_>) -> bool {
    let (Some(one), Some(other)) = (one.rtpmap, other.rtpmap) else { return false };
    one.is(other.encoding)
        && one.clock_rate == other.clock_rate
        && one.channels.unwrap_or(1) == other.channels.unwrap_or(1)
}

/// Whether the two are the same codec, whatever their numbers. A format that one side does not explain is what the other
/// side says of the same number (RFC 3264, section 6.1).
pub(super) fn same_codec(one: &Codec<'_, '_>, other: &Codec<'_, '_>) -> bool {
    if one.rtpmap.is_none() || other.rtpmap.is_none() {
        return one.payload_type == other.payload_type;
    }
    same_name(one, other) && same_parameters(one, other)
}

fn same_parameters(one: &Codec<'_, '_>, other: &Codec<'_, '_>) -> bool {
    let (own, others) = (parameters(one), parameters(other));
    let known = DISTINGUISHING.iter().find(|(name, _)| one.is(name));
    let same = known.is_none_or(|(_, list)| {
        list.iter().all(|(name, default)| {
            own.value(name).unwrap_or(default).eq_ignore_ascii_case(others.value(name).unwrap_or(default))
        })
    });
    same && (!one.is("H264") || same_profile(own, others))
}

/// Whether two `profile-level-id`s mean the same profile; the level is each receiver's own affair.
fn same_profile(one: Parameters<'_>, other: Parameters<'_>) -> bool {
    let said = |parameters: Parameters<'_>| parameters.value("profile-level-id").map(str::to_ascii_lowercase);
    let read = |text: &str| {
        let profile = ProfileLevelId::parse(text).map(ProfileLevelId::profile);
        profile.filter(|profile| *profile != H264Profile::Unknown)
    };
    match (said(one), said(other)) {
        (None, None) => true,
        // Not said it is Baseline (RFC 6184, section 8.1), and browsers answer that with Constrained Baseline.
        (None, Some(text)) | (Some(text), None) => {
            matches!(read(&text), Some(H264Profile::Baseline | H264Profile::ConstrainedBaseline))
        }
        (Some(one), Some(other)) => one == other || read(&one).is_some_and(|profile| read(&other) == Some(profile)),
    }
}

#[cfg(test)]
mod tests {
    use crate::sdp::Document;

    fn same(one: &str, other: &str) -> bool {
        let text = |codec: &str| {
            let (name, parameters) = codec.split_once(' ').unwrap_or((codec, ""));
            let fmtp = if parameters.is_empty() { String::new() } else { format!("a=fmtp:96 {parameters}\n") };
            format!("m=video 9 RTP/AVP 96\na=rtpmap:96 {name}\n{fmtp}")
        };
        let (one, other) = (text(one), text(other));
        let (one, other) = (Document::parse(one.as_bytes()), Document::parse(other.as_bytes()));
        let (one, other) = (one.media_section(0).unwrap().codecs(), other.media_section(0).unwrap().codecs());
        super::same_codec(&one[0], &other[0])
    }

    #[test]
    fn name_clock_and_channels_make_a_codec() {
        assert!(same("opus/48000/2", "OPUS/48000/2"));
        assert!(!same("opus/48000/2", "opus/48000"));
        assert!(same("PCMU/8000/1", "PCMU/8000"));
        assert!(!same("telephone-event/8000", "telephone-event/48000"));
        assert!(same("telephone-event/8000 0-15", "telephone-event/8000 0-16"));
    }

    #[test]
    fn profiles_and_packetization_make_another_codec_and_levels_do_not() {
        let h264 = |id: &str, mode: u8| format!("H264/90000 profile-level-id={id};packetization-mode={mode}");
        assert!(same(&h264("42e01f", 1), &h264("42E034", 1)));
        assert!(same(&h264("42e01f", 1), &h264("4d801f", 1)), "two ways to say Constrained Baseline");
        assert!(!same(&h264("42e01f", 1), &h264("42e01f", 0)));
        assert!(!same(&h264("42001f", 1), &h264("42e01f", 1)));
        assert!(same("H264/90000", "H264/90000 profile-level-id=42000a"), "Baseline is the default");
        assert!(same("H264/90000", "H264/90000 profile-level-id=42e01f"), "browsers answer so");
        assert!(!same("H264/90000", "H264/90000 profile-level-id=640c1f"));
        assert!(same("VP9/90000", "VP9/90000 profile-id=0") && !same("VP9/90000", "VP9/90000 profile-id=2"));
        assert!(same("AV1/90000 level-idx=5;profile=0;tier=0", "AV1/90000 level-idx=8"));
        assert!(!same("AV1/90000", "AV1/90000 profile=1"));
        assert!(!same("AMR/8000", "AMR/8000 octet-align=1") && same("AMR/8000", "AMR/8000 octet-align=0;max-red=0"));
    }
}
