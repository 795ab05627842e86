//! The RTP header extensions of an answer beside those of its offer (RFC 8285, section 6).

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{At, Context, Part, without, word_span};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::{Both, Pair, line_of};
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::negotiate::{AgreedExtension, ContradictionKind};
use crate::sdp::{Direction, Extmap, Key, Line};
use crate::text::{Edit, Span};

/// Ids from here on ask for one, so an answer has another.
const FIRST_ASKING_ID: u32 = 4096;

/// So many lines of the session level are looked at for each m-line again, as in an agreement: real ones have none.
const SESSION: usize = 64;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-p-extmap-added",
            severity: Severity::Error,
            summary: "The answer adds a header extension that was not offered",
            what: "RFC 8285 has an answer take header extensions from the offer. RFC 9429 lets a browser take an answer that has more \
                and not use them.",
            why: "Firefox refuses the answer, Chrome does not: it works until the other browser calls.",
            advice: "Leave the a=extmap out of the answer, whatever RFC 9429 permits.",
            source: "RFC 8285, section 6; RFC 9429, section 5.11 (permits it); Firefox, JsepSessionImpl (ValidateAnswer)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:1 «urn:ietf:params:rtp-hdrext:ssrc-audio-level»",
        )
        .beside(Text::Offer, "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid")],
        valid: &[Example::media("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid").beside(
            Text::Offer,
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        )],
        check: Check::Pair(added),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-extmap-id-changed",
            severity: Severity::Error,
            summary: "The answer gives a header extension another id",
            what: "An answer repeats the id that was offered for an extension.",
            why: "Each side writes one id and reads another, so that the extension is lost or taken for a different one. Firefox \
                refuses the answer, Chrome does not.",
            advice: "Copy the id of the offer.",
            source: "RFC 8285, section 6; Firefox, JsepSessionImpl (ValidateAnswer)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=extmap:«5» urn:ietf:params:rtp-hdrext:sdes:mid")
            .beside(Text::Offer, "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid")],
        valid: &[Example::media("a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:mid")
            .beside(Text::Offer, "a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:mid")],
        check: Check::Pair(id_changed),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-extmap-id-4096",
            severity: Severity::Error,
            summary: "The answer keeps an id that only asks for one",
            what: "An offer with more extensions than ids uses 4096 and above; the answer gives each that it accepts an id that can be \
                sent.",
            why: "No packet can carry such an id. Browsers refuse the answer.",
            advice: "Answer with an id between 1 and 14 that is free.",
            source: "RFC 8285, section 6; Firefox, JsepSessionImpl (ValidateAnswer, \"Answer used an invalid id\")",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:«4096» urn:ietf:params:rtp-hdrext:toffset",
        )
        .beside(
            Text::Offer,
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:4096 urn:ietf:params:rtp-hdrext:toffset",
        )],
        valid: &[Example::media(
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:1 urn:ietf:params:rtp-hdrext:toffset",
        )
        .beside(
            Text::Offer,
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:4096 urn:ietf:params:rtp-hdrext:toffset",
        )],
        check: Check::Pair(asking_id),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-extmap-direction",
            severity: Severity::Warning,
            summary: "The direction of a header extension does not fit the offer",
            what: "To an extension that was offered `sendonly` an answer says `recvonly` or `inactive`, and so on, as for an m-line.",
            why: "Read strictly, nobody sends the extension. Chrome never looks at the direction, Firefox warns.",
            advice: "Turn the direction around, or leave it out where both sides send.",
            source: "RFC 8285, section 6; Firefox, JsepSessionImpl (ValidateAnswer)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("a=extmap:«4/sendonly» urn:ietf:params:rtp-hdrext:sdes:mid")
            .beside(Text::Offer, "a=extmap:4/sendonly urn:ietf:params:rtp-hdrext:sdes:mid")],
        valid: &[Example::media("a=extmap:4/recvonly urn:ietf:params:rtp-hdrext:sdes:mid")
            .beside(Text::Offer, "a=extmap:4/sendonly urn:ietf:params:rtp-hdrext:sdes:mid")],
        check: Check::Pair(direction),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-allow-mixed-added",
            severity: Severity::Warning,
            summary: "The answer allows mixed header extensions, and the offer does not",
            what: "a=extmap-allow-mixed in an answer accepts what was offered; without an offer of it there is nothing to accept.",
            why: "The offerer may not read a stream with both forms of header extensions, so that extensions or packets are lost.",
            advice: "Leave the line out.",
            source: "RFC 8285, section 6",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::telephony("m=audio 49172 RTP/AVP 0\n«a=extmap-allow-mixed»").beside(Text::Offer, "a=sendrecv")
        ],
        valid: &[Example::media("a=mid:0").beside(Text::Offer, "a=mid:0")],
        check: Check::Pair(mixed),
    },
];

/// The extensions that hold for a section: its own, then those of the session level.
fn all<'p, 'd, 'a>(
    context: &'p Context<'d, 'a>,
    part: &'p Part<'d, 'a>,
) -> impl Iterator<Item = &'p At<'d, 'a, Extmap<'a>>> {
    part.extmaps.iter().chain(context.session.extmaps.iter().take(SESSION))
}

/// What an extension is: its URI, and the inner one where it is encrypted (RFC 6904).
fn name<'a>(extension: &Extmap<'a>) -> (&'a str, &'a str) {
    let inner = if extension.uri.ends_with(":encrypt") { extension.attributes } else { "" };
    (extension.uri, inner)
}

/// Where the id of the line stands, and where the id with its direction.
fn id_spans(line: &Line<'_>, extension: &Extmap<'_>) -> (Span, Span) {
    let word = word_span(line, 0);
    let direction = extension.direction.map_or(0, |direction| direction.name().len() + 1);
    (Span::new(word.start, word.end.saturating_sub(direction)), word)
}

/// The lines of the answer by what they give, so that each extension that was agreed on is found at once.
fn answered<'p, 'd, 'a>(
    pair: &'p Pair<'_, 'd, 'a>,
    both: &Both<'p, 'd, 'a>,
) -> BTreeMap<(&'a str, u32), &'p At<'d, 'a, Extmap<'a>>> {
    let mut found = BTreeMap::new();
    for at in all(pair.answer, both.answer) {
        found.entry((at.value.uri, at.value.id)).or_insert(at);
    }
    found
}

fn offered<'p, 'd, 'a>(
    pair: &'p Pair<'_, 'd, 'a>,
    both: &Both<'p, 'd, 'a>,
) -> BTreeMap<(&'a str, u32), &'p At<'d, 'a, Extmap<'a>>> {
    let mut found = BTreeMap::new();
    for at in all(pair.offer, both.offer) {
        found.entry((at.value.uri, at.value.id)).or_insert(at);
    }
    found
}

fn added(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let mut told = BTreeSet::new();
    for both in pair.contradicted(ContradictionKind::ExtensionNotOffered) {
        let offered: BTreeSet<_> = all(pair.offer, both.offer).map(|at| name(&at.value)).collect();
        for at in all(pair.answer, both.answer).filter(|at| !offered.contains(&name(&at.value))) {
            // One of the session level is told once, whichever m-lines it is too much for.
            if told.insert(at.line.span().start) {
                let message = format!("header extension {} was not offered in {}", at.value.id, both.answer.name());
                found
                    .at(pair.answer.span(at.value.uri), message)
                    .label(Text::Offer, both.offer.head(), "offered without it")
                    .unsafe_fix("leave it out", vec![without(at.line)]);
            }
        }
    }
}

fn id_changed(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let mut told = BTreeSet::new();
    for both in pair.contradicted(ContradictionKind::ExtensionIdDiffers) {
        let (answered, offered) = (answered(pair, &both), offered(pair, &both));
        let used: BTreeSet<u32> = answered.keys().map(|(_, id)| *id).collect();
        for extension in both.agreed.extensions.iter().filter(|extension| extension.id < FIRST_ASKING_ID) {
            let id = extension.offered_id.filter(|id| *id < FIRST_ASKING_ID);
            let (Some(id), Some(at)) = (id, answered.get(&(extension.uri, extension.id))) else { continue };
            if !told.insert(at.line.span().start) {
                continue;
            }
            let (own, _) = id_spans(at.line, &at.value);
            let message = format!("{} is {} here, but {id} in the offer", extension.uri, extension.id);
            let finding = found.at(own, message);
            let other =
                offered.get(&(extension.uri, id)).map_or(both.offer.head(), |at| id_spans(at.line, &at.value).0);
            finding.label(Text::Offer, other, "what was offered");
            if !used.contains(&id) {
                finding.unsafe_fix("use the id of the offer", vec![Edit::replace(own, id.to_string())]);
            }
        }
    }
}

fn asking_id(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let asks = |extension: &AgreedExtension<'_>| extension.id >= FIRST_ASKING_ID;
    let mut told = BTreeSet::new();
    let mut free: Option<Free<'_>> = None;
    for both in pair.agreed().filter(|both| both.agreed.extensions.iter().any(asks)) {
        let (answered, offered) = (answered(pair, &both), offered(pair, &both));
        for extension in both.agreed.extensions.iter().filter(|extension| asks(extension)) {
            let Some(at) = answered.get(&(extension.uri, extension.id)) else { continue };
            if !told.insert(at.line.span().start) {
                continue;
            }
            let (own, _) = id_spans(at.line, &at.value);
            let finding = found.at(own, format!("{} asks for an id, and the answer gives none", extension.id));
            let id = extension.offered_id.unwrap_or(extension.id);
            let other =
                offered.get(&(extension.uri, id)).map_or(both.offer.head(), |at| id_spans(at.line, &at.value).0);
            finding.label(Text::Offer, other, "what was offered");
            let free = free.get_or_insert_with(|| Free::new(pair));
            if let Some(id) = free.of(extension.uri) {
                finding.unsafe_fix(format!("use the free id {id}"), vec![Edit::replace(own, id.to_string())]);
            }
        }
    }
}

/// Ids that neither description uses, each given to one URI.
struct Free<'a> {
    ids: std::vec::IntoIter<u32>,
    given: BTreeMap<&'a str, u32>,
}

impl<'a> Free<'a> {
    fn new(pair: &Pair<'_, '_, 'a>) -> Self {
        let parts = pair.offer.parts().chain(pair.answer.parts());
        let used: BTreeSet<u32> = parts.flat_map(|part| part.extmaps.iter().map(|at| at.value.id)).collect();
        let ids: Vec<u32> = (1..=14).filter(|id| !used.contains(id)).collect();
        Self { ids: ids.into_iter(), given: BTreeMap::new() }
    }

    fn of(&mut self, uri: &'a str) -> Option<u32> {
        if let Some(id) = self.given.get(uri) {
            return Some(*id);
        }
        let id = self.ids.next()?;
        self.given.insert(uri, id);
        Some(id)
    }
}

fn direction(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let mut told = BTreeSet::new();
    for both in pair.agreed().filter(|both| !both.agreed.extensions.is_empty()) {
        let (answered, offered) = (answered(pair, &both), offered(pair, &both));
        for extension in &both.agreed.extensions {
            let Some(at) = answered.get(&(extension.uri, extension.id)) else { continue };
            let own = at.value.direction.unwrap_or(Direction::SendRecv);
            let agreed = extension.directions.answerer;
            if own == agreed || !told.insert(at.line.span().start) {
                continue;
            }
            let (id, place) = id_spans(at.line, &at.value);
            let offer = offered.get(&(extension.uri, extension.offered_id.unwrap_or(extension.id)));
            let said = offer.and_then(|at| at.value.direction).unwrap_or(Direction::SendRecv);
            let other = offer.map_or(both.offer.head(), |at| word_span(at.line, 0));
            let message = format!("header extension {} is {own}, but was offered {said}", extension.id);
            let finding = found.at(place, message).label(Text::Offer, other, "what was offered");
            // Browsers leave the direction out of every answer.
            if at.value.direction.is_none() {
                finding.severity(Severity::Info);
            }
            let turned = Edit::replace(Span::new(id.end, place.end), format!("/{agreed}"));
            finding.fix("turn the direction around", vec![turned]);
        }
    }
}

fn mixed(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let key = Key::ExtmapAllowMixed;
    if pair.offer.session.section.has(key) {
        return;
    }
    let mut told = BTreeSet::new();
    for both in pair.agreed().filter(|both| both.offer.is_rtp() && !both.offer.section.has(key)) {
        let Some(line) = line_of(pair.answer, both.answer, key) else { continue };
        if told.insert(line.span().start) {
            let message = format!("mixed header extensions are allowed, but not in the offer of {}", both.offer.name());
            let other = both.offer.head();
            let finding = found.at(line.span(), message).label(Text::Offer, other, "offered without it");
            // One of the session level may be right for other m-lines.
            if both.answer.section.span().start <= line.span().start || pair.offer.media.len() == 1 {
                finding.fix("leave it out", vec![without(line)]);
            }
        }
    }
}
