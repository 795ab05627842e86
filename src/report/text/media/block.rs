//! Streams put together: by call, then by who sends to whom, each with what repairs it.

use std::collections::{HashMap, HashSet};

use crate::report::model::{Call, Document, Participant, Session, Stream};
use crate::report::text::calls::called;
use crate::session::media::Role;

/// The streams of one call, or those of none.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// The place of the call.
    pub(super) call: Option<usize>,
    /// Its directions, in order of appearance.
    pub(super) directions: Vec<Direction<'a>>,
}

/// The streams of one sender to one receiver on one path.
#[derive(Debug)]
pub(super) struct Direction<'a> {
    /// What people call the two, where there is more to call them than their addresses on the path.
    pub(super) who: Option<[String; 2]>,
    /// Media, layers of the same source behind one another, each with what repairs it.
    pub(super) lines: Vec<Line<'a>>,
    /// All of them.
    pub(super) streams: Vec<&'a Stream>,
}

/// A stream, and what repairs it.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) stream: &'a Stream,
    pub(super) repairs: Vec<&'a Stream>,
}

/// All streams of `document`; those of no call come last.
pub(super) fn blocks(document: &Document) -> Vec<Block<'_>> {
    let streams = &document.rtp.streams;
    let known: HashMap<&str, &Stream> = streams.iter().map(|stream| (stream.id.as_str(), stream)).collect();
    let sessions: HashMap<&str, &Session> =
        document.ice.sessions.iter().map(|session| (session.id.as_str(), session)).collect();
    let mut taken: HashSet<&str> = HashSet::new();
    let mut blocks = Vec::new();
    for (place, call) in document.calls.iter().enumerate() {
        let own: Vec<&Stream> = call.streams.iter().filter_map(|id| known.get(id.as_str()).copied()).collect();
        taken.extend(own.iter().map(|stream| stream.id.as_str()));
        blocks.push(Block { call: Some(place), directions: directions(&own, Some(call), &sessions) });
    }
    let rest: Vec<&Stream> = streams.iter().filter(|stream| !taken.contains(stream.id.as_str())).collect();
    blocks.push(Block { call: None, directions: directions(&rest, None, &sessions) });
    blocks.retain(|block| !block.directions.is_empty());
    blocks
}

fn directions<'a>(
    streams: &[&'a Stream],
    call: Option<&Call>,
    sessions: &HashMap<&str, &Session>,
) -> Vec<Direction<'a>> {
    let mut places: HashMap<[&str; 2], usize> = HashMap::new();
    let mut groups: Vec<Vec<&Stream>> = Vec::new();
    for stream in streams {
        let place = *places.entry([&stream.source, &stream.destination]).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(stream),
            None => groups.push(vec![stream]),
        }
    }
    let direction = |streams: Vec<&'a Stream>| {
        let who = call.and_then(|call| who(streams.first()?, call, sessions));
        Direction { who, lines: lines(&streams), streams }
    };
    groups.into_iter().map(direction).collect()
}

/// Media in order of appearance, simulcast together; then what repairs something that is elsewhere or unknown.
fn lines<'a>(streams: &[&'a Stream]) -> Vec<Line<'a>> {
    let places: HashMap<&str, usize> =
        streams.iter().enumerate().map(|(place, stream)| (stream.id.as_str(), place)).collect();
    let mut repairs: HashMap<&str, Vec<&Stream>> = HashMap::new();
    let mut shown = vec![false; streams.len()];
    for (stream, shown) in streams.iter().zip(&mut shown) {
        let primary = stream.retransmission_of.as_deref();
        if let Some(primary) = primary.filter(|primary| places.contains_key(primary) && *primary != stream.id) {
            repairs.entry(primary).or_default().push(stream);
            *shown = true;
        }
    }
    let mut lines = Vec::new();
    let mut add = |place: usize| {
        let (Some(stream), Some(shown)) = (streams.get(place), shown.get_mut(place)) else { return };
        if !std::mem::replace(shown, true) {
            let repairs = repairs.remove(stream.id.as_str()).unwrap_or_default();
            lines.push(Line { stream, repairs });
        }
    };
    let media = |stream: &Stream| *stream.role == Role::Media;
    for (place, stream) in streams.iter().enumerate().filter(|(_, stream)| media(stream)) {
        add(place);
        stream.simulcast.iter().filter_map(|id| places.get(id.as_str())).for_each(|place| add(*place));
    }
    (0..streams.len()).for_each(add);
    // Two that each call the other their primary: neither was reached.
    for streams in streams.iter().filter_map(|stream| repairs.remove(stream.id.as_str())) {
        lines.extend(streams.into_iter().map(|stream| Line { stream, repairs: Vec::new() }));
    }
    lines
}

/// The names of sender and receiver; nothing where they are no more than the addresses of the path.
fn who(stream: &Stream, call: &Call, sessions: &HashMap<&str, &Session>) -> Option<[String; 2]> {
    let session = stream.ice_session.as_deref().and_then(|id| sessions.get(id));
    let sender = stream.ufrag.as_deref();
    let receiver =
        session.zip(sender).and_then(|(session, sender)| session.ufrags.iter().find(|ufrag| *ufrag != sender));
    let of = |ufrag: Option<&str>, address: &str| {
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host).trim_matches(['[', ']']);
        let by_agent = |one: &Participant| ufrag.is_some_and(|ufrag| one.ufrags.iter().any(|own| own == ufrag));
        let by_host = |one: &Participant| one.addresses.iter().any(|own| own == host);
        let place =
            call.participants.iter().position(by_agent).or_else(|| call.participants.iter().position(by_host))?;
        let name = called(place, call.participants.get(place)?);
        Some((name == host, name))
    };
    match (of(sender, &stream.source), of(receiver.map(String::as_str), &stream.destination)) {
        (Some((true, _)) | None, Some((true, _)) | None) => None,
        (sender, receiver) => {
            let name =
                |found: Option<(bool, String)>, address: &str| found.map_or(address.to_owned(), |(_, name)| name);
            Some([name(sender, &stream.source), name(receiver, &stream.destination)])
        }
    }
}
