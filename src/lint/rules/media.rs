//! What `m=` lines and their payload types need.

use crate::finding::{Rule, Severity};
use crate::lint::context::Context;
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::Verdicts;

pub(super) static RULES: &[SdpRule] = &[SdpRule {
    rule: Rule {
        name: "sdp-rtpmap-missing-dynamic",
        severity: Severity::Error,
        summary: "A dynamic payload type has no a=rtpmap",
        what: "A payload type from 96 on, or any other without a static meaning, says nothing by itself: a=rtpmap gives its codec.",
        why: "Nobody can tell what the packets hold, so the codec cannot be used; where it is the only one the m-line is refused.",
        advice: "Add the a=rtpmap, or take the payload type out of the m= line. Where a description is filtered, take both or none.",
        source: "RFC 8866, section 8.2.3 and section 6.6",
    },
    profiles: &[],
    verdicts: Verdicts::NOT_KNOWN,
    fix: None,
    invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111 «112»\na=rtpmap:111 opus/48000/2")],
    valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111 0\na=rtpmap:111 opus/48000/2")],
    check: Check::Description(rtpmap_missing),
}];

fn rtpmap_missing(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.is_rtp()) {
        let formats = part.media.into_iter().flat_map(|media| media.formats.iter());
        for format in formats {
            let Ok(payload_type) = format.parse::<u8>() else { continue };
            if payload_type < 128 && part.rtpmap(payload_type).is_none() {
                found.at(
                    context.span(format),
                    format!("payload type {payload_type} has no a=rtpmap in {}", part.name()),
                );
            }
        }
    }
}
