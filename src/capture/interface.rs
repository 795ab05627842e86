//! What a capture says about itself besides its packets.

use std::fmt;

use super::LinkType;
use crate::moment::FrameNumber;

/// An interface that packets were captured on. A pcap file has one without a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// What its packets begin with.
    pub link_type: LinkType,
    /// The most bytes of a packet that were kept; 0 means no limit.
    pub snaplen: u32,
    /// Its name, such as `eth0`.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// The operating system of the machine.
    pub os: Option<String>,
    /// How many packets were dropped by the interface and the operating system, by the last statistics block of the
    /// interface or else by what the packets say; `None` where neither says anything.
    pub dropped: Option<u64>,
}

/// A comment that somebody left in a pcapng file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The packet it is about, `None` when it is about the section, an interface or another block.
    pub frame: Option<FrameNumber>,
    /// The text; what is not UTF-8 is replaced.
    pub text: String,
}

/// Which kind of secrets a decryption secrets block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// An NSS key log for TLS and DTLS.
    TlsKeyLog,
    /// Another kind, by its number in the block.
    Other(u32),
}

/// The secrets of one decryption secrets block, unread.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// Their kind.
    pub kind: SecretKind,
    /// They themselves.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Secret {
    /// The length stands for the bytes: what is secret is not printed, not even by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("kind", &self.kind).field("length", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// All that a capture has said about itself so far.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) interfaces: Vec<Interface>,
    pub(super) link_types: Vec<LinkType>,
    pub(super) comments: Vec<Comment>,
    pub(super) comments_omitted: u64,
    pub(super) secrets: Vec<Secret>,
    pub(super) secrets_omitted: u64,
    /// Records that are no packets and have frame numbers all the same.
    pub(super) other_records: u64,
    comment_bytes: usize,
    secret_bytes: usize,
}

/// The text of all comments that is kept: they are shown to a person.
const COMMENT_BYTES: usize = 256 * 1024;
/// The secrets that are kept: ten thousand connections' worth of key log and more.
const SECRET_BYTES: usize = 16 * 1024 * 1024;

impl About {
    pub(super) fn add_interface(&mut self, interface: Interface) {
        if !self.link_types.contains(&interface.link_type) {
            self.link_types.push(interface.link_type);
        }
        self.interfaces.push(interface);
    }

    pub(super) fn add_comment(&mut self, frame: Option<FrameNumber>, text: &[u8]) {
        // The entry itself costs memory too, so that empty comments are bounded as well.
        let cost = text.len().saturating_add(size_of::<Comment>());
        if self.comment_bytes.saturating_add(cost) > COMMENT_BYTES {
            self.comments_omitted = self.comments_omitted.saturating_add(1);
            return;
        }
        self.comment_bytes += cost;
        self.comments.push(Comment { frame, text: String::from_utf8_lossy(text).into_owned() });
    }

    pub(super) fn add_secret(&mut self, kind: SecretKind, bytes: &[u8]) {
        let cost = bytes.len().saturating_add(size_of::<Secret>());
        if self.secret_bytes.saturating_add(cost) > SECRET_BYTES {
            self.secrets_omitted = self.secrets_omitted.saturating_add(1);
            return;
        }
        self.secret_bytes += cost;
        self.secrets.push(Secret { kind, bytes: bytes.to_vec() });
    }

    /// What all interfaces together have dropped.
    pub(super) fn dropped(&self) -> Option<u64> {
        self.interfaces.iter().filter_map(|interface| interface.dropped).reduce(u64::saturating_add)
    }
}
