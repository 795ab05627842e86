//! TURN allocations as the room `session` tells them, one fact a test.

#![cfg(feature = "capture")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod scene;

use rtcscope::session::limits;
use rtcscope::session::turn::{AllocationState, EndReason};
use rtcscope::wire::stun::{AttributeType as Kind, Class, Method, Value};
use scene::turn::{CLIENT, PEER, RELAYED, RELAYED_6, SERVER, granted, indication, number, peer, request, seconds, xor};
use scene::{HANDSHAKE, Scene, channel, controlled, controlling, endpoint, error, message, rtp, success};

#[test]
fn an_allocation_is_told_from_its_first_request_on() {
    let mut scene = Scene::new();
    scene.at(5).allocates(600).end();
    let allocation = scene.only();
    assert_eq!(allocation.state, AllocationState::Active);
    assert_eq!((allocation.requests, allocation.challenges, allocation.authentication_failures), (2, 1, 0));
    assert_eq!(allocation.relayed, [endpoint(RELAYED)]);
    assert_eq!(allocation.mapped, Some(endpoint("192.0.2.50:40000")));
    assert_eq!((allocation.username.as_deref(), allocation.realm.as_deref()), (Some("alice"), Some("example.org")));
    assert_eq!(allocation.lifetime, Some(600));
    assert!(allocation.errors.is_empty(), "the first 401 is the ordinary round");
    assert_eq!((scene.count("turn.allocationRequested"), scene.count("turn.allocationCreated")), (1, 1));
    assert!(scene.sessions.servers()[0].relays);
}

#[test]
fn wrong_credentials_refuse_it() {
    let mut scene = Scene::new();
    scene.asks(&message(Class::Request, Method::ALLOCATE, 1, &[]), &error(Method::ALLOCATE, 1, 401));
    scene.asks(&request(Method::ALLOCATE, 2, &[]), &error(Method::ALLOCATE, 2, 401)).end();
    let allocation = scene.only();
    assert_eq!(allocation.state, AllocationState::Refused);
    assert_eq!((allocation.challenges, allocation.authentication_failures), (1, 1));
}

#[test]
fn a_stale_nonce_is_a_round_and_no_refusal() {
    let mut scene = Scene::new();
    scene.asks(&request(Method::ALLOCATE, 1, &[]), &error(Method::ALLOCATE, 1, 438)).allocates(600).end();
    assert_eq!((scene.only().stale_nonces, scene.only().state), (1, AllocationState::Active));
}

#[test]
fn a_refusal_keeps_its_code() {
    for code in [403, 437, 442, 486, 508] {
        let mut scene = Scene::new();
        scene.asks(&request(Method::ALLOCATE, 1, &[]), &error(Method::ALLOCATE, 1, code)).end();
        assert_eq!(scene.only().state, AllocationState::Refused, "{code}");
        assert_eq!(scene.only().errors.last().unwrap().code, code);
        assert_eq!(scene.count("turn.error"), 1);
    }
}

#[test]
fn both_families_are_granted() {
    let mut scene = Scene::new();
    let answer = [(Kind::XOR_RELAYED_ADDRESS, xor(RELAYED)), (Kind::XOR_RELAYED_ADDRESS, xor(RELAYED_6)), seconds(600)];
    scene.asks(&request(Method::ALLOCATE, 1, &[]), &granted(Method::ALLOCATE, 1, &answer)).end();
    assert_eq!(scene.only().relayed, [endpoint(RELAYED), endpoint(RELAYED_6)]);
}

#[test]
fn a_refresh_puts_off_the_end_and_a_refresh_of_zero_is_the_end() {
    let mut scene = Scene::new();
    scene.allocates(600).at(540_000);
    scene.asks(&request(Method::REFRESH, 5, &[]), &granted(Method::REFRESH, 5, &[seconds(600)])).at(700_000);
    assert_eq!((scene.only().state, scene.only().refreshes), (AllocationState::Active, 1));
    scene.asks(&request(Method::REFRESH, 6, &[seconds(0)]), &granted(Method::REFRESH, 6, &[seconds(0)])).end();
    let allocation = scene.only();
    assert_eq!((allocation.state, allocation.end_reason), (AllocationState::Ended, Some(EndReason::Released)));
    assert_eq!((scene.count("turn.allocationRefreshed"), scene.count("turn.allocationEnded")), (1, 1));
}

#[test]
fn time_alone_ends_an_allocation_at_its_time() {
    let mut scene = Scene::new();
    scene.allocates(600).at(900_000).end();
    assert_eq!(scene.only().end_reason, Some(EndReason::Expired));
    assert_eq!(scene.told("turn.allocationEnded").iter().map(|told| told.0).collect::<Vec<_>>(), [600_000]);
}

#[test]
fn a_mismatch_ends_it_and_another_takes_its_place() {
    let mut scene = Scene::new();
    scene.allocates(600);
    scene.asks(&request(Method::REFRESH, 5, &[]), &error(Method::REFRESH, 5, 437)).at(50_000).allocates(600).end();
    let ends: Vec<_> = scene.sessions.allocations().iter().map(|known| known.end_reason).collect();
    assert_eq!(ends, [Some(EndReason::Mismatch), None]);
}

#[test]
fn many_refreshes_expire_once() {
    let mut scene = Scene::new();
    scene.allocates(600);
    for number in 0..500_u32 {
        scene.at(i64::from(number) * 100).permits(100 + number);
    }
    scene.at(2_000_000).end();
    assert_eq!(scene.only().permissions[0].refreshes, 499);
    assert_eq!((scene.count("turn.permissionExpired"), scene.count("turn.allocationEnded")), (1, 1));
    assert_eq!(scene.told("turn.permissionExpired")[0].0, 349_900);
}

#[test]
fn a_permission_expires_and_stands_again_when_it_is_asked_for_again() {
    let mut scene = Scene::new();
    scene.allocates(3600).permits(5).at(400_000).permits(6).end();
    let permission = &scene.only().permissions[0];
    assert!(permission.expired.is_none());
    assert_eq!(scene.told("turn.permissionExpired")[0].0, 300_000);
    let renewed: Vec<_> = scene
        .told("turn.permissionGranted")
        .iter()
        .map(|(_, what)| matches!(what, rtcscope::session::What::PermissionGranted { renewed: true, .. }))
        .collect();
    assert_eq!(renewed, [false, false], "an expired one is not renewed but granted");
}

#[test]
fn a_channel_expires_and_its_binding_is_a_permission_too() {
    let mut scene = Scene::new();
    scene.allocates(3600).binds(5).at(250_000).binds(6).at(900_000).end();
    let allocation = scene.only();
    assert_eq!((allocation.channels[0].refreshes, allocation.permissions[0].refreshes), (1, 0));
    assert_eq!(scene.told("turn.permissionExpired")[0].0, 550_000);
    assert_eq!(scene.told("turn.channelExpired")[0].0, 850_000);
}

#[test]
fn a_number_bound_to_its_first_peer_again_means_that_peer() {
    let mut scene = Scene::new();
    let bind = |transaction, to: &str| {
        request(Method::CHANNEL_BIND, transaction, &[number(), (Kind::XOR_PEER_ADDRESS, xor(to))])
    };
    let ok = |transaction| granted(Method::CHANNEL_BIND, transaction, &[]);
    scene.allocates(36_000).asks(&bind(5, PEER), &ok(5)).at(1_000_000);
    scene.asks(&bind(6, "203.0.113.10:1"), &ok(6)).at(2_000_000).asks(&bind(7, PEER), &ok(7));
    scene.udp(CLIENT, SERVER, &channel(0x4000, &rtp(1))).end();
    let peers: Vec<_> = scene.only().peers.iter().map(|peer| (peer.peer, peer.channel_data_sent)).collect();
    assert_eq!(peers, [(Some(endpoint(PEER)), 1)]);
}

#[test]
fn data_is_counted_each_way_with_the_bytes_inside() {
    let mut scene = Scene::new();
    scene.allocates(600).permits(5).sends(&rtp(1)).receives(&rtp(2)).binds(6);
    scene.udp(CLIENT, SERVER, &channel(0x4000, &rtp(3))).udp(SERVER, CLIENT, &channel(0x4000, b"12345")).end();
    let peer = &scene.only().peers[0];
    assert_eq!((peer.send_indications, peer.data_indications), (1, 1));
    assert_eq!((peer.channel_data_sent, peer.channel_data_received), (1, 1));
    assert_eq!((peer.bytes_sent, peer.bytes_received), (32, 21));
    assert_eq!(peer.sent_without_permission, 0);
}

#[test]
fn data_without_a_permission_is_counted_but_not_while_one_is_asked_for() {
    let mut scene = Scene::new();
    scene.allocates(3600).sends(&rtp(1));
    scene.udp(CLIENT, SERVER, &request(Method::CREATE_PERMISSION, 5, &[peer()])).sends(&rtp(2));
    scene.udp(SERVER, CLIENT, &granted(Method::CREATE_PERMISSION, 5, &[])).sends(&rtp(3)).at(400_000).sends(&rtp(4));
    scene.end();
    assert_eq!(scene.only().peers[0].sent_without_permission, 2, "the first and the last");
}

#[test]
fn a_permission_that_nobody_granted_does_not_stay_asked_for() {
    let mut scene = Scene::new();
    scene.allocates(3600).udp(CLIENT, SERVER, &request(Method::CREATE_PERMISSION, 5, &[peer()])).sends(&rtp(1));
    scene.at(60_000).sends(&rtp(2)).end();
    assert_eq!(scene.only().peers[0].sent_without_permission, 1);
}

#[test]
fn channel_data_met_mid_call_makes_an_allocation_that_stands() {
    let mut scene = Scene::new();
    for sequence in 0..6 {
        scene.udp(CLIENT, SERVER, &channel(0x4001, &rtp(sequence)));
    }
    scene.udp(SERVER, CLIENT, &channel(0x4001, &rtp(1))).end();
    let allocation = scene.only();
    assert_eq!((allocation.client, allocation.server), (endpoint(CLIENT), endpoint(SERVER)));
    assert_eq!((allocation.state, allocation.created), (AllocationState::Active, None));
    let peer = &allocation.peers[0];
    assert_eq!((peer.peer, peer.channel, peer.channel_data_received), (None, Some(0x4001), 1));
    assert_eq!(peer.sent_without_permission, 0);
}

#[test]
fn a_check_through_the_relay_lands_on_its_relayed_pair() {
    let mut scene = Scene::new();
    scene.allocates(600).permits(5).sends(&controlling("bbbb:aaaa").nominating().bytes(10)).at(40);
    scene.receives(&success(10, RELAYED)).binds(6);
    scene.udp(SERVER, CLIENT, &channel(0x4000, &controlled("aaaa:bbbb").bytes(11)));
    scene.udp(CLIENT, SERVER, &channel(0x4000, &success(11, PEER))).udp(CLIENT, SERVER, &channel(0x4000, HANDSHAKE));
    scene.end();
    let session = &scene.sessions.ice()[0];
    assert_eq!(session.pairs.len(), 1);
    let end = &session.pairs[0].ends[0];
    assert_eq!((end.address(), end.allocation), (endpoint(RELAYED), Some(0)));
    assert_eq!(session.agents[0].selected_pair(), Some(0));
    assert!(end.first_data.is_some());
    let nested: u64 = scene.sessions.stun().messages.iter().map(|count| count.nested).sum();
    assert_eq!(nested, 4);
}

#[test]
fn both_legs_at_the_relay_are_one_check() {
    let mut scene = Scene::new();
    let check = controlling("bbbb:aaaa").nominating().bytes(10);
    scene.allocates(600).permits(5).sends(&check).udp(RELAYED, PEER, &check).at(30);
    scene.udp(PEER, RELAYED, &success(10, RELAYED)).receives(&success(10, RELAYED)).end();
    let session = &scene.sessions.ice()[0];
    let end = &session.pairs[0].ends[0];
    assert_eq!(
        (session.pairs.len(), end.requests_sent, end.retransmissions_sent, end.responses_received),
        (1, 1, 0, 1)
    );
    let stun = scene.sessions.stun();
    assert_eq!((stun.retransmissions, stun.duplicate_responses), (0, 0));
}

#[test]
fn two_relays_on_one_server_are_one_pair() {
    let mut scene = Scene::new();
    let (other, other_relayed) = ("10.0.0.2:41000", "198.51.100.1:50002");
    scene.allocates(600);
    let answer = [(Kind::XOR_RELAYED_ADDRESS, xor(other_relayed)), seconds(600)];
    scene.udp(other, SERVER, &request(Method::ALLOCATE, 50, &[]));
    scene.udp(SERVER, other, &granted(Method::ALLOCATE, 50, &answer));
    let wrapped = |method, peer: &str, inside: &[u8]| {
        let attributes = [(Kind::XOR_PEER_ADDRESS, xor(peer)), (Kind::DATA, Value::Opaque(inside))];
        message(Class::Indication, method, 901, &attributes)
    };
    let check = controlling("bbbb:aaaa").bytes(10);
    let yes = success(10, RELAYED);
    scene.udp(CLIENT, SERVER, &wrapped(Method::SEND, other_relayed, &check));
    scene.udp(SERVER, other, &wrapped(Method::DATA, RELAYED, &check));
    scene.udp(other, SERVER, &wrapped(Method::SEND, RELAYED, &yes));
    scene.udp(SERVER, CLIENT, &wrapped(Method::DATA, other_relayed, &yes)).end();
    let session = &scene.sessions.ice()[0];
    assert_eq!((session.pairs.len(), session.pairs[0].ends[0].requests_sent), (1, 1));
    assert_eq!(session.pairs[0].ends.each_ref().map(|end| end.allocation), [Some(0), Some(1)]);
    assert_eq!(session.pairs[0].ends[0].responses_received, 1);
}

#[test]
fn a_tcp_allocation_counts_the_bytes_of_its_connections() {
    let mut scene = Scene::new();
    let (control, data) = ("10.0.0.1:40001", "10.0.0.1:40002");
    let connection = (Kind::CONNECTION_ID, Value::CodePoint(77));
    let tcp = (Kind::REQUESTED_TRANSPORT, Value::RequestedTransport(6));
    let answer = [(Kind::XOR_RELAYED_ADDRESS, xor(RELAYED)), seconds(600)];
    scene.tcp(1, 0, control, SERVER, &request(Method::ALLOCATE, 1, &[tcp]));
    scene.tcp(1, 1, SERVER, control, &granted(Method::ALLOCATE, 1, &answer));
    scene.tcp(1, 0, control, SERVER, &request(Method::CONNECT, 2, &[peer()]));
    scene.tcp(1, 1, SERVER, control, &granted(Method::CONNECT, 2, std::slice::from_ref(&connection)));
    let attempt = [(Kind::CONNECTION_ID, Value::CodePoint(78)), peer()];
    scene.tcp(1, 1, SERVER, control, &message(Class::Indication, Method::CONNECTION_ATTEMPT, 3, &attempt));
    scene.tcp(2, 0, data, SERVER, &request(Method::CONNECTION_BIND, 4, &[connection]));
    let mut bound = granted(Method::CONNECTION_BIND, 4, &[]);
    bound.extend(b"from the peer");
    scene.tcp(2, 1, SERVER, data, &bound).tcp(2, 0, data, SERVER, b"\0\x01 to the peer").end();
    let allocation = scene.only();
    assert_eq!(allocation.requested_transport, Some(6));
    assert_eq!(allocation.connections.len(), 2);
    let first = &allocation.connections[0];
    assert_eq!((first.id, first.peer, first.incoming), (77, Some(endpoint(PEER)), false));
    assert_eq!(first.bound.map(|(end, _)| end), Some(endpoint(data)));
    assert_eq!((first.bytes_sent, first.bytes_received), (14, 13));
    assert!(allocation.connections[1].incoming);
    assert_eq!(allocation.carried(), 1);
}

#[test]
fn turn_over_tcp_may_be_split_and_merged() {
    let mut scene = Scene::new();
    let answer = [(Kind::XOR_RELAYED_ADDRESS, xor(RELAYED)), seconds(600)];
    let mut up = request(Method::ALLOCATE, 1, &[]);
    up.extend(request(Method::CHANNEL_BIND, 2, &[number(), peer()]));
    up.extend(channel(0x4000, b"hello"));
    up.extend([0, 0, 0]);
    up.extend(channel(0x4000, &controlling("bbbb:aaaa").bytes(9)));
    let mut down = granted(Method::ALLOCATE, 1, &answer);
    down.extend(granted(Method::CHANNEL_BIND, 2, &[]));
    for piece in up.chunks(7) {
        scene.tcp(1, 0, CLIENT, SERVER, piece);
    }
    scene.tcp(1, 1, SERVER, CLIENT, &down).end();
    let allocation = scene.only();
    assert_eq!((allocation.state, allocation.channels.len()), (AllocationState::Active, 1));
    assert_eq!(allocation.peers.iter().map(|peer| peer.channel_data_sent).sum::<u64>(), 2);
    assert_eq!(scene.sessions.ice().len(), 1);
}

#[test]
fn a_ticket_moves_the_allocation_to_another_five_tuple() {
    let mut scene = Scene::new();
    let ticket = |bytes: &'static [u8]| (Kind::MOBILITY_TICKET, Value::Opaque(bytes));
    let answer = [(Kind::XOR_RELAYED_ADDRESS, xor(RELAYED)), seconds(600), ticket(b"one")];
    scene.asks(&request(Method::ALLOCATE, 1, &[ticket(b"")]), &granted(Method::ALLOCATE, 1, &answer));
    let moved = "172.16.0.1:9999";
    scene.udp(moved, SERVER, &request(Method::REFRESH, 2, &[ticket(b"one")]));
    scene.udp(SERVER, moved, &granted(Method::REFRESH, 2, &[seconds(600), ticket(b"two")]));
    scene.udp(moved, SERVER, &indication(Method::SEND, &rtp(1))).end();
    let allocation = scene.only();
    assert_eq!((allocation.client, &allocation.moved_from[..]), (endpoint(moved), &[endpoint(CLIENT)][..]));
    assert_eq!((allocation.peers.len(), allocation.ticket.as_deref()), (1, Some(&b"two"[..])));
}

#[test]
fn an_answer_alone_shows_the_allocation() {
    let mut scene = Scene::new();
    let answer = [(Kind::XOR_RELAYED_ADDRESS, xor(RELAYED)), seconds(600)];
    scene.udp(SERVER, CLIENT, &granted(Method::ALLOCATE, 1, &answer)).end();
    assert_eq!((scene.only().client, &scene.only().relayed[..]), (endpoint(CLIENT), &[endpoint(RELAYED)][..]));
}

#[test]
fn peers_past_the_bound_are_counted_and_what_they_send_is_still_read() {
    let mut scene = Scene::new();
    scene.allocates(600);
    for port in 1..=limits::PEERS_PER_ALLOCATION + 20 {
        let to = xor(&format!("203.0.113.9:{port}"));
        let check = controlling("bbbb:aaaa").bytes(1000 + u32::try_from(port).unwrap());
        let attributes = [(Kind::XOR_PEER_ADDRESS, to), (Kind::DATA, Value::Opaque(&check))];
        scene.udp(CLIENT, SERVER, &message(Class::Indication, Method::SEND, 900, &attributes));
    }
    scene.end();
    assert_eq!((scene.only().peers.len(), scene.only().omitted), (limits::PEERS_PER_ALLOCATION, 20));
    let session = &scene.sessions.ice()[0];
    assert_eq!(session.pairs.len() as u64 + session.pairs_omitted, limits::PEERS_PER_ALLOCATION as u64 + 20);
}

#[test]
fn allocations_past_the_bound_are_counted_and_what_they_carry_is_still_read() {
    let mut scene = Scene::new();
    let ask = message(Class::Request, Method::ALLOCATE, 1, &[]);
    for number in 0..limits::ALLOCATIONS {
        scene.udp(&format!("10.{}.{}.1:4000", number / 250, number % 250), SERVER, &ask);
    }
    assert_eq!((scene.sessions.allocations().len(), scene.sessions.allocations_omitted()), (limits::ALLOCATIONS, 0));
    scene.udp(CLIENT, SERVER, &ask).sends(&controlling("bbbb:aaaa").bytes(7)).end();
    assert_eq!(scene.sessions.allocations().len(), limits::ALLOCATIONS);
    assert_eq!(scene.sessions.allocations_omitted(), 2);
    assert_eq!(scene.sessions.ice().len(), 1);
}

#[test]
fn a_name_of_a_whole_datagram_is_cut() {
    let mut scene = Scene::new();
    let long = "x".repeat(60_000);
    scene.udp(CLIENT, SERVER, &message(Class::Request, Method::ALLOCATE, 1, &[(Kind::USERNAME, Value::Text(&long))]));
    assert_eq!(scene.end().only().username.as_ref().unwrap().len(), limits::TEXT_LENGTH);
}

#[test]
fn events_are_told_once_and_in_order() {
    let mut scene = Scene::new();
    scene.allocates(600).at(1000).permits(5).binds(6).at(200_000).binds(7).at(1_000_000).end();
    let names: Vec<_> = scene.events.iter().map(|event| event.what.name()).collect();
    assert_eq!(
        names,
        [
            "turn.allocationRequested",
            "stun.mapped",
            "turn.allocationCreated",
            "turn.permissionGranted",
            "turn.channelBound",
            "turn.permissionGranted",
            "turn.channelBound",
            "turn.permissionGranted",
            "turn.permissionExpired",
            "turn.allocationEnded",
        ]
    );
    assert!(scene.events.is_sorted_by_key(|event| event.moment.time));
}
