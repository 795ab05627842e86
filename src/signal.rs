//! One thing that was signalled: the small coin between what reads signalling and what makes sense of it.

use crate::moment::Moment;
use crate::path::Endpoint;

/// What carried a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Carrier {
    /// SIP (RFC 3261), over whatever transport.
    Sip,
    /// Bodies of HTTP, WHIP and WHEP (RFC 9725) among them.
    Http,
    /// Messages of a WebSocket (RFC 6455).
    WebSocket,
    /// Packets of Socket.IO, by polling or by WebSocket.
    SocketIo,
    /// A file that holds a description or messages.
    File,
    /// A dump that a browser or a page made of its own connections.
    Internals,
}

impl Carrier {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sip => "sip",
            Self::Http => "http",
            Self::WebSocket => "websocket",
            Self::SocketIo => "socketio",
            Self::File => "file",
            Self::Internals => "internals",
        }
    }
}

/// The conversation of one client with its server, over however many connections: the number stands for it for as long as
/// it is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(pub u64);

/// Which end of a [`Channel`] spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Speaker {
    /// Who opened it: the HTTP client, the caller of a SIP dialog, the page that a dump is of.
    Client,
    /// Who was asked: in most applications not the author but a server that passes on.
    Server,
}

impl Speaker {
    /// The other end.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// Names that stand beside what was signalled. All of them are the application's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addressing {
    /// Who it is from.
    pub from: Option<String>,
    /// Who it is for.
    pub to: Option<String>,
    /// The room.
    pub room: Option<String>,
    /// What tells several connections of the same two apart: a handle, a call number, the To tag of a forked call.
    pub thread: Option<String>,
}

/// One thing that was signalled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// When: the frame that completed it. Frame 0 for what comes from a file beside the capture.
    pub moment: Moment,
    /// What carried it.
    pub carrier: Carrier,
    /// Which conversation it belongs to.
    pub channel: Channel,
    /// Who of its two ends spoke.
    pub speaker: Speaker,
    /// The address that sent it; `None` for what comes from a file.
    pub source: Option<Endpoint>,
    /// The address that it was sent to.
    pub destination: Option<Endpoint>,
    /// The names beside it.
    pub addressing: Addressing,
    /// What it says.
    pub matter: Matter,
}

/// What a signal says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Matter {
    /// A session description.
    Description(Description),
    /// A candidate that trickles in (RFC 8838).
    Candidate(Candidate),
    /// No more candidates come (RFC 8838, section 13).
    EndOfCandidates {
        /// The mid of the m-line that is meant; all of them without one.
        mid: Option<String>,
    },
    /// Something happened to a room or to a member of it.
    Room(RoomEvent),
    /// Servers that the other end is told to use (RFC 9725, section 4.6).
    IceServers(Vec<IceServer>),
    /// The credentials that a fragment of a description carries (RFC 8840, section 9; RFC 9725, section 4.3).
    IceCredentials(IceCredentials),
}

/// The type of a session description (RFC 9429, section 4.1.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DescriptionType {
    /// `offer`
    Offer,
    /// `pranswer`
    Pranswer,
    /// `answer`
    Answer,
    /// `rollback`
    Rollback,
}

impl DescriptionType {
    /// The type of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "offer" => Self::Offer,
            "pranswer" => Self::Pranswer,
            "answer" => Self::Answer,
            "rollback" => Self::Rollback,
            _ => return None,
        })
    }

    /// Its name in JSEP.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Pranswer => "pranswer",
            Self::Answer => "answer",
            Self::Rollback => "rollback",
        }
    }
}

/// A session description as it was signalled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Its type, `None` where nothing says it.
    pub kind: Option<DescriptionType>,
    /// Its text, byte for byte; empty for a rollback.
    pub sdp: String,
}

/// A candidate as it was signalled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidate {
    /// Its text, `candidate:…`.
    pub candidate: String,
    /// The mid of its m-line.
    pub mid: Option<String>,
    /// The index of its m-line, from 0.
    pub m_line_index: Option<u64>,
    /// The user fragment of the generation that it belongs to, where that is said beside it.
    pub username_fragment: Option<String>,
}

/// ICE credentials without the description that they are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IceCredentials {
    /// The user fragment of the generation that candidates beside it belong to.
    pub username_fragment: String,
    /// Its password.
    pub password: String,
    /// The mid of the m-line that they are for; all of them without one.
    pub mid: Option<String>,
    /// Whether it is said that they restart ICE: by `If-Match: *`, or as the answer to that. Where they are only repeated beside a
    /// candidate it is not.
    pub restarts: bool,
}

/// An ICE server that was signalled. Credentials are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IceServer {
    /// Its URI (RFC 7064, RFC 7065).
    pub uri: String,
    /// The user name for it.
    pub username: Option<String>,
}

/// What happens in rooms, whatever the application calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RoomWord {
    /// A client has got its name from the server.
    Connected,
    /// A client tells its name, or is told that it has it.
    Register,
    /// A client asks to enter.
    Join,
    /// A client is told that it is in.
    Joined,
    /// A client is told that somebody else came in.
    OtherJoined,
    /// A client is told that nobody may enter any more.
    Full,
    /// A client asks to go.
    Leave,
    /// A client is told that it is out.
    Left,
    /// A client is told that somebody else went.
    OtherLeft,
    /// The call is over.
    Bye,
    /// The call is given up before it was answered.
    Cancelled,
    /// The call is refused.
    Refused,
}

impl RoomWord {
    /// Whether the call is over with it, whoever said it.
    #[must_use]
    pub const fn ends_a_call(self) -> bool {
        matches!(self, Self::Bye | Self::Cancelled | Self::Refused)
    }

    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Register => "register",
            Self::Join => "join",
            Self::Joined => "joined",
            Self::OtherJoined => "other-joined",
            Self::Full => "full",
            Self::Leave => "leave",
            Self::Left => "left",
            Self::OtherLeft => "other-left",
            Self::Bye => "bye",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
        }
    }
}

/// Something that happened to a room or to a member of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomEvent {
    /// What happened.
    pub word: RoomWord,
    /// The word that the application has for it.
    pub said: String,
    /// The member that it is about, where it is named.
    pub member: Option<String>,
}
