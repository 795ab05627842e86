//! What offers and answers agree on, in `signaling.exchanges[].negotiated`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::negotiated_transport::{NegotiatedTransport, OfSides, owned, texts, words};
use super::word::Word;
use crate::sdp::negotiate::{
    self, AgreedMedia, CodecRefusal, ContradictionKind, MediaFate, Negotiation, Refusal, Round, Side,
};
use crate::sdp::{Direction, SimulcastStream};
use crate::signaling::exchange::{Exchange, Incident};

/// What an answered offer and its answer agree on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Negotiated {
    /// Which round of these two parties it is, from 1.
    pub round: usize,
    /// The place of the offer in `descriptions`.
    pub offer: usize,
    /// The place of the answer.
    pub answer: usize,
    /// Each m-line.
    pub media: Vec<NegotiatedMedia>,
    /// How many m-lines are left out.
    pub media_omitted: usize,
    /// Each transport once.
    pub transports: Vec<NegotiatedTransport>,
    /// What in the answer does not fit the offer.
    pub contradictions: Vec<NegotiationContradiction>,
    /// What became of m-lines since the round before.
    pub changes: Vec<NegotiatedChange>,
}

/// An m-line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedMedia {
    /// Its index, from 0.
    pub index: usize,
    /// Its mid.
    pub mid: Option<String>,
    /// `audio`, `video` and the like; empty where the line makes no sense.
    pub kind: String,
    /// The transport protocol, as it was offered.
    pub protocol: String,
    /// Whether it can be used.
    pub agreed: bool,
    /// Why it cannot be used.
    pub refusal: Option<Word<Refusal>>,
    /// Who sends, as each side sees it; `null` for data channels.
    pub direction: Option<OfSides<Word<Direction>>>,
    /// The codecs that both can use, the answerer's preferred first.
    pub codecs: Vec<NegotiatedCodec>,
    /// The codecs that one side named and that cannot be used.
    pub refused_codecs: Vec<NegotiatedCodecRefusal>,
    /// The formats that both named, where it is not RTP.
    pub formats: Vec<String>,
    /// The header extensions that both named.
    pub extensions: Vec<NegotiatedExtension>,
    /// The URIs of the header extensions that were offered and not answered.
    pub refused_extensions: Vec<String>,
    /// Whether RTCP goes over the port of RTP; `null` where it is not RTP.
    pub rtcp_mux: Option<bool>,
    /// Whether RTCP may be of reduced size; `null` where it is not RTP.
    pub rtcp_rsize: Option<bool>,
    /// The SRTP suite whose key stands in the descriptions.
    pub crypto_suite: Option<String>,
    /// The `index` of the m-line whose transport it uses; `null` where it was refused.
    pub transport: Option<usize>,
    /// The rids that one side sends and the other one receives.
    pub rids: Vec<NegotiatedRid>,
    /// The streams that each side sends at once, the rids that stand for one between commas and paused ones with `~`; `null` without
    /// simulcast.
    pub simulcast: Option<OfSides<Vec<String>>>,
    /// The association of data channels.
    pub sctp: Option<NegotiatedSctp>,
    /// The limits that each side names for what it receives, `AS:500`.
    pub bandwidths: OfSides<Vec<String>>,
}

/// A codec that both can use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedCodec {
    /// Its name; empty where nobody says what the number means.
    pub name: String,
    /// The RTP clock in Hz.
    pub clock_rate: Option<u32>,
    /// The number of audio channels, where it is given.
    pub channels: Option<u32>,
    /// The number with which each side wants to receive it.
    pub payload_type: OfSides<u8>,
    /// The parameters of each side, as they stand in its `fmtp`.
    pub parameters: OfSides<Option<String>>,
    /// The feedback that both named.
    pub feedback: Vec<String>,
    /// The payload types that it retransmits, or that are its primary encoding.
    pub repairs: Option<OfSides<u8>>,
}

/// A codec that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedCodecRefusal {
    /// Its name; empty where nobody says what the number means.
    pub name: String,
    /// The RTP clock in Hz.
    pub clock_rate: Option<u32>,
    /// Its number.
    pub payload_type: u8,
    /// Who named it.
    pub named_by: Word<Side>,
    /// Why it cannot be used.
    pub reason: Word<CodecRefusal>,
}

/// A header extension that both named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedExtension {
    /// The URI that names it.
    pub uri: String,
    /// What follows the URI; may be empty.
    pub attributes: String,
    /// Its id in the packets.
    pub id: u32,
    /// The id that was offered, where it is another one.
    pub offered_id: Option<u32>,
    /// Who sends it, as each side sees it.
    pub direction: OfSides<Word<Direction>>,
}

/// A rid that one side sends and the other one receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedRid {
    /// Its id.
    pub id: String,
    /// Who sends it.
    pub sender: Word<Side>,
    /// The restrictions of each side; may be empty.
    pub restrictions: OfSides<String>,
}

/// The association that data channels run over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedSctp {
    /// The SCTP port of each side.
    pub port: OfSides<Option<u16>>,
    /// The most bytes of a message that each side receives; 0 is no limit.
    pub max_message_size: OfSides<u64>,
}

/// Something in an answer that does not fit the offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiationContradiction {
    /// The `index` of the m-line; `null` where it is about the whole description.
    pub media: Option<usize>,
    /// What does not fit.
    pub kind: Word<ContradictionKind>,
}

/// Something that became of an m-line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NegotiatedChange {
    /// Its index, from 0.
    pub index: usize,
    /// Its mid.
    pub mid: Option<String>,
    /// What became of it.
    #[serde(flatten)]
    pub fate: NegotiatedFate,
}

/// What becomes of m-lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "fate")]
#[non_exhaustive]
pub enum NegotiatedFate {
    /// It is new.
    Added,
    /// It was used and is no longer.
    Stopped,
    /// It was stopped or refused and is used again.
    Resumed,
    /// A stopped or refused m-line gave its place to another one.
    Recycled {
        /// The mid that had the place.
        previous_mid: Option<String>,
        /// What kind of media it was.
        previous_kind: String,
    },
    /// An m-line that was in use has another mid or another kind of media.
    Replaced {
        /// The mid that had the place.
        previous_mid: Option<String>,
        /// What kind of media it was.
        previous_kind: String,
    },
    /// The mid had another place.
    Moved {
        /// The index that it had.
        from: usize,
    },
    /// The descriptions have fewer m-lines than before.
    Gone,
}

/// The rounds of an exchange, one for each answered offer. Each two parties (several where a call forks) have their own.
pub(super) fn rounds(exchange: &Exchange) -> Vec<Negotiated> {
    let mut negotiations: BTreeMap<(usize, usize), Negotiation> = BTreeMap::new();
    let mut rounds = Vec::new();
    for happening in &exchange.happenings {
        let Incident::Answered { offer, answer, .. } = happening.incident else { continue };
        let texts = (exchange.descriptions.get(offer), exchange.descriptions.get(answer));
        let (Some(offered), Some(answered)) = texts else { continue };
        let pair = (offered.from.min(answered.from), offered.from.max(answered.from));
        let [from, to] = [offered, answered].map(|sent| crate::sdp::Document::parse(sent.sdp.as_bytes()));
        let round = negotiations.entry(pair).or_default().round(&from, &to);
        rounds.push(Negotiated::new(offer, answer, &round));
    }
    rounds
}

/// What an offer and an answer agree on, by themselves: in `sdp check --format json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreedOn {
    /// Each m-line.
    pub media: Vec<NegotiatedMedia>,
    /// How many m-lines are left out.
    pub media_omitted: usize,
    /// Each transport once.
    pub transports: Vec<NegotiatedTransport>,
}

impl AgreedOn {
    /// The published form of `agreement`.
    #[must_use]
    pub fn new(agreement: &negotiate::Agreement<'_>) -> Self {
        Self {
            media: agreement.media.iter().map(NegotiatedMedia::new).collect(),
            media_omitted: agreement.media_omitted,
            transports: agreement.transports.iter().map(NegotiatedTransport::new).collect(),
        }
    }
}

impl Negotiated {
    fn new(offer: usize, answer: usize, round: &Round<'_>) -> Self {
        let agreement = &round.agreement;
        let contradictions = agreement.contradictions.iter();
        Self {
            round: round.number,
            offer,
            answer,
            media: agreement.media.iter().map(NegotiatedMedia::new).collect(),
            media_omitted: agreement.media_omitted,
            transports: agreement.transports.iter().map(NegotiatedTransport::new).collect(),
            contradictions: contradictions
                .map(|found| NegotiationContradiction { media: found.media, kind: Word(found.kind) })
                .collect(),
            changes: round.changes.iter().map(NegotiatedChange::new).collect(),
        }
    }
}

impl NegotiatedMedia {
    fn new(media: &AgreedMedia<'_>) -> Self {
        let extensions = media.extensions.iter().map(|extension| NegotiatedExtension {
            uri: extension.uri.to_owned(),
            attributes: extension.attributes.to_owned(),
            id: extension.id,
            offered_id: extension.offered_id,
            direction: words(&extension.directions),
        });
        let rids = media.rids.iter().map(|rid| NegotiatedRid {
            id: rid.id.to_owned(),
            sender: Word(rid.sender),
            restrictions: OfSides::new(&rid.restrictions, ToString::to_string),
        });
        let refused = media.refused_codecs.iter().map(|codec| NegotiatedCodecRefusal {
            name: codec.name.to_owned(),
            clock_rate: codec.clock_rate,
            payload_type: codec.payload_type,
            named_by: Word(codec.named_by),
            reason: Word(codec.reason),
        });
        Self {
            index: media.index,
            mid: owned(&media.mid),
            kind: media.kind.to_owned(),
            protocol: media.protocol.to_owned(),
            agreed: media.is_agreed(),
            refusal: media.refusal().map(Word),
            direction: media.directions.as_ref().map(words),
            codecs: media.codecs.iter().map(NegotiatedCodec::new).collect(),
            refused_codecs: refused.collect(),
            formats: texts(&media.formats),
            extensions: extensions.collect(),
            refused_extensions: texts(&media.refused_extensions),
            rtcp_mux: media.rtcp_mux,
            rtcp_rsize: media.rtcp_rsize,
            crypto_suite: owned(&media.crypto_suite),
            transport: media.transport,
            rids: rids.collect(),
            simulcast: media.simulcast.as_ref().map(|found| OfSides::new(&found.sends, |streams| simulcast(streams))),
            sctp: media.sctp.map(|sctp| NegotiatedSctp {
                port: OfSides::new(&sctp.ports, |port| *port),
                max_message_size: OfSides::new(&sctp.max_message_sizes, |size| *size),
            }),
            bandwidths: OfSides::new(&media.bandwidths, |list| texts(list)),
        }
    }
}

fn simulcast(streams: &[Vec<SimulcastStream<'_>>]) -> Vec<String> {
    let rid = |stream: &SimulcastStream<'_>| format!("{}{}", if stream.paused { "~" } else { "" }, stream.id);
    streams.iter().map(|rids| rids.iter().map(rid).collect::<Vec<_>>().join(",")).collect()
}

impl NegotiatedCodec {
    fn new(codec: &negotiate::AgreedCodec<'_>) -> Self {
        Self {
            name: codec.name.to_owned(),
            clock_rate: codec.clock_rate,
            channels: codec.channels,
            payload_type: OfSides::new(&codec.payload_types, |number| *number),
            parameters: OfSides::new(&codec.parameters, |list| list.map(|parameters| parameters.0.to_owned())),
            feedback: texts(&codec.feedback),
            repairs: codec.repairs.as_ref().map(|numbers| OfSides::new(numbers, |number| *number)),
        }
    }
}

impl NegotiatedChange {
    fn new(change: &negotiate::MediaChange) -> Self {
        let fate = match change.fate.clone() {
            MediaFate::Added => NegotiatedFate::Added,
            MediaFate::Stopped => NegotiatedFate::Stopped,
            MediaFate::Resumed => NegotiatedFate::Resumed,
            MediaFate::Recycled { mid, kind } => NegotiatedFate::Recycled { previous_mid: mid, previous_kind: kind },
            MediaFate::Replaced { mid, kind } => NegotiatedFate::Replaced { previous_mid: mid, previous_kind: kind },
            MediaFate::Moved { from } => NegotiatedFate::Moved { from },
            MediaFate::Gone => NegotiatedFate::Gone,
        };
        Self { index: change.index, mid: change.mid.clone(), fate }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::{FrameNumber, Moment, Timestamp};
    use crate::signal::{Carrier, DescriptionType};
    use crate::signaling::exchange::{Happening, SentDescription};

    const AUDIO: &str = "m=audio 9 RTP/AVP 0\r\na=mid:a\r\n";
    const STOPPED: &str = "m=audio 0 RTP/AVP 0\r\na=mid:a\r\n";

    fn exchange(sent: &[(usize, usize, DescriptionType, &str)], answered: &[(usize, usize)]) -> Exchange {
        let moment = Moment { frame: FrameNumber(1), time: Timestamp(0) };
        let descriptions = sent.iter().map(|(from, to, kind, sdp)| SentDescription {
            moment,
            from: *from,
            to: *to,
            kind: *kind,
            kind_inferred: false,
            sdp: (*sdp).to_owned(),
            again: Vec::new(),
        });
        let happenings = answered.iter().map(|(offer, answer)| Happening {
            moment,
            party: None,
            incident: Incident::Answered { offer: *offer, answer: *answer, after: std::time::Duration::ZERO },
        });
        Exchange {
            carrier: Carrier::Sip,
            channels: Vec::new(),
            room: None,
            parties: Vec::new(),
            descriptions: descriptions.collect(),
            descriptions_omitted: 0,
            candidates: Vec::new(),
            candidates_omitted: 0,
            states: Vec::new(),
            states_omitted: 0,
            happenings: happenings.collect(),
            happenings_omitted: 0,
            first: moment,
            last: moment,
            one_way: false,
        }
    }

    #[test]
    fn each_two_parties_have_their_own_rounds() {
        use DescriptionType::{Answer, Offer};
        let sent = [
            (0, 1, Offer, AUDIO),
            (1, 0, Answer, AUDIO),
            (2, 0, Answer, STOPPED),
            (1, 0, Offer, STOPPED),
            (0, 1, Answer, STOPPED),
        ];
        let found = rounds(&exchange(&sent, &[(0, 1), (0, 2), (3, 4)]));
        let told: Vec<_> =
            found.iter().map(|round| (round.round, round.offer, round.answer, round.changes.len())).collect();
        assert_eq!(told, [(1, 0, 1, 1), (1, 0, 2, 0), (2, 3, 4, 1)]);
        assert_eq!(found[2].changes[0].fate, NegotiatedFate::Stopped);
        let refusals: Vec<_> = found.iter().map(|round| round.media[0].refusal.map(|refusal| refusal.0)).collect();
        assert_eq!(refusals, [None, Some(Refusal::PortZero), Some(Refusal::Stopped)]);
    }

    #[test]
    fn what_is_told_of_a_codec_is_json() {
        use DescriptionType::{Answer, Offer};
        let found = rounds(&exchange(&[(0, 1, Offer, AUDIO), (1, 0, Answer, AUDIO)], &[(0, 1)]));
        let value = serde_json::to_value(&found[0]).unwrap();
        assert_eq!(
            value["media"][0]["codecs"][0],
            serde_json::json!({
                "name": "PCMU", "clockRate": 8000, "channels": null, "payloadType": { "offerer": 0, "answerer": 0 },
                "parameters": { "offerer": null, "answerer": null }, "feedback": [], "repairs": null
            })
        );
        assert_eq!(value["changes"], serde_json::json!([{ "index": 0, "mid": "a", "fate": "added" }]));
        assert_eq!(value["media"][0]["direction"]["answerer"], "sendrecv");
    }

    #[test]
    fn descriptions_that_are_no_longer_kept_are_passed_over() {
        assert_eq!(rounds(&exchange(&[], &[(0, 1)])), []);
    }
}
