//! What the session level or an m-line says of what is negotiated, read in one pass.
//!
//! Asking a section for each value walks its lines each time. Negotiation asks for about thirty values of each m-line, and
//! for those of the session and of the bundle's first m-line again for each, which hostile descriptions would make slow.

use super::limits::{MAX_EXTENSIONS, MAX_FEEDBACK, MAX_VALUES};
use crate::sdp::attribute::{
    Crypto, Direction, Extmap, Fingerprint, IceOptions, IceUfrag, Key, MaxMessageSize, Mid, Rid, RtcpFb, SctpMap,
    SctpPort, Setup, Simulcast, TlsId, Typed,
};
use crate::sdp::document::{Document, Section};
use crate::sdp::line::{Line, LineType};
use crate::sdp::value::{Bandwidth, Media, Value};

/// What one level says.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    pub(super) media: Option<Media<'a>>,
    pub(super) mid: Option<&'a str>,
    pub(super) direction: Option<Direction>,
    pub(super) bundle_only: bool,
    pub(super) rtcp_mux: bool,
    pub(super) rtcp_mux_only: bool,
    pub(super) rtcp_rsize: bool,
    pub(super) ice_ufrag: Option<&'a str>,
    pub(super) ice_options: Vec<&'a str>,
    pub(super) ice_lite: bool,
    pub(super) ice_mismatch: bool,
    pub(super) fingerprints: Vec<Fingerprint<'a>>,
    pub(super) setup: Option<Setup>,
    pub(super) tls_id: Option<&'a str>,
    pub(super) crypto: Vec<Crypto<'a>>,
    pub(super) extensions: Vec<Extmap<'a>>,
    pub(super) feedback: Vec<RtcpFb<'a>>,
    pub(super) rids: Vec<Rid<'a>>,
    pub(super) simulcast: Option<Simulcast<'a>>,
    pub(super) sctp_port: Option<u16>,
    pub(super) max_message_size: Option<u64>,
    pub(super) bandwidths: Vec<Bandwidth<'a>>,
}

/// The first value that makes sense counts, as in a [`Section`].
fn first<'a, T: Typed<'a>>(slot: &mut Option<T>, line: &Line<'a>) {
    if slot.is_none() {
        *slot = read(line);
    }
}

fn read<'a, T: Typed<'a>>(line: &Line<'a>) -> Option<T> {
    line.typed::<T>()?.ok()
}

fn more<'a, T: Typed<'a>>(list: &mut Vec<T>, line: &Line<'a>, bound: usize) {
    if list.len() < bound {
        list.extend(read::<T>(line));
    }
}

impl<'a> Facts<'a> {
    pub(super) fn read(section: &Section<'_, 'a>) -> Self {
        let mut facts = Self { media: section.media(), ..Self::default() };
        for line in section.lines() {
            match line.line_type() {
                LineType::Attribute => facts.attribute(line),
                LineType::Bandwidth if facts.bandwidths.len() < MAX_VALUES => {
                    if let Ok(Value::Bandwidth(bandwidth)) = line.parse() {
                        facts.bandwidths.push(bandwidth);
                    }
                }
                _ => {}
            }
        }
        facts
    }

    fn attribute(&mut self, line: &Line<'a>) {
        match line.key() {
            Key::Mid => self.mid = self.mid.or_else(|| read::<Mid<'a>>(line).map(|mid| mid.0)),
            Key::SendRecv | Key::SendOnly | Key::RecvOnly | Key::Inactive => {
                self.direction = Direction::from_key(line.key());
            }
            Key::BundleOnly => self.bundle_only = true,
            Key::RtcpMux => self.rtcp_mux = true,
            Key::RtcpMuxOnly => self.rtcp_mux_only = true,
            Key::RtcpRsize => self.rtcp_rsize = true,
            Key::IceUfrag => {
                self.ice_ufrag = self.ice_ufrag.or_else(|| read::<IceUfrag<'a>>(line).map(|ufrag| ufrag.0));
            }
            Key::IceOptions => self.ice_options(line),
            Key::IceLite => self.ice_lite = true,
            Key::IceMismatch => self.ice_mismatch = true,
            Key::Fingerprint => more(&mut self.fingerprints, line, MAX_VALUES),
            Key::Setup => first(&mut self.setup, line),
            Key::TlsId => self.tls_id = self.tls_id.or_else(|| read::<TlsId<'a>>(line).map(|id| id.0)),
            Key::Crypto => more(&mut self.crypto, line, MAX_VALUES),
            Key::Extmap => more(&mut self.extensions, line, MAX_EXTENSIONS),
            Key::RtcpFb => more(&mut self.feedback, line, MAX_FEEDBACK),
            Key::Rid => more(&mut self.rids, line, MAX_VALUES),
            Key::Simulcast => first(&mut self.simulcast, line),
            Key::SctpPort => {
                self.sctp_port = self.sctp_port.or_else(|| read::<SctpPort>(line).map(|port| port.0));
            }
            // Before RFC 8841 the port stood here.
            Key::SctpMap => {
                self.sctp_port = self.sctp_port.or_else(|| read::<SctpMap<'a>>(line).map(|map| map.port));
            }
            Key::MaxMessageSize => {
                let size = || read::<MaxMessageSize>(line).map(|size| size.0);
                self.max_message_size = self.max_message_size.or_else(size);
            }
            _ => {}
        }
    }

    fn ice_options(&mut self, line: &Line<'a>) {
        let Some(options) = read::<IceOptions<'a>>(line) else { return };
        for option in options.0.iter() {
            if self.ice_options.len() < MAX_VALUES && !self.ice_options.contains(&option) {
                self.ice_options.push(option);
            }
        }
    }

    /// Whether the m-line is RTP.
    pub(super) fn is_rtp(&self) -> bool {
        self.media.is_some_and(|media| media.is_rtp())
    }

    /// Whether the m-line is SCTP, over whatever.
    pub(super) fn is_sctp(&self) -> bool {
        self.media.is_some_and(|media| media.protocol.split('/').any(|part| part == "SCTP"))
    }
}

/// What one description says.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub(super) session: Facts<'a>,
    pub(super) media: Vec<Facts<'a>>,
}

impl<'a> Said<'a> {
    pub(super) fn new(document: &Document<'a>, bound: usize) -> Self {
        Self {
            session: Facts::read(&document.session()),
            media: document.media().take(bound).map(|section| Facts::read(&section)).collect(),
        }
    }

    /// What `take` finds for the transport that belongs to the m-line at `owner`: what that says, else what the session
    /// says.
    pub(super) fn of_transport<T>(&self, owner: usize, take: impl Fn(&Facts<'a>) -> Option<T>) -> Option<T> {
        self.media.get(owner).and_then(&take).or_else(|| take(&self.session))
    }
}
