//! A document made by hand: a call through a relay, one that fails, and the allocations of both.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use rtcscope::finding::{Finding, Rule, Severity};
use rtcscope::moment::{FrameNumber, Moment, Timestamp};
use rtcscope::path::{Endpoint, Transport};
use rtcscope::report::model::{
    Capture, Clock, Document, Finding as Published, Ice, Protocols, Skipped, Stun, Turn, Word,
};
use rtcscope::session::ice::{
    Agent, AgentState, Candidate, CandidateSource, CandidateType, Check, End, Failure, Outcome, Pair, PairState, Role,
    SelectedChange, Session,
};
use rtcscope::session::turn::{Allocation, AllocationState, Channel, EndReason, Peer, Permission, Server, TurnError};
use rtcscope::session::{Abbreviated, MessageCount, StunStatistics, VerdictCount};
use rtcscope::wire::stun::{Class, Method, TransactionId};

const START: i64 = 1_795_236_333_888_000_000;

static UNUSED: Rule = Rule {
    name: "turn-allocation-unused",
    severity: Severity::Info,
    summary: "an allocation carried no data",
    what: "The server granted it and nothing went through it.",
    why: "It costs a port on the server.",
    advice: "Nothing.",
    source: "RFC 8656, section 7",
};

static UNANSWERED: Rule = Rule {
    name: "ice-unanswered",
    severity: Severity::Error,
    summary: "no check was answered",
    what: "An agent sent checks and none came back.",
    why: "There is no call without a pair.",
    advice: "Look at the firewalls between the two.",
    source: "RFC 8445, section 7.2.5.2.1",
};

pub fn at(frame: u64, milliseconds: i64) -> Moment {
    Moment::new(frame, START + milliseconds * 1_000_000)
}

fn endpoint(text: &str) -> Endpoint {
    text.parse::<SocketAddr>().expect("an address").into()
}

fn agent(ufrag: &str, role: Role, base: &str, kind: Option<CandidateType>, selected: Vec<(u8, usize)>) -> Agent {
    let relayed = kind == Some(CandidateType::Relayed);
    Agent {
        ufrag: ufrag.to_owned(),
        role: Some(role),
        role_claimed: true,
        role_changes: 0,
        tiebreaker: Some(0x0123_4567_89ab_cdef),
        lite: Some(false),
        stack: (role == Role::Controlling).then(|| "libwebrtc".to_owned()),
        requests: 7,
        responses: 5,
        conflicts_reported: 0,
        last: Some(at(2000, 14_000)),
        selected,
        candidates: vec![Candidate {
            address: endpoint(base),
            base: endpoint(base),
            kind,
            transport: Transport::Udp,
            priority: Some(1_845_501_695),
            component: 1,
            source: if relayed { CandidateSource::Allocation } else { CandidateSource::Check },
        }],
    }
}

fn end(base: &str, state: Option<PairState>) -> End {
    End {
        base: endpoint(base),
        mapped: None,
        kind: None,
        allocation: None,
        state,
        failure: None,
        requests_sent: 0,
        retransmissions_sent: 0,
        responses_received: 0,
        consent_requests_sent: 0,
        keepalives_sent: 0,
        errors: BTreeMap::new(),
        total_round_trip: Duration::ZERO,
        current_round_trip: None,
        first_request: None,
        last_request: None,
        last_gap: Duration::ZERO,
        succeeded: None,
        last_response: None,
        unanswered_since: None,
        unanswered: 0,
        longest_gap: Duration::ZERO,
        use_candidate_sent: None,
        nominated: None,
        last_nominated: None,
        first_data: None,
        last_data: None,
        consent_lost: None,
    }
}

fn pair(ends: [End; 2], first: Moment, last: Moment) -> Pair {
    Pair { component: 1, transport: Transport::Udp, ends, first, last }
}

fn session(agents: [Agent; 2], pairs: Vec<Pair>, states: [AgentState; 2]) -> Session {
    Session {
        agents,
        controlling_first: 0,
        pairs,
        pairs_omitted: 0,
        checks: Abbreviated::new(2),
        selected_changes: Abbreviated::new(2),
        role_conflict: None,
        first: at(209, 295),
        last: at(2000, 14_000),
        connected: [None, None],
        nominated: None,
        states,
        restart_of: None,
        handshake: false,
        integrity_invalid: 0,
    }
}

fn check(moment: Moment, from: usize, outcome: Outcome, answered: Option<Moment>) -> Check {
    Check {
        moment,
        pair: 0,
        from,
        controlling: Some(from == 0),
        use_candidate: from == 0,
        nomination: None,
        priority: Some(1_845_501_695),
        transaction: TransactionId([7; 12]),
        outcome,
        response: answered,
        round_trip: answered.map(|answer| answer.time.since(moment.time)),
    }
}

/// A call through a relay that the capture saw made.
pub fn relayed() -> Session {
    let mut local = End {
        kind: Some(CandidateType::Relayed),
        allocation: Some(0),
        requests_sent: 7,
        responses_received: 7,
        consent_requests_sent: 5,
        total_round_trip: Duration::from_micros(8_400),
        current_round_trip: Some(Duration::from_micros(1_200)),
        first_request: Some(at(211, 300)),
        last_request: Some(at(1990, 13_900)),
        succeeded: Some(at(214, 343)),
        longest_gap: Duration::from_millis(2_670),
        use_candidate_sent: Some(at(211, 300)),
        nominated: Some(at(214, 343)),
        first_data: Some(at(220, 360)),
        last_data: Some(at(2036, 14_190)),
        ..end("10.77.0.6:49250", Some(PairState::Succeeded))
    };
    local.errors.insert(487, 1);
    let remote = End {
        kind: Some(CandidateType::Relayed),
        requests_sent: 5,
        responses_received: 5,
        first_request: Some(at(209, 295)),
        succeeded: Some(at(215, 344)),
        ..end("10.77.0.6:49211", Some(PairState::Succeeded))
    };
    let dead = [end("10.77.0.11:51000", Some(PairState::InProgress)), end("10.77.0.12:51001", None)];
    let mut made = session(
        [
            agent("4XqC", Role::Controlling, "10.77.0.6:49250", Some(CandidateType::Relayed), vec![(1, 0)]),
            agent("uuAj", Role::Controlled, "10.77.0.6:49211", None, vec![(1, 0)]),
        ],
        vec![pair([local, remote], at(209, 295), at(2000, 14_000)), pair(dead, at(212, 301), at(219, 350))],
        [AgentState::Completed, AgentState::Connected],
    );
    for (place, answered) in [(211, 214), (300, 301), (400, 401), (500, 501), (600, 601)] {
        let moment = at(place, i64::try_from(place).expect("small") + 89);
        let answer = at(answered, i64::try_from(answered).expect("small") + 129);
        made.checks.push(check(moment, 0, Outcome::Succeeded, Some(answer)));
    }
    made.selected_changes.push(SelectedChange {
        moment: at(214, 343),
        agent: 0,
        component: 1,
        from: None,
        to: 0,
        by_data: false,
    });
    made.connected = [Some(at(214, 343)), Some(at(215, 344))];
    made.nominated = Some(at(214, 343));
    made.handshake = true;
    made
}

/// A call of which no check is answered.
pub fn failed() -> Session {
    let local = End {
        failure: Some(Failure::Unanswered),
        requests_sent: 240,
        first_request: Some(at(300, 900)),
        last_request: Some(at(1800, 13_000)),
        ..end("[2001:db8:0:1::11]:51000", Some(PairState::Failed))
    };
    let remote = end("[2001:db8:0:2::12]:51001", None);
    let mut made = session(
        [
            agent("Fe2x", Role::Controlling, "[2001:db8:0:1::11]:51000", Some(CandidateType::Host), vec![]),
            agent("gH\u{1b}[2J", Role::Controlled, "[2001:db8:0:2::12]:51001", None, vec![]),
        ],
        vec![pair([local, remote], at(300, 900), at(1800, 13_000))],
        [AgentState::Failed, AgentState::New],
    );
    made.checks.push(check(at(300, 900), 0, Outcome::Pending, None));
    made.checks.push(check(at(301, 962), 0, Outcome::Error(401), Some(at(302, 963))));
    made
}

fn allocation(client: &str, relayed: &str) -> Allocation {
    Allocation {
        client: endpoint(client),
        server: endpoint("10.77.0.6:3478"),
        transport: Transport::Udp,
        requested_transport: Some(17),
        relayed: vec![endpoint(relayed)],
        mapped: Some(endpoint(client)),
        username: Some("alice@gen.test".to_owned()),
        realm: Some("gen.test".to_owned()),
        state: AllocationState::Active,
        first: at(20, 31),
        created: Some(at(24, 33)),
        ended: None,
        end_reason: None,
        lifetime: Some(600),
        renewed: Some(at(24, 33)),
        refreshes: 0,
        requests: 2,
        answered: Some(at(22, 32)),
        challenges: 1,
        stale_nonces: 0,
        authentication_failures: 0,
        errors: Abbreviated::new(2),
        permissions: Vec::new(),
        channels: Vec::new(),
        peers: Vec::new(),
        connections: Vec::new(),
        omitted: 0,
        ticket: None,
        moved_from: Vec::new(),
        last: at(2036, 14_190),
        integrity_invalid: 0,
    }
}

/// One allocation in use, one given back unused, one refused.
pub fn allocations() -> Vec<Allocation> {
    let peer = endpoint("10.77.0.6:49211");
    let mut used = allocation("10.77.0.11:51000", "10.77.0.6:49250");
    used.permissions.push(Permission {
        peer,
        created: at(205, 290),
        refreshes: 1,
        renewed: at(230, 400),
        expired: None,
    });
    used.channels.push(Channel {
        number: 0x4000,
        peer: Some(peer),
        bound: Some(at(230, 400)),
        refreshes: 0,
        renewed: at(230, 400),
        expired: None,
    });
    used.peers.push(Peer {
        peer: Some(peer),
        channel: Some(0x4000),
        send_indications: 12,
        data_indications: 10,
        channel_data_sent: 729,
        channel_data_received: 739,
        bytes_sent: 198_000,
        bytes_received: 202_100,
        channel_bytes_sent: 197_000,
        channel_bytes_received: 201_000,
        sent_without_permission: 0,
        first_without_permission: None,
        last: at(2036, 14_190),
    });
    let mut unused = allocation("10.77.0.11:51002", "10.77.0.6:49247");
    unused.state = AllocationState::Ended;
    unused.ended = Some(at(222, 420));
    unused.end_reason = Some(EndReason::Released);
    let mut refused = allocation("10.77.0.11:51003", "10.77.0.6:0");
    refused.relayed.clear();
    refused.created = None;
    refused.renewed = None;
    refused.lifetime = None;
    refused.state = AllocationState::Refused;
    refused.errors.push(TurnError {
        moment: at(40, 60),
        method: Method::ALLOCATE,
        code: 486,
        reason: "Allocation Quota Reached".to_owned(),
        authenticated: true,
    });
    vec![used, unused, refused]
}

fn statistics() -> StunStatistics {
    let count = |method, class, count, nested| MessageCount { method, class, count, nested };
    StunStatistics {
        messages: vec![
            count(Method::ALLOCATE, Class::Request, 6, 0),
            count(Method::BINDING, Class::Request, 252, 12),
            count(Method::BINDING, Class::SuccessResponse, 12, 12),
            count(Method::CREATE_PERMISSION, Class::Request, 2, 0),
        ],
        transactions: 260,
        answered: 20,
        errors: BTreeMap::from([(401, 3), (486, 1)]),
        fingerprint: VerdictCount { valid: 272, ..VerdictCount::default() },
        integrity: VerdictCount { unknown: 268, absent: 4, ..VerdictCount::default() },
        ..StunStatistics::default()
    }
}

fn capture() -> Capture {
    Capture {
        path: "captures/b-turn-udp-relay.pcap".to_owned(),
        format: Word(rtcscope::capture::Format::Pcap),
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
    vec![
        Finding::new(
            &UNANSWERED,
            "Fe2x sent 240 checks from [2001:db8:0:1::11]:51000 to [2001:db8:0:2::12]:51001 over 12.1 s; none was \
             answered"
                .to_owned(),
        )
        .at(at(1800, 13_000))
        .about("ice-session", "ice-2")
        .frames((300..320).map(FrameNumber)),
        Finding::new(
            &UNUSED,
            "10.77.0.6:49247 was allocated by alice@gen.test and released without carrying data".to_owned(),
        )
        .at(at(222, 420))
        .about("allocation", "turn-2")
        .frames([FrameNumber(24), FrameNumber(222)]),
    ]
}

/// The whole document.
pub fn document() -> Document {
    let clock = Clock::new(Some(Timestamp(START)));
    let server = Server {
        address: endpoint("10.77.0.6:3478"),
        software: Some("Coturn-4.6.1 'Gorst'".to_owned()),
        transport: Transport::Udp,
        requests: 12,
        answered: 12,
        first: at(20, 31),
    };
    Document {
        schema_version: 1,
        generator: "rtcscope test".to_owned(),
        capture: capture(),
        stun: Stun::from(&statistics()),
        ice: Ice::new(&[relayed(), failed()], clock),
        turn: Turn::new(&[server], &allocations(), clock),
        findings: findings().iter().map(|finding| Published::new(finding, clock)).collect(),
    }
}
