//! Conversations and their numbers.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

use crate::path::Endpoint;
use crate::signal::Channel;

/// What makes one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::signaling) enum Key {
    /// A WebSocket of its own.
    Connection(u64),
    /// A session with a name: of Engine.IO, over several connections.
    Session { server: Endpoint, sid: String },
    /// A resource that a POST has made (RFC 9725), at the address of its server.
    Resource { server: Endpoint, path: String },
    /// The same by the name of its host.
    Hosted { authority: String, path: String },
    /// One request and its response.
    Request { connection: u64, number: u64 },
    /// All that one host asks of one server, for the peer that its requests name.
    Host { server: Endpoint, client: IpAddr, peer: Option<String> },
    /// A SIP call.
    Call(u64),
}

/// Numbers of conversations; the oldest are forgotten.
#[derive(Debug)]
pub(in crate::signaling) struct Channels {
    known: HashMap<Key, Channel>,
    order: VecDeque<Key>,
    most: usize,
    next: u64,
}

impl Channels {
    pub(in crate::signaling) fn new(most: usize) -> Self {
        Self { known: HashMap::new(), order: VecDeque::new(), most: most.max(1), next: 0 }
    }

    /// The number of a conversation that is not asked for by its key again.
    pub(in crate::signaling) fn fresh(&mut self) -> Channel {
        self.next += 1;
        Channel(self.next)
    }

    /// Makes `key` another name of `channel`.
    pub(in crate::signaling) fn name(&mut self, key: Key, channel: Channel) {
        if self.order.len() >= self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        if self.known.insert(key.clone(), channel).is_none() {
            self.order.push_back(key);
        }
    }

    pub(in crate::signaling) fn find(&self, key: &Key) -> Option<Channel> {
        self.known.get(key).copied()
    }

    pub(in crate::signaling) fn channel(&mut self, key: Key) -> Channel {
        if let Some(known) = self.find(&key) {
            return known;
        }
        let channel = self.fresh();
        self.name(key, channel);
        channel
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_are_known() {
        let mut channels = Channels::new(10);
        for number in 0..1000 {
            channels.channel(Key::Call(number));
            channels.name(Key::Call(number), Channel(number));
        }
        assert!(channels.known.len() <= 10 && channels.order.len() <= 10);
        assert_eq!(channels.channel(Key::Call(999)), Channel(999));
    }
}
