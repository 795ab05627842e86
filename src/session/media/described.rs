//! What session descriptions say of streams: payload types, header extensions, sources.
//!
//! Taken out of a description once, when it is learnt; found again by the user fragment of its ICE agent, or by the address of an `m=` line.

use std::collections::HashMap;
use std::sync::Arc;

use crate::moment::Moment;
use crate::path::Endpoint;
use crate::sdp::codec::CodecParameters;
use crate::sdp::{Document, Extmap, Msid, Section, Ssrc, SsrcGroup};
use crate::session::limits;
use crate::wire::rtp::extension;

/// A payload type and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Format {
    /// The number.
    pub(super) payload_type: u8,
    /// The encoding name of its `rtpmap`.
    pub(super) encoding: String,
    /// Its clock rate in Hz.
    pub(super) clock_rate: u32,
    /// The payload type that it retransmits (RFC 4588, section 8.1).
    pub(super) retransmits: Option<u8>,
    /// The payload type that is inside of redundant data, where the parameters say it (RFC 2198, section 5).
    pub(super) inside: Option<u8>,
}

/// A source that a description names (RFC 5576).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) ssrc: u32,
    pub(super) cname: Option<String>,
    pub(super) msid: Option<String>,
}

/// An m-line of RTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) mid: Option<String>,
    pub(super) audio: bool,
    pub(super) ufrag: Option<String>,
    pub(super) endpoint: Option<Endpoint>,
    pub(super) formats: Vec<Format>,
    pub(super) extensions: Vec<(u8, extension::Kind)>,
    pub(super) msid: Option<String>,
    pub(super) sources: Vec<Source>,
    /// `FID`: a stream and its retransmission; `SIM`: layers; and the like.
    pub(super) groups: Vec<(String, Vec<u32>)>,
    /// Whether its protocol is one of SRTP.
    pub(super) secure: bool,
}

impl Line {
    /// What is inside of a format of redundant data: what its parameters say, else the format that the line has first, which is the one its
    /// writer prefers to receive (RFC 3264, section 5.1).
    pub(super) fn inside(&self, format: &Format) -> Option<&Format> {
        if !format.encoding.eq_ignore_ascii_case("red") {
            return None;
        }
        let repairs = |format: &&Format| {
            ["red", "rtx", "ulpfec", "flexfec", "flexfec-03"]
                .iter()
                .any(|name| format.encoding.eq_ignore_ascii_case(name))
        };
        match format.inside {
            Some(number) => self.formats.iter().find(|format| format.payload_type == number),
            None => self.formats.iter().find(|format| !repairs(format)),
        }
    }
}

/// What one description says, with an index of it: hostile ones are long, and each stream asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) moment: Moment,
    text: String,
    pub(super) lines: Vec<Line>,
    by_mid: HashMap<String, usize>,
    /// The first line, and its format, of each payload type.
    by_format: HashMap<u8, (usize, usize)>,
    by_source: HashMap<u32, (usize, usize)>,
    extensions: HashMap<u8, extension::Kind>,
}

impl Described {
    /// Reads `text`; `None` where it has no m-line of RTP.
    fn read(moment: Moment, text: &str) -> Option<Self> {
        let document = Document::parse(text.as_bytes());
        let lines: Vec<Line> = document.media().take(limits::LINES_IN_FORCE).filter_map(|line| read(&line)).collect();
        if lines.is_empty() {
            return None;
        }
        let mut described = Self {
            moment,
            text: text.to_owned(),
            lines: Vec::new(),
            by_mid: HashMap::new(),
            by_format: HashMap::new(),
            by_source: HashMap::new(),
            extensions: HashMap::new(),
        };
        for (place, line) in lines.iter().enumerate() {
            if let Some(mid) = &line.mid {
                described.by_mid.entry(mid.clone()).or_insert(place);
            }
            for (at, format) in line.formats.iter().enumerate() {
                described.by_format.entry(format.payload_type).or_insert((place, at));
            }
            for (at, source) in line.sources.iter().enumerate() {
                described.by_source.entry(source.ssrc).or_insert((place, at));
            }
            for (id, kind) in &line.extensions {
                described.extensions.entry(*id).or_insert(*kind);
            }
        }
        Some(Self { lines, ..described })
    }

    /// What a payload type stands for: of the line with this mid where it is known, else of the first one that has it.
    pub(super) fn format(&self, payload_type: u8, mid: Option<&str>) -> Option<(&Line, &Format)> {
        let own = mid
            .and_then(|mid| self.line(mid))
            .and_then(|line| Some((line, line.formats.iter().find(|format| format.payload_type == payload_type)?)));
        own.or_else(|| {
            let (place, at) = *self.by_format.get(&payload_type)?;
            let line = self.lines.get(place)?;
            Some((line, line.formats.get(at)?))
        })
    }

    /// What an id of a header extension stands for, whichever line says it: in a bundle they mean the same.
    pub(super) fn extension(&self, id: u8) -> Option<extension::Kind> {
        self.extensions.get(&id).copied()
    }

    /// The line and the source of an SSRC.
    pub(super) fn source(&self, ssrc: u32) -> Option<(&Line, &Source)> {
        let (place, at) = *self.by_source.get(&ssrc)?;
        let line = self.lines.get(place)?;
        Some((line, line.sources.get(at)?))
    }

    pub(super) fn line(&self, mid: &str) -> Option<&Line> {
        self.lines.get(*self.by_mid.get(mid)?)
    }

    /// The groups of sources that name `ssrc`.
    pub(super) fn groups(&self, ssrc: u32) -> impl Iterator<Item = &(String, Vec<u32>)> {
        let line = self.source(ssrc).map(|(line, _)| line);
        line.into_iter().flat_map(|line| &line.groups).filter(move |(_, ids)| ids.contains(&ssrc))
    }
}

fn read(section: &Section<'_, '_>) -> Option<Line> {
    let media = section.media()?;
    if !media.is_rtp() {
        return None;
    }
    let address = section.connection().and_then(|connection| connection.address.parse().ok());
    let mut sources: Vec<Source> = Vec::new();
    for ssrc in section.values::<Ssrc<'_>>() {
        let place = sources.iter().position(|source| source.ssrc == ssrc.id);
        let place = match place {
            Some(place) => place,
            None if sources.len() >= limits::SOURCES_PER_LINE => continue,
            None => {
                sources.push(Source { ssrc: ssrc.id, ..Source::default() });
                sources.len() - 1
            }
        };
        let Some(source) = sources.get_mut(place) else { continue };
        match ssrc.attribute {
            "cname" => source.cname = ssrc.value.map(shortened),
            "msid" => source.msid = ssrc.value.map(shortened),
            _ => {}
        }
    }
    let groups = section.values::<SsrcGroup<'_>>().take(limits::SOURCES_PER_LINE);
    Some(Line {
        mid: section.mid().map(shortened),
        audio: media.media == "audio",
        ufrag: section.ice_ufrag().map(shortened),
        endpoint: address.filter(|_| media.port != 0).map(|address| Endpoint::new(address, media.port)),
        formats: section
            .codecs()
            .into_iter()
            .take(limits::FORMATS_PER_LINE)
            .filter_map(|codec| format(&codec))
            .collect(),
        extensions: section
            .all_in_force::<Extmap<'_>>()
            .iter()
            .filter_map(|map| Some((u8::try_from(map.id).ok()?, extension::Kind::from_uri(map.uri)?)))
            .take(limits::FORMATS_PER_LINE)
            .collect(),
        msid: section.value::<Msid<'_>>().map(|msid| shortened(&msid.to_string())),
        sources,
        groups: groups.map(|group| (shortened(group.semantics), group.ids().take(8).collect())).collect(),
        secure: media.protocol.contains("SAVP"),
    })
}

fn format(codec: &crate::sdp::codec::Codec<'_, '_>) -> Option<Format> {
    let rtpmap = codec.rtpmap?;
    let retransmits = match codec.parameters() {
        CodecParameters::Rtx(rtx) => rtx.apt,
        _ => None,
    };
    let inside = match codec.parameters() {
        CodecParameters::Red(red) => red.payload_types().next(),
        _ => None,
    };
    Some(Format {
        payload_type: codec.payload_type,
        encoding: shortened(rtpmap.encoding),
        clock_rate: rtpmap.clock_rate,
        retransmits,
        inside,
    })
}

fn shortened(text: &str) -> String {
    text.chars().take(limits::FRAGMENT_LENGTH).collect()
}

/// All descriptions that are known.
#[derive(Debug, Default)]
pub(super) struct Descriptions {
    by_ufrag: HashMap<String, Vec<Arc<Described>>, foldhash::fast::RandomState>,
    by_endpoint: HashMap<Endpoint, Vec<Arc<Described>>, foldhash::fast::RandomState>,
    kept: usize,
    bytes: usize,
    /// Addresses of media that nobody took yet.
    announced: Vec<Endpoint>,
}

impl Descriptions {
    /// Learns a description; the same text again changes nothing but its time.
    pub(super) fn learn(&mut self, moment: Moment, text: &str) {
        if self.kept >= limits::DESCRIPTIONS || self.bytes + text.len() > limits::DESCRIPTION_BYTES {
            return;
        }
        let Some(described) = Described::read(moment, text) else { return };
        let described = Arc::new(described);
        let mut new = false;
        for line in &described.lines {
            if let Some(ufrag) = &line.ufrag {
                new |= note(self.by_ufrag.entry(ufrag.clone()).or_default(), &described);
            }
            if let Some(endpoint) = line.endpoint {
                new |= note(self.by_endpoint.entry(endpoint).or_default(), &described);
                self.announced.push(endpoint);
            }
        }
        if new {
            self.kept += 1;
            self.bytes += text.len();
        }
    }

    /// Addresses of media that were announced since the last call: those of RTP, and the next port for RTCP (RFC 3550, section 11).
    pub(super) fn take_announced(&mut self) -> impl Iterator<Item = Endpoint> {
        let next = |endpoint: Endpoint| Endpoint { port: endpoint.port.saturating_add(1), ..endpoint };
        std::mem::take(&mut self.announced).into_iter().flat_map(move |endpoint| [endpoint, next(endpoint)])
    }

    /// What an agent said, in order of time.
    pub(super) fn of_agent(&self, ufrag: &str) -> &[Arc<Described>] {
        self.by_ufrag.get(ufrag).map_or(&[], Vec::as_slice)
    }

    /// What was said of an address.
    pub(super) fn of_endpoint(&self, endpoint: Endpoint) -> &[Arc<Described>] {
        self.by_endpoint.get(&endpoint).map_or(&[], Vec::as_slice)
    }
}

/// Adds a version; gives whether it is one.
fn note(versions: &mut Vec<Arc<Described>>, described: &Arc<Described>) -> bool {
    if let Some(known) = versions.iter_mut().find(|known| known.text == described.text) {
        // A file beside the capture is read before its clock is known.
        if known.moment.time.0 == 0 {
            *known = Arc::clone(described);
        }
        return false;
    }
    if versions.len() < limits::VERSIONS {
        versions.push(Arc::clone(described));
        versions.sort_by_key(|version| version.moment);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\nm=audio 5000 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 192.0.2.1\r\na=mid:0\r\na=ice-ufrag:abcd\r\n\
        a=rtpmap:111 opus/48000/2\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=ssrc:7 cname:me\r\n\
        m=video 5000 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\na=ice-ufrag:abcd\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n\
        a=fmtp:97 apt=96\r\na=ssrc-group:FID 8 9\r\na=ssrc:8 cname:me\r\na=ssrc:9 cname:me\r\n";

    #[test]
    fn formats_and_sources_are_found_by_agent_and_address() {
        let mut descriptions = Descriptions::default();
        descriptions.learn(Moment::new(3, 5), OFFER);
        descriptions.learn(Moment::new(4, 6), OFFER);
        let [described] = descriptions.of_agent("abcd") else { panic!("one version") };
        let (line, format) = described.format(97, None).unwrap();
        assert_eq!((line.audio, format.retransmits, format.encoding.as_str()), (false, Some(96), "rtx"));
        assert_eq!(described.format(0, None).map(|(_, format)| format.clock_rate), Some(8000), "static");
        assert_eq!(described.extension(1), Some(extension::Kind::SsrcAudioLevel));
        assert_eq!(described.source(9).unwrap().0.groups, [("FID".to_owned(), vec![8, 9])]);
        let endpoint = Endpoint::new("192.0.2.1".parse().unwrap(), 5000);
        assert_eq!(descriptions.of_endpoint(endpoint).len(), 1);
        assert!(descriptions.of_agent("efgh").is_empty());
    }

    #[test]
    fn long_descriptions_without_end_are_not_kept_without_end() {
        let mut descriptions = Descriptions::default();
        let padding = "a=x:".to_owned() + &"y".repeat(1 << 20) + "\r\n";
        for number in 0..40 {
            descriptions.learn(
                Moment::default(),
                &OFFER.replace("abcd", &format!("abcd{number}")).replace("a=mid:0", &padding),
            );
        }
        assert!(descriptions.bytes <= limits::DESCRIPTION_BYTES && descriptions.kept < 40);
    }

    #[test]
    fn a_description_without_rtp_says_nothing_of_media() {
        assert!(Described::read(Moment::default(), "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n").is_none());
    }
}
