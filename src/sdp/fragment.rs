//! Less than a description: a lone candidate, and the bodies of trickle ICE.

use super::attribute::{Candidate, EndOfCandidates};
use super::document::Document;
use super::error::{Error, Expected, excerpt};
use super::grammar::all;
use crate::text::Span;

/// What a line that trickles in says.
///
/// ```
/// # use rtcscope::sdp::{TrickledCandidate, parse_candidate};
/// assert!(matches!(parse_candidate("a=end-of-candidates"), Ok(TrickledCandidate::End(_))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrickledCandidate<'a> {
    /// A candidate.
    Candidate(Candidate<'a>),
    /// No more of them: an empty `candidate` member, or `end-of-candidates`.
    End(EndOfCandidates),
}

/// Reads a candidate as it trickles in: `candidate:…` as in an `RTCIceCandidateInit`, or a line `a=candidate:…`;
/// an empty text and `end-of-candidates` are the end of them. White space around it is forgiven.
///
/// ```
/// use rtcscope::sdp::{TrickledCandidate, parse_candidate};
///
/// let text = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
/// let Ok(TrickledCandidate::Candidate(candidate)) = parse_candidate(text) else { panic!() };
/// assert_eq!(candidate.port, 50000);
/// ```
///
/// # Errors
///
/// [`Error`] at the first token that does not fit; its span counts from the start of `text`.
pub fn parse_candidate(text: &str) -> Result<TrickledCandidate<'_>, Error> {
    let line = text.trim();
    let bare = line.strip_prefix("a=").unwrap_or(line);
    if bare.is_empty() || bare == "end-of-candidates" {
        return Ok(TrickledCandidate::End(EndOfCandidates));
    }
    let offset = |rest: &str| rest.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    let Some(value) = bare.strip_prefix("candidate:") else {
        let start = offset(bare);
        let span = Span::new(start, start + bare.len());
        return Err(Error { span, expected: Expected::Text { text: "candidate:" }, found: excerpt(bare) });
    };
    all(value, Candidate::parse).map(TrickledCandidate::Candidate).map_err(|fault| {
        let token = fault.at.split(' ').next().unwrap_or_default();
        let start = if fault.at.is_empty() { offset(value) + value.len() } else { offset(fault.at) };
        Error { span: Span::new(start, start + token.len()), expected: fault.expected, found: excerpt(token) }
    })
}

impl Document<'_> {
    /// The faults of a fragment, such as a body of `application/trickle-ice-sdpfrag` (RFC 8840, section 9):
    /// those of a description except for the lines that only a whole one has.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"a=ice-ufrag:abcd\r\na=candidate:oops\r\n");
    /// let found: Vec<String> =
    ///     document.fragment_errors().iter().map(|error| error.expected.code().to_owned()).collect();
    /// assert!(found.contains(&"value".to_owned()) && !found.contains(&"present".to_owned()));
    /// ```
    #[must_use]
    pub fn fragment_errors(&self) -> Vec<Error> {
        let mut errors = self.errors();
        errors.retain(|error| !matches!(error.expected, Expected::Present { letter: 'v' | 'o' | 's' | 't' }));
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_candidate_is_read_with_or_without_its_a() {
        let plain = "candidate:1 1 udp 1 192.0.2.1 9 typ relay raddr 0.0.0.0 rport 0";
        let Ok(TrickledCandidate::Candidate(candidate)) = parse_candidate(plain) else { panic!() };
        assert_eq!(candidate.related_port, Some(0));
        assert!(parse_candidate(&format!("a={plain}\r\n")).is_ok());
        assert!(matches!(parse_candidate(""), Ok(TrickledCandidate::End(_))));
    }

    #[test]
    fn a_fault_counts_from_the_start_of_the_text() {
        let text = " a=candidate:1 1 udp x 192.0.2.1 9 typ host";
        let error = parse_candidate(text).unwrap_err();
        assert_eq!(text.get(error.span.start..error.span.end), Some("x"));
    }

    #[test]
    fn a_trickle_body_needs_no_head() {
        let text = b"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n\
            a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n";
        assert_eq!(Document::parse(text).fragment_errors(), []);
    }
}
