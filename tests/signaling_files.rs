//! Files beside captures: the dumps of browsers against what the pages themselves wrote down, clocks, small files of each
//! kind, and bytes of no kind.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs, unreachable_pub)]
#![cfg(feature = "capture")]

mod side_files;
mod signaling;

use rtcscope::signal::{Matter, Signal, Speaker};
use rtcscope::signaling::Limits;
use rtcscope::signaling::file::{SideConnection, SideFile, Subject};
use side_files::dumps::{self, Dump};

/// Dumps that differ from what the page wrote down, and why.
const EXCEPTIONS: &[(&str, &str)] = &[];

fn exempt(name: &str) -> bool {
    EXCEPTIONS.iter().any(|(known, _)| *known == name)
}

#[test]
fn dumps_tell_what_the_page_wrote_down() {
    let dumps = dumps::all();
    for dump in &dumps {
        let connection = dump.connection();
        assert_eq!(connection.clock.map(|clock| clock.zone_known), Some(true), "{}", dump.name);
        if !exempt(&dump.name) {
            descriptions(dump, &connection);
            candidates(dump, &connection);
            states(dump, &connection);
        }
    }
    eprintln!("{} dumps compared", dumps.len());
}

/// Descriptions are those of the log byte for byte, and of the same session as those that the page has kept.
fn descriptions(dump: &Dump, connection: &SideConnection) {
    let found: Vec<(&str, &str, &str)> = connection
        .signals
        .iter()
        .filter_map(|signal| match &signal.matter {
            Matter::Description(found) => Some((side(signal), found.kind.unwrap().name(), found.sdp.as_str())),
            _ => None,
        })
        .collect();
    let logged = dump.logged_descriptions();
    let logged: Vec<_> = logged.iter().map(|(side, kind, sdp)| (*side, kind.as_str(), sdp.as_str())).collect();
    assert_eq!(found, logged, "{}", dump.name);
    let kept = dump.peer["sdp"].as_array().unwrap();
    assert_eq!(found.len(), kept.len(), "{}", dump.name);
    for ((side, kind, sdp), kept) in found.iter().zip(kept) {
        assert_eq!((*side, *kind), (kept["dir"].as_str().unwrap(), kept["type"].as_str().unwrap()), "{}", dump.name);
        // Browsers write down what they have understood: the same session and credentials, other lines.
        assert_eq!(marks(sdp), marks(kept["sdp"].as_str().unwrap()), "{}", dump.name);
    }
}

/// What no browser changes: identifier and version of the session, user fragments, mids.
fn marks(sdp: &str) -> Vec<String> {
    let origin = sdp.lines().find_map(|line| line.strip_prefix("o=")).unwrap().split(' ').skip(1).take(2).collect();
    let mut lines: Vec<String> = sdp.lines().filter(|line| line.starts_with("a=mid:")).map(str::to_owned).collect();
    let mut ufrags: Vec<String> =
        sdp.lines().filter(|line| line.starts_with("a=ice-ufrag:")).map(str::to_owned).collect();
    ufrags.dedup();
    lines.extend(ufrags);
    lines.push(origin);
    lines
}

fn side(signal: &Signal) -> &'static str {
    if signal.speaker == Speaker::Client { "local" } else { "remote" }
}

fn candidates(dump: &Dump, connection: &SideConnection) {
    for (side, list) in [("local", "localCandidates"), ("remote", "remoteCandidates")] {
        let found = connection.signals.iter().filter(|signal| self::side(signal) == side);
        let found: Vec<(String, Option<&str>)> = found
            .filter_map(|signal| match &signal.matter {
                Matter::Candidate(found) => Some((plain(&found.candidate), found.mid.as_deref())),
                _ => None,
            })
            .collect();
        let kept = dump.peer[list].as_array().unwrap().iter().map(|row| &row["c"]);
        // Chromium does not log the end of candidates.
        let kept: Vec<(String, Option<&str>)> = kept
            .filter(|kept| kept["candidate"].as_str().is_some_and(|text| !text.is_empty()))
            .map(|kept| (plain(kept["candidate"].as_str().unwrap()), kept["sdpMid"].as_str()))
            .collect();
        assert_eq!(found, kept, "{} {side}", dump.name);
    }
}

/// A candidate as Chromium writes it after it has read it: it knows the transport in lower case, and adds a generation.
fn plain(candidate: &str) -> String {
    let mut words: Vec<String> = candidate.trim_start_matches("a=").split(' ').map(str::to_owned).collect();
    words[2].make_ascii_lowercase();
    if let Some(at) = words.iter().position(|word| word == "generation") {
        words.drain(at..at + 2);
    }
    words.join(" ")
}

fn states(dump: &Dump, connection: &SideConnection) {
    let subjects = [
        (Subject::Signaling, "signalingState"),
        (Subject::IceConnection, "iceConnectionState"),
        (Subject::IceGathering, "iceGatheringState"),
        (Subject::Connection, "connectionState"),
    ];
    for (subject, name) in subjects {
        let found: Vec<&str> = connection
            .events
            .iter()
            .filter(|event| event.subject == subject)
            .map(|event| event.word.as_str())
            .collect();
        let kept: Vec<&str> = dump.peer["events"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|event| event["ev"] == name)
            .map(|event| event["v"].as_str().unwrap())
            .collect();
        assert_eq!(found, kept, "{} {name}", dump.name);
    }
    let errors = connection.events.iter().filter_map(|event| event.error.as_ref());
    let errors: Vec<_> = errors.map(|error| (error.url.clone(), error.code, error.text.clone())).collect();
    let kept = dump.peer["candidateErrors"].as_array().unwrap().iter();
    let kept: Vec<_> = kept
        .map(|error| {
            let text = |name: &str| error[name].as_str().map(str::to_owned);
            (text("url"), error["code"].as_u64().and_then(|code| u16::try_from(code).ok()), text("text"))
        })
        .collect();
    assert_eq!(errors, kept, "{}", dump.name);
}

/// Every object that the page saw at the end is there, with the same text or number where that cannot have changed since.
#[test]
fn statistics_are_those_that_the_page_saw() {
    const LASTING: &[&str] =
        &["ssrc", "kind", "mimeType", "payloadType", "candidateType", "port", "protocol", "dtlsRole"];
    let (mut objects, mut values) = (0, 0);
    for dump in dumps::all() {
        let connection = dump.connection();
        if connection.stats.is_empty() {
            // The page was closed before the first interval was over.
            continue;
        }
        for object in dump.peer["finalStats"]["stats"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let (id, kind) = (object["id"].as_str().unwrap(), object["type"].as_str().unwrap());
            let mine: Vec<_> = connection.stats.iter().filter(|series| &*series.id == id).collect();
            assert!(!mine.is_empty(), "{}: no series of {id}", dump.name);
            objects += 1;
            for series in mine {
                assert_eq!(&*series.kind, kind, "{} {id}", dump.name);
                assert!(series.start <= series.end, "{} {id} {}", dump.name, series.name);
                let last = series.values.len() - 1;
                assert!(series.time(last).unwrap() <= series.end && series.time(last + 1).is_none());
                let Some(kept) = object.get(&series.name).filter(|_| LASTING.contains(&series.name.as_str())) else {
                    continue;
                };
                let found = dumps::last(&series.values);
                let kept = kept.as_str().map_or_else(|| kept.to_string(), str::to_owned);
                assert_eq!(found, kept, "{} {id} {}", dump.name, series.name);
                values += 1;
            }
        }
    }
    eprintln!("{objects} objects, {values} values compared");
}

#[test]
fn numbers_of_channels_start_where_the_caller_says() {
    let text = br#"{"PeerConnections":{"1-1":{"updateLog":[{"timestamp":1000000000000,"type":"addIceCandidate","value":"{\"candidate\":\"candidate:1 1 udp 1 192.0.2.1 9 typ host\"}"}]},"1-2":{}}}"#;
    let mut file = SideFile::parse("x", text, &Limits::default()).unwrap();
    assert_eq!(file.number_channels(100), 102);
    assert_eq!(file.connections[0].signals[0].channel.0, 100);
    assert_eq!(file.connections[1].channel.0, 101);
}
