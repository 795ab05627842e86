//! What joins exchanges, sessions and allocations into calls, and how calls are drawn: one fact a test.

#![cfg(feature = "capture")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod scene;

use rtcscope::call::{Call, GroundKind, Material, Outcome, StepKind, Topology, calls, ladder};
use rtcscope::moment::Moment;
use rtcscope::signal::{
    Addressing, Carrier, Channel, Description, DescriptionType, Matter, RoomEvent, RoomWord, Signal, Speaker,
};
use rtcscope::signaling::Limits;
use rtcscope::signaling::exchange::Exchanges;
use scene::{HANDSHAKE, Scene, controlled, controlling, endpoint, rtp};

const START: i64 = 1_700_000_000_000;

/// What is signalled, beside a scene.
struct Talk {
    exchanges: Exchanges,
    frame: u64,
}

impl Talk {
    fn new() -> Self {
        Self { exchanges: Exchanges::new(Limits::default()), frame: 0 }
    }

    fn say(&mut self, ms: i64, channel: u64, client: &str, speaker: Speaker, room: &str, matter: Matter) {
        self.frame += 1;
        let (client, server) = (endpoint(client), endpoint("198.51.100.80:8080"));
        let (source, destination) = if speaker == Speaker::Client { (client, server) } else { (server, client) };
        self.exchanges.observe(Signal {
            moment: Moment::new(self.frame, (START + ms) * 1_000_000),
            carrier: Carrier::WebSocket,
            channel: Channel(channel),
            speaker,
            source: Some(source),
            destination: Some(destination),
            addressing: Addressing { room: Some(room.to_owned()), ..Addressing::default() },
            matter,
        });
    }

    /// An offer of the client at `ms`, answered ten milliseconds later: user fragments and addresses of both.
    fn agree(&mut self, ms: i64, channel: u64, room: &str, offer: (&str, &str), answer: (&str, &str)) {
        let client = format!("{}:1", offer.1.split(':').next().unwrap());
        self.say(ms, channel, &client, Speaker::Client, room, described(DescriptionType::Offer, offer));
        self.say(ms + 10, channel, &client, Speaker::Server, room, described(DescriptionType::Answer, answer));
    }
}

fn described(kind: DescriptionType, (ufrag, address): (&str, &str)) -> Matter {
    let (host, port) = address.rsplit_once(':').unwrap();
    let session: u32 = ufrag.bytes().map(u32::from).sum();
    let setup = if kind == DescriptionType::Offer { "actpass" } else { "active" };
    let sdp = format!(
        "v=0\r\no=- {session} 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n\
         a=ice-ufrag:{ufrag}\r\na=ice-pwd:pwdpwdpwdpwdpwdpwdpwdpwd\r\na=setup:{setup}\r\na=mid:0\r\na=msid:s-{ufrag} t\r\n\
         a=candidate:1 1 udp 2130706431 {host} {port} typ host\r\na=rtpmap:111 opus/48000/2\r\n"
    );
    Matter::Description(Description { kind: Some(kind), sdp })
}

/// A call between two addresses that connects, with media both ways.
fn connects(scene: &mut Scene, number: u32, (one, from): (&str, &str), (other, to): (&str, &str)) {
    let there = format!("{other}:{one}");
    let back = format!("{one}:{other}");
    let tiebreaker = u64::from(number) * 100;
    scene.answered(from, to, number, &controlling(&there).nominating().tiebreaker(tiebreaker + 1), 1);
    scene.answered(to, from, number + 1, &controlled(&back).tiebreaker(tiebreaker + 2), 1);
    scene.udp(from, to, HANDSHAKE).udp(to, from, HANDSHAKE);
    scene.udp(from, to, &rtp(1)).udp(to, from, &rtp(1));
}

fn put(scene: &mut Scene, talk: &Talk) -> Vec<Call> {
    scene.end();
    calls(Material { exchanges: talk.exchanges.exchanges(), sessions: &scene.sessions })
}

fn kinds(call: &Call) -> Vec<GroundKind> {
    call.grounds.iter().map(|ground| ground.kind).collect()
}

#[test]
fn a_session_is_of_the_exchange_that_told_its_fragments() {
    let (mut scene, mut talk) = (Scene::new(), Talk::new());
    talk.agree(0, 1, "r", ("aaaa", "192.0.2.1:5000"), ("bbbb", "192.0.2.2:6000"));
    talk.agree(0, 2, "s", ("cccc", "192.0.2.3:5000"), ("dddd", "192.0.2.4:6000"));
    scene.at(100);
    connects(&mut scene, 1, ("cccc", "192.0.2.3:5000"), ("dddd", "192.0.2.4:6000"));
    connects(&mut scene, 11, ("aaaa", "192.0.2.1:5000"), ("bbbb", "192.0.2.2:6000"));
    let calls = put(&mut scene, &talk);
    let joined: Vec<_> = calls.iter().map(|call| (call.exchanges.clone(), call.sessions.clone())).collect();
    assert_eq!(joined, [(vec![0], vec![1]), (vec![1], vec![0])]);
    for call in &calls {
        assert_eq!(
            (kinds(call), call.outcome, call.topology),
            (vec![GroundKind::Ufrag], Outcome::Connected, Some(Topology::Direct))
        );
        assert_eq!(call.participants.len(), 2);
        assert!(
            call.participants
                .iter()
                .all(|known| known.agents.len() == 1 && known.parties.len() == 1 && known.msids.len() == 1)
        );
    }
}

#[test]
fn checks_with_unknown_fragments_between_signalled_addresses_are_of_the_exchange() {
    let (mut scene, mut talk) = (Scene::new(), Talk::new());
    talk.agree(0, 1, "r", ("aaaa", "192.0.2.1:5000"), ("bbbb", "192.0.2.2:6000"));
    scene.at(100);
    connects(&mut scene, 1, ("xxxx", "192.0.2.1:5000"), ("yyyy", "192.0.2.2:6000"));
    let calls = put(&mut scene, &talk);
    assert_eq!((calls.len(), kinds(&calls[0])), (1, vec![GroundKind::CandidateAddress]));
}

#[test]
fn what_has_nothing_in_common_stays_apart() {
    let (mut scene, mut talk) = (Scene::new(), Talk::new());
    talk.agree(0, 1, "r", ("aaaa", "192.0.2.1:5000"), ("bbbb", "192.0.2.2:6000"));
    scene.at(100);
    connects(&mut scene, 1, ("xxxx", "192.0.2.7:5000"), ("yyyy", "192.0.2.8:6000"));
    let calls = put(&mut scene, &talk);
    let members: Vec<_> = calls.iter().map(|call| (call.exchanges.len(), call.sessions.len())).collect();
    assert_eq!(members, [(1, 0), (0, 1)]);
    assert!(calls.iter().all(|call| call.grounds.is_empty()));
}

#[test]
fn connections_of_one_conversation_at_one_time_are_a_star_around_their_server() {
    let (mut scene, mut talk) = (Scene::new(), Talk::new());
    let sfu = "198.51.100.9:10000";
    for (number, host) in ["192.0.2.1:5000", "192.0.2.2:5000", "192.0.2.3:5000"].into_iter().enumerate() {
        let (mine, its) = (format!("cli{number}"), format!("sfu{number}"));
        talk.agree(number as i64, number as u64 + 1, "lobby", (&mine, host), (&its, sfu));
        scene.at(100);
        connects(&mut scene, 1 + 10 * number as u32, (&mine, host), (&its, sfu));
    }
    let calls = put(&mut scene, &talk);
    assert_eq!(calls.len(), 1, "they share a room");
    assert!(kinds(&calls[0]).contains(&GroundKind::Room));
    assert_eq!(calls[0].topology, Some(Topology::Star { center: endpoint(sfu).address }));
}

#[test]
fn everybody_with_everybody_is_a_mesh() {
    let (mut scene, mut talk) = (Scene::new(), Talk::new());
    let hosts = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
    for (number, (one, other)) in [(0, 1), (0, 2), (1, 2)].into_iter().enumerate() {
        let (mine, theirs) = (format!("aa{number}"), format!("bb{number}"));
        let (from, to) = (format!("{}:500{number}", hosts[one]), format!("{}:600{number}", hosts[other]));
        talk.agree(number as i64, number as u64 + 1, "lobby", (&mine, &from), (&theirs, &to));
        scene.at(100);
        connects(&mut scene, 1 + 10 * number as u32, (&mine, &from), (&theirs, &to));
    }
    let calls = put(&mut scene, &talk);
    assert_eq!((calls.len(), calls[0].topology), (1, Some(Topology::Mesh)));
}

#[test]
fn one_call_after_another_in_one_room_are_two() {
    let (mut scene, mut talk) = (Scene::new(), Talk::new());
    let bye = || Matter::Room(RoomEvent { word: RoomWord::Bye, said: "bye".to_owned(), member: None });
    talk.agree(0, 1, "lobby", ("aaaa", "192.0.2.1:5000"), ("bbbb", "192.0.2.2:6000"));
    scene.at(100);
    connects(&mut scene, 1, ("aaaa", "192.0.2.1:5000"), ("bbbb", "192.0.2.2:6000"));
    talk.say(5_000, 1, "192.0.2.1:1", Speaker::Client, "lobby", bye());
    talk.agree(60_000, 1, "lobby", ("cccc", "192.0.2.1:5002"), ("dddd", "192.0.2.2:6002"));
    scene.at(60_100);
    connects(&mut scene, 21, ("cccc", "192.0.2.1:5002"), ("dddd", "192.0.2.2:6002"));
    let calls = put(&mut scene, &talk);
    assert_eq!(calls.iter().map(|call| call.sessions.clone()).collect::<Vec<_>>(), [[0], [1]]);
}

#[test]
fn an_offer_without_an_answer_is_unanswered_and_one_with_a_refusal_refused() {
    let (mut scene, mut talk) = (Scene::new(), Talk::new());
    let offer = |ufrag| described(DescriptionType::Offer, (ufrag, "192.0.2.1:5000"));
    let word = |word| Matter::Room(RoomEvent { word, said: "no".to_owned(), member: None });
    talk.say(0, 1, "192.0.2.1:1", Speaker::Client, "a", offer("aaaa"));
    talk.say(1, 1, "192.0.2.1:1", Speaker::Server, "a", word(RoomWord::Joined));
    talk.say(2, 2, "192.0.2.2:1", Speaker::Client, "b", offer("bbbb"));
    talk.say(3, 2, "192.0.2.2:1", Speaker::Server, "b", word(RoomWord::Refused));
    let outcomes: Vec<Outcome> = put(&mut scene, &talk).iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, [Outcome::Unanswered, Outcome::Refused]);
}

#[test]
fn the_ladder_goes_from_the_first_word_to_the_last_in_order_of_time() {
    let (mut scene, mut talk) = (Scene::new(), Talk::new());
    talk.agree(0, 1, "r", ("aaaa", "192.0.2.1:5000"), ("bbbb", "192.0.2.2:6000"));
    scene.at(100);
    connects(&mut scene, 1, ("aaaa", "192.0.2.1:5000"), ("bbbb", "192.0.2.2:6000"));
    let calls = put(&mut scene, &talk);
    let steps = ladder(&calls[0], Material { exchanges: talk.exchanges.exchanges(), sessions: &scene.sessions });
    let whats: Vec<&str> = steps.iter().map(|step| step.what.as_str()).collect();
    assert_eq!(whats[..3], ["offer audio, 1 candidate", "answer audio, 1 candidate", "first check, controlling"]);
    assert!(steps.is_sorted_by_key(|step| step.moment));
    assert_eq!(steps.iter().filter(|step| step.kind == StepKind::Media).count(), 2, "first media in each direction");
    let names: Vec<&str> = calls[0].setup.phases.iter().map(|phase| phase.name.name()).collect();
    assert_eq!(names, ["answer", "candidates", "checks"], "what took no time is no phase");
}

#[test]
fn checks_before_their_description_are_verified_once_it_is_there() {
    let mut scene = Scene::new();
    scene.at(0);
    scene.answered("192.0.2.1:5000", "192.0.2.2:6000", 1, &controlling("bbbb:aaaa"), 1);
    let counts = |scene: &Scene| {
        let integrity = scene.sessions.stun().integrity;
        (integrity.valid, integrity.invalid, integrity.unknown)
    };
    assert_eq!(counts(&scene), (0, 0, 2));
    let signal = |ufrag: &str, password: &str| Signal {
        moment: Moment::new(9, START * 1_000_000),
        carrier: Carrier::WebSocket,
        channel: Channel(1),
        speaker: Speaker::Client,
        source: None,
        destination: None,
        addressing: Addressing::default(),
        matter: match described(DescriptionType::Offer, (ufrag, "192.0.2.2:6000")) {
            Matter::Description(found) => Matter::Description(Description {
                sdp: found.sdp.replace("pwdpwdpwdpwdpwdpwdpwdpwd", password),
                ..found
            }),
            other => other,
        },
    };
    scene.sessions.learn(&signal("bbbb", "pwd"), true);
    assert_eq!(counts(&scene), (2, 0, 0), "what was kept is counted again");
    scene.answered("192.0.2.1:5000", "192.0.2.2:6000", 2, &controlling("bbbb:aaaa"), 1);
    assert_eq!(counts(&scene), (4, 0, 0));
    scene.answered("192.0.2.1:5000", "192.0.2.3:6000", 3, &controlling("cccc:aaaa"), 1);
    scene.sessions.learn(&signal("cccc", "other"), true);
    assert_eq!(counts(&scene), (4, 2, 0));
}
