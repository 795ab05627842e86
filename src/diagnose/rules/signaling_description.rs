//! What descriptions hold, and what becomes of them on their way.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::name::{self, EXCHANGE};
use crate::diagnose::negotiation::Fate;
use crate::diagnose::wording::{count, list};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::sdp::{Change, Difference, Document, Error, LineType};
use crate::signaling::exchange::{Exchange, Incident, SentDescription};

pub(super) static RULES: &[Row] = &[(&DESCRIPTION_ALTERED, description_altered), (&SDP_FAULT, sdp_fault)];

/// Changes that a sentence can bear.
const LISTED: usize = 3;
/// Letters of one change that it can bear.
const LONGEST_CHANGE: usize = 120;
/// Descriptions of one party that are looked at for faults: those that come later are changes of the first.
const LOOKED_AT: usize = 8;

static DESCRIPTION_ALTERED: Rule = Rule {
    name: "signaling-description-altered",
    severity: Severity::Warning,
    summary: "A description was changed on its way",
    what: "A description arrived with another meaning than it was sent with: something between the two peers rewrote it. The finding says \
        what became of it, by meaning. Changes of codecs, directions and the like are information; credentials, fingerprints and ICE \
        mode are a warning always, and candidates where the call did not come about. Where one of the two versions is from a \
        file beside the capture only those are told, since a browser writes down what it understood, not what it got.",
    why: "Two sides that believe in different descriptions disagree. With another ice-pwd every check is refused with 401; with another \
        fingerprint the DTLS handshake fails, or somebody in the middle reads along; without candidates there is nothing to check; with \
        ice-lite added both sides control.",
    advice: "If the server in between is meant to change descriptions (an SFU, a policy on codecs), see whether it changes no more than that. \
        Otherwise find what rewrites them: a proxy, a library that munges SDP, a session border controller.",
    source: "RFC 8827, section 6.5; RFC 8839, section 5.4; RFC 8122, section 6.2",
};

fn description_altered(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, exchange) in case.exchanges() {
        let altered = exchange.happenings.iter().filter_map(|happening| match &happening.incident {
            Incident::Altered { description, differences } => {
                let sent = exchange.descriptions.get(*description)?;
                Some((sent.from, Altered { at: happening.moment, sent, differences }))
            }
            _ => None,
        });
        for (_, altered) in group(altered) {
            let fails = case.fate(place) == Fate::Trouble;
            findings
                .extend(worst(exchange, &altered, fails).map(|told| told.about(EXCHANGE, name::exchange_id(place))));
        }
    }
    findings
}

/// A description that was changed on its way.
struct Altered<'a> {
    at: Moment,
    sent: &'a SentDescription,
    differences: &'a [Difference],
}

impl Altered<'_> {
    /// Whether one of the two versions is from a file. A browser writes a description down as it understood it, without what it does
    /// not know and what says the same twice, and which version was first nobody knows.
    fn is_from_file(&self) -> bool {
        self.at.frame.0 == 0 || self.sent.moment.frame.0 == 0
    }

    /// The changes that are told, what hurts first.
    fn changes(&self, fails: bool) -> Vec<&Difference> {
        let from_file = self.is_from_file();
        let told = |found: &&Difference| !from_file || (hurts(&found.change, fails) && is_real(&found.change));
        let mut changes: Vec<&Difference> = self.differences.iter().filter(told).collect();
        changes.sort_by_key(|found| !hurts(&found.change, fails));
        changes
    }
}

/// Whether a change is more than a line that a browser leaves out.
fn is_real(change: &Change) -> bool {
    change.subject == "attribute" || (change.old.is_some() && change.new.is_some())
}

/// What became of the descriptions of one party: of the first that was changed for the worse, else of the first.
fn worst(exchange: &Exchange, altered: &[Altered<'_>], fails: bool) -> Option<Finding> {
    let told: Vec<(&Altered<'_>, Vec<&Difference>)> = altered
        .iter()
        .map(|altered| (altered, altered.changes(fails)))
        .filter(|(_, changes)| !changes.is_empty())
        .collect();
    let grave = told.iter().find(|(_, changes)| changes.iter().any(|found| hurts(&found.change, fails)));
    let (first, changes) = grave.or_else(|| told.first())?;
    let changes: Vec<String> = changes.iter().map(|found| short(&found.to_string())).collect();
    let more = match told.len() - 1 {
        0 => String::new(),
        1 => "; 1 more description was".to_owned(),
        more => format!("; {more} more descriptions were"),
    };
    let (kind, author) = (first.sent.kind.name(), name::party(exchange, first.sent.from));
    let changes = list(&changes, LISTED);
    let message = if first.is_from_file() {
        format!("there are two versions of the {kind} of {author}, with a difference: {changes}")
    } else {
        let other = name::party(exchange, first.sent.to);
        format!("the {kind} of {author} came to {other} otherwise than it was sent: {changes}{more}")
    };
    let finding = resting(Finding::new(&DESCRIPTION_ALTERED, message), [Some(first.at), Some(first.sent.moment)]);
    Some(finding.with_severity(if grave.is_some() { Severity::Warning } else { Severity::Info }))
}

/// Whether a change can keep the two sides from meeting.
fn hurts(change: &Change, fails: bool) -> bool {
    match change.subject {
        "ice-pwd" | "ice-ufrag" | "fingerprint" | "crypto" => true,
        "attribute" => matches!(change.name.as_str(), "ice-lite" | "setup"),
        "candidate" => fails,
        _ => false,
    }
}

/// A change, cut where it is very long: lists of codecs are. On one line, whatever is in it.
fn short(text: &str) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let head: String = letters.by_ref().take(LONGEST_CHANGE).collect();
    if letters.next().is_some() { head + "…" } else { head }
}

static SDP_FAULT: Rule = Rule {
    name: "signaling-sdp-fault",
    severity: Severity::Warning,
    summary: "A description that was signalled breaks the grammar of SDP",
    what: "A line of a captured description is not what the specification of its kind allows. The finding names the first line, what was \
        expected there and what was found. Unless the call is seen to fail this is information.",
    why: "Implementations differ in what they forgive. A line that one of them skips makes another refuse the whole description, or take \
        something else than was meant: a candidate, a codec or a credential is missing then.",
    advice: "Put the description into rtcscope sdp show, and find who wrote the line: a browser hardly ever, code that edits SDP as text often.",
    source: "RFC 8866, section 9; RFC 8839, section 5; RFC 9429, section 5.8",
};

fn sdp_fault(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, exchange) in case.exchanges() {
        for party in 0..exchange.parties.len() {
            let Some((moment, message)) = faults(exchange, party) else { continue };
            let severity = if case.fate(place) == Fate::Trouble { Severity::Warning } else { Severity::Info };
            let finding = resting(Finding::new(&SDP_FAULT, message), [Some(moment)]);
            findings.push(finding.with_severity(severity).about(EXCHANGE, name::exchange_id(place)));
        }
    }
    findings
}

/// What is wrong in the first description of a party that has a fault.
fn faults(exchange: &Exchange, party: usize) -> Option<(Moment, String)> {
    let own = exchange.descriptions.iter().filter(|sent| sent.from == party && !sent.sdp.is_empty());
    own.take(LOOKED_AT).find_map(|sent| {
        let document = Document::parse(sent.sdp.as_bytes());
        let errors = document.errors();
        let first = errors.first()?;
        let more = match errors.len() - 1 {
            0 => String::new(),
            more => format!(", and {}", count(more as u64, "more fault")),
        };
        let message = format!(
            "the {} of {}, line {}: {}{more}",
            sent.kind.name(),
            name::party(exchange, party),
            line_of(&sent.sdp, first),
            said(&document, first)
        );
        Some((sent.moment, message))
    })
}

/// The number of the line that a fault is in, from 1.
fn line_of(sdp: &str, error: &Error) -> usize {
    sdp.bytes().take(error.span.start).filter(|byte| *byte == b'\n').count().saturating_add(1)
}

/// What was expected and found; of a line that holds a secret not what was found.
fn said(document: &Document<'_>, error: &Error) -> String {
    let at = document.lines().iter().rfind(|line| line.span().start <= error.span.start);
    let secret = at.is_some_and(|line| {
        let text = line.text().to_ascii_lowercase();
        // By its text: a line that is broken enough has no key.
        line.line_type() == LineType::EncryptionKey
            || ["pwd", "crypto", "inline:"].iter().any(|word| text.contains(word))
    });
    if secret { format!("expected {}", error.expected) } else { short(&error.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::differences;
    use crate::signal::DescriptionType;

    fn first(text: &str) -> (usize, String) {
        let document = Document::parse(text.as_bytes());
        let error = document.errors().into_iter().find(|error| error.span.start > 0).unwrap();
        (line_of(text, &error), said(&document, &error))
    }

    fn told(frame: u64, old: &str, new: &str) -> Vec<String> {
        let sent = SentDescription {
            moment: Moment::new(7, 1),
            from: 0,
            to: 1,
            kind: DescriptionType::Offer,
            kind_inferred: false,
            sdp: old.to_owned(),
            again: Vec::new(),
        };
        let differences = differences(&Document::parse(old.as_bytes()), &Document::parse(new.as_bytes()));
        let altered = Altered { at: Moment::new(frame, 2), sent: &sent, differences: &differences };
        altered.changes(false).iter().map(|found| found.change.subject.to_owned()).collect()
    }

    #[test]
    fn what_a_browser_leaves_out_of_its_own_notes_is_not_held_against_anybody() {
        let (short, long) = (["AA"; 32].join(":"), ["BB"; 64].join(":"));
        let kept = format!("a=fingerprint:sha-512 {long}\na=ice-pwd:{0}one\n", "x".repeat(20));
        let old = format!("m=audio 9 RTP/AVP 0 8\na=fingerprint:sha-256 {short}\n{kept}");
        let left_out = format!("m=audio 9 RTP/AVP 0\n{kept}");
        assert!(told(0, &old, &left_out).is_empty());
        assert_eq!(told(9, &old, &left_out).first().map(String::as_str), Some("fingerprint"));
        assert_eq!(told(0, &old, &old.replace("one\n", "two\n")), ["ice-pwd"]);
        assert_eq!(told(0, &old, &format!("a=ice-lite\n{old}")), ["attribute"]);
    }

    #[test]
    fn a_fault_says_its_line_and_keeps_to_one_itself() {
        let (line, said) = first("v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\nb=AS:\tx\n");
        assert_eq!(line, 5);
        assert!(said.contains("found") && !said.contains('\t'), "{said}");
    }

    #[test]
    fn what_is_wrong_with_a_password_is_said_without_it() {
        for secret in ["a=ice-pwd:hush hush hush", " a=ice-pwd:hushhushhush", "a=crypto:x hush inline:hush"] {
            let text = format!("v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\n{secret}\n");
            let (line, said) = first(&text);
            assert!(line == 5 && said.starts_with("expected") && !said.contains("hush"), "{secret}: {line} {said}");
        }
    }
}
