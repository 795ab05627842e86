//! A description made ready for the rules: decoded once, with what they ask for most at hand.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::format::Format;
use super::profile::{Detection, Profile};
use crate::sdp::{
    Attribute, Candidate, Document, Error, Expected, Extmap, Fingerprint, Fmtp, Key, Line, LineType, Media, RtcpFb,
    Rtpmap, Section, Ssrc, Value,
};
use crate::text::{Edit, Span};

/// Whether a description offers or answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It is an offer.
    Offer,
    /// It is an answer, or a provisional one.
    Answer,
}

impl Role {
    /// The role of a description of this `type`, as envelopes name it.
    ///
    /// ```
    /// # use rtcscope::lint::Role;
    /// assert_eq!(Role::from_type("pranswer"), Some(Role::Answer));
    /// ```
    #[must_use]
    pub fn from_type(kind: &str) -> Option<Self> {
        match kind {
            "offer" => Some(Self::Offer),
            "answer" | "pranswer" => Some(Self::Answer),
            _ => None,
        }
    }
}

/// A value and the line that it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'d, 'a, T> {
    pub(super) line: &'d Line<'a>,
    pub(super) value: T,
}

/// A line, or a whole document, that makes no sense in some place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Misread<'d, 'a> {
    /// What is wrong.
    pub(super) error: &'d Error,
    /// The line that it is in; `None` where a line is missing or the text ends.
    pub(super) line: Option<&'d Line<'a>>,
    /// The index of the m-line that it is below; `None` at session level.
    pub(super) media: Option<usize>,
}

impl Misread<'_, '_> {
    /// Whether it is in a line of this attribute.
    pub(super) fn is_of(&self, key: Key) -> bool {
        self.line.is_some_and(|line| line.line_type() == LineType::Attribute && line.key() == key)
    }

    /// Whether it is in a line of this type.
    pub(super) fn is_in(&self, line_type: LineType) -> bool {
        self.line.is_some_and(|line| line.line_type() == line_type)
    }

    /// Whether it is in what the line says, rather than in its place, its number or its end.
    pub(super) const fn is_of_value(&self) -> bool {
        !matches!(
            self.error.expected,
            Expected::LineBreak
                | Expected::NoControl
                | Expected::LowerCaseType
                | Expected::KnownType
                | Expected::Present { .. }
                | Expected::Once { .. }
                | Expected::OnceAttribute { .. }
                | Expected::Before { .. }
                | Expected::SessionLevel
                | Expected::MediaLevel
        )
    }

    /// Whether what a line of this type says is at fault.
    pub(super) fn is_value_of(&self, line_type: LineType) -> bool {
        self.is_in(line_type) && self.is_of_value()
    }

    /// The name of the field at fault; empty where there is none.
    pub(super) fn field(&self) -> &'static str {
        self.error.expected.field().unwrap_or_default()
    }
}

/// The session level or a media section, with what the rules ask for most decoded.
///
/// Everything else is asked of `section`, which decodes on demand.
#[derive(Debug)]
pub(super) struct Part<'d, 'a> {
    pub(super) section: Section<'d, 'a>,
    /// The `m=` line; `None` at session level, and where it makes no sense.
    pub(super) media: Option<Media<'a>>,
    pub(super) rtpmaps: Vec<At<'d, 'a, Rtpmap<'a>>>,
    pub(super) fmtps: Vec<At<'d, 'a, Fmtp<'a>>>,
    pub(super) feedback: Vec<At<'d, 'a, RtcpFb<'a>>>,
    pub(super) extmaps: Vec<At<'d, 'a, Extmap<'a>>>,
    pub(super) sources: Vec<At<'d, 'a, Ssrc<'a>>>,
    pub(super) candidates: Vec<At<'d, 'a, Candidate<'a>>>,
    pub(super) fingerprints: Vec<At<'d, 'a, Fingerprint<'a>>>,
    /// The payload types of the `m=` line, as bits; only where the protocol is RTP.
    payload_types: u128,
    /// The same with their meanings, in ascending order, without those that have none.
    pub(super) formats: Vec<Format<'d, 'a>>,
}

impl<'d, 'a> Part<'d, 'a> {
    fn new(section: Section<'d, 'a>) -> Self {
        let media = section.media();
        let mut payload_types = 0;
        for payload_type in media.into_iter().filter(is_rtp).flat_map(|media| media.payload_types()) {
            payload_types |= 1_u128.checked_shl(u32::from(payload_type)).unwrap_or(0);
        }
        Self {
            section,
            media,
            rtpmaps: Vec::new(),
            fmtps: Vec::new(),
            feedback: Vec::new(),
            extmaps: Vec::new(),
            sources: Vec::new(),
            candidates: Vec::new(),
            fingerprints: Vec::new(),
            payload_types,
            formats: Vec::new(),
        }
    }

    fn take(&mut self, line: &'d Line<'a>, attribute: &Attribute<'a>) {
        match *attribute {
            Attribute::Rtpmap(value) => self.rtpmaps.push(At { line, value }),
            Attribute::Fmtp(value) => self.fmtps.push(At { line, value }),
            Attribute::RtcpFb(value) => self.feedback.push(At { line, value }),
            Attribute::Extmap(value) => self.extmaps.push(At { line, value }),
            Attribute::Ssrc(value) => self.sources.push(At { line, value }),
            Attribute::Candidate(value) => self.candidates.push(At { line, value }),
            Attribute::Fingerprint(value) => self.fingerprints.push(At { line, value }),
            _ => {}
        }
    }

    /// The `m=` line; of the session level its first line.
    pub(super) fn first_line(&self) -> Option<&'d Line<'a>> {
        self.section.lines().first()
    }

    /// Where something that the section lacks is shown: its `m=` line, or the first line of the description.
    pub(super) fn head(&self) -> Span {
        self.first_line().map_or(Span::new(0, 0), Line::span)
    }

    /// Its index among the m-lines; `None` for the session level.
    pub(super) fn index(&self) -> Option<usize> {
        self.section.index()
    }

    /// Its kind of media; empty at session level.
    pub(super) fn kind(&self) -> &'a str {
        self.media.map_or("", |media| media.media)
    }

    /// Whether its protocol is RTP of any profile.
    pub(super) fn is_rtp(&self) -> bool {
        self.media.as_ref().is_some_and(is_rtp)
    }

    /// Whether its keys come from DTLS, as its protocol says.
    pub(super) fn is_dtls(&self) -> bool {
        self.media.is_some_and(|media| {
            let protocol = media.protocol.as_bytes();
            let has = |word: &[u8]| protocol.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
            has(b"TLS")
        })
    }

    /// Whether it carries data channels.
    pub(super) fn is_sctp(&self) -> bool {
        self.media.is_some_and(|media| media.protocol.split('/').any(|word| word.eq_ignore_ascii_case("SCTP")))
    }

    /// Whether the `m=` line of RTP names this payload type.
    pub(super) fn names(&self, payload_type: u8) -> bool {
        self.payload_types & 1_u128.checked_shl(u32::from(payload_type)).unwrap_or(0) != 0
    }

    /// How a message names it: `m-line 0 (audio, mid a)`, or `the session level`.
    pub(super) fn name(&self) -> String {
        match (self.index(), self.kind(), self.section.mid()) {
            (None, ..) => "the session level".to_owned(),
            (Some(index), kind, Some(mid)) => format!("m-line {index} ({kind}, mid {mid})"),
            (Some(index), kind, None) => format!("m-line {index} ({kind})"),
        }
    }

    /// The first meaning that this section gives to a payload type: its `rtpmap`, or the static assignment.
    pub(super) fn rtpmap(&self, payload_type: u8) -> Option<Rtpmap<'a>> {
        let said = self.rtpmaps.iter().map(|at| at.value).find(|rtpmap| rtpmap.payload_type == payload_type);
        said.or_else(|| Rtpmap::from_static(payload_type))
    }

    /// The first `fmtp` of a payload type.
    pub(super) fn fmtp(&self, payload_type: u8) -> Option<Fmtp<'a>> {
        self.fmtps.iter().map(|at| at.value).find(|fmtp| fmtp.payload_type() == Some(payload_type))
    }

    /// Where the port of the `m=` line stands.
    pub(super) fn port(&self) -> Span {
        let word = self.first_line().and_then(|line| line.words().nth(1));
        word.map_or(self.head(), |word| word.span)
    }

    /// Where a payload type stands in the `m=` line, else the line.
    pub(super) fn format_span(&self, payload_type: u8) -> Span {
        let mut words = self.first_line().into_iter().flat_map(|line| line.words().skip(3));
        let same =
            |value: &[u8]| std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()) == Some(payload_type);
        words.find(|word| same(word.value)).map_or(self.head(), |word| word.span)
    }

    /// Where the formats of the `m=` line stand, from the first to the last.
    pub(super) fn formats(&self) -> Span {
        let words = || self.first_line().into_iter().flat_map(|line| line.words().skip(3));
        let ends = words().next().zip(words().last());
        ends.map_or(self.head(), |(first, last)| Span::new(first.span.start, last.span.end))
    }

    /// Whether it has the header extension with this URI itself; the session level may have it for all.
    pub(super) fn has_extension(&self, uri: &str) -> bool {
        self.extmaps.iter().any(|at| at.value.uri == uri)
    }

    /// An edit that adds an attribute line at the end of the section.
    pub(super) fn append(&self, line: &str) -> Edit {
        let lines = self.section.lines();
        let ending = lines.iter().map(|line| line.ending().bytes()).find(|ending| !ending.is_empty());
        let ending = ending.unwrap_or(b"\r\n");
        let mut text = Vec::new();
        // A last line without an ending needs one first.
        if lines.last().is_some_and(|line| line.ending().bytes().is_empty()) {
            text.extend_from_slice(ending);
        }
        text.extend_from_slice(line.as_bytes());
        text.extend_from_slice(ending);
        Edit::insert(self.section.span().end, text)
    }
}

/// Whether the protocol is RTP of any profile.
fn is_rtp(media: &Media<'_>) -> bool {
    media.protocol.split('/').any(|word| word.eq_ignore_ascii_case("RTP"))
}

/// A description with all that the rules ask of it.
#[derive(Debug)]
pub(super) struct Context<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    /// The profile that it is held to.
    pub(super) profile: Profile,
    /// How the profile was found out, where nobody said it.
    pub(super) detection: Option<Detection>,
    /// What it is, where that is known.
    pub(super) role: Option<Role>,
    /// The session level.
    pub(super) session: Part<'d, 'a>,
    /// The media sections, those with an `m=` line that makes no sense too.
    pub(super) media: Vec<Part<'d, 'a>>,
    errors: Vec<Error>,
}

impl<'d, 'a> Context<'d, 'a> {
    /// Decodes `document` once.
    pub(super) fn new(document: &'d Document<'a>, profile: Option<Profile>, role: Option<Role>) -> Self {
        let detection = if profile.is_none() { Some(Profile::detect(document)) } else { None };
        let mut session = Part::new(document.session());
        let mut media: Vec<Part<'d, 'a>> = document.media().map(Part::new).collect();
        let lines = document.lines();
        let mut place = 0;
        let mut reached = 0;
        let errors = document.visit(|line, value| {
            let Value::Attribute(attribute) = value else { return };
            // Lines come in order, so that one walk along both finds the section of each.
            while lines.get(place).is_some_and(|own| own.span().start < line.span().start) {
                place += 1;
                reached += usize::from(lines.get(place).is_some_and(|own| own.line_type() == LineType::Media));
            }
            let part = match reached.checked_sub(1) {
                None => Some(&mut session),
                Some(index) => media.get_mut(index),
            };
            if let (Some(part), Some(line)) = (part, lines.get(place)) {
                part.take(line, attribute);
            }
        });
        media.iter_mut().for_each(|part| part.formats = part.meanings());
        let profile = profile.or(detection.map(|detection| detection.profile)).unwrap_or(Profile::Generic);
        Self { document, profile, detection, role, session, media, errors }
    }

    /// The session level and then every media section.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Part<'d, 'a>> {
        std::iter::once(&self.session).chain(&self.media)
    }

    /// What makes no sense, in the order in which it was read.
    pub(super) fn misread(&self) -> impl Iterator<Item = Misread<'_, 'a>> {
        let lines = self.document.lines();
        self.errors.iter().map(move |error| {
            let place = lines.partition_point(|line| line.span().start <= error.span.start);
            let line = place.checked_sub(1).and_then(|place| lines.get(place));
            let after = |line: &&Line<'a>| error.span.start <= line.span().end;
            let media = self.media.partition_point(|part| part.section.span().start <= error.span.start);
            Misread { error, line: line.filter(after), media: media.checked_sub(1) }
        })
    }

    /// Where a token that was borrowed from the description stands.
    pub(super) fn span(&self, token: &str) -> Span {
        self.document.span_of(token).unwrap_or(Span::new(0, 0))
    }

    /// The media section that each mid names; of a mid that stands twice, the first.
    pub(super) fn mids(&self) -> BTreeMap<&'a str, usize> {
        let mut places = BTreeMap::new();
        for (index, part) in self.media.iter().enumerate() {
            part.section.mid().map(|mid| places.entry(mid).or_insert(index));
        }
        places
    }

    /// For each media section the number of the first `BUNDLE` group that names its mid.
    pub(super) fn bundles(&self) -> Vec<Option<usize>> {
        let places = self.mids();
        let mut numbers = vec![None; self.media.len()];
        for (number, group) in self.document.groups("BUNDLE").enumerate() {
            for index in group.mids.iter().filter_map(|mid| places.get(mid)) {
                if let Some(slot @ None) = numbers.get_mut(*index) {
                    *slot = Some(number);
                }
            }
        }
        numbers
    }

    /// The ids of the one-byte form that no header extension of the description has.
    ///
    /// Rules whose fixes add an extension take the first, second or third of them, and those that renumber begin at the
    /// end, so that fixes of two rules do not take the same.
    pub(super) fn free_extension_ids(&self) -> Vec<u32> {
        let used: BTreeSet<u32> = self.parts().flat_map(|part| &part.extmaps).map(|at| at.value.id).collect();
        (1..=14).filter(|id| !used.contains(id)).collect()
    }

    /// Where the lines start that make no sense: rules about the looks of a line are silent there.
    pub(super) fn misread_lines(&self) -> HashSet<usize> {
        self.misread().filter_map(|fault| fault.line).map(|line| line.span().start).collect()
    }

    /// Whether the session level has something that is meant as a line of this type and is none: indented, in capitals, with white
    /// space before its `=` or behind a byte order mark. Another rule speaks of it.
    pub(super) fn has_nearly(&self, letter: u8) -> bool {
        let broken = |line: &&Line<'_>| matches!(line.line_type(), LineType::Unknown | LineType::Malformed);
        self.session.section.lines().iter().filter(broken).any(|line| {
            let content = line.content().trim_ascii_start();
            let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
            match content.split_first() {
                Some((first, rest)) => first.eq_ignore_ascii_case(&letter) && rest.trim_ascii_start().starts_with(b"="),
                None => false,
            }
        })
    }

    /// An edit that puts `text`, a line without its ending, at `offset`, where a line starts or the description ends.
    pub(super) fn insert_line(&self, offset: usize, text: &str) -> Edit {
        let ending = self.ending();
        let open = self.document.lines().last().is_some_and(|last| last.ending().bytes().is_empty());
        // A last line without an ending needs one first, and then lends its own lack of one.
        let line = if open && offset == self.document.text().len() {
            format!("{ending}{text}")
        } else {
            format!("{text}{ending}")
        };
        Edit::insert(offset, line)
    }

    /// Whether the profile is that of browsers.
    pub(super) const fn is_webrtc(&self) -> bool {
        matches!(self.profile, Profile::Webrtc)
    }

    /// The line ending that the description uses, for lines that a fix adds.
    pub(super) fn ending(&self) -> &'static str {
        let first = self.document.lines().iter().map(|line| line.ending().bytes()).find(|ending| !ending.is_empty());
        match first {
            Some(b"\n") => "\n",
            Some(b"\r") => "\r",
            _ => "\r\n",
        }
    }
}

/// Where the value of a line stands, of an attribute what follows its colon; the line where it has none.
pub(super) fn value_span(line: &Line<'_>) -> Span {
    let span = line.span();
    let length = line.attribute_value().unwrap_or_else(|| line.value()).len();
    let start = span.end.saturating_sub(length);
    if length == 0 { span } else { Span::new(start, span.end) }
}

/// Where a word of a line's value stands, counted from 0; the line where it has fewer.
pub(super) fn word_span(line: &Line<'_>, place: usize) -> Span {
    line.words().nth(place).map_or(line.span(), |word| word.span)
}

/// An edit that takes a line away with its ending.
pub(super) fn without(line: &Line<'_>) -> Edit {
    Edit::delete(line.full_span())
}

/// The mids that m-lines have, as bytes; `None` where one of them cannot be told.
///
/// Of a line that makes no sense it is the first word, and a line that is broken otherwise (`A=mid:0`, `a= mid:0`) counts too, so
/// that one bad line is one fault, and not another one of each group that names it.
pub(super) fn known_mids<'a>(context: &Context<'_, 'a>) -> Option<BTreeSet<&'a [u8]>> {
    let mut known = BTreeSet::new();
    for line in context.media.iter().flat_map(|part| part.section.lines()) {
        let value = if line.line_type() == LineType::Attribute && line.key() == Key::Mid {
            Some(line.attribute_value().unwrap_or_default())
        } else if matches!(line.key(), Key::Other) {
            broken_mid(line.content())
        } else {
            None
        };
        let Some(value) = value else { continue };
        known.insert(value.split(|byte| *byte == b' ').find(|word| !word.is_empty())?);
    }
    Some(known)
}

/// What follows `mid:` in a line that is an `a=mid` but for its case or for spaces.
fn broken_mid(content: &[u8]) -> Option<&[u8]> {
    let rest = content.strip_prefix(b"a").or_else(|| content.strip_prefix(b"A"))?;
    let rest = rest.trim_ascii_start().strip_prefix(b"=")?;
    rest.trim_ascii_start().strip_prefix(b"mid:")
}

/// An edit that takes a word, borrowed from a list in the description, away with the space before it.
pub(super) fn without_word(context: &Context<'_, '_>, word: &str) -> Edit {
    let span = context.span(word);
    let before = span.start.checked_sub(1).filter(|at| context.document.text().get(*at) == Some(&b' '));
    Edit::delete(Span::new(before.unwrap_or(span.start), span.end))
}
