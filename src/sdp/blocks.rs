//! The five blocks of a WebRTC description: what each line is for.

use super::attribute::{Block, Key};
use super::document::{Document, Section};
use super::line::{Line, LineType};

impl Line<'_> {
    /// The block that the line belongs to.
    ///
    /// ```
    /// use rtcscope::sdp::{Block, Document};
    ///
    /// let document = Document::parse(b"s=-\r\na=ice-lite\r\na=setup:passive\r\na=group:BUNDLE 0\r\n");
    /// let blocks: Vec<Block> = document.lines().iter().map(|line| line.block()).collect();
    /// assert_eq!(blocks, [Block::Metadata, Block::Network, Block::Security, Block::Grouping]);
    /// ```
    #[must_use]
    pub const fn block(&self) -> Block {
        match self.line_type() {
            LineType::Connection => Block::Network,
            LineType::Media => Block::Streams,
            LineType::Bandwidth => Block::Grouping,
            LineType::EncryptionKey => Block::Security,
            LineType::Attribute => self.key().block(),
            _ => Block::Metadata,
        }
    }
}

impl<'a> Document<'a> {
    /// The lines of one block, each with the section it stands in.
    ///
    /// ```
    /// # use rtcscope::sdp::{Block, Document};
    /// let document = Document::parse(b"s=-\nm=audio 9 RTP/AVP 0\na=setup:active\n");
    /// let found: Vec<_> =
    ///     document.block(Block::Security).map(|(section, line)| (section.index(), line.value())).collect();
    /// assert_eq!(found, [(Some(0), &b"setup:active"[..])]);
    /// ```
    pub fn block(&self, block: Block) -> impl Iterator<Item = (Section<'_, 'a>, &Line<'a>)> {
        self.sections().flat_map(move |section| {
            section.lines().iter().filter(move |line| line.block() == block).map(move |line| (section, line))
        })
    }

    /// Whether it is less than a description: it has neither `v=` nor `o=`, as the bodies of trickle ICE.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// assert!(Document::parse(b"a=mid:0\na=end-of-candidates\n").is_fragment());
    /// assert!(!Document::parse(b"v=0\no=- 1 1 IN IP4 0.0.0.0\n").is_fragment());
    /// ```
    #[must_use]
    pub fn is_fragment(&self) -> bool {
        let head = |line: &&Line<'_>| matches!(line.line_type(), LineType::Version | LineType::Origin);
        !self.lines().iter().any(|line| head(&line))
            && self.lines().iter().any(|line| line.key() != Key::Other || line.line_type() == LineType::Media)
    }
}
