//! Negotiation itself: m-line by m-line.

use std::collections::BTreeMap;

use super::bundle::Bundles;
use super::codec::Matching;
use super::contradiction::{ContradictionKind, Contradictions};
use super::extension::{common, extensions};
use super::facts::{Facts, Said};
use super::limits::{MAX_FORMATS, MAX_MEDIA};
use super::model::{AgreedMedia, AgreedSctp, Agreement, MediaState, Refusal};
use super::side::Sides;
use super::simulcast::{rids, simulcast};
use super::transport::AgreedTransport;
use crate::sdp::attribute::Direction;
use crate::sdp::codec::Codec;
use crate::sdp::document::Document;

/// What a side receives at most where it does not say (RFC 8841, section 6.1), in bytes.
const DEFAULT_MESSAGE_SIZE: u64 = 65_536;

/// The most formats of an m-line that are compared: there are no more payload types.
const FORMATS_OF_MEDIA: usize = 128;

/// What `offer` and `answer` agree on. Never fails; what does not fit together is in the result.
///
/// ```
/// use rtcscope::sdp::Document;
/// use rtcscope::sdp::negotiate::{ContradictionKind, negotiate};
///
/// let offer = Document::parse(b"m=audio 9 RTP/AVP 0\na=recvonly\n");
/// let answer = Document::parse(b"m=audio 9 RTP/AVP 0\na=sendrecv\n");
/// let agreement = negotiate(&offer, &answer);
/// assert_eq!(agreement.media[0].directions.map(|both| both.answerer.name()), Some("sendonly"));
/// assert_eq!(agreement.contradictions[0].kind, ContradictionKind::DirectionBeyondOffer);
/// ```
#[must_use]
pub fn negotiate<'a>(offer: &Document<'a>, answer: &Document<'a>) -> Agreement<'a> {
    let (offered, answered) = (Said::new(offer, MAX_MEDIA), Said::new(answer, MAX_MEDIA));
    let said = Sides { offerer: &offered, answerer: &answered };
    let mut contradictions = Contradictions::default();
    if offer.media_count() != answer.media_count() {
        contradictions.add(None, ContradictionKind::MediaCount);
    }
    let documents = Sides { offerer: offer, answerer: answer };
    let bundles = Bundles::new(documents, said);
    let compared = compared(said);
    let mut media: Vec<AgreedMedia<'a>> = Vec::with_capacity(compared);
    for index in 0..compared {
        media.push(Line { index, documents, said, bundles: &bundles }.negotiate(&mut contradictions));
    }
    let usable: Vec<bool> = media.iter().map(AgreedMedia::is_agreed).collect();
    let owners = bundles.owners(&usable, &mut contradictions);
    let mut transports: BTreeMap<usize, AgreedTransport<'a>> = BTreeMap::new();
    for (agreed, owner) in media.iter_mut().zip(owners).filter(|(agreed, _)| agreed.is_agreed()) {
        agreed.transport = Some(owner);
        if owner == agreed.index {
            transports.insert(owner, AgreedTransport::new(owner, said, &mut contradictions));
        }
        if agreed.rtcp_mux.is_some() {
            agreed.rtcp_mux = Some(rtcp_mux(agreed.index, owner, said, &mut contradictions));
        }
    }
    // The first of a bundle need not be the first in the text.
    for agreed in &media {
        let others = agreed.transport.filter(|owner| *owner != agreed.index);
        if let Some(transport) = others.and_then(|owner| transports.get_mut(&owner)) {
            transport.media.push(agreed.index);
        }
    }
    let mut transports: Vec<AgreedTransport<'a>> = transports.into_values().collect();
    transports.iter_mut().for_each(|transport| transport.media.sort_unstable());
    let mut contradictions = contradictions.0;
    contradictions.sort_by_key(|contradiction| contradiction.media);
    let all = offer.media_count().max(answer.media_count());
    Agreement { media, media_omitted: all - compared, transports, contradictions }
}

/// How many m-lines are compared.
fn compared(said: Sides<&Said<'_>>) -> usize {
    let formats = |said: &Said<'_>, index: usize| {
        let media = said.media.get(index).and_then(|facts| facts.media);
        media.map_or(0, |media| media.formats.iter().take(FORMATS_OF_MEDIA).count())
    };
    let mut left = MAX_FORMATS;
    let all = said.offerer.media.len().max(said.answerer.media.len());
    let fits = |index: &usize| {
        let more = formats(said.offerer, *index).max(formats(said.answerer, *index));
        left.checked_sub(more).inspect(|rest| left = *rest).is_some()
    };
    (0..all).take_while(fits).count()
}

/// Whether RTCP goes over the port of RTP: what belongs to a transport may stand at the first of the bundle only, and where that
/// is no RTP, at the m-line itself.
fn rtcp_mux(index: usize, owner: usize, said: Sides<&Said<'_>>, contradictions: &mut Contradictions) -> bool {
    let any = |take: fn(&Facts<'_>) -> bool| {
        said.map(|said| {
            let own = said.media.get(index).is_some_and(take);
            own || said.of_transport(owner, |facts| take(facts).then_some(())).is_some()
        })
    };
    let mux = any(|facts| facts.rtcp_mux || facts.rtcp_mux_only);
    match (mux.offerer, mux.answerer) {
        (false, true) => contradictions.add(Some(index), ContradictionKind::RtcpMuxNotOffered),
        (true, false) if any(|facts| facts.rtcp_mux_only).offerer => {
            contradictions.add(Some(index), ContradictionKind::RtcpMuxRefused);
        }
        _ => {}
    }
    mux.offerer && mux.answerer
}

/// One m-line of both descriptions.
struct Line<'s, 'a> {
    index: usize,
    documents: Sides<&'s Document<'a>>,
    said: Sides<&'s Said<'a>>,
    bundles: &'s Bundles,
}

impl<'s, 'a> Line<'s, 'a> {
    fn negotiate(&self, contradictions: &mut Contradictions) -> AgreedMedia<'a> {
        let facts = self.said.map(|said| said.media.get(self.index));
        let mut agreed = self.refused(Refusal::Missing);
        let (offered, answered) = match (facts.offerer, facts.answerer) {
            (Some(offered), Some(answered)) => (offered, answered),
            (None, _) => return self.refused(Refusal::NotOffered),
            // That a stopped line is missing says less than that it was stopped.
            (Some(offered), None) if self.is_stopped(offered) => return self.refused(Refusal::Stopped),
            (Some(_), None) => return agreed,
        };
        let both = Sides { offerer: offered, answerer: answered };
        if let Err(refusal) = self.usable(both, contradictions) {
            agreed.state = MediaState::Refused(refusal);
            return agreed;
        }
        let codecs = self.documents.map(|document| codecs(document, self.index));
        let matching = Matching::new(&codecs.offerer, &codecs.answerer);
        agreed.codecs = matching.agreed(both);
        agreed.refused_codecs = matching.refused();
        agreed.formats = formats(both);
        let none = if offered.is_rtp() { agreed.codecs.is_empty() } else { agreed.formats.is_empty() };
        if none && !offered.is_sctp() {
            agreed.state = MediaState::Refused(Refusal::NoCommonFormat);
            return agreed;
        }
        agreed.state = MediaState::Agreed;
        agreed.bandwidths = both.map(|facts| facts.bandwidths.clone());
        agreed.crypto_suite = crypto_suite(both);
        if offered.is_sctp() {
            agreed.sctp = Some(sctp(both));
        } else {
            agreed.directions = Some(self.directions(both, contradictions));
        }
        if offered.is_rtp() {
            let sessions = self.said.map(|said| &said.session);
            (agreed.extensions, agreed.refused_extensions) = extensions(self.index, both, sessions, contradictions);
            agreed.rids = rids(self.index, both, contradictions);
            agreed.simulcast = simulcast(both);
            agreed.rtcp_mux = Some(false);
            agreed.rtcp_rsize = Some(offered.rtcp_rsize && answered.rtcp_rsize);
        }
        agreed
    }

    /// The m-line with nothing agreed on.
    fn refused(&self, refusal: Refusal) -> AgreedMedia<'a> {
        let facts = self.said.map(|said| said.media.get(self.index));
        let media = facts.map(|facts| facts.and_then(|facts| facts.media));
        let media = media.offerer.or(media.answerer);
        let mid = facts.map(|facts| facts.and_then(|facts| facts.mid));
        AgreedMedia {
            index: self.index,
            mid: mid.offerer.or(mid.answerer),
            kind: media.map_or("", |media| media.media),
            protocol: media.map_or("", |media| media.protocol),
            state: MediaState::Refused(refusal),
            directions: None,
            codecs: Vec::new(),
            refused_codecs: Vec::new(),
            formats: Vec::new(),
            extensions: Vec::new(),
            refused_extensions: Vec::new(),
            rtcp_mux: None,
            rtcp_rsize: None,
            crypto_suite: None,
            transport: None,
            rids: Vec::new(),
            simulcast: None,
            sctp: None,
            bandwidths: Sides::default(),
        }
    }

    /// Whether the offer has stopped it: port 0 that does not wait for a bundle.
    fn is_stopped(&self, offered: &Facts<'_>) -> bool {
        let waits = offered.bundle_only && self.bundles.is_offered(self.index);
        offered.media.is_some_and(|media| media.port == 0) && !waits
    }

    fn usable(&self, both: Sides<&Facts<'_>>, contradictions: &mut Contradictions) -> Result<(), Refusal> {
        let mut contradict = |kind| contradictions.add(Some(self.index), kind);
        let (Some(offered), Some(answered)) = (both.offerer.media, both.answerer.media) else {
            return Err(Refusal::Unreadable);
        };
        if both.answerer.mid.is_some() && both.offerer.mid != both.answerer.mid {
            contradict(ContradictionKind::MidDiffers);
        }
        if self.is_stopped(both.offerer) {
            if answered.port != 0 {
                contradict(ContradictionKind::StoppedAccepted);
            }
            return Err(Refusal::Stopped);
        }
        let bundled = self.bundles.is_agreed(self.index);
        let waits = offered.port == 0;
        if both.answerer.bundle_only {
            contradict(ContradictionKind::BundleOnlyAnswered);
        }
        if answered.port == 0 && !(both.answerer.bundle_only && bundled) {
            return Err(if waits && !bundled { Refusal::NotBundled } else { Refusal::PortZero });
        }
        if waits && !bundled {
            return Err(Refusal::NotBundled);
        }
        if !offered.media.eq_ignore_ascii_case(answered.media) {
            return Err(Refusal::KindDiffers);
        }
        if !offered.protocol.eq_ignore_ascii_case(answered.protocol) {
            let family = |facts: &Facts<'_>| (facts.is_rtp(), facts.is_sctp());
            let known = both.offerer.is_rtp() || both.offerer.is_sctp();
            if !known || family(both.offerer) != family(both.answerer) {
                return Err(Refusal::ProtocolDiffers);
            }
            contradict(ContradictionKind::ProtocolDiffers);
        }
        Ok(())
    }

    fn directions(&self, both: Sides<&Facts<'_>>, contradictions: &mut Contradictions) -> Sides<Direction> {
        let said = Sides {
            offerer: both.offerer.direction.or(self.said.offerer.session.direction),
            answerer: both.answerer.direction.or(self.said.answerer.session.direction),
        };
        let said = said.map(|direction| direction.unwrap_or(Direction::SendRecv));
        let agreed = common(said.offerer, said.answerer);
        if agreed.answerer != said.answerer {
            contradictions.add(Some(self.index), ContradictionKind::DirectionBeyondOffer);
        }
        agreed
    }
}

fn codecs<'d, 'a>(document: &'d Document<'a>, index: usize) -> Vec<Codec<'d, 'a>> {
    document.media_section(index).map(|section| section.codecs()).unwrap_or_default()
}

/// The formats that both named, where it is not RTP.
fn formats<'a>(both: Sides<&Facts<'a>>) -> Vec<&'a str> {
    let listed = |facts: &Facts<'a>| -> Vec<&'a str> {
        let media = facts.media.filter(|media| !media.is_rtp());
        media.map(|media| media.formats.iter().take(FORMATS_OF_MEDIA).collect()).unwrap_or_default()
    };
    let (offered, mut answered) = (listed(both.offerer), listed(both.answerer));
    answered.retain(|format| offered.contains(format));
    answered
}

/// The suite of the answer whose number was offered with the same name (RFC 4568, section 5.1.2).
fn crypto_suite<'a>(both: Sides<&Facts<'a>>) -> Option<&'a str> {
    let chosen = both.answerer.crypto.first()?;
    let same =
        |offered: &&crate::sdp::attribute::Crypto<'_>| offered.tag == chosen.tag && offered.suite == chosen.suite;
    both.offerer.crypto.iter().find(same).map(|_| chosen.suite)
}

fn sctp(both: Sides<&Facts<'_>>) -> AgreedSctp {
    AgreedSctp {
        ports: both.map(|facts| facts.sctp_port),
        max_message_sizes: both.map(|facts| facts.max_message_size.unwrap_or(DEFAULT_MESSAGE_SIZE)),
    }
}
