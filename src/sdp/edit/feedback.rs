//! RTCP feedback of codecs.

use super::codecs::found;
use super::place::{append, delete, insert_after};
use super::{CodecPattern, EditError, Scope};
use crate::sdp::attribute::{Feedback, RtcpFb, Rtpmap};
use crate::sdp::document::{Document, Section};
use crate::text::Edit;

fn parsed(text: &str) -> Feedback<'_> {
    let (kind, parameters) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    Feedback::from_words(kind, parameters.trim())
}

/// Adds feedback such as `nack pli` to the codecs that the pattern names; to those that have it, nothing.
///
/// ```
/// # use rtcscope::sdp::edit::{CodecPattern, Editor, Scope, add_feedback};
/// let text = b"m=video 9 RTP/AVPF 96\na=rtpmap:96 VP8/90000\n";
/// let edited = Editor::new(text)
///     .edit(|document| add_feedback(document, Scope::All, CodecPattern::new("VP8"), "nack pli"))?
///     .finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=video 9 RTP/AVPF 96\na=rtpmap:96 VP8/90000\n\
///     a=rtcp-fb:96 nack pli\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::NoSuchCodec`].
pub fn add_feedback(
    document: &Document<'_>,
    scope: Scope<'_>,
    pattern: CodecPattern<'_>,
    feedback: &str,
) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    found(&sections, &[pattern])?;
    let wanted = parsed(feedback);
    let mut edits = Vec::new();
    for section in sections {
        for codec in section.codecs().iter().filter(|codec| pattern.matches(codec)) {
            if codec.feedback().any(|own| own == wanted) {
                continue;
            }
            let content = format!("a=rtcp-fb:{} {wanted}", codec.payload_type);
            let own =
                section.lines_with::<RtcpFb<'_>>().filter(|(_, own)| own.payload_type == Some(codec.payload_type));
            let rtpmap = section.lines_with::<Rtpmap<'_>>().find(|(_, map)| map.payload_type == codec.payload_type);
            let line = own.last().map(|(line, _)| line).or(rtpmap.map(|(line, _)| line));
            edits.push(line.map_or_else(|| append(&section, &content), |line| insert_after(line, &content)));
        }
    }
    Ok(edits)
}

/// Removes feedback such as `goog-remb` from the codecs that the pattern names, from all without a pattern. A
/// line for `*` is split up where only some lose it.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, remove_feedback};
/// let text = b"m=video 9 RTP/AVPF 96\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack\na=rtcp-fb:96 goog-remb\n";
/// let edited = Editor::new(text).edit(|document| remove_feedback(document, Scope::All, None, "goog-remb"))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=video 9 RTP/AVPF 96\na=rtpmap:96 VP8/90000\n\
///     a=rtcp-fb:96 nack\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::NoSuchCodec`].
pub fn remove_feedback(
    document: &Document<'_>,
    scope: Scope<'_>,
    pattern: Option<CodecPattern<'_>>,
    feedback: &str,
) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    found(&sections, pattern.as_slice())?;
    let unwanted = parsed(feedback);
    let mut edits = Vec::new();
    for section in sections {
        let codecs = section.codecs();
        let loses = |payload_type: u8| {
            let codec = codecs.iter().find(|codec| codec.payload_type == payload_type);
            pattern.is_none_or(|pattern| codec.is_some_and(|codec| pattern.matches(codec)))
        };
        for (line, own) in section.lines_with::<RtcpFb<'_>>().filter(|(_, own)| own.feedback == unwanted) {
            match own.payload_type {
                Some(payload_type) if loses(payload_type) => edits.push(delete(line)),
                Some(_) => {}
                None => edits.push(split_up(&section, line, &unwanted, loses)),
            }
        }
    }
    Ok(edits)
}

fn split_up(
    section: &Section<'_, '_>,
    line: &crate::sdp::Line<'_>,
    feedback: &Feedback<'_>,
    loses: impl Fn(u8) -> bool,
) -> Edit {
    let kept = section.media().into_iter().flat_map(|media| media.payload_types()).filter(|own| !loses(*own));
    let mut lines = Vec::new();
    for payload_type in kept {
        lines.extend_from_slice(format!("a=rtcp-fb:{payload_type} {feedback}").as_bytes());
        lines.extend_from_slice(line.ending().bytes());
    }
    Edit::replace(line.full_span(), lines)
}
