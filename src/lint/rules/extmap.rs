//! `a=extmap`: the ids of RTP header extensions.

use std::collections::BTreeMap;

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::{Finding, Findings};
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Extmap, Key};
use crate::text::{Edit, Span};

/// The extension by which a packet says which m-line it is of.
pub(super) const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";

/// The extension by which a packet says which layer it is of.
pub(super) const RID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

/// The extension that encrypts another one.
pub(super) const ENCRYPT: &str = "urn:ietf:params:rtp-hdrext:encrypt";

/// Ids from here on ask for a real one (RFC 8285, section 6).
const ASKS: u32 = 4096;

/// How many lines a fix that writes lines into every m-line may write.
const COPIES: usize = 1024;

const BOTH_LEVELS: Verdicts = Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-direction",
            severity: Severity::Error,
            summary: "The direction of an a=extmap is no direction",
            what: "Behind the id and a slash stands sendrecv, sendonly, recvonly or inactive.",
            why: "Browsers do not read it and take the extension in both directions without a word.",
            advice: "Correct the word, or leave it out with its slash.",
            source: "RFC 8285, section 8; libwebrtc, webrtc_sdp.cc (ParseExtmap)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=extmap:2/«blorg» urn:ietf:params:rtp-hdrext:toffset")],
        valid: &[Example::media("a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:toffset")],
        check: Check::Misread(direction),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-syntax",
            severity: Severity::Error,
            summary: "An a=extmap is not an id and a URI",
            what: "The line is a=extmap:, a number, perhaps a slash and a direction, one space and the URI of the extension.",
            why: "libwebrtc refuses the description, Firefox passes over the line.",
            advice: "Write a=extmap:<id> <URI>.",
            source: "RFC 8285, section 8; libwebrtc, webrtc_sdp.cc (ParseExtmap)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=extmap:«bad» urn:x"), Example::media("a=extmap:9«»")],
        valid: &[Example::media("a=extmap:9 urn:x")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-id-range",
            severity: Severity::Error,
            summary: "The id of an a=extmap is out of range",
            what: "Ids are 1 to 14 in the one-byte form and to 255 in the two-byte form; 4096 to 4351 ask the peer for one.",
            why: "An id of 0 is padding, and greater ones do not fit a packet: browsers refuse the description. They do not know \
                the ids that ask either.",
            advice: "Use ids from 1 to 14.",
            source: "RFC 8285, sections 4 to 6; libwebrtc, webrtc_sdp.cc (Extension ID is not in valid range)",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=extmap:«0» urn:x"), Example::media("a=extmap:«256» urn:x")],
        valid: &[Example::media("a=extmap:14 urn:x")],
        check: Check::Description(id_range),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-id-15",
            severity: Severity::Warning,
            summary: "An a=extmap has the id 15",
            what: "In the one-byte form 15 is reserved, so that the extension needs the two-byte form.",
            why: "Firefox refuses the description; who reads the one-byte form stops at this id.",
            advice: "Use an id from 1 to 14.",
            source: "RFC 8285, section 4.2; Firefox, JsepSessionImpl (ParseSdp)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=extmap:«15» urn:x")],
        valid: &[Example::media("a=extmap:14 urn:x")],
        check: Check::Description(id_15),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-id-needs-two-byte",
            severity: Severity::Warning,
            summary: "The id of an a=extmap is greater than 14",
            what: "Ids from 16 on exist in the two-byte form only, which not everybody reads; a=extmap-allow-mixed says who does.",
            why: "Firefox refuses the description, with a=extmap-allow-mixed too.",
            advice: "Use ids from 1 to 14 while some are free.",
            source: "RFC 8285, section 4.3 and section 6; Firefox, JsepSessionImpl (ParseSdp)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=extmap:«20» urn:x")],
        valid: &[Example::media("a=extmap:14 urn:x")],
        check: Check::Description(two_byte),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-duplicate-id",
            severity: Severity::Error,
            summary: "Two a=extmap of one m-line have the same id",
            what: "An id has one meaning in an m-line.",
            why: "Firefox refuses the description, libwebrtc too where the m-line is bundled.",
            advice: "Give each extension an id of its own.",
            source: "RFC 8285, section 5; Firefox, JsepSessionImpl (ParseSdp)",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media(
                "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:«3» urn:ietf:params:rtp-hdrext:toffset",
            ),
            Example::media(
                "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:«3» urn:ietf:params:rtp-hdrext:sdes:mid",
            ),
        ],
        valid: &[Example::media(
            "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:4 urn:ietf:params:rtp-hdrext:toffset",
        )],
        check: Check::Description(duplicate_id),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-duplicate-uri",
            severity: Severity::Warning,
            summary: "One m-line has a header extension twice",
            what: "Two a=extmap of one m-line name the same extension with different ids.",
            why: "A sender uses one of them; Firefox cannot apply its own answer to such an offer.",
            advice: "Keep the id that the other m-lines of the bundle use.",
            source: "RFC 8285, section 5",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:4 «urn:ietf:params:rtp-hdrext:sdes:mid»",
        )],
        valid: &[Example::media("a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid")],
        check: Check::Description(duplicate_uri),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-both-levels",
            severity: Severity::Error,
            summary: "a=extmap stands at session level and in m-lines",
            what: "Header extensions are all declared at session level or all in m-lines.",
            why: "libwebrtc refuses the description.",
            advice: "Write them in every m-line.",
            source: "RFC 8285, section 5; libwebrtc, webrtc_sdp.cc (MUST be either all session level or all media level)",
        },
        profiles: &[],
        verdicts: BOTH_LEVELS,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::session("«a=extmap:9 urn:ietf:params:rtp-hdrext:toffset»")],
        valid: &[Example::media("a=extmap:9 urn:ietf:params:rtp-hdrext:toffset")],
        check: Check::Description(both_levels),
    },
];

/// What a message calls an extension: the last part of its URI.
pub(super) fn name_of(uri: &str) -> &str {
    uri.rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or(uri)
}

fn direction(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_of(Key::Extmap) && fault.field() == "direction";
    if own {
        found.at(fault.error.span, format!("`{}` is no direction", fault.error.found.escape_debug()));
    }
    own
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Extmap) || !matches!(fault.field(), "extension id" | "extension URI") {
        return false;
    }
    let message = match &*fault.error.found {
        "" => format!("this a=extmap has no {}", fault.field()),
        text => format!("`{}` is not the id of a header extension", text.escape_debug()),
    };
    found.at(fault.error.span, message);
    true
}

/// Where the id of an a=extmap stands.
fn id_span(line: &crate::sdp::Line<'_>, extmap: &Extmap<'_>) -> Span {
    let start = line.span().end - line.attribute_value().map_or(0, <[u8]>::len);
    let digits = line.attribute_value().unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
    Span::new(start, start + digits.max(usize::from(extmap.id == 0)))
}

/// The free ids that extensions whose own does not do get, each the same everywhere.
fn replacements<'a>(context: &Context<'_, 'a>) -> BTreeMap<&'a str, u32> {
    let mut free = context.free_extension_ids();
    let mut chosen = BTreeMap::new();
    for at in context.parts().flat_map(|part| &part.extmaps) {
        let fits = matches!(at.value.id, 1..=14 | ASKS..);
        if !fits && !chosen.contains_key(at.value.uri) {
            match free.pop() {
                Some(id) => chosen.insert(at.value.uri, id),
                None => break,
            };
        }
    }
    chosen
}

/// Reports every id that `wrong` says something about, and renumbers while ids are free.
fn ids(
    context: &Context<'_, '_>,
    found: &mut Findings,
    wrong: impl Fn(u32) -> Option<&'static str>,
    more: impl Fn(u32, &mut Finding),
) {
    let mut all = context.parts().flat_map(|part| &part.extmaps).filter(|at| wrong(at.value.id).is_some()).peekable();
    if all.peek().is_none() {
        return;
    }
    let replacements = replacements(context);
    for at in all {
        let Some(message) = wrong(at.value.id) else { continue };
        let span = id_span(at.line, &at.value);
        let finding = found.at(span, format!("id {} of {} {message}", at.value.id, name_of(at.value.uri)));
        more(at.value.id, finding);
        if let Some(id) = replacements.get(at.value.uri) {
            finding.unsafe_fix(format!("use id {id}"), vec![Edit::replace(span, id.to_string())]);
        }
    }
}

fn id_range(context: &Context<'_, '_>, found: &mut Findings) {
    let wrong = |id| match id {
        0 => Some("is padding in a packet"),
        256..4096 | 4352.. => Some("does not fit a packet"),
        ASKS..4352 => Some("asks the peer for one, which browsers refuse"),
        _ => None,
    };
    ids(context, found, wrong, |id, finding| {
        if (ASKS..4352).contains(&id) {
            finding.severity(Severity::Warning).verdicts(Verdicts::REJECTED.rfc(Verdict::Accepts));
        }
    });
}

fn id_15(context: &Context<'_, '_>, found: &mut Findings) {
    ids(context, found, |id| (id == 15).then_some("is reserved in the one-byte form"), |_, _| {});
}

fn two_byte(context: &Context<'_, '_>, found: &mut Findings) {
    let level = |key| context.parts().any(|part| part.section.has(key));
    let mixed = level(Key::ExtmapAllowMixed);
    ids(
        context,
        found,
        |id| (16..256).contains(&id).then_some("needs the two-byte form"),
        |_, finding| {
            if mixed {
                finding.severity(Severity::Info);
            }
        },
    );
}

fn duplicate_id(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.parts() {
        let mut first: BTreeMap<u32, (Extmap<'_>, Span)> = BTreeMap::new();
        // Above, alternatives that ask for an id share one.
        for at in part.extmaps.iter().filter(|at| at.value.id < ASKS) {
            let span = id_span(at.line, &at.value);
            let (known, place) = *first.entry(at.value.id).or_insert((at.value, span));
            if place == span {
                continue;
            }
            let message = format!("id {} is {} already", at.value.id, name_of(known.uri));
            let finding = found.at(span, message);
            finding.also(place, "here");
            if known == at.value {
                finding.unsafe_fix("take the line out, which says the same", vec![without(at.line)]);
            }
        }
    }
}

fn duplicate_uri(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.parts() {
        let mut first: BTreeMap<(&str, &str), (u32, Span)> = BTreeMap::new();
        for at in part.extmaps.iter().filter(|at| at.value.direction.is_none()) {
            let inner = if at.value.uri == ENCRYPT { at.value.attributes } else { "" };
            let span = context.span(at.value.uri);
            let (id, place) = *first.entry((at.value.uri, inner)).or_insert((at.value.id, span));
            if id != at.value.id {
                let message = format!("{} has the ids {id} and {}", name_of(at.value.uri), at.value.id);
                found
                    .at(span, message)
                    .also(place, "the first id")
                    .unsafe_fix(format!("keep id {id}"), vec![without(at.line)]);
            }
        }
    }
}

/// Said once, at the first line of the session level.
fn both_levels(context: &Context<'_, '_>, found: &mut Findings) {
    let above = &context.session.extmaps;
    let below = context.media.iter().flat_map(|part| &part.extmaps).next();
    let (Some(first), Some(below)) = (above.first(), below) else { return };
    let finding = found.at(first.line.span(), "m-lines have header extensions of their own");
    finding.also(below.line.span(), "the first of them");
    if above.len().saturating_mul(context.media.len()) > COPIES {
        return;
    }
    let mut edits: Vec<Edit> = above.iter().map(|at| without(at.line)).collect();
    for part in context.media.iter().filter(|part| part.is_rtp()) {
        for at in above {
            let taken = part.extmaps.iter().any(|own| own.value.id == at.value.id || own.value.uri == at.value.uri);
            if !taken {
                edits.push(part.append(&format!("a=extmap:{}", at.value)));
            }
        }
    }
    finding.unsafe_fix("write them into every m-line", edits);
}
