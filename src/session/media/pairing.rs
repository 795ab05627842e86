//! How streams belong together: a stream and its retransmissions, layers of one source, sound and pictures of one participant, a source
//! that goes on elsewhere, two sources with one number.

use std::collections::HashMap;

use super::model::{PairingGround, Role, Stream};
use crate::abbreviated::Abbreviated;
use crate::path::{Endpoint, Path};
use crate::wire::rtp::Ssrc;

/// How far two lives of a source on two paths may overlap where it moved from one to the other, in seconds.
const OVERLAP: f64 = 2.0;
/// How long two sources may overlap, and how long neither may be heard, where one takes over from the other, in seconds.
const CHANGE_OVERLAP: f64 = 0.1;
const CHANGE_GAP: f64 = 5.0;
/// Streams of one way, and of one number, that are compared with each other: comparing is quadratic.
const COMPARED: usize = 64;

/// The streams of one way.
type Ways = HashMap<(Endpoint, Endpoint), Vec<usize>>;

/// Finds what belongs together. `streams` come in order with their places in the table; `groups` gives the groups of sources that a stream's
/// sender describes, `echo` the place of the stream whose timestamps another one repeats.
pub(super) fn pair(
    streams: Vec<(usize, Stream)>,
    groups: impl Fn(usize) -> Vec<(String, Vec<u32>)>,
    echo: impl Fn(usize) -> Option<usize>,
) -> Vec<Stream> {
    let indices: HashMap<usize, usize> =
        streams.iter().enumerate().map(|(index, (place, _))| (*place, index)).collect();
    let echoes: Vec<Option<usize>> =
        streams.iter().map(|(place, _)| echo(*place).and_then(|other| indices.get(&other).copied())).collect();
    let (places, mut streams): (Vec<usize>, Vec<Stream>) = streams.into_iter().unzip();
    let mut ways = Ways::new();
    for (index, stream) in streams.iter().enumerate() {
        let way = ways.entry((stream.path.source, stream.path.destination)).or_default();
        if way.len() < COMPARED {
            way.push(index);
        }
    }
    for (index, place) in places.iter().enumerate() {
        let found = streams.get(index).and_then(|stream| {
            let way = ways.get(&(stream.path.source, stream.path.destination))?;
            retransmits(&streams, way, index, &groups(*place), echoes.get(index).copied().flatten())
        });
        if let Some((primary, ground)) = found {
            let (kind, clock_rate, mid) = streams
                .get(primary)
                .map(|primary| (primary.kind, (primary.clock_rate, primary.clock_rate_source), primary.mid.clone()))
                .unwrap_or_default();
            let Some(stream) = streams.get_mut(index) else { continue };
            stream.retransmission_of = Some((primary, ground));
            stream.role = Role::Retransmission;
            stream.kind = stream.kind.or(kind);
            if stream.clock_rate.is_none() {
                (stream.clock_rate, stream.clock_rate_source) = clock_rate;
            }
            stream.mid = stream.mid.take().or(mid);
        }
    }
    streams.iter_mut().filter(|stream| stream.role != Role::Media).for_each(repairs);
    for way in ways.values() {
        layers(&mut streams, way);
        successors(&mut streams, way);
    }
    companions(&mut streams, &ways);
    same_numbers(&mut streams);
    streams
}

fn retransmits(
    streams: &[Stream],
    way: &[usize],
    index: usize,
    groups: &[(String, Vec<u32>)],
    echo: Option<usize>,
) -> Option<(usize, PairingGround)> {
    let stream = streams.get(index)?;
    let others = || way.iter().copied().filter(move |other| *other != index);
    let with = |ssrc: u32| others().find(|other| streams.get(*other).is_some_and(|other| other.ssrc == Ssrc(ssrc)));
    for (semantics, ids) in groups {
        if let ("FID", [primary, repair, ..]) = (semantics.as_str(), ids.as_slice())
            && *repair == stream.ssrc.0
        {
            return with(*primary).map(|primary| (primary, PairingGround::SsrcGroup));
        }
    }
    let is = |other: &usize, what: &dyn Fn(&Stream) -> bool| streams.get(*other).is_some_and(what);
    if let Some(rid) = &stream.repaired_rid {
        let same = |other: &Stream| other.rid.as_ref() == Some(rid) && other.mid == stream.mid;
        if let Some(primary) = others().find(|other| is(other, &same)) {
            return Some((primary, PairingGround::RepairedStreamId));
        }
    }
    if stream.role == Role::Retransmission {
        let fits = |other: &Stream| {
            other.role == Role::Media && other.kind == stream.kind && (other.mid == stream.mid || other.mid.is_none())
        };
        let mut fitting = others().filter(|other| is(other, &fits));
        if let (Some(primary), None) = (fitting.next(), fitting.next()) {
            return Some((primary, PairingGround::Format));
        }
    }
    let echoed = echo.filter(|other| others().any(|one| one == *other))?;
    is(&echoed, &|other| other.role == Role::Media).then_some((echoed, PairingGround::Timestamps))
}

/// What repairs another stream comes when it is needed, with the timestamps of what it repairs: pauses, jumps and frames of its own mean nothing.
fn repairs(stream: &mut Stream) {
    stream.frames = None;
    stream.jitter = None;
    stream.drift = None;
    stream.silences = Abbreviated::new(0);
    stream.paused_seconds = 0.0;
    stream.discontinuities = Abbreviated::new(0);
}

/// A source that follows another one on its way: the sender began anew under another number.
fn successors(streams: &mut [Stream], way: &[usize]) {
    let mut found = Vec::new();
    for (number, index) in way.iter().enumerate() {
        let Some(stream) = streams.get(*index).filter(|stream| stream.role == Role::Media) else { continue };
        let follows = |before: &Stream| {
            let silence = stream.first.time.seconds_from(before.last.time);
            let alike =
                before.kind == stream.kind && before.payload_type == stream.payload_type && before.mid == stream.mid;
            before.role == Role::Media && alike && (-CHANGE_OVERLAP..CHANGE_GAP).contains(&silence)
        };
        let before = way.iter().take(number).rev().find(|other| streams.get(**other).is_some_and(follows));
        found.extend(before.map(|before| (*index, *before)));
    }
    for (index, before) in found {
        if let Some(stream) = streams.get_mut(index) {
            stream.replaces = Some(before);
        }
    }
}

/// Layers of one source that are sent beside each other.
fn layers(streams: &mut [Stream], way: &[usize]) {
    let like = |one: &Stream, other: &Stream| {
        let one_source =
            one.mid.is_some() && one.mid == other.mid && one.role == Role::Media && other.role == Role::Media;
        let at_once = one.first < other.last && other.first < one.last;
        one_source && at_once && one.kind == other.kind && one.ssrc != other.ssrc
    };
    for index in way {
        let Some(stream) = streams.get(*index) else { continue };
        let found: Vec<usize> =
            way.iter().copied().filter(|other| streams.get(*other).is_some_and(|other| like(stream, other))).collect();
        if let Some(stream) = streams.get_mut(*index) {
            stream.simulcast = found;
        }
    }
}

/// Sound and pictures of one participant: one CNAME or one media stream, else one sender on one way with one of each.
fn companions(streams: &mut [Stream], ways: &Ways) {
    let stream_id = |stream: &Stream| stream.msid.as_deref().and_then(|msid| msid.split(' ').next()).map(str::to_owned);
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    for way in ways.values() {
        for index in way {
            let Some(stream) = streams.get(*index).filter(|stream| stream.role == Role::Media && stream.kind.is_some())
            else {
                continue;
            };
            let others = way.iter().copied().filter(|other| {
                streams.get(*other).is_some_and(|other| {
                    let known = stream.cname.is_some() && other.cname.is_some();
                    let shared = stream.cname == other.cname
                        || (stream_id(stream).is_some() && stream_id(stream) == stream_id(other));
                    other.role == Role::Media && other.kind.is_some() && other.kind != stream.kind && (shared || !known)
                })
            });
            found.push((*index, others.collect()));
        }
    }
    for (index, others) in found {
        if let Some(stream) = streams.get_mut(index) {
            stream.companions = others;
        }
    }
}

/// The same SSRC twice: one source that moved, or two of one number.
fn same_numbers(streams: &mut [Stream]) {
    let mut by_ssrc: HashMap<Ssrc, Vec<usize>> = HashMap::new();
    for (index, stream) in streams.iter().enumerate() {
        by_ssrc.entry(stream.ssrc).or_default().push(index);
    }
    for same in by_ssrc.values().filter(|same| same.len() > 1) {
        for (number, index) in same.iter().enumerate().skip(1) {
            let Some(stream) = streams.get(*index) else { continue };
            let before = same.iter().take(number).rev().take(COMPARED);
            let before: Vec<(usize, &Stream)> = before.filter_map(|at| Some((*at, streams.get(*at)?))).collect();
            let moved = before.iter().find(|(_, before)| {
                let overlap = before.last.time.seconds_from(stream.first.time);
                overlap < OVERLAP && before.path != stream.path && before.path != stream.path.reversed()
            });
            let collides = before.iter().find(|(_, before)| collide(before, stream));
            let (moved, collides) = (moved.map(|(at, _)| *at), collides.map(|(at, _)| *at));
            if let Some(stream) = streams.get_mut(*index) {
                (stream.continues, stream.collides_with) = (moved.filter(|_| collides.is_none()), collides);
            }
        }
    }
}

/// Two senders with one number that somebody receives both of, or that send it to each other (RFC 3550, section 8.2).
fn collide(one: &Stream, other: &Stream) -> bool {
    let overlap = one.last.min(other.last).time.seconds_from(one.first.max(other.first).time);
    let reverse = |path: &Path| path.reversed();
    let at_one_receiver =
        one.path.destination == other.path.destination && one.path.source.address != other.path.source.address;
    overlap > OVERLAP && (at_one_receiver || one.path == reverse(&other.path))
}
