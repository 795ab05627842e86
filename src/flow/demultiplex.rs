//! One datagram of a flow: what it is, given what the flow carried before.

use super::guard::Guard;
use super::protocol::Protocol;
use super::shape::{self, DtlsShape, RtpShape};
use crate::path::Side;
use crate::wire::channel_data::ChannelData;
use crate::wire::dns;
use crate::wire::stun::{self, Message};

/// What a datagram holds.
#[derive(Debug)]
pub enum Content<'a> {
    /// A STUN or TURN message.
    Stun(Message<'a>),
    /// TURN ChannelData.
    ChannelData(ChannelData<'a>),
    /// A datagram inside the wrapping of a Microsoft relay, on the same path.
    Multiplexed(&'a [u8]),
    /// What sessions are made for: their pair carries it.
    Data(Data),
    /// A message of multicast DNS, which its port defines.
    Dns(dns::Message<'a>),
    /// Something else.
    Other,
}

/// What sessions carry beside STUN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// A ClientHello of DTLS in the clear: who sends it is the client.
    DtlsClientHello,
    /// Another DTLS handshake record in the clear.
    DtlsHandshake,
    /// Another DTLS record.
    Dtls,
    /// RTP or SRTP.
    Rtp,
    /// RTCP or SRTCP.
    Rtcp,
}

/// What a flow has shown so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Memory {
    /// STUN, DTLS or a source with advancing sequence numbers: RTP is what may be expected.
    media: bool,
    dtls: bool,
    /// A TURN method, or ChannelData that was believed.
    turn: bool,
    quic: bool,
    guards: [Guard; 2],
    /// Packets that look like RTP, RTCP and ChannelData and are not believed so far.
    pending: [u32; 3],
}

pub(super) const RTP: usize = 0;
pub(super) const RTCP: usize = 1;
const CHANNEL: usize = 2;
/// The protocols of [`Memory::pending`].
const PENDING: [Protocol; 3] = [Protocol::Rtp, Protocol::Rtcp, Protocol::TurnChannelData];
/// Datagrams framed as ChannelData, and nothing else on the flow, that make a TURN connection joined mid-call.
const CHANNELS_BELIEVED: u32 = 4;

/// What a datagram turned out to be, and how many earlier ones were the same.
pub(super) struct Verdict<'a> {
    pub(super) content: Content<'a>,
    pub(super) protocol: Option<Protocol>,
    /// Earlier datagrams that are now known for what they are.
    pub(super) retroactive: [u32; 3],
    pub(super) rest: &'a [u8],
    /// What it may be, and is not believed to be yet.
    pub(super) held: Option<Data>,
}

impl<'a> Verdict<'a> {
    const fn new(content: Content<'a>, protocol: Protocol) -> Self {
        Self { content, protocol: Some(protocol), retroactive: [0; 3], rest: &[], held: None }
    }

    /// A datagram that is not believed yet, or that only wraps another one.
    const fn pending() -> Self {
        Self { content: Content::Other, protocol: None, retroactive: [0; 3], rest: &[], held: None }
    }

    /// Earlier datagrams now known, by protocol.
    pub(super) fn known_now(&self) -> impl Iterator<Item = (Protocol, u32)> {
        PENDING.into_iter().zip(self.retroactive).filter(|(_, count)| *count > 0)
    }
}

impl Memory {
    /// Datagrams that were never believed.
    pub(super) fn never_believed(&self) -> u32 {
        self.pending.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Media was announced for the flow.
    pub(super) fn expect_media(&mut self) {
        self.media = true;
    }

    /// A STUN message belongs to the flow.
    fn learn(&mut self, message: &Message<'_>) {
        // Classic STUN is spoken by games and their like too; it promises no media.
        self.media |= !message.is_classic();
        self.turn |= (stun::Method::ALLOCATE.0..=stun::Method::CONNECTION_ATTEMPT.0).contains(&message.method.0);
    }

    /// Whether `bytes` are media of a flow that is known to carry it. Most packets are, and need nothing more.
    #[inline]
    pub(super) fn media(&self, bytes: &[u8], length: usize) -> Option<Data> {
        if !self.media {
            return None;
        }
        shape::rtp(bytes, length).map(|shape| match shape {
            RtpShape::Rtp { .. } => Data::Rtp,
            RtpShape::Rtcp { .. } => Data::Rtcp,
        })
    }

    /// What `bytes` are, `length` of them on the wire.
    pub(super) fn tell<'a>(&mut self, side: Side, bytes: &'a [u8], length: usize) -> Verdict<'a> {
        let Some(first) = bytes.first() else { return Verdict::new(Content::Other, Protocol::UnknownUdp) };
        let verdict = match first {
            0..=3 => self.tell_stun(bytes, length),
            16..=19 if shape::zrtp(bytes) => Some(Verdict::new(Content::Other, Protocol::Zrtp)),
            20..=63 => self.tell_dtls(bytes, length),
            64..=127 => self.tell_channel_data(bytes, length),
            128..=191 => self.tell_media(side, bytes, length),
            0xFF => shape::microsoft_multiplexed(bytes, length)
                .map(|inside| Verdict { content: Content::Multiplexed(inside), ..Verdict::pending() }),
            _ => None,
        };
        match verdict {
            Some(mut verdict) => {
                if verdict.protocol.is_some() {
                    self.settle(&mut verdict);
                }
                verdict
            }
            None => Verdict::new(Content::Other, self.name(bytes)),
        }
    }

    /// Counts what was pending and is believed now.
    fn settle(&mut self, verdict: &mut Verdict<'_>) {
        for place in [RTP, RTCP] {
            if self.media {
                move_count(&mut self.pending, &mut verdict.retroactive, place);
            }
        }
        if self.turn {
            move_count(&mut self.pending, &mut verdict.retroactive, CHANNEL);
        }
    }

    fn tell_stun<'a>(&mut self, bytes: &'a [u8], length: usize) -> Option<Verdict<'a>> {
        let whole = match shape::stun(bytes) {
            Some(whole) if whole <= length => whole,
            Some(_) => return None,
            None if shape::classic_stun(bytes, length) || shape::microsoft_turn(bytes, length) => length,
            None => return None,
        };
        let (own, rest) = bytes.split_at_checked(whole).unwrap_or((bytes, &[]));
        let message = Message::parse(own).ok()?;
        self.learn(&message);
        let mut verdict = Verdict::new(Content::Stun(message), Protocol::Stun);
        // Segmentation offload on a server glues datagrams together; padding behind a message is not another one.
        if shape::stun(rest).is_some() {
            verdict.rest = rest;
        }
        Some(verdict)
    }

    fn tell_dtls<'a>(&mut self, bytes: &'a [u8], length: usize) -> Option<Verdict<'a>> {
        let data = match shape::dtls(bytes, length)? {
            DtlsShape::ClientHello => Data::DtlsClientHello,
            DtlsShape::Handshake => Data::DtlsHandshake,
            DtlsShape::Record => Data::Dtls,
            DtlsShape::Unified if self.dtls || self.media => {
                return Some(Verdict::new(Content::Data(Data::Dtls), Protocol::Dtls));
            }
            DtlsShape::Unified => return None,
        };
        self.dtls = true;
        self.media = true;
        Some(Verdict::new(Content::Data(data), Protocol::Dtls))
    }

    fn tell_channel_data<'a>(&mut self, bytes: &'a [u8], length: usize) -> Option<Verdict<'a>> {
        if self.quic || !shape::channel_data(bytes, length) {
            return None;
        }
        let channel = ChannelData::parse(bytes).ok()?;
        if !self.turn {
            // A connection joined mid-call: believed at once when the inside proves itself, else when everything so far was
            // framed so.
            let proven = shape::stun(channel.data).is_some_and(|whole| whole <= usize::from(channel.length))
                || matches!(
                    shape::dtls(channel.data, usize::from(channel.length)),
                    Some(DtlsShape::ClientHello | DtlsShape::Handshake | DtlsShape::Record)
                );
            let count = self.pending.get_mut(CHANNEL)?;
            let plausible = shape::rtp(channel.data, usize::from(channel.length)).is_some();
            if !proven && (!plausible || *count + 1 < CHANNELS_BELIEVED) {
                *count += u32::from(plausible);
                return plausible.then(Verdict::pending);
            }
            self.turn = true;
        }
        Some(Verdict::new(Content::ChannelData(channel), Protocol::TurnChannelData))
    }

    fn tell_media<'a>(&mut self, side: Side, bytes: &'a [u8], length: usize) -> Option<Verdict<'a>> {
        let shape = shape::rtp(bytes, length)?;
        if !self.media {
            let guard = self.guards.get_mut(side.index())?;
            self.media = match shape {
                RtpShape::Rtp { ssrc, sequence } => guard.rtp(ssrc, sequence),
                RtpShape::Rtcp { ssrc, compound } => compound && guard.rtcp(ssrc),
            };
        }
        if !self.media {
            let place = if matches!(shape, RtpShape::Rtp { .. }) { RTP } else { RTCP };
            if let Some(count) = self.pending.get_mut(place) {
                *count = count.saturating_add(1);
            }
            let data = if place == RTP { Data::Rtp } else { Data::Rtcp };
            return Some(Verdict { held: Some(data), ..Verdict::pending() });
        }
        Some(match shape {
            RtpShape::Rtp { .. } => Verdict::new(Content::Data(Data::Rtp), Protocol::Rtp),
            RtpShape::Rtcp { .. } => Verdict::new(Content::Data(Data::Rtcp), Protocol::Rtcp),
        })
    }

    /// The name of a datagram that is nothing of ours.
    fn name(&mut self, bytes: &[u8]) -> Protocol {
        if shape::quic_long(bytes) {
            self.quic = true;
        }
        if self.quic && bytes.first().is_some_and(|first| first & 0xC0 != 0) {
            Protocol::Quic
        } else if shape::sip(bytes) {
            Protocol::Sip
        } else {
            Protocol::UnknownUdp
        }
    }
}

fn move_count(from: &mut [u32; 3], to: &mut [u32; 3], place: usize) {
    if let (Some(from), Some(to)) = (from.get_mut(place), to.get_mut(place)) {
        *to = std::mem::take(from);
    }
}
