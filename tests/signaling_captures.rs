//! Every capture with plain signalling, against what the peers and their server say was signalled.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs, unreachable_pub)]
#![cfg(feature = "capture")]

mod signaling;

use rtcscope::signal::{Matter, Speaker};
use signaling::truth::{self, Truth};

/// Where the capture and the truth differ, and why.
const EXCEPTIONS: &[(&str, &str)] = &[("x-snaplen96", "packets are cut after 96 bytes: no message is whole")];

#[test]
fn descriptions_and_candidates_are_what_the_server_passed_on() {
    let mut compared = 0;
    let mut faults = Vec::new();
    for truth in truth::all() {
        if EXCEPTIONS.iter().any(|(name, _)| *name == truth.name) {
            continue;
        }
        for capture in truth.captures() {
            compared += compare(&truth, &capture, &mut faults);
        }
    }
    eprintln!("{compared} captures compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What `party` has sent and got, as lines of text.
fn compare(truth: &Truth, capture: &std::path::Path, faults: &mut Vec<String>) -> usize {
    let signals = signaling::listen(capture);
    let mut compared = 0;
    for party in &truth.parties {
        // The part of the signalling that this capture has seen.
        let channels = truth.channels(&signals, party);
        let mine: Vec<_> = signals.iter().filter(|signal| channels.contains(&signal.channel)).collect();
        if mine.is_empty() {
            continue;
        }
        compared = 1;
        for speaker in [Speaker::Client, Speaker::Server] {
            let found: Vec<String> = mine
                .iter()
                .filter(|signal| signal.speaker == speaker)
                .filter_map(|signal| match &signal.matter {
                    Matter::Description(found) => Some(format!("{} {}", found.kind.unwrap().name(), found.sdp)),
                    Matter::Candidate(found) => Some(format!("candidate {} {:?}", found.candidate, found.mid)),
                    Matter::EndOfCandidates { .. } => Some("end".to_owned()),
                    _ => None,
                })
                .collect();
            let wanted = truth.said(party, speaker);
            if found != wanted {
                let place = found.iter().zip(&wanted).take_while(|(found, wanted)| found == wanted).count();
                let short = |lines: &[String]| lines.get(place).map(|line| line.chars().take(120).collect::<String>());
                let both = (short(&found), short(&wanted));
                faults.push(format!("{}: {} {speaker:?} line {place}: {both:?}", capture.display(), party.name));
            }
        }
    }
    if compared == 0 && !signals.is_empty() {
        faults.push(format!("{}: signals of nobody", capture.display()));
    }
    compared
}
