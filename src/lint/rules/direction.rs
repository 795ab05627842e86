//! Directions of media.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Part};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Direction, Key, Line, LineType};
use crate::text::Edit;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-direction-multiple",
            severity: Severity::Error,
            summary: "Two different directions stand at one level",
            what: "An m-line, and the session level, has at most one of sendrecv, sendonly, recvonly and inactive.",
            why: "Browsers take the last one without a word, other readers the first: the two sides disagree about who sends.",
            advice: "Keep the one that is meant.",
            source: "RFC 8866, section 6.7; RFC 9429, section 5.8.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("a=sendrecv\n«a=recvonly»")],
        valid: &[Example::media("a=sendrecv")],
        check: Check::Description(multiple),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-direction-missing",
            severity: Severity::Info,
            summary: "An m-line says no direction",
            what: "Without one sendrecv holds.",
            why: "Most readers know that, some do not.",
            advice: "Write a=sendrecv.",
            source: "RFC 8866, section 6.7; str0m, which refuses it",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Safe),
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«m=audio 5000 RTP/AVP 0»\r\nc=IN IP4 192.0.2.1\r\n",
        )],
        valid: &[
            Example::media("a=sendonly"),
            Example::whole(
                "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=sendonly\r\nm=audio 5000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n",
            ),
        ],
        check: Check::Description(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-direction-hold-0000",
            severity: Severity::Warning,
            summary: "A stream is put on hold by the address 0.0.0.0",
            what: "The address 0.0.0.0 was how RFC 2543 put a stream on hold; since RFC 3264 the direction says it.",
            why: "RTCP stops too, and what sends to the address as it is said sends nowhere.",
            advice: "Keep the address and write a=sendonly, or a=inactive.",
            source: "RFC 3264, section 8.4",
        },
        profiles: &[Profile::Sip],
        verdicts: Verdicts::NOT_KNOWN,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n«c=IN IP4 0.0.0.0»\r\nt=0 0\r\nm=audio 5000 RTP/AVP 0\r\na=sendrecv\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5000 RTP/AVP 0\r\na=sendonly\r\n",
        )],
        check: Check::Description(hold),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-direction-with-port-zero",
            severity: Severity::Info,
            summary: "A refused m-line says that it sends or receives",
            what: "With port 0 an m-line is refused, and its direction means nothing.",
            why: "It does no harm; who looks at the direction alone believes that something flows.",
            advice: "Write a=inactive, or nothing.",
            source: "RFC 3264, section 5.1 and section 6",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::media("m=audio 0 UDP/TLS/RTP/SAVPF 0\n«a=sendrecv»")],
        valid: &[Example::media("m=audio 0 UDP/TLS/RTP/SAVPF 0\na=inactive")],
        check: Check::Description(with_port_zero),
    },
];

/// The lines of a section that say a direction.
fn said<'d, 'a>(part: &Part<'d, 'a>) -> impl Iterator<Item = (&'d Line<'a>, Direction)> {
    let lines = part.section.lines().iter();
    lines
        .filter(|line| line.line_type() == LineType::Attribute)
        .filter_map(|line| Some((line, Direction::from_key(line.key())?)))
        .filter(|(line, _)| line.attribute_value().is_none())
}

fn multiple(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.parts() {
        let mut first: Option<(&Line<'_>, Direction)> = None;
        for (line, direction) in said(part) {
            let Some((earlier, other)) = first else {
                first = Some((line, direction));
                continue;
            };
            if other != direction {
                found
                    .at(line.span(), format!("{direction} contradicts {other}"))
                    .also(earlier.span(), "the first direction");
            }
        }
    }
}

fn missing(context: &Context<'_, '_>, found: &mut Findings) {
    if said(&context.session).next().is_some() {
        return;
    }
    for part in context.media.iter().filter(|part| part.is_rtp() && !part.section.is_rejected()) {
        if said(part).next().is_none() {
            found
                .at(part.head(), format!("{} says no direction, so that sendrecv holds", part.name()))
                .fix("say it", vec![part.append("a=sendrecv")]);
        }
    }
}

fn hold(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.is_rtp() && !part.section.is_rejected()) {
        let held = part.section.connection().is_some_and(|connection| connection.is_unspecified());
        let direction = part.section.direction();
        if !held || !direction.sends() || !direction.receives() || part.section.has_in_force(Key::IceUfrag) {
            continue;
        }
        let own = part.section.lines_of(LineType::Connection).next();
        let line = own.or_else(|| context.session.section.lines_of(LineType::Connection).next());
        let span = line.map_or(part.head(), Line::span);
        let edit = match said(part).last() {
            Some((line, _)) => Edit::replace(line.span(), "a=sendonly"),
            None => part.append("a=sendonly"),
        };
        found
            .at(span, format!("this puts {} on hold in a way that is out of use", part.name()))
            .unsafe_fix("say that the stream is only sent", vec![edit]);
    }
}

fn with_port_zero(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.is_rtp() && part.section.is_rejected()) {
        let active = said(part).find(|(_, direction)| *direction != Direction::Inactive);
        if let Some((line, direction)) = active {
            found.at(line.span(), format!("{direction} means nothing in an m-line that is refused"));
        }
    }
}
