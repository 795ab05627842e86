//! The exchanges of every capture with plain signalling, against what its peers and their server say.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs, unreachable_pub)]
#![cfg(feature = "capture")]

mod signaling;

use std::path::Path;

use rtcscope::signal::{Channel, Signal, Speaker};
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
