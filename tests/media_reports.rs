//! Calls with RTCP in the clear, against the statistics of both ends (GStreamer's `rtpbin`) and the log of the link between them.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The folder of captures, where there is one.
fn captures() -> Option<PathBuf> {
    let folder = std::env::var_os("RTCSCOPE_CORPUS").map(|root| Path::new(&root).join("captures"));
    if folder.is_none() {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
    }
    folder
}

/// What the program says of the streams of a capture.
fn streams(capture: &Path) -> Vec<Value> {
    let program = env!("CARGO_BIN_EXE_rtcscope");
    let output = Command::new(program).args(["analyze", "--format", "json"]).arg(capture).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["rtp"]["streams"].as_array().unwrap().clone()
}

fn truth(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(format!("{name}.truth.json"))).unwrap()).unwrap()
}

/// The sources in all sessions of one moment.
fn sources(statistics: &Value) -> impl Iterator<Item = &Value> {
    statistics.as_array().into_iter().flatten().flat_map(|session| session["sources"].as_array().into_iter().flatten())
}

/// All that an end says of a source, in order of time.
fn course(truth: &Value, end: &str, ssrc: u64) -> Vec<Value> {
    let end = &truth["peers"][end];
    let series = end["series"].as_array().into_iter().flatten().map(|row| &row["stats"]);
    let all = series.chain([&end["finalStats"]]).flat_map(sources);
    all.filter(|source| source["ssrc"] == ssrc).cloned().collect()
}

#[test]
fn what_receivers_report_is_what_they_sent() {
    let Some(folder) = captures() else { return };
    let truth = truth(&folder, "g-gst-loss-jitter");
    let mut compared = 0;
    for capture in ["g-gst-loss-jitter.pcap", "g-gst-loss-jitter.recv.pcap"] {
        for stream in streams(&folder.join(capture)) {
            let ssrc = stream["ssrc"].as_u64().unwrap();
            let (rtcp, rate) = (&stream["rtcp"], stream["clockRate"].as_f64().unwrap());
            let received = course(&truth, "recv", ssrc);
            let last = received.iter().rev().find(|source| source["sent-rb"] == true).unwrap();
            let receiver = &rtcp["receivers"][0];
            assert_eq!(receiver["packetsLost"], last["sent-rb-packetslost"], "{capture} {ssrc}");
            assert_eq!(receiver["extendedHighestSequenceNumber"], last["sent-rb-exthighestseq"], "{capture} {ssrc}");
            let jitter = receiver["jitter"].as_f64().unwrap() * rate;
            assert!((jitter - last["sent-rb-jitter"].as_f64().unwrap()).abs() < 1e-6, "{capture} {ssrc}: {jitter}");
            let rate_told = received.last().unwrap()["clock-rate"].as_f64().unwrap();
            assert_eq!(rate, rate_told, "{capture} {ssrc}: the rate is that of the session");
            assert_eq!(rtcp["sender"]["packetsSent"], received.last().unwrap()["sr-packet-count"], "{capture} {ssrc}");
            assert!(rtcp["bye"]["time"].is_number() && received.last().unwrap()["received-bye"] == true);
            compared += 1;
        }
    }
    assert_eq!(compared, 8);
}

#[test]
fn the_half_of_the_round_trip_behind_the_sender_is_what_it_measured() {
    let Some(folder) = captures() else { return };
    let truth = truth(&folder, "g-gst-loss-jitter");
    // The sender has its statistics under the source that reports.
    let mut compared = 0;
    for stream in streams(&folder.join("g-gst-loss-jitter.pcap")) {
        let trip = &stream["rtcp"]["roundTripToReceiver"];
        let (least, most) = (trip["min"].as_f64().unwrap(), trip["max"].as_f64().unwrap());
        let reporter = stream["rtcp"]["receivers"][0]["ssrc"].as_u64().unwrap();
        for source in course(&truth, "send", reporter) {
            let measured = source["rb-round-trip"].as_f64().unwrap() / 65_536.0;
            if measured > 0.0 {
                // The capture is taken on the sender's host, some of whose scheduling the sender counts too.
                assert!(measured > least - 0.002 && measured < most + 0.006, "{measured} is not in {least}..{most}");
                compared += 1;
            }
        }
        assert_eq!(stream["rtcp"]["roundTripTime"], Value::Null, "the other half is not known");
    }
    assert!(compared > 10, "{compared}");
    for stream in streams(&folder.join("g-gst-loss-jitter.recv.pcap")) {
        let most = stream["rtcp"]["roundTripToReceiver"]["max"].as_f64().unwrap();
        assert!(most < 0.002, "on the receiver's host: {most}");
    }
}

#[test]
fn losses_are_on_the_side_of_the_link_on_which_the_capture_was_not_taken() {
    let Some(folder) = captures() else { return };
    let mut before = 0;
    for (capture, at_sender) in [("g-gst-loss-jitter.pcap", true), ("g-gst-loss-jitter.recv.pcap", false)] {
        for stream in streams(&folder.join(capture)) {
            let (rtcp, split) = (&stream["rtcp"], &stream["rtcp"]["receivers"][0]["losses"]);
            let sent_lost = rtcp["sender"]["packetsLostBeforeCapture"].as_i64().unwrap();
            if at_sender {
                assert_eq!((split["beforeCapture"].as_i64(), sent_lost), (Some(0), 0), "{capture}");
                assert_eq!(split["behindCapture"], split["packetsLost"]);
            } else {
                // Behind it there is nothing but the receiver, which counts packets twice that overtook each other.
                assert!(split["behindCapture"].as_i64().unwrap() <= 0, "{capture}: {split}");
                before += sent_lost;
            }
        }
    }
    let log = std::fs::read_to_string(folder.join("g-gst-loss-jitter.emu-a.jsonl")).unwrap();
    let rows = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let of_media = |row: &Value| {
        row["ev"] == "drop"
            && row["dir"] == "a2b"
            && row["dst"].as_str().is_some_and(|to| to.ends_with(['0', '2', '4', '6']))
    };
    let dropped = rows.filter(of_media).count() as i64;
    assert!(dropped > 0 && (before - dropped).abs() <= 4, "the senders count {before}, the link {dropped}");
}

#[test]
fn requests_and_their_retransmissions_are_joined() {
    let Some(folder) = captures() else { return };
    let truth = truth(&folder, "g-gst-avpf-rtx-twcc");
    let media = 286_326_784;
    let asked = course(&truth, "recv", media).last().unwrap()["sent-nack-count"].clone();
    let repeated = course(&truth, "send", media + 100).last().unwrap()["packets-sent"].clone();
    for (capture, least, most) in
        [("g-gst-avpf-rtx-twcc.pcap", 0.0, 0.003), ("g-gst-avpf-rtx-twcc.recv.pcap", 0.039, 0.05)]
    {
        let streams = streams(&folder.join(capture));
        let stream = streams.iter().find(|stream| stream["ssrc"] == media).unwrap();
        let nacks = &stream["rtcp"]["nacks"];
        assert_eq!((&nacks["requested"], &nacks["answered"]), (&asked, &repeated), "{capture}");
        // The link takes 20 ms each way.
        let (mean, worst) = (nacks["meanDelay"].as_f64().unwrap(), nacks["maxDelay"].as_f64().unwrap());
        assert!(mean >= least && worst <= most, "{capture}: {nacks}");
        let feedback = &stream["rtcp"]["transportFeedback"]["stream"];
        assert!(feedback["packetsReceived"].as_u64().unwrap() > 100, "{capture}: {feedback}");
        assert!(feedback["delayTrend"].as_f64().unwrap().abs() < 0.001, "{capture}: no queue fills: {feedback}");
    }
}
