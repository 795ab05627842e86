//! What ICE agents say of themselves beside their credentials.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, Role, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::lint::transport::Transports;
use crate::sdp::{Connection, Expected, IceOptions, Key, LineType, Value};
use crate::text::Edit;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-ice-lite-level",
            severity: Severity::Error,
            summary: "a=ice-lite stands in a media section",
            what: "a=ice-lite says something of the whole agent, so that it stands at session level only.",
            why: "Browsers do not see it there. They take the other side for a full agent, and where they answer a lite one both may \
                wait for the other to nominate.",
            advice: "Put the line before the first m= line.",
            source: "RFC 8839, section 5.3; webrtc-sdp, issue 208",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("«a=ice-lite»")],
        valid: &[Example::session("a=ice-lite")],
        check: Check::Misread(lite_level),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ice-options-trickle-ice2",
            severity: Severity::Info,
            summary: "a=ice-options does not say trickle and ice2",
            what: "A WebRTC end point says a=ice-options:trickle ice2: it sends and takes candidates one by one, and follows RFC 8445.",
            why: "An end that sees no `trickle` may wait for all candidates before it answers. Browsers write `trickle` alone and \
                mind nothing.",
            advice: "Say both where they are true.",
            source: "RFC 9429, section 5.2.1; RFC 8445, section 10",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("«m=audio 9 UDP/TLS/RTP/SAVPF 0»\na=ice-options:trickle")],
        valid: &[Example::media("a=ice-options:trickle ice2")],
        check: Check::Description(options),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ice-mismatch-default",
            severity: Severity::Warning,
            summary: "The address of the m-line is none of its candidates",
            what: "The address in c= and the port in m= are the default candidate, which is listed among the candidates too; where \
                nothing is known yet they are port 9 and 0.0.0.0.",
            why: "An agent that checks it takes this for a middlebox that rewrote the address, answers with a=ice-mismatch and does \
                without ICE. Browsers do not check.",
            advice: "Change c=, m= and the candidates together, or leave them all.",
            source: "RFC 8839, section 4.2.5; RFC 8445, section 5.4",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "m=audio «40000» UDP/TLS/RTP/SAVPF 0\nc=IN IP4 198.51.100.9\na=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host",
        )],
        valid: &[
            Example::media(
                "m=audio 5000 UDP/TLS/RTP/SAVPF 0\nc=IN IP4 203.0.113.7\na=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host",
            ),
            Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host"),
        ],
        check: Check::Description(default_candidate),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-remote-candidates-early",
            severity: Severity::Warning,
            summary: "a=remote-candidates stands where no candidates were chosen yet",
            what: "The controlling agent lists the other side's candidates that were chosen, in an offer after ICE has finished.",
            why: "Before that there is nothing that was chosen. Browsers leave the line out.",
            advice: "Take the line out; it is likely left over from a description before an ICE restart.",
            source: "RFC 8839, section 5.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("«a=remote-candidates:1 203.0.113.9 5000»")],
        valid: &[Example::media(
            "m=audio 5000 UDP/TLS/RTP/SAVPF 0\nc=IN IP4 203.0.113.7\na=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host\n\
            a=remote-candidates:1 203.0.113.9 5000",
        )],
        check: Check::Description(remote_candidates),
    },
];

fn lite_level(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.is_of(Key::IceLite)) else { return false };
    if fault.error.expected != Expected::SessionLevel {
        return false;
    }
    let finding = found.at(line.span(), "`a=ice-lite` is read at session level only");
    let mut edits = vec![without(line)];
    if !context.session.section.has(Key::IceLite) {
        edits.insert(0, context.session.append("a=ice-lite"));
    }
    finding.unsafe_fix("say it at session level", edits);
    true
}

/// Said once: an agent has one habit.
fn options(context: &Context<'_, '_>, found: &mut Findings) {
    if context.session.section.has(Key::IceLite) {
        return;
    }
    let transports = Transports::new(context);
    let Some(first) = transports.each().find(|transport| transport.apart(Key::IceUfrag).is_some()) else { return };
    let said = first.part.section.values::<IceOptions<'_>>().chain(context.session.section.values());
    let said: Vec<&str> = said.flat_map(|options| options.0.iter()).collect();
    let lacks: Vec<&str> = ["trickle", "ice2"].into_iter().filter(|option| !said.contains(option)).collect();
    if !lacks.is_empty() {
        let message = format!("`a=ice-options` of {} does not say `{}`", first.part.name(), lacks.join("` and `"));
        found.at(first.part.head(), message);
    }
}

fn default_candidate(context: &Context<'_, '_>, found: &mut Findings) {
    let of_session = context.session.section.connection();
    for part in &context.media {
        let Some(media) = part.media.filter(|media| !matches!(media.port, 0 | 9)) else { continue };
        let lines = part.section.attribute_lines(Key::Candidate).count();
        // A candidate that makes no sense may be the one.
        if lines == 0 || lines != part.candidates.len() {
            continue;
        }
        let own = part.section.lines_of(LineType::Connection).find_map(|line| match line.parse() {
            Ok(Value::Connection(connection)) => Some(connection),
            _ => None,
        });
        let Some(Connection { address, .. }) = own.or(of_session) else { continue };
        let Ok(ip) = address.parse::<std::net::IpAddr>() else { continue };
        let listed = part.candidates.iter().any(|candidate| {
            // A name may stand for the address.
            let same = candidate.value.address.parse::<std::net::IpAddr>().map_or(true, |own| own == ip);
            same && candidate.value.port == media.port
        });
        if !ip.is_unspecified() && !listed {
            let span = port_span(part);
            let message = format!("{address} port {} is none of the candidates of {}", media.port, part.name());
            found.at(span, message);
        }
    }
}

/// The port in the `m=` line.
fn port_span(part: &crate::lint::context::Part<'_, '_>) -> crate::text::Span {
    let word = part.first_line().and_then(|line| line.words().nth(1));
    word.map_or(part.head(), |word| word.span)
}

fn remote_candidates(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let placeholder = part.media.is_some_and(|media| media.port == 9);
        if !placeholder && context.role != Some(Role::Answer) {
            continue;
        }
        for line in part.section.attribute_lines(Key::RemoteCandidates) {
            let message = if placeholder {
                "this m-line has no address yet, so that nothing was chosen"
            } else {
                "an answer does not say which candidates were chosen"
            };
            found.at(line.span(), message).unsafe_fix("take the line out", vec![Edit::delete(line.full_span())]);
        }
    }
}
