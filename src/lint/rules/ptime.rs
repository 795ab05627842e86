//! Packet times and picture sizes.

use super::rtpmap::is_about_level;
use crate::finding::{Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Key, Maxptime, Ptime};

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-ptime-range",
            severity: Severity::Warning,
            summary: "A packet time is zero",
            what: "a=ptime and a=maxptime are the milliseconds of media in a packet.",
            why: "A packet of no time holds nothing; readers ignore the line or divide by it.",
            advice: "Write 20, or leave the line out.",
            source: "RFC 8866, section 6.4 and section 6.5",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=ptime:«0»")],
        valid: &[Example::media("a=ptime:20"), Example::media("a=ptime:0.125")],
        check: Check::Description(zero),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ptime-over-maxptime",
            severity: Severity::Error,
            summary: "The packet time is over the greatest packet time",
            what: "a=ptime is what is wished for, a=maxptime what is allowed.",
            why: "No packet can be both.",
            advice: "Raise a=maxptime or lower a=ptime.",
            source: "RFC 8866, section 6.4 and section 6.5",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=ptime:«60»\na=maxptime:20")],
        valid: &[Example::media("a=ptime:20\na=maxptime:60")],
        check: Check::Description(over),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-imageattr-syntax",
            severity: Severity::Warning,
            summary: "An a=imageattr makes no sense",
            what: "It is a payload type or `*`, and for send and recv sets of sizes in brackets or `*`.",
            why: "Firefox refuses the whole description; Chrome does not know the attribute.",
            advice: "Write it as in `a=imageattr:96 send [x=1280,y=720] recv *`.",
            source: "RFC 6236, section 3.1; Firefox 153, which refuses it",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=imageattr:111 send«»")],
        valid: &[Example::media("a=imageattr:111 send [x=1280,y=720] recv *")],
        check: Check::Misread(image),
    },
];

fn zero(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let times = part.section.values::<Ptime<'_>>().map(|time| time.0);
        for time in times.chain(part.section.values::<Maxptime<'_>>().map(|time| time.0)) {
            if time.parse::<f64>().is_ok_and(|milliseconds| milliseconds <= 0.0) {
                found.at(context.span(time), "a packet of no time holds nothing");
            }
        }
    }
}

fn over(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let (Some(wished), Some(most)) = (part.section.value::<Ptime<'_>>(), part.section.value::<Maxptime<'_>>())
        else {
            continue;
        };
        let (Some(time), Some(limit)) = (wished.milliseconds(), most.milliseconds()) else { continue };
        if time > limit && limit > 0.0 {
            found
                .at(
                    context.span(wished.0),
                    format!("{} ms are wished for, but only {} ms are allowed", wished.0, most.0),
                )
                .also(context.span(most.0), "the greatest packet time");
        }
    }
}

fn image(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::ImageAttributes) || is_about_level(fault) {
        return false;
    }
    let message = match &*fault.error.found {
        "" => format!("expected {} here", fault.error.expected),
        text => format!("expected {}, found `{text}`", fault.error.expected),
    };
    found.at(fault.error.span, message);
    true
}
