//! The section `rtp`: media streams, what was sent, what was lost, and how it went.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use super::id::{session_id, stream_id};
use super::rtp_course::{
    Discontinuity, DriftOf, Freeze, LossBursts, PayloadTypeUse, RelayDelay, Silence, SrtpProtection, Traffic,
};
use super::rtp_endpoint::EndpointStatistics;
use super::rtp_quality::Quality;
use super::rtp_reports::StreamRtcp;
use super::word::Word;
use crate::analyze::Analysis;
use crate::session::media::{self, Knowledge, MediaKind, PairingGround, Role};

/// RTP.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rtp {
    /// Streams, in order of appearance.
    pub streams: Vec<Stream>,
    /// Packets of streams past the bound, which are not described.
    pub packets_omitted: u64,
}

/// The packets of one SSRC on one path (RFC 3550, section 3). Names and units are those of the W3C WebRTC statistics where they have one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stream {
    /// The id of the stream.
    pub id: String,
    /// The source.
    pub ssrc: u32,
    /// Sound or pictures.
    pub kind: Option<Word<MediaKind>>,
    /// From where that is known.
    pub kind_source: Option<Word<Knowledge>>,
    /// Media itself, or what repairs another stream.
    pub role: Word<Role>,
    /// The payload type of most packets.
    pub payload_type: u8,
    /// All payload types that it used, in order of appearance.
    pub payload_types: Vec<PayloadTypeUse>,
    /// The encoding name of that format; of redundant data (RFC 2198) that of what is inside.
    pub codec: Option<String>,
    /// `red`, where the codec is wrapped in it. The codec is then inferred from what the description has first.
    pub wrapped_in: Option<String>,
    /// The rate of its timestamps in Hz.
    pub clock_rate: Option<u32>,
    /// From where that is known: a session description, RFC 3551, or the course of the timestamps.
    pub clock_rate_source: Option<Word<Knowledge>>,
    /// The m-line that it belongs to (RFC 9143).
    pub mid: Option<String>,
    /// The restriction, or layer, that it belongs to (RFC 8851).
    pub rid: Option<String>,
    /// The canonical name of the participant (RFC 3550, section 6.5.1).
    pub cname: Option<String>,
    /// The media stream and track (RFC 8830).
    pub msid: Option<String>,
    /// Whether it is SRTP.
    pub encrypted: Option<bool>,
    /// Whether it was decrypted: not by this build.
    pub decrypted: bool,
    /// How SRTP protects it, inferred from the trailers of SRTCP.
    pub srtp: Option<SrtpProtection>,
    /// Who sends it; of a relayed stream the relayed address or the peer.
    pub source: String,
    /// To whom.
    pub destination: String,
    /// The ICE session that carries it.
    pub ice_session: Option<String>,
    /// The user fragment of the agent that sends it.
    pub ufrag: Option<String>,
    /// The ways on which the capture saw it.
    pub legs: Vec<Leg>,
    /// How long the relay took from one leg to the other.
    pub relay_delay: Option<RelayDelay>,
    /// The first packet.
    pub first_time: f64,
    /// The frame of the first packet.
    pub first_frame: u64,
    /// The last packet.
    pub last_time: f64,
    /// The frame of the last packet.
    pub last_frame: u64,
    /// Sequence numbers, each once.
    pub packets_received: u64,
    /// Numbers missing between the first and the last.
    pub packets_lost: u64,
    /// Further copies of a number.
    pub packets_duplicated: u64,
    /// First arrivals after a later number (RFC 4737).
    pub packets_reordered: u64,
    /// Expected by RFC 3550, appendix A.3.
    pub packets_expected: u64,
    /// Lost by RFC 3550, appendix A.3, in which a duplicate hides a loss.
    pub packets_lost_rfc3550: i64,
    /// Packets far off the sequence that nothing followed.
    pub packets_stray: u64,
    /// Bytes behind the RTP headers: payload, padding, and the tags of SRTP.
    pub bytes_received: u64,
    /// Bytes of RTP headers with CSRCs and extensions.
    pub header_bytes_received: u64,
    /// The largest packet in bytes of RTP.
    pub largest_packet: u32,
    /// Packets that came in IP fragments.
    pub packets_fragmented: u64,
    /// Packets with the padding flag.
    pub packets_padded: u64,
    /// Packets that hold nothing but padding; unknown where they are encrypted.
    pub packets_padding_only: Option<u64>,
    /// Interarrival jitter per packet at the end, in seconds (RFC 3550, appendix A.8).
    pub jitter: Option<f64>,
    /// Its mean over all packets, in seconds.
    pub mean_jitter: Option<f64>,
    /// Its greatest value, in seconds.
    pub max_jitter: Option<f64>,
    /// Interarrival jitter per frame at the end as libwebrtc computes it, in seconds.
    pub frame_jitter: Option<f64>,
    /// Its greatest value, in seconds.
    pub max_frame_jitter: Option<f64>,
    /// Mean bits a second over its life, RTP headers with it.
    pub bitrate: Option<f64>,
    /// Bits in the second with the most.
    pub max_bitrate: f64,
    /// Different timestamps: frames, of video.
    pub frames_received: Option<u64>,
    /// Frames a second.
    pub frames_per_second: Option<f64>,
    /// The mean size of a frame in bytes.
    pub mean_frame_size: Option<f64>,
    /// The largest frame in bytes.
    pub max_frame_size: Option<u32>,
    /// Frames that need no other, where payload or dependency descriptors show them.
    pub key_frames: Option<u64>,
    /// The mean time between two of them, in seconds.
    pub key_frame_interval: Option<f64>,
    /// Width, the last one told.
    pub frame_width: Option<u32>,
    /// Height, the last one told.
    pub frame_height: Option<u32>,
    /// Spatial layers, where they are told.
    pub spatial_layers: Option<u8>,
    /// Temporal layers, where they are told.
    pub temporal_layers: Option<u8>,
    /// Freezes as libwebrtc defines them, of the frames as they came to the capture.
    pub freeze_count: Option<u64>,
    /// Those in which the sender made no frame.
    pub sender_freeze_count: Option<u64>,
    /// How long all freezes took, in seconds.
    pub total_freezes_duration: Option<f64>,
    /// The longest one.
    pub longest_freeze: Option<Freeze>,
    /// Packets with the marker.
    pub markers: u64,
    /// Steps over silence that was not sent (discontinuous transmission), of audio.
    pub dtx_gaps: Option<u64>,
    /// The mean level of sound in dBov, where packets tell it (RFC 6464).
    pub audio_level: Option<f64>,
    /// The share of packets with digital silence.
    pub silent_share: Option<f64>,
    /// How fast the sender's clock is against the capture's.
    pub clock_drift: Option<DriftOf>,
    /// The stream that this one retransmits.
    pub retransmission_of: Option<String>,
    /// Why it is taken for that.
    pub retransmission_ground: Option<Word<PairingGround>>,
    /// The stream of the same source that this one goes on with, on another path.
    pub continues: Option<String>,
    /// The stream that this one follows on its path, in the same format and under another SSRC.
    pub replaces: Option<String>,
    /// Layers of the same source beside this one.
    pub simulcast: Vec<String>,
    /// Streams of the other kind of the same participant.
    pub companions: Vec<String>,
    /// A stream of another sender with the same SSRC at the same time.
    pub collides_with: Option<String>,
    /// Losses in runs.
    pub loss_bursts: LossBursts,
    /// Stretches of a second or more without a packet.
    pub silences: Vec<Silence>,
    /// Silences left out.
    pub silences_omitted: u64,
    /// What is not smooth.
    pub discontinuities: Vec<Discontinuity>,
    /// Discontinuities left out.
    pub discontinuities_omitted: u64,
    /// What its header extensions are.
    pub header_extensions: Vec<HeaderExtension>,
    /// How it went over time.
    pub traffic: Traffic,
    /// What RTCP says of it.
    pub rtcp: StreamRtcp,
    /// How it is likely to sound, where it is voice of a codec that there are values for.
    pub quality: Option<Quality>,
    /// What its sender and its receiver counted, where files beside the capture tell it.
    pub endpoint_statistics: Vec<EndpointStatistics>,
}

/// One way on which the capture saw a stream.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Leg {
    /// Who sent on it, on the wire.
    pub source: String,
    /// To whom.
    pub destination: String,
    /// The TURN server that it was inside the connection to.
    pub via: Option<String>,
    /// Sequence numbers on it, each once.
    pub packets: u64,
    /// Further copies.
    pub packets_duplicated: u64,
    /// Numbers that the other leg had and this one not, while it was in use: lost in the relay.
    pub packets_missing: u64,
}

/// A header extension of a stream.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeaderExtension {
    /// Its id in the packets.
    pub id: u8,
    /// The URI that it stands for.
    pub uri: Option<String>,
    /// Whether that was inferred from its values; else a description says it.
    pub inferred: bool,
    /// Packets that had it.
    pub packets: u64,
}

impl Rtp {
    pub(super) fn new(analysis: &Analysis, clock: Clock) -> Self {
        let sessions = &analysis.sessions;
        let streams = sessions.streams().iter().enumerate();
        let ufrag = |stream: &media::Stream| {
            let session = sessions.ice().get(stream.session?)?;
            Some(session.agents.get(stream.agent?)?.ufrag.clone())
        };
        let mut counted = analysis.endpoint_reports().into_iter();
        let stream = |(place, stream): (usize, &media::Stream)| {
            let counted = counted.next().unwrap_or_default();
            let counted =
                counted.iter().map(|report| EndpointStatistics::new(report, &analysis.files, clock)).collect();
            Stream::new(place, stream, ufrag(stream), counted, clock)
        };
        Self { streams: streams.map(stream).collect(), packets_omitted: sessions.streams_omitted() }
    }
}

impl Stream {
    fn new(
        place: usize,
        stream: &media::Stream,
        ufrag: Option<String>,
        endpoint_statistics: Vec<EndpointStatistics>,
        clock: Clock,
    ) -> Self {
        let reported = stream.reports.round_trips.whole().map(|trip| trip.mean);
        let round_trip = reported.or_else(|| endpoint_statistics.iter().find_map(|counted| counted.round_trip_time));
        let frames = stream.frames.as_ref();
        let levels = stream.levels.filter(|levels| levels.packets > 0);
        let (silences, silences_omitted) = Silence::all(&stream.silences, clock);
        let (discontinuities, discontinuities_omitted) = Discontinuity::all(&stream.discontinuities, clock);
        let ids = |places: &[usize]| places.iter().map(|place| stream_id(*place)).collect();
        Self {
            id: stream_id(place),
            ssrc: stream.ssrc.0,
            kind: stream.kind.map(Word),
            kind_source: stream.kind_source.map(Word),
            role: Word(stream.role),
            payload_type: stream.payload_type.0,
            payload_types: stream.payload_types.iter().map(|used| PayloadTypeUse::new(used, clock)).collect(),
            codec: stream.codec.clone(),
            wrapped_in: stream.wrapped_in.clone(),
            clock_rate: stream.clock_rate,
            clock_rate_source: stream.clock_rate_source.map(Word),
            mid: stream.mid.clone(),
            rid: stream.rid.clone(),
            cname: stream.cname.clone(),
            msid: stream.msid.clone(),
            encrypted: stream.encrypted,
            decrypted: false,
            srtp: stream.protection.map(SrtpProtection::from),
            source: stream.path.source.to_string(),
            destination: stream.path.destination.to_string(),
            ice_session: stream.session.map(session_id),
            ufrag,
            legs: stream.legs.iter().map(Leg::from).collect(),
            relay_delay: stream.relay_delay.map(RelayDelay::from),
            first_time: clock.time(stream.first),
            first_frame: stream.first.frame.0,
            last_time: clock.time(stream.last),
            last_frame: stream.last.frame.0,
            packets_received: stream.received,
            packets_lost: stream.lost,
            packets_duplicated: stream.duplicates,
            packets_reordered: stream.reordered,
            packets_expected: stream.expected,
            packets_lost_rfc3550: stream.lost_rfc3550,
            packets_stray: stream.strays,
            bytes_received: stream.payload_bytes,
            header_bytes_received: stream.header_bytes,
            largest_packet: stream.largest_packet,
            packets_fragmented: stream.fragmented,
            packets_padded: stream.padded,
            packets_padding_only: stream.padding_only,
            jitter: stream.jitter.map(|jitter| jitter.last),
            mean_jitter: stream.jitter.map(|jitter| jitter.mean),
            max_jitter: stream.jitter.map(|jitter| jitter.maximum),
            frame_jitter: stream.jitter.map(|jitter| jitter.frame_last),
            max_frame_jitter: stream.jitter.map(|jitter| jitter.frame_maximum),
            bitrate: stream.bitrate,
            max_bitrate: stream.pace.fastest_second().bytes as f64 * 8.0,
            frames_received: frames.map(|frames| frames.received),
            frames_per_second: frames.and_then(|frames| frames.per_second),
            mean_frame_size: frames.map(|frames| frames.mean_bytes),
            max_frame_size: frames.map(|frames| frames.largest_bytes),
            key_frames: frames.and_then(|frames| frames.key_frames),
            key_frame_interval: frames.and_then(media::FrameStatistics::key_frame_interval),
            frame_width: frames.and_then(|frames| frames.resolution).map(|(width, _)| width),
            frame_height: frames.and_then(|frames| frames.resolution).map(|(_, height)| height),
            spatial_layers: frames.and_then(|frames| frames.layers.spatial),
            temporal_layers: frames.and_then(|frames| frames.layers.temporal),
            freeze_count: frames.map(|frames| frames.freezes),
            sender_freeze_count: frames.map(|frames| frames.freezes_of_sender),
            total_freezes_duration: frames.map(|frames| frames.frozen_seconds),
            longest_freeze: frames.and_then(|frames| frames.longest_freeze).map(|freeze| Freeze::new(freeze, clock)),
            markers: stream.markers,
            dtx_gaps: stream.dtx_gaps,
            audio_level: levels.map(|levels| -(levels.sum as f64) / levels.packets as f64),
            silent_share: levels.map(|levels| levels.silent as f64 / levels.packets as f64),
            clock_drift: stream.drift.map(DriftOf::from),
            retransmission_of: stream.retransmission_of.map(|(primary, _)| stream_id(primary)),
            retransmission_ground: stream.retransmission_of.map(|(_, ground)| Word(ground)),
            continues: stream.continues.map(stream_id),
            replaces: stream.replaces.map(stream_id),
            simulcast: ids(&stream.simulcast),
            companions: ids(&stream.companions),
            collides_with: stream.collides_with.map(stream_id),
            loss_bursts: LossBursts::new(&stream.bursts, &stream.gaps, clock),
            silences,
            silences_omitted,
            discontinuities,
            discontinuities_omitted,
            header_extensions: stream.extensions.iter().map(HeaderExtension::from).collect(),
            traffic: Traffic::new(&stream.pace, clock),
            rtcp: StreamRtcp::new(stream, clock),
            quality: Quality::of(stream, round_trip),
            endpoint_statistics,
        }
    }
}

impl From<&media::Leg> for Leg {
    fn from(leg: &media::Leg) -> Self {
        Self {
            source: leg.source.to_string(),
            destination: leg.destination.to_string(),
            via: leg.via.map(|server| server.to_string()),
            packets: leg.packets,
            packets_duplicated: leg.duplicates,
            packets_missing: leg.missing,
        }
    }
}

impl From<&media::ExtensionId> for HeaderExtension {
    fn from(id: &media::ExtensionId) -> Self {
        let uri = id.kind.map(|kind| kind.uri().to_owned());
        Self { id: id.id, uri, inferred: id.inferred, packets: id.packets }
    }
}
