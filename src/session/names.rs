//! Names of hosts as multicast DNS tells them: what the `.local` names of candidates stand for.

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;

use super::limits;
use crate::moment::Moment;
use crate::path::Endpoint;
use crate::wire::dns::{Data, Message, RecordType};

/// An address that a name was said to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedAddress {
    /// The address. Of a name without one of this family it may be unspecified (`::`): that is what its host says.
    pub address: IpAddr,
    /// When it was first said.
    pub first: Moment,
    /// When it was last said.
    pub last: Moment,
    /// Who said it first.
    pub source: Endpoint,
    /// When it was taken back, with a time to live of 0 (RFC 6762, section 10.1).
    pub withdrawn: Option<Moment>,
}

/// What is known of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedHost {
    /// The name in lower case, without the last dot.
    pub name: String,
    /// Its addresses in order of appearance.
    pub addresses: Vec<NamedAddress>,
    /// When somebody first asked for an address of it, and who.
    pub asked: Option<(Moment, Endpoint)>,
    /// How often it was asked for.
    pub questions: u64,
}

impl NamedHost {
    /// The addresses that say where it is: all but unspecified ones.
    pub fn specified(&self) -> impl Iterator<Item = IpAddr> + '_ {
        self.addresses.iter().map(|named| named.address).filter(|address| !address.is_unspecified())
    }
}

/// Names and their addresses.
#[derive(Debug, Default)]
pub struct Names {
    hosts: Vec<NamedHost>,
    places: HashMap<String, usize, RandomState>,
    omitted: u64,
}

impl Names {
    /// No name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a message that `source` sent.
    ///
    /// Only what its sender says of itself counts: answers and additional records of responses. The known answers of a query (RFC 6762,
    /// section 7.1) and what a probe wants to own are hearsay and wishes.
    pub fn observe(&mut self, moment: Moment, source: Endpoint, message: &Message<'_>) {
        if !message.flags.response {
            for question in &message.questions {
                if matches!(question.kind, RecordType::A | RecordType::AAAA | RecordType::ANY)
                    && let Some(host) = self.host(question.name.as_str())
                {
                    host.asked.get_or_insert((moment, source));
                    host.questions += 1;
                }
            }
            return;
        }
        for record in message.answers.iter().chain(&message.additionals) {
            if let Data::Address(address) = record.data
                && let Some(host) = self.host(record.name.as_str())
            {
                host.say(moment, source, address, record.time_to_live == 0);
            }
        }
    }

    /// The host of this name, whatever the case of its letters.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Option<&NamedHost> {
        self.places.get(&canonical(name)).and_then(|place| self.hosts.get(*place))
    }

    /// All names in order of appearance.
    #[must_use]
    pub fn hosts(&self) -> &[NamedHost] {
        &self.hosts
    }

    /// Names that were asked for; those without addresses were never answered in this capture.
    pub fn questions(&self) -> impl Iterator<Item = &NamedHost> {
        self.hosts.iter().filter(|host| host.asked.is_some())
    }

    /// Questions and records about names past the bound.
    #[must_use]
    pub const fn omitted(&self) -> u64 {
        self.omitted
    }

    /// The host of `name`, which is remembered if there is room.
    fn host(&mut self, name: &str) -> Option<&mut NamedHost> {
        let name = canonical(name);
        let place = match self.places.get(&name) {
            Some(place) => *place,
            None if self.hosts.len() >= limits::NAMES || name.len() > limits::TEXT_LENGTH => {
                self.omitted += 1;
                return None;
            }
            None => {
                self.places.insert(name.clone(), self.hosts.len());
                self.hosts.push(NamedHost { name, addresses: Vec::new(), asked: None, questions: 0 });
                self.hosts.len() - 1
            }
        };
        self.hosts.get_mut(place)
    }
}

impl NamedHost {
    fn say(&mut self, moment: Moment, source: Endpoint, address: IpAddr, withdrawn: bool) {
        let withdrawn = withdrawn.then_some(moment);
        if let Some(named) = self.addresses.iter_mut().find(|named| named.address == address) {
            named.last = moment;
            named.withdrawn = withdrawn;
        } else if self.addresses.len() < limits::ADDRESSES_PER_NAME {
            // A farewell to an address that was said before the capture began names it all the same.
            self.addresses.push(NamedAddress { address, first: moment, last: moment, source, withdrawn });
        }
    }
}

/// A name as it is looked up.
fn canonical(name: &str) -> String {
    let mut name = name.to_ascii_lowercase();
    if name.len() > 1 && name.ends_with('.') {
        name.pop();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const NAME: &str = "ea6b7123-6b28-466d-bc05-c00a429917bc.local";

    fn asker(host: u8) -> Endpoint {
        Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), 5353)
    }

    fn wire_name(name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for label in name.split('.') {
            bytes.push(label.len() as u8);
            bytes.extend(label.as_bytes());
        }
        bytes.push(0);
        bytes
    }

    fn question(name: &str) -> Vec<u8> {
        [&b"\0\0\0\0\0\x01\0\0\0\0\0\0"[..], &wire_name(name), b"\0\x01\0\x01"].concat()
    }

    fn answer(name: &str, host: u8, time_to_live: u8) -> Vec<u8> {
        let data = [0x80, 1, 0, 0, 0, time_to_live, 0, 4, 192, 0, 2, host];
        [&b"\0\0\x84\0\0\0\0\x01\0\0\0\0"[..], &wire_name(name), b"\0\x01", &data].concat()
    }

    fn tell(names: &mut Names, frame: u64, host: u8, bytes: &[u8]) {
        names.observe(Moment::new(frame, 0), asker(host), &Message::parse(bytes).unwrap());
    }

    #[test]
    fn a_name_is_asked_for_and_answered() {
        let mut names = Names::new();
        tell(&mut names, 1, 1, &question(NAME));
        tell(&mut names, 2, 1, &question("nobody.local"));
        tell(&mut names, 3, 2, &answer(&NAME.to_ascii_uppercase(), 2, 120));
        let host = names.lookup(NAME).unwrap();
        assert_eq!(host.specified().collect::<Vec<_>>(), [asker(2).address]);
        assert_eq!((host.asked, host.questions), (Some((Moment::new(1, 0), asker(1))), 1));
        assert_eq!((host.addresses[0].first.frame.0, host.addresses[0].source), (3, asker(2)));
        let unanswered: Vec<_> = names.questions().filter(|host| host.addresses.is_empty()).collect();
        assert_eq!(unanswered.iter().map(|host| host.name.as_str()).collect::<Vec<_>>(), ["nobody.local"]);
        assert_eq!(names.lookup("other.local"), None);
    }

    #[test]
    fn a_farewell_takes_an_address_back_until_it_is_said_again() {
        let mut names = Names::new();
        tell(&mut names, 1, 2, &answer(NAME, 2, 120));
        tell(&mut names, 2, 2, &answer(NAME, 2, 0));
        assert_eq!(names.lookup(NAME).unwrap().addresses[0].withdrawn, Some(Moment::new(2, 0)));
        tell(&mut names, 3, 2, &answer(NAME, 2, 120));
        assert_eq!(names.lookup(NAME).unwrap().addresses[0].withdrawn, None);
    }

    #[test]
    fn names_and_their_addresses_have_a_bound() {
        let mut names = Names::new();
        for host in 0..=255 {
            tell(&mut names, 1, 2, &answer(NAME, host, 120));
        }
        assert_eq!(names.lookup(NAME).unwrap().addresses.len(), limits::ADDRESSES_PER_NAME);
        for number in 0..limits::NAMES {
            tell(&mut names, 1, 2, &question(&format!("n{number}.local")));
        }
        assert_eq!((names.hosts().len(), names.omitted()), (limits::NAMES, 1));
    }
}
