//! What was changed before it was set: codecs, their parameters and their feedback.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::example::Example;
use crate::lint::finding::Text;
use crate::lint::munging::Munging;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};

const TAKEN: Verdicts = Verdicts::NOT_KNOWN.chrome(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-munge-codecs",
            severity: Severity::Warning,
            summary: "Codecs were changed before the description was set",
            what: "The description that is set has codecs more or less than the one that was created, or in another order, or simulcast by a=ssrc-group:SIM.",
            why: "Chrome still takes it and means to refuse every local change in the end (field trial WebRTC-NoSdpMangleReject); the standard refuses it now.",
            advice: "Use transceiver.setCodecPreferences(), and sendEncodings for simulcast.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("«m=audio 9 UDP/TLS/RTP/SAVPF 0»").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 0 8"),
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF «8» 0").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 0 8"),
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0 «97»\na=rtpmap:97 L16/48000").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 0"),
        ],
        valid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0 8").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 0 8"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::AudioCodecsRemoved, Munging::AudioCodecsAdded, Munging::AudioCodecsReordered, Munging::AudioCodecsAddedMultiOpus, Munging::AudioCodecsAddedL16, Munging::VideoCodecsRemoved, Munging::VideoCodecsAdded, Munging::VideoCodecsReordered, Munging::VideoCodecsLegacySimulcast], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-opus-fmtp",
            severity: Severity::Warning,
            summary: "Parameters of an audio codec were changed before the description was set",
            what: "a=fmtp of an audio codec is not what was created: stereo, DTX, FEC or a constant bit rate of Opus, or another one.",
            why: "What a local description says about receiving is for the other side; that Chrome encodes by it is an accident. Without FEC and with a constant bit rate it is among the changes that Chrome means to refuse first.",
            advice: "Change the copy that is sent to the other side, or the description that comes from there: it is the receiver that says these.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.chrome(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\n«a=fmtp:111 minptime=10;useinbandfec=1;stereo=1»").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1"),
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\n«a=fmtp:111 minptime=10»").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1"),
        ],
        valid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 useinbandfec=1; minptime=10").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::AudioCodecsFmtpOpusFec, Munging::AudioCodecsFmtpOpusCbr, Munging::AudioCodecsFmtpOpusStereo, Munging::AudioCodecsFmtpOpusDtx, Munging::AudioCodecsFmtp], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-h264-sps-pps-idr",
            severity: Severity::Warning,
            summary: "Parameter sets in each key frame were asked for before the description was set",
            what: "sps-pps-idr-in-keyframe=1 was put into a=fmtp of H.264.",
            why: "It is a parameter of libwebrtc alone. Chrome still takes it and means to refuse every local change in the end (field trial WebRTC-NoSdpMangleReject); the standard refuses it now.",
            advice: "Send parameter sets from the server where its readers need them, or ask for key frames.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\n«a=fmtp:96 packetization-mode=1;sps-pps-idr-in-keyframe=1»").beside(Text::Created, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1"),
        ],
        valid: &[
            Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1").beside(Text::Created, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::VideoCodecsFmtpH264SpsPpsIdrInKeyframe], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-video-fmtp",
            severity: Severity::Warning,
            summary: "Parameters of a video codec were changed before the description was set",
            what: "a=fmtp of a video codec is not what was created: a profile, a level, a bit rate of libwebrtc (x-google-…), or another one.",
            why: "Profiles say which codec it is, so that the browser may agree on one that it cannot decode. Chrome still takes it and means to refuse every local change in the end (field trial WebRTC-NoSdpMangleReject); the standard refuses it now.",
            advice: "Choose the profile with setCodecPreferences(), and bit rates with setParameters().",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.chrome(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\n«a=fmtp:96 packetization-mode=1;x-google-max-bitrate=800»").beside(Text::Created, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1"),
        ],
        valid: &[
            Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1").beside(Text::Created, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::VideoCodecsFmtp], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-rtcp-fb",
            severity: Severity::Warning,
            summary: "Feedback was changed before the description was set",
            what: "a=rtcp-fb of the description that is set is not what was created: NACK or receiver reference times for audio, or another kind.",
            why: "There is no other way yet to get NACK for audio, so that Chrome still takes it; the standard refuses it now.",
            advice: "Change the copy that is sent to the other side where only that one must know.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\n«a=rtcp-fb:111 nack»").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\n"),
            Example::media("«m=video 9 UDP/TLS/RTP/SAVPF 96»\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack pli").beside(Text::Created, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 goog-remb\na=rtcp-fb:96 nack pli"),
        ],
        valid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=rtcp-fb:111 nack").beside(Text::Created, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=rtcp-fb:111 nack"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::AudioCodecsRtcpFbAudioNack, Munging::AudioCodecsRtcpFb, Munging::AudioCodecsRtcpFbRrtr, Munging::VideoCodecsRtcpFb], found)),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-munge-raw-packetization",
            severity: Severity::Warning,
            summary: "Raw packets were asked for before the description was set",
            what: "a=packetization:… raw was put in or taken out.",
            why: "It is an attribute of libwebrtc alone, which sends the codec's data as it is. Firefox drops the line.",
            advice: "Use encoded transforms or a data channel for data of one's own.",
            source: "RFC 9429, section 5.4; libwebrtc, sdp_munging_detector.cc",
        },
        profiles: &[],
        verdicts: TAKEN.firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\n«a=packetization:96 raw»").beside(Text::Created, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\n"),
        ],
        valid: &[
            Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=packetization:96 raw").beside(Text::Created, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=packetization:96 raw"),
        ],
        check: Check::Munged(|munged, found| munged.changes.report(&[Munging::VideoCodecsAddedWithRawPacketization, Munging::VideoCodecsModifiedWithRawPacketization], found)),
    },
];
