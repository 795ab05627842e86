//! `a=rtcp`, `a=rtcp-mux` and `a=rtcp-rsize`: where RTCP goes, and how.

use std::collections::HashSet;

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::lint::transport::Transports;
use crate::sdp::{Expected, Key, Rtcp};
use crate::text::Edit;

/// The port that says there is none yet.
const PLACEHOLDER: u16 = 9;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-rtcp-mux-missing",
            severity: Severity::Error,
            summary: "An m-line of RTP has no a=rtcp-mux",
            what: "WebRTC sends RTP and RTCP over one port. In a bundle that is a rule of its own.",
            why: "Browsers require it unless the page sets another rtcpMuxPolicy, and refuse the description.",
            advice: "Add a=rtcp-mux, and make sure that the end point does so.",
            source: "RFC 9429, section 5.8.3; RFC 8834, section 4.5; libwebrtc, RTCP-MUX is not enabled when it is required",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(concat!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\nc=IN IP4 0.0.0.0\r\n",
            "a=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=mid:0\r\na=setup:actpass\r\n",
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n",
        ))],
        valid: &[Example::media("a=rtcp-mux")],
        check: Check::Description(no_mux),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcp-mux-only-alone",
            severity: Severity::Error,
            summary: "a=rtcp-mux-only stands without a=rtcp-mux",
            what: "a=rtcp-mux-only says that there is no way but one port; a=rtcp-mux beside it says so to those who know only that.",
            why: "Browsers know only a=rtcp-mux, and refuse the description for want of it.",
            advice: "Add a=rtcp-mux.",
            source: "RFC 8858, section 3; RFC 9429, section 5.8.3",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(concat!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n",
            "a=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=mid:0\r\na=setup:actpass\r\n«a=rtcp-mux-only»\r\n",
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n",
        ))],
        valid: &[Example::media("a=rtcp-mux\na=rtcp-mux-only")],
        check: Check::Description(only_alone),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcp-syntax",
            severity: Severity::Error,
            summary: "An a=rtcp line makes no sense",
            what: "It is a port and, where that differs from c=, a network type, an address type and an address.",
            why: "Browsers do not look; a telephone sends RTCP to the port after RTP's instead, or refuses the description.",
            advice: "Write `a=rtcp:53020` or `a=rtcp:53020 IN IP4 192.0.2.1`.",
            source: "RFC 3605, section 2.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=rtcp:«34er21»")],
        valid: &[Example::media("a=rtcp:53020 IN IP6 2001:db8::1")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcp-with-mux",
            severity: Severity::Info,
            summary: "a=rtcp names another port than RTP's beside a=rtcp-mux",
            what: "With a=rtcp-mux RTCP comes on RTP's port. The port in a=rtcp serves, in an offer, those who do not know a=rtcp-mux.",
            why: "Where one port is required nobody ever uses it; browsers do not look at it.",
            advice: "Leave the line out, or name RTP's port.",
            source: "RFC 5761, section 5.1.3",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=audio 5000 UDP/TLS/RTP/SAVPF 0\nc=IN IP4 203.0.113.7\na=rtcp:«5001»\na=rtcp-mux")],
        valid: &[Example::media("m=audio 5000 UDP/TLS/RTP/SAVPF 0\nc=IN IP4 203.0.113.7\na=rtcp:5000\na=rtcp-mux")],
        check: Check::Description(port_beside_mux),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcp-odd-port-sip",
            severity: Severity::Info,
            summary: "The port of RTP is odd, and nothing says where RTCP goes",
            what: "RTP uses an even port and RTCP the odd one after it. Where RTP's is odd, a=rtcp names RTCP's.",
            why: "Some ends send RTCP to the port after, some to the even port below, and some refuse the port.",
            advice: "Choose an even port, or add a=rtcp.",
            source: "RFC 3550, section 11; RFC 3605, section 1",
        },
        profiles: &[Profile::Sip],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio «5005» RTP/AVP 0\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5005 RTP/AVP 0\r\na=rtcp:5006\r\n",
        )],
        check: Check::Description(odd_port),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcp-rsize-without-avpf",
            severity: Severity::Warning,
            summary: "a=rtcp-rsize stands in an m-line without feedback",
            what: "Packets of RTCP of reduced size are for the profiles with early feedback, RTP/AVPF and RTP/SAVPF.",
            why: "With RTP/AVP every packet of RTCP starts with a report, and an end that does not know better drops one that does not.",
            advice: "Name the profile with feedback, or take the line out.",
            source: "RFC 5506, section 3 and section 5",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/AVP 0\r\n«a=rtcp-rsize»\r\n",
        )],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5004 RTP/AVPF 0\r\na=rtcp-rsize\r\n",
        )],
        check: Check::Description(reduced_size),
    },
];

fn no_mux(context: &Context<'_, '_>, found: &mut Findings) {
    // Bundles without it have a rule of their own.
    let bundled: HashSet<&str> = context.document.groups("BUNDLE").flat_map(|group| group.mids.iter()).collect();
    for transport in Transports::new(context).each().filter(|transport| transport.is_own() && transport.part.is_rtp()) {
        let part = transport.part;
        if transport.own(Key::RtcpMux).is_some() || transport.own(Key::RtcpMuxOnly).is_some() {
            continue;
        }
        if part.section.mid().is_none_or(|mid| !bundled.contains(mid)) {
            found
                .at(part.head(), format!("{} has no a=rtcp-mux", part.name()))
                .unsafe_fix("say a=rtcp-mux", vec![part.append("a=rtcp-mux")]);
        }
    }
}

fn only_alone(context: &Context<'_, '_>, found: &mut Findings) {
    for transport in Transports::new(context).each() {
        let Some(line) = transport.own(Key::RtcpMuxOnly) else { continue };
        if transport.own(Key::RtcpMux).is_none() {
            found
                .at(line.span(), format!("{} has no a=rtcp-mux beside it", transport.part.name()))
                .unsafe_fix("say a=rtcp-mux too", vec![transport.part.append("a=rtcp-mux")]);
        }
    }
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let other =
        matches!(fault.error.expected, Expected::Utf8 | Expected::NoControl | Expected::NoSpace | Expected::MediaLevel);
    let nothing = fault.line.is_some_and(|line| line.words().next().is_none());
    if !fault.is_of(Key::Rtcp) || other || nothing || matches!(fault.error.expected, Expected::OnceAttribute { .. }) {
        return false;
    }
    found.at(fault.error.span, fault.error.to_string());
    true
}

fn port_beside_mux(context: &Context<'_, '_>, found: &mut Findings) {
    for transport in Transports::new(context).each() {
        let (Some(media), Some(mux)) = (transport.part.media, transport.own(Key::RtcpMux)) else { continue };
        for (line, rtcp) in transport.part.section.lines_with::<Rtcp<'_>>() {
            if rtcp.port == media.port || matches!(rtcp.port, 0 | PLACEHOLDER) {
                continue;
            }
            let span = crate::lint::transport::first_word(line);
            found
                .at(span, format!("RTCP comes on port {}, not on {}", media.port, rtcp.port))
                .also(mux.span(), "because of this")
                .unsafe_fix("take the line out", vec![Edit::delete(line.full_span())]);
        }
    }
}

fn odd_port(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.is_rtp()) {
        let Some(media) = part.media.filter(|media| media.port % 2 == 1 && media.port != PLACEHOLDER) else { continue };
        let said = [Key::Rtcp, Key::RtcpMux, Key::Candidate].into_iter().any(|key| part.section.has(key));
        let word = part.first_line().and_then(|line| line.words().nth(1));
        if let Some(word) = word.filter(|_| !said) {
            found.at(word.span, format!("port {} is odd, and {} has no a=rtcp", media.port, part.name()));
        }
    }
}

fn reduced_size(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.is_rtp() && !part.section.is_rejected()) {
        let Some(media) = part.media.filter(|media| !media.protocol.ends_with('F')) else { continue };
        for line in part.section.attribute_lines(Key::RtcpRsize) {
            found.at(line.span(), format!("{} has no early feedback", media.protocol));
        }
    }
}
