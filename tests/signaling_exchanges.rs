//! The exchanges of every capture with plain signalling, against what its peers and their server say.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs, unreachable_pub)]
#![cfg(feature = "capture")]

mod signaling;

use std::path::Path;

use rtcscope::moment::Timestamp;
use rtcscope::signal::{Carrier, Channel, DescriptionType, RoomWord, Signal, Speaker};
use rtcscope::signaling::Limits;
use rtcscope::signaling::exchange::{Exchange, Exchanges, Incident, SignalingState};
use signaling::truth::{self, Party, Truth};

/// Where the capture and the truth differ, and why.
const EXCEPTIONS: &[(&str, &str)] = &[("x-snaplen96", "packets are cut after 96 bytes: no message is whole")];
/// Peers whose log of states is not to be believed, and why.
const STATES: &[(&str, &str, &str)] =
    &[("e-dc-chromium-node-datachannel", "B", "the library answers by itself and says stable twice")];

fn put_together(signals: impl IntoIterator<Item = Signal>) -> Vec<Exchange> {
    let mut exchanges = Exchanges::new(Limits::default());
    signals.into_iter().for_each(|signal| exchanges.observe(signal));
    assert_eq!(exchanges.omitted(), 0);
    exchanges.exchanges().to_vec()
}

/// Every capture with signals, with its truth.
fn each(mut take: impl FnMut(&Truth, &Path, Vec<Signal>)) -> usize {
    let mut count = 0;
    for truth in truth::all() {
        if EXCEPTIONS.iter().any(|(name, _)| *name == truth.name) {
            continue;
        }
        for capture in truth.captures() {
            let signals = signaling::listen(&capture);
            if !signals.is_empty() {
                count += 1;
                take(&truth, &capture, signals);
            }
        }
    }
    eprintln!("{count} captures compared");
    count
}

/// The place in the exchange of a party of the truth.
fn place(exchange: &Exchange, truth: &Truth, party: &Party) -> usize {
    let named = |id: &str| exchange.parties.iter().position(|known| known.name.as_deref() == Some(id));
    let other = truth.parties.iter().find(|other| other.id != party.id).unwrap();
    named(&party.id).unwrap_or_else(|| 1 - named(&other.id).expect("a party with a name"))
}

/// Who said what, one list for descriptions and one for the candidates of each party.
fn told(exchange: &Exchange) -> (Vec<(usize, String)>, Vec<Vec<String>>) {
    let descriptions =
        exchange.descriptions.iter().map(|sent| (sent.from, format!("{} {}", sent.kind.name(), sent.sdp))).collect();
    let of = |party| {
        let mine = exchange.candidates.iter().filter(move |sent| sent.from == party);
        mine.map(|sent| match sent.candidate.as_str() {
            "" => "end".to_owned(),
            text => format!("candidate {text} {:?}", sent.mid),
        })
        .collect()
    };
    (descriptions, (0..exchange.parties.len()).map(of).collect())
}

fn states_of(exchange: &Exchange, party: usize) -> Vec<String> {
    exchange.states.iter().filter(|change| change.party == party).map(|change| change.state.name().to_owned()).collect()
}

fn compare(truth: &Truth, capture: &Path, exchanges: &[Exchange], faults: &mut Vec<String>) {
    let name = capture.file_name().unwrap().to_string_lossy().into_owned();
    let [exchange] = exchanges else {
        faults.push(format!("{name}: {} exchanges", exchanges.len()));
        return;
    };
    let (descriptions, candidates) = told(exchange);
    let wanted: Vec<(usize, String)> = truth
        .all_said()
        .into_iter()
        .filter(|(_, line)| !line.starts_with("candidate") && line != "end")
        .map(|(party, line)| (place(exchange, truth, party), line))
        .collect();
    if descriptions != wanted {
        let short = |list: &[(usize, String)]| {
            list.iter().map(|(from, text)| format!("{from} {}", text.get(..40).unwrap_or(text))).collect::<Vec<_>>()
        };
        faults.push(format!("{name}: descriptions {:?} wanted {:?}", short(&descriptions), short(&wanted)));
    }
    for party in &truth.parties {
        let at = place(exchange, truth, party);
        let all = truth.all_said();
        let wanted: Vec<&String> = all
            .iter()
            .filter(|(by, line)| by.id == party.id && (line.starts_with("candidate") || line == "end"))
            .map(|(_, line)| line)
            .collect();
        if candidates[at].iter().collect::<Vec<_>>() != wanted {
            faults.push(format!("{name}: candidates of {}: {:#?} wanted {wanted:#?}", party.name, candidates[at]));
        }
        let wanted = truth.states(party);
        let strange = STATES.iter().any(|(of, by, _)| *of == truth.name && *by == party.name);
        if !wanted.is_empty() && !strange && states_of(exchange, at) != wanted {
            faults.push(format!("{name}: states of {}: {:?} wanted {wanted:?}", party.name, states_of(exchange, at)));
        }
        if exchange.parties[at].state != SignalingState::Stable {
            faults.push(format!("{name}: {} ends in {}", party.name, exchange.parties[at].state));
        }
    }
    if exchange.one_way {
        faults.push(format!("{name}: one way"));
    }
    let illegal = |incident: &Incident| {
        matches!(incident, Incident::IllegalTransition { .. } | Incident::Glare { .. } | Incident::LateCandidate { .. })
    };
    if let Some(strange) = exchange.happenings.iter().find(|happening| illegal(&happening.incident)) {
        faults.push(format!("{name}: {strange:?}"));
    }
}

#[test]
fn exchanges_are_what_the_peers_and_their_server_say() {
    let mut faults = Vec::new();
    each(|truth, capture, signals| compare(truth, capture, &put_together(signals), &mut faults));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn capture(name: &str) -> Option<(std::path::PathBuf, Vec<Signal>)> {
    let root = std::env::var_os("RTCSCOPE_CORPUS")?;
    let path = Path::new(&root).join("captures").join(name);
    let signals = signaling::listen(&path);
    Some((path, signals))
}

/// The names of what happened.
fn incidents(exchange: &Exchange) -> Vec<String> {
    let name = |text: String| text.split([' ', '(']).next().unwrap().to_owned();
    exchange.happenings.iter().map(|happening| name(format!("{:?}", happening.incident))).collect()
}

fn count(exchange: &Exchange, name: &str) -> usize {
    incidents(exchange).iter().filter(|known| *known == name).count()
}

#[test]
fn both_conversations_of_a_call_are_one_exchange() {
    for name in ["a-direct-vp8-socketio.switch.pcap", "a-loopback-pcapng.pcapng"] {
        let Some((_, signals)) = capture(name) else { return eprintln!("skipped: RTCSCOPE_CORPUS is not set") };
        let exchanges = put_together(signals);
        let [exchange] = exchanges.as_slice() else { panic!("{name}: {} exchanges", exchanges.len()) };
        assert!(exchange.parties.len() == 2 && exchange.parties.iter().all(|party| party.heard), "{name}");
        assert!(exchange.descriptions.iter().all(|sent| !sent.again.is_empty()), "{name}");
        assert!(exchange.candidates.iter().all(|sent| !sent.again.is_empty()), "{name}");
        assert_eq!(exchange.channels.len(), 2, "{name}");
    }
}

#[test]
fn restarts_and_renegotiations_are_where_they_were_made() {
    let Some((_, signals)) = capture("d-ice-restart.pcap") else {
        return eprintln!("skipped: RTCSCOPE_CORPUS is not set");
    };
    let exchanges = put_together(signals);
    assert_eq!((count(&exchanges[0], "IceRestart"), count(&exchanges[0], "Answered")), (2, 2));
    let (_, signals) = capture("a-renegotiate-ws.pcap").unwrap();
    let exchanges = put_together(signals);
    assert_eq!((count(&exchanges[0], "IceRestart"), count(&exchanges[0], "Answered")), (0, 6));
    assert!(count(&exchanges[0], "Renegotiated") >= 5, "{:?}", incidents(&exchanges[0]));
}

#[test]
fn whip_is_an_exchange_with_the_server_itself() {
    let Some((path, signals)) = capture("a-whip-chromium-aiortc.pcap") else {
        return eprintln!("skipped: RTCSCOPE_CORPUS is not set");
    };
    let exchanges = put_together(signals);
    let [exchange] = exchanges.as_slice() else { panic!("{} exchanges", exchanges.len()) };
    let truth = path.with_file_name("a-whip-chromium-aiortc.truth.json");
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    for (party, name) in ["A", "B"].iter().enumerate() {
        assert_eq!(states_of(exchange, party), truth::states(&truth["peers"][name]), "{name}");
        assert!(exchange.parties[party].heard && exchange.parties[party].server.is_none());
    }
    let sent: Vec<&str> = exchange.descriptions.iter().map(|sent| sent.sdp.as_str()).collect();
    let logged: Vec<&str> =
        truth["peers"]["A"]["sdp"].as_array().unwrap().iter().map(|line| line["sdp"].as_str().unwrap()).collect();
    assert_eq!(sent.last(), logged.last());
}

#[test]
fn a_sip_call_is_an_exchange() {
    let Some((_, signals)) = capture("g-sip-pcma.pcap") else {
        return eprintln!("skipped: RTCSCOPE_CORPUS is not set");
    };
    let exchanges = put_together(signals);
    let [exchange] = exchanges.as_slice() else { panic!("{} exchanges", exchanges.len()) };
    let kinds: Vec<DescriptionType> = exchange.descriptions.iter().map(|sent| sent.kind).collect();
    assert_eq!(kinds, [DescriptionType::Offer, DescriptionType::Answer]);
    assert_eq!(states_of(exchange, 0), ["have-local-offer", "stable"]);
    assert_eq!(states_of(exchange, 1), ["have-remote-offer", "stable"]);
    let bye = |incident: &Incident| matches!(incident, Incident::Room(event) if event.word == RoomWord::Bye);
    assert!(exchange.happenings.iter().any(|happening| bye(&happening.incident)));
}

/// What an exchange says, without the numbers of its conversations and its server.
fn gist(exchange: &Exchange) -> Exchange {
    let mut gist = exchange.clone();
    gist.channels.clear();
    gist.parties.iter_mut().for_each(|party| party.server = None);
    gist
}

#[test]
fn captures_side_by_side_give_what_each_gives_alone() {
    let mut all: Vec<Signal> = Vec::new();
    let mut alone: Vec<Exchange> = Vec::new();
    let mut next = 0;
    let mut server = None;
    each(|_, path, mut signals| {
        // Two captures of one call are one call.
        if path.file_name().unwrap().to_string_lossy().matches('.').count() > 1 {
            return;
        }
        alone.extend(put_together(signals.clone()).iter().map(gist));
        for signal in &mut signals {
            signal.channel = Channel(signal.channel.0 + next);
            // All begin at once, on one server.
            let (server_end, _) = match signal.speaker {
                Speaker::Server => (&mut signal.source, ()),
                Speaker::Client => (&mut signal.destination, ()),
            };
            server = server.or(*server_end);
            *server_end = server;
        }
        next += 1000;
        all.extend(signals);
    });
    let mut by_call = std::collections::BTreeMap::<u64, Vec<Signal>>::new();
    for signal in all.clone() {
        by_call.entry(signal.channel.0 / 1000).or_default().push(signal);
    }
    // One signal of each call in turn.
    let mut mixed = Vec::new();
    let longest = by_call.values().map(Vec::len).max().unwrap_or(0);
    for place in 0..longest {
        mixed.extend(by_call.values().filter_map(|call| call.get(place)).cloned());
    }
    for signals in [all, mixed] {
        let found: Vec<Exchange> = put_together(signals).iter().map(gist).collect();
        assert_eq!(found.len(), alone.len());
        for exchange in &alone {
            assert!(found.contains(exchange), "missing or otherwise: {:?}", exchange.parties);
        }
    }
}

#[test]
fn one_direction_gives_what_was_said_in_it() {
    each(|truth, path, signals| {
        for speaker in [Speaker::Client, Speaker::Server] {
            let both = put_together(signals.clone());
            // What is passed on to the other client is the other direction, too.
            if both[0].channels.len() > 1 {
                continue;
            }
            let [exchange] = &put_together(signals.iter().filter(|signal| signal.speaker == speaker).cloned())[..]
            else {
                panic!("{}: not one exchange", path.display());
            };
            assert!(exchange.one_way, "{}", truth.name);
            assert!(
                exchange.descriptions.iter().all(|sent| sent.from == exchange.descriptions[0].from),
                "{}",
                truth.name
            );
            assert_eq!(count(exchange, "Answered") + count(exchange, "IllegalTransition"), 0, "{}", truth.name);
        }
    });
}

#[test]
fn a_dump_of_a_page_adds_nothing_but_its_moments() {
    each(|truth, path, signals| {
        let mut exchanges = Exchanges::new(Limits::default());
        let first = signals[0].channel;
        signals.iter().for_each(|signal| exchanges.observe(signal.clone()));
        let before = exchanges.exchanges().to_vec();
        for signal in signals.iter().filter(|signal| signal.channel == first) {
            let mut dumped = signal.clone();
            dumped.carrier = Carrier::Internals;
            dumped.channel = Channel(1_000_000);
            (dumped.source, dumped.destination) = (None, None);
            let shift = if dumped.speaker == Speaker::Client { -1 } else { 1 };
            dumped.moment.time = Timestamp(dumped.moment.time.0 + shift);
            exchanges.observe(dumped);
        }
        let [exchange] = exchanges.exchanges() else { panic!("{}", path.display()) };
        assert_eq!(exchange.descriptions.len(), before[0].descriptions.len(), "{}", truth.name);
        assert_eq!(exchange.candidates.len(), before[0].candidates.len(), "{}", truth.name);
        assert_eq!(exchange.parties.len(), 2, "{}", truth.name);
        for party in 0..2 {
            assert_eq!(states_of(exchange, party), states_of(&before[0], party), "{}", path.display());
        }
    });
}
