//! Mids and bundles of an answer beside those of its offer (RFC 5888, RFC 9143).

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Part, value_span, without};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::{Pair, line_of};
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::negotiate::{ContradictionKind, Refusal};
use crate::sdp::{Group, Key, Line, Mid};
use crate::text::{Edit, Span};

use super::pair_media::differs_in_kind;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-p-mid-changed",
            severity: Severity::Error,
            summary: "The answer gives an m-line another mid",
            what: "An answer names its m-lines as the offer does.",
            why: "Groups, candidates and packets are told apart by the mid; browsers refuse the answer.",
            advice: "Copy the a=mid of the offer. Two m-lines that were swapped show like this too.",
            source: "RFC 5888, section 9.1; RFC 9429, section 5.3.1; libwebrtc, sdp_offer_answer.cc (kMlineMismatchInAnswer); \
                Firefox, JsepSessionImpl (ValidateAnswer)",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::telephony("a=mid:«audio»").beside(Text::Offer, "a=mid:0"),
            Example::telephony("a=group:LS 1\nm=audio 49172 RTP/AVP 0\na=mid:«1»")
                .beside(Text::Offer, "a=group:LS 0\nm=audio 49170 RTP/AVP 0\na=mid:0"),
        ],
        valid: &[Example::media("a=mid:0").beside(Text::Offer, "a=mid:0")],
        check: Check::Pair(mid_changed),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-mid-added",
            severity: Severity::Info,
            summary: "The answer names an m-line that the offer does not name",
            what: "An answer has an a=mid where the offer has one, and nowhere else.",
            why: "The offerer knows no m-line by this name. Chrome and Firefox name m-lines of their own accord in such an answer, and \
                everybody passes over it.",
            advice: "Leave the a=mid out of the answer.",
            source: "RFC 9429, section 5.3.1",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN,
        fix: Some(Applicability::Safe),
        invalid: &[Example::telephony("a=mid:«0»").beside(Text::Offer, "a=ptime:20")],
        valid: &[Example::telephony("a=mid:0").beside(Text::Offer, "a=mid:0")],
        check: Check::Pair(mid_added),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-bundle-added",
            severity: Severity::Error,
            summary: "The answer bundles, and the offer does not",
            what: "An answer may bundle only what the offer bundles.",
            why: "The offerer has a transport for each m-line and may not know BUNDLE. Chrome refuses the answer, Firefox takes it.",
            advice: "Leave a=group:BUNDLE out of the answer. Where it was offered, look whether somebody took it out on the way.",
            source: "RFC 9143, section 7.3; libwebrtc, jsep_transport_controller.cc (\"A BUNDLE group was added in the answer\")",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::telephony("a=group:«BUNDLE 0»\nm=audio 49172 RTP/AVP 0\na=mid:0\na=rtcp-mux\na=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid")
            .beside(Text::Offer, "m=audio 49170 RTP/AVP 0\na=mid:0\na=rtcp-mux\na=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid")],
        valid: &[Example::media("a=mid:0").beside(Text::Offer, "a=mid:0")],
        check: Check::Pair(bundle_added),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-bundle-mid-not-offered",
            severity: Severity::Error,
            summary: "The answer bundles an m-line that the offer keeps apart",
            what: "Each bundle of an answer is a part of one bundle of the offer: an answer takes m-lines out, and moves none in.",
            why: "The offerer keeps a transport of its own for that m-line. Chrome refuses the answer, Firefox takes it.",
            advice: "Name only those mids that stand in the same a=group:BUNDLE of the offer.",
            source: "RFC 9143, section 7.3; libwebrtc, jsep_transport_controller.cc (\"A MID in the answer has changed group\")",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::telephony(
            "a=group:BUNDLE 0 «1»\nm=audio 49172 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 49172 RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )
        .beside(
            Text::Offer,
            "a=group:BUNDLE 0\nm=audio 49170 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 49174 RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )],
        valid: &[Example::telephony(
            "a=group:BUNDLE 0\nm=audio 49172 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 49176 RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )
        .beside(
            Text::Offer,
            "a=group:BUNDLE 0 1\nm=audio 49170 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 49174 RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )],
        check: Check::Pair(bundle_moved),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-bundle-tag-rejected",
            severity: Severity::Error,
            summary: "The answer refuses the first m-line of a bundle and keeps others in it",
            what: "The first m-line of a bundle carries the transport of all. One with port 0 has none, so it cannot be the first.",
            why: "The others have no transport; browsers refuse the answer.",
            advice: "Take the refused m-line out of a=group:BUNDLE in the answer, so that the next one is the first.",
            source: "RFC 9143, section 7.3; libwebrtc, jsep_transport_controller.cc",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[Example::telephony(
            "a=group:BUNDLE «0» 1\nm=audio 0 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 49172 RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )
        .beside(
            Text::Offer,
            "a=group:BUNDLE 0 1\nm=audio 49170 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 49174 RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )],
        valid: &[Example::telephony(
            "a=group:BUNDLE 1\nm=audio 0 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 49172 RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )
        .beside(
            Text::Offer,
            "a=group:BUNDLE 0 1\nm=audio 49170 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 49174 RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )],
        check: Check::Pair(tag_rejected),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-bundle-only-unbundled",
            severity: Severity::Error,
            summary: "The answer accepts an m-line outside the bundle that was offered for the bundle only",
            what: "An m-line with a=bundle-only has no transport of its own. The answer bundles it or refuses it with port 0.",
            why: "The offerer listens on no port for it, so that it stays without media.",
            advice: "Put its mid into a=group:BUNDLE of the answer, or give it port 0.",
            source: "RFC 9143, section 6 and section 7.3",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::telephony(
            "a=group:BUNDLE 0\nm=audio 49172 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio «49176» RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )
        .beside(
            Text::Offer,
            "a=group:BUNDLE 0 1\nm=audio 49170 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 0 RTP/AVP 8\na=mid:1\na=bundle-only\na=rtcp-mux",
        )],
        valid: &[Example::telephony(
            "a=group:BUNDLE 0\nm=audio 49172 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 0 RTP/AVP 8\na=mid:1\na=rtcp-mux",
        )
        .beside(
            Text::Offer,
            "a=group:BUNDLE 0 1\nm=audio 49170 RTP/AVP 0\na=mid:0\na=rtcp-mux\nm=audio 0 RTP/AVP 8\na=mid:1\na=bundle-only\na=rtcp-mux",
        )],
        check: Check::Pair(bundle_only),
    },
];

/// The first mid of each m-line of an answer, and where the groups name them; made once, for the fixes.
struct Names<'a> {
    uses: BTreeMap<&'a str, usize>,
    grouped: BTreeMap<Vec<u8>, Vec<Span>>,
}

impl<'a> Names<'a> {
    fn new(context: &Context<'_, 'a>) -> Self {
        let mut names = Self { uses: BTreeMap::new(), grouped: BTreeMap::new() };
        for mid in context.media.iter().filter_map(|part| part.section.mid()) {
            *names.uses.entry(mid).or_default() += 1;
        }
        for line in context.session.section.attribute_lines(Key::Group) {
            for word in line.words().skip(1) {
                names.grouped.entry(word.value.to_vec()).or_default().push(word.span);
            }
        }
        names
    }
}

fn mid_changed(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let mut names = None;
    for both in pair.contradicted(ContradictionKind::MidDiffers).filter(|both| !differs_in_kind(both)) {
        let (Some(offered), Some(answered)) = (both.offer.section.mid(), both.answer.section.mid()) else { continue };
        let names = names.get_or_insert_with(|| Names::new(pair.answer));
        // A name that stands twice is a fault of the answer alone.
        if names.uses.get(answered) != Some(&1) {
            continue;
        }
        let own = pair.answer.span(answered);
        let message = format!("m-line {} is {answered} here, but {offered} in the offer", both.agreed.index);
        let finding = found.at(own, message).label(Text::Offer, pair.offer.span(offered), "what was offered");
        // Where the name is another m-line's, it is not known who is meant.
        if !names.uses.contains_key(offered) {
            let grouped = names.grouped.get(answered.as_bytes()).into_iter().flatten().copied();
            let edits = grouped.chain([own]).map(|span| Edit::replace(span, offered)).collect();
            finding.unsafe_fix("name it as the offer does", edits);
        }
    }
}

fn mid_added(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let mut names = None;
    for both in pair.contradicted(ContradictionKind::MidDiffers).filter(|both| !differs_in_kind(both)) {
        let Some((line, Mid(mid))) = both.answer.section.lines_with::<Mid<'_>>().next() else { continue };
        if both.offer.section.mid().is_some() {
            continue;
        }
        let message = format!("m-line {} is named {mid}, but the offer does not name it", both.agreed.index);
        let finding = found.at(pair.answer.span(mid), message);
        finding.label(Text::Offer, both.offer.head(), "offered without a=mid");
        let names = names.get_or_insert_with(|| Names::new(pair.answer));
        if !names.grouped.contains_key(mid.as_bytes()) {
            finding.fix("leave the a=mid out", vec![without(line)]);
        }
    }
}

/// A mid that a bundle names: where it stands, and its m-line where there is one.
struct Member<'a> {
    span: Span,
    name: &'a [u8],
    index: Option<usize>,
}

/// The bundles of a description that name anything, each with its line.
fn bundles<'d, 'a>(context: &Context<'d, 'a>) -> Vec<(&'d Line<'a>, Vec<Member<'a>>)> {
    let mut places: BTreeMap<&[u8], usize> = BTreeMap::new();
    for (index, part) in context.media.iter().enumerate() {
        part.section.mid().map(|mid| places.entry(mid.as_bytes()).or_insert(index));
    }
    let groups = context.session.section.lines_with::<Group<'_>>().filter(|(_, group)| group.semantics == "BUNDLE");
    let members = |line: &'d Line<'a>| {
        line.words()
            .skip(1)
            .map(|word| Member { span: word.span, name: word.value, index: places.get(word.value).copied() })
            .collect()
    };
    groups
        .map(|(line, _)| (line, members(line)))
        .filter(|(_, members): &(_, Vec<Member<'_>>)| !members.is_empty())
        .collect()
}

/// For each m-line that the offer bundles the number of its bundle.
fn numbers(bundles: &[(&Line<'_>, Vec<Member<'_>>)]) -> BTreeMap<usize, usize> {
    let mut numbers = BTreeMap::new();
    for (number, (_, members)) in bundles.iter().enumerate() {
        for index in members.iter().filter_map(|member| member.index) {
            numbers.entry(index).or_insert(number);
        }
    }
    numbers
}

fn bundle_added(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    if !bundles(pair.offer).is_empty() {
        return;
    }
    let other = pair.offer.session.head();
    for (line, _) in bundles(pair.answer) {
        found
            .at(value_span(line), "the answer bundles, but the offer has no a=group:BUNDLE")
            .label(Text::Offer, other, "offered without a bundle")
            .unsafe_fix("leave the bundle out", vec![without(line)]);
    }
}

fn bundle_moved(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let offered = bundles(pair.offer);
    if offered.is_empty() {
        return;
    }
    let numbers = numbers(&offered);
    // A mid that names no m-line of the offer is a fault of the offer.
    let named: BTreeSet<&[u8]> =
        offered.iter().flat_map(|(line, _)| line.words().skip(1)).map(|word| word.value).collect();
    let line = |number: usize| offered.get(number).map(|(line, _)| value_span(line));
    let mut taken = BTreeSet::new();
    for (_, members) in bundles(pair.answer) {
        let known = |member: &Member<'_>| numbers.get(&member.index?).copied();
        let own = members.iter().find_map(known);
        let split = own.is_some_and(|number| !taken.insert(number));
        let mut end = None;
        for member in &members {
            let before = end.replace(member.span.end);
            let Some(part) = member.index.and_then(|index| pair.answer.media.get(index)) else { continue };
            let number = known(member);
            if number.is_none() && named.contains(member.name) {
                continue;
            }
            let (what, other, label) = if number.is_none() {
                let offered = member.index.and_then(|index| pair.offer.media.get(index));
                let Some(offered) = offered.map(Part::head) else { continue };
                ("the offer does not bundle it", offered, "offered apart")
            } else if number != own {
                let other = number.and_then(line).unwrap_or_default();
                ("the offer bundles it with others", other, "its bundle in the offer")
            } else if split {
                let other = number.and_then(line).unwrap_or_default();
                ("its bundle in the offer has become two", other, "one bundle in the offer")
            } else {
                continue;
            };
            let finding = found.at(member.span, format!("{} is bundled here, but {what}", part.name()));
            finding.label(Text::Offer, other, label);
            if let Some(before) = before.filter(|_| number.is_none()) {
                finding.unsafe_fix("take it out of the bundle", vec![Edit::delete(Span::new(before, member.span.end))]);
            }
        }
    }
}

fn tag_rejected(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for (_, members) in bundles(pair.answer) {
        let ports = |member: &Member<'_>| pair.answer.media.get(member.index?)?.media.map(|media| media.port);
        let Some(tag) = members.iter().find(|member| member.index.is_some()) else { continue };
        let others = members.iter().filter(|member| ports(member).is_some_and(|port| port != 0)).count();
        if ports(tag) != Some(0) || others == 0 {
            continue;
        }
        let (Some(own), Some(offered)) = (
            tag.index.and_then(|index| pair.answer.media.get(index)),
            tag.index.and_then(|index| pair.offer.media.get(index)),
        ) else {
            continue;
        };
        let message = format!("{} is the first of its bundle and is refused, but {others} others are kept", own.name());
        found.at(tag.span, message).label(Text::Answer, own.port(), "refused here").label(
            Text::Offer,
            offered.head(),
            "offered here",
        );
    }
}

fn bundle_only(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.lines().filter(|both| both.agreed.refusal() == Some(Refusal::NotBundled)) {
        if both.answer.media.is_none_or(|media| media.port == 0) {
            continue;
        }
        let other = line_of(pair.offer, both.offer, Key::BundleOnly).map_or(both.offer.head(), Line::span);
        let message = format!("{} is accepted, but not in the bundle that it was offered for only", both.answer.name());
        found.at(both.answer.port(), message).label(Text::Offer, other, "for the bundle only");
    }
}
