//! What two texts have in common that say the same thing.
//!
//! A browser does not write down what it was given but what it has understood of it: lines in another order, `udp` for `UDP`,
//! no user name in the origin line. So texts of a dump and texts on the wire are compared by what nobody changes.

use crate::sdp::{Document, IceUfrag, TrickledCandidate, parse_candidate};

/// What a description is compared by: session identifier and version (RFC 8866, section 5.2), and its first user fragment.
/// The whole text where it has no origin line.
pub(in crate::signaling) fn of_description(sdp: &str) -> String {
    let document = Document::parse(sdp.as_bytes());
    let ufrag = user_fragments(&document).next().unwrap_or_default();
    let origin = sdp.lines().find_map(|line| line.strip_prefix("o="));
    let mut words = origin.unwrap_or_default().split(' ').skip(1);
    match (words.next(), words.next()) {
        (Some(session), Some(version)) => format!("{session} {version} {ufrag}"),
        _ => sdp.to_owned(),
    }
}

/// What a candidate is compared by: all of its first eight words, and its user fragment where it says it.
pub(in crate::signaling) fn of_candidate(text: &str) -> String {
    let Ok(TrickledCandidate::Candidate(found)) = parse_candidate(text) else { return text.trim().to_owned() };
    let (transport, address) = (found.transport.to_ascii_lowercase(), found.address.to_ascii_lowercase());
    let kind = found.candidate_type.name();
    let mut words = text.split_ascii_whitespace();
    let ufrag = words.find(|word| *word == "ufrag").and_then(|_| words.next()).unwrap_or_default();
    let (foundation, component, priority, port) = (found.foundation, found.component, found.priority, found.port);
    format!("{foundation} {component} {transport} {priority} {address} {port} {kind} {ufrag}")
}

/// The user fragments of a description, in order.
pub(in crate::signaling) fn user_fragments<'a>(document: &'a Document<'a>) -> impl Iterator<Item = String> + 'a {
    let session = document.session();
    std::iter::once(session)
        .chain(document.sections())
        .filter_map(|section| section.value::<IceUfrag<'_>>().map(|found| found.0.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_that_were_written_anew_are_the_same() {
        let sent = of_candidate("a=candidate:1 1 UDP 2114977791 10.77.0.12 45523 typ host");
        assert_eq!(of_candidate("candidate:1 1 udp 2114977791 10.77.0.12 45523 typ host generation 0"), sent);
        assert_ne!(of_candidate("candidate:1 1 udp 2114977791 10.77.0.12 45524 typ host generation 0"), sent);
        assert_ne!(of_candidate("candidate:1 1 udp 2114977791 10.77.0.12 45523 typ host generation 1 ufrag x"), sent);
    }

    #[test]
    fn descriptions_that_were_written_anew_are_the_same() {
        let sent = of_description(
            "v=0\r\no=mozilla 5 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 X 0\r\na=ice-ufrag:abcd\r\n",
        );
        let heard =
            "v=0\r\no=- 5 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 X 0\r\na=sendrecv\r\na=ice-ufrag:abcd\r\n";
        assert_eq!(of_description(heard), sent);
        assert_ne!(of_description(&heard.replace("5 0", "5 1")), sent);
    }
}
