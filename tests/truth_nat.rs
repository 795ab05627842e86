//! What the lab captures show of NATs, against how the networks were built and what the NATs' connection tables held.
//!
//! A `cone` NAT of the lab masquerades and keeps the port; it filters by address and port. A `sym` one masquerades with
//! `--random-fully`: another port for each connection. Whatever the capture point, what is told equals that, or is unknown with its reason.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

#[path = "truth/report.rs"]
mod report;

use std::collections::BTreeMap;
use std::path::Path;

use report::{list, text};
use serde_json::Value;

/// How a client of the lab is connected.
#[derive(Debug, Clone)]
struct Behind {
    kind: String,
    outside: String,
    /// The node that is its NAT.
    node: String,
}

/// The clients behind NATs of a scenario, by inner address.
fn behind(truth: &Value) -> BTreeMap<String, Behind> {
    let nodes = truth.pointer("/network/nodes").and_then(Value::as_object).into_iter().flatten();
    nodes
        .filter(|(_, node)| node.get("nat").is_some_and(Value::is_string))
        .map(|(_, node)| {
            let entry = Behind {
                kind: text(node, "/nat").to_owned(),
                outside: text(node, "/nat_public_ip").to_owned(),
                node: text(node, "/behind").to_owned(),
            };
            (text(node, "/ip").to_owned(), entry)
        })
        .collect()
}

/// The mapped port that a NAT's connection table had for `local` and `remote`, if it still held the connection.
fn tracked(truth: &Value, node: &str, local: &str, remote: &str) -> Option<u16> {
    let (source, sport) = local.rsplit_once(':')?;
    let (target, dport) = remote.rsplit_once(':')?;
    let way = format!("src={source} dst={target} sport={sport} dport={dport} ");
    let rows = list(truth, &format!("/network/conntrack/{node}"));
    let row = rows.iter().filter_map(Value::as_str).find(|row| row.contains(&way))?;
    row.rsplit_once("dport=")?.1.split(' ').next()?.parse().ok()
}

/// Each capture of the lab with the truth of its scenario.
fn captures(folder: &Path) -> Vec<(String, Value, Value)> {
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder of captures")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".truth.json") && report::wanted(name))
        .collect();
    files.sort();
    let mut captures = Vec::new();
    for file in files {
        let truth = report::document(&folder.join(&file));
        for capture in list(&truth, "/captures") {
            let name = text(capture, "/file");
            captures.push((name.to_owned(), truth.clone(), report::analyze(&folder.join(name), &[])));
        }
    }
    captures
}

/// Whether the word at `pointer` is `expected` or unknown.
fn is_or_unknown(client: &Value, pointer: &str, expected: &str) -> bool {
    client[pointer].is_null() || client[pointer] == expected
}

fn check_client(name: &str, client: &Value, behind: &Behind, truth: &Value) -> usize {
    let sym = behind.kind == "sym";
    let mapping = if sym { "address-and-port-dependent" } else { "endpoint-independent" };
    let classic = if sym { "symmetric" } else { "port-restricted" };
    assert_eq!(client["translated"], true, "{name}: {client}");
    assert_eq!(report::count(client, "/mappingsOmitted"), 0, "{name}: {client}");
    assert!(is_or_unknown(client, "mappingBehavior", mapping), "{name}: {client}");
    assert!(is_or_unknown(client, "filteringBehavior", "address-and-port-dependent"), "{name}: {client}");
    assert!(is_or_unknown(client, "classicType", classic), "{name}: {client}");
    let evidence = list(client, "/evidence").iter().filter_map(Value::as_str).collect::<Vec<_>>();
    assert!(evidence.iter().any(|why| why.starts_with("mapping: ")), "{name}: {client}");
    assert!(evidence.iter().any(|why| why.starts_with("filtering: ")), "{name}: {client}");
    let mut compared = 0;
    let mut known: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for mapping in list(client, "/mappings") {
        let (local, server, mapped) = (text(mapping, "/local"), text(mapping, "/server"), text(mapping, "/mapped"));
        assert!(mapped.starts_with(&format!("{}:", behind.outside)), "{name}: {mapping}");
        known.entry((local, server)).or_default().push(mapped);
    }
    for ((local, server), mapped) in known {
        if let Some(port) = tracked(truth, &behind.node, local, server) {
            let ending = format!(":{port}");
            assert!(
                mapped.iter().any(|mapped| mapped.ends_with(&ending)),
                "{name}: {local} to {server}: {mapped:?}, not {port}"
            );
            compared += 1;
        }
    }
    compared
}

#[test]
fn nats_are_told_as_they_were_built_or_not_at_all() {
    let Some(folder) = report::corpus("captures") else { return };
    let (mut inside, mut compared, mut captured) = (0_usize, 0_usize, 0_usize);
    for (name, truth, document) in captures(&folder) {
        captured += 1;
        let behind = behind(&truth);
        for client in list(&document, "/nat/clients") {
            if let Some(behind) = behind.get(text(client, "/address")) {
                inside += 1;
                compared += check_client(&name, client, behind, &truth);
                continue;
            }
            // Outside its NAT, or without one, a client is what everybody sees.
            assert_eq!(client["translated"], false, "{name}: {client}");
            assert!(client["classicType"].is_null(), "{name}: {client}");
            assert!(client["discovery"] == true || client["mappingBehavior"].is_null(), "{name}: {client}");
            assert!(client["discovery"] == true || client["filteringBehavior"].is_null(), "{name}: {client}");
        }
        let allowed = |rule: &str| rule == "nat-rebinding" && name.starts_with("c-nat-rebind.");
        for finding in list(&document, "/findings") {
            let rule = text(finding, "/rule");
            assert!(!rule.starts_with("nat-") || allowed(rule), "{name}: {finding}");
        }
        for entry in list(&document, "/nat/traversal") {
            assert_ne!(entry["agrees"], false, "{name}: {entry}");
        }
    }
    println!("{captured} captures, {inside} clients behind NATs, {compared} mappings found in connection tables");
    if std::env::var_os("RTCSCOPE_ONLY").is_none() {
        assert!(captured >= 85 && inside >= 4 && compared >= 8, "{captured} {inside} {compared}");
    }
}

/// What the captures inside a NAT must tell, not only may.
#[test]
fn what_the_capture_shows_is_told() {
    let Some(folder) = report::corpus("captures") else { return };
    for (file, mapping, classic) in [
        ("c-nat-cone-cone.pcap", Some("endpoint-independent"), None),
        ("c-nat-sym-sym.pcap", Some("address-and-port-dependent"), Some("symmetric")),
        // The server and the peer have two addresses, and no two ports of one are asked: symmetric, whichever way.
        ("c-nat-sym-public.pcap", None, Some("symmetric")),
        ("c-nat-rebind.pcap", None, Some("symmetric")),
    ] {
        let document = report::analyze(&folder.join(file), &[]);
        let client = &document["nat"]["clients"][0];
        assert_eq!(client["address"], "192.168.1.11", "{file}");
        assert_eq!(client["mappingBehavior"].as_str(), mapping, "{file}: {client}");
        assert_eq!(client["classicType"].as_str(), classic, "{file}: {client}");
    }
}

/// The discovery program that ran said the same.
#[test]
fn the_discovery_run_is_read_as_the_program_read_it() {
    let Some(folder) = report::corpus("captures") else { return };
    let truth = report::document(&folder.join("b-stun-nat-discovery-5780.truth.json"));
    let said: Vec<&str> = list(&truth, "/peers/natdiscovery/output").iter().filter_map(Value::as_str).collect();
    assert!(said.contains(&"NAT with Endpoint Independent Mapping!"));
    assert!(said.contains(&"NAT with Endpoint Independent Filtering!"));
    let document = report::analyze(&folder.join("b-stun-nat-discovery-5780.pcap"), &[]);
    let client = &document["nat"]["clients"][0];
    assert_eq!(client["mappingBehavior"], "endpoint-independent");
    assert_eq!(client["filteringBehavior"], "endpoint-independent");
    assert_eq!((&client["translated"], &client["classicType"]), (&Value::Bool(false), &Value::Null));
}

/// The connection table was flushed at a known time, and both capture points show that the mapping is another one since.
#[test]
fn the_rebinding_is_found_where_the_table_was_flushed() {
    let Some(folder) = report::corpus("captures") else { return };
    let truth = report::document(&folder.join("c-nat-rebind.truth.json"));
    let flushed = list(&truth, "/timeline").iter().find(|entry| text(entry, "/what").contains("flushed"));
    let flushed = flushed.and_then(|entry| entry["t"].as_f64()).expect("the time of the flush");
    for file in ["c-nat-rebind.pcap", "c-nat-rebind.b.pcap"] {
        let document = report::analyze(&folder.join(file), &[]);
        let findings: Vec<&Value> =
            list(&document, "/findings").iter().filter(|finding| text(finding, "/rule") == "nat-rebinding").collect();
        assert_eq!(findings.len(), 1, "{file}");
        let time = findings[0]["time"].as_f64().expect("a time");
        // The server is asked every ten seconds, the peer every few.
        let since = time - (flushed - start(&document));
        assert!((-0.1..5.0).contains(&since), "{file}: {since} s after the flush");
    }
}

/// The time of the first packet, in Unix seconds; the lab captures are all of one day.
fn start(document: &Value) -> f64 {
    let stamp = text(document, "/capture/firstTimestamp");
    let clock = stamp.split_once('T').expect("a date and a time").1.trim_end_matches('Z');
    let seconds: f64 =
        clock.split(':').map(|part| part.parse::<f64>().expect("a number")).fold(0.0, |sum, part| sum * 60.0 + part);
    let day = days(stamp.split('T').next().expect("a date"));
    f64::from(day) * 86_400.0 + seconds
}

/// Days since 1970 of a date (Howard Hinnant's `days_from_civil`).
fn days(date: &str) -> i32 {
    let parts: Vec<i32> = date.split('-').map(|part| part.parse().expect("a number")).collect();
    let (year, month, day) = (parts[0] - i32::from(parts[1] <= 2), parts[1], parts[2]);
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
