//! What a description is for: the party whose rules it must follow.

use std::fmt;

use crate::sdp::{Candidate, Document, Fingerprint, IceUfrag, Key, RtcpFb};

/// A family of users of SDP with rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// Browsers and what talks to them (RFC 9429): ICE, DTLS-SRTP, BUNDLE.
    Webrtc,
    /// Telephony: offers and answers inside SIP (RFC 3264, RFC 6337).
    Sip,
    /// Anything else that is written as RFC 8866 says.
    Generic,
}

impl Profile {
    /// All, in order.
    pub const ALL: &'static [Self] = &[Self::Webrtc, Self::Sip, Self::Generic];

    /// The word on the command line and in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Webrtc => "webrtc",
            Self::Sip => "sip",
            Self::Generic => "generic",
        }
    }

    /// The profile of this name.
    ///
    /// ```
    /// # use rtcscope::lint::Profile;
    /// assert_eq!(Profile::from_name("sip"), Some(Profile::Sip));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|profile| profile.name() == name)
    }

    /// What the description looks like, and by which sign.
    ///
    /// WebRTC shows itself by DTLS, by ICE credentials with a fingerprint and by data channels; telephony by RTP to an
    /// address of one host. A description that shows neither is [`Profile::Generic`].
    ///
    /// ```
    /// # use rtcscope::lint::Profile;
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 UDP/TLS/RTP/SAVPF 111\n");
    /// let detected = Profile::detect(&document);
    /// assert_eq!((detected.profile, detected.sign), (Profile::Webrtc, "UDP/TLS/RTP/SAVPF"));
    /// ```
    #[must_use]
    pub fn detect(document: &Document<'_>) -> Detection {
        let found = |profile, sign| Detection { profile, sign };
        for section in document.media() {
            let Some(media) = section.media() else { continue };
            let known = ["UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF", "UDP/DTLS/SCTP", "TCP/DTLS/SCTP", "DTLS/SCTP"];
            if let Some(sign) = known.iter().find(|sign| media.protocol.eq_ignore_ascii_case(sign)) {
                return found(Self::Webrtc, sign);
            }
        }
        let any = |key: Key| document.sections().any(|section| section.has(key));
        let fingerprint = any(Key::Fingerprint) && document.sections().any(|s| s.value::<Fingerprint<'_>>().is_some());
        let fragment = document.sections().any(|section| section.value::<IceUfrag<'_>>().is_some());
        if fingerprint && (fragment || any(Key::IceUfrag)) {
            return found(Self::Webrtc, "a=fingerprint with a=ice-ufrag");
        }
        if fingerprint && any(Key::RtcpMux) && any(Key::Mid) {
            return found(Self::Webrtc, "a=fingerprint with a=rtcp-mux and a=mid");
        }
        let group = document.groups("BUNDLE").next().is_some();
        if group && (fragment || any(Key::RtcpMux)) {
            return found(Self::Webrtc, "a=group:BUNDLE");
        }
        let msid = any(Key::MsidSemantic) || any(Key::Msid);
        if msid {
            return found(Self::Webrtc, "a=msid");
        }
        let telephony = document.media().any(|section| {
            let protocol = section.media().map_or("", |media| media.protocol);
            let rtp = ["RTP/AVP", "RTP/SAVP", "RTP/AVPF", "RTP/SAVPF"];
            let multicast = section.connection().is_some_and(|connection| connection.ttl.is_some());
            rtp.contains(&protocol) && !multicast
        });
        let professional = any(Key::TimestampReference) || any(Key::MediaClock) || any(Key::Control);
        let feedback = document.sections().any(|section| section.value::<RtcpFb<'_>>().is_some());
        let candidates = document.sections().any(|section| section.value::<Candidate<'_>>().is_some());
        if telephony && !professional {
            let sign = if candidates || feedback { "RTP to one host with ICE or feedback" } else { "RTP to one host" };
            return found(Self::Sip, sign);
        }
        found(Self::Generic, "neither WebRTC nor telephony")
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a description looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detection {
    /// The profile.
    pub profile: Profile,
    /// What it was recognised by.
    pub sign: &'static str,
}
