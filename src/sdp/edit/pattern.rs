//! Which codecs an operation is about.

use crate::sdp::codec::Codec;

/// A codec by its payload type, or by its name with clock rate and parameters where those matter.
///
/// `96`, `VP8`, `opus/48000`, `opus/48000/2`, `H264;profile-level-id=42e01f;packetization-mode=1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodecPattern<'p>(&'p str);

impl<'p> CodecPattern<'p> {
    /// The pattern of this text.
    #[must_use]
    pub const fn new(text: &'p str) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub const fn text(self) -> &'p str {
        self.0
    }

    /// Whether the codec is meant.
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
