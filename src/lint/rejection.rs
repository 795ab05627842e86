//! Why a party refuses a description: the likeliest reason first.

use super::finding::Finding;
use super::rule::Form;
use super::target::{Target, Verdict};
use crate::finding::Severity;

/// The findings that may be why one of `targets` refuses the description, the likeliest first.
///
/// First those for which a target is known to refuse: lines that it cannot read before values that it does not like, because
/// parsing comes first, and in the order of the text, because it stops at the first. Then errors of which nobody knows what the
/// target does.
///
/// ```
/// use rtcscope::lint::{Options, Target, lint, reasons};
/// use rtcscope::sdp::Document;
///
/// let text = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:01234567890123456";
/// let report = lint(&Document::parse(text), &Options::default());
/// let reasons = reasons(&report.findings, &[Target::Chrome]);
/// assert_eq!(reasons.first().map(|finding| finding.rule.rule.name), Some("sdp-eol-missing-final"));
/// ```
#[must_use]
pub fn reasons<'f>(findings: &'f [Finding], targets: &[Target]) -> Vec<&'f Finding> {
    let rejects = |finding: &Finding| targets.iter().any(|target| finding.verdicts.of(*target) == Verdict::Rejects);
    let unknown = |finding: &Finding| {
        finding.severity == Severity::Error
            && targets.iter().any(|target| finding.verdicts.of(*target) == Verdict::NotKnown)
    };
    let mut chosen: Vec<&Finding> = findings.iter().filter(|found| rejects(found) || unknown(found)).collect();
    chosen.sort_by_key(|found| {
        let read = found.rule.form() != Form::Unreadable;
        (!rejects(found), read, found.place.span.start)
    });
    chosen
}
