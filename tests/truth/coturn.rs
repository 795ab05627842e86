//! What the TURN server of a lab capture wrote about its sessions.

use super::place::Place;

/// One session of the server's log: one client address and port.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerSession {
    /// The number in the log.
    pub(crate) id: String,
    /// The relayed addresses given to it.
    pub(crate) relayed: Vec<String>,
    /// The client's address as the server saw it; the log names it only when the session closes.
    pub(crate) remote: Option<Place>,
    /// The code of each error response, in order.
    pub(crate) errors: Vec<u64>,
    /// Method (lower case, letters only) and code of the errors whose method the log names.
    pub(crate) named_errors: Vec<(String, u64)>,
    /// Successful refreshes with a lifetime above zero.
    pub(crate) refreshes: u64,
    /// Whether the client gave the allocation back.
    pub(crate) released: bool,
}

/// Reads a log of coturn 4.6 with `--verbose`.
pub(crate) fn sessions(log: &str) -> Vec<ServerSession> {
    let mut sessions: Vec<ServerSession> = Vec::new();
    let mut relay: Option<String> = None;
    for line in log.lines() {
        if let Some((_, address)) = line.split_once("Local relay addr: ") {
            relay = Some(address.trim().to_owned());
            continue;
        }
        let Some((id, said)) = line.split_once(": session ").and_then(|(_, rest)| rest.split_once(": ")) else {
            continue;
        };
        if !id.chars().all(|digit| digit.is_ascii_digit()) {
            continue;
        }
        let place = sessions.iter().position(|session| session.id == id).unwrap_or_else(|| {
            sessions.push(ServerSession { id: id.to_owned(), ..ServerSession::default() });
            sessions.len() - 1
        });
        let session = &mut sessions[place];
        if said.starts_with("new,") {
            session.relayed.extend(relay.take());
        }
        read(session, said);
    }
    sessions
}

fn read(session: &mut ServerSession, said: &str) {
    if said.starts_with("refreshed,") {
        if said.trim_end().ends_with("lifetime=0") {
            session.released = true;
        } else {
            session.refreshes += 1;
        }
    }
    if let Some((_, rest)) = said.split_once("remote ").filter(|_| said.starts_with("closed")) {
        session.remote = rest.split(',').next().and_then(Place::of_text);
    }
    let Some((method, rest)) = said.split_once("incoming packet ").and_then(|(_, rest)| rest.split_once(' ')) else {
        return;
    };
    let Some(code) = rest.split_once("error ").and_then(|(_, rest)| rest.split(':').next()?.trim().parse().ok()) else {
        return;
    };
    // each error response is one line about a "message"; where a method failed, a line with its name comes first
    if method == "message" {
        session.errors.push(code);
    } else {
        session.named_errors.push((method.to_ascii_lowercase().replace('_', ""), code));
    }
}
