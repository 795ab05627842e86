//! What the m-lines say of their transports, read once: rules look at a transport across the m-lines that share it.

use std::collections::BTreeMap;

use super::context::{Context, Part, Role};
use crate::sdp::{Key, Line, LineType, Setup};
use crate::text::Span;

/// The first line of each attribute that concerns a transport, at one level; whether its value makes sense or not.
type Said<'d, 'a> = BTreeMap<Key, &'d Line<'a>>;

/// The attributes that are kept.
const fn concerns_transport(key: Key) -> bool {
    matches!(
        key,
        Key::Candidate
            | Key::EndOfCandidates
            | Key::IceUfrag
            | Key::IcePwd
            | Key::Fingerprint
            | Key::Setup
            | Key::TlsId
            | Key::Crypto
            | Key::RtcpMux
            | Key::RtcpMuxOnly
            | Key::BundleOnly
    )
}

fn said<'d, 'a>(part: &Part<'d, 'a>) -> Said<'d, 'a> {
    let mut said = Said::new();
    for line in part.section.lines().iter().filter(|line| line.line_type() == LineType::Attribute) {
        if concerns_transport(line.key()) {
            said.entry(line.key()).or_insert(line);
        }
    }
    said
}

/// What all m-lines say of their transports.
#[derive(Debug)]
pub(super) struct Transports<'c, 'd, 'a> {
    role: Option<Role>,
    webrtc: bool,
    parts: &'c [Part<'d, 'a>],
    session: Said<'d, 'a>,
    media: Vec<Said<'d, 'a>>,
}

impl<'c, 'd, 'a> Transports<'c, 'd, 'a> {
    /// Reads them, in one walk along the lines.
    pub(super) fn new(context: &'c Context<'d, 'a>) -> Self {
        let media = context.media.iter().map(said).collect();
        Self {
            role: context.role,
            webrtc: context.is_webrtc(),
            parts: &context.media,
            session: said(&context.session),
            media,
        }
    }

    /// That of each m-line that makes sense and is not rejected.
    pub(super) fn each(&self) -> impl Iterator<Item = Transport<'_, 'd, 'a>> {
        let used = self.parts.iter().zip(&self.media).filter(|(part, own)| {
            part.media.is_some_and(|media| media.port != 0 || own.contains_key(&Key::BundleOnly))
        });
        used.map(|(part, own)| {
            let index = part.section.transport().index().or(part.index()).unwrap_or_default();
            let of_owner = self.media.get(index).unwrap_or(own);
            let owner = self.parts.get(index).unwrap_or(part);
            Transport { part, owner, own, of_owner, session: &self.session, role: self.role, webrtc: self.webrtc }
        })
    }
}

/// What one m-line says of its transport, and what holds for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transport<'t, 'd, 'a> {
    /// The m-line.
    pub(super) part: &'t Part<'d, 'a>,
    /// The m-line whose transport it shares: the first of its bundle, or itself.
    pub(super) owner: &'t Part<'d, 'a>,
    own: &'t Said<'d, 'a>,
    of_owner: &'t Said<'d, 'a>,
    session: &'t Said<'d, 'a>,
    role: Option<Role>,
    webrtc: bool,
}

impl<'d, 'a> Transport<'_, 'd, 'a> {
    /// Whether it shares the transport of another m-line.
    pub(super) fn is_shared(&self) -> bool {
        self.part.index() != self.owner.index()
    }

    /// Whether it has a transport of its own, so that it must say all that one needs.
    ///
    /// An m-line that waits for a bundle in which it is not has none, and a rule of its own; media that browsers do not know they
    /// reject without a look at the rest.
    pub(super) fn is_own(&self) -> bool {
        let known = !self.webrtc || matches!(self.part.kind(), "audio" | "video" | "application");
        known && !self.is_shared() && !self.is_bundle_only()
    }

    /// How a message names the m-line whose transport it shares. By its index alone: a bundle has many m-lines, and each would
    /// look through the first one for its name.
    pub(super) fn owner_name(&self) -> String {
        self.owner.index().map_or_else(String::new, |index| format!("m-line {index}"))
    }

    /// Its own line of this attribute.
    pub(super) fn own(&self, key: Key) -> Option<&'d Line<'a>> {
        self.own.get(&key).copied()
    }

    /// The line of this attribute that holds where no bundle comes about: its own, or the session's.
    pub(super) fn apart(&self, key: Key) -> Option<&'d Line<'a>> {
        self.own(key).or_else(|| self.session.get(&key).copied())
    }

    /// The line of this attribute that holds: its own, its bundle's, or the session's.
    pub(super) fn in_force(&self, key: Key) -> Option<&'d Line<'a>> {
        self.own(key).or_else(|| self.of_owner.get(&key).copied()).or_else(|| self.session.get(&key).copied())
    }

    /// The line of this attribute that holds for the first m-line of the bundle.
    pub(super) fn of_owner(&self, key: Key) -> Option<&'d Line<'a>> {
        self.of_owner.get(&key).or_else(|| self.session.get(&key)).copied()
    }

    /// Whether it waits for its bundle: port 0 and `a=bundle-only`.
    pub(super) fn is_bundle_only(&self) -> bool {
        self.part.media.is_some_and(|media| media.port == 0) && self.own(Key::BundleOnly).is_some()
    }

    /// Whether the description is an offer, said or shown by a DTLS role that is left open.
    pub(super) fn is_offer(&self) -> bool {
        self.role.map_or_else(|| self.setup() == Some(Setup::Actpass), |role| role == Role::Offer)
    }

    /// Whether the m-lines do share the transport, rather than that this is offered: the description is an answer, said or
    /// shown by its DTLS role, or both have one port that is no placeholder.
    pub(super) fn is_settled(&self) -> bool {
        let answers = match self.role {
            Some(role) => role == Role::Answer,
            None => matches!(self.setup(), Some(Setup::Active | Setup::Passive)),
        };
        let port = |part: &Part<'_, '_>| part.media.map(|media| media.port).filter(|port| !matches!(port, 0 | 9));
        self.is_shared() && (answers || port(self.part).is_some_and(|own| port(self.owner) == Some(own)))
    }

    /// The DTLS role in force.
    pub(super) fn setup(&self) -> Option<Setup> {
        self.in_force(Key::Setup)?.typed()?.ok()
    }
}

/// Where the first word of an attribute's value stands; without one, the whole line.
pub(super) fn first_word(line: &Line<'_>) -> Span {
    line.words().next().map_or(line.span(), |word| word.span)
}
