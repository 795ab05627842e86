//! Parameters of a codec: one of its `fmtp` line at a time.

use super::codecs::found;
use super::place::{append, delete, insert_after};
use super::{CodecPattern, EditError, Scope};
use crate::sdp::attribute::{Fmtp, Key};
use crate::sdp::codec::Codec;
use crate::sdp::document::{Document, Section};
use crate::sdp::line::Line;
use crate::text::{Edit, Span};

/// Sets a parameter of the codecs that the pattern names: in place where it is there, at the end of the `fmtp`
/// line where it is not, in a new line where the codec has none.
///
/// ```
/// use rtcscope::sdp::Document;
/// use rtcscope::sdp::edit::{CodecPattern, Scope, set_parameter};
/// use rtcscope::text::apply;
///
/// let text = b"m=audio 9 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n";
/// let edits = set_parameter(&Document::parse(text), Scope::All, CodecPattern::new("opus"), "stereo", "1").unwrap();
/// assert!(apply(text, &edits).unwrap().ends_with(b"a=fmtp:111 minptime=10;stereo=1\r\n"));
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::NoSuchCodec`].
pub fn set_parameter(
    document: &Document<'_>,
    scope: Scope<'_>,
    pattern: CodecPattern<'_>,
    name: &str,
    value: &str,
) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    for (section, codec) in meant(document, scope, pattern)? {
        let payload_type = codec.payload_type;
        let Some((line, fmtp)) = fmtp(&section, payload_type) else {
            let content = format!("a=fmtp:{payload_type} {name}={value}");
            let rtpmap =
                section.lines_with::<crate::sdp::Rtpmap<'_>>().find(|(_, map)| map.payload_type == payload_type);
            edits.push(rtpmap.map_or_else(|| append(&section, &content), |(line, _)| insert_after(line, &content)));
            continue;
        };
        let at_end = line.span().end;
        match place(document, &fmtp, name) {
            Some((_, old)) if old.0 == value => {}
            Some((_, old)) => edits.push(Edit::replace(old.1, value)),
            None => {
                let separator = if fmtp.parameters.0.contains("; ") { "; " } else { ";" };
                let separator = if fmtp.parameters.0.trim_end().ends_with(';') { "" } else { separator };
                edits.push(Edit::insert(at_end, format!("{separator}{name}={value}")));
            }
        }
    }
    Ok(edits)
}

/// Removes a parameter of the codecs that the pattern names; an `fmtp` line without any goes.
///
/// ```
/// # use rtcscope::sdp::edit::{CodecPattern, Editor, Scope, remove_parameter};
/// let text = b"m=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 stereo=1;usedtx=1\n";
/// let edited = Editor::new(text)
///     .edit(|document| remove_parameter(document, Scope::All, CodecPattern::new("opus"), "usedtx"))?
///     .finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n\
///     a=fmtp:111 stereo=1\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::NoSuchCodec`].
pub fn remove_parameter(
    document: &Document<'_>,
    scope: Scope<'_>,
    pattern: CodecPattern<'_>,
    name: &str,
) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    for (section, codec) in meant(document, scope, pattern)? {
        let Some((line, fmtp)) = fmtp(&section, codec.payload_type) else { continue };
        let Some((span, _)) = place(document, &fmtp, name) else { continue };
        let others = fmtp.parameters.iter().filter(|(other, _)| !other.eq_ignore_ascii_case(name)).count();
        edits.push(if others == 0 { delete(line) } else { Edit::delete(span) });
    }
    Ok(edits)
}

type Meant<'d, 'a> = Vec<(Section<'d, 'a>, Codec<'d, 'a>)>;

fn meant<'d, 'a>(
    document: &'d Document<'a>,
    scope: Scope<'_>,
    pattern: CodecPattern<'_>,
) -> Result<Meant<'d, 'a>, EditError> {
    let sections = scope.sections(document)?;
    found(&sections, &[pattern])?;
    let codecs =
        sections.into_iter().flat_map(|section| section.codecs().into_iter().map(move |codec| (section, codec)));
    Ok(codecs.filter(|(_, codec)| pattern.matches(codec)).collect())
}

fn fmtp<'d, 'a>(section: &Section<'d, 'a>, payload_type: u8) -> Option<(&'d Line<'a>, Fmtp<'a>)> {
    let mut lines = section.attribute_lines(Key::Fmtp).filter_map(|line| Some((line, line.typed::<Fmtp<'a>>()?.ok()?)));
    lines.find(|(_, fmtp)| fmtp.payload_type() == Some(payload_type))
}

/// The span of a parameter with the separator that goes with it, and its value with the value's span.
fn place<'a>(document: &Document<'a>, fmtp: &Fmtp<'a>, name: &str) -> Option<(Span, (&'a str, Span))> {
    let whole = fmtp.parameters.0;
    let base = document.span_of(whole)?.start;
    let mut at = 0;
    for part in whole.split(';') {
        let (found, value) = part.split_once('=').unwrap_or((part, ""));
        if found.trim().eq_ignore_ascii_case(name) {
            let end = at + part.len();
            let span = if at == 0 {
                let behind = whole.get(end..).unwrap_or_default();
                let skipped = behind.len() - behind.trim_start_matches([';', ' ']).len();
                Span::new(base, base + end + skipped)
            } else {
                Span::new(base + at - 1, base + end)
            };
            let value = value.trim();
            return Some((span, (value, document.span_of(value)?)));
        }
        at += part.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply;

    fn run(fmtp: &str, edit: impl Fn(&Document<'_>) -> Result<Vec<Edit>, EditError>) -> String {
        let text = format!("m=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n{fmtp}");
        let edits = edit(&Document::parse(text.as_bytes())).unwrap();
        String::from_utf8(apply(text.as_bytes(), &edits).unwrap()).unwrap().split_off(text.len() - fmtp.len())
    }

    #[test]
    fn a_parameter_is_set_in_place() {
        let set =
            |document: &Document<'_>| set_parameter(document, Scope::All, CodecPattern::new("opus"), "usedtx", "1");
        assert_eq!(run("a=fmtp:111 usedtx=0; minptime=10\n", set), "a=fmtp:111 usedtx=1; minptime=10\n");
        assert_eq!(run("a=fmtp:111 a=1; minptime=10\n", set), "a=fmtp:111 a=1; minptime=10; usedtx=1\n");
        assert_eq!(run("", set), "a=fmtp:111 usedtx=1\n");
    }

    #[test]
    fn a_parameter_goes_with_its_separator() {
        let remove = |document: &Document<'_>| remove_parameter(document, Scope::All, CodecPattern::new("opus"), "b");
        assert_eq!(run("a=fmtp:111 a=1;b=2;c=3\n", remove), "a=fmtp:111 a=1;c=3\n");
        assert_eq!(run("a=fmtp:111 b=2; c=3\n", remove), "a=fmtp:111 c=3\n");
        assert_eq!(run("a=fmtp:111 a=1;b=2\n", remove), "a=fmtp:111 a=1\n");
        assert_eq!(run("a=fmtp:111 b=2\n", remove), "");
    }
}
