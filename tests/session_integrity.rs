//! Whether messages prove that their sender knows the password, with what the user gave.

#![cfg(feature = "capture")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod scene;

use rtcscope::crypto::{Algorithm, Key, seal, userhash};
use rtcscope::session::Credentials;
use rtcscope::wire::stun::{AttributeType as Kind, Builder, Class, Method, Value};
use scene::turn::{granted, request, seconds};
use scene::{Scene, controlling, id};

fn verdicts(credentials: Credentials, run: impl FnOnce(&mut Scene)) -> (u64, u64, u64) {
    let mut scene = Scene::with(credentials);
    run(&mut scene);
    scene.end();
    let integrity = scene.sessions.stun().integrity;
    (integrity.valid, integrity.invalid, integrity.unknown)
}

#[test]
fn integrity_is_verified_with_what_the_user_gave() {
    let run = |scene: &mut Scene| {
        scene.asks(&request(Method::ALLOCATE, 1, &[]), &granted(Method::ALLOCATE, 1, &[seconds(600)]));
    };
    assert_eq!(verdicts(Credentials::new(), run), (0, 0, 2));
    let mut right = Credentials::new();
    right.add_turn("alice", "pwd");
    assert_eq!(verdicts(right, run), (2, 0, 0));
    let mut wrong = Credentials::new();
    wrong.add_turn("alice", "other");
    assert_eq!(verdicts(wrong, run), (0, 2, 0));
    let mut of_another = Credentials::new();
    of_another.add_turn("bob", "pwd");
    assert_eq!(verdicts(of_another, run), (0, 0, 2));
}

#[test]
fn checks_are_verified_with_the_password_of_their_receiver() {
    let run = |scene: &mut Scene| {
        scene.answered("192.0.2.1:1", "192.0.2.2:1", 1, &controlling("bbbb:aaaa"), 1);
    };
    let mut right = Credentials::new();
    right.add_ice("bbbb", "pwd");
    assert_eq!(verdicts(right, run), (2, 0, 0));
    let mut wrong = Credentials::new();
    wrong.add_ice("bbbb", "dwp");
    assert_eq!(verdicts(wrong, run), (0, 2, 0));
    let mut senders = Credentials::new();
    senders.add_ice("aaaa", "pwd");
    assert_eq!(verdicts(senders, run), (0, 0, 2));
}

#[test]
fn a_secret_gives_the_password_of_any_name() {
    let password = rtcscope::crypto::rest_password(b"north", b"1433895918:user");
    let key = Key::long_term(b"1433895918:user", b"example.org", password.as_bytes());
    let attributes = [(Kind::USERNAME, Value::Text("1433895918:user")), (Kind::REALM, Value::Text("example.org"))];
    let ask = scene::signed(Class::Request, Method::ALLOCATE, 1, &attributes, &key);
    let answer = scene::signed(Class::SuccessResponse, Method::ALLOCATE, 1, &[seconds(600)], &key);
    let mut credentials = Credentials::new();
    credentials.add_secret("south");
    credentials.add_secret("north");
    assert_eq!(
        verdicts(credentials, |scene| {
            scene.asks(&ask, &answer);
        }),
        (2, 0, 0)
    );
}

#[test]
fn the_hash_of_a_name_and_its_algorithm_hold_for_the_answer_too() {
    let key = Key::long_term_by(2, b"alice", b"example.org", b"pwd").unwrap();
    let hash = userhash(b"alice", b"example.org");
    let prove = |builder| seal(builder, &key, Algorithm::Sha256 { width: 32 }).emit().unwrap();
    let ask = prove(
        Builder::new(Class::Request, Method::ALLOCATE, id(1))
            .raw(Kind::USERHASH, &hash)
            .raw(Kind::REALM, b"example.org")
            .raw(Kind::PASSWORD_ALGORITHM, &[0, 2, 0, 0]),
    );
    let answer = prove(
        Builder::new(Class::SuccessResponse, Method::ALLOCATE, id(1)).attribute(Kind::LIFETIME, &Value::Seconds(600)),
    );
    let mut credentials = Credentials::new();
    credentials.add_turn("bob", "pwd");
    credentials.add_turn("alice", "pwd");
    assert_eq!(
        verdicts(credentials, |scene| {
            scene.asks(&ask, &answer);
        }),
        (2, 0, 0)
    );
}
