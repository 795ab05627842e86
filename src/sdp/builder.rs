//! Descriptions from scratch.

use std::fmt::Display;

use super::attribute::{Attribute, Candidate, Direction, Fmtp, IcePwd, IceUfrag, Mid, RtcpFb, Rtpmap};
use super::document::Document;
use super::error::Error;

/// Builds a description line by line, and checks it at the end.
///
/// ```
/// use rtcscope::sdp::{Builder, Direction, MediaBuilder, Rtpmap, Setup};
///
/// let text = Builder::new(4611731400430051336)
///     .bundle(["0"])
///     .media(
///         MediaBuilder::new("audio", 9, "UDP/TLS/RTP/SAVPF", "0")
///             .ice("F7gI", "x9cml/YzichV2+XlhiMu8g")
///             .attribute(Setup::Actpass)
///             .codec(Rtpmap { payload_type: 111, encoding: "opus", clock_rate: 48000, channels: Some(2) })
///             .parameters(111, "minptime=10;useinbandfec=1")
///             .direction(Direction::SendRecv),
///     )
///     .build()
///     .unwrap();
/// assert!(text.starts_with("v=0\r\no=- 4611731400430051336 2 IN IP4 0.0.0.0\r\n"));
/// assert!(text.contains("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"));
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    head: String,
    session: String,
    media: Vec<MediaBuilder>,
}

impl Builder {
    /// The session's head as RFC 9429, section 5.2.1, wants it; `session_id` is random, below 2⁶³.
    ///
    /// ```
    /// # use rtcscope::sdp::Builder;
    /// assert_eq!(Builder::new(7).build().as_deref(), Ok("v=0\r\no=- 7 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"));
    /// ```
    #[must_use]
    pub fn new(session_id: u64) -> Self {
        let head = format!("v=0\r\no=- {session_id} 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");
        Self { head, session: String::new(), media: Vec::new() }
    }

    /// The head with a version, a name and an address other than the usual ones; `address` is `IP4 192.0.2.1` or
    /// the like.
    ///
    /// ```
    /// # use rtcscope::sdp::Builder;
    /// let text = Builder::new(7).head(7, 3, "IP6 2001:db8::1", "call").build();
    /// assert_eq!(text.as_deref(), Ok("v=0\r\no=- 7 3 IN IP6 2001:db8::1\r\ns=call\r\nt=0 0\r\n"));
    /// ```
    #[must_use]
    pub fn head(mut self, session_id: u64, session_version: u64, address: &str, name: &str) -> Self {
        self.head = format!("v=0\r\no=- {session_id} {session_version} IN {address}\r\ns={name}\r\nt=0 0\r\n");
        self
    }

    /// A line `a=group:BUNDLE` of these mids.
    ///
    /// ```
    /// # use rtcscope::sdp::Builder;
    /// assert!(Builder::new(7).bundle(["0", "1"]).build().is_ok_and(|text| text.ends_with("a=group:BUNDLE 0 1\r\n")));
    /// ```
    #[must_use]
    pub fn bundle<'m>(mut self, mids: impl IntoIterator<Item = &'m str>) -> Self {
        let mids: Vec<&str> = mids.into_iter().collect();
        line(&mut self.session, "a=group:BUNDLE ", &mids.join(" "));
        self
    }

    /// An attribute at session level.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, IceLite};
    /// assert!(Builder::new(7).attribute(IceLite).build().is_ok_and(|text| text.ends_with("a=ice-lite\r\n")));
    /// ```
    #[must_use]
    pub fn attribute<'a>(mut self, attribute: impl Into<Attribute<'a>>) -> Self {
        line(&mut self.session, "a=", &attribute.into());
        self
    }

    /// A media section behind those there are.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, MediaBuilder};
    /// let text = Builder::new(7).media(MediaBuilder::data_channels("d")).build();
    /// assert!(text.is_ok_and(|text| text.contains("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n")));
    /// ```
    #[must_use]
    pub fn media(mut self, media: MediaBuilder) -> Self {
        self.media.push(media);
        self
    }

    /// The text.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, MediaBuilder};
    /// let audio = MediaBuilder::new("audio", 9, "RTP/AVP", "a b").format(0);
    /// assert!(Builder::new(7).media(audio).build().is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// The first fault of what was put in.
    pub fn build(self) -> Result<String, Error> {
        let mut text = self.head + &self.session;
        self.media.iter().for_each(|media| media.write(&mut text));
        let faults = Document::parse(text.as_bytes()).errors();
        match faults.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(text),
        }
    }
}

/// Builds a media section.
///
/// Its methods write one line each, and the order in which they are called is the order of the lines.
///
/// ```
/// # use rtcscope::sdp::{Builder, Direction, MediaBuilder, Rtpmap};
/// let video = MediaBuilder::new("video", 9, "UDP/TLS/RTP/SAVPF", "v")
///     .codec(Rtpmap { payload_type: 96, encoding: "VP8", clock_rate: 90000, channels: None })
///     .direction(Direction::SendOnly);
/// let text = Builder::new(7).media(video).build();
/// assert!(text.is_ok_and(|text| text.ends_with("a=mid:v\r\na=rtpmap:96 VP8/90000\r\na=sendonly\r\n")));
/// ```
#[derive(Debug, Clone)]
pub struct MediaBuilder {
    media: String,
    formats: Vec<String>,
    connection: String,
    bandwidth: String,
    attributes: String,
}

impl MediaBuilder {
    /// A section of this kind, with a mid.
    ///
    /// The kind, the port and the protocol are those of the `m=` line; 9 is the usual port where ICE finds the way.
    #[must_use]
    pub fn new(kind: &str, port: u16, protocol: &str, mid: &str) -> Self {
        let mut attributes = String::new();
        line(&mut attributes, "a=", &Attribute::from(Mid(mid)));
        Self {
            media: format!("m={kind} {port} {protocol}"),
            formats: Vec::new(),
            connection: "c=IN IP4 0.0.0.0\r\n".to_owned(),
            bandwidth: String::new(),
            attributes,
        }
    }

    /// A section for data channels (RFC 8841), with a mid.
    ///
    /// SCTP port 5000 and messages of 262144 bytes, as browsers offer them; see [`Builder::media`].
    #[must_use]
    pub fn data_channels(mid: &str) -> Self {
        Self::new("application", 9, "UDP/DTLS/SCTP", mid)
            .format("webrtc-datachannel")
            .attribute(super::SctpPort(5000))
            .attribute(super::MaxMessageSize(262_144))
    }

    /// A format behind those there are.
    ///
    /// For formats without an `rtpmap`: static payload types, and those of protocols other than RTP.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, MediaBuilder};
    /// let text = Builder::new(7).media(MediaBuilder::new("audio", 9, "RTP/AVP", "a").format(0).format(8)).build();
    /// assert!(text.is_ok_and(|text| text.contains("m=audio 9 RTP/AVP 0 8\r\n")));
    /// ```
    #[must_use]
    pub fn format(mut self, format: impl Display) -> Self {
        self.formats.push(format.to_string());
        self
    }

    /// A payload type and its `rtpmap`.
    ///
    /// One call for both, so that neither is forgotten; see [`MediaBuilder`].
    #[must_use]
    pub fn codec(self, rtpmap: Rtpmap<'_>) -> Self {
        self.format(rtpmap.payload_type).attribute(rtpmap)
    }

    /// The `fmtp` of a payload type.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, MediaBuilder};
    /// let audio = MediaBuilder::new("audio", 9, "RTP/AVP", "a").format(111).parameters(111, "stereo=1");
    /// assert!(Builder::new(7).media(audio).build().is_ok_and(|text| text.ends_with("a=fmtp:111 stereo=1\r\n")));
    /// ```
    #[must_use]
    pub fn parameters(self, payload_type: u8, parameters: &str) -> Self {
        let format = payload_type.to_string();
        self.attribute(Fmtp { format: &format, parameters: super::Parameters(parameters) })
    }

    /// Feedback for a payload type.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, Feedback, MediaBuilder};
    /// let video = MediaBuilder::new("video", 9, "RTP/AVPF", "v").format(96).feedback(96, Feedback::NackPli);
    /// assert!(Builder::new(7).media(video).build().is_ok_and(|text| text.ends_with("a=rtcp-fb:96 nack pli\r\n")));
    /// ```
    #[must_use]
    pub fn feedback(self, payload_type: u8, feedback: super::Feedback<'_>) -> Self {
        self.attribute(RtcpFb { payload_type: Some(payload_type), feedback })
    }

    /// ICE credentials.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, MediaBuilder};
    /// let data = MediaBuilder::data_channels("d").ice("F7gI", "x9cml/YzichV2+XlhiMu8g");
    /// assert!(Builder::new(7).media(data).build().is_ok_and(|text| text.contains("a=ice-ufrag:F7gI\r\na=ice-pwd:")));
    /// ```
    #[must_use]
    pub fn ice(self, ufrag: &str, pwd: &str) -> Self {
        self.attribute(IceUfrag(ufrag)).attribute(IcePwd(pwd))
    }

    /// A candidate.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, Candidate, MediaBuilder, Typed};
    /// let line = "1 1 udp 2130706431 192.0.2.1 50000 typ host";
    /// let data = Candidate::parse_value(line).map(|candidate| MediaBuilder::data_channels("d").candidate(candidate));
    /// let text = data.map(|data| Builder::new(7).media(data).build());
    /// assert!(text.is_ok_and(|text| text.is_ok_and(|text| text.contains(line))));
    /// ```
    #[must_use]
    pub fn candidate(self, candidate: Candidate<'_>) -> Self {
        self.attribute(candidate)
    }

    /// The direction.
    ///
    /// A word of its own, because [`Direction`] is one of four attributes rather than the value of one; see
    /// [`MediaBuilder`].
    #[must_use]
    pub fn direction(mut self, direction: Direction) -> Self {
        line(&mut self.attributes, "a=", &direction);
        self
    }

    /// The address of the `c=` line, `IP4 192.0.2.1` or the like, in place of `IP4 0.0.0.0`.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, MediaBuilder};
    /// let audio = MediaBuilder::new("audio", 5004, "RTP/AVP", "a").format(0).connection("IP4 192.0.2.1");
    /// assert!(Builder::new(7).media(audio).build().is_ok_and(|text| text.contains("c=IN IP4 192.0.2.1\r\n")));
    /// ```
    #[must_use]
    pub fn connection(mut self, address: &str) -> Self {
        self.connection = format!("c=IN {address}\r\n");
        self
    }

    /// A limit on the rate, `AS` in kbit/s or `TIAS` in bit/s.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, MediaBuilder};
    /// let audio = MediaBuilder::new("audio", 9, "RTP/AVP", "a").format(0).bandwidth("AS", 64);
    /// assert!(Builder::new(7).media(audio).build().is_ok_and(|text| text.contains("b=AS:64\r\n")));
    /// ```
    #[must_use]
    pub fn bandwidth(mut self, kind: &str, limit: u64) -> Self {
        self.bandwidth.push_str(&format!("b={kind}:{limit}\r\n"));
        self
    }

    /// An attribute.
    ///
    /// ```
    /// # use rtcscope::sdp::{Builder, MediaBuilder, RtcpMux};
    /// let audio = MediaBuilder::new("audio", 9, "RTP/AVP", "a").format(0).attribute(RtcpMux);
    /// assert!(Builder::new(7).media(audio).build().is_ok_and(|text| text.ends_with("a=rtcp-mux\r\n")));
    /// ```
    #[must_use]
    pub fn attribute<'a>(mut self, attribute: impl Into<Attribute<'a>>) -> Self {
        line(&mut self.attributes, "a=", &attribute.into());
        self
    }

    fn write(&self, text: &mut String) {
        line(text, &self.media, &format!(" {}", self.formats.join(" ")));
        text.push_str(&self.connection);
        text.push_str(&self.bandwidth);
        text.push_str(&self.attributes);
    }
}

fn line(text: &mut String, start: &str, rest: &(impl Display + ?Sized)) {
    text.push_str(&format!("{start}{rest}\r\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_wrongly_is_refused() {
        let media = MediaBuilder::new("audio", 9, "RTP/AVP", "a b").format(0);
        assert!(Builder::new(1).media(media).build().is_err());
        let data = Builder::new(1).media(MediaBuilder::data_channels("d")).build().unwrap();
        assert!(data.ends_with("a=mid:d\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n"));
    }
}
