//! Attributes as such: where they stand, how often, and whether they have a value. What one of them says is the business of the
//! rules about it, which come first: these take what is left.

use std::collections::BTreeMap;

use super::rtpmap::is_about_level;
use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::selection::distance;
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Key, Line, LineType};
use crate::text::{Edit, Span};

use super::attribute_name::REGISTERED;

/// Attributes without a value.
const FLAGS: &[Key] = &[
    Key::EndOfCandidates,
    Key::IceLite,
    Key::IceMismatch,
    Key::RtcpMux,
    Key::RtcpMuxOnly,
    Key::ExtmapAllowMixed,
    Key::SendRecv,
    Key::SendOnly,
    Key::RecvOnly,
    Key::Inactive,
    Key::RtcpRsize,
    Key::BundleOnly,
    Key::Cryptex,
];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-attr-wrong-level",
            severity: Severity::Error,
            summary: "An attribute stands at a level where it means nothing",
            what: "Some attributes are of the session and stand before the first m= line, others of one m-line and stand below it.",
            why: "Browsers ignore it there without a word.",
            advice: "Move the line to where it belongs.",
            source: "IANA, SDP parameters (usage level); Firefox, webrtc-sdp (allowed_at_session_level)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently)
            .firefox(Verdict::IgnoresSilently)
            .rfc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::session("«a=ptime:20»"), Example::media("«a=group:LS 0»")],
        valid: &[Example::media("a=ptime:20"), Example::session("a=group:BUNDLE 0")],
        check: Check::Misread(wrong_level),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-attr-duplicate-single",
            severity: Severity::Error,
            summary: "An attribute stands twice where it may stand once",
            what: "A level holds it at most once.",
            why: "Chrome takes the last one, Firefox the first, and neither says a word.",
            advice: "Keep the one that is meant.",
            source: "RFC 9429, section 5.8.1 and section 5.8.2; Chromium 156 and Firefox 153 for what they do",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("a=ptime:20\n«a=ptime:40»"), Example::media("a=rtcp-mux\n«a=rtcp-mux»")],
        valid: &[Example::media("a=ptime:20\na=rtcp-mux")],
        check: Check::Misread(duplicate),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-attr-value-unexpected",
            severity: Severity::Warning,
            summary: "An attribute that is a flag has a value",
            what: "The attribute says all by its name.",
            why: "Browsers do not know the name with a value behind it: the flag is not set.",
            advice: "Write the name alone.",
            source: "RFC 8866, section 5.13 (property attributes); sdp-transform issue 6",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=rtcp-rsize«:1»"), Example::media("a=rtcp-rsize« rtcp-rsize»")],
        valid: &[Example::media("a=rtcp-rsize")],
        check: Check::Misread(unexpected),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-attr-name-not-token",
            severity: Severity::Error,
            summary: "The name of an attribute is not a token",
            what: "A name is made of visible characters without quotes, brackets, commas, slashes and the like.",
            why: "Nobody knows such an attribute; browsers ignore the line.",
            advice: "Look for a colon that was written as a space or an equals sign.",
            source: "RFC 8866, section 9 (attribute-name)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=«fo o»:1")],
        valid: &[Example::media("a=x-foo:1")],
        check: Check::Misread(name),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-attr-value-missing",
            severity: Severity::Error,
            summary: "An attribute lacks its value",
            what: "The attribute is a name and a value with a colon between.",
            why: "Chrome refuses the whole description for most of them, others ignore the line.",
            advice: "Write the value, or take the line away.",
            source: "RFC 8866, section 5.13 (value attributes); libwebrtc, webrtc_sdp_unittest.cc (DeserializeMsidAttributeWithoutColon)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=ptime«»"), Example::media("a=label:«»")],
        valid: &[Example::media("a=ptime:20")],
        check: Check::Misread(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-attr-value-syntax",
            severity: Severity::Warning,
            summary: "The value of an attribute makes no sense",
            what: "Each attribute that is known has a grammar of its own.",
            why: "Readers ignore the line, or refuse the description.",
            advice: "See the RFC that defines the attribute.",
            source: "RFC 8866, section 5.13, and the RFC of each attribute",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN,
        fix: None,
        invalid: &[Example::media("a=ptime:«long»")],
        valid: &[Example::media("a=ptime:20")],
        check: Check::Misread(value),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-attr-unknown",
            severity: Severity::Info,
            summary: "An attribute is not registered",
            what: "Readers must ignore attributes that they do not know, so that anybody may add some.",
            why: "It does nothing unless both sides know it; a slip in a name looks the same.",
            advice: "Look for a slip in the name.",
            source: "RFC 8866, section 5.13; IANA, SDP parameters",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently)
            .firefox(Verdict::IgnoresSilently)
            .rfc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("a=«foo»"), Example::media("a=«sendreceive»")],
        valid: &[Example::media("a=x-own:1\na=msid:- 1")],
        check: Check::Description(unknown),
    },
];

fn wrong_level(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line else { return false };
    let name = line.key().name();
    match fault.error.expected {
        Expected::SessionLevel => found.at(line.span(), format!("a={name} belongs to the session level")),
        Expected::MediaLevel => found.at(line.span(), format!("a={name} belongs below an m= line")),
        _ => return false,
    };
    true
}

/// The nearest line of the same attribute above: there is one, as the fault says.
fn earlier<'d, 'a>(context: &'d Context<'_, 'a>, line: &Line<'_>) -> Option<&'d Line<'a>> {
    let lines = context.document.lines();
    let place = lines.partition_point(|other| other.span().start < line.span().start);
    lines
        .get(..place)?
        .iter()
        .rev()
        .take_while(|other| other.line_type() != LineType::Media)
        .find(|other| other.line_type() == LineType::Attribute && other.key() == line.key())
}

fn duplicate(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let (Expected::OnceAttribute { name }, Some(line)) = (fault.error.expected, fault.line) else { return false };
    let first = earlier(context, line);
    let finding = found.at(line.span(), format!("a={name} stands above already"));
    if line.key() == Key::Mid {
        // Measured: Chrome takes the last one, and no longer finds the one that the group names.
        finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently));
    }
    if let Some(first) = first {
        finding.also(first.span(), "the one above");
        if first.content() == line.content() {
            finding.severity(Severity::Warning).verdicts(Verdicts::ACCEPTED);
            finding.fix("take the repeated line away", vec![without(line)]);
        }
    }
    true
}

fn unexpected(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|line| line.line_type() == LineType::Attribute) else { return false };
    if is_about_level(fault) {
        return false;
    }
    let content = line.value();
    let end = content.iter().position(|byte| matches!(byte, b':' | b' ')).unwrap_or(content.len());
    let key = Key::from_name(content.get(..end).unwrap_or_default());
    if !FLAGS.contains(&key) || end == content.len() {
        return false;
    }
    // White space alone is a fault of the line, with a rule of its own.
    if content.get(end..).is_some_and(|rest| rest.iter().all(|byte| byte.is_ascii_whitespace())) {
        return true;
    }
    let start = line.span().end.saturating_sub(content.len() - end);
    let span = Span::new(start, line.span().end);
    found
        .at(span, format!("a={} has no value: with one it is another attribute", key.name()))
        .unsafe_fix("take the value away", vec![Edit::delete(span)]);
    true
}

fn name(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|line| line.line_type() == LineType::Attribute) else { return false };
    if fault.field() != "attribute name" {
        return false;
    }
    let own = line.attribute_name().unwrap_or_default();
    // A line without a name, and one with a CR inside, are faults of lines.
    if own.is_empty() || own.iter().any(|byte| matches!(byte, 0 | b'\r')) {
        return own.contains(&b'\r') || own.contains(&0);
    }
    let start = line.span().start + line.content().len() - line.value().len();
    let key = Key::from_name(own.split(|byte| matches!(byte, b' ' | b'=')).next().unwrap_or_default());
    let message = match key {
        Key::Other => "the name of an attribute is a token".to_owned(),
        key => format!("the name of an attribute is a token: a colon is missing behind `{}`", key.name()),
    };
    found.at(Span::new(start, start + own.len()), message);
    true
}

fn missing(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|line| line.line_type() == LineType::Attribute) else { return false };
    let empty = line.attribute_value().is_none_or(<[u8]>::is_empty);
    if line.key() == Key::Other || !empty || is_about_level(fault) {
        return false;
    }
    let end = line.span().end;
    let message = match fault.error.expected.field() {
        Some(field) => format!("a={} needs a value: the {field}", line.key().name()),
        None => format!("a={} needs a value", line.key().name()),
    };
    let verdicts = match (line.key(), line.attribute_value()) {
        (Key::Mid, Some(_)) => Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects),
        (Key::Mid | Key::Setup, _) => Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects),
        _ => Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently),
    };
    found.at(Span::new(end, end), message).verdicts(verdicts.rfc(Verdict::Rejects));
    true
}

fn value(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|line| line.line_type() == LineType::Attribute) else { return false };
    if line.key() == Key::Other || is_about_level(fault) {
        return false;
    }
    // Nothing of what the line says is quoted: it may be a key.
    found.at(fault.error.span, format!("expected {} in a={}", fault.error.expected, line.key().name()));
    true
}

/// How many unknown names are compared with those that are known, and how long they may be: the comparison is slow.
const COMPARED: usize = 16;
const LONGEST_COMPARED: usize = 32;

/// Said once for each name, where it stands first.
fn unknown(context: &Context<'_, '_>, found: &mut Findings) {
    let mut names: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for line in context.document.lines() {
        let other = line.line_type() == LineType::Attribute && line.key() == Key::Other;
        let name = line.attribute_name().filter(|_| other).and_then(|name| str::from_utf8(name).ok());
        let Some(name) = name.filter(|name| is_unknown(name)) else { continue };
        let start = line.span().start + line.content().len() - line.value().len();
        names.entry(name).or_insert((start, 0)).1 += 1;
    }
    for (number, (name, (start, count))) in names.into_iter().enumerate() {
        let compared = number < COMPARED && name.len() <= LONGEST_COMPARED;
        let hint = match compared.then(|| nearest(name)).flatten() {
            Some(nearest) => format!("; the nearest is `{nearest}`"),
            None => String::new(),
        };
        let lines = if count > 1 { format!(" (on {count} lines)") } else { String::new() };
        found.at(Span::new(start, start + name.len()), format!("`{name}` is not registered{lines}{hint}"));
    }
}

/// Whether it is a name that nobody registered, and not one of somebody's own by its looks either.
fn is_unknown(name: &str) -> bool {
    let own = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"));
    let token =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]".contains(&byte));
    token && !own && REGISTERED.binary_search(&name).is_err()
}

/// The name in use that is spelled most like it.
fn nearest(name: &str) -> Option<&'static str> {
    let known = Key::ALL.iter().map(|key| key.name());
    let (distance, nearest) = known.map(|known| (distance(name, known), known)).min()?;
    (distance <= 1 + name.len() / 5).then_some(nearest)
}
