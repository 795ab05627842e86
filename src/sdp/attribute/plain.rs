//! Attributes whose value is one text, one number or nothing.

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Fault, Parsed, fault, spaces, text, token, whole_number, word};

use super::name::Other;

macro_rules! texts {
    ($($(#[$doc:meta])+ $name:ident = $parse:expr;)*) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub struct $name<'a>(pub &'a str);

        impl<'a> $name<'a> {
            #[inline]
            pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
                let (rest, value) = $parse(input)?;
                Ok((rest, Self(value)))
            }
        }

        impl fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }
        }
    )*};
}

macro_rules! numbers {
    ($($(#[$doc:meta])+ $name:ident($type:ty) = $field:literal, $range:expr;)*) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub struct $name(pub $type);

        impl $name {
            #[inline]
            pub(super) fn parse(input: &str) -> Parsed<'_, Self> {
                let (rest, value) = whole_number($field, $range)(input)?;
                Ok((rest, Self(value)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

macro_rules! flags {
    ($($(#[$doc:meta])+ $name:ident;)*) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub struct $name;

        impl $name {
            #[inline]
            pub(super) fn parse(input: &str) -> Parsed<'_, Self> {
                Ok((input, Self))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                Ok(())
            }
        }
    )*};
}

/// A number that may have a fraction, kept as it is written.
fn decimal<'a>(field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let (rest, value) = word(field)(input)?;
        let plain = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if plain && value.parse::<f64>().is_ok() {
            Ok((rest, value))
        } else {
            fault(input, Expected::Decimal { field })
        }
    }
}

/// Tokens between commas.
fn tokens<'a>(field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let (rest, list) = word(field)(input)?;
        let bad = list.split(',').any(|part| part.is_empty() || !part.bytes().all(crate::sdp::grammar::is_token_byte));
        if bad { fault(input, Expected::Token { field }) } else { Ok((rest, list)) }
    }
}

/// A payload type and the rest.
fn payload_type_and<'a>(field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let (rest, _) = whole_number::<u8>("payload type", 0..=127)(input)?;
        text(field)(spaces(rest))?;
        Ok(("", input))
    }
}

/// Base64 (RFC 4648), as RFC 8866's `base64`.
fn base64<'a>(field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let (rest, value) = word(field)(input)?;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_');
        if value.bytes().all(allowed) {
            Ok((rest, value))
        } else {
            fault(input, Expected::Characters { field, allowed: "base64" })
        }
    }
}

texts! {
    /// `a=ptime`: the milliseconds of media in a packet (RFC 8866, section 6.4).
    ///
    /// ```
    /// # use rtcscope::sdp::{Ptime, Typed};
    /// assert_eq!(Ptime::parse_value("20").map(|time| time.milliseconds()), Ok(Some(20.0)));
    /// ```
    Ptime = decimal("packet time");
    /// `a=maxptime`: the most milliseconds of media in a packet (RFC 8866, section 6.5).
    Maxptime = decimal("packet time");
    /// `a=mptime`: packet times for each format, `-` for none (used by SIP devices).
    Mptime = text("packet times");
    /// `a=framerate`: the greatest frame rate, in frames a second (RFC 8866, section 6.13).
    Framerate = decimal("frame rate");
    /// `a=framesize`: a payload type and `width-height` (RFC 6064).
    Framesize = payload_type_and("frame size");
    /// `a=content`: `main`, `slides`, `speaker`, `sl`, `alt`, between commas (RFC 4796).
    Content = tokens("content");
    /// `a=label`: a name for the section (RFC 4574).
    Label = token("label");
    /// `a=orient`: `portrait`, `landscape` or `seascape` (RFC 8866, section 6.9).
    Orient = token("orientation");
    /// `a=silenceSupp`: silence suppression (RFC 3108, section 5.6.3.2).
    SilenceSupp = text("silence suppression");
    /// `a=sctp-init`: an SCTP INIT chunk in base64, which saves a round trip (draft-hancke-tsvwg-snap).
    SctpInit = base64("SCTP INIT");
    /// `a=x-google-flag`: `conference`, the simulcast of Plan B (libwebrtc).
    XGoogleFlag = word("flag");
    /// `a=T38FaxRateManagement` (ITU-T T.38, annex D).
    T38FaxRateManagement = word("rate management");
    /// `a=T38FaxUdpEC` (ITU-T T.38, annex D).
    T38FaxUdpEC = word("error correction");
    /// `a=control`: an RTSP URL (RFC 7826, appendix D.1.1).
    Control = text("control URL");
    /// `a=range`: what of a recording can be played (RFC 7826, appendix D.1.6).
    Range = text("range");
    /// `a=path`: MSRP URIs (RFC 4975, section 8).
    Path = text("MSRP path");
    /// `a=accept-types`: media types of messages (RFC 4975, section 8.6).
    AcceptTypes = text("media type");
    /// `a=floorctrl`: roles in floor control (RFC 8856, section 5.1).
    FloorControl = text("floor control role");
    /// `a=floorid`: a floor and its streams (RFC 8856, section 5.3).
    FloorId = text("floor id");
    /// `a=identity`: an identity assertion in base64 (RFC 8827, section 5).
    Identity = word("identity assertion");
    /// `a=rtcp-xr`: extended reports (RFC 3611, section 5.1).
    RtcpXr = text("extended report");
    /// `a=trafficclass`: what the media is for (draft-ietf-mmusic-traffic-class-for-sdp).
    TrafficClass = word("traffic class");
    /// `a=tool`: the software that wrote the description (RFC 8866, section 6.3).
    Tool = text("tool");
    /// `a=cat`: dotted categories (RFC 8866, section 6.1).
    Category = text("category");
    /// `a=keywds`: keywords (RFC 8866, section 6.2).
    Keywords = text("keyword");
    /// `a=type`: the kind of conference (RFC 8866, section 6.8).
    ConferenceType = text("conference type");
    /// `a=charset`: the character set of names and texts (RFC 8866, section 6.10).
    Charset = token("character set");
    /// `a=sdplang`: the language of the description (RFC 8866, section 6.11).
    SdpLang = word("language");
    /// `a=lang`: the language of the media (RFC 8866, section 6.12).
    Lang = word("language");
}

numbers! {
    /// `a=sctp-port`: the SCTP port inside DTLS, usually 5000; 0 closes it (RFC 8841, section 5).
    ///
    /// ```
    /// # use rtcscope::sdp::{SctpPort, Typed};
    /// assert_eq!(SctpPort::parse_value("5000"), Ok(SctpPort(5000)));
    /// assert!(SctpPort::parse_value("70000").is_err());
    /// ```
    SctpPort(u16) = "SCTP port", 0..=65535;
    /// `a=max-message-size`: the most bytes of a data channel message; 0 is no limit (RFC 8841, section 6).
    MaxMessageSize(u64) = "message size", 0..=u64::MAX;
    /// `a=quality`: 0 to 10 (RFC 8866, section 6.14).
    Quality(u8) = "quality", 0..=10;
    /// `a=T38FaxVersion` (ITU-T T.38, annex D).
    T38FaxVersion(u32) = "fax version", 0..=u64::from(u32::MAX);
    /// `a=T38MaxBitRate`, in bit/s (ITU-T T.38, annex D).
    T38MaxBitRate(u32) = "bit rate", 0..=u64::from(u32::MAX);
    /// `a=T38FaxMaxBuffer`, in bytes (ITU-T T.38, annex D).
    T38FaxMaxBuffer(u32) = "buffer size", 0..=u64::from(u32::MAX);
    /// `a=T38FaxMaxDatagram`, in bytes (ITU-T T.38, annex D).
    T38FaxMaxDatagram(u32) = "datagram size", 0..=u64::from(u32::MAX);
    /// `a=confid`: a conference of floor control (RFC 8856, section 5.2).
    ConferenceId(u32) = "conference id", 0..=u64::from(u32::MAX);
    /// `a=userid`: a user of floor control (RFC 8856, section 5.2).
    UserId(u32) = "user id", 0..=65535;
}

flags! {
    /// `a=end-of-candidates`: no more will trickle in (RFC 8838, section 8.2).
    ///
    /// ```
    /// # use rtcscope::sdp::{EndOfCandidates, Typed};
    /// assert_eq!(EndOfCandidates::parse_value(""), Ok(EndOfCandidates));
    /// ```
    EndOfCandidates;
    /// `a=ice-lite`: answers checks, makes none (RFC 8839, section 5.3).
    IceLite;
    /// `a=ice-mismatch`: no candidate matched the default destination (RFC 8839, section 5.3).
    IceMismatch;
    /// `a=rtcp-mux`: RTCP on RTP's port (RFC 5761).
    RtcpMux;
    /// `a=rtcp-mux-only`: RTCP on RTP's port, or not at all (RFC 8858).
    RtcpMuxOnly;
    /// `a=extmap-allow-mixed`: one-byte and two-byte header extensions in one stream (RFC 8285, section 6).
    ExtmapAllowMixed;
    /// `a=sendrecv`
    SendRecv;
    /// `a=sendonly`
    SendOnly;
    /// `a=recvonly`
    RecvOnly;
    /// `a=inactive`
    Inactive;
    /// `a=rtcp-rsize`: RTCP packets without a report first (RFC 5506).
    RtcpRsize;
    /// `a=bundle-only`: is only for a receiver that bundles (RFC 9143, section 6).
    BundleOnly;
    /// `a=cryptex`: header extensions are encrypted (RFC 9335).
    Cryptex;
}

impl Ptime<'_> {
    /// It as a number of milliseconds. The text is kept beside it, because `20` and `20.0` are written back as they
    /// were.
    #[must_use]
    pub fn milliseconds(&self) -> Option<f64> {
        self.0.parse().ok()
    }
}

impl Maxptime<'_> {
    /// It as a number of milliseconds. The text is kept beside it, because `20` and `20.0` are written back as they
    /// were.
    #[must_use]
    pub fn milliseconds(&self) -> Option<f64> {
        self.0.parse().ok()
    }
}

impl<'a> Other<'a> {
    #[inline]
    pub(super) fn parse(line: &crate::sdp::Line<'a>) -> Result<Self, Fault<'a>> {
        let utf8 = |bytes| str::from_utf8(bytes).map_err(|_| Fault { at: "", expected: Expected::Utf8 });
        let name = utf8(line.attribute_name().unwrap_or_default())?;
        let value = line.attribute_value().map(utf8).transpose()?;
        if name.is_empty() || !name.bytes().all(crate::sdp::grammar::is_token_byte) {
            let content = str::from_utf8(line.value()).unwrap_or_default();
            return Err(Fault { at: content, expected: Expected::Token { field: "attribute name" } });
        }
        Ok(Self { name, value })
    }
}
