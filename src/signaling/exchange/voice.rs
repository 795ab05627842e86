//! Who is heard on which conversation.

use crate::signal::{Channel, Speaker};

/// One end of a conversation, and the party that is heard there: itself, or passed on by the server.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Voice {
    channel: Channel,
    speaker: Speaker,
    /// The tag of a fork of a SIP call: several parties speak as one end.
    fork: Option<String>,
    party: usize,
}

/// The voices of an exchange. There are two for each of its conversations, and one more for each fork.
#[derive(Debug, Clone, Default)]
pub(super) struct Voices {
    list: Vec<Voice>,
}

impl Voices {
    pub(super) fn bind(&mut self, channel: Channel, speaker: Speaker, party: usize) {
        if self.party(channel, speaker).is_none() {
            self.list.push(Voice { channel, speaker, fork: None, party });
        }
    }

    /// The party that speaks.
    pub(super) fn party(&self, channel: Channel, speaker: Speaker) -> Option<usize> {
        self.list.iter().find(|voice| voice.channel == channel && voice.speaker == speaker).map(|voice| voice.party)
    }

    /// The party of this fork; the one without a fork so far becomes it. `None` where it needs a party of its own.
    pub(super) fn fork(&mut self, channel: Channel, speaker: Speaker, fork: &str) -> Option<usize> {
        let here = |voice: &&mut Voice| voice.channel == channel && voice.speaker == speaker;
        let mut free = None;
        for voice in self.list.iter_mut().filter(here) {
            match voice.fork.as_deref() {
                Some(known) if known == fork => return Some(voice.party),
                None => free = free.or(Some(voice)),
                Some(_) => {}
            }
        }
        let voice = free?;
        voice.fork = Some(fork.to_owned());
        Some(voice.party)
    }

    pub(super) fn bind_fork(&mut self, channel: Channel, speaker: Speaker, fork: &str, party: usize) {
        self.list.push(Voice { channel, speaker, fork: Some(fork.to_owned()), party });
    }

    /// Whether it is this party's own conversation with its server: it is the client there.
    pub(super) fn is_own(&self, channel: Channel, speaker: Speaker, party: usize) -> bool {
        let client = |voice: &&Voice| voice.channel == channel && voice.speaker == Speaker::Client;
        speaker == Speaker::Client && self.list.iter().find(client).is_some_and(|voice| voice.party == party)
    }

    /// Whether a conversation of this party's own was heard.
    pub(super) fn has_own(&self, party: usize) -> bool {
        self.list.iter().any(|voice| voice.speaker == Speaker::Client && voice.party == party)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fork_is_the_party_that_was_there() {
        let mut voices = Voices::default();
        let channel = Channel(1);
        voices.bind(channel, Speaker::Client, 0);
        voices.bind(channel, Speaker::Server, 1);
        assert_eq!(voices.fork(channel, Speaker::Server, "x"), Some(1));
        assert_eq!(voices.fork(channel, Speaker::Server, "y"), None);
        voices.bind_fork(channel, Speaker::Server, "y", 2);
        assert_eq!(voices.fork(channel, Speaker::Server, "y"), Some(2));
        assert_eq!(voices.fork(channel, Speaker::Server, "x"), Some(1));
        assert!(voices.is_own(channel, Speaker::Client, 0) && !voices.is_own(channel, Speaker::Server, 1));
    }
}
