//! A round of offer and answer after another one: who is who, and which m-lines go on.

use super::context::{Context, Part, Role};
use super::engine::{Options, run_others};
use super::finding::{Finding, Text};
use super::pair::Rounds;
use super::rule::Check;
use super::selection::Selection;
use crate::sdp::{Document, LineType, Origin, Value};

/// An offer and, where it is known, its answer.
///
/// ```
/// use rtcscope::lint::Round;
/// use rtcscope::sdp::Document;
///
/// let offer = Document::parse(b"v=0\r\n");
/// assert!(Round::new(&offer).answered(&offer).answer().is_some());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Round<'d, 'a> {
    offer: &'d Document<'a>,
    answer: Option<&'d Document<'a>>,
}

impl<'d, 'a> Round<'d, 'a> {
    /// An offer whose answer is not known, or has not come.
    #[must_use]
    pub const fn new(offer: &'d Document<'a>) -> Self {
        Self { offer, answer: None }
    }

    /// The same with its answer.
    #[must_use]
    pub const fn answered(self, answer: &'d Document<'a>) -> Self {
        Self { answer: Some(answer), ..self }
    }

    /// The offer.
    #[must_use]
    pub const fn offer(&self) -> &'d Document<'a> {
        self.offer
    }

    /// Its answer.
    #[must_use]
    pub const fn answer(&self) -> Option<&'d Document<'a>> {
        self.answer
    }
}

/// Looks for what a round of offer and answer may not do after the one before: only the rules about rounds.
///
/// Which party of the round before offers now is told by the `o=` lines, else by the certificates and credentials; where nothing
/// tells it, rules that need to know it are silent. Without the previous answer every m-line of the previous offer counts as
/// accepted.
///
/// ```
/// use rtcscope::lint::{Options, Round, check_rounds};
/// use rtcscope::sdp::Document;
///
/// let head = "v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\n";
/// let changed = format!("{head}a=sendonly\r\n");
/// let (before, now) = (Document::parse(head.as_bytes()), Document::parse(changed.as_bytes()));
/// let found = check_rounds(Round::new(&before), Round::new(&now), &Options::default());
/// let names: Vec<&str> = found.iter().map(|finding| finding.rule.rule.name).collect();
/// assert_eq!(names, ["sdp-r-version-not-bumped"]);
/// ```
#[must_use]
pub fn check_rounds(previous: Round<'_, '_>, current: Round<'_, '_>, options: &Options) -> Vec<Finding> {
    let offer = Context::new(current.offer, options.profile, Some(Role::Offer));
    let read = |document, role| Context::new(document, Some(offer.profile), Some(role));
    let previous_offer = read(previous.offer, Role::Offer);
    let previous_answer = previous.answer.map(|answer| read(answer, Role::Answer));
    let answer = current.answer.map(|answer| read(answer, Role::Answer));
    let rounds = Rounds {
        previous_offer: &previous_offer,
        previous_answer: previous_answer.as_ref(),
        offer: &offer,
        answer: answer.as_ref(),
    };
    self::rounds(&rounds, &options.selection)
}

/// What the rules about rounds find.
pub(super) fn rounds(rounds: &Rounds<'_, '_, '_>, selection: &Selection) -> Vec<Finding> {
    run_others(rounds.offer.profile, Text::Offer, selection, |check, found| {
        if let Check::Rounds(check) = check {
            check(rounds, found);
        }
    })
}

/// What one party said in the round before and says now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn<'c, 'd, 'a> {
    pub(super) before: &'c Context<'d, 'a>,
    pub(super) before_text: Text,
    /// What the other party said in the round before.
    pub(super) partner: Option<&'c Context<'d, 'a>>,
    pub(super) now: &'c Context<'d, 'a>,
    pub(super) now_text: Text,
}

/// An m-line that goes on from one round to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept<'c, 'd, 'a> {
    pub(super) before: &'c Part<'d, 'a>,
    pub(super) now: &'c Part<'d, 'a>,
    /// The same m-line as the other party had it in the round before.
    pub(super) partner: Option<&'c Part<'d, 'a>>,
}

impl<'c, 'd, 'a> Turn<'c, 'd, 'a> {
    /// The m-lines that were in use and go on: same place, same mid, refused by nobody.
    pub(super) fn kept(&self) -> impl Iterator<Item = Kept<'c, 'd, 'a>> + use<'c, 'd, 'a> {
        let partner = self.partner;
        self.before.media.iter().zip(&self.now.media).enumerate().filter_map(move |(index, (before, now))| {
            let partner = partner.and_then(|partner| partner.media.get(index));
            let refused = [Some(before), Some(now), partner].into_iter().flatten().any(|p| p.section.is_rejected());
            let kept = Kept { before, now, partner };
            (!refused && before.section.mid() == now.section.mid()).then_some(kept)
        })
    }
}

impl<'c, 'd, 'a> Rounds<'c, 'd, 'a> {
    /// What the offerer said before, where it can be told which of the two it was.
    pub(super) fn offerer(&self) -> Option<Turn<'c, 'd, 'a>> {
        let turn = |before, before_text, partner| Turn {
            before,
            before_text,
            partner,
            now: self.offer,
            now_text: Text::Offer,
        };
        let own = likeness(self.offer, self.previous_offer);
        let other = self.previous_answer.map_or(Likeness::default(), |answer| likeness(self.offer, answer));
        match own.cmp(&other) {
            std::cmp::Ordering::Greater => Some(turn(self.previous_offer, Text::PreviousOffer, self.previous_answer)),
            std::cmp::Ordering::Less => {
                self.previous_answer.map(|answer| turn(answer, Text::PreviousAnswer, Some(self.previous_offer)))
            }
            std::cmp::Ordering::Equal => None,
        }
    }

    /// What the answerer said before: it is whoever the offerer is not.
    pub(super) fn answerer(&self) -> Option<Turn<'c, 'd, 'a>> {
        let (offerer, now) = (self.offerer()?, self.answer?);
        let before = offerer.partner?;
        let before_text = match offerer.before_text {
            Text::PreviousOffer => Text::PreviousAnswer,
            _ => Text::PreviousOffer,
        };
        Some(Turn { before, before_text, partner: Some(offerer.before), now, now_text: Text::Answer })
    }

    /// Both parties, as far as they are known.
    pub(super) fn turns(&self) -> impl Iterator<Item = Turn<'c, 'd, 'a>> + use<'c, 'd, 'a> {
        self.offerer().into_iter().chain(self.answerer())
    }

    /// What the round before settled: its answer, else its offer, and which of them.
    pub(super) fn settled(&self) -> (&'c Context<'d, 'a>, Text) {
        let offer = (self.previous_offer, Text::PreviousOffer);
        self.previous_answer.map_or(offer, |answer| (answer, Text::PreviousAnswer))
    }

    /// Whether an m-line was stopped or refused in the round before, so that its place may be used again.
    pub(super) fn was_free(&self, index: usize) -> bool {
        let before = [Some(self.previous_offer), self.previous_answer];
        before.into_iter().flatten().filter_map(|c| c.media.get(index)).any(|part| part.section.is_rejected())
    }
}

/// By what two descriptions seem to be of one party; what counts most comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Likeness {
    session: bool,
    fingerprint: bool,
    credentials: bool,
    host: bool,
}

fn likeness(one: &Context<'_, '_>, other: &Context<'_, '_>) -> Likeness {
    let mut found = Likeness::default();
    if let (Some(one), Some(other)) = (origin(one), origin(other)) {
        found.session = (one.username, one.session_id) == (other.username, other.session_id);
        let host = |origin: Origin<'_>| (origin.address != "0.0.0.0" && origin.address != "127.0.0.1").then_some(());
        found.host = host(one).is_some() && one.address == other.address;
    }
    let first = |context: &Context<'_, '_>| {
        context.parts().find_map(|part| part.fingerprints.first().map(|at| at.value.hash.to_ascii_uppercase()))
    };
    found.fingerprint = first(one).is_some() && first(one) == first(other);
    let ufrag = |context: &Context<'_, '_>| {
        let ufrag = context.parts().find_map(|part| part.section.value::<crate::sdp::IceUfrag<'_>>());
        ufrag.map(|ufrag| ufrag.0.to_owned())
    };
    found.credentials = ufrag(one).is_some() && ufrag(one) == ufrag(other);
    found
}

/// The `o=` line of a description, where it makes sense.
pub(super) fn origin<'a>(context: &Context<'_, 'a>) -> Option<Origin<'a>> {
    context.session.section.lines_of(LineType::Origin).find_map(|line| match line.parse() {
        Ok(Value::Origin(origin)) => Some(origin),
        _ => None,
    })
}
