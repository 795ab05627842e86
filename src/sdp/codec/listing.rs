//! The codecs of an m-line in its order of preference.

use crate::sdp::attribute::{Feedback, Fmtp, RtcpFb, Rtpmap};
use crate::sdp::document::Section;
use crate::sdp::list::Parameters;

use super::CodecParameters;

/// A payload type of an m-line with what is said of it.
///
/// What is said of one codec stands in several lines; this brings them together.
///
/// ```
/// # use rtcscope::sdp::Document;
/// let document = Document::parse(b"m=audio 9 RTP/AVP 111 0\na=rtpmap:111 opus/48000/2\na=fmtp:111 stereo=1\n");
/// let codecs = document.media().flat_map(|section| section.codecs());
/// let told: Vec<_> = codecs.map(|codec| (codec.payload_type, codec.name(), codec.fmtp.is_some())).collect();
/// assert_eq!(told, [(111, "opus", true), (0, "PCMU", false)]);
/// ```
#[derive(Debug, Clone)]
pub struct Codec<'d, 'a> {
    section: Section<'d, 'a>,
    /// The payload type.
    pub payload_type: u8,
    /// What it means: its `rtpmap`, or without one the static assignment of RFC 3551.
    pub rtpmap: Option<Rtpmap<'a>>,
    /// Its first `fmtp`.
    pub fmtp: Option<Fmtp<'a>>,
}

impl<'a> Codec<'_, 'a> {
    /// The encoding's name; empty where nobody says it.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 8 127\n");
    /// let names: Vec<&str> =
    ///     document.media().flat_map(|section| section.codecs()).map(|codec| codec.name()).collect();
    /// assert_eq!(names, ["PCMA", ""]);
    /// ```
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.rtpmap.map_or("", |rtpmap| rtpmap.encoding)
    }

    /// Whether it is this codec, in any case.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 8\n");
    /// assert!(document.media().flat_map(|section| section.codecs()).all(|codec| codec.is("pcma")));
    /// ```
    #[must_use]
    pub fn is(&self, encoding: &str) -> bool {
        self.name().eq_ignore_ascii_case(encoding)
    }

    /// Its parameters, typed; the defaults where it has no `fmtp`.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// # use rtcscope::sdp::codec::CodecParameters;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 usedtx=1\n");
    /// let parameters = document.media().flat_map(|section| section.codecs()).map(|codec| codec.parameters()).next();
    /// assert!(matches!(parameters, Some(CodecParameters::Opus(opus)) if opus.use_dtx));
    /// ```
    #[must_use]
    pub fn parameters(&self) -> CodecParameters<'a> {
        let parameters = self.fmtp.map_or(Parameters(""), |fmtp| fmtp.parameters);
        CodecParameters::new(self.name(), parameters)
    }

    /// The feedback that may be sent for it, `*` included.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Feedback};
    /// let document = Document::parse(b"m=video 9 RTP/AVPF 96\na=rtcp-fb:* transport-cc\na=rtcp-fb:97 nack\n");
    /// let codecs = document.media_section(0).map(|section| section.codecs()).unwrap_or_default();
    /// let feedback: Vec<Feedback<'_>> = codecs.iter().flat_map(|codec| codec.feedback()).collect();
    /// assert_eq!(feedback, [Feedback::TransportCc]);
    /// ```
    pub fn feedback(&self) -> impl Iterator<Item = Feedback<'a>> {
        let payload_type = self.payload_type;
        let all = self.section.values::<RtcpFb<'a>>();
        all.filter(move |feedback| feedback.applies_to(payload_type)).map(|feedback| feedback.feedback)
    }

    /// The payload type whose packets it retransmits, where it is RTX.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=video 9 RTP/AVPF 97\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n");
    /// let apt = document.media().flat_map(|section| section.codecs()).find_map(|codec| codec.retransmits());
    /// assert_eq!(apt, Some(96));
    /// ```
    #[must_use]
    pub fn retransmits(&self) -> Option<u8> {
        match self.parameters() {
            CodecParameters::Rtx(rtx) => rtx.apt,
            _ => None,
        }
    }
}

impl<'d, 'a> Section<'d, 'a> {
    /// The codecs in the order of the m-line, the preferred first and each once; nothing where it is not RTP.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 0 8 0\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\n");
    /// assert_eq!(document.media().map(|section| section.codecs().len()).collect::<Vec<_>>(), [2, 0]);
    /// ```
    #[must_use]
    pub fn codecs(&self) -> Vec<Codec<'d, 'a>> {
        let mut rtpmaps: [Option<Rtpmap<'a>>; 128] = [None; 128];
        let mut fmtps: [Option<Fmtp<'a>>; 128] = [None; 128];
        for rtpmap in self.values::<Rtpmap<'a>>() {
            if let Some(slot) = rtpmaps.get_mut(usize::from(rtpmap.payload_type)) {
                slot.get_or_insert(rtpmap);
            }
        }
        for fmtp in self.values::<Fmtp<'a>>() {
            let slot = fmtp.payload_type().and_then(|payload_type| fmtps.get_mut(usize::from(payload_type)));
            slot.map(|slot| slot.get_or_insert(fmtp));
        }
        let mut seen = 0_u128;
        let payload_types = self.media().into_iter().flat_map(|media| media.payload_types());
        payload_types
            .filter(|payload_type| {
                let bit = 1_u128.checked_shl(u32::from(*payload_type)).unwrap_or(0);
                let new = seen & bit == 0;
                seen |= bit;
                new && bit != 0
            })
            .map(|payload_type| {
                let said = rtpmaps.get(usize::from(payload_type)).copied().flatten();
                let fmtp = fmtps.get(usize::from(payload_type)).copied().flatten();
                let rtpmap = said.or_else(|| Rtpmap::from_static(payload_type));
                Codec { section: *self, payload_type, rtpmap, fmtp }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::sdp::Document;

    #[test]
    fn codecs_come_in_the_order_of_the_m_line() {
        let text = b"m=video 9 RTP/AVP 97 96 0\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n\
            a=rtcp-fb:96 nack pli\na=rtcp-fb:* goog-remb\n";
        let document = Document::parse(text);
        let codecs = document.media_section(0).unwrap().codecs();
        let names: Vec<_> = codecs.iter().map(|codec| (codec.payload_type, codec.name())).collect();
        assert_eq!(names, [(97, "rtx"), (96, "VP8"), (0, "PCMU")]);
        assert_eq!(codecs[0].retransmits(), Some(96));
        let feedback: Vec<String> = codecs[1].feedback().map(|feedback| feedback.to_string()).collect();
        assert_eq!(feedback, ["nack pli", "goog-remb"]);
    }
}
