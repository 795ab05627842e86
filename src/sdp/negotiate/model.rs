//! What was agreed on.

use super::codec::{AgreedCodec, RefusedCodec};
use super::contradiction::Contradiction;
use super::extension::AgreedExtension;
use super::side::Sides;
use super::simulcast::{AgreedRid, AgreedSimulcast};
use super::transport::AgreedTransport;
use crate::sdp::attribute::Direction;
use crate::sdp::value::Bandwidth;

/// What an offer and its answer agree on.
///
/// Made by [`negotiate`](super::negotiate); everything in it borrows from the two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement<'a> {
    /// Each m-line of the offer, and after them those that only the answer has.
    pub media: Vec<AgreedMedia<'a>>,
    /// M-lines past the bounds [`MAX_MEDIA`](super::MAX_MEDIA) and [`MAX_FORMATS`](super::MAX_FORMATS).
    pub media_omitted: usize,
    /// Each transport once, in the order of the m-lines that they belong to.
    pub transports: Vec<AgreedTransport<'a>>,
    /// What in the answer does not fit the offer.
    pub contradictions: Vec<Contradiction>,
}

impl<'a> Agreement<'a> {
    /// The transport that this m-line uses; `None` where it was refused.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// # use rtcscope::sdp::negotiate::negotiate;
    /// let text = b"a=group:BUNDLE 0 1\nm=audio 9 RTP/AVP 0\na=mid:0\nm=audio 9 RTP/AVP 8\na=mid:1\n";
    /// let document = Document::parse(text);
    /// let agreement = negotiate(&document, &document);
    /// assert_eq!(agreement.transport_of(1).map(|transport| transport.owner), Some(0));
    /// ```
    #[must_use]
    pub fn transport_of(&self, index: usize) -> Option<&AgreedTransport<'a>> {
        let owner = self.media.get(index)?.transport?;
        let place = self.transports.binary_search_by_key(&owner, |transport| transport.owner).ok()?;
        self.transports.get(place)
    }
}

/// What was agreed on for one m-line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedMedia<'a> {
    /// Its index, from 0.
    pub index: usize,
    /// Its mid: the offer's, or the answer's where the offer has none.
    pub mid: Option<&'a str>,
    /// `audio`, `video` and the like; empty where neither line makes sense.
    pub kind: &'a str,
    /// The transport protocol, as it was offered; empty where neither line makes sense.
    pub protocol: &'a str,
    /// Whether it can be used.
    pub state: MediaState,
    /// Who sends from now on, as each side sees it; `None` where it was refused, and for data channels.
    pub directions: Option<Sides<Direction>>,
    /// The codecs that both can use, in the order of the answer (RFC 3264, section 6.1: the answerer's preference).
    pub codecs: Vec<AgreedCodec<'a>>,
    /// The codecs that only one side named; all of both where none is in common.
    pub refused_codecs: Vec<RefusedCodec<'a>>,
    /// The formats that both named, where it is not RTP.
    pub formats: Vec<&'a str>,
    /// The header extensions that both named.
    pub extensions: Vec<AgreedExtension<'a>>,
    /// The URIs of the header extensions that were offered and not answered.
    pub refused_extensions: Vec<&'a str>,
    /// Whether RTCP goes over the port of RTP; `None` where it is not RTP.
    pub rtcp_mux: Option<bool>,
    /// Whether RTCP may be of reduced size; `None` where it is not RTP.
    pub rtcp_rsize: Option<bool>,
    /// The SRTP suite that the answer chose where the keys stand in the descriptions (RFC 4568).
    pub crypto_suite: Option<&'a str>,
    /// The index of the m-line whose transport it uses: its own, or that of the first of its bundle; `None` where it was
    /// refused.
    pub transport: Option<usize>,
    /// The rids that one side sends and the other one receives.
    pub rids: Vec<AgreedRid<'a>>,
    /// The streams that are sent at once; `None` where no simulcast was agreed on.
    pub simulcast: Option<AgreedSimulcast<'a>>,
    /// The association of the data channels.
    pub sctp: Option<AgreedSctp>,
    /// The limits that each side names for what it receives.
    pub bandwidths: Sides<Vec<Bandwidth<'a>>>,
}

impl AgreedMedia<'_> {
    /// Whether it can be used.
    #[must_use]
    pub const fn is_agreed(&self) -> bool {
        matches!(self.state, MediaState::Agreed)
    }

    /// Why it was refused, where it was.
    #[must_use]
    pub const fn refusal(&self) -> Option<Refusal> {
        match self.state {
            MediaState::Agreed => None,
            MediaState::Refused(refusal) => Some(refusal),
        }
    }
}

/// Whether an m-line can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaState {
    /// It can.
    Agreed,
    /// It cannot.
    Refused(Refusal),
}

/// Why an m-line cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The offer has stopped it: port 0 (RFC 3264, section 8.2).
    Stopped,
    /// The answer gives port 0 (RFC 3264, section 6).
    PortZero,
    /// The offer wants it only in a bundle, and the answer does not bundle it (RFC 9143, section 7.3.3).
    NotBundled,
    /// The answer has no such m-line.
    Missing,
    /// Only the answer has such an m-line.
    NotOffered,
    /// The answer names another kind of media.
    KindDiffers,
    /// The answer names a protocol that has nothing in common with the offered one.
    ProtocolDiffers,
    /// Both name formats and have none in common.
    NoCommonFormat,
    /// One of the two lines makes no sense.
    Unreadable,
}

impl Refusal {
    /// All, in order.
    pub const ALL: &'static [Self] = &[
        Self::Stopped,
        Self::PortZero,
        Self::NotBundled,
        Self::Missing,
        Self::NotOffered,
        Self::KindDiffers,
        Self::ProtocolDiffers,
        Self::NoCommonFormat,
        Self::Unreadable,
    ];

    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::PortZero => "port-zero",
            Self::NotBundled => "not-bundled",
            Self::Missing => "missing",
            Self::NotOffered => "not-offered",
            Self::KindDiffers => "kind-differs",
            Self::ProtocolDiffers => "protocol-differs",
            Self::NoCommonFormat => "no-common-format",
            Self::Unreadable => "unreadable",
        }
    }
}

/// The association that data channels run over (RFC 8841).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AgreedSctp {
    /// The SCTP port of each side, where it says one.
    pub ports: Sides<Option<u16>>,
    /// The most bytes of a message that each side receives: 65536 where it does not say (RFC 8841, section 6.1); 0 is no limit.
    pub max_message_sizes: Sides<u64>,
}
