//! Compares the TURN allocations of a report with the log of the server that granted them.

use serde_json::Value;

use super::ledger::Ledger;
use super::place::Place;
use super::report::{count, list, text};
use super::scenario::{CapturePoint, Scenario};

/// Compares allocations, relayed addresses, refreshes and errors with the server's sessions that `point` sees.
pub(crate) fn judge(ledger: &mut Ledger, scenario: &Scenario, point: &CapturePoint, report: &Value) {
    let file = point.file.as_str();
    let allocations = list(report, "/turn/allocations");
    let granted: Vec<&Value> = allocations.iter().filter(|one| !relayed_of(one).is_empty()).collect();
    let Some(server) = scenario.server.as_ref() else {
        ledger.equal(file, "allocations without a server", &0, &granted.len());
        return;
    };
    let Some(sessions) = scenario.sessions_at(point) else { return };

    let mut expected: Vec<&str> = sessions.iter().flat_map(|session| &session.relayed).map(String::as_str).collect();
    let mut found: Vec<&str> = granted.iter().flat_map(|one| relayed_of(one)).collect();
    expected.sort_unstable();
    found.sort_unstable();
    ledger.equal(file, "relayed addresses", &expected, &found);
    ledger.equal(file, "number of allocations", &expected.len(), &granted.len());

    for session in sessions.iter().filter(|session| !session.relayed.is_empty()) {
        let Some(one) =
            granted.iter().find(|one| relayed_of(one).iter().any(|relayed| session.relayed[0] == **relayed))
        else {
            continue;
        };
        ledger.equal(
            file,
            "user and realm",
            &(server.user.as_str(), server.realm.as_str()),
            &(text(one, "/username"), text(one, "/realm")),
        );
        ledger.equal(
            file,
            &format!("refreshes of {}", session.relayed[0]),
            &session.refreshes,
            &count(one, "/refreshes"),
        );
        let ended = one.get("endedTime").is_some_and(Value::is_number);
        ledger.holds(file, &format!("release of {}", session.relayed[0]), ended || !session.released, || {
            "the client gave it back and it never ended".to_owned()
        });
        if let Some(remote) = &session.remote {
            // the server names the address behind the NAT; inside it is the mapped one
            let own = if point.node == "turn" { "/client" } else { "/mapped" };
            ledger.equal(file, "client as the server sees it", &Some(remote.clone()), &Place::of_text(text(one, own)));
        }
    }
    judge_errors(ledger, file, report, &sessions.iter().flat_map(|session| session.errors.clone()).collect::<Vec<_>>());

    let mut named: Vec<(String, u64)> = sessions.iter().flat_map(|session| session.named_errors.clone()).collect();
    for error in allocations.iter().flat_map(|one| list(one, "/errors")) {
        let method = text(error, "/method").to_ascii_lowercase().replace(['-', ' '], "");
        let own = (method, count(error, "/code"));
        if let Some(place) = named.iter().position(|one| *one == own) {
            named.swap_remove(place);
        }
    }
    ledger.holds(file, "errors by method", named.is_empty(), || format!("the report lacks {named:?}"));
}

/// Every error response is counted once: challenges and stale nonces as such, the rest in lists.
fn judge_errors(ledger: &mut Ledger, file: &str, report: &Value, said: &[u64]) {
    let mut counted: Vec<u64> = list(report, "/stun/errors")
        .iter()
        .flat_map(|error| {
            std::iter::repeat_n(count(error, "/code"), usize::try_from(count(error, "/count")).unwrap_or(0))
        })
        .filter(|code| *code != 487)
        .collect();
    let mut expected = said.to_vec();
    counted.sort_unstable();
    expected.sort_unstable();
    ledger.equal(file, "error codes", &expected, &counted);

    let allocations = list(report, "/turn/allocations");
    let sum = |pointer: &str| allocations.iter().map(|one| count(one, pointer)).sum::<u64>();
    let times = |code: u64| said.iter().filter(|one| **one == code).count() as u64;
    let unauthorized = sum("/authentication/challenges") + sum("/authentication/failures");
    ledger.equal(file, "401s of the allocations", &times(401), &unauthorized);
    ledger.equal(file, "stale nonces of the allocations", &times(438), &sum("/authentication/staleNonces"));
    let mut listed: Vec<u64> = allocations
        .iter()
        .flat_map(|one| list(one, "/errors"))
        .map(|error| count(error, "/code"))
        .filter(|code| ![401, 438].contains(code))
        .collect();
    listed.sort_unstable();
    expected.retain(|code| ![401, 438].contains(code));
    ledger.equal(file, "errors of the allocations", &expected, &listed);
}

/// The relayed addresses; coturn adds an empty one of the other family, which is no address.
fn relayed_of(allocation: &Value) -> Vec<&str> {
    list(allocation, "/relayed")
        .iter()
        .filter_map(Value::as_str)
        .filter(|address| !matches!(*address, "0.0.0.0:0" | "[::]:0"))
        .collect()
}
