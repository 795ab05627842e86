//! M-lines over several rounds: those that come, go and are used again (RFC 3264, section 8; RFC 9429, section 5.2.2).

use std::collections::BTreeMap;

use super::media::negotiate;
use super::model::{AgreedMedia, Agreement};
use crate::sdp::document::Document;

/// The rounds of one session. Remembers of the last round what m-lines there were, at most [`MAX_MEDIA`](super::MAX_MEDIA).
///
/// ```
/// use rtcscope::sdp::Document;
/// use rtcscope::sdp::negotiate::{MediaFate, Negotiation};
///
/// let on = Document::parse(b"m=audio 9 RTP/AVP 0\na=mid:a\n");
/// let off = Document::parse(b"m=audio 0 RTP/AVP 0\na=mid:a\n");
/// let mut negotiation = Negotiation::new();
/// let fates = [&on, &off, &on].map(|document| negotiation.round(document, document).changes[0].fate.clone());
/// assert_eq!(fates, [MediaFate::Added, MediaFate::Stopped, MediaFate::Resumed]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Negotiation {
    rounds: usize,
    slots: Vec<Slot>,
}

/// What an m-line was in the last round.
#[derive(Debug, Clone)]
struct Slot {
    mid: Option<String>,
    kind: String,
    agreed: bool,
}

/// One offer and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// What the two agree on.
    pub agreement: Agreement<'a>,
    /// What became of m-lines since the round before.
    pub changes: Vec<MediaChange>,
}

/// What became of an m-line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaChange {
    /// Its index, from 0.
    pub index: usize,
    /// Its mid, now or, where it is gone, before.
    pub mid: Option<String>,
    /// What became of it.
    pub fate: MediaFate,
}

/// What becomes of m-lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaFate {
    /// It is new.
    Added,
    /// It was used and is no longer: stopped by the offer or refused by the answer.
    Stopped,
    /// It was stopped or refused and is used again under its mid.
    Resumed,
    /// A stopped or refused m-line gave its place to another one.
    Recycled {
        /// The mid that had the place.
        mid: Option<String>,
        /// What kind of media it was.
        kind: String,
    },
    /// An m-line that was in use has another mid or another kind of media, which no offer may do (RFC 9429, section 5.2.2).
    Replaced {
        /// The mid that had the place.
        mid: Option<String>,
        /// What kind of media it was.
        kind: String,
    },
    /// The mid had another place, which no offer may do.
    Moved {
        /// The index that it had.
        from: usize,
    },
    /// The descriptions have fewer m-lines than before, which is not allowed (RFC 3264, section 8).
    Gone,
}

impl MediaFate {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Stopped => "stopped",
            Self::Resumed => "resumed",
            Self::Recycled { .. } => "recycled",
            Self::Replaced { .. } => "replaced",
            Self::Moved { .. } => "moved",
            Self::Gone => "gone",
        }
    }
}

impl Negotiation {
    /// A session without any round.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next round: it does not matter which of the two offers it.
    pub fn round<'a>(&mut self, offer: &Document<'a>, answer: &Document<'a>) -> Round<'a> {
        let agreement = negotiate(offer, answer);
        let changes = self.changes(&agreement);
        self.slots = agreement.media.iter().map(Slot::new).collect();
        self.rounds += 1;
        Round { number: self.rounds, agreement, changes }
    }

    fn changes(&self, agreement: &Agreement<'_>) -> Vec<MediaChange> {
        let before: BTreeMap<&str, usize> = (self.slots.iter().enumerate().rev())
            .filter_map(|(index, slot)| Some((slot.mid.as_deref()?, index)))
            .collect();
        let mut changes = Vec::new();
        for media in &agreement.media {
            let moved = media.mid.and_then(|mid| before.get(mid)).filter(|from| **from != media.index);
            let fate = match (moved, self.slots.get(media.index)) {
                (Some(from), _) => Some(MediaFate::Moved { from: *from }),
                (None, Some(slot)) => slot.fate(media),
                (None, None) => media.is_agreed().then_some(MediaFate::Added),
            };
            changes.extend(fate.map(|fate| MediaChange {
                index: media.index,
                mid: media.mid.map(str::to_owned),
                fate,
            }));
        }
        // M-lines past the bounds of what is compared are not gone.
        if agreement.media_omitted == 0 {
            let gone = self.slots.iter().enumerate().skip(agreement.media.len());
            changes.extend(gone.map(|(index, slot)| MediaChange {
                index,
                mid: slot.mid.clone(),
                fate: MediaFate::Gone,
            }));
        }
        changes
    }
}

impl Slot {
    fn new(media: &AgreedMedia<'_>) -> Self {
        Self { mid: media.mid.map(str::to_owned), kind: media.kind.to_owned(), agreed: media.is_agreed() }
    }

    /// What became of it in the same place.
    fn fate(&self, media: &AgreedMedia<'_>) -> Option<MediaFate> {
        let same = self.mid.as_deref() == media.mid && self.kind.eq_ignore_ascii_case(media.kind);
        let (mid, kind) = (self.mid.clone(), self.kind.clone());
        match (self.agreed, media.is_agreed()) {
            (true, true) if !same => Some(MediaFate::Replaced { mid, kind }),
            (true, false) => Some(MediaFate::Stopped),
            // Without mids nothing tells whether a place is used again by the same one.
            (false, true) if same && media.mid.is_some() => Some(MediaFate::Resumed),
            (false, true) => Some(MediaFate::Recycled { mid, kind }),
            _ => None,
        }
    }
}
