//! `a=setup` and `a=tls-id`: who opens a DTLS association, and its name.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, Role};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::lint::transport::{Transports, first_word};
use crate::sdp::{Expected, Key, Line, Setup};
use crate::text::Edit;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-setup-missing",
            severity: Severity::Warning,
            summary: "An m-line over DTLS has no a=setup",
            what: "Both sides say in a=setup who opens the DTLS association: an offer `actpass`, an answer `active` or `passive`.",
            why: "Firefox refuses an offer without it. Chrome assumes what it would say itself, which may be what the other side assumes \
                too: then both wait.",
            advice: "Add a=setup:actpass to an offer, a=setup:active to an answer.",
            source: "RFC 5763, section 5; RFC 9429, section 5.8.3; str0m, issue 39",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(concat!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\nc=IN IP4 0.0.0.0\r\n",
            "a=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=mid:0\r\na=rtcp-mux\r\n",
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n",
        ))
        .as_role(Role::Offer)],
        valid: &[Example::media("a=setup:actpass"), Example::session("a=setup:actpass")],
        check: Check::Description(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-setup-invalid",
            severity: Severity::Error,
            summary: "The role in a=setup is none",
            what: "The role is `active`, `passive`, `actpass` or `holdconn`.",
            why: "Browsers refuse the description.",
            advice: "Write actpass in an offer, active or passive in an answer.",
            source: "RFC 4145, section 4; libwebrtc, webrtc_sdp.cc (ParseDtlsSetup)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=setup:«foo»")],
        valid: &[Example::media("a=setup:passive")],
        check: Check::Misread(invalid),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-setup-offer-not-actpass",
            severity: Severity::Warning,
            summary: "An offer does not leave the DTLS role open",
            what: "A first offer says a=setup:actpass, and the answer chooses.",
            why: "Browsers take a fixed role from the other side and refuse to offer one themselves. An end that is passive by nature, \
                and meets an offer that is passive too, has no way out.",
            advice: "Write actpass.",
            source: "RFC 8842, section 5.2; RFC 5763, section 5; libwebrtc, jsep_transport.cc",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=setup:«active»").as_role(Role::Offer)],
        valid: &[Example::media("a=setup:actpass").as_role(Role::Offer), Example::media("a=setup:active").as_role(Role::Answer)],
        check: Check::Description(not_open),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-setup-holdconn",
            severity: Severity::Error,
            summary: "a=setup:holdconn has no meaning in WebRTC",
            what: "With holdconn nobody opens a connection for now. DTLS has no such state.",
            why: "Firefox refuses the description; Chrome takes it and fails to answer.",
            advice: "Use a=inactive to stop media; leave the DTLS role as it was.",
            source: "RFC 8842, section 5.1; Firefox, illegal setup attribute holdconn",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=setup:«holdconn»")],
        valid: &[Example::media("a=setup:passive")],
        check: Check::Description(held),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-tls-id-length",
            severity: Severity::Error,
            summary: "An a=tls-id has not 20 to 255 characters of those allowed",
            what: "The name of a DTLS association has 20 to 255 letters, digits, `+`, `/`, `-` and `_`, so that no two are alike.",
            why: "Browsers do not read the attribute; others refuse the description, or take two associations for one.",
            advice: "Draw 20 characters or more at random.",
            source: "RFC 8842, section 4",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=tls-id:«abc»")],
        valid: &[Example::media("a=tls-id:abc3de65cddef001be82")],
        check: Check::Misread(name_length),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-tls-id-missing",
            severity: Severity::Info,
            summary: "No a=tls-id names the DTLS association",
            what: "A WebRTC end point names its DTLS association in a=tls-id, so that a new one can be told from the old.",
            why: "Without it a new association shows itself only by other ICE credentials and fingerprints. Browsers neither write nor \
                read it.",
            advice: "Nothing needs to be done for browsers.",
            source: "RFC 9429, section 5.2.1; RFC 8842, section 4",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("«m=audio 9 UDP/TLS/RTP/SAVPF 0»")],
        valid: &[Example::media("a=tls-id:abc3de65cddef001be82")],
        check: Check::Description(no_name),
    },
];

fn missing(context: &Context<'_, '_>, found: &mut Findings) {
    for transport in Transports::new(context).each().filter(|transport| transport.is_own()) {
        // Where there is no fingerprint that is the fault.
        let wanted = transport.part.is_dtls() || context.is_webrtc();
        if !wanted || transport.apart(Key::Fingerprint).is_none() || transport.apart(Key::Setup).is_some() {
            continue;
        }
        let part = transport.part;
        let finding = found.at(part.head(), format!("{} has no a=setup", part.name()));
        if context.role == Some(Role::Answer) {
            finding.verdicts(Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts));
        } else if context.role == Some(Role::Offer) {
            finding
                .severity(Severity::Error)
                .unsafe_fix("leave the role to the answer", vec![part.append("a=setup:actpass")]);
        }
    }
}

fn invalid(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Setup) || fault.error.span.is_empty() || !matches!(fault.error.expected, Expected::Word { .. })
    {
        return false;
    }
    let message = format!("`{}` is no role; those are active, passive, actpass and holdconn", fault.error.found);
    found.at(fault.error.span, message);
    true
}

/// The lines `a=setup` of m-lines that are in use and of the session level.
fn roles<'c, 'd, 'a>(context: &'c Context<'d, 'a>) -> impl Iterator<Item = (&'d Line<'a>, Setup)> + use<'c, 'd, 'a> {
    let used = context.parts().filter(|part| !part.section.is_rejected());
    used.flat_map(|part| part.section.lines_with::<Setup>())
}

fn not_open(context: &Context<'_, '_>, found: &mut Findings) {
    if context.role != Some(Role::Offer) {
        return;
    }
    for (line, setup) in roles(context).filter(|(_, setup)| matches!(setup, Setup::Active | Setup::Passive)) {
        let span = first_word(line);
        found
            .at(span, format!("this offer is {setup} and leaves the other side no choice"))
            .unsafe_fix("leave the role to the answer", vec![Edit::replace(span, "actpass")]);
    }
}

fn held(context: &Context<'_, '_>, found: &mut Findings) {
    for (line, _) in roles(context).filter(|(_, setup)| *setup == Setup::Holdconn) {
        found.at(first_word(line), "a DTLS association cannot be held");
    }
}

fn name_length(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::TlsId) || !matches!(fault.error.expected, Expected::Characters { .. }) {
        return false;
    }
    let length = fault.error.span.len();
    let message = if (20..=255).contains(&length) {
        "this name holds other characters than letters, digits, `+`, `/`, `-` and `_`".to_owned()
    } else {
        format!("this name has {length} characters; 20 to 255 are allowed")
    };
    found.at(fault.error.span, message);
    true
}

/// Said once: an end point names its associations or does not.
fn no_name(context: &Context<'_, '_>, found: &mut Findings) {
    let transports = Transports::new(context);
    let mut bare = transports.each().filter(|transport| transport.is_own() && transport.apart(Key::TlsId).is_none());
    let Some(first) = bare.find(|transport| transport.apart(Key::Fingerprint).is_some()) else { return };
    found.at(first.part.head(), format!("{} has no a=tls-id", first.part.name()));
}
