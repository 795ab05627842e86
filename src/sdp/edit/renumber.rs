//! Another number for a payload type, wherever it stands.

use std::collections::BTreeSet;

use super::{EditError, Scope};
use crate::sdp::attribute::Key;
use crate::sdp::document::{Document, Section};
use crate::sdp::line::Line;
use crate::text::{Edit, Span};

/// The payload type `from` becomes `to` in the `m=` line, in `rtpmap`, `fmtp`, `rtcp-fb` and `imageattr`, and
/// where others point at it: `apt`, RED's list, the `pt` of rids.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, renumber_payload_type};
/// let text = b"m=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n";
/// let edited = Editor::new(text).edit(|document| renumber_payload_type(document, Scope::All, 111, 96))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 96\na=rtpmap:96 opus/48000/2\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::NoSuchCodec`] where no section in scope has it;
/// [`EditError::PayloadTypeTaken`] where `to` is used in the section or in its bundle, or is above 127.
pub fn renumber_payload_type(
    document: &Document<'_>,
    scope: Scope<'_>,
    from: u8,
    to: u8,
) -> Result<Vec<Edit>, EditError> {
    let has = |section: &Section<'_, '_>, payload_type: u8| {
        section.media().is_some_and(|media| media.payload_types().any(|own| own == payload_type))
    };
    let mut sections = scope.sections(document)?;
    sections.retain(|section| has(section, from));
    if sections.is_empty() {
        return Err(EditError::NoSuchCodec { pattern: from.to_string().into() });
    }
    let users = document.media().filter(|section| has(section, to));
    let taken: BTreeSet<Option<usize>> = users.map(|section| section.transport().index()).collect();
    if to > 127 || sections.iter().any(|section| taken.contains(&section.transport().index())) {
        return Err(EditError::PayloadTypeTaken { payload_type: to });
    }
    let (old, new) = (from.to_string(), to.to_string());
    let spans = sections.iter().flat_map(|section| section.lines()).flat_map(|line| places(line, &old));
    Ok(spans.map(|span| Edit::replace(span, new.as_str())).collect())
}

/// Where the payload type stands in the line.
fn places(line: &Line<'_>, old: &str) -> Vec<Span> {
    match line.key() {
        Key::Rtpmap | Key::RtcpFb | Key::ImageAttributes => {
            line.words().next().filter(|word| word.value == old.as_bytes()).map(|word| word.span).into_iter().collect()
        }
        Key::Fmtp => in_fmtp(line, old),
        Key::Rid => in_list(line, old, b"pt=", b','),
        _ if line.line_type() == crate::sdp::LineType::Media => {
            line.words().skip(3).filter(|word| word.value == old.as_bytes()).map(|word| word.span).collect()
        }
        _ => Vec::new(),
    }
}

fn in_fmtp(line: &Line<'_>, old: &str) -> Vec<Span> {
    let mut words = line.words();
    let mut spans: Vec<Span> =
        words.next().filter(|word| word.value == old.as_bytes()).map(|word| word.span).into_iter().collect();
    spans.extend(in_list(line, old, b"apt=", b','));
    for word in words {
        let redundant = word.value.iter().all(|byte| byte.is_ascii_digit() || *byte == b'/');
        if redundant && word.value.contains(&b'/') {
            spans.extend(tokens(word.value, word.span.start, old, b'/'));
        }
    }
    spans
}

/// The places of `old` in the list behind `name`.
fn in_list(line: &Line<'_>, old: &str, name: &[u8], separator: u8) -> Vec<Span> {
    let content = line.content();
    let Some(at) = content.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name)) else {
        return Vec::new();
    };
    let start = at + name.len();
    let list = content.get(start..).unwrap_or_default();
    let end = list.iter().position(|byte| matches!(byte, b';' | b' ')).unwrap_or(list.len());
    tokens(list.get(..end).unwrap_or_default(), line.span().start + start, old, separator)
}

fn tokens(list: &[u8], start: usize, old: &str, separator: u8) -> Vec<Span> {
    let mut at = start;
    let mut spans = Vec::new();
    for token in list.split(|byte| *byte == separator) {
        if token == old.as_bytes() {
            spans.push(Span::new(at, at + token.len()));
        }
        at += token.len() + 1;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply;

    #[test]
    fn whatever_points_at_it_follows() {
        let text = b"m=audio 9 RTP/AVP 111 63 112\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 nack\r\n\
            a=fmtp:111 minptime=10\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:112 rtx/48000\r\n\
            a=fmtp:112 apt=111\r\na=rid:a send pt=111,63\r\n";
        let edits = renumber_payload_type(&Document::parse(text), Scope::All, 111, 96).unwrap();
        assert_eq!(
            String::from_utf8(apply(text, &edits).unwrap()).unwrap(),
            "m=audio 9 RTP/AVP 96 63 112\r\na=rtpmap:96 opus/48000/2\r\na=rtcp-fb:96 nack\r\na=fmtp:96 minptime=10\r\n\
             a=rtpmap:63 red/48000/2\r\na=fmtp:63 96/96\r\na=rtpmap:112 rtx/48000\r\na=fmtp:112 apt=96\r\n\
             a=rid:a send pt=96,63\r\n"
        );
        let taken = renumber_payload_type(&Document::parse(text), Scope::All, 111, 63);
        assert_eq!(taken, Err(EditError::PayloadTypeTaken { payload_type: 63 }));
    }
}
