//! The keys of an answer beside those of its offer: DTLS, and keys in the descriptions.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::word_span;
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::{Both, Pair, line_of};
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::negotiate::ContradictionKind;
use crate::sdp::{Crypto, Key, Line, Setup};
use crate::text::Edit;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-p-setup-actpass-answer",
            severity: Severity::Error,
            summary: "The answer leaves open who opens DTLS",
            what: "`actpass` lets the other side choose; the answer is where the choice is made, with `active` or `passive`.",
            why: "Both sides may wait for the other one. Browsers refuse the answer.",
            advice: "Answer with `active`, which saves a round trip.",
            source: "RFC 5763, section 5; libwebrtc, jsep_transport.cc (\"Answerer must use either active or passive\")",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=setup:«actpass»").beside(Text::Offer, "a=setup:actpass")],
        valid: &[Example::media("a=setup:active").beside(Text::Offer, "a=setup:actpass")],
        check: Check::Pair(open),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-setup-pair",
            severity: Severity::Error,
            summary: "Both sides want to open DTLS, or both want to wait",
            what: "To `active` an answer says `passive`, and the other way round.",
            why: "Two clients or two servers never finish a handshake: no keys, no media.",
            advice: "Answer with the other one. Offer `actpass`, so that the answer can choose.",
            source: "RFC 4145, section 4.1; RFC 5763, section 5; libwebrtc, jsep_transport.cc",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("a=setup:«active»").in_profile(Profile::Generic).beside(Text::Offer, "a=setup:active"),
            Example::media("a=setup:«passive»").in_profile(Profile::Generic).beside(Text::Offer, "a=setup:passive"),
        ],
        valid: &[Example::media("a=setup:passive").beside(Text::Offer, "a=setup:actpass")],
        check: Check::Pair(same),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-setup-passive-latency",
            severity: Severity::Info,
            summary: "The answerer waits for DTLS, which costs a round trip",
            what: "The answer says `passive` though it could say `active`.",
            why: "The offerer can begin only when it has the answer; an active answerer begins at once.",
            advice: "Answer `active` on a first answer. Later ones keep the roles that are there.",
            source: "RFC 5763, section 5 (active is recommended)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::media("a=setup:«passive»").beside(Text::Offer, "a=setup:actpass")],
        valid: &[Example::media("a=setup:active").beside(Text::Offer, "a=setup:actpass")],
        check: Check::Pair(waits),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-fingerprint-missing",
            severity: Severity::Error,
            summary: "DTLS was offered and the answer has no fingerprint",
            what: "The m-line that carries a transport has an a=fingerprint in the answer too.",
            why: "The offerer cannot tell whose certificate it sees and must not go on. Browsers refuse the answer.",
            advice: "Put the fingerprint of the answerer's certificate into the section or the session level.",
            source: "RFC 9429, section 5.8.3; RFC 5763, section 5; libwebrtc, sdp_offer_answer.cc (VerifyCrypto)",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[Example::telephony("«m=audio 49172 UDP/TLS/RTP/SAVP 0»").beside(
            Text::Offer,
            "m=audio 49170 UDP/TLS/RTP/SAVP 0\na=setup:actpass\n\
            a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08",
        )],
        valid: &[Example::media("a=mid:0").beside(Text::Offer, "a=mid:0")],
        check: Check::Pair(no_fingerprint),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-crypto-tag",
            severity: Severity::Error,
            summary: "The answer does not choose one of the offered a=crypto lines",
            what: "An answer has one a=crypto, with the tag and the suite of the offered line that it accepts.",
            why: "The two sides take different keys or suites, so that every packet fails its check: silence.",
            advice: "Answer one line with the tag of the chosen one and the answerer's own key.",
            source: "RFC 4568, section 5.1.2 and section 5.1.3",
        },
        profiles: &[Profile::Sip, Profile::Generic],
        verdicts: Verdicts::NOT_KNOWN.rfc(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::telephony(
                "m=audio 49172 RTP/SAVP 0\na=crypto:«2» AES_CM_128_HMAC_SHA1_80 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj",
            )
            .beside(
                Text::Offer,
                "m=audio 49170 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz",
            ),
            Example::telephony(
                "m=audio 49172 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj\n\
                a=crypto:«2» AES_CM_128_HMAC_SHA1_32 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",
            )
            .beside(
                Text::Offer,
                "m=audio 49170 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\n\
                a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR",
            ),
        ],
        valid: &[Example::telephony(
            "m=audio 49172 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj",
        )
        .beside(
            Text::Offer,
            "m=audio 49170 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz",
        )],
        check: Check::Pair(crypto),
    },
];

/// A transport whose roles both sides name: what each says, and where.
struct Roles<'p, 'd, 'a> {
    both: Both<'p, 'd, 'a>,
    offered: Option<Setup>,
    answered: Setup,
    own: &'d Line<'a>,
    other: Option<&'d Line<'a>>,
}

fn roles<'p, 'd, 'a>(pair: &'p Pair<'_, 'd, 'a>) -> impl Iterator<Item = Roles<'p, 'd, 'a>> {
    pair.agreement.transports.iter().filter_map(|transport| {
        let setups = transport.dtls.as_ref()?.setups;
        let both = pair.line(transport.owner)?;
        let own = line_of(pair.answer, both.answer, Key::Setup)?;
        let other = line_of(pair.offer, both.offer, Key::Setup);
        Some(Roles { both, offered: setups.offerer, answered: setups.answerer?, own, other })
    })
}

impl Roles<'_, '_, '_> {
    fn report(&self, found: &mut Findings, message: String, better: Option<Setup>) {
        let own = word_span(self.own, 0);
        let finding = found.at(own, message);
        match self.other {
            Some(other) => finding.label(Text::Offer, word_span(other, 0), "what was offered"),
            None => finding.label(Text::Offer, self.both.offer.head(), "offered without a=setup"),
        };
        if let Some(better) = better {
            finding.unsafe_fix(format!("answer with {better}"), vec![Edit::replace(own, better.name())]);
        }
    }
}

fn open(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for roles in roles(pair).filter(|roles| roles.answered == Setup::Actpass) {
        let better = if roles.offered == Some(Setup::Active) { Setup::Passive } else { Setup::Active };
        let message = format!("{} is answered with actpass", roles.both.answer.name());
        roles.report(found, message, Some(better));
    }
}

fn same(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for roles in roles(pair).filter(|roles| roles.offered == Some(roles.answered)) {
        let better = match roles.answered {
            Setup::Active => Setup::Passive,
            Setup::Passive => Setup::Active,
            Setup::Actpass | Setup::Holdconn => continue,
        };
        let message = format!("{} is {} on both sides", roles.both.answer.name(), roles.answered);
        roles.report(found, message, Some(better));
    }
}

fn waits(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    // Later answers keep the roles that are settled.
    if pair.again {
        return;
    }
    for roles in roles(pair).filter(|roles| roles.answered == Setup::Passive && roles.offered == Some(Setup::Actpass)) {
        let message = format!("{} is answered with passive", roles.both.answer.name());
        roles.report(found, message, None);
    }
}

fn no_fingerprint(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.contradicted(ContradictionKind::FingerprintMissing) {
        // Where DTLS is only one of the offered ways, an answer may go another one (RFC 8643).
        if !both.offer.is_dtls() && !pair.offer.is_webrtc() {
            continue;
        }
        // One that stands there and makes no sense is a fault of its own.
        if line_of(pair.answer, both.answer, Key::Fingerprint).is_some() {
            continue;
        }
        let Some(other) = line_of(pair.offer, both.offer, Key::Fingerprint) else { continue };
        let message = format!("{} has no a=fingerprint, but the offer has one", both.answer.name());
        found.at(both.answer.head(), message).label(Text::Offer, other.span(), "what was offered");
    }
}

fn crypto(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed() {
        let mut answered = both.answer.section.lines_with::<Crypto<'_>>();
        let Some((line, chosen)) = answered.next() else { continue };
        let mut offered = both.offer.section.lines_with::<Crypto<'_>>().peekable();
        let first = offered.peek().map_or(both.offer.head(), |(line, _)| word_span(line, 0));
        let by_tag = offered.find(|(_, crypto)| crypto.tag == chosen.tag);
        let fault = match by_tag {
            None => Some((format!("tag {} was not offered", chosen.tag), first)),
            Some((line, crypto)) if crypto.suite != chosen.suite => {
                let message = format!("tag {} is {} here, but {} in the offer", chosen.tag, chosen.suite, crypto.suite);
                Some((message, word_span(line, 0)))
            }
            Some(_) => None,
        };
        if let Some((message, other)) = fault {
            found.at(word_span(line, 0), message).label(Text::Offer, other, "what was offered");
        }
        let mut more = answered.map(|(line, crypto)| (word_span(line, 0), crypto.tag));
        if let Some((span, tag)) = more.next() {
            let message = format!("the answer chooses {} a=crypto lines; tag {tag} is one too many", more.count() + 2);
            found.at(span, message).label(Text::Offer, first, "what was offered");
        }
    }
}
