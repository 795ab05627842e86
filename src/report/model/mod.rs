//! The published model: what scripts rely on, with the names of the contract.
//!
//! Keys are in camelCase, enum values in lower-case kebab. A `time` counts seconds since the first packet of the capture, a
//! `…Timestamp` is RFC 3339 in UTC, a `frame` is a packet number from 1. What the capture does not show is `null`. Lists are in
//! order of first appearance; one that grows with time keeps its first and its last entries, and a sibling
//! `…Omitted` says how many are left out. Ids are unique in a document.
//!
//! A section that this build does not fill is absent.

mod call;
mod capture;
mod clock;
mod count;
mod document;
mod encrypted;
mod findings;
mod ice;
mod ice_pair;
mod id;
mod nat;
mod nat_evidence;
mod negotiated;
mod negotiated_transport;
mod rtp;
mod rtp_course;
mod rtp_endpoint;
mod rtp_feedback;
mod rtp_quality;
mod rtp_reports;
pub(super) mod signaling;
mod stun;
mod turn;
mod turn_peers;
mod word;

pub use call::{Call, Ground, MediaFlow, Participant, Phase, Setup, Step, Topology};
pub use capture::{Capture, ClockStep, Protocols, Skipped};
pub use clock::Clock;
pub use count::ErrorCount;
pub use document::{Document, SCHEMA_VERSION};
pub use encrypted::{Alert as EncryptedAlert, Encrypted, From as EncryptedFrom, Message as EncryptedMessage};
pub use findings::{Evidence, Finding, Subject};
pub use ice::{
    Agent, Candidate, Check, Consent, Ice, RoleConflict, SelectedPair, SelectedPairChange, Session, UntriedPair,
};
pub use ice_pair::{End, Pair};
pub use id::{allocation_id, call_id, exchange_id, media_flow_id, pair_id, session_id, stream_id};
pub use nat::{Nat, NatClient, NatMapping, Traversal};
pub use negotiated::{
    AgreedOn, Negotiated, NegotiatedChange, NegotiatedCodec, NegotiatedCodecRefusal, NegotiatedExtension,
    NegotiatedFate, NegotiatedMedia, NegotiatedRid, NegotiatedSctp, NegotiationContradiction,
};
pub use negotiated_transport::{NegotiatedDtls, NegotiatedIce, NegotiatedTransport, OfSides};
pub use rtp::{HeaderExtension, Leg, Rtp, Stream};
pub use rtp_course::{
    Discontinuity, DriftOf, Freeze, Gap, LossBursts, PayloadTypeUse, RelayDelay, RunClass, Silence, SrtpProtection,
    Traffic, TrafficEntry,
};
pub use rtp_endpoint::{Between, CapturedByThen, EndpointStatistics};
pub use rtp_feedback::{
    BitrateCourse, BitrateEntry, ExtendedReports, KeyFrameRequest, LinkEstimate, NackCounts, PacketFeedback,
    TransportWideFeedback,
};
pub use rtp_quality::{Quality, QualityBasis};
pub use rtp_reports::{Bye, LossSplit, ReceiverReports, RoundTrip, SenderReports, StreamRtcp};
pub use signaling::{
    Changed, Description, Exchange, File as SignalingFile, Happening, Party, Sighting, Signaling, State,
    TrickledCandidate, What, party_ids,
};
pub use stun::{ClassicCount, IntegrityCount, MessageCount, Stun};
pub use turn::{Allocation, Authentication, Server, Turn, TurnError};
pub use turn_peers::{Channel, Connection, Peer, Permission};
pub use word::{Vocabulary, Word, method_word};
