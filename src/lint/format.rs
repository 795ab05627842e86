//! The payload types of a media section with their meanings, found once for all rules.

use std::collections::BTreeMap;

use super::context::{At, Context, Part, without};
use crate::sdp::{Fmtp, Key, Line, LineType, Rtpmap};
use crate::text::{Edit, Span};

/// A payload type of an `m=` line that has a meaning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format<'d, 'a> {
    pub(super) payload_type: u8,
    /// What it means: the first `a=rtpmap`, or the static assignment.
    pub(super) rtpmap: Rtpmap<'a>,
    /// The line that says so; `None` for the static assignment.
    pub(super) line: Option<&'d Line<'a>>,
    /// Its first `a=fmtp`.
    pub(super) fmtp: Option<At<'d, 'a, Fmtp<'a>>>,
}

impl Format<'_, '_> {
    /// How a message names it: `111 (opus)`.
    pub(super) fn name(&self) -> String {
        format!("{} ({})", self.payload_type, self.rtpmap.encoding)
    }
}

impl<'d, 'a> Part<'d, 'a> {
    /// Whether the formats of its `m=` line are payload types.
    pub(super) fn has_payload_types(&self) -> bool {
        self.media.is_some_and(|media| media.is_rtp())
    }

    /// The payload types that the `m=` line names and that mean something, in ascending order.
    pub(super) fn meanings(&self) -> Vec<Format<'d, 'a>> {
        let mut said: BTreeMap<u8, At<'d, 'a, Rtpmap<'a>>> = BTreeMap::new();
        for at in &self.rtpmaps {
            said.entry(at.value.payload_type).or_insert(*at);
        }
        let mut fmtps: BTreeMap<u8, At<'d, 'a, Fmtp<'a>>> = BTreeMap::new();
        for at in &self.fmtps {
            if let Some(payload_type) = at.value.payload_type() {
                fmtps.entry(payload_type).or_insert(*at);
            }
        }
        let named = (0..128).filter(|payload_type| self.names(*payload_type));
        named
            .filter_map(|payload_type| {
                let own = said.get(&payload_type);
                let rtpmap = own.map(|at| at.value).or_else(|| Rtpmap::from_static(payload_type))?;
                let fmtp = fmtps.get(&payload_type).copied();
                Some(Format { payload_type, rtpmap, line: own.map(|at| at.line), fmtp })
            })
            .collect()
    }

    /// The meaning of a payload type of the `m=` line.
    pub(super) fn format(&self, payload_type: u8) -> Option<&Format<'d, 'a>> {
        let place = self.formats.binary_search_by_key(&payload_type, |format| format.payload_type);
        self.formats.get(place.ok()?)
    }

    /// The payload types of the `m=` line with their tokens, each once, in order of preference.
    pub(super) fn payload_type_tokens(&self) -> impl Iterator<Item = (u8, &'a str)> + use<'d, 'a> {
        let words = self.media.filter(|media| media.is_rtp()).into_iter().flat_map(|media| media.formats.iter());
        let mut seen = 0_u128;
        words.filter_map(move |word| {
            let payload_type: u8 = word.parse().ok()?;
            let bit = 1_u128.checked_shl(u32::from(payload_type))?;
            let new = seen & bit == 0;
            seen |= bit;
            new.then_some((payload_type, word))
        })
    }

    /// Where the `m=` line names a payload type; the whole line where it does not.
    pub(super) fn payload_type_span(&self, context: &Context<'_, '_>, payload_type: u8) -> Span {
        let token = self.payload_type_tokens().find(|(own, _)| *own == payload_type);
        token.map_or(self.head(), |(_, token)| context.span(token))
    }

    /// Edits that take a payload type out of the section with all lines about it; `None` where it is the only one.
    pub(super) fn without_payload_type(&self, context: &Context<'_, '_>, payload_type: u8) -> Option<Vec<Edit>> {
        self.payload_type_tokens().nth(1)?;
        let written = payload_type.to_string();
        let tokens = self.media.into_iter().flat_map(|media| media.formats.iter());
        let mut edits: Vec<Edit> = tokens
            .filter(|token| *token == written)
            .map(|token| context.span(token))
            // With the space in front.
            .map(|span| Edit::delete(Span::new(span.start.saturating_sub(1), span.end)))
            .collect();
        let own = self.section.lines().iter().filter(|line| {
            let about = matches!(line.key(), Key::Rtpmap | Key::Fmtp | Key::RtcpFb);
            about
                && line.line_type() == LineType::Attribute
                && line.attribute_value().and_then(|value| value.split(|byte| *byte == b' ').next())
                    == Some(written.as_bytes())
        });
        edits.extend(own.map(without));
        Some(edits)
    }
}
