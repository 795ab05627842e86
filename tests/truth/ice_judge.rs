//! Compares the ICE sessions of a report with what the agents themselves said.

use serde_json::Value;

use super::agents::{Agent, Outcome, Selected};
use super::ledger::Ledger;
use super::place::Place;
use super::report::{count, list, text};
use super::scenario::{CapturePoint, Scenario};

/// Compares every call of `scenario` as far as `point` can see it.
pub(crate) fn judge(ledger: &mut Ledger, scenario: &Scenario, point: &CapturePoint, report: &Value) {
    let sessions = list(report, "/ice/sessions");
    if !point.whole {
        ledger.equal(&point.file, "sessions in a capture that filters ICE out", &0, &sessions.len());
        return;
    }
    for session in sessions {
        for ufrag in list(session, "/ufrags").iter().filter_map(Value::as_str) {
            ledger.holds(&point.file, "every fragment is a peer's own", scenario.knows_fragment(ufrag), || {
                ufrag.to_owned()
            });
        }
    }
    for (one, other) in scenario.calls() {
        let found = sessions.iter().find(|session| {
            let ufrags: Vec<&str> = list(session, "/ufrags").iter().filter_map(Value::as_str).collect();
            ufrags.contains(&one.ufrag.as_str()) && ufrags.contains(&other.ufrag.as_str())
        });
        let checked = [one, other].iter().any(|agent| agent.outcome != Some(Outcome::New));
        let Some(session) = found else {
            ledger.holds(&point.file, "session is there", !checked, || format!("{}:{}", one.ufrag, other.ufrag));
            continue;
        };
        ledger.holds(
            &point.file,
            "no pair where no agent ever checked",
            checked || list(session, "/pairs").is_empty(),
            || text(session, "/id").to_owned(),
        );
        if checked {
            Call { scenario, point, session, one, other }.judge(ledger);
        }
    }
}

struct Call<'a> {
    scenario: &'a Scenario,
    point: &'a CapturePoint,
    session: &'a Value,
    one: &'a Agent,
    other: &'a Agent,
}

impl Call<'_> {
    fn judge(&self, ledger: &mut Ledger) {
        let file = self.point.file.as_str();
        if !self.path_is_visible() {
            return;
        }
        for agent in [self.one, self.other] {
            self.judge_agent(ledger, agent);
        }
        if let Some(first) = [self.one, self.other].iter().find(|agent| agent.role.as_deref() == Some("controlling")) {
            let ufrag = self.session.pointer("/ufrags/0").and_then(Value::as_str);
            ledger.equal(file, "the controlling agent stands first", &Some(first.ufrag.as_str()), &ufrag);
        }
        let good = [self.one, self.other].iter().all(|agent| matches!(agent.outcome, Some(Outcome::Success) | None));
        let state = text(self.session, "/state");
        ledger.holds(file, "session state", matches!(state, "connected" | "completed") == good, || {
            format!("{state:?} where the agents say {:?} and {:?}", self.one.outcome, self.other.outcome)
        });
        self.judge_nomination(ledger);
    }

    /// A TURN server sees a call only if it runs through it.
    fn path_is_visible(&self) -> bool {
        self.point.node != "turn"
            || [self.one, self.other].iter().any(|agent| agent.selected.as_ref().is_some_and(|pair| pair.relayed))
            || [self.one, self.other].iter().all(|agent| agent.selected.is_none())
    }

    fn judge_agent(&self, ledger: &mut Ledger, agent: &Agent) {
        let file = self.point.file.as_str();
        let Some(seen) = list(self.session, "/agents").iter().find(|seen| text(seen, "/ufrag") == agent.ufrag) else {
            ledger.holds(file, &format!("agent {}", agent.peer), false, || "is not in the session".to_owned());
            return;
        };
        // of an agent elsewhere whose packets never arrived, nothing is known
        let far = agent.node != self.point.node && agent.outcome == Some(Outcome::Failure);
        let role = seen.get("role").and_then(Value::as_str);
        if agent.role.is_some() && !(far && role.is_none()) {
            ledger.equal(file, &format!("role of {}", agent.peer), &agent.role.as_deref(), &role);
        }
        let state = seen.get("state").and_then(Value::as_str);
        let agrees = match agent.outcome {
            None => true,
            Some(Outcome::New) => matches!(state, Some("new") | None),
            // an agent that checks on after its timeout goes back from failed to checking
            Some(Outcome::Checking) => matches!(state, Some("checking" | "failed")),
            Some(Outcome::Success) => matches!(state, Some("connected" | "completed")),
            Some(Outcome::Failure) => {
                matches!(state, Some("failed" | "disconnected")) || (far && matches!(state, Some("new") | None))
            }
        };
        ledger.holds(file, &format!("state of {}", agent.peer), agrees, || {
            format!("{state:?} where the agent says {:?}", agent.outcome)
        });
        self.judge_selected(ledger, agent, seen);
        if let Some(changes) = agent.changes {
            let found = list(self.session, "/selectedPairChanges")
                .iter()
                .filter(|change| text(change, "/agent") == agent.ufrag)
                .count();
            ledger.equal(file, &format!("selected pair changes of {}", agent.peer), &changes, &(found as u64));
        }
    }

    fn judge_selected(&self, ledger: &mut Ledger, agent: &Agent, seen: &Value) {
        let file = self.point.file.as_str();
        let what = format!("selected pair of {}", agent.peer);
        let id = seen.get("selectedPair").and_then(Value::as_str);
        let pair = list(self.session, "/pairs")
            .iter()
            .find(|pair| id.is_some() && pair.get("id").and_then(Value::as_str) == id);
        match (&agent.selected, pair) {
            (Some(expected), Some(pair)) => {
                let (local, remote) = self.ends(agent, pair);
                let found = (place(local), place(remote));
                let fits = expected.local.fits(&found.0) && expected.remote.fits(&found.1);
                ledger.holds(file, &what, fits, || {
                    format!(
                        "expected {:?} → {:?}, found {:?} → {:?}",
                        expected.local, expected.remote, found.0, found.1
                    )
                });
                self.judge_relayed(ledger, agent, expected, pair, local);
            }
            (Some(expected), None) => {
                ledger.holds(file, &what, false, || format!("expected {expected:?}, found {id:?}"));
            }
            // a peer without getStats names no pair; one that failed before it had any has none
            (None, _) => {
                let none = matches!(agent.outcome, Some(Outcome::Checking | Outcome::Failure | Outcome::New));
                let had_one = self.scenario.calls().iter().any(|(one, other)| {
                    [one, other].iter().any(|agent| agent.selected.is_some() && agent.outcome == Some(Outcome::Failure))
                });
                ledger.holds(file, &what, !none || had_one || id.is_none(), || format!("expected none, found {id:?}"));
            }
        }
    }

    /// The ends of `pair` as `agent` sees them: its own first.
    fn ends<'a>(&self, agent: &Agent, pair: &'a Value) -> (&'a Value, &'a Value) {
        let (local, remote) = (&pair["local"], &pair["remote"]);
        match self.session.pointer("/ufrags/0").and_then(Value::as_str) == Some(agent.ufrag.as_str()) {
            true => (local, remote),
            false => (remote, local),
        }
    }

    fn judge_relayed(&self, ledger: &mut Ledger, agent: &Agent, expected: &Selected, pair: &Value, own: &Value) {
        let file = self.point.file.as_str();
        let kind = own.get("type").and_then(Value::as_str);
        let leg_is_visible = self.point.node == agent.node || self.point.node == "turn";
        if leg_is_visible || !expected.relayed {
            ledger.equal(file, &format!("relayed at {}", agent.peer), &expected.relayed, &(kind == Some("relay")));
        }
        let any_visible = [self.one, self.other].iter().any(|agent| {
            agent.selected.as_ref().is_some_and(|pair| pair.relayed)
                && (self.point.node == agent.node || self.point.node == "turn")
        });
        let allocation = pair.get("allocation").is_some_and(|id| !id.is_null());
        ledger.equal(file, "the pair names its allocation", &any_visible, &allocation);
    }

    /// Only the controlling agent nominates, and what it nominated is what it selected.
    fn judge_nomination(&self, ledger: &mut Ledger) {
        let file = self.point.file.as_str();
        let controlling = [self.one, self.other].into_iter().find(|agent| agent.role.as_deref() == Some("controlling"));
        for agent in [self.one, self.other] {
            let Some(nominated) = agent.selected.as_ref().and_then(|selected| selected.nominated) else { continue };
            let Some(seen) = list(self.session, "/agents").iter().find(|seen| text(seen, "/ufrag") == agent.ufrag)
            else {
                continue;
            };
            let id = seen.get("selectedPair").and_then(Value::as_str);
            if let Some(pair) =
                list(self.session, "/pairs").iter().find(|pair| pair.get("id").and_then(Value::as_str) == id)
            {
                let found = pair.get("nominated").and_then(Value::as_bool);
                ledger.equal(file, &format!("nominated at {}", agent.peer), &Some(nominated), &found);
            }
        }
        if controlling.is_none() {
            return;
        }
        for check in list(self.session, "/checks") {
            let nominates = check.get("useCandidate").and_then(Value::as_bool) == Some(true);
            if nominates && text(check, "/outcome").starts_with("succe") {
                let by_controlling = check.get("controlling").and_then(Value::as_bool) == Some(true);
                ledger.holds(file, "the controlling agent nominates", by_controlling, || {
                    format!("frame {}", count(check, "/frame"))
                });
            }
        }
    }
}

fn place(end: &Value) -> Place {
    Place::of_text(text(end, "/address")).unwrap_or(Place { host: None, port: 0 })
}
