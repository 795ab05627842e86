//! What a filter of candidates and other small words mean.

use crate::cli::fault::Fault;
use crate::sdp::CandidateType;
use crate::sdp::edit::{CandidateFilter, Family};

/// A filter such as `udp,ip4` or `network=1`; `all` is the one without words.
pub(super) fn candidates(text: &str) -> Result<CandidateFilter, Fault> {
    let mut filter = CandidateFilter::default();
    let expected = "words of host, srflx, prflx, relay, udp, tcp, ip4, ip6, name, network=N, component=N, or all";
    for word in text.split(',').map(str::trim).filter(|word| *word != "all") {
        let number = |name: &str| word.strip_prefix(name).and_then(|rest| rest.strip_prefix('='));
        match (word, CandidateType::from_name(word)) {
            (_, Some(kind)) => filter.types.push(kind),
            ("udp" | "tcp", _) => filter.protocols.push(word.to_owned()),
            ("ip4", _) => filter.families.push(Family::Ip4),
            ("ip6", _) => filter.families.push(Family::Ip6),
            ("name", _) => filter.families.push(Family::Name),
            _ => match (number("network").map(str::parse), number("component").map(str::parse)) {
                (Some(Ok(network)), _) => filter.networks.push(network),
                (_, Some(Ok(component))) => filter.components.push(component),
                _ => return Err(wrong("--keep-candidates, --remove-candidates", expected, word)),
            },
        }
    }
    Ok(filter)
}

/// The fault of an option whose value makes no sense.
pub(super) fn wrong(option: &'static str, expected: &'static str, found: &str) -> Fault {
    Fault::Option { option, expected, found: found.to_owned() }
}

/// The two parts around the first `separator`.
pub(super) fn pair<'t>(
    option: &'static str,
    expected: &'static str,
    separator: char,
    text: &'t str,
) -> Result<(&'t str, &'t str), Fault> {
    text.split_once(separator).ok_or_else(|| wrong(option, expected, text))
}
