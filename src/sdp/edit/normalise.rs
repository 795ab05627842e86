//! One form for descriptions that mean the same.

use super::place::delete;
use crate::sdp::attribute::{Attribute, Candidate, Fingerprint};
use crate::sdp::document::{Document, Section};
use crate::sdp::line::{Ending, Line, LineType};
use crate::sdp::value::Value;
use crate::text::Edit;

/// The usual form: CRLF everywhere, no blank line, no white space at line ends or twice, lines in the order of
/// RFC 8866, the lines of codecs in the order of the `m=` line, fingerprints in upper-case hexadecimal,
/// transports of candidates in lower case. What a line that makes no sense says is left alone. Doing it twice
/// changes nothing more.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, normalise};
/// let text = b"v=0 \n\no=- 1 1 IN IP4 0.0.0.0\n";
/// let edited = Editor::new(text).edit(|document| Ok(normalise(document)))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
#[must_use]
pub fn normalise(document: &Document<'_>) -> Vec<Edit> {
    document.sections().flat_map(|section| of_section(&section)).collect()
}

fn of_section(section: &Section<'_, '_>) -> Vec<Edit> {
    let lines: Vec<&Line<'_>> = section.lines().iter().collect();
    let kept: Vec<&Line<'_>> = lines.iter().copied().filter(|line| !is_blank(line)).collect();
    let sorted = sorted(section, &kept);
    if sorted.iter().zip(&kept).any(|(new, old)| new.span() != old.span()) {
        let text: Vec<u8> = sorted.iter().flat_map(|line| [content(line), b"\r\n".to_vec()].concat()).collect();
        return vec![Edit::replace(section.span(), text)];
    }
    let mut edits = Vec::new();
    for line in lines {
        if is_blank(line) {
            edits.push(delete(line));
            continue;
        }
        let new = content(line);
        if new != line.content() {
            edits.push(Edit::replace(line.span(), new));
        }
        if line.ending() != Ending::CrLf {
            let end = crate::text::Span::new(line.span().end, line.full_span().end);
            edits.push(Edit::replace(end, "\r\n"));
        }
    }
    edits
}

fn is_blank(line: &Line<'_>) -> bool {
    line.content().iter().all(u8::is_ascii_whitespace)
}

/// The lines in order; a line of no known type stays behind the one it follows.
fn sorted<'l, 'a>(section: &Section<'_, '_>, lines: &[&'l Line<'a>]) -> Vec<&'l Line<'a>> {
    let order: Vec<u8> = section.media().into_iter().flat_map(|media| media.payload_types()).collect();
    let mut places = [order.len(); 128];
    for (at, payload_type) in order.iter().enumerate().rev() {
        if let Some(place) = places.get_mut(usize::from(*payload_type)) {
            *place = at;
        }
    }
    let place = |payload_type: Option<u8>| {
        payload_type.and_then(|payload_type| places.get(usize::from(payload_type))).copied().unwrap_or(order.len())
    };
    let codec_line = |line: &Line<'_>| match line.attribute()?.ok()? {
        Attribute::Rtpmap(rtpmap) => Some((place(Some(rtpmap.payload_type)), 0)),
        Attribute::RtcpFb(feedback) => Some((place(feedback.payload_type), 1)),
        Attribute::Fmtp(fmtp) => Some((place(fmtp.payload_type()), 2)),
        _ => None,
    };
    let first = lines.iter().position(|line| codec_line(line).is_some()).unwrap_or(0);
    let mut last = 0;
    let mut keyed: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let rank = line.line_type().rank().map_or(last, |(rank, _)| rank);
            last = rank;
            match codec_line(line) {
                Some(place) => ((rank, first, place.0, place.1, index), *line),
                None => ((rank, index, 0, 0, index), *line),
            }
        })
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, line)| line).collect()
}

/// The content of a line in its usual form.
fn content(line: &Line<'_>) -> Vec<u8> {
    let usual = match line.parse() {
        Ok(Value::Attribute(attribute)) => Some(format!("a={}", of_attribute(attribute))),
        Ok(Value::Origin(origin)) => Some(format!("o={origin}")),
        Ok(Value::Connection(connection)) => Some(format!("c={connection}")),
        Ok(Value::Timing(timing)) => Some(format!("t={timing}")),
        Ok(Value::Bandwidth(bandwidth)) => Some(format!("b={bandwidth}")),
        Ok(Value::Media(media)) => {
            let formats: Vec<&str> = media.formats.iter().collect();
            let formats = formats.join(" ");
            Some(format!("m={}", crate::sdp::Media { formats: crate::sdp::Words(&formats), ..media }))
        }
        _ => None,
    };
    match usual {
        Some(usual) => usual.into_bytes(),
        None if line.line_type() == LineType::SessionName => line.content().to_vec(),
        None => line.content().trim_ascii_end().to_vec(),
    }
}

fn of_attribute(attribute: Attribute<'_>) -> String {
    match attribute {
        Attribute::Fingerprint(Fingerprint { hash_function, hash }) => {
            format!("fingerprint:{} {}", hash_function.to_ascii_lowercase(), hash.to_ascii_uppercase())
        }
        Attribute::Candidate(candidate) => {
            let transport = candidate.transport.to_ascii_lowercase();
            Attribute::Candidate(Candidate { transport: &transport, ..candidate }).to_string()
        }
        Attribute::Other(other) => other.to_string().trim_end().to_owned(),
        attribute => attribute.to_string().trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply;

    fn normal(text: &[u8]) -> Vec<u8> {
        apply(text, &normalise(&Document::parse(text))).unwrap()
    }

    #[test]
    fn a_mess_becomes_the_usual_form_and_stays_it() {
        let text =
            b"v=0\ns=-\no=-  1 1 IN IP4 0.0.0.0\n\nt=0 0\nm=audio  9 RTP/AVP 111 0\na=mid:0 \nc=IN IP4 0.0.0.0\n\
            a=rtpmap:0 PCMU/8000\na=ptime:20\na=fmtp:111 a=1\na=rtpmap:111 opus/48000/2\n\
            a=fingerprint:SHA-1 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33\na=x:y";
        let once = normal(text);
        assert_eq!(
            String::from_utf8_lossy(&once),
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 111 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n\
             a=rtpmap:111 opus/48000/2\r\na=fmtp:111 a=1\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\n\
             a=fingerprint:sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33\r\na=x:y\r\n"
        );
        assert_eq!(normal(&once), once);
    }
}
