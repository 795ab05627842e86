//! `a=group:BUNDLE` and `a=bundle-only`: which m-lines share a transport.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Role, known_mids, without, without_word};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{BundleOnly, Key};
use crate::text::Span;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-unknown-mid",
            severity: Severity::Error,
            summary: "A BUNDLE group names a mid that no m-line has",
            what: "A BUNDLE group lists the mids of m-lines of the same description.",
            why: "libwebrtc refuses the description. Firefox does where the mid is the first one, whose transport all others use.",
            advice: "Take the mid out of the group, or give its m-line that name. It happens where m-lines are removed or renamed.",
            source: "RFC 5888, section 5; libwebrtc, peer_connection.cc (A BUNDLE group contains a MID matching no m= section)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::session("a=group:BUNDLE 0 «9»")],
        valid: &[Example::session("a=group:BUNDLE 0")],
        check: Check::Description(unknown_mid),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-mid-twice",
            severity: Severity::Error,
            summary: "A mid stands twice in BUNDLE groups",
            what: "An m-line belongs to one BUNDLE group, and the group names it once.",
            why: "An m-line has one transport. Firefox refuses the description, libwebrtc too where the groups are two.",
            advice: "Name each mid once.",
            source: "RFC 9143, section 7; libwebrtc, peer_connection.cc (MID that is already in a BUNDLE group)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::session("a=group:BUNDLE 0\na=group:BUNDLE «0»"), Example::session("a=group:BUNDLE 0 «0»")],
        valid: &[Example::session("a=group:BUNDLE 0")],
        check: Check::Description(mid_twice),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-without-rtcp-mux",
            severity: Severity::Error,
            summary: "A bundled m-line of RTP has no a=rtcp-mux",
            what: "Bundled media send RTP and RTCP through one port, so each of their m-lines says a=rtcp-mux.",
            why: "Chrome, Safari and Firefox refuse the description.",
            advice: "Add a=rtcp-mux to every bundled m-line of RTP; where it is inherited from the first one browsers do not see it.",
            source: "RFC 9143, section 9.3; libwebrtc, peer_connection.cc (rtcp-mux must be enabled when BUNDLE is enabled)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=ice-ufrag:F7gI\r\n\
            a=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=fingerprint:sha-1 \
            4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\na=setup:actpass\r\n\
            «m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n",
        )],
        valid: &[Example::media("a=rtcp-mux")],
        check: Check::Description(without_rtcp_mux),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-tag-rejected",
            severity: Severity::Error,
            summary: "The first m-line of a BUNDLE group is refused, others are not",
            what: "The first mid of the group says whose address, ICE credentials and DTLS parameters all of the group use.",
            why: "The transport of an m-line with port 0 does not exist, so nothing in the group has one. Firefox refuses the \
                description, libwebrtc refuses it as an answer.",
            advice: "Put an m-line that is accepted first in the group, and leave refused ones out.",
            source: "RFC 9143, section 7.3; libwebrtc, jsep_transport_controller.cc",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE «0» 1\r\n\
            m=audio 0 RTP/AVP 0\r\na=mid:0\r\na=rtcp-mux\r\nm=audio 49172 RTP/AVP 8\r\na=mid:1\r\na=rtcp-mux\r\n",
        )
        .in_profile(Profile::Generic)],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE 1\r\n\
            m=audio 0 RTP/AVP 0\r\na=mid:0\r\na=rtcp-mux\r\nm=audio 49172 RTP/AVP 8\r\na=mid:1\r\na=rtcp-mux\r\n",
        )
        .in_profile(Profile::Generic)],
        check: Check::Description(tag_rejected),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-only-nonzero-port",
            severity: Severity::Warning,
            summary: "An m-line with a port says a=bundle-only",
            what: "The attribute means: this m-line has no address of its own, take it bundled or not at all. It goes with port 0.",
            why: "With another port it has no meaning: libwebrtc passes over it without a word.",
            advice: "Take the attribute out, or set the port to 0.",
            source: "RFC 9143, section 6; libwebrtc, webrtc_sdp.cc (ParseMediaDescription)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("«a=bundle-only»")],
        valid: &[Example::media("m=audio 0 UDP/TLS/RTP/SAVPF 0\na=bundle-only")],
        check: Check::Description(only_with_port),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-only-not-in-group",
            severity: Severity::Error,
            summary: "A bundle-only m-line is in no BUNDLE group",
            what: "An m-line that says a=bundle-only is offered as part of a bundle and has no transport otherwise.",
            why: "Without a group it can never carry anything.",
            advice: "Name its mid in the BUNDLE group, or give it a port and take the attribute out.",
            source: "RFC 9143, section 6",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
            m=audio 0 RTP/AVP 0\r\na=mid:0\r\n«a=bundle-only»\r\n",
        )],
        valid: &[Example::media("m=audio 0 UDP/TLS/RTP/SAVPF 0\na=bundle-only")],
        check: Check::Description(only_alone),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-port-zero-in-bundle",
            severity: Severity::Info,
            summary: "A refused m-line is in a BUNDLE group",
            what: "Port 0 without a=bundle-only says that the m-line is refused or stopped, and such an m-line leaves its group.",
            why: "Where the m-line was meant to share the transport of the group, it is off instead.",
            advice: "Add a=bundle-only where it is offered for the bundle only; else take its mid out of the group.",
            source: "RFC 9143, section 7.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE 0 «1»\r\n\
            m=audio 49170 RTP/AVP 0\r\na=mid:0\r\na=rtcp-mux\r\nm=audio 0 RTP/AVP 8\r\na=mid:1\r\n",
        )
        .in_profile(Profile::Generic)],
        valid: &[Example::session("a=group:BUNDLE 0")],
        check: Check::Description(port_zero),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-absent",
            severity: Severity::Info,
            summary: "Several m-lines, and no BUNDLE group",
            what: "A BUNDLE group lets all m-lines use one transport; without one each has ICE and DTLS of its own.",
            why: "It costs ports, candidates and time, and a peer with bundlePolicy max-bundle takes the first m-line only.",
            advice: "Add a=group:BUNDLE with the mids of all m-lines; in an answer, of those that the offer bundled.",
            source: "RFC 9429, section 4.1.1",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole(TWO_WITHOUT_GROUP)],
        valid: &[Example::session("a=group:BUNDLE 0")],
        check: Check::Description(absent),
    },
];

const TWO_WITHOUT_GROUP: &str = "«v=0»\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:F7gI\r\n\
    a=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=setup:actpass\r\na=fingerprint:sha-1 \
    4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n\
    a=mid:0\r\na=rtcp-mux\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\n";

fn unknown_mid(context: &Context<'_, '_>, found: &mut Findings) {
    if context.document.groups("BUNDLE").next().is_none() {
        return;
    }
    let Some(known) = known_mids(context) else { return };
    let nameless = context.media.iter().filter(|part| !part.section.has(Key::Mid)).count();
    let mut told = BTreeSet::new();
    for group in context.document.groups("BUNDLE") {
        for (place, mid) in group.mids.iter().enumerate().filter(|(_, mid)| !known.contains(mid.as_bytes())) {
            if !told.insert(mid) {
                continue;
            }
            let strict = place == 0 || context.role == Some(Role::Answer);
            let firefox = if strict { Verdict::Rejects } else { Verdict::Accepts };
            // libwebrtc calls m-lines without a mid 0, 1 and so on before it looks.
            let made_up = mid.parse::<usize>().is_ok_and(|number| number < nameless);
            let libwebrtc = if made_up { Verdict::Accepts } else { Verdict::Rejects };
            found
                .at(context.span(mid), format!("the BUNDLE group names mid {mid}, which no m-line has"))
                .verdicts(Verdicts::libwebrtc(libwebrtc).firefox(firefox).rfc(Verdict::Rejects))
                .unsafe_fix(format!("take {mid} out of the group"), vec![without_word(context, mid)]);
        }
    }
}

fn mid_twice(context: &Context<'_, '_>, found: &mut Findings) {
    let mut places: BTreeMap<&str, (usize, Span)> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for (number, group) in context.document.groups("BUNDLE").enumerate() {
        for mid in group.mids.iter() {
            let span = context.span(mid);
            let Some((first, at)) = places.get(mid) else {
                places.insert(mid, (number, span));
                continue;
            };
            if !told.insert(mid) {
                continue;
            }
            let finding = found.at(span, format!("mid {mid} is in a BUNDLE group already"));
            finding.also(*at, "here");
            if *first == number {
                let verdicts = Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects);
                finding.verdicts(verdicts.rfc(Verdict::Rejects));
            }
        }
    }
}

fn without_rtcp_mux(context: &Context<'_, '_>, found: &mut Findings) {
    for (part, bundle) in context.media.iter().zip(context.bundles()) {
        let open = part.is_rtp() && !part.section.is_rejected() && !part.section.has(Key::BundleOnly);
        // With a word behind it the line is a fault of its own, and browsers take it.
        let said = || part.section.lines().iter().any(|line| line.content().starts_with(b"a=rtcp-mux "));
        if bundle.is_none() || !open || part.section.has(Key::RtcpMux) || said() {
            continue;
        }
        let inherited = part.section.has_in_force(Key::RtcpMux);
        let message = if inherited { " by itself" } else { "" };
        let finding = found.at(part.head(), format!("{} is bundled and does not say a=rtcp-mux{message}", part.name()));
        finding.unsafe_fix("add a=rtcp-mux", vec![part.append("a=rtcp-mux")]);
        if inherited {
            // Enough by the RFC, which lets the first m-line of a bundle speak for all; browsers want it in each.
            let verdicts = Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects);
            finding.severity(Severity::Warning).verdicts(verdicts.rfc(Verdict::Accepts));
        }
    }
}

fn tag_rejected(context: &Context<'_, '_>, found: &mut Findings) {
    let places = context.mids();
    let rejected =
        |mid: &str| places.get(mid).and_then(|index| context.media.get(*index)).map(|p| p.section.is_rejected());
    for group in context.document.groups("BUNDLE") {
        let Some(tag) = group.mids.iter().next() else { continue };
        let live = group.mids.iter().find(|mid| rejected(mid) == Some(false));
        if let (Some(true), Some(live)) = (rejected(tag), live) {
            let message = format!("mid {tag} has port 0, so that the bundle has no transport; mid {live} is open");
            let finding = found.at(context.span(tag), message);
            finding.unsafe_fix(format!("take {tag} out of the group"), vec![without_word(context, tag)]);
            if context.role == Some(Role::Answer) {
                finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects));
            }
        }
    }
}

fn only_with_port(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let Some(media) = part.media.filter(|media| media.port != 0) else { continue };
        if let Some((line, _)) = part.section.lines_with::<BundleOnly>().next() {
            let message = format!("{} says bundle-only and has port {}", part.name(), media.port);
            found.at(line.span(), message).unsafe_fix("take the line out", vec![without(line)]);
        }
    }
}

fn only_alone(context: &Context<'_, '_>, found: &mut Findings) {
    for (part, bundle) in context.media.iter().zip(context.bundles()) {
        let waits = part.media.is_some_and(|media| media.port == 0) && bundle.is_none();
        let line = part.section.lines_with::<BundleOnly>().next().filter(|_| waits);
        if let Some((line, _)) = line {
            found.at(line.span(), format!("{} is in no BUNDLE group and has no port either", part.name()));
        }
    }
}

fn port_zero(context: &Context<'_, '_>, found: &mut Findings) {
    let places = context.mids();
    for group in context.document.groups("BUNDLE") {
        // The first one is worse: another rule speaks of it.
        for mid in group.mids.iter().skip(1) {
            let part = places.get(mid).and_then(|index| context.media.get(*index));
            if part.is_some_and(|part| part.section.is_rejected()) {
                found
                    .at(context.span(mid), format!("mid {mid} has port 0 and does not say a=bundle-only"))
                    .unsafe_fix(format!("take {mid} out of the group"), vec![without_word(context, mid)]);
            }
        }
    }
}

fn absent(context: &Context<'_, '_>, found: &mut Findings) {
    let open = context.media.iter().filter(|part| part.media.is_some() && !part.section.is_rejected()).count();
    if open > 1 && context.document.groups("BUNDLE").next().is_none() {
        let message = format!("{open} m-lines, each with a transport of its own");
        found.at(context.session.head(), message);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::{Options, Role, Target, Verdict, lint};
    use crate::sdp::Document;

    const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

    /// What Chrome and Firefox do with each mid that no m-line has.
    fn unknown(text: &str, role: Option<Role>) -> Vec<(Verdict, Verdict)> {
        let text = format!("{HEAD}{text}");
        let report = lint(&Document::parse(text.as_bytes()), &Options { role, ..Options::default() });
        let own = report.findings.iter().filter(|finding| finding.rule.rule.name == "sdp-bundle-unknown-mid");
        own.map(|finding| (finding.verdicts.of(Target::Chrome), finding.verdicts.of(Target::Firefox))).collect()
    }

    #[test]
    fn a_broken_mid_is_one_fault_and_not_one_of_its_group() {
        for line in ["a=mid", "a=mid:", "a= mid:0", "A=mid:0", "a=mid:0 1"] {
            let text = format!("a=group:BUNDLE 0\r\nm=audio 9 RTP/AVP 0\r\n{line}\r\na=rtcp-mux\r\n");
            assert_eq!(unknown(&text, None), [], "{line}");
        }
    }

    #[test]
    fn names_that_libwebrtc_makes_up_are_known_to_it() {
        let text = "a=group:BUNDLE 0 7\r\nm=audio 9 RTP/AVP 0\r\na=rtcp-mux\r\n";
        let expected = [(Verdict::Accepts, Verdict::Rejects), (Verdict::Rejects, Verdict::Accepts)];
        assert_eq!(unknown(text, None), expected);
        let answered = unknown(text, Some(Role::Answer));
        assert_eq!(answered.last(), Some(&(Verdict::Rejects, Verdict::Rejects)));
    }
}
