//! ICE sessions as the room `session` tells them, one fact a test.

#![cfg(feature = "capture")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod scene;

use std::time::Duration;

use rtcscope::session::ice::{AgentState, Failure, PairState, Role, Session};
use rtcscope::session::{What, limits};
use rtcscope::wire::stun::{AttributeType, Builder, Class, Method};
use scene::{Check, HANDSHAKE, Scene, controlled, controlling, error, id, message, rtp, success};

const A: &str = "192.0.2.1:5000";
const A2: &str = "192.0.2.7:5000";
const B: &str = "192.0.2.2:6000";
/// A's checks, and B's.
const FROM_A: &str = "bbbb:aaaa";
const FROM_B: &str = "aaaa:bbbb";

fn only(scene: &Scene) -> &Session {
    assert_eq!(scene.sessions.ice().len(), 1);
    &scene.sessions.ice()[0]
}

/// Both agents' checks succeed between two addresses, the controlling one's with USE-CANDIDATE.
fn connect(scene: &mut Scene, a: &str, b: &str, number: u32, names: [&str; 2]) {
    scene.answered(a, b, number, &controlling(names[0]).nominating(), 5);
    scene.answered(b, a, number + 1, &controlled(names[1]), 5);
}

#[test]
fn one_pair_of_fragments_is_one_session_whatever_the_five_tuples() {
    let mut scene = Scene::new();
    scene.udp(A, B, &controlling(FROM_A).bytes(1)).udp(A2, B, &controlling(FROM_A).bytes(2));
    scene.udp(B, A, &controlled(FROM_B).bytes(3)).end();
    let session = only(&scene);
    assert_eq!([session.agents[0].ufrag.as_str(), session.agents[1].ufrag.as_str()], ["aaaa", "bbbb"]);
    assert_eq!(session.pairs.len(), 2);
    assert_eq!(session.pairs[0].ends[1].requests_sent, 1, "both agents' views are of one pair");
    assert_eq!(scene.count("ice.sessionStarted"), 1);
    assert_eq!(scene.count("ice.pairStarted"), 2);
}

#[test]
fn roles_are_claimed_or_follow() {
    let mut scene = Scene::new();
    scene.udp(A, B, &controlled(FROM_A).bytes(1)).end();
    let session = only(&scene);
    assert_eq!((session.role(0), session.role(1)), (Some(Role::Controlled), Some(Role::Controlling)));
    assert_eq!(session.controlling_first, 1);
    assert_eq!(session.agents[0].tiebreaker, Some(9));
}

#[test]
fn a_check_without_a_role_leaves_the_first_role_to_the_next() {
    let mut scene = Scene::new();
    scene.udp(A, B, &Check { controlling: None, ..controlling(FROM_A) }.bytes(1));
    scene.udp(B, A, &controlling(FROM_B).bytes(2)).end();
    assert_eq!(only(&scene).controlling_first, 1);
}

#[test]
fn a_role_conflict_heals_when_the_one_that_was_told_switches() {
    let mut scene = Scene::new();
    scene.udp(A, B, &controlling(FROM_A).bytes(1)).udp(B, A, &error(Method::BINDING, 1, 487));
    assert!(scene.sessions.ice()[0].role_conflict.unwrap().healed.is_none());
    scene.udp(B, A, &controlling(FROM_B).bytes(2)).at(10).udp(A, B, &controlled(FROM_A).bytes(3)).end();
    let session = only(&scene);
    let conflict = session.role_conflict.unwrap();
    assert_eq!((conflict.count, conflict.healed.map(|healed| scene::milliseconds(healed.time))), (1, Some(10)));
    assert_eq!(session.agents[0].role_changes, 1);
    assert_eq!(session.agents[1].conflicts_reported, 1);
    assert_eq!(session.pairs[0].ends[0].state, Some(PairState::InProgress), "487 does not fail a pair");
    assert_eq!((scene.count("ice.roleConflict"), scene.count("ice.roleChanged")), (1, 1));
}

#[test]
fn a_role_conflict_of_two_controlled_agents_heals_too() {
    let mut scene = Scene::new();
    scene.udp(A, B, &controlled(FROM_A).bytes(1)).udp(B, A, &controlled(FROM_B).bytes(2));
    scene.udp(A, B, &error(Method::BINDING, 2, 487)).udp(B, A, &controlling(FROM_B).bytes(3)).end();
    assert!(only(&scene).role_conflict.unwrap().healed.is_some());
    assert_eq!(only(&scene).role(1), Some(Role::Controlling));
}

#[test]
fn each_component_has_its_own_selected_pair() {
    let mut scene = Scene::new();
    let (rtcp_a, rtcp_b) = ("192.0.2.1:5001", "192.0.2.2:6001");
    scene.answered(A, B, 1, &controlling(FROM_A).nominating(), 1);
    scene.answered(rtcp_a, rtcp_b, 2, &controlling(FROM_A).component(2).nominating(), 1).end();
    let session = only(&scene);
    assert_eq!(session.agents[0].selected, [(1, 0), (2, 1)]);
    assert_eq!([session.pairs[0].component, session.pairs[1].component], [1, 2]);
    assert_eq!(session.selected_pair(), Some(0));
}

#[test]
fn use_candidate_on_a_pair_that_never_answers_selects_nothing() {
    let mut scene = Scene::new();
    scene.udp(A2, B, &controlling(FROM_A).nominating().bytes(1));
    scene.answered(A, B, 2, &controlling(FROM_A).nominating(), 1).end();
    let session = only(&scene);
    assert!(session.pairs[0].ends[0].use_candidate_sent.is_some());
    assert!(session.pairs[0].nominated().is_none());
    assert_eq!(session.selected_pair(), Some(1));
}

#[test]
fn regular_nomination_selects_when_it_is_answered() {
    let mut scene = Scene::new();
    scene.answered(A, B, 1, &controlling(FROM_A), 10);
    assert_eq!(scene.sessions.ice()[0].selected_pair(), None);
    scene.answered(A, B, 2, &controlling(FROM_A).nominating(), 10).end();
    assert_eq!(scene.told("ice.pairNominated").iter().map(|told| told.0).collect::<Vec<_>>(), [20]);
    assert_eq!(scene.count("ice.selectedPairChanged"), 2, "once for each agent");
    assert_eq!(only(&scene).selected_pair(), Some(0));
}

#[test]
fn renomination_moves_the_selected_pair_each_time() {
    let mut scene = Scene::new();
    let nominate = |value| Check { nomination: Some(value), ..controlling(FROM_A) };
    scene
        .answered(A, B, 1, &nominate(1), 1)
        .answered(A2, B, 2, &nominate(2), 1)
        .answered(A, B, 3, &nominate(3), 1)
        .end();
    let session = only(&scene);
    let changes: Vec<_> = session.selected_changes.iter().filter(|change| change.agent == 0).map(|c| c.to).collect();
    assert_eq!(changes, [0, 1, 0]);
    assert_eq!(session.checks.last().unwrap().nomination, Some(3));
}

#[test]
fn data_selects_against_a_later_nomination() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.udp(A, B, HANDSHAKE).udp(B, A, HANDSHAKE);
    scene.answered(A2, B, 3, &controlling(FROM_A).nominating(), 1);
    assert_eq!(scene.sessions.ice()[0].selected_pair(), Some(0));
    scene.at(500).udp(A2, B, &rtp(1)).end();
    let session = only(&scene);
    assert_eq!(session.agents[0].selected_pair(), Some(1));
    assert_eq!(session.agents[1].selected_pair(), Some(0), "B still sends on the first pair");
    assert!(session.selected_changes.last().unwrap().by_data);
}

#[test]
fn late_packets_of_the_pair_before_are_no_change_back() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.answered(A2, B, 3, &controlling(FROM_A), 1).udp(A, B, HANDSHAKE);
    scene.at(1000).udp(A2, B, &rtp(5));
    for sequence in 0..5 {
        scene.udp(A, B, &rtp(sequence)).udp(A2, B, &rtp(sequence + 6));
    }
    assert_eq!(scene.sessions.ice()[0].agents[0].selected_pair(), Some(1));
    scene.at(3000).udp(A, B, &rtp(50)).end();
    let changes: Vec<_> =
        only(&scene).selected_changes.iter().filter(|change| change.agent == 0).map(|change| change.to).collect();
    assert_eq!(changes, [0, 1, 0], "data long after the change is a change back");
}

#[test]
fn a_lite_agent_answers_and_gets_as_far_as_the_other() {
    let mut scene = Scene::new();
    for number in 1..=3 {
        scene.answered(A, B, number, &controlling(FROM_A).nominating(), 1);
    }
    scene.end();
    let session = only(&scene);
    assert_eq!((session.agents[0].lite, session.agents[1].lite), (Some(false), Some(true)));
    assert_eq!(session.states, [AgentState::Completed, AgentState::Completed]);
}

#[test]
fn an_agent_that_answered_before_it_checks_never_seems_complete_too_early() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.end();
    let states: Vec<_> = scene
        .events
        .iter()
        .filter_map(|event| match event.what {
            What::AgentStateChanged { agent, to, .. } => Some((agent, to)),
            _ => None,
        })
        .collect();
    let steps = [AgentState::Checking, AgentState::Completed];
    assert_eq!(states, [(0, steps[0]), (0, steps[1]), (1, steps[0]), (1, steps[1])]);
}

#[test]
fn candidates_that_come_late_do_not_undo_a_completed_agent() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.udp(A2, B, &controlling(FROM_A).bytes(5)).at(60_000).end();
    assert_eq!(only(&scene).states[0], AgentState::Completed);
    assert_eq!(only(&scene).pairs[1].ends[0].failure, Some(Failure::Unanswered));
}

#[test]
fn ice_over_tcp_is_told_from_its_frames() {
    let mut scene = Scene::new();
    let framed = |bytes: &[u8]| {
        let mut framed = u16::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
        framed.extend(bytes);
        framed
    };
    let check = framed(&controlling(FROM_A).nominating().bytes(1));
    let (start, rest) = check.split_at(11);
    scene.tcp(1, 0, A, B, start).tcp(1, 0, A, B, rest).tcp(1, 1, B, A, &framed(&success(1, A)));
    scene.tcp(1, 0, A, B, &framed(HANDSHAKE)).end();
    let session = only(&scene);
    assert_eq!(session.pairs[0].transport, rtcscope::path::Transport::Tcp);
    assert!(session.pairs[0].ends[0].nominated.is_some() && session.pairs[0].ends[0].first_data.is_some());
}

#[test]
fn new_fragments_between_the_same_agents_are_a_restart() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.udp(A, B, HANDSHAKE).udp(B, A, HANDSHAKE).at(20_000).udp(A, B, &rtp(1));
    connect(&mut scene, A, B, 11, ["dddd:cccc", "cccc:dddd"]);
    scene.udp(A, B, &rtp(2)).udp(A, B, &rtp(3)).end();
    assert_eq!(scene.sessions.ice()[1].restart_of, Some(0));
    assert_eq!(scene.count("ice.sessionRestarted"), 1);
}

#[test]
fn a_restart_on_another_network_is_told_by_the_tie_breakers() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.udp(A, B, HANDSHAKE).at(20_000);
    connect(&mut scene, "198.51.100.9:1", B, 11, ["dddd:cccc", "cccc:dddd"]);
    scene.udp("198.51.100.9:1", B, &rtp(2)).end();
    assert_eq!(scene.sessions.ice()[1].restart_of, Some(0));
}

#[test]
fn a_second_call_between_the_same_hosts_is_no_restart() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.udp(A, B, HANDSHAKE).at(20_000);
    let other = |check: Check<'static>| check.tiebreaker(check.tiebreaker + 100);
    scene.answered(A2, B, 11, &other(controlling("dddd:cccc")).nominating(), 1);
    scene.answered(A, B, 12, &other(controlling("dddd:cccc")).nominating(), 1);
    scene.udp(A, B, HANDSHAKE).udp(A, B, &rtp(2)).end();
    assert_eq!(scene.sessions.ice()[1].restart_of, None);
}

#[test]
fn a_handshake_inside_of_checks_makes_a_call_of_its_own() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.udp(A, B, HANDSHAKE).at(20_000);
    let bytes = Builder::new(Class::Request, Method::BINDING, id(20))
        .raw(AttributeType::USERNAME, b"dddd:cccc")
        .raw(AttributeType::META_DTLS_IN_STUN, HANDSHAKE)
        .emit()
        .unwrap();
    scene.udp(A, B, &bytes).udp(B, A, &success(20, A)).udp(A, B, &rtp(2)).end();
    assert_eq!(scene.sessions.ice()[1].restart_of, None);
}

#[test]
fn the_sessions_of_one_call_that_start_together_restart_nothing() {
    let mut scene = Scene::new();
    let (video_a, video_b) = ("192.0.2.1:5002", "192.0.2.2:6002");
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    connect(&mut scene, video_a, video_b, 11, ["dddd:cccc", "cccc:dddd"]);
    scene.udp(A, B, &rtp(1)).udp(video_a, video_b, &rtp(1)).end();
    assert!(scene.sessions.ice().iter().all(|session| session.restart_of.is_none()));
}

#[test]
fn each_session_of_a_call_is_restarted_by_one() {
    let mut scene = Scene::new();
    let (video_a, video_b) = ("192.0.2.1:5002", "192.0.2.2:6002");
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    connect(&mut scene, video_a, video_b, 11, ["dddd:cccc", "cccc:dddd"]);
    scene.udp(A, B, &rtp(1)).udp(video_a, video_b, &rtp(1)).at(20_000);
    connect(&mut scene, A, B, 21, ["ffff:eeee", "eeee:ffff"]);
    connect(&mut scene, video_a, video_b, 31, ["hhhh:gggg", "gggg:hhhh"]);
    scene.udp(A, B, &rtp(2)).udp(video_a, video_b, &rtp(2)).end();
    let mut replaced: Vec<_> = scene.sessions.ice().iter().filter_map(|session| session.restart_of).collect();
    replaced.sort_unstable();
    assert_eq!(replaced, [0, 1]);
}

#[test]
fn consent_is_timed_and_its_loss_is_told_when_it_happens() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.udp(A, B, HANDSHAKE);
    scene.at(5000).answered(A, B, 3, &controlling(FROM_A), 10).at(10_000);
    for (number, second) in (10..40).step_by(5).enumerate() {
        scene.at(second * 1000).udp(A, B, &controlling(FROM_A).bytes(10 + u32::try_from(number).unwrap()));
    }
    scene.at(60_000).end();
    let session = only(&scene);
    let end = &session.pairs[0].ends[0];
    assert_eq!(end.consent_requests_sent, 7);
    assert_eq!(end.longest_gap, Duration::from_millis(5005));
    assert_eq!(end.failure, Some(Failure::ConsentLost));
    let lost = scene.told("ice.consentLost");
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].0, 25_000, "15 s after the first check that was not answered");
    let states: Vec<_> = scene
        .events
        .iter()
        .filter_map(|event| match event.what {
            What::AgentStateChanged { agent: 0, to, .. } => Some((scene::milliseconds(event.moment.time), to)),
            _ => None,
        })
        .filter(|(time, _)| *time > 5005)
        .collect();
    assert_eq!(states[0].1, AgentState::Disconnected);
    assert!(states.iter().any(|(_, state)| *state == AgentState::Failed));
    assert_eq!(states.len(), 2, "{states:?}");
}

#[test]
fn an_outage_ends_with_the_next_answer_for_each_agent() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.udp(A, B, HANDSHAKE).udp(B, A, HANDSHAKE);
    for number in 0..4_u32 {
        scene.at(5000 + i64::from(number) * 2500);
        scene.udp(A, B, &controlling(FROM_A).bytes(10 + number)).udp(B, A, &controlled(FROM_B).bytes(20 + number));
    }
    scene.at(15_000).answered(A, B, 30, &controlling(FROM_A), 5).answered(B, A, 31, &controlled(FROM_B), 5).end();
    let outages: Vec<_> = only(&scene).outages.iter().map(|outage| (outage.agent, outage.until.is_some())).collect();
    assert_eq!(outages, [(0, true), (1, true)]);
    assert_eq!(only(&scene).state(), AgentState::Completed);
}

#[test]
fn consent_that_is_asked_for_rarely_is_not_lost_in_the_past() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    for number in 0..4_u32 {
        scene.at(10_000 + i64::from(number) * 20_000).udp(A, B, &controlling(FROM_A).bytes(10 + number));
    }
    scene.at(75_000).end();
    let times: Vec<i64> = scene.events.iter().map(|event| scene::milliseconds(event.moment.time)).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(scene.told("ice.consentLost").iter().map(|told| told.0).collect::<Vec<_>>(), [50_000]);
}

#[test]
fn an_authenticated_403_takes_consent_back_at_once() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.at(5000).udp(A, B, &controlling(FROM_A).bytes(5)).udp(B, A, &error(Method::BINDING, 5, 403)).end();
    let end = &only(&scene).pairs[0].ends[0];
    assert_eq!(end.failure, Some(Failure::ConsentLost));
    assert_eq!(scene.told("ice.consentLost").iter().map(|told| told.0).collect::<Vec<_>>(), [5000]);
}

#[test]
fn silence_fails_a_pair_when_its_time_is_over() {
    let mut scene = Scene::new();
    scene.udp(A, B, &controlling(FROM_A).bytes(1)).at(60_000).end();
    let failed = scene.told("ice.pairFailed");
    assert_eq!(failed.iter().map(|told| told.0).collect::<Vec<_>>(), [5000]);
    assert_eq!(only(&scene).state(), AgentState::Failed);
}

#[test]
fn slow_checks_do_not_make_a_pair_flap() {
    let mut scene = Scene::new();
    for number in 0..50 {
        scene.at(i64::from(number) * 6000).udp(A, B, &controlling(FROM_A).bytes(number));
    }
    scene.end();
    assert!(scene.count("ice.pairFailed") <= 3, "{}", scene.count("ice.pairFailed"));
}

#[test]
fn binding_indications_keep_a_pair_alive() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    let indication = message(Class::Indication, Method::BINDING, 9, &[]);
    scene.at(15_000).udp(A, B, &indication).at(30_000).udp(A, B, &indication).udp(B, A, &indication).end();
    let ends = &only(&scene).pairs[0].ends;
    assert_eq!([ends[0].keepalives_sent, ends[1].keepalives_sent], [2, 1]);
}

#[test]
fn goog_ping_is_a_check_on_the_pair_of_its_flow() {
    let mut scene = Scene::new();
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.at(2500).udp(B, A, &message(Class::Request, Method::GOOG_PING, 9, &[])).at(2510);
    scene.udp(A, B, &message(Class::SuccessResponse, Method::GOOG_PING, 9, &[])).end();
    let end = &only(&scene).pairs[0].ends[1];
    assert_eq!((end.requests_sent, end.responses_received), (2, 2));
    assert_eq!(end.current_round_trip, Some(Duration::from_millis(10)));
}

#[test]
fn one_direction_alone_fails_no_pair_that_carries_data() {
    let mut scene = Scene::new();
    for number in 0..8_u32 {
        scene.at(i64::from(number) * 2500).udp(A, B, &controlling(FROM_A).nominating().bytes(number));
        scene.udp(A, B, &success(100 + number, B)).udp(A, B, HANDSHAKE);
    }
    scene.at(60_000).end();
    assert_eq!(scene.count("ice.pairFailed"), 0);
    assert_ne!(only(&scene).states[0], AgentState::Failed);
    assert_eq!(scene.sessions.stun().responses_without_request, 8);
    assert_eq!(only(&scene).agents[0].selected_pair(), Some(0), "its data shows which pair it uses");
}

#[test]
fn a_capture_that_begins_mid_call_has_a_session() {
    let mut scene = Scene::new();
    scene.udp(A, B, &rtp(1)).udp(B, A, &success(77, B)).udp(A, B, &rtp(2)).udp(A, B, &rtp(3));
    connect(&mut scene, A, B, 1, [FROM_A, FROM_B]);
    scene.udp(A, B, &rtp(4)).end();
    let session = only(&scene);
    assert_eq!(session.state(), AgentState::Completed);
    assert_eq!(session.agents[0].selected_pair(), Some(0));
    assert_eq!(session.restart_of, None);
}

#[test]
fn pairs_past_the_bound_are_counted() {
    let mut scene = Scene::new();
    for port in 0..limits::PAIRS_PER_SESSION + 10 {
        scene.udp(&format!("192.0.2.1:{}", port + 1), B, &controlling(FROM_A).bytes(u32::try_from(port).unwrap()));
    }
    scene.end();
    let session = only(&scene);
    assert_eq!((session.pairs.len(), session.pairs_omitted), (limits::PAIRS_PER_SESSION, 10));
    assert_eq!(scene.sessions.stun().transactions, limits::PAIRS_PER_SESSION as u64 + 10);
}

#[test]
fn sessions_past_the_bound_are_counted() {
    let mut scene = Scene::new();
    for number in 0..u32::try_from(limits::ICE_SESSIONS).unwrap() + 5 {
        scene.udp(A, B, &controlling(&format!("bbbb:{number}")).bytes(number));
    }
    assert_eq!((scene.sessions.ice().len(), scene.sessions.ice_omitted()), (limits::ICE_SESSIONS, 5));
}

#[test]
fn a_fragment_longer_than_the_rfc_allows_makes_no_session() {
    let mut scene = Scene::new();
    let long = format!("{}:b", "a".repeat(300));
    scene.udp(A, B, &controlling(&long).bytes(1)).end();
    assert!(scene.sessions.ice().is_empty());
    assert_eq!(scene.sessions.stun().transactions, 1);
}
