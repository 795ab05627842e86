//! Whether messages prove that their sender knows the password.

use super::credentials::Credentials;
use super::ice::IceTable;
use super::stun::VerdictCount;
use super::transaction::Owner;
use super::turn::TurnTable;
use crate::wire::stun::{AttributeType, Message};

/// What a message proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    Valid,
    Invalid,
    Unknown,
    Absent,
}

impl Proof {
    pub(super) fn count(self, counts: &mut VerdictCount) {
        match self {
            Self::Valid => counts.valid += 1,
            Self::Invalid => counts.invalid += 1,
            Self::Unknown => counts.unknown += 1,
            Self::Absent => counts.absent += 1,
        }
    }

    pub(super) fn is_invalid(self) -> bool {
        self == Self::Invalid
    }
}

#[derive(Debug)]
pub(super) struct Verifier {
    credentials: Credentials,
}

impl Verifier {
    pub(super) const fn new(credentials: Credentials) -> Self {
        Self { credentials }
    }

    pub(super) fn verify(
        &mut self,
        message: &Message<'_>,
        _owner: &Owner,
        _ice: &IceTable,
        _turn: &TurnTable,
        _request: bool,
    ) -> Proof {
        let _ = &self.credentials;
        if message.attribute(AttributeType::MESSAGE_INTEGRITY).is_some() { Proof::Unknown } else { Proof::Absent }
    }
}
