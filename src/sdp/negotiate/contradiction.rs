//! What in an answer does not fit its offer.

/// Something that the answer must not say after this offer, or that the two say differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Contradiction {
    /// The index of the m-line; `None` where it is about the whole description.
    pub media: Option<usize>,
    /// What does not fit.
    pub kind: ContradictionKind,
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ContradictionKind {
    /// The answer has another number of m-lines than the offer (RFC 3264, section 6).
    MediaCount,
    /// The answer names another transport protocol than the offer (RFC 3264, section 6.1).
    ProtocolDiffers,
    /// The answer gives the m-line another mid (RFC 5888, section 9.1).
    MidDiffers,
    /// The answer accepts an m-line that the offer has stopped (RFC 3264, section 6).
    StoppedAccepted,
    /// The answer sends what the offer does not want, or wants what the offer does not send (RFC 3264, section 6.1).
    DirectionBeyondOffer,
    /// The answer has a header extension that was not offered (RFC 8285, section 6).
    ExtensionNotOffered,
    /// The answer gives a header extension another id, though the offered one can be used (RFC 8285, section 6).
    ExtensionIdDiffers,
    /// The answer multiplexes RTCP, which was not offered (RFC 5761, section 5.1.1).
    RtcpMuxNotOffered,
    /// The offer multiplexes RTCP in any case, and the answer does not (RFC 8858, section 4.2.2).
    RtcpMuxRefused,
    /// The `setup` values of the two do not make one client and one server (RFC 4145, section 4.1).
    SetupConflict,
    /// One of the two has a fingerprint and the other one has none.
    FingerprintMissing,
    /// One of the two has ICE credentials and the other one has none.
    IceCredentialsMissing,
    /// The answer says that the offered candidates do not fit the offered destination (RFC 8839, section 5.3).
    IceMismatch,
    /// The answer bundles an m-line that the offer did not bundle (RFC 9143, section 7.3).
    BundleNotOffered,
    /// The answer says `bundle-only`, which only an offer may say (RFC 9143, section 6).
    BundleOnlyAnswered,
    /// The answer names a rid that was not offered in that direction (RFC 8851, section 6.2).
    RidNotOffered,
}

impl ContradictionKind {
    /// All, in order.
    pub const ALL: &'static [Self] = &[
        Self::MediaCount,
        Self::ProtocolDiffers,
        Self::MidDiffers,
        Self::StoppedAccepted,
        Self::DirectionBeyondOffer,
        Self::ExtensionNotOffered,
        Self::ExtensionIdDiffers,
        Self::RtcpMuxNotOffered,
        Self::RtcpMuxRefused,
        Self::SetupConflict,
        Self::FingerprintMissing,
        Self::IceCredentialsMissing,
        Self::IceMismatch,
        Self::BundleNotOffered,
        Self::BundleOnlyAnswered,
        Self::RidNotOffered,
    ];

    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MediaCount => "media-count",
            Self::ProtocolDiffers => "protocol-differs",
            Self::MidDiffers => "mid-differs",
            Self::StoppedAccepted => "stopped-accepted",
            Self::DirectionBeyondOffer => "direction-beyond-offer",
            Self::ExtensionNotOffered => "extension-not-offered",
            Self::ExtensionIdDiffers => "extension-id-differs",
            Self::RtcpMuxNotOffered => "rtcp-mux-not-offered",
            Self::RtcpMuxRefused => "rtcp-mux-refused",
            Self::SetupConflict => "setup-conflict",
            Self::FingerprintMissing => "fingerprint-missing",
            Self::IceCredentialsMissing => "ice-credentials-missing",
            Self::IceMismatch => "ice-mismatch",
            Self::BundleNotOffered => "bundle-not-offered",
            Self::BundleOnlyAnswered => "bundle-only-answered",
            Self::RidNotOffered => "rid-not-offered",
        }
    }
}

/// Collects what does not fit, each once for an m-line.
#[derive(Debug, Default)]
pub(super) struct Contradictions(pub(super) Vec<Contradiction>);

impl Contradictions {
    pub(super) fn add(&mut self, media: Option<usize>, kind: ContradictionKind) {
        // Those of one m-line come together and are few kinds, so looking back is cheap.
        let told = self.0.iter().rev().take_while(|other| other.media == media).any(|other| other.kind == kind);
        if !told {
            self.0.push(Contradiction { media, kind });
        }
    }
}
