//! `a=mid`: the names of m-lines.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, Role};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Key, Mid};
use crate::text::Span;

/// The longest mid that fits a one-byte header extension element, which is what browsers allow.
const LONGEST: usize = 16;

/// The longest mid that RFC 9429 asks for, because every packet may carry it.
const SHORT: usize = 3;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-mid-not-token",
            severity: Severity::Error,
            summary: "An a=mid is not a token",
            what: "A mid is one token: visible ASCII characters without spaces, brackets, quotes, colons, commas or slashes.",
            why: "Groups, candidates and packets name the m-line by it. libwebrtc refuses the description.",
            advice: "Use a short name of letters and digits: the index of the m-line is what browsers write.",
            source: "RFC 5888, section 4; libwebrtc, webrtc_sdp_unittest.cc (IllegalMidCharacterValue)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=mid:«[]»"), Example::media("a=mid:0 «1»")],
        valid: &[Example::media("a=mid:0")],
        check: Check::Misread(not_token),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-mid-missing",
            severity: Severity::Warning,
            summary: "An m-line has no a=mid",
            what: "Every m-line of a WebRTC description has a name of its own.",
            why: "Without one it cannot be bundled and candidates find it by its index only. Browsers make up a name, and \
                libwebrtc refuses the description where the name that it makes up is taken by another m-line.",
            advice: "Add a=mid with a name that no other m-line has; in an answer, the name that the offer gave it.",
            source: "RFC 9429, section 5.2.1; libwebrtc, peer_connection_jsep_unittest.cc (MidBackfill tests)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\nc=IN IP4 0.0.0.0\r\n\
            a=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=setup:actpass\r\na=rtcp-mux\r\na=fingerprint:sha-1 \
            4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n",
        )],
        valid: &[Example::media("a=mid:0")],
        check: Check::Description(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-mid-duplicate",
            severity: Severity::Error,
            summary: "Two m-lines have the same a=mid",
            what: "A mid names one m-line of a description.",
            why: "Groups, candidates and packets that carry the name cannot be told apart: libwebrtc refuses the description, and \
                in Firefox one of the m-lines gets no media.",
            advice: "Give each m-line its own name, and name both in the groups. It happens where m-lines are copied.",
            source: "RFC 5888, section 4; libwebrtc, sdp_offer_answer.cc (ValidateMids)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\na=mid:0\r\n\
            m=audio 49172 RTP/AVP 8\r\na=mid:«0»\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\na=mid:0\r\n\
            m=audio 49172 RTP/AVP 8\r\na=mid:1\r\n",
        )],
        check: Check::Description(duplicate),
    },
    SdpRule {
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
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\na=mid:0123456789012345\r\n",
        )],
        check: Check::Description(too_long),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-mid-over-3-bytes",
            severity: Severity::Info,
            summary: "An a=mid is longer than 3 characters",
            what: "A mid should have 3 characters at most.",
            why: "Packets of a bundle may carry it, each time with all its characters.",
            advice: "Name m-lines by their index.",
            source: "RFC 9429, section 5.2.1",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::media("a=mid:«audio»")],
        valid: &[Example::media("a=mid:0")],
        check: Check::Description(over_three),
    },
];

fn not_token(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Mid) || !matches!(fault.error.expected, Expected::Token { .. } | Expected::End) {
        return false;
    }
    let message = format!("`{}` cannot stand in a mid, which is one token", fault.error.found.escape_debug());
    let finding = found.at(fault.error.span, message);
    if fault.error.expected == Expected::End {
        // Firefox passes over a line with two words.
        finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects));
    }
    true
}

fn missing(context: &Context<'_, '_>, found: &mut Findings) {
    let nameless = context.media.iter().filter(|part| part.media.is_some() && !part.section.has(Key::Mid));
    let mut taken: BTreeSet<String> = context.mids().into_keys().map(str::to_owned).collect();
    let named = taken.clone();
    for (number, part) in nameless.enumerate() {
        if part.section.is_rejected() {
            continue;
        }
        let index = part.index().unwrap_or_default();
        let mid = std::iter::once(index.to_string()).chain((0..).map(|more| format!("{index}-{more}")));
        let mid = mid.into_iter().find(|mid| !taken.contains(mid)).unwrap_or_default();
        let finding = found.at(part.head(), format!("{} has no a=mid", part.name()));
        finding.unsafe_fix(format!("name it {mid}"), vec![part.append(&format!("a=mid:{mid}"))]);
        // The names that libwebrtc makes up count from 0, whatever the others are called.
        if named.contains(&number.to_string()) {
            finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts));
        }
        taken.insert(mid);
    }
}

fn duplicate(context: &Context<'_, '_>, found: &mut Findings) {
    let mut places: BTreeMap<&str, Span> = BTreeMap::new();
    for part in &context.media {
        let Some(mid) = part.section.mid() else { continue };
        let span = context.span(mid);
        match places.get(mid) {
            Some(first) => {
                let finding = found.at(span, format!("mid {mid} names another m-line already"));
                finding.also(*first, "the first one");
                if context.role == Some(Role::Answer) {
                    finding.verdicts(Verdicts::REJECTED);
                }
            }
            None => {
                places.insert(mid, span);
            }
        }
    }
}

fn too_long(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        for Mid(mid) in part.section.values::<Mid<'_>>().filter(|mid| mid.0.len() > LONGEST) {
            let message = format!("this mid has {} characters; a browser takes {LONGEST} at most", mid.len());
            found.at(context.span(mid), message);
        }
    }
}

fn over_three(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let Some(mid) = part.section.mid() else { continue };
        if mid.len() > SHORT && mid.len() <= LONGEST {
            found.at(context.span(mid), format!("mid {mid} has {} characters; {SHORT} are enough", mid.len()));
        }
    }
}
