//! An offer and its answer in one run: each by itself, and then the two together.

use super::context::{Context, Role};
use super::engine::{Options, run, run_others};
use super::finding::{Finding, Text, in_order};
use super::pair::Pair;
use super::profile::{Detection, Profile};
use super::rule::Check;
use super::selection::Selection;
use crate::sdp::Document;
use crate::sdp::negotiate::Agreement;

/// Descriptions that belong together: an offer and its answer, and what is known besides.
///
/// ```
/// use rtcscope::lint::Pairing;
/// use rtcscope::sdp::Document;
///
/// let description = Document::parse(b"v=0\r\n");
/// let again = Pairing::new(&description, &description).after(&description, Some(&description));
/// assert!(again.previous().is_some());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Pairing<'d, 'a> {
    offer: &'d Document<'a>,
    answer: &'d Document<'a>,
    previous: Option<(&'d Document<'a>, Option<&'d Document<'a>>)>,
}

impl<'d, 'a> Pairing<'d, 'a> {
    /// An offer and its answer.
    #[must_use]
    pub const fn new(offer: &'d Document<'a>, answer: &'d Document<'a>) -> Self {
        Self { offer, answer, previous: None }
    }

    /// The same after a round of these two, whichever of the parties offered then.
    #[must_use]
    pub const fn after(self, previous_offer: &'d Document<'a>, previous_answer: Option<&'d Document<'a>>) -> Self {
        Self { previous: Some((previous_offer, previous_answer)), ..self }
    }

    /// The offer of the round before and its answer, where they are known.
    #[must_use]
    pub const fn previous(&self) -> Option<(&'d Document<'a>, Option<&'d Document<'a>>)> {
        self.previous
    }
}

/// What was found in an offer and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairReport<'a> {
    /// The profile that both were held to: the offer's.
    pub profile: Profile,
    /// How the profile was found out; `None` where it was said.
    pub detection: Option<Detection>,
    /// What the two agree on.
    pub agreement: Agreement<'a>,
    /// Everything that was found: of the offer by itself, and of the answer by itself and beside the offer, in the order of the
    /// texts.
    pub findings: Vec<Finding>,
}

/// Looks for every fault of an offer, of its answer, and between the two.
///
/// Who offers and who answers is known here, so the role of the options does not matter. One cause is told once: where a rule
/// about the two says what a rule about the answer alone says too, the former speaks, because it can point at the offer.
///
/// ```
/// use rtcscope::lint::{Options, Pairing, Text, check};
/// use rtcscope::sdp::Document;
///
/// let head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\n";
/// let (offer, answer) = (format!("{head}a=sendonly\r\n"), format!("{head}a=sendrecv\r\n"));
/// let (offer, answer) = (Document::parse(offer.as_bytes()), Document::parse(answer.as_bytes()));
/// let report = check(&Pairing::new(&offer, &answer), &Options::default());
/// let found = report.findings.iter().find(|finding| finding.rule.rule.name == "sdp-p-direction");
/// assert_eq!(found.map(|finding| finding.place.text), Some(Text::Answer));
/// ```
#[must_use]
pub fn check<'a>(pairing: &Pairing<'_, 'a>, options: &Options) -> PairReport<'a> {
    let offer = Context::new(pairing.offer, options.profile, Some(Role::Offer));
    let answer = Context::new(pairing.answer, Some(offer.profile), Some(Role::Answer));
    let pair = Pair::new(&offer, &answer, pairing.previous.is_some());
    let together = between(&pair, &options.selection);
    let mut findings = run(&offer, Text::Offer, &options.selection);
    findings.extend(without_told(run(&answer, Text::Answer, &options.selection), &together, &answer));
    findings.extend(together);
    in_order(&mut findings);
    PairReport { profile: offer.profile, detection: offer.detection, agreement: pair.agreement, findings }
}

/// What the rules about offer and answer find.
fn between(pair: &Pair<'_, '_, '_>, selection: &Selection) -> Vec<Finding> {
    run_others(pair.offer.profile, Text::Answer, selection, |check, found| {
        if let Check::Pair(check) = check {
            check(pair, found);
        }
    })
}

/// Rules about the two, and those about the answer alone that find the same cause in the same section.
const TOLD: &[(&str, &[&str])] = &[
    ("sdp-p-bundle-tag-rejected", &["sdp-bundle-tag-rejected"]),
    ("sdp-p-rtcp-mux-refused", &["sdp-bundle-without-rtcp-mux", "sdp-rtcp-mux-missing"]),
    ("sdp-p-fingerprint-missing", &["sdp-fingerprint-missing", "sdp-savp-without-keying"]),
    ("sdp-p-ice-missing", &["sdp-ice-ufrag-pwd-missing"]),
    ("sdp-p-extmap-id-4096", &["sdp-extmap-id-range", "sdp-extmap-id-needs-two-byte"]),
    ("sdp-p-simulcast-no-rid-extmap", &["sdp-simulcast-no-rid-extmap"]),
    ("sdp-p-proto-changed", &["sdp-m-proto-legacy", "sdp-m-proto-not-webrtc"]),
    ("sdp-p-data-proto", &["sdp-sctp-proto-legacy"]),
    ("sdp-p-leftover-attrs-of-dropped-pt", &["sdp-rtpmap-orphan", "sdp-fmtp-orphan", "sdp-rtcpfb-orphan"]),
];

/// The findings of the answer alone, without what `together` has told.
fn without_told(mut alone: Vec<Finding>, together: &[Finding], answer: &Context<'_, '_>) -> Vec<Finding> {
    let section = |offset: usize| answer.media.partition_point(|part| part.section.span().start <= offset);
    let mut told = std::collections::BTreeSet::new();
    for finding in together {
        let Some((_, names)) = TOLD.iter().find(|(name, _)| *name == finding.rule.rule.name) else { continue };
        let own = finding.labels.iter().map(|label| label.place).filter(|place| place.text == Text::Answer);
        for place in own.chain([finding.place]) {
            told.extend(names.iter().map(|name| (*name, section(place.span.start))));
        }
    }
    alone.retain(|finding| !told.contains(&(finding.rule.rule.name, section(finding.place.span.start))));
    alone
}
