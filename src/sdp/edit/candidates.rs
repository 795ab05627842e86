//! Fewer candidates.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::place::{delete, rewrite};
use super::{EditError, Scope};
use crate::sdp::attribute::{Candidate, CandidateType, Key, Rtcp};
use crate::sdp::document::{Document, Section};
use crate::sdp::line::LineType;
use crate::text::Edit;

/// A kind of address.
///
/// ```
/// # use rtcscope::sdp::edit::Family;
/// assert_eq!(["192.0.2.1", "2001:db8::1", "a.local"].map(Family::of), [Family::Ip4, Family::Ip6, Family::Name]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4
    Ip4,
    /// IPv6
    Ip6,
    /// A name: multicast DNS or a domain.
    Name,
}

impl Family {
    /// The family of an address or name.
    ///
    /// A candidate carries no address type beside its address, as a `c=` line does; see [`Family`].
    #[must_use]
    pub fn of(address: &str) -> Self {
        match address.parse() {
            Ok(IpAddr::V4(_)) => Self::Ip4,
            Ok(IpAddr::V6(_)) => Self::Ip6,
            Err(_) => Self::Name,
        }
    }
}

/// Which candidates are meant: those that agree in everything that is said. The empty filter means all.
///
/// ```
/// # use rtcscope::sdp::edit::CandidateFilter;
/// # use rtcscope::sdp::{Candidate, Typed};
/// let filter = CandidateFilter { protocols: vec!["udp".to_owned()], networks: vec![1], ..CandidateFilter::default() };
/// let candidate = Candidate::parse_value("1 1 UDP 1 192.0.2.1 9 typ host network-id 1");
/// assert!(candidate.is_ok_and(|candidate| filter.matches(&candidate)));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CandidateFilter {
    /// Of one of these types.
    pub types: Vec<CandidateType>,
    /// Of one of these protocols, `udp` or `tcp`, in any case.
    pub protocols: Vec<String>,
    /// Of one of these families.
    pub families: Vec<Family>,
    /// Of one of these networks (libwebrtc's `network-id`).
    pub networks: Vec<u32>,
    /// Of one of these components.
    pub components: Vec<u16>,
}

impl CandidateFilter {
    /// Whether the candidate is meant.
    ///
    /// The rule of [`filter_candidates`] by itself, for those who show candidates rather than edit them.
    #[must_use]
    pub fn matches(&self, candidate: &Candidate<'_>) -> bool {
        let protocol = |protocol: &String| protocol.eq_ignore_ascii_case(candidate.transport);
        (self.types.is_empty() || self.types.contains(&candidate.candidate_type))
            && (self.protocols.is_empty() || self.protocols.iter().any(protocol))
            && (self.families.is_empty() || self.families.contains(&Family::of(candidate.address)))
            && (self.networks.is_empty() || candidate.network_id().is_some_and(|id| self.networks.contains(&id)))
            && (self.components.is_empty() || self.components.contains(&candidate.component))
    }
}

/// Keeps (or, without `keep`, removes) the candidates that the filter means. Where the default destination was
/// a candidate that goes, it becomes `0.0.0.0` and port 9, which leave it to ICE (RFC 8839, section 4.2.1.2).
///
/// ```
/// # use rtcscope::sdp::edit::{CandidateFilter, Editor, Scope, filter_candidates};
/// let filter = CandidateFilter { protocols: vec!["udp".to_owned()], ..CandidateFilter::default() };
/// let text = b"m=audio 9 RTP/AVP 0\na=candidate:1 1 tcp 1 192.0.2.1 9 typ host\n\
///     a=candidate:2 1 udp 2 192.0.2.1 5000 typ host\n";
/// let edited = Editor::new(text).edit(|document| filter_candidates(document, Scope::All, &filter, true))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\n\
///     a=candidate:2 1 udp 2 192.0.2.1 5000 typ host\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn filter_candidates<'a>(
    document: &Document<'a>,
    scope: Scope<'_>,
    filter: &CandidateFilter,
    keep: bool,
) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    for section in scope.sections(document)? {
        let (kept, gone): (Vec<_>, Vec<_>) =
            section.lines_with::<Candidate<'a>>().partition(|(_, candidate)| filter.matches(candidate) == keep);
        edits.extend(gone.iter().map(|(line, _)| delete(line)));
        let addresses = |list: &[(_, Candidate<'a>)]| -> BTreeSet<&'a str> {
            list.iter().map(|(_, candidate)| candidate.address).collect()
        };
        let (left, lost) = (addresses(&kept), addresses(&gone));
        let address_gone = |address: &str| lost.contains(address) && !left.contains(address);
        if section.connection().is_some_and(|connection| address_gone(connection.address)) {
            forget_default(&section, &mut edits);
        }
        let rtcp =
            section.lines_with::<Rtcp<'_>>().find(|(_, rtcp)| rtcp.address.is_some_and(|(.., at)| address_gone(at)));
        edits.extend(rtcp.map(|(line, _)| rewrite(line, "a=rtcp:9 IN IP4 0.0.0.0")));
    }
    Ok(edits)
}

fn forget_default(section: &Section<'_, '_>, edits: &mut Vec<Edit>) {
    if let Some(line) = section.lines_of(LineType::Connection).next() {
        edits.push(rewrite(line, "c=IN IP4 0.0.0.0"));
    }
    let port = section.lines().first().and_then(|line| line.words().nth(1));
    let rejected = section.media().is_none_or(|media| media.port == 0);
    edits.extend(port.filter(|_| !rejected).map(|word| Edit::replace(word.span, "9")));
}

impl Section<'_, '_> {
    /// Its candidates, the one with the greatest priority first.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let text = b"m=audio 9 RTP/AVP 0\na=candidate:1 1 udp 5 192.0.2.1 9 typ relay\n\
    ///     a=candidate:2 1 udp 9 192.0.2.2 9 typ host\n";
    /// let document = Document::parse(text);
    /// let best = document
    ///     .media_section(0)
    ///     .and_then(|audio| audio.candidates_by_priority().first().map(|best| best.priority));
    /// assert_eq!(best, Some(9));
    /// ```
    #[must_use]
    pub fn candidates_by_priority(&self) -> Vec<Candidate<'_>> {
        let mut candidates: Vec<Candidate<'_>> =
            if self.has(Key::Candidate) { self.values().collect() } else { Vec::new() };
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.priority));
        candidates
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply;

    #[test]
    fn relay_alone_forgets_the_default_destination() {
        let text = b"m=audio 5000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\na=rtcp:5001 IN IP4 192.0.2.1\r\n\
            a=candidate:1 1 udp 9 192.0.2.1 5000 typ host\r\n\
            a=candidate:2 1 udp 1 203.0.113.1 6000 typ relay raddr 192.0.2.1 rport 5000\r\n";
        let filter = CandidateFilter { types: vec![CandidateType::Relay], ..CandidateFilter::default() };
        let edits = filter_candidates(&Document::parse(text), Scope::All, &filter, true).unwrap();
        assert_eq!(
            String::from_utf8(apply(text, &edits).unwrap()).unwrap(),
            "m=audio 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n\
             a=candidate:2 1 udp 1 203.0.113.1 6000 typ relay raddr 192.0.2.1 rport 5000\r\n"
        );
    }
}
