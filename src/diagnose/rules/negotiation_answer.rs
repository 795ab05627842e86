//! Answers that do not fit their offers.

use super::Row;
use crate::diagnose::accord::{Accord, names};
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, EXCHANGE};
use crate::diagnose::negotiation::Fate;
use crate::diagnose::remark::{Matter, Opened};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::sdp::Setup;
use crate::sdp::negotiate::{ContradictionKind, Side, Sides};
use crate::signaling::exchange::Exchange;

pub(super) static RULES: &[Row] = &[(&DTLS_ROLE, dtls_role), (&CONTRADICTION, contradiction)];

static DTLS_ROLE: Rule = Rule {
    name: "negotiation-dtls-role",
    severity: Severity::Error,
    summary: "The descriptions do not make one client and one server of DTLS, or nobody keeps to it",
    what: "Both sides have a fingerprint, and their a=setup values do not say plainly who opens DTLS: both active or both passive, an answer \
        that says actpass or holdconn, or nothing at all. Or they do, and the side that was to wait sent a ClientHello; who sends one \
        is the client, whatever was agreed on. A conflict is an error, and a warning where media flows all the same; a value \
        that is missing is a warning, and information where media flows or the answer settles it.",
    why: "With two clients each refuses the other's ClientHello, with two servers both wait: ICE connects, no media ever comes. Browsers refuse \
        an answer with actpass.",
    advice: "An offer says actpass, an answer active (or passive), and an offer in a running session that keeps the DTLS connection may say the role \
        that its author has. Look at gateways that copy a=setup from one leg to the other, and at a session whose roles were turned \
        round by a renegotiation.",
    source: "RFC 4145, section 4.1; RFC 5763, section 5; RFC 8842, sections 5.1 to 5.3",
};

fn dtls_role(case: &Case<'_>) -> Vec<Finding> {
    let roles = case.remarked(|_, remark| match &remark.matter {
        Matter::Unsettled(setups) => {
            Some(Role::Unsettled(setups.offerer.map(Setup::name), setups.answerer.map(Setup::name)))
        }
        Matter::Opened(opened) => Some(Role::Opened(opened.client)),
        _ => None,
    });
    roles
        .into_iter()
        .filter_map(|(_, members)| {
            let (accord, remark) = members.first()?;
            let exchange = case.exchange(accord.exchange)?;
            let flows = media_flows(case, accord.exchange);
            let (said, severity, hello) = match &remark.matter {
                Matter::Unsettled(setups) => {
                    let (said, severity) = unsettled(accord, exchange, *setups, flows);
                    (said, severity, [None; 2])
                }
                Matter::Opened(opened) => opened_by(case, accord, exchange, *opened, flows),
                _ => return None,
            };
            let message = format!("{}: {said}", names(members.iter().map(|(_, remark)| *remark)));
            let moments = hello.into_iter().chain([Some(accord.answer.moment), Some(accord.offer.moment)]);
            let finding = resting(Finding::new(&DTLS_ROLE, message), moments).with_severity(severity);
            Some(finding.about(EXCHANGE, name::exchange_id(accord.exchange)))
        })
        .collect()
}

/// What transports of one exchange have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Unsettled(Option<&'static str>, Option<&'static str>),
    Opened(Side),
}

/// Whether media of the call was seen: then DTLS came about.
fn media_flows(case: &Case<'_>, exchange: usize) -> bool {
    case.call_of(exchange).is_some_and(|call| call.setup.media.iter().any(Option::is_some))
}

/// What the two say of their roles.
fn unsettled(
    accord: &Accord<'_>,
    exchange: &Exchange,
    setups: Sides<Option<Setup>>,
    flows: bool,
) -> (String, Severity) {
    let [offerer, answerer] = [Side::Offerer, Side::Answerer].map(|side| name::party(exchange, accord.party(side)));
    let missing = |severity| if flows { Severity::Info } else { severity };
    let conflict = if flows { Severity::Warning } else { Severity::Error };
    match (setups.offerer, setups.answerer) {
        (Some(Setup::Active), Some(Setup::Active)) => {
            (format!("both {offerer} and {answerer} say setup:active, so that both open DTLS"), conflict)
        }
        (Some(Setup::Passive), Some(Setup::Passive)) => {
            (format!("both {offerer} and {answerer} say setup:passive, so that nobody opens DTLS"), conflict)
        }
        (_, Some(Setup::Actpass)) => {
            (format!("the answer of {answerer} says setup:actpass, which leaves it open who opens DTLS"), conflict)
        }
        (_, Some(Setup::Holdconn)) => (
            format!("the answer of {answerer} says setup:holdconn, so that nobody opens DTLS"),
            missing(Severity::Warning),
        ),
        (Some(Setup::Holdconn), _) => (
            format!("the offer of {offerer} says setup:holdconn, so that nobody opens DTLS"),
            missing(Severity::Warning),
        ),
        (_, None) => (
            format!("the answer of {answerer} has a fingerprint and does not say who opens DTLS"),
            missing(Severity::Warning),
        ),
        (_, Some(answered)) => (
            format!(
                "the offer of {offerer} has a fingerprint and does not say who opens DTLS; the answer of {answerer} \
                 says setup:{}",
                answered.name()
            ),
            Severity::Info,
        ),
    }
}

/// Who opened, against what was agreed on.
fn opened_by(
    case: &Case<'_>,
    accord: &Accord<'_>,
    exchange: &Exchange,
    opened: Opened,
    flows: bool,
) -> (String, Severity, [Option<Moment>; 2]) {
    let [client, server] = [opened.client, opened.client.other()].map(|side| name::party(exchange, accord.party(side)));
    let too = |own| format!("; {client} sent one too, at {}", case.at(own));
    let said = format!(
        "{server} sent a ClientHello at {}, although {client} was to be the client of DTLS{}",
        case.at(opened.moment),
        opened.own.map_or_else(String::new, too)
    );
    let severity = if opened.own.is_some() && !flows { Severity::Error } else { Severity::Warning };
    (said, severity, [Some(opened.moment), opened.own])
}

static CONTRADICTION: Rule = Rule {
    name: "negotiation-contradiction",
    severity: Severity::Warning,
    summary: "An answer says what it must not say after its offer",
    what: "The answer and the offer contradict each other in more than what other rules tell: the number of m-lines, mids, bundles, ids of header \
        extensions, rtcp-mux, ICE credentials or a fingerprint on one side only, and the like. What can keep a call from coming about \
        is an error where it did not, and information where media flows; without DTLS a missing fingerprint or missing ICE \
        credentials are information, since plain RTP is what remains. What degrades media is a warning, what implementations put up with \
        is information.",
    why: "Each side acts on its own reading. Browsers refuse such an answer as a whole, others go on: then packets carry ids that mean something \
        else to the receiver, RTCP goes to a port where nobody listens, or media waits for keys that never come.",
    advice: "Look at what wrote the answer: an SFU or gateway that keeps its own numbers, a session border controller that takes lines out, code that \
        makes an answer from a template or from an older offer. An answer is made from the offer at hand, line by line.",
    source: "RFC 3264, section 6; RFC 8285, section 6; RFC 8858, section 4.2.2; RFC 9143, section 7.3; RFC 9429, section 5.3.1",
};

/// What a contradiction does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    /// It can keep the call from coming about.
    Prevents,
    /// Something goes wrong for as long as the call lasts.
    Degrades,
    /// Implementations put up with it.
    Tolerated,
}

fn contradiction(case: &Case<'_>) -> Vec<Finding> {
    let found = case.remarked(|_, remark| match &remark.matter {
        Matter::Contradicts(kind) => Some((*kind, remark.secure)),
        _ => None,
    });
    found
        .into_iter()
        .filter_map(|((kind, secure), members)| {
            let (accord, _) = members.first()?;
            let exchange = case.exchange(accord.exchange)?;
            let (says, harm) = contradicts(kind, secure);
            let lines = names(members.iter().map(|(_, remark)| *remark).filter(|remark| remark.media.is_some()));
            let at = if lines.is_empty() { String::new() } else { format!("{lines}: ") };
            let answerer = name::party(exchange, accord.party(Side::Answerer));
            let offerer = name::party(exchange, accord.party(Side::Offerer));
            let message = format!("{at}the answer of {answerer} {says} (the offer is that of {offerer})");
            let severity = match harm {
                Harm::Tolerated => Severity::Info,
                Harm::Prevents if media_flows(case, accord.exchange) => Severity::Info,
                Harm::Prevents if case.fate(accord.exchange) == Fate::Trouble => Severity::Error,
                Harm::Prevents | Harm::Degrades => Severity::Warning,
            };
            let moments = [Some(accord.answer.moment), Some(accord.offer.moment)];
            let finding = resting(Finding::new(&CONTRADICTION, message), moments).with_severity(severity);
            Some(finding.about(EXCHANGE, name::exchange_id(accord.exchange)))
        })
        .collect()
}

/// What an answer does, and what comes of it.
const fn contradicts(kind: ContradictionKind, secure: bool) -> (&'static str, Harm) {
    use ContradictionKind as Kind;
    match kind {
        Kind::MediaCount => ("has m-lines that were not offered", Harm::Prevents),
        Kind::ProtocolDiffers => ("names another transport protocol of the same family", Harm::Tolerated),
        Kind::MidDiffers => ("gives the m-line another mid", Harm::Prevents),
        Kind::StoppedAccepted => ("accepts what the offer has stopped", Harm::Degrades),
        Kind::DirectionBeyondOffer => ("sends what is not wanted, or wants what is not sent", Harm::Tolerated),
        Kind::ExtensionNotOffered => ("has a header extension that was not offered", Harm::Tolerated),
        Kind::ExtensionIdDiffers => ("gives a header extension another id than the offered one", Harm::Degrades),
        Kind::RtcpMuxNotOffered => ("sends RTCP over the port of RTP, which was not offered", Harm::Degrades),
        Kind::RtcpMuxRefused => ("wants RTCP on a port of its own, and the offer allows none", Harm::Prevents),
        Kind::SetupConflict => ("does not settle who opens DTLS", Harm::Prevents),
        Kind::FingerprintMissing if secure => ("and the offer do not both have a fingerprint", Harm::Prevents),
        Kind::FingerprintMissing => ("and the offer do not both have a fingerprint", Harm::Tolerated),
        Kind::IceCredentialsMissing if secure => ("and the offer do not both have ICE credentials", Harm::Prevents),
        Kind::IceCredentialsMissing => ("and the offer do not both have ICE credentials", Harm::Tolerated),
        Kind::IceMismatch => ("says that the offered candidates do not fit the offered address", Harm::Degrades),
        Kind::BundleNotOffered => ("bundles what the offer does not bundle", Harm::Prevents),
        Kind::BundleOnlyAnswered => ("says bundle-only, which only an offer may", Harm::Tolerated),
        Kind::RidNotOffered => ("names a rid that was not offered in that direction", Harm::Tolerated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contradiction_has_a_sentence_of_its_own() {
        let mut known = std::collections::BTreeSet::new();
        for kind in ContradictionKind::ALL {
            assert!(known.insert(contradicts(*kind, true).0), "{}", kind.name());
        }
    }

    #[test]
    fn plain_media_needs_no_keys() {
        assert_eq!(contradicts(ContradictionKind::FingerprintMissing, false).1, Harm::Tolerated);
        assert_eq!(contradicts(ContradictionKind::FingerprintMissing, true).1, Harm::Prevents);
    }
}
