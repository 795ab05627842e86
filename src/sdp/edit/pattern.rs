//! Which codecs an operation is about.

use crate::sdp::codec::Codec;

/// A codec by its payload type, or by its name with clock rate and parameters where those matter.
///
/// `96`, `VP8`, `opus/48000`, `opus/48000/2`, `H264;profile-level-id=42e01f;packetization-mode=1`.
///
/// ```
/// # use rtcscope::sdp::Document;
/// # use rtcscope::sdp::edit::CodecPattern;
/// let document = Document::parse(b"m=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 stereo=1\n");
/// let codecs = document.media_section(0).map(|audio| audio.codecs()).unwrap_or_default();
/// let meant = |text| codecs.iter().any(|codec| CodecPattern::new(text).matches(codec));
/// assert_eq!(["111", "OPUS/48000", "opus;stereo=1", "opus;stereo=0"].map(meant), [true, true, true, false]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodecPattern<'p>(&'p str);

impl<'p> CodecPattern<'p> {
    /// The pattern of this text.
    ///
    /// Any text is one; what it means shows when it is held against a codec, see [`CodecPattern`].
    #[must_use]
    pub const fn new(text: &'p str) -> Self {
        Self(text)
    }

    /// The text.
    ///
    /// For messages, which name a pattern as it was written.
    #[must_use]
    pub const fn text(self) -> &'p str {
        self.0
    }

    /// Whether the codec is meant.
    ///
    /// The rule of every operation on codecs by itself; see [`CodecPattern`].
    #[must_use]
    pub fn matches(self, codec: &Codec<'_, '_>) -> bool {
        if let Ok(payload_type) = self.0.parse::<u8>() {
            return codec.payload_type == payload_type;
        }
        let (name, parameters) = self.0.split_once(';').unwrap_or((self.0, ""));
        let mut parts = name.split('/');
        let Some(rtpmap) = codec.rtpmap else { return false };
        let named = parts.next().is_some_and(|name| rtpmap.is(name));
        let rate = parts.next().is_none_or(|rate| rate.parse() == Ok(rtpmap.clock_rate));
        let channels = parts.next().is_none_or(|channels| channels.parse() == Ok(rtpmap.channels.unwrap_or(1)));
        let own = codec.fmtp.map(|fmtp| fmtp.parameters).unwrap_or_default();
        named
            && rate
            && channels
            && crate::sdp::Parameters(parameters)
                .iter()
                .all(|(name, value)| own.value(name).is_some_and(|found| found.eq_ignore_ascii_case(value)))
    }
}
