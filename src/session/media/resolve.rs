//! The end of the capture: what streams turned out to be, with what descriptions say of them, and how they belong together.

use std::collections::HashSet;
use std::sync::Arc;

use super::described::{Described, Format, Line};
use super::locator::ProfileFamily;
use super::model::{Drift, FrameStatistics, Knowledge, Leg, MediaKind, PayloadTypeUse, Protection, Role, Stream};
use super::pairing;
use super::reports::Reports;
use super::stream::Tracked;
use super::table::{MediaTable, Parties};
use crate::path::{Endpoint, Flow, FlowId, Path, Side};
use crate::wire::rtp::PayloadType;
use crate::wire::rtp::extension::Kind;
use crate::wire::rtp::payload::Codec;

/// The relative error up to which a drift is worth telling, and the time that it takes to show, in seconds.
const DRIFT_ERROR: f64 = 20e-6;
const DRIFT_SPAN: f64 = 8.0;

/// What the descriptions of both ends say, the receiver's first and the newest of each first.
struct Said {
    receiver: Vec<Arc<Described>>,
    sender: Vec<Arc<Described>>,
}

impl Said {
    fn all(&self) -> impl Iterator<Item = &Arc<Described>> {
        self.receiver.iter().chain(&self.sender)
    }

    fn format(&self, payload_type: PayloadType, mid: Option<&str>) -> Option<(&Line, &Format)> {
        self.all().find_map(|described| described.format(payload_type.0, mid))
    }
}

impl MediaTable {
    /// Ends all streams. `parties` tells who sends and receives on a flow, `client_sends` whether the relayed end of a path inside a relay is
    /// its source.
    pub(in crate::session) fn finish(
        &mut self,
        parties: impl Fn(FlowId, Side) -> Parties,
        client_sends: impl Fn(&Path) -> bool,
    ) -> Vec<Stream> {
        self.meet(parties);
        self.locate();
        for stream in &mut self.streams {
            stream.finish();
        }
        let trusted = self.trusted();
        let halves = self.halves();
        let mut streams: Vec<(usize, Stream)> = Vec::new();
        for (place, tracked) in self.streams.iter().enumerate() {
            let Some(path) = tracked.paths.first() else { continue };
            let said = self.said(tracked, path);
            let announced = said.sender.iter().any(|described| described.source(tracked.ssrc.0).is_some());
            let flow = Path { relay: None, ..*path }.flow().0;
            if tracked.sequence.received > 0 && (tracked.believed || announced || trusted.contains(&flow)) {
                let mut stream = resolved(tracked, path, &said, &client_sends);
                stream.reports = self.reports(place, &stream, &halves);
                streams.push((place, stream));
            }
        }
        streams.sort_by_key(|(_, stream)| stream.first);
        let groups = |stream: &Stream| self.groups(stream);
        let echoes = |place: usize| self.streams.get(place).and_then(Tracked::echo);
        pairing::pair(streams, groups, echoes)
    }

    /// Who sends each stream, as the ICE sessions tell it now.
    fn meet(&mut self, parties: impl Fn(FlowId, Side) -> Parties) {
        for number in 0..self.flow_count() {
            for side in [Side::First, Side::Second] {
                let streams: Vec<usize> = self.streams_on(FlowId(number), side).map(|(_, place)| place).collect();
                if streams.is_empty() {
                    continue;
                }
                let parties = parties(FlowId(number), side);
                for place in streams {
                    let Some(stream) = self.streams.get_mut(place) else { continue };
                    if parties.dtls {
                        (stream.secure, stream.dtls) = (Some(true), true);
                    }
                    if let (None, Some(session), Some((agent, _))) = (stream.agent, parties.session, &parties.sender) {
                        stream.agent = Some((session, *agent));
                    }
                    if stream.fragments.is_none()
                        && let (Some((_, sender)), Some(receiver)) = (&parties.sender, &parties.receiver)
                    {
                        stream.fragments = Some([receiver.clone(), sender.clone()]);
                    }
                }
            }
        }
    }

    /// The family of profiles and the RTCP lost before the capture, as the trailers show them.
    fn locate(&mut self) {
        let mut families = Vec::new();
        let mut lost = Vec::new();
        for (flow, side, ssrc, locator) in self.locators() {
            let Some(family) = locator.family() else { continue };
            families.extend(
                [side, side.other()]
                    .into_iter()
                    .flat_map(|side| self.streams_on(flow, side))
                    .map(|(_, at)| (at, family)),
            );
            let own = self.streams_on(flow, side).find(|(known, _)| *known == ssrc);
            lost.extend(own.and_then(|(_, place)| Some((place, locator.missing()?))));
        }
        for (place, family) in families {
            if let Some(stream) = self.streams.get_mut(place) {
                stream.family = Some(family);
                stream.secure = Some(true);
            }
        }
        for (place, missing) in lost {
            if let Some(stream) = self.streams.get_mut(place) {
                let known = stream.journal.packets_missing.unwrap_or(0);
                stream.journal.packets_missing = Some(known.max(missing));
            }
        }
    }

    /// Flows that carry media beyond doubt: one packet of a source there is a stream, elsewhere it is chance.
    fn trusted(&self) -> HashSet<Flow, foldhash::fast::RandomState> {
        let sure = self.streams.iter().filter(|stream| stream.believed || stream.dtls);
        sure.flat_map(|stream| &stream.paths).map(|path| Path { relay: None, ..*path }.flow().0).collect()
    }

    fn said(&self, tracked: &Tracked, path: &Path) -> Said {
        let of = |ufrag: Option<&String>, endpoint: Endpoint| -> Vec<Arc<Described>> {
            let of_agent = ufrag.map_or(&[][..], |ufrag| self.descriptions.of_agent(ufrag));
            let versions = if of_agent.is_empty() { self.descriptions.of_endpoint(endpoint) } else { of_agent };
            versions.iter().rev().cloned().collect()
        };
        let [receiver, sender] = match &tracked.fragments {
            Some([receiver, sender]) => [Some(receiver), Some(sender)],
            None => [None, None],
        };
        Said { receiver: of(receiver, path.destination), sender: of(sender, path.source) }
    }

    /// The groups of sources that the sender of a stream describes.
    fn groups(&self, stream: &Stream) -> Vec<(String, Vec<u32>)> {
        let place = self.by_ssrc.get(&stream.ssrc).into_iter().flatten();
        let tracked = place
            .filter_map(|place| self.streams.get(*place))
            .find(|tracked| tracked.paths.first().is_some_and(|path| path.source == stream.path.source));
        let Some((tracked, path)) = tracked.and_then(|tracked| Some((tracked, tracked.paths.first()?))) else {
            return Vec::new();
        };
        let said = self.said(tracked, path);
        let lines = said.sender.iter().flat_map(|described| &described.lines);
        let groups = lines.flat_map(|line| &line.groups);
        groups.filter(|(_, ids)| ids.contains(&stream.ssrc.0)).cloned().collect()
    }
}

fn resolved(tracked: &Tracked, path: &Path, said: &Said, client_sends: &impl Fn(&Path) -> bool) -> Stream {
    let main = tracked.uses.iter().max_by_key(|used| used.packets).map_or(PayloadType(0), |used| used.payload_type);
    let named = said.sender.iter().find_map(|described| described.source(tracked.ssrc.0));
    let told_mid = tracked.extensions.mid.clone();
    let named_mid = named.and_then(|(line, _)| line.mid.clone());
    let mid_hint = told_mid.clone().or(named_mid);
    let format = said.format(main, mid_hint.as_deref());
    let mid = mid_hint.or_else(|| format.and_then(|(line, _)| line.mid.clone()));
    let assigned = main.static_format();
    let rate = format
        .map(|(_, format)| (format.clock_rate, Knowledge::Sdp))
        .or_else(|| assigned.map(|format| (format.clock_rate_hz, Knowledge::Static)))
        .or_else(|| tracked.inferred_rate().map(|rate| (rate, Knowledge::Inferred)));
    let codec = format.map(|(_, format)| format.encoding.clone());
    let codec = codec.or_else(|| assigned.map(|format| format.encoding.to_owned()));
    let kind = kind(tracked, format.map(|(line, _)| line), main, rate.map(|(rate, _)| rate));
    let secure = tracked.secure.or_else(|| format.map(|(line, _)| line.secure));
    let codec_of = |payload_type: PayloadType| {
        let described = said.format(payload_type, mid.as_deref()).map(|(_, format)| format.encoding.clone());
        described.or_else(|| payload_type.static_format().map(|format| format.encoding.to_owned()))
    };
    let seconds = tracked.last.time.since(tracked.first.time).as_secs_f64();
    let bytes = tracked.header_bytes + tracked.payload_bytes;
    let sequence = &tracked.sequence;
    let sender_line = || said.sender.iter().find_map(|described| described.line(mid.as_deref()?));
    Stream {
        ssrc: tracked.ssrc,
        path: Path { relay: None, ..*path },
        legs: legs(tracked, client_sends),
        relay_delay: tracked.relay_delay(),
        session: tracked.agent.map(|(session, _)| session),
        agent: tracked.agent.map(|(_, agent)| agent),
        role: role(codec.as_deref()),
        kind: kind.map(|(kind, _)| kind),
        kind_source: kind.map(|(_, source)| source),
        payload_type: main,
        payload_types: tracked
            .uses
            .iter()
            .map(|used| PayloadTypeUse {
                payload_type: used.payload_type,
                packets: used.packets,
                first: used.first,
                codec: codec_of(used.payload_type),
            })
            .collect(),
        undescribed: if said.all().next().is_some() {
            let unknown = |used: &PayloadType| codec_of(*used).is_none();
            tracked.uses.iter().map(|used| used.payload_type).filter(unknown).collect()
        } else {
            Vec::new()
        },
        codec,
        clock_rate: rate.map(|(rate, _)| rate),
        clock_rate_source: rate.map(|(_, source)| source),
        cname: named.and_then(|(_, source)| source.cname.clone()).or_else(|| tracked.journal.cname().cloned()),
        msid: named
            .and_then(|(line, source)| source.msid.clone().or_else(|| line.msid.clone()))
            .or_else(|| sender_line().and_then(|line| line.msid.clone())),
        mid,
        rid: tracked.extensions.rid.clone(),
        repaired_rid: tracked.extensions.repaired_rid.clone(),
        encrypted: secure,
        protection: protection(tracked, main),
        first: tracked.first,
        last: tracked.last,
        received: sequence.received,
        lost: sequence.lost(),
        duplicates: sequence.duplicates(),
        reordered: sequence.reordered,
        expected: sequence.expected_rfc3550(),
        lost_rfc3550: sequence.lost_rfc3550(),
        strays: sequence.strays,
        header_bytes: tracked.header_bytes,
        payload_bytes: tracked.payload_bytes,
        largest_packet: tracked.largest,
        fragmented: tracked.fragmented,
        first_fragmented: tracked.first_fragmented,
        padded: tracked.padded,
        padding_only: (secure == Some(false)).then_some(tracked.padding_only),
        markers: tracked.markers,
        bursts: sequence.bursts.clone(),
        gaps: tracked.gaps.clone(),
        silences: tracked.silences.clone(),
        paused_seconds: tracked.paused_seconds,
        dtx_gaps: (kind.map(|(kind, _)| kind) == Some(MediaKind::Audio)).then_some(tracked.dtx_gaps),
        discontinuities: tracked.discontinuities.clone(),
        jitter: rate.and_then(|(rate, _)| tracked.jitter.at(rate)),
        bitrate: (seconds > 0.0 && sequence.received > 1).then(|| bytes as f64 * 8.0 / seconds),
        pace: tracked.pace.clone(),
        drift: rate.and_then(|(rate, source)| drift(tracked, rate, source)),
        frames: (kind.map(|(kind, _)| kind) == Some(MediaKind::Video)).then(|| frames(tracked, secure)),
        levels: (tracked.extensions.levels.packets > 0).then_some(tracked.extensions.levels),
        extensions: tracked.extensions.ids(),
        retransmission_of: None,
        continues: None,
        simulcast: Vec::new(),
        companions: Vec::new(),
        collides_with: None,
        reports: Reports::default(),
    }
}

fn legs(tracked: &Tracked, client_sends: &impl Fn(&Path) -> bool) -> Vec<Leg> {
    let rows = tracked.paths.iter().zip(&tracked.sequence.legs);
    rows.map(|(path, count)| {
        let (source, destination, via) = match path.relay {
            None => (path.source, path.destination, None),
            Some(relay) if client_sends(path) => (relay.client, relay.server, Some(relay.server)),
            Some(relay) => (relay.server, relay.client, Some(relay.server)),
        };
        Leg { source, destination, via, packets: count.packets, duplicates: count.duplicates, missing: count.missing }
    })
    .collect()
}

fn role(codec: Option<&str>) -> Role {
    match codec.and_then(Codec::from_name) {
        Some(Codec::Rtx) => Role::Retransmission,
        Some(Codec::Ulpfec | Codec::Flexfec | Codec::Flexfec03) => Role::ForwardErrorCorrection,
        _ => Role::Media,
    }
}

/// Sound or pictures: as the m-line has it, else as RFC 3551 does, else by what only one of them has.
fn kind(
    tracked: &Tracked,
    line: Option<&Line>,
    payload_type: PayloadType,
    rate: Option<u32>,
) -> Option<(MediaKind, Knowledge)> {
    let of = |audio: bool| if audio { MediaKind::Audio } else { MediaKind::Video };
    if let Some(line) = line {
        return Some((of(line.audio), Knowledge::Sdp));
    }
    if let Some(format) = payload_type.static_format() {
        return Some((of(format.audio), Knowledge::Static));
    }
    let has =
        |kinds: &[Kind]| tracked.extensions.ids().iter().any(|id| id.kind.is_some_and(|kind| kinds.contains(&kind)));
    let audio = match rate {
        Some(90_000) => false,
        Some(_) => true,
        None if has(&[Kind::DependencyDescriptor, Kind::VideoOrientation, Kind::VideoTiming]) => false,
        None if has(&[Kind::SsrcAudioLevel]) => true,
        None => return None,
    };
    Some((of(audio), Knowledge::Inferred))
}

/// The tag of HMAC-SHA1 has ten or four bytes; which of them shows only behind a codec whose packets have a known size.
fn protection(tracked: &Tracked, payload_type: PayloadType) -> Option<Protection> {
    let family = tracked.family?;
    let tag_length = match family {
        ProfileFamily::AesGcm => Some(family.rtcp_tag_length()),
        ProfileFamily::HmacSha1 => fixed_size(tracked, payload_type)
            .and_then(|size| [10, 4].into_iter().find(|tag| size >= *tag && (size - tag).is_multiple_of(80))),
    };
    Some(Protection { family, tag_length })
}

/// The size of every packet of a codec that takes eight bytes a millisecond: PCMU, PCMA and G722.
fn fixed_size(tracked: &Tracked, payload_type: PayloadType) -> Option<usize> {
    let packets = tracked.sequence.received;
    let even = matches!(payload_type.0, 0 | 8 | 9) && packets > 0 && tracked.payload_bytes.is_multiple_of(packets);
    even.then(|| usize::try_from(tracked.payload_bytes / packets).ok()).flatten()
}

fn drift(tracked: &Tracked, rate: u32, source: Knowledge) -> Option<Drift> {
    let error = tracked.course.slope_error()?;
    let slope = tracked.course.slope_hz()?;
    let long = tracked.course.span().as_secs_f64() >= DRIFT_SPAN;
    // An inferred rate is the nearest to the slope: the drift then follows from the assumption.
    let known = source != Knowledge::Inferred || (slope / f64::from(rate) - 1.0).abs() < 0.01;
    let told = Drift { ppm: (slope / f64::from(rate) - 1.0) * 1e6, error_ppm: error * 1e6 };
    (long && known && error <= DRIFT_ERROR).then_some(told)
}

fn frames(tracked: &Tracked, secure: Option<bool>) -> FrameStatistics {
    let frames = &tracked.frames;
    let seen = tracked.extensions.descriptors > 0 || (tracked.payload_read && secure == Some(false));
    let span = frames.span.map_or(0.0, |(first, last)| last.time.since(first.time).as_secs_f64());
    FrameStatistics {
        received: frames.received,
        per_second: (span > 0.0 && frames.received > 1).then(|| (frames.received - 1) as f64 / span),
        mean_bytes: tracked.payload_bytes as f64 / frames.received.max(1) as f64,
        largest_bytes: frames.largest_bytes,
        key_frames: seen.then(|| tracked.key_frames.total()),
        key_frame_moments: seen.then(|| tracked.key_frames.clone()),
        freezes: frames.freezes,
        freezes_of_sender: frames.freezes_of_sender,
        frozen_seconds: frames.frozen_seconds,
        longest_freeze: frames.longest_freeze,
        resolution: tracked.resolution.filter(|_| seen),
        layers: tracked.extensions.layers,
    }
}
