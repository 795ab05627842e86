//! What a colleague would tell you about a description: transports, media, codecs in order, candidates by
//! priority, who may send what. Secrets (ICE passwords, SDES keys) are not in it.

use std::collections::{BTreeMap, BTreeSet};

use super::attribute::{
    Candidate, CandidateType, Direction, Extmap, Group, IceOptions, Key, Msid, RidDirection, Rtcp, SctpPort, Setup,
    Simulcast, Ssrc,
};
use super::codec::{Codec, CodecParameters};
use super::document::{Document, Section};
use super::line::LineType;
use super::value::{Origin, Value};

/// A description, told.
///
/// ```
/// # use rtcscope::sdp::{Document, Overview};
/// let overview = Overview::new(&Document::parse(b"v=0\ns=call\na=ice-lite\nm=audio 9 RTP/AVP 0\n"));
/// assert_eq!((overview.name.as_str(), overview.ice_lite, overview.media.len()), ("call", true, 1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Overview {
    /// `o=` as it is written; empty without one.
    pub origin: String,
    /// `s=`; empty without one.
    pub name: String,
    /// `a=tool`
    pub tool: Option<String>,
    /// `a=group` lines as they are written, such as `BUNDLE 0 1`.
    pub groups: Vec<String>,
    /// Whether the writer is an ICE lite agent.
    pub ice_lite: bool,
    /// Each transport once, in the order of the m-lines.
    pub transports: Vec<TransportOverview>,
    /// Each m-line.
    pub media: Vec<MediaOverview>,
    /// How many faults there are.
    pub faults: usize,
}

/// A transport and the m-lines on it.
///
/// ```
/// # use rtcscope::sdp::{Document, Overview};
/// let text = b"a=group:BUNDLE 0 1\nm=audio 9 RTP/AVP 0\na=mid:0\nm=video 9 RTP/AVP 96\na=mid:1\n";
/// let overview = Overview::new(&Document::parse(text));
/// assert_eq!(overview.transports.iter().map(|transport| transport.media.as_slice()).collect::<Vec<_>>(), [[0, 1]]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct TransportOverview {
    /// The indexes of the m-lines, from 0.
    pub media: Vec<usize>,
    /// The default destination.
    pub address: Option<String>,
    /// The ICE user fragment.
    pub ufrag: Option<String>,
    /// Whether there is an ICE password.
    pub has_password: bool,
    /// ICE options.
    pub ice_options: Vec<String>,
    /// The DTLS role.
    pub setup: Option<Setup>,
    /// Fingerprints, hash function and hash.
    pub fingerprints: Vec<String>,
    /// Whether SDES keys are offered.
    pub has_crypto: bool,
    /// Where RTCP goes: `on RTP's port`, `to port 5001`.
    pub rtcp: Option<String>,
    /// The candidates, the greatest priority first.
    pub candidates: Vec<CandidateOverview>,
    /// Whether it says that no more candidates come.
    pub end_of_candidates: bool,
}

/// A candidate with its priority taken apart (RFC 8445, section 5.1.2.1).
///
/// ```
/// # use rtcscope::sdp::{CandidateOverview, Document};
/// let document = Document::parse(b"m=audio 9 RTP/AVP 0\na=candidate:1 1 UDP 2130706431 192.0.2.1 9 typ host\n");
/// let told =
///     document.media().flat_map(|section| section.values()).map(|candidate| CandidateOverview::from(&candidate));
/// assert_eq!(
///     told.map(|told| (told.type_preference, told.address)).collect::<Vec<_>>(),
///     [(126, "192.0.2.1:9".to_owned())]
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct CandidateOverview {
    /// How it was found.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub candidate_type: CandidateType,
    /// `udp` or `tcp`, in lower case; with TCP the type behind it.
    pub protocol: String,
    /// Address and port.
    pub address: String,
    /// The related address and port, where they are told.
    pub related: Option<String>,
    /// The component.
    pub component: u16,
    /// The foundation.
    pub foundation: String,
    /// The priority.
    pub priority: u32,
    /// Its highest byte: 126 host, 110 peer reflexive, 100 server reflexive, 0 relayed are usual.
    pub type_preference: u32,
    /// Its two middle bytes.
    pub local_preference: u32,
    /// 256 less its lowest byte: should be the component.
    pub component_part: u32,
    /// libwebrtc's `network-id`.
    pub network_id: Option<u32>,
    /// libwebrtc's `network-cost`.
    pub network_cost: Option<u32>,
}

/// An m-line, told.
///
/// ```
/// # use rtcscope::sdp::{Document, Overview};
/// let overview =
///     Overview::new(&Document::parse(b"m=video 9 RTP/AVP 96\na=rid:h send\na=rid:l send\na=simulcast:send h;~l\n"));
/// assert_eq!(overview.media.first().map(|video| video.simulcast_send.concat()).as_deref(), Some("h~l"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct MediaOverview {
    /// Its index, from 0.
    pub index: usize,
    /// Its mid.
    pub mid: Option<String>,
    /// `audio`, `video` and the like; empty where the line makes no sense.
    pub kind: String,
    /// Its protocol.
    pub protocol: String,
    /// Whether it is refused or stopped.
    pub rejected: bool,
    /// Whether it waits for its bundle.
    pub bundle_only: bool,
    /// Its direction, as the writer sees it.
    pub direction: Direction,
    /// The codecs, the preferred first; retransmissions stand with what they retransmit.
    pub codecs: Vec<CodecOverview>,
    /// Limits on the rate, `AS:500`.
    pub bandwidths: Vec<String>,
    /// Header extensions, `1 urn:…`.
    pub extensions: Vec<String>,
    /// Streams and tracks, `stream track`.
    pub tracks: Vec<String>,
    /// The sources.
    pub sources: Vec<u32>,
    /// Simulcast streams that are sent.
    pub simulcast_send: Vec<String>,
    /// Simulcast streams that are received.
    pub simulcast_recv: Vec<String>,
    /// The SCTP port, of data channels.
    pub sctp_port: Option<u16>,
}

/// A codec, told.
///
/// ```
/// # use rtcscope::sdp::{Document, Overview};
/// let text = b"m=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 useinbandfec=1;usedtx=1\n";
/// let overview = Overview::new(&Document::parse(text));
/// let codec = overview.media.first().and_then(|audio| audio.codecs.first());
/// assert_eq!(codec.and_then(|codec| codec.meaning.as_deref()), Some("in-band FEC, DTX"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct CodecOverview {
    /// Its payload type.
    pub payload_type: u8,
    /// Its name; empty where nobody says it.
    pub name: String,
    /// The RTP clock in Hz; 0 where nobody says it.
    pub clock_rate: u32,
    /// Audio channels.
    pub channels: Option<u32>,
    /// What its parameters mean.
    pub meaning: Option<String>,
    /// Its parameters as they are written.
    pub parameters: Option<String>,
    /// The payload type of its retransmissions.
    pub rtx: Option<u8>,
    /// The feedback for it.
    pub feedback: Vec<String>,
}

impl Overview {
    /// Tells about `document`.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Overview};
    /// assert_eq!(Overview::new(&Document::parse(b"a=mid:0\na=ice-ufrag:a\n")).faults, 2);
    /// ```
    #[must_use]
    pub fn new(document: &Document<'_>) -> Self {
        let session = document.session();
        let line = |wanted: LineType| session.lines_of(wanted).next().map(|line| line.text().into_owned());
        let errors = if document.is_fragment() { document.fragment_errors() } else { document.errors() };
        Self {
            origin: line(LineType::Origin).unwrap_or_default(),
            name: line(LineType::SessionName).unwrap_or_default(),
            tool: session.value::<super::Tool<'_>>().map(|tool| tool.0.to_owned()),
            groups: session.values::<Group<'_>>().map(|group| group.to_string()).collect(),
            ice_lite: session.has(Key::IceLite),
            transports: transports(document),
            media: document.media().map(|section| media(&section)).collect(),
            faults: errors.len(),
        }
    }
}

impl<'a> Document<'a> {
    /// Its `o=` line, where it makes sense.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"o=- 7 3 IN IP4 0.0.0.0\n");
    /// assert_eq!(document.origin().map(|origin| origin.session_version), Some("3"));
    /// ```
    #[must_use]
    pub fn origin(&self) -> Option<Origin<'a>> {
        self.session().lines_of(LineType::Origin).find_map(|line| match line.parse() {
            Ok(Value::Origin(origin)) => Some(origin),
            _ => None,
        })
    }
}

fn transports(document: &Document<'_>) -> Vec<TransportOverview> {
    let mut owners: Vec<(usize, TransportOverview)> = Vec::new();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for section in document.media() {
        let own = section.index().unwrap_or_default();
        let owner = section.transport();
        let index = owner.index().unwrap_or(own);
        let place = *places.entry(index).or_insert_with(|| {
            owners.push((index, transport(&owner)));
            owners.len() - 1
        });
        if let Some((_, transport)) = owners.get_mut(place) {
            transport.media.push(own);
            let new = section.values::<Candidate<'_>>().filter(|candidate| seen.insert(format!("{index} {candidate}")));
            transport.candidates.extend(new.map(|candidate| of_candidate(&candidate)));
        }
    }
    let session = document.session();
    if owners.is_empty() && (session.has(Key::Candidate) || session.has(Key::IceUfrag)) {
        let candidates = session.values::<Candidate<'_>>().map(|candidate| of_candidate(&candidate)).collect();
        owners.push((0, TransportOverview { candidates, ..transport(&session) }));
    }
    let mut transports: Vec<TransportOverview> = owners.into_iter().map(|(_, transport)| transport).collect();
    for transport in &mut transports {
        transport.candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.priority));
    }
    transports
}

fn transport(section: &Section<'_, '_>) -> TransportOverview {
    let port = section.media().map_or(0, |media| media.port);
    let rtcp = if section.has_in_force(Key::RtcpMux) {
        Some("on RTP's port".to_owned())
    } else {
        section.value::<Rtcp<'_>>().map(|rtcp| format!("to port {}", rtcp.port))
    };
    let options = section.all_in_force::<IceOptions<'_>>();
    TransportOverview {
        media: Vec::new(),
        address: section.connection().map(|connection| joined(connection.address, port)),
        ufrag: section.ice_ufrag().map(str::to_owned),
        has_password: section.ice_pwd().is_some(),
        ice_options: options.iter().flat_map(|options| options.0.iter()).map(str::to_owned).collect(),
        setup: section.setup(),
        fingerprints: section.fingerprints().iter().map(ToString::to_string).collect(),
        has_crypto: section.has(Key::Crypto),
        rtcp,
        candidates: Vec::new(),
        end_of_candidates: section.has_in_force(Key::EndOfCandidates),
    }
}

/// An address and a port in one.
fn joined(address: &str, port: u16) -> String {
    if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

fn of_candidate(candidate: &Candidate<'_>) -> CandidateOverview {
    let (type_preference, local_preference, component_part) = candidate.priority_parts();
    let protocol = candidate.transport.to_ascii_lowercase();
    CandidateOverview {
        candidate_type: candidate.candidate_type,
        protocol: candidate.tcp_type().map_or(protocol.clone(), |kind| format!("{protocol} {}", kind.name())),
        address: joined(candidate.address, candidate.port),
        related: candidate.related_address.map(|address| joined(address, candidate.related_port.unwrap_or(0))),
        component: candidate.component,
        foundation: candidate.foundation.to_owned(),
        priority: candidate.priority,
        type_preference,
        local_preference,
        component_part,
        network_id: candidate.network_id(),
        network_cost: candidate.network_cost(),
    }
}

impl From<&Candidate<'_>> for CandidateOverview {
    fn from(candidate: &Candidate<'_>) -> Self {
        of_candidate(candidate)
    }
}

fn media(section: &Section<'_, '_>) -> MediaOverview {
    let line = section.media();
    let codecs = section.codecs();
    let primary = |codec: &&Codec<'_, '_>| {
        codec.retransmits().is_none_or(|apt| !codecs.iter().any(|other| other.payload_type == apt))
    };
    let streams = |direction| {
        let simulcast = section.value::<Simulcast<'_>>();
        let streams = simulcast.iter().flat_map(|simulcast| simulcast.streams(direction));
        let named = streams.map(|stream| {
            stream.map(|one| format!("{}{}", if one.paused { "~" } else { "" }, one.id)).collect::<Vec<_>>().join(",")
        });
        named.collect::<Vec<String>>()
    };
    MediaOverview {
        index: section.index().unwrap_or_default(),
        mid: section.mid().map(str::to_owned),
        kind: line.map_or_else(String::new, |media| media.media.to_owned()),
        protocol: line.map_or_else(String::new, |media| media.protocol.to_owned()),
        rejected: section.is_rejected(),
        bundle_only: section.has(Key::BundleOnly),
        direction: section.direction(),
        codecs: codecs.iter().filter(primary).map(|codec| of_codec(codec, &codecs)).collect(),
        bandwidths: section.bandwidths().map(|bandwidth| bandwidth.to_string()).collect(),
        extensions: section.values::<Extmap<'_>>().map(|extension| extension.to_string()).collect(),
        tracks: tracks(section),
        sources: sources(section),
        simulcast_send: streams(RidDirection::Send),
        simulcast_recv: streams(RidDirection::Recv),
        sctp_port: section.value::<SctpPort>().map(|port| port.0),
    }
}

fn tracks(section: &Section<'_, '_>) -> Vec<String> {
    let mut tracks: Vec<String> = section.values::<Msid<'_>>().map(|msid| msid.to_string()).collect();
    let named = section.values::<Ssrc<'_>>().filter(|ssrc| ssrc.attribute == "msid").filter_map(|ssrc| ssrc.value);
    let mut seen: BTreeSet<String> = tracks.iter().cloned().collect();
    tracks.extend(named.filter(|track| seen.insert((*track).to_owned())).map(str::to_owned));
    tracks
}

fn sources(section: &Section<'_, '_>) -> Vec<u32> {
    let mut seen: BTreeSet<u32> = BTreeSet::new();
    section.values::<Ssrc<'_>>().map(|ssrc| ssrc.id).filter(|id| seen.insert(*id)).collect()
}

fn of_codec(codec: &Codec<'_, '_>, all: &[Codec<'_, '_>]) -> CodecOverview {
    CodecOverview {
        payload_type: codec.payload_type,
        name: codec.name().to_owned(),
        clock_rate: codec.rtpmap.map_or(0, |rtpmap| rtpmap.clock_rate),
        channels: codec.rtpmap.and_then(|rtpmap| rtpmap.channels),
        meaning: meaning(codec),
        parameters: codec.fmtp.map(|fmtp| fmtp.parameters.0.to_owned()),
        rtx: all.iter().find(|other| other.retransmits() == Some(codec.payload_type)).map(|other| other.payload_type),
        feedback: codec.feedback().map(|feedback| feedback.to_string()).collect(),
    }
}

/// What the parameters of a codec say, in words.
fn meaning(codec: &Codec<'_, '_>) -> Option<String> {
    codec.fmtp?;
    let mut words: Vec<String> = Vec::new();
    match codec.parameters() {
        CodecParameters::Opus(opus) => {
            words.extend(opus.use_inband_fec.then(|| "in-band FEC".to_owned()));
            words.extend(opus.use_dtx.then(|| "DTX".to_owned()));
            words.extend(opus.stereo.then(|| "stereo".to_owned()));
            words.extend(opus.max_average_bitrate_bps.map(|rate| format!("at most {rate} bit/s")));
        }
        CodecParameters::H264(h264) => {
            let id = h264.profile_level_id?;
            words.push(format!("{}, level {}", id.profile().name(), id.level()));
            words.push(format!("packetization mode {}", h264.packetization_mode));
        }
        CodecParameters::H265(h265) => words.push(format!("profile {}, level {}", h265.profile_id, h265.level())),
        CodecParameters::Vp9(vp9) => words.push(format!("profile {}", vp9.profile_id)),
        CodecParameters::Av1(av1) => words.push(format!("profile {}, level {}", av1.profile, av1.level())),
        CodecParameters::Rtx(rtx) => words.extend(rtx.apt.map(|apt| format!("retransmits {apt}"))),
        CodecParameters::Red(red) => {
            let blocks: Vec<String> = red.payload_types().map(|payload_type| payload_type.to_string()).collect();
            words.push(format!("copies of {}", blocks.join(", ")));
        }
        CodecParameters::TelephoneEvent(events) => words.push(format!("events {}", events.events)),
        _ => {}
    }
    (!words.is_empty()).then(|| words.join(", "))
}
