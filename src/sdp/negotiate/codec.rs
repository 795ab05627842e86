//! The codecs of an m-line that both can use (RFC 3264, section 6.1).

use super::facts::Facts;
use super::limits::MAX_FEEDBACK_OF_CODEC;
use super::recognition::{parameters, same_codec, same_name};
use super::side::{Side, Sides};
use crate::sdp::attribute::Feedback;
use crate::sdp::codec::{Codec, CodecParameters, Red};
use crate::sdp::list::Parameters;

/// A codec that both can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedCodec<'a> {
    /// Its name, as the offer spells it; empty where nobody says what the number means.
    pub name: &'a str,
    /// The RTP clock in Hz.
    pub clock_rate: Option<u32>,
    /// The number of audio channels, where it is given; one where it is not.
    pub channels: Option<u32>,
    /// The number with which each side wants to receive it: the offerer's is what the answerer sends, and the other way round.
    pub payload_types: Sides<u8>,
    /// The parameters of each side, where it names some. They say what that side wants to receive, unless their RFC says
    /// otherwise.
    pub parameters: Sides<Option<Parameters<'a>>>,
    /// The feedback that both named.
    pub feedback: Vec<Feedback<'a>>,
    /// The payload types that it retransmits or, for RED, that are its primary encoding.
    pub repairs: Option<Sides<u8>>,
}

impl AgreedCodec<'_> {
    /// Whether it is this codec, in any case.
    #[must_use]
    pub const fn is(&self, encoding: &str) -> bool {
        self.name.eq_ignore_ascii_case(encoding)
    }
}

/// A codec that only one side named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RefusedCodec<'a> {
    /// Its name; empty where nobody says what the number means.
    pub name: &'a str,
    /// The RTP clock in Hz.
    pub clock_rate: Option<u32>,
    /// Its number.
    pub payload_type: u8,
    /// Who named it.
    pub named_by: Side,
    /// Why it cannot be used.
    pub reason: CodecRefusal,
}

/// Why a codec cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CodecRefusal {
    /// The other side does not name it.
    NotNamed,
    /// The other side names it only with parameters that make it another codec: a profile, a packetization.
    ParametersDiffer,
    /// What it retransmits or protects cannot be used, or is something else on the other side.
    RepairsOther,
}

impl CodecRefusal {
    /// All, in order.
    pub const ALL: &'static [Self] = &[Self::NotNamed, Self::ParametersDiffer, Self::RepairsOther];

    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotNamed => "not-named",
            Self::ParametersDiffer => "parameters-differ",
            Self::RepairsOther => "repairs-other",
        }
    }
}

/// The codecs of one m-line on both sides, and which belong together.
pub(super) struct Matching<'m, 'd, 'a> {
    offered: &'m [Codec<'d, 'a>],
    answered: &'m [Codec<'d, 'a>],
    /// For each offered codec whether it has a partner.
    taken: Vec<bool>,
    /// For each answered codec the place of the offered one.
    partners: Vec<Option<usize>>,
    /// For each offered payload type the answered one.
    numbers: [Option<u8>; 128],
}

/// What a codec says that it repairs.
enum Repairs {
    /// It stands for itself.
    Nothing,
    /// Of this payload type.
    Of(u8),
    /// It does not say of which.
    Unsaid,
}

fn is_red(codec: &Codec<'_, '_>) -> bool {
    codec.is("red")
}

fn is_rtx(codec: &Codec<'_, '_>) -> bool {
    codec.is("rtx")
}

fn repairs(codec: &Codec<'_, '_>) -> Repairs {
    let number = match codec.parameters() {
        CodecParameters::Rtx(rtx) => rtx.apt,
        CodecParameters::Red(red) => primary(&red),
        _ => return Repairs::Nothing,
    };
    number.map_or(Repairs::Unsaid, Repairs::Of)
}

fn primary(red: &Red<'_>) -> Option<u8> {
    red.payload_types().next()
}

impl<'m, 'd, 'a> Matching<'m, 'd, 'a> {
    pub(super) fn new(offered: &'m [Codec<'d, 'a>], answered: &'m [Codec<'d, 'a>]) -> Self {
        let mut matching = Self {
            offered,
            answered,
            taken: vec![false; offered.len()],
            partners: vec![None; answered.len()],
            numbers: [None; 128],
        };
        // RED is made of others, and RTX may repair RED, so each waits for what it is about.
        matching.pair(|codec| !is_red(codec) && !is_rtx(codec));
        matching.pair(is_red);
        matching.pair(is_rtx);
        matching
    }

    /// Pairs those that `take` chooses. The same number goes first: where a codec was offered twice, it says which is meant.
    fn pair(&mut self, take: impl Fn(&Codec<'_, '_>) -> bool) {
        for same_number in [true, false] {
            for (place, answered) in self.answered.iter().enumerate().filter(|(_, codec)| take(codec)) {
                if self.partners.get(place).is_some_and(Option::is_some) {
                    continue;
                }
                let fits = |(index, offered): &(usize, &Codec<'_, '_>)| {
                    (offered.payload_type == answered.payload_type) == same_number
                        && self.taken.get(*index) == Some(&false)
                        && same_codec(offered, answered)
                        && self.same_repair(offered, answered)
                };
                let Some((index, offered)) = self.offered.iter().enumerate().find(fits) else { continue };
                if let Some(slot) = self.numbers.get_mut(usize::from(offered.payload_type)) {
                    *slot = Some(answered.payload_type);
                }
                if let (Some(taken), Some(partner)) = (self.taken.get_mut(index), self.partners.get_mut(place)) {
                    (*taken, *partner) = (true, Some(index));
                }
            }
        }
    }

    /// Whether both repair the same codec. Where one does not say which, as RED in many answers, they may.
    fn same_repair(&self, offered: &Codec<'_, '_>, answered: &Codec<'_, '_>) -> bool {
        match (repairs(offered), repairs(answered)) {
            (Repairs::Of(offered), Repairs::Of(answered)) => {
                self.numbers.get(usize::from(offered)).copied().flatten() == Some(answered)
            }
            _ => true,
        }
    }

    /// The codecs of both, in the order of the answer.
    pub(super) fn agreed(&self, facts: Sides<&Facts<'a>>) -> Vec<AgreedCodec<'a>> {
        let pairs = self.answered.iter().zip(&self.partners);
        let pairs = pairs.filter_map(|(answered, partner)| Some((self.offered.get((*partner)?)?, answered)));
        pairs.map(|(offered, answered)| agreed(offered, answered, facts)).collect()
    }

    /// The codecs of one, the offered ones first.
    pub(super) fn refused(&self) -> Vec<RefusedCodec<'a>> {
        let offered = self.offered.iter().zip(&self.taken).filter(|(_, taken)| !**taken);
        let offered = offered.map(|(codec, _)| refused(codec, Side::Offerer, self.answered));
        let answered = self.answered.iter().zip(&self.partners).filter(|(_, partner)| partner.is_none());
        offered.chain(answered.map(|(codec, _)| refused(codec, Side::Answerer, self.offered))).collect()
    }
}

fn refused<'a>(codec: &Codec<'_, 'a>, named_by: Side, others: &[Codec<'_, 'a>]) -> RefusedCodec<'a> {
    let reason = if matches!(repairs(codec), Repairs::Of(_)) && others.iter().any(|other| same_name(codec, other)) {
        CodecRefusal::RepairsOther
    } else if others.iter().any(|other| same_name(codec, other) && !same_codec(codec, other)) {
        CodecRefusal::ParametersDiffer
    } else {
        CodecRefusal::NotNamed
    };
    let clock_rate = codec.rtpmap.map(|rtpmap| rtpmap.clock_rate);
    RefusedCodec { name: codec.name(), clock_rate, payload_type: codec.payload_type, named_by, reason }
}

fn agreed<'a>(offered: &Codec<'_, 'a>, answered: &Codec<'_, 'a>, facts: Sides<&Facts<'a>>) -> AgreedCodec<'a> {
    let rtpmap = offered.rtpmap.or(answered.rtpmap);
    let repairs = match (repairs(offered), repairs(answered)) {
        (Repairs::Of(offerer), Repairs::Of(answerer)) => Some(Sides { offerer, answerer }),
        _ => None,
    };
    let named = |codec: &Codec<'_, 'a>| codec.fmtp.map(|_| parameters(codec));
    AgreedCodec {
        name: rtpmap.map_or("", |rtpmap| rtpmap.encoding),
        clock_rate: rtpmap.map(|rtpmap| rtpmap.clock_rate),
        channels: rtpmap.and_then(|rtpmap| rtpmap.channels),
        payload_types: Sides { offerer: offered.payload_type, answerer: answered.payload_type },
        parameters: Sides { offerer: named(offered), answerer: named(answered) },
        feedback: feedback(offered.payload_type, answered.payload_type, facts),
        repairs,
    }
}

/// The feedback that both named for the codec, as the answer writes it (RFC 4585, section 4.2: the answer may only take
/// away).
fn feedback<'a>(offered: u8, answered: u8, facts: Sides<&Facts<'a>>) -> Vec<Feedback<'a>> {
    let of = |facts: &Facts<'a>, payload_type: u8| -> Vec<Feedback<'a>> {
        let all = facts.feedback.iter().filter(|feedback| feedback.applies_to(payload_type));
        let mut list: Vec<Feedback<'a>> = Vec::new();
        for found in all.map(|feedback| feedback.feedback) {
            if list.len() < MAX_FEEDBACK_OF_CODEC && !list.contains(&found) {
                list.push(found);
            }
        }
        list
    };
    let offered = of(facts.offerer, offered);
    let mut both = of(facts.answerer, answered);
    both.retain(|answered| offered.iter().any(|offered| same_feedback(offered, answered)));
    both
}

/// Whether both are the same kind; intervals and rates are each receiver's own.
fn same_feedback(one: &Feedback<'_>, other: &Feedback<'_>) -> bool {
    match (one, other) {
        (Feedback::TrrInt(_), Feedback::TrrInt(_))
        | (Feedback::CcmTmmbr { .. }, Feedback::CcmTmmbr { .. })
        | (Feedback::CcmVbcm { .. }, Feedback::CcmVbcm { .. }) => true,
        _ => one == other,
    }
}
