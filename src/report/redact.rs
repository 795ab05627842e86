//! The same document without addresses, host names and user names.
//!
//! Each address, host name and user name becomes a placeholder that is the same wherever it stands, in every capture of a run:
//! `private-1:3478`, `public-2:50000`, `user-1`. What matters to a diagnosis stays: ports, which addresses are equal,
//! which are private, username fragments. Of session descriptions the passwords and keys go too.

mod description;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde_json::Value;

use crate::call::GroundKind;

use super::model::{Allocation, Call, Document, Encrypted, End, Exchange, Nat, Session, Stream, What};

/// Remembers which placeholder stands for what.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    addresses: HashMap<IpAddr, String>,
    private: usize,
    public: usize,
    names: HashMap<String, String>,
    users: usize,
    hosts: usize,
    rooms: usize,
    /// The placeholders given out.
    put: HashSet<String>,
    /// The names in `names`, the longest first.
    longest: BTreeSet<(Reverse<usize>, String)>,
    /// The names of those in an exchange or a call, by its id: of one document.
    parties: HashMap<String, Vec<String>>,
}

/// Shorter names are words of sentences too.
const SHORT: usize = 2;
/// What stands for a secret.
const REDACTED: &str = "redacted";
/// Keys of the event stream under which somebody is named.
const PERSONS: &[&str] = &["from", "to", "party", "member"];
/// Keys of the event stream under which stands a sentence.
const TEXTS: &[&str] = &["message", "reason"];

/// Letters of which an address in a text can be made.
fn in_address(letter: char) -> bool {
    letter.is_ascii_hexdigit() || matches!(letter, '.' | ':' | '[' | ']')
}

/// Letters of which a host name in a text can be made.
fn in_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_')
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_private_v4(address),
            None => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
        },
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    // 100.64.0.0/10 is the shared space of carrier-grade NAT (RFC 6598).
    let shared = first == 100 && (64..128).contains(&second);
    address.is_private() || address.is_loopback() || address.is_link_local() || shared
}

impl Redactor {
    /// A redactor that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Redacts `document` in place.
    pub fn document(&mut self, document: &mut Document) {
        // Who negotiates first: their names stand in other texts too.
        for exchange in &mut document.signaling.exchanges {
            let names = exchange.parties.iter().filter_map(|party| party.name.clone()).collect();
            self.exchange(exchange);
            self.parties.insert(exchange.id.clone(), names);
        }
        for file in &mut document.signaling.files {
            self.path(&mut file.path);
        }
        for connection in &mut document.signaling.encrypted {
            self.encrypted(connection);
        }
        for allocation in &mut document.turn.allocations {
            self.allocation(allocation);
        }
        for call in &mut document.calls {
            let names = call.participants.iter().filter_map(|participant| participant.name.clone()).collect();
            self.call(call);
            self.parties.insert(call.id.clone(), names);
        }
        for server in &mut document.turn.servers {
            self.place(&mut server.address);
        }
        for session in &mut document.ice.sessions {
            self.session(session);
        }
        self.nat(&mut document.nat);
        document.rtp.streams.iter_mut().for_each(|stream| self.stream(stream));
        self.path(&mut document.capture.path);
        for finding in &mut document.findings {
            let own = finding.subject.as_ref().map(|subject| self.names_of(&subject.id)).unwrap_or_default();
            self.message(&mut finding.message, &own);
            if let Some(subject) = &mut finding.subject {
                self.place(&mut subject.id);
            }
        }
    }

    /// Redacts every text in `value` in place, for what is published without a document.
    pub fn value(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => self.place(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.value(value)),
            Value::Object(entries) => {
                for (key, value) in entries.iter_mut() {
                    match value {
                        Value::String(path) if key == "path" => self.path(path),
                        Value::String(user) if key == "username" => self.user(user),
                        Value::String(person) if PERSONS.contains(&key.as_str()) => self.person(person),
                        Value::String(room) if key == "room" => self.room(room),
                        Value::String(text) if TEXTS.contains(&key.as_str()) => self.message(text, &[]),
                        Value::String(text) if key == "candidate" => *text = self.line(text),
                        Value::String(sdp) if key == "sdp" => self.description(sdp),
                        value => self.value(value),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn exchange(&mut self, exchange: &mut Exchange) {
        exchange.room.iter_mut().for_each(|room| self.room(room));
        for party in &mut exchange.parties {
            party.name.iter_mut().for_each(|name| self.person(name));
            party.address.iter_mut().chain(&mut party.server).for_each(|address| self.place(address));
            self.person(&mut party.id);
        }
        for description in &mut exchange.descriptions {
            self.person(&mut description.from);
            self.person(&mut description.to);
            self.description(&mut description.sdp);
        }
        for candidate in &mut exchange.candidates {
            self.person(&mut candidate.from);
            candidate.candidate = self.line(&candidate.candidate);
        }
        exchange.states.iter_mut().for_each(|state| self.person(&mut state.party));
        for event in &mut exchange.events {
            event.party.iter_mut().for_each(|party| self.person(party));
            match &mut event.what {
                What::Renegotiated { differences, .. } | What::Altered { differences, .. } => {
                    for change in differences {
                        let secret = change.subject.contains("ice-pwd") || change.name.contains("ice-pwd");
                        for side in change.old.iter_mut().chain(&mut change.new) {
                            if secret { REDACTED.clone_into(side) } else { self.place(side) }
                        }
                        self.place(&mut change.name);
                    }
                }
                What::IceServers { uris } => uris.iter_mut().for_each(|uri| self.place(uri)),
                What::Room { member, .. } => member.iter_mut().for_each(|member| self.person(member)),
                _ => {}
            }
        }
    }

    fn encrypted(&mut self, connection: &mut Encrypted) {
        self.place(&mut connection.client);
        self.place(&mut connection.server);
        connection.server_name.iter_mut().for_each(|name| self.host(name));
    }

    fn call(&mut self, call: &mut Call) {
        for participant in &mut call.participants {
            participant.name.iter_mut().for_each(|name| self.person(name));
            participant.addresses.iter_mut().for_each(|address| self.place(address));
        }
        for step in &mut call.ladder {
            self.person_or_place(&mut step.from);
            step.to.iter_mut().for_each(|to| self.person_or_place(to));
            self.place(&mut step.what);
        }
        for ground in &mut call.grounds {
            if *ground.kind == GroundKind::Room {
                self.room(&mut ground.detail);
            } else {
                self.place(&mut ground.detail);
            }
        }
        for flow in &mut call.media_flows {
            self.place(&mut flow.source);
            self.place(&mut flow.destination);
        }
        if let Some(topology) = &mut call.topology {
            topology.center.iter_mut().for_each(|center| self.place(center));
        }
    }

    /// A name that an application has for somebody, or an address where it has none.
    fn person(&mut self, name: &mut String) {
        let address = name.parse::<SocketAddr>().is_ok() || name.parse::<IpAddr>().is_ok();
        let number = name.strip_prefix("party ").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
        if address || number {
            self.place(name);
        } else if !name.is_empty() {
            self.user(name);
        }
    }

    /// A step of a call is done by somebody who was named before, or by a host or a server.
    fn person_or_place(&mut self, name: &mut String) {
        match self.names.get(name.as_str()) {
            Some(put) => *name = put.clone(),
            None => self.place(name),
        }
    }

    fn room(&mut self, name: &mut String) {
        *name = self.placeholder(name, "room");
    }

    fn allocation(&mut self, allocation: &mut Allocation) {
        self.place(&mut allocation.client);
        self.place(&mut allocation.server);
        allocation.relayed.iter_mut().for_each(|address| self.place(address));
        allocation.mapped.iter_mut().for_each(|address| self.place(address));
        allocation.username.iter_mut().for_each(|user| self.user(user));
        allocation.realm.iter_mut().for_each(|realm| self.host(realm));
        allocation.moved_from.iter_mut().for_each(|address| self.place(address));
        allocation.permissions.iter_mut().for_each(|permission| self.place(&mut permission.peer));
        allocation.channels.iter_mut().filter_map(|channel| channel.peer.as_mut()).for_each(|peer| self.place(peer));
        allocation.peers.iter_mut().filter_map(|peer| peer.peer.as_mut()).for_each(|peer| self.place(peer));
        for connection in &mut allocation.connections {
            connection.peer.iter_mut().for_each(|peer| self.place(peer));
            connection.bound_client.iter_mut().for_each(|client| self.place(client));
        }
        allocation.errors.iter_mut().for_each(|error| self.message(&mut error.reason, &[]));
    }

    fn session(&mut self, session: &mut Session) {
        for candidate in session.agents.iter_mut().flat_map(|agent| &mut agent.candidates) {
            self.place(&mut candidate.address);
            candidate.base.iter_mut().chain(&mut candidate.name).for_each(|text| self.place(text));
        }
        for pair in &mut session.untried_pairs {
            self.place(&mut pair.local);
            self.place(&mut pair.remote);
        }
        let ends = session.pairs.iter_mut().flat_map(|pair| [&mut pair.local, &mut pair.remote]);
        ends.for_each(|end: &mut End| {
            self.place(&mut end.address);
            self.place(&mut end.base);
        });
    }

    fn stream(&mut self, stream: &mut Stream) {
        self.place(&mut stream.source);
        self.place(&mut stream.destination);
        for leg in &mut stream.legs {
            self.place(&mut leg.source);
            self.place(&mut leg.destination);
            leg.via.iter_mut().for_each(|server| self.place(server));
        }
        // Older implementations make it of the user and the host (RFC 3550, section 6.5.1).
        stream.cname.iter_mut().for_each(|name| self.person(name));
        let reason = stream.rtcp.bye.as_mut().and_then(|bye| bye.reason.as_mut());
        reason.into_iter().chain(&mut stream.rtcp.tool).for_each(|text| self.place(text));
    }

    fn nat(&mut self, nat: &mut Nat) {
        for client in &mut nat.clients {
            self.place(&mut client.address);
            for mapping in &mut client.mappings {
                self.place(&mut mapping.local);
                self.place(&mut mapping.server);
                self.place(&mut mapping.mapped);
            }
            client.evidence.iter_mut().for_each(|sentence| self.place(sentence));
        }
        nat.traversal.iter_mut().flat_map(|entry| &mut entry.clients).flatten().for_each(|host| self.place(host));
    }

    /// Folders can carry a user's name; the name of the file stays.
    fn path(&mut self, path: &mut String) {
        if let Some((_, name)) = path.rsplit_once(['/', '\\']) {
            *path = name.to_owned();
        }
        self.place(path);
    }

    fn user(&mut self, name: &mut String) {
        *name = self.placeholder(name, "user");
    }

    fn host(&mut self, name: &mut String) {
        *name = self.placeholder(name, "host");
    }

    /// The names of those in the exchange or the call of this id.
    fn names_of(&self, id: &str) -> Vec<String> {
        self.parties.get(id).cloned().unwrap_or_default()
    }

    /// Replaces every address in `text`, with or without a port, and every multicast DNS name.
    pub fn place(&mut self, text: &mut String) {
        *text = self.addresses(text);
        *text = self.multicast_names(text);
    }

    /// The same in a sentence, in which every name known from a field of its own may stand too: short ones only of those whom it is
    /// about, which `own` names.
    pub fn message(&mut self, text: &mut String, own: &[String]) {
        // A name that is made of a place (`alice@192.0.2.1`) goes before places do, any other one after: a number may be a name too.
        self.names_in(text, own, |name| name.contains('@'));
        self.place(text);
        self.names_in(text, own, |name| !name.contains('@'));
    }

    fn names_in(&self, text: &mut String, own: &[String], of: fn(&str) -> bool) {
        // The longest first, so that a name inside another one does not break it.
        let known = self.longest.iter().take_while(|(length, _)| length.0 > SHORT).map(|(_, name)| name);
        for name in known.chain(own.iter().filter(|name| name.len() <= SHORT)).filter(|name| of(name)) {
            if let Some(put) = self.names.get(name).filter(|_| text.contains(name.as_str())) {
                *text = replace_words(text, name, put);
            }
        }
    }

    /// What stands for `name`, from now on.
    fn placeholder(&mut self, name: &str, word: &'static str) -> String {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        if self.put.contains(name) {
            return name.to_owned();
        }
        let count = match word {
            "user" => &mut self.users,
            "host" => &mut self.hosts,
            _ => &mut self.rooms,
        };
        *count += 1;
        let put = format!("{word}-{count}");
        self.put.insert(put.clone());
        self.longest.insert((Reverse(name.len()), name.to_owned()));
        self.names.insert(name.to_owned(), put.clone());
        put
    }

    fn multicast_names(&mut self, text: &str) -> String {
        if !text.contains(".local") {
            return text.to_owned();
        }
        pieces(text, in_name)
            .map(|(word, inside)| {
                let mut word = word.to_owned();
                if inside && word.ends_with(".local") {
                    self.host(&mut word);
                }
                word
            })
            .collect()
    }

    fn addresses(&mut self, text: &str) -> String {
        pieces(text, in_address)
            .map(|(word, inside)| if inside { self.address_word(word) } else { word.to_owned() })
            .collect()
    }

    /// A run of letters that may be an address, with the full stop or colon of a sentence behind it.
    fn address_word(&mut self, word: &str) -> String {
        for end in [word, word.trim_end_matches(['.', ':'])] {
            let rest = word.get(end.len()..).unwrap_or_default();
            if let Ok(address) = end.parse::<SocketAddr>() {
                return format!("{}:{}{rest}", self.address(address.ip()), address.port());
            }
            let bare = end.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')).unwrap_or(end);
            // A number such as 12 or a word such as `face` is no address; `::` alone is nobody's.
            if let (Ok(address), true) = (bare.parse::<IpAddr>(), bare.len() > 2) {
                return format!("{}{rest}", self.address(address));
            }
        }
        word.to_owned()
    }

    fn address(&mut self, address: IpAddr) -> String {
        if address.is_unspecified() {
            return address.to_string();
        }
        if let Some(known) = self.addresses.get(&address) {
            return known.clone();
        }
        let (word, count) =
            if is_private(address) { ("private", &mut self.private) } else { ("public", &mut self.public) };
        *count += 1;
        let put = format!("{word}-{count}");
        self.addresses.insert(address, put.clone());
        put
    }
}

/// `text` cut where `inside` changes, each piece with whether its letters are inside.
fn pieces(text: &str, inside: fn(char) -> bool) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = inside(rest.chars().next()?);
        let end = rest.find(|letter| inside(letter) != first).unwrap_or(rest.len());
        let (piece, after) = rest.split_at_checked(end)?;
        rest = after;
        Some((piece, first))
    })
}

/// `text` with `name` replaced where it stands alone, not inside a longer name.
fn replace_words(text: &str, name: &str, put: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(name) {
        let joined = shown.chars().chain(before.chars()).next_back().is_some_and(char::is_alphanumeric)
            || after.chars().next().is_some_and(char::is_alphanumeric);
        shown.push_str(before);
        shown.push_str(if joined { name } else { put });
        rest = after;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(redactor: &mut Redactor, text: &str) -> String {
        let mut text = text.to_owned();
        redactor.message(&mut text, &[]);
        text
    }

    #[test]
    fn one_address_is_one_placeholder_wherever_it_stands() {
        let mut redactor = Redactor::new();
        assert_eq!(redacted(&mut redactor, "10.0.0.1:5000"), "private-1:5000");
        assert_eq!(
            redacted(&mut redactor, "4XqC sent from 10.0.0.1:5000 to [2001:db8::1]:3478: nothing from 10.0.0.1."),
            "4XqC sent from private-1:5000 to public-1:3478: nothing from private-1."
        );
        assert_eq!(redacted(&mut redactor, "via 2001:db8::1 and 100.64.1.2"), "via public-1 and private-2");
    }

    #[test]
    fn what_is_no_address_stays() {
        let mut redactor = Redactor::new();
        for text in ["240 checks over 12.1 s at +0.048 s, code 401: face", "ice-1-pair-2", "0.0.0.0:0", "a: b. c"] {
            assert_eq!(redacted(&mut redactor, text), text);
        }
    }

    #[test]
    fn names_known_from_fields_are_found_in_sentences() {
        let mut redactor = Redactor::new();
        let mut user = "alice".to_owned();
        redactor.user(&mut user);
        assert_eq!(redacted(&mut redactor, "refused alice at 10.0.0.1:1"), "refused user-1 at private-1:1");
        assert_eq!(redacted(&mut redactor, "malice"), "malice");
        assert_eq!(redacted(&mut redactor, "3f2b.local answered"), "host-1 answered");
    }
}
