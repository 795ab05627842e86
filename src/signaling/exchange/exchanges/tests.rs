//! Signals that were made up, and what they are put together to.

use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use super::*;
use crate::moment::{FrameNumber, Timestamp};
use crate::path::Endpoint;
use crate::signal::{Addressing, Carrier, IceServer};

const A: Speaker = Speaker::Client;
const S: Speaker = Speaker::Server;
const OFFER: Option<DescriptionType> = Some(DescriptionType::Offer);
const ANSWER: Option<DescriptionType> = Some(DescriptionType::Answer);

/// A description of the connection `session` with this user fragment.
fn sdp(session: u64, version: u64, ufrag: &str, setup: &str) -> String {
    format!(
        "v=0\r\no=- {session} {version} IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n\
         c=IN IP4 0.0.0.0\r\na=mid:0\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:{ufrag}0123456789012345678901\r\na=setup:{setup}\r\n"
    )
}

fn offer(session: u64, ufrag: &str) -> Matter {
    described(OFFER, &sdp(session, 2, ufrag, "actpass"))
}

fn answer(session: u64, ufrag: &str) -> Matter {
    described(ANSWER, &sdp(session, 2, ufrag, "active"))
}

fn described(kind: Option<DescriptionType>, sdp: &str) -> Matter {
    Matter::Description(Description { kind, sdp: sdp.to_owned() })
}

fn candidate(text: &str) -> Matter {
    let text = format!("candidate:{text}");
    Matter::Candidate(Candidate { candidate: text, mid: Some("0".to_owned()), ..Candidate::default() })
}

fn room(word: RoomWord) -> Matter {
    Matter::Room(RoomEvent { word, said: word.name().to_owned(), member: None })
}

fn end() -> Matter {
    Matter::EndOfCandidates { mid: Some("0".to_owned()) }
}

/// A signal on a WebSocket of its own for each channel, all with one server.
fn signal(time: i64, channel: u64, speaker: Speaker, matter: Matter) -> Signal {
    let client = Endpoint::new(IpAddr::V4(Ipv4Addr::from(u32::try_from(channel).unwrap())), 1000);
    let server = Endpoint::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 80);
    let (source, destination) = if speaker == A { (client, server) } else { (server, client) };
    Signal {
        moment: Moment { time: Timestamp(time), frame: FrameNumber(0) },
        carrier: Carrier::WebSocket,
        channel: Channel(channel),
        speaker,
        source: Some(source),
        destination: Some(destination),
        addressing: Addressing::default(),
        matter,
    }
}

fn named(mut signal: Signal, from: &str, to: &str) -> Signal {
    let word = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    signal.addressing = Addressing { from: word(from), to: word(to), ..Addressing::default() };
    signal
}

fn threaded(mut signal: Signal, thread: &str) -> Signal {
    signal.addressing.thread = Some(thread.to_owned());
    signal
}

fn sip(mut signal: Signal, tag: &str) -> Signal {
    signal.carrier = Carrier::Sip;
    signal.addressing.thread = (!tag.is_empty()).then(|| tag.to_owned());
    signal
}

fn put(signals: impl IntoIterator<Item = Signal>) -> Exchanges {
    let mut exchanges = Exchanges::new(Limits::default());
    signals.into_iter().for_each(|signal| exchanges.observe(signal));
    exchanges
}

fn only(exchanges: &Exchanges) -> &Exchange {
    assert_eq!(exchanges.exchanges().len(), 1);
    exchanges.exchanges().first().unwrap()
}

fn states(exchange: &Exchange) -> Vec<String> {
    exchange.states.iter().map(|change| format!("{} {}", change.party, change.state)).collect()
}

/// The names of what happened.
fn incidents(exchange: &Exchange) -> Vec<String> {
    let name = |happening: &Happening| {
        format!("{:?}", happening.incident).split([' ', '(']).next().unwrap_or_default().to_owned()
    };
    exchange.happenings.iter().map(name).collect()
}

#[test]
fn two_clients_of_a_server_have_one_exchange() {
    let exchanges = put([
        signal(1, 1, A, room(RoomWord::Join)),
        signal(2, 2, A, room(RoomWord::Join)),
        signal(10, 1, A, offer(5, "aaaa")),
        signal(11, 1, A, candidate("1 1 udp 1 192.0.2.1 9 typ host ufrag aaaa")),
        signal(12, 2, S, offer(5, "aaaa")),
        signal(13, 2, S, candidate("1 1 udp 1 192.0.2.1 9 typ host ufrag aaaa")),
        signal(20, 2, A, answer(6, "bbbb")),
        signal(21, 1, S, answer(6, "bbbb")),
        signal(30, 1, A, room(RoomWord::Bye)),
    ]);
    let exchange = only(&exchanges);
    assert_eq!(
        exchange.descriptions.iter().map(|sent| (sent.from, sent.again.len())).collect::<Vec<_>>(),
        [(0, 1), (1, 1)]
    );
    assert_eq!((exchange.candidates.len(), exchange.candidates.first().unwrap().again.len()), (1, 1));
    assert!(exchange.parties.iter().all(|party| party.heard && party.server.is_some()));
    let times: Vec<_> = exchange.states.iter().map(|change| (change.moment.time.0, change.party)).collect();
    assert_eq!(times, [(10, 0), (12, 1), (20, 1), (21, 0)]);
    assert_eq!(incidents(exchange), ["Room", "Room", "Answered", "Room"]);
    assert!(!exchange.one_way && exchanges.held() == 0);
}

#[test]
fn a_text_that_is_changed_on_its_way_is_said_to_be() {
    let changed = |kind, text: String| described(kind, &text.replace("0123456789", "9876543210"));
    let exchanges = put([
        signal(1, 1, A, offer(5, "aaaa")),
        signal(2, 2, S, changed(OFFER, sdp(5, 2, "aaaa", "actpass"))),
        signal(3, 2, A, answer(6, "bbbb")),
        signal(4, 1, S, changed(ANSWER, sdp(6, 2, "bbbb", "active"))),
    ]);
    let exchange = only(&exchanges);
    assert_eq!(exchange.descriptions.len(), 2);
    assert_eq!(incidents(exchange), ["Altered", "Answered", "Altered"]);
    assert!(exchange.parties.iter().all(|party| party.heard));
}

#[test]
fn connections_of_a_conference_are_told_apart_by_thread() {
    let exchanges = put([
        threaded(signal(1, 1, A, offer(5, "aaaa")), "publisher"),
        threaded(signal(2, 1, S, offer(6, "bbbb")), "subscriber"),
        threaded(signal(3, 1, A, answer(7, "cccc")), "subscriber"),
        threaded(signal(4, 1, S, answer(8, "dddd")), "publisher"),
        threaded(signal(5, 1, S, candidate("1 1 udp 1 192.0.2.1 9 typ host")), "subscriber"),
        threaded(signal(6, 1, S, described(OFFER, &sdp(6, 3, "bbbb", "actpass"))), "subscriber"),
    ]);
    let [publisher, subscriber] = exchanges.exchanges() else { panic!("{exchanges:?}") };
    assert_eq!((publisher.descriptions.len(), publisher.candidates.len()), (2, 0));
    assert_eq!((subscriber.descriptions.len(), subscriber.candidates.len()), (3, 1));
    assert_eq!(incidents(publisher), ["Answered"]);
}

#[test]
fn connections_of_a_conference_are_told_apart_by_their_sessions() {
    let exchanges = put([
        signal(1, 1, A, offer(5, "aaaa")),
        signal(2, 1, S, answer(6, "bbbb")),
        signal(3, 1, S, offer(7, "cccc")),
        signal(4, 1, A, answer(8, "dddd")),
        signal(5, 1, S, described(OFFER, &sdp(7, 3, "cccc", "actpass"))),
        signal(6, 1, A, described(OFFER, &sdp(5, 3, "aaaa", "actpass"))),
        signal(7, 1, A, described(ANSWER, &sdp(8, 3, "dddd", "active"))),
        signal(8, 1, S, described(ANSWER, &sdp(6, 3, "bbbb", "active"))),
        signal(9, 1, S, candidate("1 1 udp 1 192.0.2.1 9 typ host ufrag cccc")),
    ]);
    let [publisher, subscriber] = exchanges.exchanges() else { panic!("{exchanges:?}") };
    assert_eq!((publisher.descriptions.len(), subscriber.descriptions.len()), (4, 4));
    assert_eq!((publisher.candidates.len(), subscriber.candidates.len()), (0, 1));
    assert_eq!(incidents(publisher), ["Answered", "Answered"]);
    assert_eq!(incidents(subscriber), ["Answered", "Answered"]);
}

#[test]
fn a_mesh_is_told_apart_by_names() {
    let exchanges = put([
        named(signal(1, 1, A, offer(5, "aaaa")), "a", "b"),
        named(signal(2, 1, A, offer(6, "bbbb")), "a", "c"),
        named(signal(3, 1, S, answer(7, "cccc")), "c", "a"),
        named(signal(4, 1, S, answer(8, "dddd")), "b", "a"),
        named(signal(5, 1, S, offer(9, "eeee")), "d", "a"),
    ]);
    let names: Vec<_> = exchanges
        .exchanges()
        .iter()
        .map(|exchange| exchange.parties.iter().filter_map(|party| party.name.as_deref()).collect::<String>())
        .collect();
    assert_eq!(names, ["ab", "ac", "da"]);
    assert!(exchanges.exchanges().iter().take(2).all(|exchange| exchange.descriptions.len() == 2));
}

#[test]
fn offers_that_cross_are_one_exchange() {
    let exchanges = put([
        named(signal(1, 1, A, offer(5, "aaaa")), "a", "b"),
        named(signal(2, 2, A, offer(6, "bbbb")), "b", "a"),
        named(signal(3, 1, S, offer(6, "bbbb")), "b", "a"),
        named(signal(4, 2, S, offer(5, "aaaa")), "a", "b"),
        named(signal(5, 1, A, described(ANSWER, &sdp(5, 3, "aaaa", "active"))), "a", "b"),
        named(signal(6, 2, S, described(ANSWER, &sdp(5, 3, "aaaa", "active"))), "a", "b"),
    ]);
    let exchange = only(&exchanges);
    assert_eq!(incidents(exchange).first().unwrap(), "Glare");
    let times: Vec<_> = exchange.states.iter().map(|change| (change.moment.time.0, change.party)).collect();
    assert_eq!(times, [(1, 0), (2, 1), (3, 0), (5, 0), (6, 1)]);
    // Seen by one of the two.
    let exchanges = put([
        signal(1, 1, A, offer(5, "aaaa")),
        signal(3, 1, S, offer(6, "bbbb")),
        signal(5, 1, A, described(ANSWER, &sdp(5, 3, "aaaa", "active"))),
        signal(7, 1, S, described(OFFER, &sdp(6, 3, "bbbb", "actpass"))),
    ]);
    let exchange = only(&exchanges);
    assert_eq!(incidents(exchange).first().unwrap(), "Glare");
    assert_eq!(
        states(exchange)[..5],
        ["0 have-local-offer", "1 have-local-offer", "0 have-remote-offer", "0 stable", "1 stable"]
    );
}

#[test]
fn a_name_that_two_have_joins_nothing() {
    let exchanges =
        put([named(signal(1, 1, A, offer(5, "aaaa")), "a", "b"), named(signal(2, 2, S, offer(6, "bbbb")), "b", "a")]);
    assert_eq!(exchanges.exchanges().len(), 2);
}

#[test]
fn forks_of_a_call_are_parties_of_their_own() {
    let plain = |session| sdp(session, 1, "x", "active").replace("a=ice-ufrag:x\r\n", "");
    let pranswer = Some(DescriptionType::Pranswer);
    let exchanges = put([
        sip(signal(1, 1, A, described(OFFER, &plain(1))), ""),
        sip(signal(2, 1, S, described(pranswer, &plain(2))), "x"),
        sip(signal(3, 1, S, described(pranswer, &plain(3))), "y"),
        sip(signal(4, 1, S, described(ANSWER, &plain(3))), "y"),
        sip(signal(5, 1, S, described(OFFER, &plain(4))), "y"),
        sip(signal(6, 1, A, described(ANSWER, &plain(1))), "y"),
        sip(signal(9, 1, A, room(RoomWord::Bye)), "y"),
    ]);
    let exchange = only(&exchanges);
    assert_eq!(exchange.parties.len(), 3);
    let authors: Vec<_> = exchange.descriptions.iter().map(|sent| (sent.from, sent.to)).collect();
    assert_eq!(authors, [(0, 1), (1, 0), (2, 0), (2, 0), (2, 0), (0, 2)]);
    assert_eq!(incidents(exchange).iter().filter(|name| *name == "Answered").count(), 2);
    assert!(!incidents(exchange).contains(&"IllegalTransition".to_owned()));
    assert!(exchange.parties.iter().all(|party| party.server.is_none() && party.heard));
}

#[test]
fn a_call_is_one_exchange_however_alike_calls_are() {
    let text = "v=0\r\no=user1 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n";
    let exchanges = put([
        sip(signal(1, 1, A, described(OFFER, text)), ""),
        sip(signal(2, 2, A, described(OFFER, text)), ""),
        sip(signal(3, 1, S, described(ANSWER, text)), "x"),
        sip(signal(4, 1, A, described(OFFER, text)), "x"),
        sip(signal(5, 1, S, described(ANSWER, text)), "x"),
    ]);
    let counts: Vec<_> = exchanges.exchanges().iter().map(|exchange| exchange.descriptions.len()).collect();
    assert_eq!(counts, [4, 1]);
    let (first, second) = (exchanges.exchanges().first().unwrap(), exchanges.exchanges().last().unwrap());
    assert_eq!(incidents(first), ["Answered", "Answered"]);
    assert!(second.one_way && !first.one_way);
}

#[test]
fn candidates_that_come_early_wait_and_those_after_the_end_are_late() {
    let exchanges = put([
        signal(1, 1, A, candidate("1 1 udp 1 192.0.2.1 9 typ host ufrag aaaa")),
        signal(2, 1, A, offer(5, "aaaa")),
        signal(3, 1, S, candidate("2 1 udp 1 192.0.2.2 9 typ host ufrag bbbb")),
        signal(4, 1, S, answer(6, "bbbb")),
        signal(5, 1, A, end()),
        signal(6, 1, A, candidate("3 1 udp 1 192.0.2.1 9 typ srflx ufrag aaaa")),
        signal(7, 1, A, candidate("4 1 udp 1 192.0.2.1 9 typ host ufrag cccc")),
    ]);
    let exchange = only(&exchanges);
    assert_eq!(exchange.candidates.iter().map(|sent| sent.from).collect::<Vec<_>>(), [0, 1, 0, 0, 0]);
    assert_eq!(
        incidents(exchange),
        ["EarlyCandidate", "EarlyCandidate", "Answered", "EndOfCandidates", "LateCandidate"]
    );
}

#[test]
fn a_restart_and_a_changed_direction_are_seen() {
    let held = sdp(5, 4, "cccc", "actpass") + "a=sendonly\r\n";
    let exchanges = put([
        signal(1, 1, A, offer(5, "aaaa")),
        signal(2, 1, S, answer(6, "bbbb")),
        signal(3, 1, A, described(OFFER, &sdp(5, 3, "cccc", "actpass"))),
        signal(4, 1, S, described(ANSWER, &sdp(6, 3, "dddd", "active"))),
        signal(5, 1, A, described(OFFER, &held)),
    ]);
    assert_eq!(incidents(only(&exchanges)), ["Answered", "IceRestart", "Answered", "IceRestart", "Renegotiated"]);
}

#[test]
fn types_that_are_not_said_follow_from_the_order() {
    let exchanges = put([
        signal(1, 1, A, described(None, &sdp(5, 2, "aaaa", "actpass"))),
        signal(2, 1, S, described(None, &sdp(6, 2, "bbbb", "active"))),
    ]);
    let found: Vec<_> = only(&exchanges).descriptions.iter().map(|sent| (sent.kind, sent.kind_inferred)).collect();
    assert_eq!(found, [(DescriptionType::Offer, true), (DescriptionType::Answer, true)]);
}

#[test]
fn one_direction_gives_no_answer_that_was_not_seen() {
    let offers = [signal(1, 1, A, offer(5, "aaaa")), signal(3, 1, A, described(OFFER, &sdp(5, 3, "aaaa", "actpass")))];
    let exchanges = put(offers);
    let exchange = only(&exchanges);
    assert!(exchange.one_way && incidents(exchange).is_empty() && exchange.descriptions.len() == 2);
    let answers =
        [signal(2, 1, S, answer(6, "bbbb")), signal(4, 1, S, described(ANSWER, &sdp(6, 3, "bbbb", "active")))];
    let exchanges = put(answers);
    let exchange = only(&exchanges);
    assert!(exchange.one_way && incidents(exchange).is_empty() && exchange.states.is_empty());
}

#[test]
fn a_second_answer_is_illegal_and_a_rollback_frees() {
    let exchanges = put([
        signal(1, 1, A, offer(5, "aaaa")),
        signal(2, 1, S, answer(6, "bbbb")),
        signal(3, 1, S, described(ANSWER, &sdp(6, 3, "bbbb", "active"))),
        signal(4, 1, A, described(OFFER, &sdp(5, 3, "aaaa", "actpass"))),
        signal(5, 1, A, described(Some(DescriptionType::Rollback), "")),
    ]);
    let exchange = only(&exchanges);
    assert_eq!(incidents(exchange), ["Answered", "IllegalTransition"]);
    assert_eq!(states(exchange).last().unwrap(), "1 stable");
}

#[test]
fn a_rollback_that_is_passed_on_is_one() {
    let rollback = || described(Some(DescriptionType::Rollback), "");
    let exchanges = put([
        signal(1, 1, A, offer(5, "aaaa")),
        signal(2, 2, S, offer(5, "aaaa")),
        signal(3, 1, A, rollback()),
        signal(4, 2, S, rollback()),
        signal(5, 2, A, offer(6, "bbbb")),
        signal(6, 1, S, offer(6, "bbbb")),
    ]);
    let exchange = only(&exchanges);
    let kinds: Vec<&str> = exchange.descriptions.iter().map(|sent| sent.kind.name()).collect();
    assert_eq!(kinds, ["offer", "rollback", "offer"]);
    let states = states(exchange);
    assert!(states.contains(&"0 have-remote-offer".to_owned()) && states.contains(&"1 have-local-offer".to_owned()));
}

#[test]
fn words_of_rooms_where_nobody_negotiates_begin_nothing_and_are_bounded() {
    let limits = Limits { held_signals: 100, channels: 50, exchange_signals: 20, ..Limits::default() };
    let mut exchanges = Exchanges::new(limits);
    for time in 0..10_000 {
        exchanges.observe(signal(time, u64::try_from(time % 500).unwrap(), A, room(RoomWord::Join)));
    }
    assert!(exchanges.exchanges().is_empty() && exchanges.held() <= 100 && exchanges.talks.len() <= 50);
    exchanges.observe(signal(10_001, 499, A, offer(1, "aaaa")));
    for time in 10_002..20_000 {
        exchanges.observe(signal(time, 499, A, room(RoomWord::Leave)));
    }
    let exchange = only(&exchanges);
    assert!(exchange.happenings.len() <= 20 && exchange.happenings_omitted > 9000);
}

#[test]
fn a_long_exchange_is_told_some_changes_at_a_time_and_whole_when_asked() {
    let limits = Limits { exchange_signals: 100_000, exchange_descriptions: 3000, ..Limits::default() };
    let mut exchanges = Exchanges::new(limits);
    for round in 0..1000 {
        let time = i64::try_from(round).unwrap() * 10;
        exchanges.observe(signal(time, 1, A, described(OFFER, &sdp(5, round, "aaaa", "actpass"))));
        exchanges.observe(signal(time + 5, 1, S, described(ANSWER, &sdp(6, round, "bbbb", "active"))));
    }
    exchanges.settle();
    let exchange = only(&exchanges);
    assert_eq!((exchange.descriptions.len(), exchange.states.len()), (2000, 4000));
    assert_eq!(incidents(exchange).iter().filter(|name| *name == "Answered").count(), 1000);
    assert!(!incidents(exchange).iter().any(|name| name == "IllegalTransition"));
}

#[test]
fn exchanges_descriptions_and_candidates_are_bounded() {
    let limits = Limits { exchanges: 10, exchange_signals: 30, exchange_descriptions: 20, ..Limits::default() };
    let mut exchanges = Exchanges::new(limits);
    for number in 0..10_000 {
        let ufrag = format!("u{number}");
        exchanges.observe(signal(i64::try_from(number).unwrap(), number + 1, A, offer(number, &ufrag)));
    }
    assert_eq!((exchanges.exchanges().len(), exchanges.omitted()), (10, 9990));
    for number in 0..20_000 {
        let text = format!("{number} 1 udp 1 192.0.2.1 9 typ host ufrag u0");
        exchanges.observe(signal(20_000 - number, 1, A, candidate(&text)));
    }
    for version in 0..200 {
        let text = sdp(0, 10 + version, &format!("v{version}"), "actpass");
        exchanges.observe(signal(40_000, 1, A, described(OFFER, &text)));
    }
    let exchange = exchanges.exchanges().first().unwrap();
    assert_eq!((exchange.candidates.len(), exchange.candidates_omitted), (30, 19_970));
    assert_eq!((exchange.descriptions.len(), exchange.descriptions_omitted), (20, 181));
    assert!(exchange.happenings.len() <= 30);
}

#[test]
fn bytes_are_bounded_and_so_are_parties() {
    let mut exchanges = Exchanges::new(Limits { exchange_bytes: 100_000, ..Limits::default() });
    for number in 0..1000 {
        exchanges.observe(signal(i64::try_from(number).unwrap(), number + 1, A, offer(number, &format!("u{number}"))));
    }
    assert!(exchanges.bytes < 110_000 && exchanges.omitted() > 900);
    let forks = (0..1000).map(|tag| sip(signal(2, 1, S, answer(tag, "b")), &tag.to_string()));
    let exchanges = put(std::iter::once(sip(signal(1, 1, A, offer(1, "a")), "")).chain(forks));
    assert!(only(&exchanges).parties.len() <= super::super::book::PARTIES);
    let passed = (0..1000).map(|channel| signal(2, channel + 2, S, offer(1, "aaaa")));
    let exchanges = put(std::iter::once(signal(1, 1, A, offer(1, "aaaa"))).chain(passed));
    assert!(exchanges.exchanges().first().unwrap().channels.len() <= super::super::book::CHANNELS);
}

#[test]
fn events_tell_each_thing_once_and_as_it_comes() {
    let mut exchanges = Exchanges::new(Limits::default());
    exchanges.observe(signal(1, 1, A, offer(5, "aaaa")));
    let first: Vec<News> = exchanges.take_events().into_iter().map(|event| event.news).collect();
    assert_eq!(first, [News::Started, News::State(0), News::State(1), News::Description(0)]);
    exchanges.observe(signal(2, 1, A, candidate("1 1 udp 1 192.0.2.1 9 typ host ufrag aaaa")));
    exchanges.observe(signal(3, 2, S, offer(5, "aaaa")));
    exchanges.observe(signal(4, 2, A, answer(6, "bbbb")));
    let then: Vec<News> = exchanges.take_events().into_iter().map(|event| event.news).collect();
    assert_eq!(then, [News::Candidate(0), News::State(2), News::State(3), News::Incident(0), News::Description(1)]);
}

#[test]
fn servers_are_told_to_the_client() {
    let server = IceServer { uri: "turn:turn.example".to_owned(), username: None };
    let exchanges = put([signal(1, 1, S, Matter::IceServers(vec![server])), signal(2, 1, A, offer(5, "aaaa"))]);
    let exchange = only(&exchanges);
    assert_eq!(incidents(exchange), ["IceServers"]);
    assert_eq!(exchange.happenings.first().unwrap().party, Some(0));
}

/// A call, seen at both ends and in a dump of the first: what the signals of the capture are, and those of the dump.
fn call_and_dump() -> (Vec<Signal>, Vec<Signal>) {
    let own = |time, text| signal(time, 1, A, candidate(text));
    let first = "1 1 udp 1 192.0.2.1 9 typ host ufrag aaaa";
    let call = vec![
        signal(10, 1, A, offer(5, "aaaa")),
        own(12, first),
        signal(14, 2, S, offer(5, "aaaa")),
        signal(16, 2, S, candidate(first)),
        signal(20, 2, A, answer(6, "bbbb")),
        signal(24, 1, S, answer(6, "bbbb")),
        signal(25, 1, A, end()),
        signal(30, 2, A, described(OFFER, &sdp(6, 3, "bbbb", "actpass"))),
        signal(34, 1, S, described(OFFER, &sdp(6, 3, "bbbb", "actpass"))),
        signal(40, 1, A, described(ANSWER, &sdp(5, 3, "aaaa", "active"))),
        signal(44, 2, S, described(ANSWER, &sdp(5, 3, "aaaa", "active"))),
    ];
    let dump = call
        .iter()
        .filter(|signal| signal.channel == Channel(1))
        .map(|signal| Signal {
            channel: Channel(9),
            carrier: Carrier::Internals,
            source: None,
            destination: None,
            moment: Moment {
                time: Timestamp(signal.moment.time.0 + if signal.speaker == A { -1 } else { 1 }),
                ..Moment::default()
            },
            ..signal.clone()
        })
        .collect();
    (call, dump)
}

/// What does not depend on the order in which conversations became known.
fn gist(exchange: &Exchange) -> Exchange {
    let mut gist = exchange.clone();
    gist.channels.sort();
    gist.carrier = Carrier::WebSocket;
    gist
}

#[test]
fn a_dump_read_afterwards_is_as_good_as_one_read_meanwhile() {
    let (call, dump) = call_and_dump();
    let afterwards = put(call.iter().chain(&dump).cloned());
    let mut all: Vec<Signal> = call.into_iter().chain(dump).collect();
    all.sort_by_key(|signal| signal.moment);
    let meanwhile = put(all);
    assert_eq!(gist(only(&afterwards)), gist(only(&meanwhile)));
}

fn any_signal() -> impl Strategy<Value = Signal> {
    let matter = (0..9_u8, 0..4_u64, 0..3_u64).prop_map(|(kind, session, version)| {
        let ufrag = format!("u{session}");
        match kind {
            0 | 1 => described(OFFER, &sdp(session, version, &ufrag, "actpass")),
            2 | 3 => described(ANSWER, &sdp(session, version, &ufrag, "active")),
            4 => described(None, &sdp(session, version, &ufrag, if version == 0 { "actpass" } else { "passive" })),
            5 => described(Some(DescriptionType::Rollback), ""),
            6 => candidate(&format!("{version} 1 udp 1 192.0.2.1 9 typ host ufrag {ufrag}")),
            7 => end(),
            _ => room(if version == 0 { RoomWord::Bye } else { RoomWord::Join }),
        }
    });
    (0..50_i64, 0..4_u64, any::<bool>(), matter, 0..4_u8, 0..3_u8).prop_map(
        |(time, channel, client, matter, carrier, thread)| {
            let mut signal = signal(time, channel, if client { A } else { S }, matter);
            signal.carrier = [Carrier::WebSocket, Carrier::Sip, Carrier::Http, Carrier::File][usize::from(carrier)];
            signal.addressing.thread = (thread > 0).then(|| thread.to_string());
            signal.addressing.to = (thread > 1).then(|| thread.to_string());
            signal
        },
    )
}

proptest! {
    #[test]
    fn any_signals_in_any_order_stay_in_order_and_inside_the_bounds(
        signals in prop::collection::vec(any_signal(), 0..120),
    ) {
        let limits = Limits { exchanges: 5, exchange_signals: 12, exchange_descriptions: 10, held_signals: 8, ..Limits::default() };
        let mut exchanges = Exchanges::new(limits);
        for signal in signals {
            exchanges.observe(signal);
        }
        prop_assert!(exchanges.exchanges().len() <= 5 && exchanges.held() <= 8);
        for exchange in exchanges.exchanges() {
            prop_assert!(exchange.descriptions.len() <= 10 && exchange.candidates.len() <= 12);
            prop_assert!(exchange.states.len() <= 12 && exchange.happenings.len() <= 12);
            prop_assert!(exchange.descriptions.is_sorted_by_key(|sent| sent.moment));
            prop_assert!(exchange.candidates.is_sorted_by_key(|sent| sent.moment));
            prop_assert!(exchange.states.is_sorted_by_key(|change| change.moment));
            prop_assert!(exchange.happenings.is_sorted_by_key(|happening| happening.moment));
            let parties = exchange.parties.len();
            prop_assert!(exchange.descriptions.iter().all(|sent| sent.from < parties && sent.to < parties));
            prop_assert!(exchange.states.iter().all(|change| change.party < parties));
        }
    }
}
