//! Header extensions themselves: their URIs, and what goes with them.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::Context;
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::Feedback;
use crate::text::Edit;

use super::extmap::{ENCRYPT, name_of};

/// The extension that numbers packets for feedback on congestion.
const TRANSPORT_SEQUENCE: &str = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

/// URIs that are in use: those registered with IANA and those of browsers.
const KNOWN: &[&str] = &[
    "urn:ietf:params:rtp-hdrext:toffset",
    "urn:ietf:params:rtp-hdrext:ntp-64",
    "urn:ietf:params:rtp-hdrext:ntp-56",
    "urn:ietf:params:rtp-hdrext:smpte-tc",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "urn:ietf:params:rtp-hdrext:csrc-audio-level",
    "urn:ietf:params:rtp-hdrext:encrypt",
    "urn:ietf:params:rtp-hdrext:coordination",
    "urn:ietf:params:rtp-hdrext:splicing-interval",
    "urn:ietf:params:rtp-hdrext:framemarking",
    "urn:ietf:params:rtp-hdrext:sdes",
    "urn:ietf:params:rtp-hdrext:sdes:cname",
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:sdes:CaptId",
    "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "urn:3gpp:video-orientation",
    "urn:3gpp:video-orientation:6",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-timing",
    "http://www.webrtc.org/experiments/rtp-hdrext/color-space",
    "http://www.webrtc.org/experiments/rtp-hdrext/transport-wide-cc-02",
    "http://www.webrtc.org/experiments/rtp-hdrext/generic-frame-descriptor-00",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-frame-tracking-id",
    "http://www.webrtc.org/experiments/rtp-hdrext/corruption-detection",
    "http://www.webrtc.org/experiments/rtp-hdrext/inband-cn",
    "http://tools.ietf.org/html/draft-ietf-avtext-framemarking-07",
    TRANSPORT_SEQUENCE,
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
];

/// How many characters a slip of the pen changes at most.
const SLIP: usize = 2;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-recursive-encrypt",
            severity: Severity::Error,
            summary: "An encrypted header extension is to be encrypted again",
            what: "Behind urn:ietf:params:rtp-hdrext:encrypt stands the URI of what is encrypted, which is not itself that URI.",
            why: "libwebrtc refuses the description.",
            advice: "Name the extension that is to be encrypted.",
            source: "RFC 6904, section 4; libwebrtc, webrtc_sdp.cc (Recursive encrypted header)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media(
            "a=extmap:9 urn:ietf:params:rtp-hdrext:encrypt «urn:ietf:params:rtp-hdrext:encrypt»",
        )],
        valid: &[Example::media("a=extmap:9 urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:toffset")],
        check: Check::Description(recursive),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-extmap-unknown-uri",
            severity: Severity::Info,
            summary: "The URI of a header extension is nearly a known one",
            what: "A URI names an extension as a whole, so that one wrong character makes it another extension.",
            why: "Nobody knows the extension; it is left out of the answer.",
            advice: "Correct the URI.",
            source: "IANA, RTP SDES compact header extensions and RTP compact header extensions; libwebrtc, rtp_parameters.h",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=extmap:1 «urn:ietf:params:rtp-hdrext:ssrc-audio-levle»")],
        valid: &[
            Example::media("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
            Example::media("a=extmap:1 https://example.com/mine"),
        ],
        check: Check::Description(unknown_uri),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-transport-cc-mismatch",
            severity: Severity::Warning,
            summary: "The header extension of transport-cc and its feedback do not go together",
            what: "Feedback of the kind transport-cc reports the numbers that the header extension \
                draft-holmer-rmcat-transport-wide-cc-extensions-01 puts into packets.",
            why: "With one of the two missing there is no estimate of the bandwidth by this way, and a sender may stay slow.",
            advice: "Negotiate both or none.",
            source: "draft-holmer-rmcat-transport-wide-cc-extensions-01",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("«a=rtcp-fb:111 transport-cc»")],
        valid: &[Example::media(
            "a=rtcp-fb:111 transport-cc\n\
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        )],
        check: Check::Description(transport_cc),
    },
];

fn recursive(context: &Context<'_, '_>, found: &mut Findings) {
    for at in context.parts().flat_map(|part| &part.extmaps).filter(|at| at.value.uri == ENCRYPT) {
        let inner = at.value.attributes.split(' ').next().unwrap_or_default();
        if inner == ENCRYPT {
            found.at(context.span(inner), "what is encrypted is the encryption itself");
        }
    }
}

/// Whether one is the other but for a slip at one place; numbers of versions are none.
fn is_slip(written: &str, known: &str) -> bool {
    let (written, known) = (written.as_bytes(), known.as_bytes());
    let longest = written.len().max(known.len());
    if written.len().abs_diff(known.len()) > SLIP {
        return false;
    }
    let start = written.iter().zip(known).take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count();
    let ends = written.iter().rev().zip(known.iter().rev());
    let end = ends.take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count();
    let end = end.min(written.len().min(known.len()) - start);
    let middle = |text: &[u8]| text.get(start..text.len() - end).unwrap_or_default().iter().all(u8::is_ascii_digit);
    longest - start - end <= SLIP && (start + end == longest || !(middle(written) && middle(known)))
}

fn unknown_uri(context: &Context<'_, '_>, found: &mut Findings) {
    for at in context.parts().flat_map(|part| &part.extmaps) {
        let uri = at.value.uri;
        if KNOWN.contains(&uri) {
            continue;
        }
        let Some(near) = KNOWN.iter().find(|known| is_slip(uri, known)) else { continue };
        let span = context.span(uri);
        found
            .at(span, format!("nobody knows this URI; {} is {near}", name_of(near)))
            .unsafe_fix(format!("write {near}"), vec![Edit::replace(span, *near)]);
    }
}

/// Said once an m-line.
fn transport_cc(context: &Context<'_, '_>, found: &mut Findings) {
    let free = context.free_extension_ids().get(2).copied();
    let above = context.session.has_extension(TRANSPORT_SEQUENCE);
    for part in context.media.iter().filter(|part| part.is_rtp() && !part.section.is_rejected()) {
        let feedback = part.feedback.iter().find(|at| at.value.feedback == Feedback::TransportCc);
        let extension = above || part.has_extension(TRANSPORT_SEQUENCE);
        if let (Some(feedback), false) = (feedback, extension) {
            let message = format!("{} has no header extension that numbers its packets", part.name());
            let finding = found.at(feedback.line.span(), message);
            if let Some(id) = free {
                let edit = part.append(&format!("a=extmap:{id} {TRANSPORT_SEQUENCE}"));
                finding.unsafe_fix("add the header extension", vec![edit]);
            }
        } else if feedback.is_none() {
            let own = part.extmaps.iter().find(|at| at.value.uri == TRANSPORT_SEQUENCE);
            if let Some(own) = own {
                let message = format!("no codec of {} has feedback of the kind transport-cc", part.name());
                found.at(own.line.span(), message);
            }
        }
    }
}
