//! `rtcscope decode candidate`: an ICE candidate as it trickles in, or an `RTCIceCandidateInit`.

use std::ffi::OsString;
use std::io::{self, Read};

use serde_json::{Value, json};

use crate::cli::args::{Decode, DecodeFormat};
use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::cli::output::Output;
use crate::cli::sdp::candidate_lines;
use crate::report::text::plain;
use crate::sdp::json::{IceCandidateInit, find_candidates};
use crate::sdp::{Candidate, CandidateOverview, TrickledCandidate, parse_candidate};

/// The most that is read, in bytes: a candidate takes some 200.
const LIMIT: u64 = 1 << 20;

/// The text of the candidate, where `words` ask for one: behind `candidate`, or by the look of them.
pub(super) fn asked(words: &[OsString]) -> Result<Option<String>, Fault> {
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let rest = match words.split_first() {
        Some((first, rest)) if first == "candidate" => rest,
        Some((first, _)) if first.starts_with("candidate:") || first.starts_with("a=candidate:") => words.as_slice(),
        _ => return Ok(None),
    };
    match rest {
        [] => read("-").map(Some),
        [one] if one == "-" || std::path::Path::new(one).is_file() => read(one).map(Some),
        _ => Ok(Some(rest.join(" "))),
    }
}

fn read(path: &str) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    let read = if path == "-" {
        io::stdin().lock().take(LIMIT).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))
    };
    read.map_err(|source| Fault::Read { path: path.to_owned(), source })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Shows every candidate in `text`: one alone, one a line, or those inside JSON.
pub(super) fn run(text: &str, command: &Decode) -> Result<Exit, Fault> {
    let inits: Vec<IceCandidateInit> = match serde_json::from_str::<Value>(text) {
        Ok(value) if !value.is_number() => find_candidates(&value),
        _ => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let bare =
                |line: &str| if line.contains("candidate") { line.to_owned() } else { format!("candidate:{line}") };
            lines.map(|line| IceCandidateInit { candidate: bare(line), ..empty() }).collect()
        }
    };
    if inits.is_empty() {
        return Err(Fault::NoInput);
    }
    let parsed = inits
        .iter()
        .map(|init| parse_candidate(&init.candidate).map(|candidate| (init, candidate)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|source| Fault::Candidate { source })?;
    let mut output = Output::open(&command.output, &[])?;
    for (init, candidate) in parsed {
        output.write(|out| match command.format {
            DecodeFormat::Text => lines(init, &candidate).iter().try_for_each(|line| writeln!(out, "{}", plain(line))),
            DecodeFormat::Json if command.output.compact => writeln!(out, "{}", value(init, &candidate)),
            DecodeFormat::Json => writeln!(out, "{:#}", value(init, &candidate)),
        })?;
    }
    output.flush()?;
    Ok(Exit::Done)
}

const fn empty() -> IceCandidateInit {
    IceCandidateInit {
        candidate: String::new(),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
        path: String::new(),
    }
}

fn lines(init: &IceCandidateInit, candidate: &TrickledCandidate<'_>) -> Vec<String> {
    let TrickledCandidate::Candidate(candidate) = candidate else { return vec!["end of candidates".to_owned()] };
    let mut lines: Vec<String> = candidate_lines(&CandidateOverview::from(candidate)).to_vec();
    for (name, text) in extensions(candidate) {
        lines.push(format!("       {name} {text}"));
    }
    if candidate.is_mdns() {
        lines.push("       the address is hidden behind a name of multicast DNS".to_owned());
    }
    lines.extend(init.sdp_mid.iter().map(|mid| format!("       for mid {mid}")));
    lines.extend(init.sdp_m_line_index.iter().map(|index| format!("       for m-line {index}")));
    lines.extend(init.username_fragment.iter().map(|ufrag| format!("       of user fragment {ufrag}")));
    lines
}

/// The extensions that are not part of the two lines above them.
fn extensions<'a>(candidate: &Candidate<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    candidate.extensions.iter().filter(|(name, _)| !["tcptype", "network-id", "network-cost"].contains(name))
}

fn value(init: &IceCandidateInit, candidate: &TrickledCandidate<'_>) -> Value {
    let TrickledCandidate::Candidate(candidate) = candidate else { return json!({ "endOfCandidates": true }) };
    let mut value = serde_json::to_value(CandidateOverview::from(candidate)).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        members.insert(
            "extensions".to_owned(),
            candidate.extensions.iter().map(|(name, value)| json!([name, value])).collect(),
        );
        members.insert("mdns".to_owned(), candidate.is_mdns().into());
        members.insert("sdpMid".to_owned(), init.sdp_mid.clone().into());
        members.insert("sdpMLineIndex".to_owned(), init.sdp_m_line_index.into());
        members.insert("usernameFragment".to_owned(), init.username_fragment.clone().into());
    }
    value
}
