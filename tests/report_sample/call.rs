//! A call that was signalled through a server, for the snapshots.

use rtcscope::call::{GroundKind, Outcome, PhaseName, StepKind};
use rtcscope::flow::Roles;
use rtcscope::report::model::Encrypted;
use rtcscope::report::model::{
    Call, Changed, Description, EncryptedFrom, EncryptedMessage, Exchange, Ground, Happening, Participant, Party,
    Phase, Setup, Sighting, Signaling, SignalingFile, State, Step, Topology, TrickledCandidate, What, Word,
};
use rtcscope::signal::{Carrier, DescriptionType, RoomWord};
use rtcscope::signaling::exchange::SignalingState;

const OFFER: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n\
    c=IN IP4 0.0.0.0\r\na=ice-ufrag:4XqC\r\na=ice-pwd:notForAnyEyesButTheirs22\r\n\
    a=candidate:1 1 udp 2130706431 10.77.0.11 39734 typ host\r\na=rtpmap:111 opus/48000/2\r\n";

fn party(name: &str, address: Option<&str>, state: SignalingState) -> Party {
    Party {
        id: name.to_owned(),
        name: Some(name.to_owned()),
        address: address.map(str::to_owned),
        server: Some("10.77.0.5:8080".to_owned()),
        heard: address.is_some(),
        state: Word(state),
    }
}

fn description(kind: DescriptionType, frame: u64, time: f64, [from, to]: [&str; 2]) -> Description {
    Description {
        time,
        frame,
        from: from.to_owned(),
        to: to.to_owned(),
        r#type: Word(kind),
        type_inferred: false,
        sdp: OFFER.to_owned(),
        again: vec![Sighting { time: time + 0.01, frame: frame + 1 }],
    }
}

fn happening(frame: u64, time: f64, party: &str, what: What) -> Happening {
    Happening { time, frame, party: Some(party.to_owned()), what }
}

fn exchange() -> Exchange {
    let state = |time, frame, party: &str, state| State { time, frame, party: party.to_owned(), state: Word(state) };
    let changed = Changed {
        section: "0".to_owned(),
        subject: "direction".to_owned(),
        name: String::new(),
        old: Some("sendrecv".to_owned()),
        new: Some("sendonly".to_owned()),
    };
    Exchange {
        id: "exchange-1".to_owned(),
        transport: Word(Carrier::SocketIo),
        room: Some("lobby".to_owned()),
        parties: vec![
            party("alice", Some("10.77.0.11:41000"), SignalingState::Stable),
            party("bob", None, SignalingState::Stable),
        ],
        states: vec![
            state(0.1, 180, "alice", SignalingState::HaveLocalOffer),
            state(0.1, 180, "bob", SignalingState::HaveRemoteOffer),
            state(0.2, 190, "bob", SignalingState::Stable),
            state(0.2, 190, "alice", SignalingState::Stable),
        ],
        states_omitted: 0,
        descriptions: vec![
            description(DescriptionType::Offer, 180, 0.1, ["alice", "bob"]),
            description(DescriptionType::Answer, 190, 0.2, ["bob", "alice"]),
        ],
        descriptions_omitted: 0,
        candidates: vec![TrickledCandidate {
            time: 0.12,
            frame: 182,
            from: "alice".to_owned(),
            candidate: "candidate:2 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.77.0.11 rport 39734"
                .to_owned(),
            mid: Some("0".to_owned()),
            m_line_index: Some(0),
            username_fragment: Some("4XqC".to_owned()),
            again: Vec::new(),
        }],
        candidates_omitted: 0,
        negotiated: Vec::new(),
        events: vec![
            happening(
                170,
                0.05,
                "alice",
                What::Room { word: Word(RoomWord::Join), said: "join".to_owned(), member: Some("alice".to_owned()) },
            ),
            happening(190, 0.2, "bob", What::Answered { offer: 0, answer: 1, after: 0.1 }),
            happening(190, 0.2, "bob", What::Renegotiated { description: 1, previous: 0, differences: vec![changed] }),
        ],
        events_omitted: 0,
        first_time: 0.05,
        first_frame: 170,
        last_time: 0.2,
        answer_time: Some(0.1),
        one_way: false,
    }
}

/// The section `signaling`.
pub(super) fn signaling() -> Signaling {
    Signaling {
        exchanges: vec![exchange()],
        exchanges_omitted: 0,
        files: vec![SignalingFile {
            path: "home/alice/webrtc_internals_dump.txt".to_owned(),
            kind: "webrtc-internals".to_owned(),
            connections: 1,
            clock_offset: Some(0.012),
            clock_offset_uncertainty: Some(0.025),
            clock_events: Some(9),
            skipped: 0,
            omitted: 0,
        }],
        encrypted: vec![encrypted()],
        encrypted_omitted: 0,
    }
}

fn encrypted() -> Encrypted {
    let message = |time, frame, from, bytes| EncryptedMessage { time, frame, from, bytes };
    Encrypted {
        id: "tls-1".to_owned(),
        client: "10.77.0.11:50122".to_owned(),
        server: "203.0.113.80:443".to_owned(),
        roles: Word(Roles::Hello),
        joined: false,
        server_name: Some("signal.example".to_owned()),
        alpn: None,
        offered_alpn: vec!["h2".to_owned(), "http/1.1".to_owned()],
        version: Some("TLS 1.3".to_owned()),
        offered_versions: vec!["TLS 1.3".to_owned(), "TLS 1.2".to_owned()],
        cipher_suite: Some("TLS_AES_128_GCM_SHA256".to_owned()),
        hello_retried: false,
        early_data: false,
        completed_time: Some(0.02),
        completed_frame: Some(14),
        first_time: 0.01,
        first_frame: 10,
        last_time: 1.5,
        closed_time: None,
        closed_frame: None,
        messages: vec![message(0.03, 16, EncryptedFrom::Client, 1432), message(0.05, 18, EncryptedFrom::Server, 5120)],
        messages_omitted: 0,
        bytes_sent: 1432,
        bytes_received: 5120,
        alerts: Vec::new(),
        alerts_omitted: 0,
        missing_bytes: 0,
        losses: 0,
    }
}

fn participant(name: &str, address: &str, ufrag: &str) -> Participant {
    Participant {
        name: Some(name.to_owned()),
        addresses: vec![address.to_owned()],
        ufrags: vec![ufrag.to_owned()],
        msids: vec![format!("7b733a03-a3a0-44df-a7ba-{ufrag}")],
        stack: Some("libwebrtc".to_owned()),
    }
}

/// The section `calls`: the same call.
pub(super) fn calls() -> Vec<Call> {
    let step = |time, frame, kind, [from, to]: [&str; 2], what: &str| Step {
        time,
        frame,
        kind: Word(kind),
        from: from.to_owned(),
        to: Some(to).filter(|to| !to.is_empty()).map(str::to_owned),
        what: what.to_owned(),
    };
    let phase = |name, time, duration| Phase { name: Word(name), time, duration };
    vec![Call {
        id: "call-1".to_owned(),
        exchanges: vec!["exchange-1".to_owned()],
        ice_sessions: vec!["ice-1".to_owned()],
        allocations: vec!["turn-1".to_owned()],
        media_flows: Vec::new(),
        streams: ["rtp-1", "rtp-2", "rtp-3", "rtp-4", "rtp-5"].map(str::to_owned).to_vec(),
        grounds: vec![Ground {
            kind: Word(GroundKind::Ufrag),
            detail: "4XqC:uuAj".to_owned(),
            members: ["exchange-1".to_owned(), "ice-1".to_owned()],
        }],
        topology: Some(Topology { kind: "relayed".to_owned(), center: None }),
        participants: vec![participant("alice", "10.77.0.11", "4XqC"), participant("bob", "10.77.0.12", "uuAj")],
        outcome: Word(Outcome::Connected),
        setup: Setup {
            offer_time: Some(0.1),
            answer_time: Some(0.2),
            gathering_time: Some(0.031),
            first_check_time: Some(0.295),
            connected_time: Some(0.344),
            nominated_time: Some(0.343),
            dtls_time: Some(0.35),
            first_media_times: [Some(0.4), Some(0.41)],
            total: Some(0.3),
            phases: vec![
                phase(PhaseName::Answer, 0.1, 0.1),
                phase(PhaseName::Candidates, 0.2, 0.095),
                phase(PhaseName::Checks, 0.295, 0.049),
                phase(PhaseName::Dtls, 0.344, 0.056),
            ],
        },
        ladder: vec![
            step(0.05, 170, StepKind::Signaling, ["alice", ""], "join"),
            step(0.1, 180, StepKind::Signaling, ["alice", "bob"], "offer audio, 1 candidate"),
            step(0.2, 190, StepKind::Signaling, ["bob", "alice"], "answer audio, 1 candidate"),
            step(0.295, 209, StepKind::Stun, ["alice", "bob"], "first check, controlling"),
            step(0.4, 220, StepKind::Media, ["bob", "alice"], "first media"),
        ],
        ladder_omitted: 0,
        first_time: 0.05,
        first_frame: 170,
        last_time: 14.0,
    }]
}
