//! Enumerations of the state as words of the model.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::call::{self, GroundKind, PhaseName, StepKind};
use crate::capture::Format;
use crate::finding::Severity;
use crate::flow::Roles;
use crate::path::Transport;
use crate::sdp::negotiate::{CodecRefusal, ContradictionKind, Refusal, Side};
use crate::sdp::{Direction, Setup};
use crate::session::ice::{
    AgentState, CandidateSource, CandidateType, Failure, NominationStyle, Outcome, PairState, Role,
};
use crate::session::media::{
    self, DiscontinuityKind, KeyFrameRequestKind, Knowledge, MediaKind, PairingGround, ProfileFamily,
};
use crate::session::nat::{ClassicType, FilteringBehavior, Happened, MappedBy, MappingBehavior, TraversalGround};
use crate::session::turn::{AllocationState, EndReason};
use crate::signal::{Carrier, DescriptionType, RoomWord};
use crate::signaling::exchange::SignalingState;
use crate::wire::stun::{Class, Method};

/// A closed list of words.
pub trait Vocabulary: Copy {
    /// The name of the list in the schema.
    const TITLE: &'static str;
    /// Every word, once.
    const WORDS: &'static [&'static str];

    /// The word for `self`, one of [`Self::WORDS`].
    fn word(self) -> &'static str;
}

/// A value that is published as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word<T>(pub T);

impl<T> Deref for Word<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Vocabulary> fmt::Display for Word<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.word())
    }
}

impl<T: Vocabulary> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

impl<T: Vocabulary> JsonSchema for Word<T> {
    fn schema_name() -> Cow<'static, str> {
        T::TITLE.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": T::WORDS })
    }
}

macro_rules! vocabulary {
    ($($title:literal, $kind:ty: $($word:literal)|+ => $name:expr;)+) => {
        $(impl Vocabulary for $kind {
            const TITLE: &'static str = $title;
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn word(self) -> &'static str {
                let name: fn($kind) -> &'static str = $name;
                name(self)
            }
        })+
    };
}

vocabulary! {
    "Format", Format: "pcap" | "pcapng" => |format| match format {
        Format::Pcap => "pcap",
        Format::Pcapng => "pcapng",
    };
    "Protocol", Transport: "udp" | "tcp" => |transport| match transport {
        Transport::Udp => "udp",
        Transport::Tcp => "tcp",
    };
    "Class", Class: "request" | "indication" | "success-response" | "error-response" => Class::name;
    "Severity", Severity: "error" | "warning" | "info" => Severity::name;
    "Roles", Roles: "hello" | "port" | "unknown" => Roles::name;
    "Role", Role: "controlling" | "controlled" => Role::name;
    "CandidateType", CandidateType: "host" | "srflx" | "prflx" | "relay" => CandidateType::name;
    "CandidateSource", CandidateSource: "check" | "gathering" | "allocation" | "signaling" => CandidateSource::name;
    "PairState", PairState: "in-progress" | "succeeded" | "failed" => PairState::name;
    "Failure", Failure:
        "unanswered" | "error-response" | "icmp-error" | "consent-lost" | "non-symmetric" => Failure::name;
    "Outcome", Outcome:
        "unanswered" | "succeeded" | "error" | "icmp-error" | "non-symmetric" => Outcome::name;
    "IceState", AgentState:
        "new" | "checking" | "connected" | "completed" | "disconnected" | "failed" => AgentState::name;
    "NominationStyle", NominationStyle: "regular" | "aggressive" | "renomination" => NominationStyle::name;
    "SignalingTransport", Carrier:
        "sip" | "http" | "websocket" | "socketio" | "file" | "internals" => Carrier::name;
    "DescriptionType", DescriptionType: "offer" | "pranswer" | "answer" | "rollback" => DescriptionType::name;
    "SignalingState", SignalingState:
        "stable" | "have-local-offer" | "have-remote-offer" | "have-local-pranswer" | "have-remote-pranswer"
        | "closed" => SignalingState::name;
    "RoomWord", RoomWord:
        "connected" | "register" | "join" | "joined" | "other-joined" | "full" | "leave" | "left" | "other-left" | "bye"
        | "cancelled" | "refused" => RoomWord::name;
    "GroundKind", GroundKind:
        "ufrag" | "candidate-address" | "relayed-address" | "client-address" | "client-host" | "restart" | "tiebreaker"
        | "media-address" | "conversation" | "room" => GroundKind::name;
    "CallOutcome", call::Outcome:
        "connected" | "lost" | "failed" | "connecting" | "refused" | "cancelled" | "unanswered"
        | "negotiated" => call::Outcome::name;
    "PhaseName", PhaseName:
        "answer" | "candidates" | "checks" | "nomination" | "dtls" | "media" => PhaseName::name;
    "StepKind", StepKind: "signaling" | "turn" | "stun" | "dtls" | "media" => StepKind::name;
    "Direction", Direction: "sendrecv" | "sendonly" | "recvonly" | "inactive" => Direction::name;
    "Setup", Setup: "active" | "passive" | "actpass" | "holdconn" => Setup::name;
    "NegotiationSide", Side: "offerer" | "answerer" => Side::name;
    "MediaRefusal", Refusal:
        "stopped" | "port-zero" | "not-bundled" | "missing" | "not-offered" | "kind-differs" | "protocol-differs"
        | "no-common-format" | "unreadable" => Refusal::name;
    "CodecRefusal", CodecRefusal: "not-named" | "parameters-differ" | "repairs-other" => CodecRefusal::name;
    "NegotiationContradictionKind", ContradictionKind:
        "media-count" | "protocol-differs" | "mid-differs" | "stopped-accepted" | "direction-beyond-offer"
        | "extension-not-offered" | "extension-id-differs" | "rtcp-mux-not-offered" | "rtcp-mux-refused"
        | "setup-conflict" | "fingerprint-missing" | "ice-credentials-missing" | "ice-mismatch" | "bundle-not-offered"
        | "bundle-only-answered" | "rid-not-offered" => ContradictionKind::name;
    "AllocationState", AllocationState:
        "allocating" | "active" | "refused" | "ended" => AllocationState::name;
    "EndReason", EndReason:
        "released" | "expired" | "mismatch" | "connection-closed" | "replaced" => EndReason::name;
    "MappingBehavior", MappingBehavior:
        "endpoint-independent" | "address-dependent" | "address-and-port-dependent" => MappingBehavior::name;
    "FilteringBehavior", FilteringBehavior:
        "endpoint-independent" | "address-dependent" | "address-and-port-dependent" => FilteringBehavior::name;
    "ClassicType", ClassicType:
        "full-cone" | "address-restricted" | "port-restricted" | "symmetric" => ClassicType::name;
    "MediaKind", MediaKind: "audio" | "video" => MediaKind::name;
    "Knowledge", Knowledge: "sdp" | "static" | "inferred" => Knowledge::name;
    "StreamRole", media::Role: "media" | "retransmission" | "forward-error-correction" => media::Role::name;
    "PairingGround", PairingGround:
        "ssrc-group" | "repaired-rtp-stream-id" | "apt" | "timestamps" => PairingGround::name;
    "ProfileFamily", ProfileFamily: "hmac-sha1" | "aes-gcm" => ProfileFamily::name;
    "DiscontinuityKind", DiscontinuityKind:
        "sequence-restart" | "timestamp-jump" | "payload-type-change" => DiscontinuityKind::name;
    "KeyFrameRequestKind", KeyFrameRequestKind:
        "picture-loss-indication" | "full-intra-request" => KeyFrameRequestKind::name;
    "MappedBy", MappedBy: "server" | "peer" => MappedBy::name;
    "TraversalOutcome", Happened: "direct" | "relayed" | "failed" => Happened::name;
    "TraversalReason", TraversalGround:
        "both-endpoint-independent" | "other-filter-open" | "both-symmetric" | "symmetric-and-port-restricted"
        | "filtering-unknown" | "mapping-unknown" | "far-side-unknown" | "same-nat" => TraversalGround::name;
}

/// The word for a STUN method: its RFC's name in kebab case (`create-permission`), or its number (`0x0fe`).
#[must_use]
pub fn method_word(method: Method) -> String {
    let name = method.to_string();
    if method.name().is_none() {
        return name;
    }
    let mut word = String::with_capacity(name.len() + 2);
    let mut after_small = false;
    for letter in name.chars() {
        if letter == '_' || (letter.is_ascii_uppercase() && after_small) {
            word.push('-');
        }
        if letter != '_' {
            word.push(letter.to_ascii_lowercase());
        }
        after_small = letter.is_ascii_lowercase();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_kebab() {
        assert_eq!(method_word(Method::CREATE_PERMISSION), "create-permission");
        assert_eq!(method_word(Method::GOOG_PING), "goog-ping");
        assert_eq!(method_word(Method::BINDING), "binding");
        assert_eq!(method_word(Method(0x0fe)), "0x0fe");
    }

    #[test]
    fn every_word_is_in_its_list() {
        for class in [Class::Request, Class::Indication, Class::SuccessResponse, Class::ErrorResponse] {
            assert!(Class::WORDS.contains(&class.word()));
        }
        for state in [AgentState::New, AgentState::Completed, AgentState::Disconnected, AgentState::Failed] {
            assert!(AgentState::WORDS.contains(&state.word()));
        }
        for outcome in [Outcome::Pending, Outcome::Succeeded, Outcome::Error(401), Outcome::Icmp, Outcome::NonSymmetric]
        {
            assert!(Outcome::WORDS.contains(&outcome.word()));
        }
        for failure in
            [Failure::Unanswered, Failure::Error(401), Failure::Icmp, Failure::ConsentLost, Failure::NonSymmetric]
        {
            assert!(Failure::WORDS.contains(&failure.word()));
        }
        assert!(Refusal::ALL.iter().map(|refusal| refusal.word()).eq(Refusal::WORDS.iter().copied()));
        assert!(CodecRefusal::ALL.iter().map(|refusal| refusal.word()).eq(CodecRefusal::WORDS.iter().copied()));
        let kinds = ContradictionKind::ALL.iter().map(|kind| kind.word());
        assert!(kinds.eq(ContradictionKind::WORDS.iter().copied()));
    }
}
