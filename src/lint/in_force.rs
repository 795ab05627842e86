//! What is in force for the transport of each m-line, found out in one pass.

use std::collections::BTreeSet;

use super::context::{Context, Part};
use crate::sdp::{IcePwd, IceUfrag, Key, Line, RtcpMux, Setup, TlsId};

/// How many fingerprints of one level are compared: one for each hash function there is, and room for more.
const MAX_FINGERPRINTS: usize = 16;

/// What one level says of its transport.
#[derive(Debug, Clone, Default)]
struct Said<'d, 'a> {
    ufrag: Option<(&'d Line<'a>, &'a str)>,
    password: Option<(&'d Line<'a>, &'a str)>,
    setup: Option<(&'d Line<'a>, Setup)>,
    tls_id: Option<&'a str>,
    /// Hash functions in lower case and hashes in upper case.
    fingerprints: BTreeSet<(String, String)>,
    fingerprint_line: Option<&'d Line<'a>>,
    mux: bool,
}

impl<'d, 'a> Said<'d, 'a> {
    fn new(part: &Part<'d, 'a>) -> Self {
        let mut said = Self::default();
        for line in part.section.lines() {
            match line.key() {
                Key::IceUfrag if said.ufrag.is_none() => {
                    said.ufrag = line.typed::<IceUfrag<'a>>().and_then(Result::ok).map(|ufrag| (line, ufrag.0));
                }
                Key::IcePwd if said.password.is_none() => {
                    said.password = line.typed::<IcePwd<'a>>().and_then(Result::ok).map(|password| (line, password.0));
                }
                Key::Setup if said.setup.is_none() => {
                    said.setup = line.typed::<Setup>().and_then(Result::ok).map(|setup| (line, setup));
                }
                Key::TlsId if said.tls_id.is_none() => {
                    said.tls_id = line.typed::<TlsId<'a>>().and_then(Result::ok).map(|id| id.0);
                }
                Key::RtcpMux => said.mux |= line.typed::<RtcpMux>().is_some_and(|mux| mux.is_ok()),
                _ => {}
            }
        }
        let prints = part.fingerprints.iter().take(MAX_FINGERPRINTS).map(|at| at.value);
        said.fingerprints =
            prints.map(|print| (print.hash_function.to_ascii_lowercase(), print.hash.to_ascii_uppercase())).collect();
        said.fingerprint_line = part.fingerprints.first().map(|at| at.line);
        said
    }
}

/// The transports of the m-lines of a description.
#[derive(Debug)]
pub(super) struct InForce<'d, 'a> {
    session: Said<'d, 'a>,
    media: Vec<Said<'d, 'a>>,
    owners: Vec<usize>,
}

/// The transport of one m-line: its own values, those of its bundle, and those of the session.
#[derive(Debug, Clone, Copy)]
pub(super) struct TransportInForce<'t, 'd, 'a> {
    levels: [Option<&'t Said<'d, 'a>>; 3],
}

impl<'d, 'a> InForce<'d, 'a> {
    pub(super) fn new(context: &Context<'d, 'a>) -> Self {
        let owner = |part: &Part<'d, 'a>| part.section.transport().index().unwrap_or_default();
        Self {
            session: Said::new(&context.session),
            media: context.media.iter().map(Said::new).collect(),
            owners: context.media.iter().map(owner).collect(),
        }
    }

    /// That of the m-line with this index.
    pub(super) fn of(&self, index: usize) -> TransportInForce<'_, 'd, 'a> {
        let owner = self.owners.get(index).and_then(|owner| self.media.get(*owner));
        TransportInForce { levels: [self.media.get(index), owner, Some(&self.session)] }
    }
}

impl<'t, 'd, 'a> TransportInForce<'t, 'd, 'a> {
    fn first<T>(&self, get: impl Fn(&'t Said<'d, 'a>) -> Option<T>) -> Option<T> {
        self.levels.iter().flatten().find_map(|said| get(said))
    }

    pub(super) fn ufrag(&self) -> Option<(&'d Line<'a>, &'a str)> {
        self.first(|said| said.ufrag)
    }

    pub(super) fn setup(&self) -> Option<(&'d Line<'a>, Setup)> {
        self.first(|said| said.setup)
    }

    pub(super) fn has_mux(&self) -> bool {
        self.levels.iter().flatten().any(|said| said.mux)
    }

    fn password(&self) -> Option<&'a str> {
        self.first(|said| said.password).map(|(_, password)| password)
    }

    fn tls_id(&self) -> Option<&'a str> {
        self.first(|said| said.tls_id)
    }

    /// Its first fingerprint's line.
    pub(super) fn fingerprint_line(&self) -> Option<&'d Line<'a>> {
        self.first(|said| said.fingerprint_line)
    }

    fn fingerprints(&self) -> Option<&'t BTreeSet<(String, String)>> {
        self.first(|said| Some(&said.fingerprints).filter(|prints| !prints.is_empty()))
    }

    /// Whether the credentials are other ones than before; `None` where either side has none.
    pub(super) fn restarts(&self, before: &Self) -> Option<bool> {
        let ((_, now), (_, old)) = (self.ufrag()?, before.ufrag()?);
        Some(now != old || self.password() != before.password())
    }

    /// Whether the certificate is another one than before; `None` where nothing can be compared.
    ///
    /// One certificate may have a fingerprint of each hash function, so one that is the same is enough.
    pub(super) fn has_new_certificate(&self, before: &Self) -> Option<bool> {
        let (now, old) = (self.fingerprints()?, before.fingerprints()?);
        if now.intersection(old).next().is_some() {
            return Some(false);
        }
        let known = old.iter().any(|(function, _)| now.iter().any(|(own, _)| own == function));
        known.then_some(true)
    }

    /// Whether its DTLS association goes on from before, as far as can be told.
    pub(super) fn keeps_association(&self, before: &Self) -> bool {
        self.has_new_certificate(before) == Some(false)
            && self.tls_id() == before.tls_id()
            && self.restarts(before) == Some(false)
    }
}
