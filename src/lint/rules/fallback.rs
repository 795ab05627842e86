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
