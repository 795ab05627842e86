//! The order of lines, how often each type may stand, and at which level.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Line, LineType, Section};

/// So many lines of a section are looked at for the place of a line: those that have one stand at its start, and who looks further
/// for each of many lines takes quadratic time.
const NEAR: usize = 64;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-line-wrong-level",
            severity: Severity::Error,
            summary: "A line that belongs to the session stands in a media section",
            what: "v, o, s, u, e, p, t, r and z lines stand before the first m= line; a media section has none of them.",
            why: "A reader drops the line or refuses the description. Where a t= is meant, the session lacks it.",
            advice: "Move the line before the first m=. A second v= is a second description: send the two one by one.",
            source: "RFC 8866, section 5 and section 9",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("a=sendrecv\r\n«u=http://example.org/»")],
        valid: &[Example::session("u=http://example.org/"), Example::media("i=a microphone")],
        check: Check::Misread(wrong_level),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-line-order",
            severity: Severity::Error,
            summary: "A line stands behind one that must follow it",
            what: "Lines have a fixed order: v o s i u e p c b t r z k a at session level, and m i c b k a in a media section.",
            why: "A reader that expects the order refuses the description, as Chrome does at session level: its t= comes before every \
                a=, and its c= before t=.",
            advice: "Write the lines in order. Code that adds a line at the end of a section is where it usually goes wrong.",
            source: "RFC 8866, section 5; RFC 9429, section 5.8.1; Chromium, seen",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nt=0 0\r\n«s=-»\r\n"),
            Example::whole(concat!(
                "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n",
                "m=audio 49170 RTP/AVP 0\r\na=sendrecv\r\n«b=AS:64»\r\n",
            )),
        ],
        valid: &[Example::session("i=a call"), Example::media("b=AS:64")],
        check: Check::Misread(order),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-line-duplicate-single",
            severity: Severity::Error,
            summary: "A line stands twice that may stand once",
            what: "A description has one v=, o= and s=, at most one i=, u=, c=, z= and k= at session level, and at most one i= and k= in a \
                media section.",
            why: "Readers disagree on which of the two holds, and Chrome refuses a second v=, o= or s=.",
            advice: "Take away the one that is not meant.",
            source: "RFC 8866, section 5 and section 9; Chromium, seen",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN,
        fix: None,
        invalid: &[Example::session("s=one\r\n«s=two»"), Example::media("i=one\r\n«i=two»")],
        valid: &[Example::session("s=one"), Example::session("e=one@example.org\r\ne=two@example.org")],
        check: Check::Misread(duplicate),
    },
];

/// The place of a type in its level; `None` for lines without one.
const fn rank(line_type: LineType) -> Option<u8> {
    Some(match line_type {
        LineType::Version => 0,
        LineType::Origin => 1,
        LineType::SessionName => 2,
        LineType::Media => 3,
        LineType::Information => 4,
        LineType::Uri => 5,
        LineType::Email => 6,
        LineType::Phone => 7,
        LineType::Connection => 8,
        LineType::Bandwidth => 9,
        LineType::Timing => 10,
        LineType::Repeat => 11,
        LineType::TimeZones => 12,
        LineType::EncryptionKey => 13,
        LineType::Attribute => 14,
        _ => return None,
    })
}

/// The line that a line of this type must stand before; `None` where there is none near the start of the section.
pub(super) fn successor<'d, 'a>(section: &Section<'d, 'a>, line_type: LineType) -> Option<&'d Line<'a>> {
    let own = rank(line_type)?;
    let later = |line: &&Line<'a>| rank(line.line_type()).is_some_and(|rank| rank > own);
    section.lines().iter().take(NEAR).find(later)
}

/// Where a line of this type that the session level lacks would stand.
pub(super) fn place_in_session(context: &Context<'_, '_>, line_type: LineType) -> usize {
    let section = &context.session.section;
    successor(section, line_type).map_or(section.span().end, |line| line.span().start)
}

fn letter(line: &Line<'_>) -> char {
    line.content().first().copied().map_or(' ', char::from)
}

const fn is_session_only(line_type: LineType) -> bool {
    matches!(
        line_type,
        LineType::Version
            | LineType::Origin
            | LineType::SessionName
            | LineType::Uri
            | LineType::Email
            | LineType::Phone
            | LineType::Timing
            | LineType::Repeat
            | LineType::TimeZones
    )
}

fn wrong_level(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let of_place =
        matches!(fault.error.expected, Expected::Before { .. } | Expected::Once { .. } | Expected::Present { .. });
    let wrong = |line: &&Line<'_>| of_place && fault.media.is_some() && is_session_only(line.line_type());
    let Some(line) = fault.line.filter(wrong) else { return false };
    // That it stands twice as well, or lacks its t=, is the same fault.
    if matches!(fault.error.expected, Expected::Before { .. }) {
        found.at(line.span(), format!("a {}= line belongs before the first m= line", letter(line)));
    }
    true
}

fn order(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Expected::Before { letter: before } = fault.error.expected else { return false };
    let Some(line) = fault.line else { return false };
    let section = match fault.media {
        Some(index) => context.media.get(index).map_or(context.session.section, |part| part.section),
        None => context.session.section,
    };
    let finding = found.at(line.span(), format!("{}= stands behind {before}=", letter(line)));
    if fault.media.is_some() {
        finding.severity(Severity::Warning);
        finding.verdicts(Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts));
    }
    // A t= goes behind the r= lines of the one before it.
    let reached = if line.line_type() == LineType::Timing { LineType::Repeat } else { line.line_type() };
    let once = matches!(
        line.line_type(),
        LineType::Origin | LineType::SessionName | LineType::Information | LineType::Uri | LineType::Connection
    );
    // Beside another of its type it would be one too many in the right place.
    let earlier = |other: &Line<'_>| other.line_type() == line.line_type() && other.span() < line.span();
    if once && section.lines().iter().take(NEAR).any(earlier) {
        return true;
    }
    if let (Some(successor), Ok(text)) = (successor(&section, reached), str::from_utf8(line.content())) {
        finding.fix(
            format!("move it before the {}= line", letter(successor)),
            vec![context.insert_line(successor.span().start, text), without(line)],
        );
    }
    true
}

fn duplicate(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Expected::Once { letter } = fault.error.expected else { return false };
    let Some(line) = fault.line else { return false };
    let part = fault.media.and_then(|index| context.media.get(index)).unwrap_or(&context.session);
    let level = if fault.media.is_some() { "in this media section" } else { "at session level" };
    let verdicts = match letter {
        'v' => Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects),
        'o' => Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        's' => Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently),
        _ => Verdicts::NOT_KNOWN,
    };
    let finding = found.at(line.span(), format!("a second {letter}= {level}"));
    finding.verdicts(verdicts);
    let first = part.section.lines().iter().take(NEAR).find(|other| other.line_type() == line.line_type());
    if let Some(first) = first.filter(|first| first.span() != line.span()) {
        let text = finding.place.text;
        finding.label(text, first.span(), "the first is here");
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::lint::{Options, lint};
    use crate::sdp::Document;

    const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

    fn fixable(text: &str) -> Vec<(&'static str, bool)> {
        let report = lint(&Document::parse(text.as_bytes()), &Options::default());
        let found = report.findings.iter().map(|finding| (finding.rule.rule.name, finding.fix.is_some()));
        found.filter(|(name, _)| *name != "sdp-m-no-sections").collect()
    }

    #[test]
    fn the_place_of_a_line_is_looked_for_near_the_start_only() {
        let near = format!("{HEAD}a=x-note:1\r\ni=late\r\n");
        assert_eq!(fixable(&near), [("sdp-line-order", true)]);
        // The only line that it belongs before is too far away.
        let far =
            format!("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\n{}t=0 0\r\nb=AS:1\r\n", "b=AS:1\r\n".repeat(super::NEAR));
        assert_eq!(fixable(&far), [("sdp-line-order", false)]);
    }

    #[test]
    fn a_time_stays_with_its_repetitions() {
        let text = format!("{HEAD}r=7d 1h 0\r\nz=2882844526 0\r\nt=5 6\r\n");
        let report = lint(&Document::parse(text.as_bytes()), &Options::default());
        let fix = report.findings.iter().find_map(|finding| finding.fix.as_ref()).unwrap();
        let fixed = crate::text::apply(text.as_bytes(), &fix.edits).unwrap();
        let expected = format!("{HEAD}r=7d 1h 0\r\nt=5 6\r\nz=2882844526 0\r\n");
        assert_eq!(String::from_utf8(fixed).unwrap(), expected);
    }
}
