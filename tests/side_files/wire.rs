//! What a capture shows, as facts for the clock: filled as an application fills them.

use std::path::{Path, PathBuf};

use rtcscope::analyze::{Analyzer, Options};
use rtcscope::capture::Reader;
use rtcscope::moment::Timestamp;
use rtcscope::session::ice::Outcome;
use rtcscope::signal::Matter;
use rtcscope::signaling::file::{SignalledText, WireAgent, WireFacts};

/// The capture of a scenario.
pub fn capture(dump: &Path, scenario: &str) -> PathBuf {
    let paths = ["pcap", "pcapng"].map(|ending| dump.with_file_name(format!("{scenario}.{ending}")));
    paths.into_iter().find(|path| path.exists()).unwrap()
}

/// All facts of a capture.
pub fn facts(capture: &Path) -> WireFacts {
    let signals = crate::signaling::listen(capture);
    let signalled = signals.into_iter().filter_map(|signal| {
        let text = match signal.matter {
            Matter::Description(found) => found.sdp,
            Matter::Candidate(found) => found.candidate,
            _ => return None,
        };
        Some(SignalledText { text, first_seen: signal.moment.time })
    });
    let options = Options { keep_all: true, ..Options::default() };
    let mut reader = Reader::open(capture).unwrap();
    let analysis = Analyzer::new(options).analyze(&mut reader, |_| {}, |_| {});
    let mut agents: Vec<WireAgent> = Vec::new();
    for session in analysis.sessions.ice() {
        for (place, agent) in session.agents.iter().enumerate() {
            let checks = session.checks.iter().filter(|check| check.from == place);
            let success = |outcome| outcome == Outcome::Succeeded;
            agents.push(WireAgent {
                ufrag: agent.ufrag.clone(),
                first_check: checks.clone().map(|check| check.moment.time).min(),
                first_success: checks
                    .filter(|check| success(check.outcome))
                    .filter_map(|check| Some(check.response?.time))
                    .min(),
                first_dtls: None,
            });
        }
    }
    WireFacts { signalled: signalled.collect(), agents }
}

/// The facts as they are on a clock that is `by` nanoseconds ahead.
pub fn shifted(facts: &WireFacts, by: i64) -> WireFacts {
    let mut facts = facts.clone();
    let shift = |time: &mut Timestamp| time.0 += by;
    facts.signalled.iter_mut().for_each(|text| shift(&mut text.first_seen));
    for agent in &mut facts.agents {
        [&mut agent.first_check, &mut agent.first_success, &mut agent.first_dtls].into_iter().flatten().for_each(shift);
    }
    facts
}
