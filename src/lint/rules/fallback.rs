//! What the decoder does not understand and no other rule says more about.

use crate::finding::{Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::Verdicts;
use crate::sdp::LineType;

pub(super) static RULES: &[SdpRule] = &[SdpRule {
    rule: Rule {
        name: "sdp-line-invalid",
        severity: Severity::Error,
        summary: "The value of a line does not have the form that RFC 8866 gives it",
        what: "The type of the line is a known one, and its value cannot be read as RFC 8866 says.",
        why: "A reader drops the line or refuses the description.",
        advice: "Compare the line with RFC 8866, section 9.",
        source: "RFC 8866, section 9",
    },
    profiles: &[],
    verdicts: Verdicts::NOT_KNOWN,
    fix: None,
    invalid: &[Example::session("t=0 0\r\nr=7d «1x» 0").in_profile(crate::lint::Profile::Generic)],
    valid: &[Example::session("t=0 0\r\nr=7d 1h 0").in_profile(crate::lint::Profile::Generic)],
    check: Check::Misread(anything),
}];

fn anything(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    // The decoder shows the start of a line that stands in the wrong place, which for some lines is a secret.
    let secret = fault.is_in(LineType::EncryptionKey) && !fault.is_of_value();
    let message = if secret { format!("expected {}", fault.error.expected) } else { fault.error.to_string() };
    found.at(fault.error.span, message);
    true
}

#[cfg(test)]
mod tests {
    use crate::lint::{Options, Subject, lint, rules};
    use crate::sdp::Document;

    #[test]
    fn what_nobody_took_is_taken_by_the_last_rule() {
        let lines = rules().filter(|rule| rule.subject() == Subject::Description);
        let last = lines.last().map(|rule| rule.rule.name);
        assert_eq!(last, Some("sdp-line-invalid"));
    }

    #[test]
    fn no_message_quotes_a_key() {
        let text = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=x-note:1\r\nk=clear:hunter2\r\nk=clear:hunter2\r\n\
            a =crypto:1 x inline:hunter2\r\nK=hunter2\r\na=ice-pwd:hunter2\r\na=ice-pwd:hunter2\r\nm=audio 9 RTP/AVP 0\r\n\
            c=IN IP4 192.0.2.1\r\nk=hunter2\r\nk=hunter2\r\na=crypto:1 x hunter2\r\na=crypto:1 hunter2\r\n";
        let findings = lint(&Document::parse(text), &Options::default()).findings;
        assert!(findings.len() > 10, "{findings:?}");
        for finding in findings {
            assert!(!finding.message.contains("hunter2"), "{}: {}", finding.rule.rule.name, finding.message);
            let titles = finding.fix.iter().map(|fix| &fix.title);
            assert!(
                titles.chain(finding.labels.iter().map(|label| &label.message)).all(|text| !text.contains("hunter2"))
            );
        }
    }
}
