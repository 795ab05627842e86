//! Requests and their answers, as the room `session` matches them.

#![cfg(feature = "capture")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod scene;

use std::time::Duration;

use rtcscope::session::ice::{Failure, Outcome, PairState};
use rtcscope::wire::stun::{Class, Method};
use scene::{Scene, controlling, message, success};

const A: &str = "192.0.2.1:5000";
const B: &str = "192.0.2.2:6000";
const SERVER: &str = "198.51.100.1:3478";

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[test]
fn a_retransmission_is_no_new_check_and_the_round_trip_is_from_the_last() {
    let mut scene = Scene::new();
    let check = controlling("bbbb:aaaa").bytes(1);
    scene.udp(A, B, &check).at(500).udp(A, B, &check).at(530).udp(B, A, &success(1, A)).end();
    let stun = scene.sessions.stun();
    assert_eq!((stun.transactions, stun.answered, stun.retransmissions), (1, 1, 1));
    let session = &scene.sessions.ice()[0];
    let end = &session.pairs[0].ends[0];
    assert_eq!((end.requests_sent, end.retransmissions_sent, end.responses_received), (1, 1, 1));
    assert_eq!(end.current_round_trip, Some(ms(30)));
    assert_eq!(session.checks.total(), 1);
}

#[test]
fn an_answer_sent_twice_is_a_duplicate() {
    let mut scene = Scene::new();
    scene.udp(A, B, &controlling("bbbb:aaaa").bytes(1));
    scene.udp(B, A, &success(1, A)).udp(B, A, &success(1, A)).end();
    let stun = scene.sessions.stun();
    assert_eq!((stun.answered, stun.duplicate_responses), (1, 1));
    assert_eq!(scene.sessions.ice()[0].pairs[0].ends[0].responses_received, 1);
}

#[test]
fn icmp_ends_a_check_at_once_and_is_told_once_for_each_error() {
    let mut scene = Scene::new();
    let check = controlling("bbbb:aaaa").bytes(1);
    scene.udp(A, B, &check).at(3).unreachable(A, B, &check).unreachable(A, B, &check).end();
    let session = &scene.sessions.ice()[0];
    assert_eq!(session.pairs[0].ends[0].failure, Some(Failure::Icmp));
    assert_eq!(session.checks.last().unwrap().outcome, Outcome::Icmp);
    assert_eq!(scene.sessions.icmp_errors().total(), 2);
    assert_eq!(scene.told("ice.pairFailed").len(), 1);
    assert_eq!(scene.told("ice.pairFailed")[0].0, 3);
}

#[test]
fn icmp_behind_an_answer_takes_nothing_back() {
    let mut scene = Scene::new();
    let check = controlling("bbbb:aaaa").bytes(1);
    scene.udp(A, B, &check).udp(B, A, &success(1, A)).unreachable(A, B, &check).end();
    let session = &scene.sessions.ice()[0];
    assert_eq!(session.checks.last().unwrap().outcome, Outcome::Succeeded);
    assert_eq!(session.pairs[0].ends[0].state, Some(PairState::Succeeded));
    assert_eq!(scene.sessions.icmp_errors().total(), 1);
}

#[test]
fn an_answer_from_another_address_fails_the_pair() {
    let mut scene = Scene::new();
    scene.udp(A, B, &controlling("bbbb:aaaa").bytes(1)).udp("192.0.2.3:6000", A, &success(1, A)).end();
    assert_eq!(scene.sessions.ice()[0].pairs[0].ends[0].failure, Some(Failure::NonSymmetric));
    assert_eq!(scene.sessions.stray_responses().total(), 1);
    assert_eq!(scene.sessions.stun().answered, 1);
}

#[test]
fn the_right_answer_counts_behind_one_from_another_address() {
    let mut scene = Scene::new();
    scene.udp(A, B, &controlling("bbbb:aaaa").bytes(1)).udp("192.0.2.3:6000", A, &success(1, A));
    scene.udp(B, A, &success(1, A)).end();
    assert_eq!(scene.sessions.ice()[0].pairs[0].ends[0].state, Some(PairState::Succeeded));
    let stun = scene.sessions.stun();
    assert_eq!((stun.answered, stun.duplicate_responses), (1, 0));
}

#[test]
fn one_transaction_id_in_two_methods_is_two_transactions() {
    let mut scene = Scene::new();
    scene.udp(A, SERVER, &message(Class::Request, Method::BINDING, 1, &[]));
    scene.udp(A, SERVER, &message(Class::Request, Method::ALLOCATE, 1, &[]));
    scene.udp(SERVER, A, &success(1, "203.0.113.1:5000")).end();
    assert_eq!(scene.sessions.mappings().len(), 1);
    assert_eq!(scene.sessions.allocations().len(), 1);
    assert_eq!(scene.sessions.stun().transactions, 2);
}

#[test]
fn an_answer_after_its_time_answers_nothing() {
    let mut scene = Scene::new();
    scene.udp(A, SERVER, &message(Class::Request, Method::BINDING, 1, &[]));
    scene.at(60_000).udp(A, SERVER, &message(Class::Request, Method::BINDING, 2, &[]));
    scene.udp(SERVER, A, &success(1, A)).end();
    assert_eq!(scene.sessions.stun().responses_without_request, 1);
}

#[test]
fn one_transaction_id_from_everywhere_costs_no_more_than_any_other() {
    let mut scene = Scene::new();
    let check = controlling("bbbb:aaaa").bytes(1);
    let started = std::time::Instant::now();
    for port in 1..=20_000_u16 {
        scene.udp(&format!("192.0.2.1:{port}"), B, &check);
    }
    scene.end();
    assert_eq!(scene.sessions.stun().transactions, 20_000);
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[test]
fn servers_and_their_answers_are_counted() {
    let mut scene = Scene::new();
    scene.udp(A, SERVER, &message(Class::Request, Method::BINDING, 1, &[])).at(20);
    scene.udp(SERVER, A, &success(1, "203.0.113.1:5000"));
    scene.udp(A, SERVER, &message(Class::Request, Method::BINDING, 2, &[])).end();
    let server = &scene.sessions.servers()[0];
    assert_eq!((server.requests, server.answered, server.relays), (2, 1, false));
    let mapping = scene.sessions.mappings()[0];
    assert_eq!(mapping.mapped, scene::endpoint("203.0.113.1:5000"));
    assert_eq!(scene.count("stun.mapped"), 1);
}
