//! What the computed discovery runs and calls show of NATs.

#![cfg(feature = "capture")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::fs;
use std::io::Cursor;
use std::net::IpAddr;
use std::path::Path;

use rtcscope::analyze::{Analyzer, Options};
use rtcscope::capture::Reader;
use rtcscope::session::nat::{
    ClassicType, Client, FilteringBehavior, FilteringGround, Happened, MappingBehavior, MappingGround, Nat, Seen,
    TraversalGround, predict,
};

fn nat_of_bytes(bytes: Vec<u8>) -> Nat {
    let mut reader = Reader::from_read(Cursor::new(bytes)).expect("a capture");
    Analyzer::new(Options::default()).analyze(&mut reader, |_| (), |_| ()).sessions.nat().clone()
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).expect(name)
}

fn nat(name: &str) -> Nat {
    nat_of_bytes(bytes(name))
}

fn only(name: &str) -> Client {
    let mut clients = nat(name).clients;
    assert_eq!(clients.len(), 1, "{name}");
    clients.remove(0)
}

#[test]
fn discovery_runs_tell_the_behaviour_that_they_were_made_with() {
    use FilteringBehavior as F;
    use MappingBehavior as M;
    for (name, mapping, filtering, classic) in [
        ("craft-nat-full-cone.pcap", M::EndpointIndependent, F::EndpointIndependent, ClassicType::FullCone),
        (
            "craft-nat-address-restricted.pcap",
            M::EndpointIndependent,
            F::AddressDependent,
            ClassicType::AddressRestricted,
        ),
        (
            "craft-nat-port-restricted.pcap",
            M::EndpointIndependent,
            F::AddressAndPortDependent,
            ClassicType::PortRestricted,
        ),
        ("craft-nat-classic.pcap", M::EndpointIndependent, F::AddressAndPortDependent, ClassicType::PortRestricted),
        ("craft-nat-symmetric.pcap", M::AddressAndPortDependent, F::AddressAndPortDependent, ClassicType::Symmetric),
        ("craft-nat-address-dependent.pcap", M::AddressDependent, F::AddressDependent, ClassicType::Symmetric),
    ] {
        let client = only(name);
        assert!(client.translated && client.discovery, "{name}");
        assert_eq!(client.mapping_behavior(), Some(mapping), "{name}");
        assert_eq!(client.filtering_behavior(), Some(filtering), "{name}");
        assert_eq!(client.classic_type(), Some(classic), "{name}");
    }
}

#[test]
fn a_run_without_a_nat_claims_none() {
    let client = only("b-stun-nat-discovery-5780.pcap");
    assert!(!client.translated && client.discovery);
    assert!(matches!(client.mapping, MappingGround::SameAsOnTheWire(_)));
    assert_eq!(client.filtering_behavior(), Some(FilteringBehavior::EndpointIndependent));
    assert_eq!(client.classic_type(), None);
}

/// Whatever packet a run is cut after, what is claimed is what it was made with, or nothing.
#[test]
fn half_a_run_claims_nothing_wrong() {
    for (name, mapping, filtering) in [
        ("craft-nat-address-restricted.pcap", "endpoint-independent", "address-dependent"),
        ("craft-nat-port-restricted.pcap", "endpoint-independent", "address-and-port-dependent"),
        ("craft-nat-symmetric.pcap", "address-and-port-dependent", "address-and-port-dependent"),
        ("craft-nat-classic.pcap", "endpoint-independent", "address-and-port-dependent"),
    ] {
        let whole = bytes(name);
        for end in (24..whole.len()).step_by(7) {
            for client in nat_of_bytes(whole[..end].to_vec()).clients {
                let claimed = (client.mapping_behavior(), client.filtering_behavior());
                assert!(claimed.0.is_none_or(|known| known.name() == mapping), "{name} at {end}: {claimed:?}");
                assert!(claimed.1.is_none_or(|known| known.name() == filtering), "{name} at {end}: {claimed:?}");
            }
        }
    }
}

#[test]
fn a_check_that_nobody_asked_for_shows_an_open_filter() {
    let client = only("craft-nat-unasked-check.pcap");
    assert!(matches!(client.filtering, FilteringGround::Strangers { test: false, .. }));
    assert_eq!(client.classic_type(), Some(ClassicType::FullCone));
    // In the other calls each side asked first, or nothing says that the session is new.
    for name in ["craft-rebinding.pcap", "craft-hairpin.pcap", "craft-double-nat.pcap"] {
        for client in nat(name).clients {
            assert_eq!(client.filtering, FilteringGround::NoEvidence, "{name}");
        }
    }
}

#[test]
fn a_pair_that_cannot_meet_does_not_and_that_agrees() {
    for (name, happened) in
        [("craft-symmetric-pair.pcap", Happened::Failed), ("craft-nat-relayed-pair.pcap", Happened::Relayed)]
    {
        let nat = nat(name);
        assert_eq!(nat.traversal.len(), 1, "{name}");
        let entry = nat.traversal[0];
        assert_eq!((entry.ground, entry.happened), (TraversalGround::BothSymmetric, Some(happened)), "{name}");
        assert_eq!((entry.ground.possible(), entry.agrees()), (Some(false), Some(true)), "{name}");
    }
}

#[test]
fn whether_any_two_of_the_four_kinds_can_meet_is_known_beforehand() {
    let kinds = ["full-cone", "address-restricted", "port-restricted", "symmetric"]
        .map(|kind| (kind, only(&format!("craft-nat-{kind}.pcap"))));
    for (one_kind, one) in &kinds {
        for (other_kind, other) in &kinds {
            // As if they were behind NATs of their own.
            let mut other = other.clone();
            for mapping in &mut other.mappings {
                mapping.seen.mapped.address = IpAddr::from([203, 0, 113, 88]);
            }
            let cannot = match (*one_kind, *other_kind) {
                ("symmetric", other) | (other, "symmetric") => matches!(other, "symmetric" | "port-restricted"),
                _ => false,
            };
            assert_eq!(predict(one, &other).possible(), Some(!cannot), "{one_kind} and {other_kind}");
        }
        assert_eq!(predict(one, one), TraversalGround::SameNat);
    }
    // Whose NAT lets in everything is reached through the mapping that a STUN server saw, also where others get new ones.
    let [(_, full_cone), _, (_, port_restricted), (_, symmetric)] = kinds;
    let mut open = symmetric.clone();
    open.filtering = full_cone.filtering;
    for mapping in &mut open.mappings {
        mapping.seen.mapped.address = IpAddr::from([203, 0, 113, 88]);
    }
    for other in [&port_restricted, &symmetric] {
        assert_eq!(predict(other, &open), TraversalGround::OtherFilterOpen);
    }
}

#[test]
fn what_happens_to_mappings_is_told() {
    let moved = nat("craft-rebinding.pcap").rebindings;
    assert_eq!(moved.len(), 1);
    assert_eq!((moved[0].seen, moved[0].session), (Seen::Inside, Some(0)));
    assert_eq!((moved[0].from.port, moved[0].to.port), (61_000, 62_345));
    let outside = nat("craft-rebinding-outside.pcap").rebindings;
    assert_eq!(outside.len(), 1);
    assert_eq!((outside[0].seen, outside[0].from.port, outside[0].to.port), (Seen::Outside, 61_000, 62_345));
    let looped = nat("craft-hairpin.pcap").hairpins;
    assert_eq!((looped.len(), looped[0].works), (1, Some(false)));
    assert!(only("craft-double-nat.pcap").second_nat.is_some());
}
