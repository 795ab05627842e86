//! Prefer, keep or remove codecs, with every line that is about them.

use super::place::{delete, rewrite};
use super::{CodecPattern, EditError, Scope};
use crate::sdp::attribute::{Attribute, Rid, SsrcGroup};
use crate::sdp::codec::{Codec, CodecParameters};
use crate::sdp::document::{Document, Section};
use crate::sdp::line::Line;
use crate::text::Edit;

/// A set of payload types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct PayloadTypes(u128);

impl PayloadTypes {
    fn insert(&mut self, payload_type: u8) {
        self.0 |= 1_u128.checked_shl(u32::from(payload_type)).unwrap_or(0);
    }

    fn contains(self, payload_type: u8) -> bool {
        self.0 & 1_u128.checked_shl(u32::from(payload_type)).unwrap_or(0) != 0
    }
}

impl FromIterator<u8> for PayloadTypes {
    fn from_iter<I: IntoIterator<Item = u8>>(payload_types: I) -> Self {
        let mut set = Self::default();
        payload_types.into_iter().for_each(|payload_type| set.insert(payload_type));
        set
    }
}

/// Moves the codecs that `order` names to the front, in that order, each with its retransmission right behind
/// it; the others keep their order behind them. Nothing but `m=` lines changes.
///
/// ```
/// # use rtcscope::sdp::edit::{CodecPattern, Editor, Scope, prefer_codecs};
/// let text = b"m=video 9 RTP/AVP 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 H264/90000\n";
/// let edited =
///     Editor::new(text).edit(|document| prefer_codecs(document, Scope::All, &[CodecPattern::new("H264")]))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=video 9 RTP/AVP 97 96\na=rtpmap:96 VP8/90000\n\
///     a=rtpmap:97 H264/90000\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::NoSuchCodec`] for a pattern that no section in scope has.
pub fn prefer_codecs(
    document: &Document<'_>,
    scope: Scope<'_>,
    order: &[CodecPattern<'_>],
) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    found(&sections, order)?;
    let mut edits = Vec::new();
    for section in sections {
        let codecs = section.codecs();
        let mut wanted: Vec<u8> = Vec::new();
        for pattern in order {
            for codec in codecs.iter().filter(|codec| pattern.matches(codec)) {
                let repairs = codecs.iter().filter(|other| other.retransmits() == Some(codec.payload_type));
                wanted.extend(std::iter::once(codec).chain(repairs).map(|codec| codec.payload_type));
            }
        }
        if !wanted.is_empty() {
            let all = wanted.iter().copied().chain(codecs.iter().map(|codec| codec.payload_type));
            edits.extend(set_formats(&section, all));
        }
    }
    Ok(edits)
}

/// The codecs that `patterns` name stay, each with its retransmission, and all others go with their lines.
/// Sections that have none of them stay as they are.
///
/// ```
/// # use rtcscope::sdp::edit::{CodecPattern, Editor, Scope, keep_codecs};
/// let text = b"m=video 9 RTP/AVP 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 H264/90000\n";
/// let edited =
///     Editor::new(text).edit(|document| keep_codecs(document, Scope::All, &[CodecPattern::new("VP8")]))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=video 9 RTP/AVP 96\na=rtpmap:96 VP8/90000\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::NoSuchCodec`] for a pattern that no section in scope has.
pub fn keep_codecs(
    document: &Document<'_>,
    scope: Scope<'_>,
    patterns: &[CodecPattern<'_>],
) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    found(&sections, patterns)?;
    let mut edits = Vec::new();
    for section in sections {
        let codecs = section.codecs();
        let kept: PayloadTypes = matching(&codecs, patterns).collect();
        if kept != PayloadTypes::default() {
            let gone = |codec: &&Codec<'_, '_>| {
                !kept.contains(codec.payload_type) && !codec.retransmits().is_some_and(|apt| kept.contains(apt))
            };
            let gone = codecs.iter().filter(gone).map(|codec| codec.payload_type).collect();
            remove(&section, &codecs, gone, &mut edits)?;
        }
    }
    Ok(edits)
}

/// The codecs that `patterns` name go: with them what only serves them (RTX, RED made of them) and every
/// `rtpmap`, `fmtp`, `rtcp-fb`, `imageattr` and source that would be an orphan.
///
/// ```
/// # use rtcscope::sdp::edit::{CodecPattern, Editor, Scope, remove_codecs};
/// let text = b"m=video 9 RTP/AVP 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 H264/90000\n";
/// let edited =
///     Editor::new(text).edit(|document| remove_codecs(document, Scope::All, &[CodecPattern::new("VP8")]))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=video 9 RTP/AVP 97\na=rtpmap:97 H264/90000\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::NoSuchCodec`] for a pattern that no section in scope has;
/// [`EditError::NoCodecLeft`].
pub fn remove_codecs(
    document: &Document<'_>,
    scope: Scope<'_>,
    patterns: &[CodecPattern<'_>],
) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    found(&sections, patterns)?;
    let mut edits = Vec::new();
    for section in sections {
        let codecs = section.codecs();
        let gone = matching(&codecs, patterns).collect();
        remove(&section, &codecs, gone, &mut edits)?;
    }
    Ok(edits)
}

fn matching<'c>(codecs: &'c [Codec<'_, '_>], patterns: &'c [CodecPattern<'_>]) -> impl Iterator<Item = u8> + 'c {
    let meant = |codec: &&Codec<'_, '_>| patterns.iter().any(|pattern| pattern.matches(codec));
    codecs.iter().filter(meant).map(|codec| codec.payload_type)
}

/// Every pattern must mean something somewhere.
pub(super) fn found(sections: &[Section<'_, '_>], patterns: &[CodecPattern<'_>]) -> Result<(), EditError> {
    let codecs: Vec<_> = sections.iter().flat_map(Section::codecs).collect();
    match patterns.iter().find(|pattern| !codecs.iter().any(|codec| pattern.matches(codec))) {
        Some(pattern) => Err(EditError::NoSuchCodec { pattern: pattern.text().into() }),
        None => Ok(()),
    }
}

/// The payload types that go with `gone`, because they only serve them.
fn closure(codecs: &[Codec<'_, '_>], mut gone: PayloadTypes) -> PayloadTypes {
    loop {
        let before = gone;
        for codec in codecs {
            let orphan = match codec.parameters() {
                CodecParameters::Rtx(rtx) => rtx.apt.is_some_and(|apt| gone.contains(apt)),
                CodecParameters::Red(red) => red.payload_types().any(|payload_type| gone.contains(payload_type)),
                _ => false,
            };
            if orphan {
                gone.insert(codec.payload_type);
            }
        }
        if gone == before {
            return gone;
        }
    }
}

/// Whether it carries media, rather than repairing or accompanying it.
fn is_primary(codec: &Codec<'_, '_>) -> bool {
    !["rtx", "red", "ulpfec", "flexfec", "flexfec-03", "telephone-event", "CN"].iter().any(|name| codec.is(name))
}

fn remove(
    section: &Section<'_, '_>,
    codecs: &[Codec<'_, '_>],
    gone: PayloadTypes,
    edits: &mut Vec<Edit>,
) -> Result<(), EditError> {
    let gone = closure(codecs, gone);
    if gone == PayloadTypes::default() {
        return Ok(());
    }
    let left = || codecs.iter().filter(|codec| !gone.contains(codec.payload_type));
    if !left().any(is_primary) && codecs.iter().any(is_primary) || left().next().is_none() {
        return Err(EditError::NoCodecLeft { media: section.index().unwrap_or_default() });
    }
    edits.extend(set_formats(section, left().map(|codec| codec.payload_type)));
    for line in section.lines() {
        edits.extend(without(line, gone));
    }
    let has = |name: &str| codecs.iter().any(|codec| codec.is(name));
    let keeps = |name: &str| left().any(|codec| codec.is(name));
    if has("rtx") && !keeps("rtx") {
        remove_secondary(section, "FID", edits);
    }
    if has("flexfec-03") && !keeps("flexfec-03") {
        remove_secondary(section, "FEC-FR", edits);
    }
    Ok(())
}

/// What becomes of a line when payload types go.
fn without(line: &Line<'_>, gone: PayloadTypes) -> Option<Edit> {
    let payload_type = match line.attribute()?.ok()? {
        Attribute::Rtpmap(rtpmap) => Some(rtpmap.payload_type),
        Attribute::Fmtp(fmtp) => fmtp.payload_type(),
        Attribute::RtcpFb(feedback) => feedback.payload_type,
        Attribute::ImageAttributes(image) => image.payload_type,
        Attribute::Rid(rid) => return without_in_rid(line, &rid, gone),
        _ => None,
    };
    payload_type.filter(|payload_type| gone.contains(*payload_type)).map(|_| delete(line))
}

fn without_in_rid(line: &Line<'_>, rid: &Rid<'_>, gone: PayloadTypes) -> Option<Edit> {
    if !rid.payload_types().any(|payload_type| gone.contains(payload_type)) {
        return None;
    }
    let left: Vec<String> =
        rid.payload_types().filter(|payload_type| !gone.contains(*payload_type)).map(|left| left.to_string()).collect();
    let restrictions: Vec<String> = rid
        .restrictions
        .iter()
        .filter_map(|(name, value)| match name {
            "pt" if left.is_empty() => None,
            "pt" => Some(format!("pt={}", left.join(","))),
            "" => Some(value.to_owned()),
            _ => Some(format!("{name}={value}")),
        })
        .collect();
    let space = if restrictions.is_empty() { "" } else { " " };
    Some(rewrite(line, format!("a=rid:{} {}{space}{}", rid.id, rid.direction, restrictions.join(";"))))
}

/// The groups of this semantics go, and all lines of their sources but the first.
fn remove_secondary(section: &Section<'_, '_>, semantics: &str, edits: &mut Vec<Edit>) {
    let mut secondary: Vec<u32> = Vec::new();
    for (line, group) in section.lines_with::<SsrcGroup<'_>>() {
        if group.semantics == semantics {
            secondary.extend(group.ids().skip(1));
            edits.push(delete(line));
        }
    }
    secondary.sort_unstable();
    for (line, source) in section.lines_with::<crate::sdp::attribute::Ssrc<'_>>() {
        if secondary.binary_search(&source.id).is_ok() {
            edits.push(delete(line));
        }
    }
}

/// The list of the `m=` line becomes `payload_types`, each once.
fn set_formats(section: &Section<'_, '_>, payload_types: impl Iterator<Item = u8>) -> Option<Edit> {
    let media = section.media().filter(|media| media.is_rtp())?;
    let mut seen = PayloadTypes::default();
    let mut list: Vec<String> = Vec::new();
    for payload_type in payload_types.filter(|payload_type| *payload_type < 128) {
        if !seen.contains(payload_type) {
            seen.insert(payload_type);
            list.push(payload_type.to_string());
        }
    }
    let list = list.join(" ");
    let span = section.document().span_of(media.formats.0)?;
    (list != media.formats.0).then(|| Edit::replace(span, list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::attribute::Key;
    use crate::text::apply;

    const VIDEO: &[u8] = b"m=video 9 RTP/AVP 96 97 98 99\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\n\
        a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:98 H264/90000\r\na=fmtp:98 profile-level-id=42e01f\r\n\
        a=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\na=ssrc-group:FID 1 2\r\na=ssrc:1 cname:x\r\na=ssrc:2 cname:x\r\n";

    fn done(edits: Result<Vec<Edit>, EditError>) -> String {
        String::from_utf8(apply(VIDEO, &edits.unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn a_codec_goes_with_all_its_lines() {
        let document = Document::parse(VIDEO);
        let text = done(remove_codecs(&document, Scope::All, &[CodecPattern::new("vp8")]));
        assert_eq!(
            text,
            "m=video 9 RTP/AVP 98 99\r\na=rtpmap:98 H264/90000\r\na=fmtp:98 profile-level-id=42e01f\r\n\
             a=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\na=ssrc-group:FID 1 2\r\na=ssrc:1 cname:x\r\na=ssrc:2 cname:x\r\n"
        );
    }

    #[test]
    fn without_retransmission_its_sources_go() {
        let document = Document::parse(VIDEO);
        let text = done(remove_codecs(&document, Scope::All, &[CodecPattern::new("rtx")]));
        let after = Document::parse(text.as_bytes());
        let section = after.media_section(0).unwrap();
        assert!(!section.has(Key::SsrcGroup) && section.attribute_lines(Key::Ssrc).count() == 1, "{text}");
    }

    #[test]
    fn the_preferred_codec_takes_its_retransmission_along() {
        let document = Document::parse(VIDEO);
        let pattern = CodecPattern::new("H264;profile-level-id=42E01F");
        assert!(
            done(prefer_codecs(&document, Scope::All, &[pattern])).starts_with("m=video 9 RTP/AVP 98 99 96 97\r\n")
        );
    }

    #[test]
    fn the_last_codec_cannot_go() {
        let document = Document::parse(VIDEO);
        let patterns = [CodecPattern::new("VP8"), CodecPattern::new("98")];
        assert_eq!(remove_codecs(&document, Scope::All, &patterns), Err(EditError::NoCodecLeft { media: 0 }));
        assert!(matches!(
            keep_codecs(&document, Scope::Kind("video"), &[CodecPattern::new("AV1")]),
            Err(EditError::NoSuchCodec { .. })
        ));
    }
}
