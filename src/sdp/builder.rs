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
    #[must_use]
    pub fn new(session_id: u64) -> Self {
        let head = format!("v=0\r\no=- {session_id} 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");
        Self { head, session: String::new(), media: Vec::new() }
    }

    /// The head with a version, a name and an address other than the usual ones; `address` is `IP4 192.0.2.1` or
    /// the like.
    #[must_use]
    pub fn head(mut self, session_id: u64, session_version: u64, address: &str, name: &str) -> Self {
        self.head = format!("v=0\r\no=- {session_id} {session_version} IN {address}\r\ns={name}\r\nt=0 0\r\n");
        self
    }

    /// A line `a=group:BUNDLE` of these mids.
    #[must_use]
    pub fn bundle<'m>(mut self, mids: impl IntoIterator<Item = &'m str>) -> Self {
        let mids: Vec<&str> = mids.into_iter().collect();
        line(&mut self.session, "a=group:BUNDLE ", &mids.join(" "));
        self
    }

    /// An attribute at session level.
    #[must_use]
    pub fn attribute<'a>(mut self, attribute: impl Into<Attribute<'a>>) -> Self {
        line(&mut self.session, "a=", &attribute.into());
        self
    }

    /// A media section behind those there are.
    #[must_use]
    pub fn media(mut self, media: MediaBuilder) -> Self {
        self.media.push(media);
        self
    }

    /// The text.
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
    #[must_use]
    pub fn data_channels(mid: &str) -> Self {
        Self::new("application", 9, "UDP/DTLS/SCTP", mid)
            .format("webrtc-datachannel")
            .attribute(super::SctpPort(5000))
            .attribute(super::MaxMessageSize(262_144))
    }

    /// A format behind those there are.
    #[must_use]
    pub fn format(mut self, format: impl Display) -> Self {
        self.formats.push(format.to_string());
        self
    }

    /// A payload type and its `rtpmap`.
    #[must_use]
    pub fn codec(self, rtpmap: Rtpmap<'_>) -> Self {
        self.format(rtpmap.payload_type).attribute(rtpmap)
    }

    /// The `fmtp` of a payload type.
    #[must_use]
    pub fn parameters(self, payload_type: u8, parameters: &str) -> Self {
        let format = payload_type.to_string();
        self.attribute(Fmtp { format: &format, parameters: super::Parameters(parameters) })
    }

    /// Feedback for a payload type.
    #[must_use]
    pub fn feedback(self, payload_type: u8, feedback: super::Feedback<'_>) -> Self {
        self.attribute(RtcpFb { payload_type: Some(payload_type), feedback })
    }

    /// ICE credentials.
    #[must_use]
    pub fn ice(self, ufrag: &str, pwd: &str) -> Self {
        self.attribute(IceUfrag(ufrag)).attribute(IcePwd(pwd))
    }

    /// A candidate.
    #[must_use]
    pub fn candidate(self, candidate: Candidate<'_>) -> Self {
        self.attribute(candidate)
    }

    /// The direction.
    #[must_use]
    pub fn direction(mut self, direction: Direction) -> Self {
        line(&mut self.attributes, "a=", &direction);
        self
    }

    /// The address of the `c=` line, `IP4 192.0.2.1` or the like, in place of `IP4 0.0.0.0`.
    #[must_use]
    pub fn connection(mut self, address: &str) -> Self {
        self.connection = format!("c=IN {address}\r\n");
        self
    }

    /// A limit on the rate, `AS` in kbit/s or `TIAS` in bit/s.
    #[must_use]
    pub fn bandwidth(mut self, kind: &str, limit: u64) -> Self {
        self.bandwidth.push_str(&format!("b={kind}:{limit}\r\n"));
        self
    }

    /// An attribute.
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
