//! `a=mid` and `a=group`: how m-lines are named and what belongs together.

use crate::finding::{Rule, Severity};
use crate::lint::context::Context;
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::Mid;

/// The longest mid that fits a one-byte header extension element, which is what browsers allow.
const LONGEST: usize = 16;

pub(super) static RULES: &[SdpRule] = &[SdpRule {
    rule: Rule {
        name: "sdp-mid-too-long",
        severity: Severity::Error,
        summary: "An a=mid is longer than 16 characters",
        what: "The mid travels in an RTP header extension, whose one-byte form holds 16 bytes; browsers allow no more.",
        why: "Chrome and Firefox refuse the description.",
        advice: "Use a short name: the index of the m-line is what browsers write.",
        source: "libwebrtc, sdp_offer_answer.cc (ValidateMids); Firefox, JsepSessionImpl (ParseSdp)",
    },
    profiles: &[],
    verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Accepts),
    fix: None,
    invalid: &[Example::media("a=mid:«01234567890123456»")],
    valid: &[Example::media("a=mid:0123456789012345")],
    check: Check::Description(too_long),
}];

fn too_long(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        for Mid(mid) in part.section.values::<Mid<'_>>().filter(|mid| mid.0.len() > LONGEST) {
            let message = format!("this mid has {} characters; a browser takes {LONGEST} at most", mid.len());
            found.at(context.span(mid), message);
        }
    }
}
