//! The kinds of changes, by the names and numbers of libwebrtc's `SdpMungingType`.

use crate::lint::target::{Verdict, Verdicts};

/// What Chrome does with a kind of change, now and as announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlook {
    /// It refuses it.
    Refused,
    /// It is on the list of what is refused first, because hardly anybody does it.
    Soon,
    /// It is taken until there is another way to get the same.
    Later,
    /// libwebrtc does not tell it from other changes, or from none.
    Unseen,
}

macro_rules! kinds {
    ($($variant:ident $number:literal $name:literal $outlook:ident $what:literal;)*) => {
        /// A kind of change. Those that libwebrtc has no number for come last.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(in crate::lint) enum Munging {
            $(#[doc = $what] $variant,)*
        }

        impl Munging {
            /// libwebrtc's name and number for it.
            pub(super) const fn libwebrtc(self) -> (&'static str, u16) {
                match self {
                    $(Self::$variant => ($name, $number),)*
                }
            }

            pub(super) const fn outlook(self) -> Outlook {
                match self {
                    $(Self::$variant => Outlook::$outlook,)*
                }
            }
        }
    };
}

kinds! {
    NumberOfContents 4 "kNumberOfContents" Refused "More or fewer m-lines.";
    IceOptions 20 "kIceOptions" Later "Other ICE options.";
    IcePwd 21 "kIcePwd" Soon "Another ICE password.";
    IceUfrag 22 "kIceUfrag" Later "Another ICE user fragment.";
    IceMode 23 "kIceMode" Soon "ICE lite, or no longer.";
    DtlsSetup 24 "kDtlsSetup" Soon "Another DTLS role.";
    Mid 25 "kMid" Later "Another mid.";
    PayloadTypes 26 "kPayloadTypes" Later "Another payload type of a codec.";
    Ssrcs 27 "kSsrcs" Soon "Other sources.";
    IceOptionsRenomination 28 "kIceOptionsRenomination" Later "The ICE option renomination.";
    Direction 29 "kDirection" Later "Another direction.";
    RtcpMux 30 "kRtcpMux" Later "rtcp-mux, or no longer.";
    IceOptionsTrickle 31 "kIceOptionsTrickle" Later "No ICE option trickle any more.";
    IceCandidateCount 32 "kIceCandidateCount" Later "More or fewer candidates.";
    Bundle 33 "kBundle" Later "Other bundles.";
    Bandwidth 34 "kBandwidth" Later "Other limits of bandwidth.";
    MsidStream 36 "kMsidStream" Later "Another stream of a track.";
    MsidTrack 37 "kMsidTrack" Later "Another name of a track.";
    RtpHeaderExtensionRemoved 40 "kRtpHeaderExtensionRemoved" Later "A header extension less.";
    RtpHeaderExtensionAdded 41 "kRtpHeaderExtensionAdded" Later "A header extension more.";
    RtpHeaderExtensionModified 42 "kRtpHeaderExtensionModified" Later "Another id of a header extension.";
    AudioCodecsRemoved 60 "kAudioCodecsRemoved" Later "An audio codec less.";
    AudioCodecsAdded 61 "kAudioCodecsAdded" Later "An audio codec more.";
    AudioCodecsReordered 62 "kAudioCodecsReordered" Later "Another order of audio codecs.";
    AudioCodecsAddedMultiOpus 63 "kAudioCodecsAddedMultiOpus" Later "The codec multiopus.";
    AudioCodecsAddedL16 64 "kAudioCodecsAddedL16" Soon "The codec L16.";
    AudioCodecsRtcpFbAudioNack 65 "kAudioCodecsRtcpFbAudioNack" Later "NACK for audio.";
    AudioCodecsFmtpOpusFec 66 "kAudioCodecsFmtpOpusFec" Soon "No FEC of Opus any more.";
    AudioCodecsFmtpOpusCbr 67 "kAudioCodecsFmtpOpusCbr" Soon "A constant bit rate of Opus.";
    AudioCodecsFmtpOpusStereo 68 "kAudioCodecsFmtpOpusStereo" Later "Stereo of Opus.";
    AudioCodecsFmtpOpusDtx 69 "kAudioCodecsFmtpOpusDtx" Later "DTX of Opus.";
    AudioCodecsFmtp 70 "kAudioCodecsFmtp" Later "Another parameter of an audio codec.";
    AudioCodecsRtcpFb 71 "kAudioCodecsRtcpFb" Later "Other feedback for audio.";
    AudioCodecsRtcpFbRrtr 72 "kAudioCodecsRtcpFbRrtr" Later "Receiver reference times for audio.";
    AudioCodecsRtcpReducedSize 73 "kAudioCodecsRtcpReducedSize" Soon "rtcp-rsize for audio, or no longer.";
    VideoCodecsRemoved 80 "kVideoCodecsRemoved" Later "A video codec less.";
    VideoCodecsAdded 81 "kVideoCodecsAdded" Later "A video codec more.";
    VideoCodecsReordered 82 "kVideoCodecsReordered" Later "Another order of video codecs.";
    VideoCodecsLegacySimulcast 83 "kVideoCodecsLegacySimulcast" Later "Simulcast by a=ssrc-group:SIM.";
    VideoCodecsFmtpH264SpsPpsIdrInKeyframe 84 "kVideoCodecsFmtpH264SpsPpsIdrInKeyframe" Later "Parameter sets in each key frame.";
    VideoCodecsFmtp 85 "kVideoCodecsFmtp" Later "Another parameter of a video codec.";
    VideoCodecsRtcpFb 86 "kVideoCodecsRtcpFb" Later "Other feedback for video.";
    VideoCodecsAddedWithRawPacketization 87 "kVideoCodecsAddedWithRawPacketization" Later "A codec in raw packets more.";
    VideoCodecsModifiedWithRawPacketization 88 "kVideoCodecsModifiedWithRawPacketization" Soon "Raw packets, or no longer.";
    VideoCodecsRtcpReducedSize 89 "kVideoCodecsRtcpReducedSize" Later "rtcp-rsize for video, or no longer.";
    DataChannelSctpInit 100 "kDataChannelSctpInit" Refused "Another SCTP handshake in the description.";
    DataChannelMaxMessageSize 101 "kDataChannelMaxMessageSize" Later "Another size of messages.";
    DataChannelSctpPort 102 "kDataChannelSctpPort" Later "Another SCTP port.";
    UnknownModification 1 "kUnknownModification" Later "Anything else.";
    Fingerprint 0 "" Refused "Another certificate: Chrome refuses it before it counts anything.";
    Dropped 0 "" Unseen "Something that browsers drop when they read it.";
}

impl Munging {
    /// What the message says of libwebrtc and Chrome.
    pub(super) fn note(self) -> String {
        let (name, number) = self.libwebrtc();
        let name = if name.is_empty() { String::new() } else { format!("; libwebrtc counts it as {name} ({number})") };
        let outlook = match self.outlook() {
            Outlook::Refused => "; Chrome refuses it",
            Outlook::Soon => ", one of those that Chrome means to refuse first",
            Outlook::Later => "",
            Outlook::Unseen => "; browsers drop it when they read it",
        };
        format!("{name}{outlook}")
    }

    /// What the targets do with it: Chrome and Firefox as they were seen to, the RFC as it says.
    pub(super) const fn verdicts(self) -> Verdicts {
        let base = Verdicts::NOT_KNOWN.rfc(Verdict::Rejects);
        let both = base.chrome(Verdict::Accepts).firefox(Verdict::Accepts);
        match self {
            Self::NumberOfContents | Self::RtcpMux => base.chrome(Verdict::Rejects).firefox(Verdict::Rejects),
            Self::DataChannelSctpInit => base.chrome(Verdict::Rejects),
            Self::Fingerprint => base.chrome(Verdict::Rejects).firefox(Verdict::Accepts),
            Self::Mid | Self::IceCandidateCount => both.firefox(Verdict::Rejects),
            Self::VideoCodecsAddedWithRawPacketization | Self::VideoCodecsModifiedWithRawPacketization => {
                both.firefox(Verdict::IgnoresSilently)
            }
            Self::Dropped => both.chrome(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
            Self::IceUfrag
            | Self::IcePwd
            | Self::IceOptions
            | Self::IceOptionsTrickle
            | Self::DtlsSetup
            | Self::Direction
            | Self::PayloadTypes
            | Self::Ssrcs
            | Self::Bundle
            | Self::Bandwidth
            | Self::RtpHeaderExtensionRemoved
            | Self::RtpHeaderExtensionAdded
            | Self::AudioCodecsRemoved
            | Self::AudioCodecsAdded
            | Self::VideoCodecsRemoved
            | Self::VideoCodecsAdded
            | Self::AudioCodecsFmtpOpusDtx
            | Self::AudioCodecsRtcpFbAudioNack
            | Self::VideoCodecsFmtpH264SpsPpsIdrInKeyframe => both,
            _ => base.chrome(Verdict::Accepts),
        }
    }
}
