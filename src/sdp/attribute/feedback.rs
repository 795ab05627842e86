//! `a=rtcp-fb`: which RTCP feedback is understood (RFC 4585, section 4.2, and its successors).

use std::fmt;

use crate::sdp::grammar::{Parsed, next_word, spaces, whole_number};

/// Feedback that may be sent for a payload type.
///
/// ```
/// # use rtcscope::sdp::{Feedback, RtcpFb, Typed};
/// let feedback = RtcpFb { payload_type: Some(96), feedback: Feedback::NackPli };
/// assert_eq!(RtcpFb::parse_value("96 nack pli"), Ok(feedback));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct RtcpFb<'a> {
    /// The payload type, 0 to 127; `None` for `*`, all of them.
    pub payload_type: Option<u8>,
    /// The feedback.
    pub feedback: Feedback<'a>,
}

/// A kind of feedback.
///
/// ```
/// # use rtcscope::sdp::Feedback;
/// assert_eq!(Feedback::from_words("ccm", "fir"), Feedback::CcmFir);
/// assert_eq!(Feedback::from_words("x-new", "7"), Feedback::Other { kind: "x-new", parameters: "7" });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Feedback<'a> {
    /// `nack`: lost packets are named (RFC 4585).
    Nack,
    /// `nack pli`: a picture was lost (RFC 4585).
    NackPli,
    /// `nack sli`: slices were lost (RFC 4585).
    NackSli,
    /// `nack rpsi`: another reference picture is wanted (RFC 4585).
    NackRpsi,
    /// `nack rai`: rapid acquisition of a multicast stream (RFC 6285).
    NackRai,
    /// `nack ecn`: explicit congestion notification (RFC 6679).
    NackEcn,
    /// `ack rpsi` (RFC 4585).
    AckRpsi,
    /// `ack ccfb`: congestion control feedback (RFC 8888).
    Ccfb,
    /// `ccm fir`: a decoder refresh on demand (RFC 5104).
    CcmFir,
    /// `ccm tmmbr`: a rate limit, with the packets a second in `smaxpr` (RFC 5104).
    CcmTmmbr {
        /// `smaxpr`, packets a second.
        maximum_packet_rate: Option<u32>,
    },
    /// `ccm tstr`: temporal against spatial quality (RFC 5104).
    CcmTstr,
    /// `ccm vbcm`: H.271 messages, with their types (RFC 5104).
    CcmVbcm {
        /// The submessage types as they are written.
        types: &'a str,
    },
    /// `trr-int`: the least time between full reports, in milliseconds (RFC 4585).
    TrrInt(u32),
    /// `goog-remb`: the receiver's estimate of the bandwidth (draft-alvestrand-rmcat-remb).
    GoogRemb,
    /// `transport-cc`: arrival times (draft-holmer-rmcat-transport-wide-cc-extensions).
    TransportCc,
    /// `rrtr`: receiver reference times (RFC 3611, announced so by libwebrtc).
    Rrtr,
    /// Another one.
    Other {
        /// Its type.
        kind: &'a str,
        /// What follows; may be empty.
        parameters: &'a str,
    },
}

impl<'a> RtcpFb<'a> {
    #[inline]
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, payload_type) = match input.strip_prefix('*') {
            Some(rest) => (rest, None),
            None => whole_number("payload type", 0..=127)(input).map(|(rest, value)| (rest, Some(value)))?,
        };
        let (rest, kind) = next_word("feedback type")(rest)?;
        let parameters = rest.trim_matches(' ');
        let feedback = match kind {
            "trr-int" => {
                let (_, interval) = whole_number("trr-int interval", 0..=u64::from(u32::MAX))(spaces(rest))?;
                Feedback::TrrInt(interval)
            }
            "ccm" | "ack" if parameters.is_empty() => {
                next_word("feedback parameter")(rest)?;
                Feedback::Other { kind, parameters }
            }
            _ => Feedback::from_words(kind, parameters),
        };
        Ok(("", Self { payload_type, feedback }))
    }

    /// Whether it is for this payload type, `*` included.
    ///
    /// ```
    /// # use rtcscope::sdp::{Feedback, RtcpFb};
    /// let for_all = RtcpFb { payload_type: None, feedback: Feedback::TransportCc };
    /// assert!(for_all.applies_to(96));
    /// ```
    #[must_use]
    pub fn applies_to(&self, payload_type: u8) -> bool {
        self.payload_type.is_none_or(|own| own == payload_type)
    }
}

impl<'a> Feedback<'a> {
    /// The feedback of a type and its parameters, as they stand in a line (`nack`, `pli`).
    ///
    /// For feedback that is named outside a line, as an edit does; see [`Feedback`].
    #[must_use]
    pub fn from_words(kind: &'a str, parameters: &'a str) -> Self {
        let (first, more) = parameters.split_once(' ').unwrap_or((parameters, ""));
        match (kind, first) {
            ("nack", "") => Self::Nack,
            ("nack", "pli") => Self::NackPli,
            ("nack", "sli") => Self::NackSli,
            ("nack", "rpsi") => Self::NackRpsi,
            ("nack", "rai") => Self::NackRai,
            ("nack", "ecn") => Self::NackEcn,
            ("ack", "rpsi") => Self::AckRpsi,
            ("ack", "ccfb") => Self::Ccfb,
            ("ccm", "fir") => Self::CcmFir,
            ("ccm", "tmmbr") => {
                Self::CcmTmmbr { maximum_packet_rate: more.strip_prefix("smaxpr=").and_then(|rate| rate.parse().ok()) }
            }
            ("ccm", "tstr") => Self::CcmTstr,
            ("ccm", "vbcm") => Self::CcmVbcm { types: more },
            ("goog-remb", "") => Self::GoogRemb,
            ("transport-cc", "") => Self::TransportCc,
            ("rrtr", "") => Self::Rrtr,
            ("trr-int", interval) => interval.parse().map_or(Self::Other { kind, parameters }, Self::TrrInt),
            _ => Self::Other { kind, parameters },
        }
    }
}

impl fmt::Display for Feedback<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nack => "nack",
            Self::NackPli => "nack pli",
            Self::NackSli => "nack sli",
            Self::NackRpsi => "nack rpsi",
            Self::NackRai => "nack rai",
            Self::NackEcn => "nack ecn",
            Self::AckRpsi => "ack rpsi",
            Self::Ccfb => "ack ccfb",
            Self::CcmFir => "ccm fir",
            Self::CcmTmmbr { maximum_packet_rate: Some(rate) } => return write!(f, "ccm tmmbr smaxpr={rate}"),
            Self::CcmTmmbr { maximum_packet_rate: None } => "ccm tmmbr",
            Self::CcmTstr => "ccm tstr",
            Self::CcmVbcm { types: "" } => "ccm vbcm",
            Self::CcmVbcm { types } => return write!(f, "ccm vbcm {types}"),
            Self::TrrInt(interval) => return write!(f, "trr-int {interval}"),
            Self::GoogRemb => "goog-remb",
            Self::TransportCc => "transport-cc",
            Self::Rrtr => "rrtr",
            Self::Other { kind, parameters: "" } => kind,
            Self::Other { kind, parameters } => return write!(f, "{kind} {parameters}"),
        })
    }
}

impl fmt::Display for RtcpFb<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.payload_type {
            Some(payload_type) => write!(f, "{payload_type} {}", self.feedback),
            None => write!(f, "* {}", self.feedback),
        }
    }
}
