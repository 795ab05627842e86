//! A further offer or answer: its `o=` line.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::Rounds;
use crate::lint::profile::Profile;
use crate::lint::rounds::{Turn, origin};
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::Verdicts;
use crate::sdp::{Key, Line, LineType, Origin};
use crate::text::{Edit, Span};

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-r-origin-changed",
            severity: Severity::Error,
            summary: "A further description has another o= line",
            what: "In every further description of a party the o= line stays as it was, but for the session version.",
            why: "The o= line says which session this is. A server that goes by it takes the description for a new session; browsers \
                do not look.",
            advice: "Keep user name, session id and address of the first description for as long as the session lives.",
            source: "RFC 3264, section 8; RFC 9429, section 5.2.2",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED.rfc(crate::lint::target::Verdict::NotKnown),
        fix: None,
        invalid: &[
            Example::session("o=- «77» 2 IN IP4 127.0.0.1")
                .beside(Text::PreviousOffer, "o=- 4611731400430051336 1 IN IP4 127.0.0.1"),
            Example::session("o=- 4611731400430051336 2 IN IP4 «192.0.2.2»")
                .beside(Text::PreviousOffer, "o=- 4611731400430051336 1 IN IP4 192.0.2.1"),
        ],
        valid: &[Example::session("o=- 4611731400430051336 2 IN IP4 127.0.0.1")
            .beside(Text::PreviousOffer, "o=- 4611731400430051336 1 IN IP4 127.0.0.1")],
        check: Check::Rounds(origin_changed),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-version-not-bumped",
            severity: Severity::Error,
            summary: "A further description says something new under the old session version",
            what: "A description that differs from the one before counts its session version up; one with the same version must be the \
                same. Gathered candidates and the addresses that come with them do not count.",
            why: "SIP servers and endpoints ignore a description whose version they know already, so that a hold or a new stream never \
                happens. Browsers do not look.",
            advice: "Count the session version up by one with every description that differs.",
            source: "RFC 3264, section 8; RFC 9429, section 5.2.2",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED.rfc(crate::lint::target::Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::session("o=- 4611731400430051336 «5» IN IP4 127.0.0.1\na=tool:new")
            .beside(Text::PreviousOffer, "o=- 4611731400430051336 5 IN IP4 127.0.0.1")],
        valid: &[
            Example::session("o=- 4611731400430051336 6 IN IP4 127.0.0.1\na=tool:new")
                .beside(Text::PreviousOffer, "o=- 4611731400430051336 5 IN IP4 127.0.0.1"),
            Example::media("a=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host")
                .beside(Text::PreviousOffer, "a=mid:0"),
        ],
        check: Check::Rounds(version_not_bumped),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-version-jump",
            severity: Severity::Warning,
            summary: "The session version goes back, or up by more than one",
            what: "The session version of a party's descriptions goes up by one from each to the next. A browser counts the descriptions \
                that it made and nobody was sent too, so that a gap is no harm there.",
            why: "A version that goes back is one that the other side knows already: telephony may ignore the description. A gap may \
                mean that a description got lost.",
            advice: "Count from the last description that was sent; after a restart of the server keep the count or begin a new session.",
            source: "RFC 3264, section 8; RFC 9429, section 5.2.2",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED.rfc(crate::lint::target::Verdict::NotKnown),
        fix: None,
        invalid: &[
            Example::session("o=- 4611731400430051336 «9» IN IP4 127.0.0.1")
                .beside(Text::PreviousOffer, "o=- 4611731400430051336 2 IN IP4 127.0.0.1"),
            Example::session("o=- 4611731400430051336 «1» IN IP4 127.0.0.1")
                .beside(Text::PreviousOffer, "o=- 4611731400430051336 2 IN IP4 127.0.0.1"),
        ],
        valid: &[Example::session("o=- 4611731400430051336 3 IN IP4 127.0.0.1")
            .beside(Text::PreviousOffer, "o=- 4611731400430051336 2 IN IP4 127.0.0.1")],
        check: Check::Rounds(version_jump),
    },
];

/// The `o=` lines of a turn, and where one differs from the other apart from the version.
fn origins<'a>(turn: &Turn<'_, '_, 'a>) -> Option<(Origin<'a>, Origin<'a>)> {
    origin(turn.before).zip(origin(turn.now))
}

/// What an `o=` line names and where, apart from the version.
fn names<'a>(origin: &Origin<'a>) -> [(&'static str, &'a str); 5] {
    [
        ("session id", origin.session_id),
        ("user name", origin.username),
        ("address", origin.address),
        ("address type", origin.address_type),
        ("network type", origin.network_type),
    ]
}

fn origin_changed(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    for turn in rounds.turns() {
        let Some((before, now)) = origins(&turn) else { continue };
        let changed = names(&before).into_iter().zip(names(&now)).find(|(before, now)| before != now);
        let Some(((what, before), (_, now))) = changed else { continue };
        found.at_text(turn.now_text, turn.now.span(now), format!("the {what} was {before} and is {now}")).label(
            turn.before_text,
            turn.before.span(before),
            "before",
        );
    }
}

fn version_not_bumped(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    for turn in rounds.turns() {
        let Some((before, now)) = origins(&turn).filter(|(before, now)| before.session_id == now.session_id) else {
            continue;
        };
        if number(before.session_version) != number(now.session_version) {
            continue;
        }
        let Some(line) = first_difference(&turn) else { continue };
        let version = now.session_version;
        let place = turn.now.span(version);
        let finding = found.at_text(
            turn.now_text,
            place,
            format!("the description differs, the session version {version} does not"),
        );
        finding.label(turn.now_text, line, "the first difference").label(
            turn.before_text,
            turn.before.span(before.session_version),
            "before",
        );
        if let Some(next) = version.parse::<u64>().ok().and_then(|version| version.checked_add(1)) {
            finding.unsafe_fix("count the session version up", vec![Edit::replace(place, next.to_string())]);
        }
    }
}

fn version_jump(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    for turn in rounds.turns() {
        let Some((before, now)) = origins(&turn).filter(|(before, now)| before.session_id == now.session_id) else {
            continue;
        };
        let (Ok(old), Ok(new)) = (before.session_version.parse::<u64>(), now.session_version.parse::<u64>()) else {
            continue;
        };
        if new == old || Some(new) == old.checked_add(1) {
            continue;
        }
        let way = if new < old { "goes back" } else { "jumps" };
        found
            .at_text(
                turn.now_text,
                turn.now.span(now.session_version),
                format!("the session version {way} from {old} to {new}"),
            )
            .label(turn.before_text, turn.before.span(before.session_version), "before");
    }
}

/// A number of any length, without the zeros in front.
fn number(digits: &str) -> &str {
    digits.trim_start_matches('0')
}

/// Where the description of now first says something else than before; its end where lines are missing there.
fn first_difference(turn: &Turn<'_, '_, '_>) -> Option<Span> {
    let webrtc = turn.now.profile == Profile::Webrtc;
    let counts = |line: &&Line<'_>| {
        let gathered = matches!(line.key(), Key::Candidate | Key::EndOfCandidates | Key::Rtcp)
            || (line.line_type() == LineType::Connection && webrtc);
        !gathered && line.line_type() != LineType::Origin
    };
    let mut before = turn.before.document.lines().iter().filter(counts);
    let mut now = turn.now.document.lines().iter().filter(counts);
    loop {
        match (before.next(), now.next()) {
            (None, None) => return None,
            (Some(old), Some(new)) if same(old, new, webrtc) => {}
            (_, Some(new)) => return Some(new.span()),
            (Some(_), None) => {
                let end = turn.now.document.text().len();
                return Some(Span::new(end, end));
            }
        }
    }
}

/// Whether two lines say the same; with ICE the port of a `m=` line comes of gathering.
fn same(old: &Line<'_>, new: &Line<'_>, webrtc: bool) -> bool {
    if old.content() == new.content() {
        return true;
    }
    if !webrtc || old.line_type() != LineType::Media || new.line_type() != LineType::Media {
        return false;
    }
    let refused = |line: &Line<'_>| line.words().nth(1).is_some_and(|port| port.value == b"0");
    let words = |line: &Line<'_>| {
        let words = line.words().enumerate().filter(|(place, _)| *place != 1);
        words.map(|(_, word)| word.value.to_vec()).collect::<Vec<_>>()
    };
    refused(old) == refused(new) && words(old) == words(new)
}
