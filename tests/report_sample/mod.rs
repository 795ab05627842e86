//! A document made by hand: a call through a relay, one that fails, and the allocations of both.

use std::collections::BTreeMap;

mod call;
mod media;

use rtcscope::capture::Format;
use rtcscope::finding::Severity;
use rtcscope::path::Transport;
use rtcscope::report::model::{
    Agent, Allocation, Authentication, Candidate, Capture, Channel, Check, Consent, Document, End, ErrorCount, Finding,
    Ice, IntegrityCount, MessageCount, Nat, NatClient, NatMapping, Pair, Peer, Permission, Protocols, SelectedPair,
    SelectedPairChange, Server, Session, Skipped, Stun, Subject, Traversal, Turn, TurnError, Word,
};
use rtcscope::session::ice::{
    AgentState, CandidateSource, CandidateType, Failure, NominationStyle, Outcome, PairState, Role,
};
use rtcscope::session::nat::{ClassicType, Happened, MappedBy, TraversalGround};
use rtcscope::session::turn::{AllocationState, EndReason};
use rtcscope::wire::stun::Class;

fn agent(ufrag: &str, role: Role, state: AgentState, candidate: (&str, Option<CandidateType>)) -> Agent {
    let (address, kind) = candidate;
    let relayed = kind == Some(CandidateType::Relayed);
    Agent {
        ufrag: ufrag.to_owned(),
        role: Some(Word(role)),
        role_changes: 0,
        tiebreaker: Some("0123456789abcdef".to_owned()),
        lite: Some(false),
        stack: (role == Role::Controlling).then(|| "libwebrtc".to_owned()),
        state: Some(Word(state)),
        connected_time: None,
        connected_frame: None,
        selected_pair: None,
        selected_pairs: Vec::new(),
        candidates: vec![Candidate {
            address: address.to_owned(),
            base: Some(address.to_owned()),
            name: None,
            r#type: kind.map(Word),
            protocol: Word(Transport::Udp),
            priority: Some(1_845_501_695),
            component: 1,
            source: Word(if relayed { CandidateSource::Allocation } else { CandidateSource::Check }),
            signaled_time: None,
        }],
        candidates_omitted: 0,
    }
}

fn end(address: &str, state: Option<PairState>) -> End {
    End {
        address: address.to_owned(),
        base: address.to_owned(),
        r#type: None,
        type_as_learnt: None,
        state: state.map(Word),
        failure: None,
        succeeded_time: None,
        keepalives_sent: 0,
        errors: Vec::new(),
        first_data_time: None,
        first_handshake_time: None,
        first_media_time: None,
        last_data_time: None,
        consent_lost_time: None,
        allocation: None,
    }
}

fn pair(id: &str, local: End, remote: End) -> Pair {
    Pair {
        id: id.to_owned(),
        component: 1,
        protocol: Word(Transport::Udp),
        local,
        remote,
        nominated: false,
        nominated_time: None,
        nominated_frame: None,
        selected: false,
        allocation: None,
        requests_sent: 0,
        responses_received: 0,
        requests_received: 0,
        responses_sent: 0,
        retransmissions_sent: 0,
        total_round_trip_time: 0.0,
        current_round_trip_time: None,
        first_time: 0.295,
        first_frame: 209,
        last_time: 14.0,
        consent_requests_sent: 0,
        errors: Vec::new(),
        failure: None,
    }
}

fn session(id: &str, state: AgentState, agents: [Agent; 2], pairs: Vec<Pair>) -> Session {
    Session {
        id: id.to_owned(),
        ufrags: agents.each_ref().map(|agent| agent.ufrag.clone()),
        state: Some(Word(state)),
        agents,
        pairs,
        pairs_omitted: 0,
        untried_pairs: Vec::new(),
        untried_pairs_omitted: 0,
        checks: Vec::new(),
        checks_omitted: 0,
        selected_pair: None,
        selected_pair_changes: Vec::new(),
        selected_pair_changes_omitted: 0,
        first_check_time: Some(0.295),
        first_check_frame: Some(209),
        connected_time: None,
        connected_frame: None,
        nominated_time: None,
        nomination_style: None,
        nominated_frame: None,
        consent: Consent { longest_gap: None, lost_time: None, lost_frame: None, lost_by: None, lost_pair: None },
        role_conflict: None,
        restart_of: None,
        dtls_handshake: false,
        integrity_invalid: 0,
        integrity: IntegrityCount { valid: 0, invalid: 0, unknown: 8, absent: 0 },
        last_time: 14.0,
    }
}

fn check(pair: &str, from: &str, frame: u64, time: f64, outcome: Outcome) -> Check {
    let answered = outcome != Outcome::Pending;
    Check {
        frame,
        time,
        pair: pair.to_owned(),
        from: from.to_owned(),
        controlling: Some(true),
        use_candidate: true,
        nomination: None,
        priority: Some(1_845_501_695),
        triggered: false,
        transaction_id: "07".repeat(12),
        outcome: Word(outcome),
        error_code: match outcome {
            Outcome::Error(code) => Some(code),
            _ => None,
        },
        response_frame: answered.then_some(frame + 1),
        round_trip_time: answered.then_some(0.0012),
    }
}

/// A call through a relay that the capture saw made.
pub(crate) fn relayed() -> Session {
    let local = End {
        r#type: Some(Word(CandidateType::Relayed)),
        succeeded_time: Some(0.343),
        first_data_time: Some(0.36),
        last_data_time: Some(14.19),
        allocation: Some("turn-1".to_owned()),
        ..end("10.77.0.6:49250", Some(PairState::Succeeded))
    };
    let remote = End {
        r#type: Some(Word(CandidateType::Relayed)),
        succeeded_time: Some(0.344),
        ..end("10.77.0.6:49211", Some(PairState::Succeeded))
    };
    let used = Pair {
        nominated: true,
        nominated_time: Some(0.343),
        nominated_frame: Some(214),
        selected: true,
        allocation: Some("turn-1".to_owned()),
        requests_sent: 7,
        responses_received: 7,
        requests_received: 5,
        responses_sent: 5,
        total_round_trip_time: 0.0084,
        current_round_trip_time: Some(0.0012),
        consent_requests_sent: 5,
        errors: vec![ErrorCount { code: 487, count: 1 }],
        ..pair("ice-1-pair-1", local, remote)
    };
    let direct = Pair {
        requests_sent: 12,
        first_time: 0.301,
        first_frame: 212,
        last_time: 0.35,
        ..pair("ice-1-pair-2", end("10.77.0.11:51000", Some(PairState::InProgress)), end("10.77.0.12:51001", None))
    };
    let selected = || vec![SelectedPair { component: 1, pair: "ice-1-pair-1".to_owned() }];
    let controlling = Agent {
        connected_time: Some(0.343),
        connected_frame: Some(214),
        selected_pair: Some("ice-1-pair-1".to_owned()),
        selected_pairs: selected(),
        ..agent("4XqC", Role::Controlling, AgentState::Completed, ("10.77.0.6:49250", Some(CandidateType::Relayed)))
    };
    let controlled = Agent {
        connected_time: Some(0.344),
        connected_frame: Some(215),
        selected_pair: Some("ice-1-pair-1".to_owned()),
        selected_pairs: selected(),
        ..agent("uuAj", Role::Controlled, AgentState::Connected, ("10.77.0.6:49211", None))
    };
    Session {
        checks: vec![
            check("ice-1-pair-1", "4XqC", 211, 0.3, Outcome::Succeeded),
            check("ice-1-pair-1", "4XqC", 1990, 13.9, Outcome::Error(487)),
        ],
        checks_omitted: 3,
        selected_pair: Some("ice-1-pair-1".to_owned()),
        selected_pair_changes: vec![SelectedPairChange {
            time: 0.343,
            frame: 214,
            agent: "4XqC".to_owned(),
            component: 1,
            pair: "ice-1-pair-1".to_owned(),
            previous: None,
            by_data: false,
        }],
        connected_time: Some(0.344),
        connected_frame: Some(215),
        nominated_time: Some(0.343),
        nomination_style: Some(Word(NominationStyle::Aggressive)),
        nominated_frame: Some(214),
        consent: Consent { longest_gap: Some(2.67), lost_time: None, lost_frame: None, lost_by: None, lost_pair: None },
        dtls_handshake: true,
        ..session("ice-1", AgentState::Connected, [controlling, controlled], vec![used, direct])
    }
}

/// A call of which no check is answered.
pub(crate) fn failed() -> Session {
    let local =
        End { failure: Some(Word(Failure::Unanswered)), ..end("[2001:db8:0:1::11]:51000", Some(PairState::Failed)) };
    let dead = Pair {
        requests_sent: 240,
        first_time: 0.9,
        first_frame: 300,
        failure: Some(Word(Failure::Unanswered)),
        ..pair("ice-2-pair-1", local, end("[2001:db8:0:2::12]:51001", None))
    };
    let host = Some(CandidateType::Host);
    Session {
        checks: vec![check("ice-2-pair-1", "Fe2x", 300, 0.9, Outcome::Pending)],
        checks_omitted: 239,
        first_check_time: Some(0.9),
        first_check_frame: Some(300),
        ..session(
            "ice-2",
            AgentState::Failed,
            [
                agent("Fe2x", Role::Controlling, AgentState::Failed, ("[2001:db8:0:1::11]:51000", host)),
                agent("gH\u{1b}[2J", Role::Controlled, AgentState::New, ("[2001:db8:0:2::12]:51001", None)),
            ],
            vec![dead],
        )
    }
}

fn allocation(id: &str, client: &str, relayed: &str) -> Allocation {
    Allocation {
        id: id.to_owned(),
        client: client.to_owned(),
        server: "10.77.0.6:3478".to_owned(),
        protocol: Word(Transport::Udp),
        requested_protocol: Some(Word(Transport::Udp)),
        relayed: vec![relayed.to_owned()],
        mapped: Some(client.to_owned()),
        username: Some("alice@gen.test".to_owned()),
        realm: Some("gen.test".to_owned()),
        state: Word(AllocationState::Active),
        first_time: 0.031,
        first_frame: 20,
        created_time: Some(0.033),
        created_frame: Some(24),
        ended_time: None,
        ended_frame: None,
        end_reason: None,
        lifetime: Some(600),
        expiry_time: Some(600.033),
        refreshes: 0,
        requests: 2,
        authentication: Authentication { challenges: 1, stale_nonces: 0, failures: 0 },
        errors: Vec::new(),
        errors_omitted: 0,
        permissions: Vec::new(),
        channels: Vec::new(),
        peers: Vec::new(),
        connections: Vec::new(),
        peers_omitted: 0,
        mobile: false,
        moved_from: Vec::new(),
        integrity_invalid: 0,
        last_time: 14.19,
    }
}

/// One allocation in use, one given back unused, one refused.
pub(crate) fn allocations() -> Vec<Allocation> {
    let peer = "10.77.0.6:49211".to_owned();
    let used = Allocation {
        permissions: vec![Permission { peer: peer.clone(), created_time: 0.29, refreshes: 1, expiry_time: 300.4 }],
        channels: vec![Channel {
            number: 0x4000,
            peer: Some(peer.clone()),
            bound_time: Some(0.4),
            refreshes: 0,
            expiry_time: Some(600.4),
        }],
        peers: vec![Peer {
            peer: Some(peer),
            channel: Some(0x4000),
            send_indications: 12,
            data_indications: 10,
            channel_data_sent: 729,
            channel_data_received: 739,
            bytes_sent: 198_000,
            bytes_received: 202_100,
            sent_without_permission: 0,
            first_without_permission_frame: None,
            last_time: 14.19,
        }],
        ..allocation("turn-1", "10.77.0.11:51000", "10.77.0.6:49250")
    };
    let unused = Allocation {
        state: Word(AllocationState::Ended),
        ended_time: Some(0.42),
        ended_frame: Some(222),
        end_reason: Some(Word(EndReason::Released)),
        ..allocation("turn-2", "10.77.0.11:51002", "10.77.0.6:49247")
    };
    let refused = Allocation {
        relayed: Vec::new(),
        created_time: None,
        created_frame: None,
        lifetime: None,
        expiry_time: None,
        state: Word(AllocationState::Refused),
        errors: vec![TurnError {
            time: 0.06,
            frame: 40,
            method: "allocate".to_owned(),
            code: 486,
            reason: "Allocation Quota Reached".to_owned(),
            authenticated: true,
        }],
        ..allocation("turn-3", "10.77.0.11:51003", "")
    };
    vec![used, unused, refused]
}

fn statistics() -> Stun {
    let count = |method: &str, class, count, nested| MessageCount {
        method: method.to_owned(),
        class: Word(class),
        count,
        nested,
    };
    Stun {
        messages: vec![
            count("allocate", Class::Request, 6, 0),
            count("binding", Class::Request, 252, 12),
            count("binding", Class::SuccessResponse, 12, 12),
            count("create-permission", Class::Request, 2, 0),
        ],
        classic: Vec::new(),
        transactions: 260,
        answered: 20,
        unanswered: 240,
        retransmissions: 0,
        duplicate_responses: 0,
        responses_without_request: 0,
        errors: vec![ErrorCount { code: 401, count: 3 }, ErrorCount { code: 486, count: 1 }],
        fingerprint: IntegrityCount { valid: 272, invalid: 0, unknown: 0, absent: 0 },
        integrity: IntegrityCount { valid: 0, invalid: 0, unknown: 268, absent: 4 },
        malformed: 0,
    }
}

fn capture() -> Capture {
    Capture {
        path: "captures/b-turn-udp-relay.pcap".to_owned(),
        format: Word(Format::Pcap),
        link_types: vec!["EN10MB".to_owned()],
        packets: 2037,
        bytes: 687_104,
        first_timestamp: Some("2026-11-21T04:45:33.888Z".to_owned()),
        last_timestamp: Some("2026-11-21T04:45:48.088Z".to_owned()),
        duration: Some(14.2),
        truncated_packets: 0,
        duplicate_packets: 0,
        dropped_by_kernel: None,
        skipped: vec![Skipped { reason: "arp".into(), packets: 12 }],
        protocols: Protocols::of(&BTreeMap::from([
            ("stun", 272),
            ("turnChannelData", 1468),
            ("dtls", 14),
            ("rtp", 1190),
            ("rtcp", 61),
            ("unknownUdp", 27),
            ("tcp", 402),
        ])),
        nested: Protocols::of(&BTreeMap::from([("stun", 24), ("dtls", 14), ("rtp", 1190), ("rtcp", 61)])),
        clock_went_back: None,
        fault: None,
    }
}

fn findings() -> Vec<Finding> {
    let unanswered = "Fe2x sent 240 checks from [2001:db8:0:1::11]:51000 to [2001:db8:0:2::12]:51001 over 12.1 s; none was \
                      answered";
    let unused = "10.77.0.6:49247 was allocated by alice@gen.test and released without carrying data";
    vec![
        Finding {
            rule: "ice-unanswered".to_owned(),
            severity: Word(Severity::Error),
            message: unanswered.to_owned(),
            time: Some(13.0),
            frames: (300..320).collect(),
            subject: Some(Subject { kind: "ice-session".to_owned(), id: "ice-2".to_owned() }),
            evidence: Vec::new(),
        },
        Finding {
            rule: "turn-allocation-unused".to_owned(),
            severity: Word(Severity::Info),
            message: unused.to_owned(),
            time: Some(0.42),
            frames: vec![24, 222],
            subject: Some(Subject { kind: "allocation".to_owned(), id: "turn-2".to_owned() }),
            evidence: Vec::new(),
        },
    ]
}

/// A client behind a symmetric NAT, and how its call came about.
fn nat() -> Nat {
    let mapping = |server: &str, by: MappedBy, mapped: &str, frame: u64| NatMapping {
        local: "10.77.0.11:39512".to_owned(),
        server: server.to_owned(),
        by: Word(by),
        mapped: mapped.to_owned(),
        time: 0.031,
        frame,
        last_time: 14.0,
    };
    let client = NatClient {
        address: "10.77.0.11".to_owned(),
        mappings: vec![
            mapping("10.77.0.6:3478", MappedBy::Server, "203.0.113.21:61000", 12),
            mapping("203.0.113.22:40020", MappedBy::Peer, "203.0.113.21:61002", 214),
        ],
        mappings_omitted: 0,
        translated: true,
        discovery: false,
        mapping_behavior: None,
        filtering_behavior: None,
        classic_type: Some(Word(ClassicType::Symmetric)),
        evidence: vec![
            "mapping: 10.77.0.6:3478 sees 10.77.0.11:39512 as 203.0.113.21:61000, 203.0.113.22:40020 as 203.0.113.21:61002"
                .to_owned(),
            "filtering: unknown, no discovery test was run and no packet came in unasked".to_owned(),
        ],
    };
    let traversal = Traversal {
        session: "ice-1".to_owned(),
        clients: [Some("10.77.0.11".to_owned()), Some("203.0.113.22".to_owned())],
        possible: Some(false),
        reason: Word(TraversalGround::BothSymmetric),
        outcome: Some(Word(Happened::Relayed)),
        direct_succeeded: Some(false),
        agrees: Some(true),
    };
    Nat { clients: vec![client], traversal: vec![traversal] }
}

/// The whole document.
pub(crate) fn document() -> Document {
    let server = Server {
        address: "10.77.0.6:3478".to_owned(),
        software: Some("Coturn-4.6.1 'Gorst'".to_owned()),
        protocol: Word(Transport::Udp),
        relays: true,
        requests: 12,
        answered: 12,
        first_time: 0.031,
    };
    Document {
        schema_version: 1,
        generator: "rtcscope test".to_owned(),
        capture: capture(),
        calls: call::calls(),
        stun: statistics(),
        signaling: call::signaling(),
        ice: Ice { sessions: vec![relayed(), failed()] },
        turn: Turn { servers: vec![server], allocations: allocations() },
        nat: nat(),
        rtp: media::rtp(),
        findings: findings(),
    }
}
