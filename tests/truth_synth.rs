//! Synthetic captures whose exact truth is known by construction, at several seeds and shapes.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

#[path = "truth/ledger.rs"]
mod ledger;
#[path = "truth/report.rs"]
mod report;
#[path = "truth/streams.rs"]
mod streams;

use std::path::Path;
use std::process::Command;

use ledger::Ledger;
use report::{count, list, text};
use serde_json::{Value, json};

/// Writes a capture and reads its truth; says so and gives nothing where there is no Python.
fn synthesize(tool: &Path, folder: &Path, name: &str, options: &str) -> Option<(std::path::PathBuf, Value)> {
    let capture = folder.join(format!("{name}.pcap"));
    let truth = folder.join(format!("{name}.truth.json"));
    let run = Command::new("python3")
        .arg(tool)
        .args(options.split_whitespace())
        .arg("--out")
        .arg(&capture)
        .arg("--truth")
        .arg(&truth)
        .output();
    let Ok(run) = run else {
        println!("skipped: there is no python3 to write synthetic captures with");
        return None;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Some((capture, report::document(&truth)))
}

fn compare_pair(ledger: &mut Ledger, name: &str, call: &Value, session: &Value, expected: &Value) {
    let what = format!("call {}: {} → {}", call["id"], text(expected, "/local"), text(expected, "/remote"));
    let pairs = list(session, "/pairs");
    let Some(pair) = pairs.iter().find(|pair| {
        text(pair, "/local/address") == text(expected, "/local")
            && text(pair, "/remote/address") == text(expected, "/remote")
    }) else {
        ledger.holds(name, &what, false, || "is not among the pairs".to_owned());
        return;
    };
    let wanted =
        json!([expected["requestsSent"], expected["requestsReceived"], expected["answered"], expected["nominated"]]);
    let answered = count(pair, "/responsesReceived") + count(pair, "/responsesSent");
    let found = json!([pair["requestsSent"], pair["requestsReceived"], answered, pair["nominated"]]);
    ledger.equal(name, &what, &wanted, &found);
    let relayed = call["allocation"].is_object() && text(expected, "/local") == text(call, "/allocation/relay");
    ledger.equal(name, &format!("{what}: names its allocation"), &relayed, &pair["allocation"].is_string());
}

fn compare_call(ledger: &mut Ledger, name: &str, call: &Value, report: &Value) {
    let who = format!("call {}", call["id"]);
    let Some(session) = list(report, "/ice/sessions").iter().find(|session| session["ufrags"] == call["ufrag"]) else {
        ledger.holds(name, &who, false, || format!("no session of {}", call["ufrag"]));
        return;
    };
    ledger.equal(name, &format!("{who}: pairs"), &list(call, "/pairs").len(), &list(session, "/pairs").len());
    for pair in list(call, "/pairs") {
        compare_pair(ledger, name, call, session, pair);
    }
    let selected = session.get("selectedPair").and_then(Value::as_str).and_then(|id| {
        let pair = list(session, "/pairs").iter().find(|pair| text(pair, "/id") == id)?;
        Some(json!([pair["local"]["address"], pair["remote"]["address"]]))
    });
    ledger.equal(name, &format!("{who}: selected pair"), &call["selectedPair"], &selected.unwrap_or(Value::Null));
    let failed = call["failed"].as_bool() == Some(true);
    let state = text(session, "/state");
    let right = if failed { state == "failed" } else { matches!(state, "connected" | "completed") };
    ledger.holds(name, &format!("{who}: state"), right, || format!("{state:?} where failed is {failed}"));
    let role = list(session, "/agents")
        .iter()
        .find(|agent| agent["ufrag"] == call["controlling"])
        .map(|agent| text(agent, "/role"));
    ledger.equal(name, &format!("{who}: controlling"), &Some("controlling"), &role);
}

/// Every stream of a call: counted once on however many legs, and nothing else beside them.
fn compare_media(ledger: &mut Ledger, name: &str, calls: &[Value], report: &Value) {
    let found = streams::streams(report);
    let wanted = calls.iter().flat_map(|call| list(call, "/streams").iter().map(move |stream| (call, stream)));
    // a stream of which no packet came through is none that a capture can show
    let wanted: Vec<_> = wanted.filter(|(_, stream)| count(stream, "/captured") > 0).collect();
    ledger.equal(name, "number of streams", &wanted.len(), &found.len());
    for (call, expected) in wanted {
        let who = format!("call {}: stream {}", call["id"], expected["ssrc"]);
        let Some(stream) = found.iter().find(|stream| json!(stream.ssrc) == expected["ssrc"]) else {
            ledger.holds(name, &who, false, || "is not there".to_owned());
            continue;
        };
        let video = text(expected, "/kind") == "video";
        let wanted = json!({
            "captured": expected["captured"], "lost": expected["lost"], "duplicated": expected["duplicated"],
            "reordered": expected["reordered"], "bytes": expected["bytes"], "pt": expected["pt"],
            "frames": if video { expected["frames"].clone() } else { Value::Null },
            "legs": if call["relayed"] == true { 2 } else { 1 },
        });
        let counted = json!({
            "captured": stream.packets, "lost": stream.lost, "duplicated": stream.duplicated,
            "reordered": stream.reordered, "bytes": stream.bytes + stream.header_bytes, "pt": stream.payload_type,
            "frames": if video { json!(stream.frames) } else { Value::Null }, "legs": stream.legs.len(),
        });
        ledger.equal(name, &who, &wanted, &counted);
        let ends = (text(expected, "/src").to_owned(), text(expected, "/dst").to_owned());
        let there = stream.sources.contains(&ends.0) && stream.destinations.contains(&ends.1);
        ledger.holds(name, &format!("{who}: ends"), there, || {
            format!("{:?} to {:?}, not {ends:?}", stream.sources, stream.destinations)
        });
    }
}

fn compare_allocation(ledger: &mut Ledger, name: &str, expected: &Value, report: &Value) {
    let relay = text(expected, "/relay");
    let all = list(report, "/turn/allocations");
    let Some(one) = all.iter().find(|one| list(one, "/relayed").iter().any(|address| address == relay)) else {
        ledger.holds(name, &format!("allocation {relay}"), false, || "is not there".to_owned());
        return;
    };
    let wanted = json!({
        "client": expected["client"], "server": expected["server"], "relayed": [relay], "username": expected["user"],
        "realm": expected["realm"], "lifetime": expected["lifetime"], "refreshes": expected["refreshes"],
        "mapped": expected["client"], "challenges": 1, "errors": 0,
        "permissions": [{"refreshes": expected["permission_refreshes"]}],
        "channels": [{"number": expected["channel"], "peer": expected["peer"], "refreshes": expected["channel_refreshes"]}],
        "peers": [{"peer": expected["peer"],
            "channelDataSent": expected["channel_data_sent"], "channelDataReceived": expected["channel_data_received"],
            "bytesSent": expected["channel_data_bytes_sent"], "bytesReceived": expected["channel_data_bytes_received"],
            "sendIndications": 0, "dataIndications": 0, "sentWithoutPermission": 0}],
    });
    let pick = |row: &Value, keys: &[&str]| -> Value {
        keys.iter().map(|key| ((*key).to_owned(), row[*key].clone())).collect::<serde_json::Map<_, _>>().into()
    };
    let rows = |pointer: &str, keys: &[&str]| -> Value {
        Value::Array(list(one, pointer).iter().map(|row| pick(row, keys)).collect())
    };
    let errors = list(one, "/errors").iter().filter(|error| count(error, "/code") != 401).count();
    let found = json!({
        "client": one["client"], "server": one["server"], "relayed": one["relayed"], "username": one["username"],
        "realm": one["realm"], "lifetime": one["lifetime"], "refreshes": one["refreshes"], "mapped": one["mapped"],
        "challenges": one["authentication"]["challenges"], "errors": errors,
        "permissions": rows("/permissions", &["refreshes"]),
        "channels": rows("/channels", &["number", "peer", "refreshes"]),
        "peers": rows("/peers", &["peer", "channelDataSent", "channelDataReceived", "bytesSent", "bytesReceived",
            "sendIndications", "dataIndications", "sentWithoutPermission"]),
    });
    for (key, value) in wanted.as_object().into_iter().flatten() {
        ledger.equal(name, &format!("allocation {relay}: {key}"), value, &found[key]);
    }
    let host = text(expected, "/peer").split(':').next().unwrap_or("").to_owned();
    let permitted = text(one, "/permissions/0/peer");
    ledger.holds(name, &format!("allocation {relay}: permission"), permitted.split(':').next() == Some(&host), || {
        format!("{permitted:?} where the peer is {host}")
    });
}

fn judge(name: &str, options: &str, secrets: bool) {
    let Some(tool) = report::corpus("tools/synth_capture.py") else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let Some((capture, truth)) = synthesize(&tool, folder, name, options) else { return };
    let calls = list(&truth, "/calls");
    let mut known = Vec::new();
    for call in calls.iter().filter(|_| secrets) {
        for side in 0..2 {
            let pair =
                format!("{}={}", call["ufrag"][side].as_str().unwrap_or(""), call["pwd"][side].as_str().unwrap_or(""));
            known.extend(["--ice-pwd".to_owned(), pair]);
        }
        if let Some(allocation) = call["allocation"].as_object() {
            let pair = format!(
                "{}={}",
                allocation["user"].as_str().unwrap_or(""),
                allocation["password"].as_str().unwrap_or("")
            );
            known.extend(["--turn-credential".to_owned(), pair]);
        }
    }
    let report = report::analyze(&capture, &known);
    std::fs::remove_file(&capture).expect("the capture goes away again");

    let mut ledger = Ledger::default();
    ledger.equal(name, "packets", &truth["packets"], &report["capture"]["packets"]);
    ledger.equal(name, "sessions", &calls.len(), &list(&report, "/ice/sessions").len());
    let allocations: Vec<&Value> = calls.iter().map(|call| &call["allocation"]).filter(|one| one.is_object()).collect();
    ledger.equal(name, "allocations", &allocations.len(), &list(&report, "/turn/allocations").len());
    for call in calls {
        compare_call(&mut ledger, name, call, &report);
    }
    compare_media(&mut ledger, name, calls, &report);
    for allocation in allocations {
        compare_allocation(&mut ledger, name, allocation, &report);
    }
    ledger.equal(name, "bad fingerprints", &0, &count(&report, "/stun/fingerprint/invalid"));
    ledger.equal(name, "bad integrity", &0, &count(&report, "/stun/integrity/invalid"));
    if secrets {
        ledger.equal(
            name,
            "integrity left unknown with every secret given",
            &0,
            &count(&report, "/stun/integrity/unknown"),
        );
        ledger.holds(name, "integrity verified", count(&report, "/stun/integrity/valid") > 0, || "nothing".to_owned());
    }
    ledger.settle(&[]);
}

#[test]
fn mixed_calls_at_three_seeds() {
    for seed in [1, 7, 4242] {
        judge(&format!("mixed-{seed}"), &format!("--calls 12 --seconds 8 --seed {seed}"), false);
    }
}

#[test]
fn every_call_through_the_relay() {
    judge("relayed", "--calls 6 --seconds 6 --relay 1 --fail 0 --seed 3", false);
}

#[test]
fn no_call_through_the_relay() {
    judge("direct", "--calls 6 --seconds 6 --relay 0 --fail 0 --seed 4", false);
}

#[test]
fn every_call_fails() {
    judge("failed", "--calls 8 --seconds 6 --relay 0.5 --fail 1 --seed 5", false);
}

#[test]
fn refreshes_of_a_long_relayed_call() {
    judge("long", "--calls 1 --seconds 600 --relay 1 --fail 0 --seed 6", false);
}

#[test]
fn losses_and_reordering_do_not_touch_the_counts() {
    judge("rough", "--calls 5 --seconds 8 --relay 0.6 --loss 0.1 --dup 0.05 --reorder 0.05 --seed 8", false);
}

#[test]
fn every_secret_given_verifies_every_message() {
    judge("secrets", "--calls 6 --seconds 8 --relay 0.5 --fail 0.2 --seed 9", true);
}
