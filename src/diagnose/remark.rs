//! What of one round is worth a word, m-line by m-line.

use super::name::{cut, short};
use super::wording::list;
use crate::moment::Moment;
use crate::sdp::codec::Codec;
use crate::sdp::negotiate::{
    AgreedDtls, AgreedMedia, AgreedTransport, Agreement, CodecRefusal, ContradictionKind, Refusal, Side, Sides,
};
use crate::sdp::{Direction, Document, Setup};

/// Codecs of one m-line that a sentence names.
const CODECS: usize = 6;
/// Characters of the parameters of one codec that it can bear: those of H264 and of AV1 fit.
const LONGEST_PARAMETERS: usize = 100;
/// Codecs that carry no media by themselves: they repair, announce silence or carry keys that were pressed.
const HELPERS: &[&str] = &[
    "rtx",
    "red",
    "ulpfec",
    "flexfec",
    "flexfec-03",
    "parityfec",
    "telephone-event",
    "telephone-events",
    "tone",
    "CN",
];

/// Something about an m-line, or about the whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Remark {
    /// The index of the m-line; `None` where it is about the whole.
    pub(super) media: Option<usize>,
    /// What a sentence calls the m-line: `video (mid 1)`; empty where it is about the whole.
    pub(super) name: String,
    /// Whether the m-line is secured by DTLS; without it plain RTP goes on where keys are missing.
    pub(super) secure: bool,
    /// What.
    pub(super) matter: Matter,
}

/// What there is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Matter {
    /// It was offered and cannot be used.
    Refused(Refusal),
    /// Both name formats, and nothing that carries media is in common.
    NothingInCommon(Formats),
    /// Media does not go both ways.
    OneWay(OneWay),
    /// The two do not say plainly who is the client of DTLS.
    Unsettled(Sides<Option<Setup>>),
    /// Another one than the agreed client sent a ClientHello.
    Opened(Opened),
    /// The answer does not fit the offer.
    Contradicts(ContradictionKind),
}

/// The formats of an m-line, as a sentence names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Formats {
    /// Those of each side that carry media.
    pub(super) named: Sides<String>,
    /// The names of those that are on both sides with other parameters; empty where there are none.
    pub(super) differing: String,
    /// What is in common, and carries no media; empty where nothing is.
    pub(super) helpers: String,
}

/// Media that does not go both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OneWay {
    /// Who sends; nobody without one.
    pub(super) sender: Option<Side>,
    /// What each side said.
    pub(super) said: Sides<Direction>,
}

/// A ClientHello of the side that was to wait for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opened {
    /// Who was to be the client.
    pub(super) client: Side,
    /// When the other side sent it.
    pub(super) moment: Moment,
    /// When the agreed client sent one too.
    pub(super) own: Option<Moment>,
}

impl Remark {
    pub(super) fn new(media: &AgreedMedia<'_>, matter: Matter) -> Self {
        let kind = if media.kind.is_empty() { "m-line".to_owned() } else { short(media.kind) };
        let name = match media.mid {
            Some(mid) => format!("{kind} (mid {})", short(mid)),
            None => format!("{kind} (m-line {})", media.index.saturating_add(1)),
        };
        let secure = media.protocol.split('/').any(|part| part == "TLS" || part == "DTLS");
        Self { media: Some(media.index), name, secure, matter }
    }
}

/// What is to be said of the m-lines, and of what does not fit.
pub(super) fn remarks(documents: &Sides<Document<'_>>, agreement: &Agreement<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for found in agreement.contradictions.iter().filter(|found| is_told(found.kind, agreement)) {
        let matter = Matter::Contradicts(found.kind);
        let whole = Remark { media: None, name: String::new(), secure: false, matter: matter.clone() };
        let media = found.media.and_then(|index| agreement.media.get(index));
        remarks.push(media.map_or(whole, |media| Remark::new(media, matter)));
    }
    let beyond = |index: usize| {
        let kind = ContradictionKind::DirectionBeyondOffer;
        agreement.contradictions.iter().any(|found| found.media == Some(index) && found.kind == kind)
    };
    for media in &agreement.media {
        let matter = match media.refusal() {
            Some(Refusal::NoCommonFormat) => Some(Matter::NothingInCommon(formats(documents, media))),
            // That the offer itself stops a line is no refusal, that the answer has more than was offered is told once for all, and
            // a line that makes no sense is a fault of the grammar.
            Some(Refusal::Stopped | Refusal::NotOffered | Refusal::Unreadable) => None,
            Some(refusal) => Some(Matter::Refused(refusal)),
            None if only_helpers(documents, media) => Some(Matter::NothingInCommon(formats(documents, media))),
            // An answer that wants more than was offered explains the direction.
            None if beyond(media.index) => None,
            None => one_way(documents, media),
        };
        remarks.extend(matter.map(|matter| Remark::new(media, matter)));
    }
    remarks
}

/// Whether nothing else tells a contradiction.
fn is_told(kind: ContradictionKind, agreement: &Agreement<'_>) -> bool {
    match kind {
        // The roles in DTLS have a rule of their own.
        ContradictionKind::SetupConflict => false,
        // M-lines that the answer lacks are refused, each by itself.
        ContradictionKind::MediaCount => !agreement.media.iter().any(|media| media.refusal() == Some(Refusal::Missing)),
        _ => true,
    }
}

fn carries_media(codec: &Codec<'_, '_>) -> bool {
    !HELPERS.iter().any(|name| codec.is(name))
}

/// Whether codecs for media were offered, and none of them is left.
fn only_helpers(documents: &Sides<Document<'_>>, media: &AgreedMedia<'_>) -> bool {
    let helps = |codec: &crate::sdp::negotiate::AgreedCodec<'_>| HELPERS.iter().any(|name| codec.is(name));
    let offered = documents.offerer.media_section(media.index);
    !media.codecs.is_empty()
        && media.codecs.iter().all(helps)
        && offered.is_some_and(|section| section.codecs().iter().any(carries_media))
}

/// Both lists, and what of them is alike but for its parameters.
fn formats(documents: &Sides<Document<'_>>, media: &AgreedMedia<'_>) -> Formats {
    let other = |number: u8, side: Side| {
        media.refused_codecs.iter().any(|codec| {
            let same = codec.payload_type == number && codec.named_by == side;
            same && codec.reason == CodecRefusal::ParametersDiffer
        })
    };
    let named = |side: Side| {
        let Some(section) = documents.of(side).media_section(media.index) else { return String::new() };
        let codecs: Vec<String> = section
            .codecs()
            .iter()
            .filter(|codec| carries_media(codec))
            .map(|codec| codec_name(codec, other(codec.payload_type, side)))
            .collect();
        if !codecs.is_empty() {
            return list(&codecs, CODECS);
        }
        let words: Vec<String> = section
            .media()
            .filter(|media| !media.is_rtp())
            .into_iter()
            .flat_map(|media| media.formats.iter())
            .take(CODECS)
            .map(short)
            .collect();
        list(&words, CODECS)
    };
    let mut differing: Vec<String> = Vec::new();
    for codec in media.refused_codecs.iter().filter(|codec| codec.reason == CodecRefusal::ParametersDiffer) {
        let name = short(codec.name);
        if !differing.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            differing.push(name);
        }
    }
    let mut helpers: Vec<String> = media.codecs.iter().map(|codec| short(codec.name)).collect();
    helpers.dedup();
    Formats {
        named: Sides { offerer: named(Side::Offerer), answerer: named(Side::Answerer) },
        differing: list(&differing, CODECS),
        helpers: list(&helpers, CODECS),
    }
}

/// A codec as a sentence names it: `opus/48000/2`, `H264/90000 (packetization-mode=0)`, `payload type 96`.
fn codec_name(codec: &Codec<'_, '_>, with_parameters: bool) -> String {
    let Some(rtpmap) = codec.rtpmap else { return format!("payload type {}", codec.payload_type) };
    let mut name = format!("{}/{}", short(rtpmap.encoding), rtpmap.clock_rate);
    if let Some(channels) = rtpmap.channels.filter(|channels| *channels != 1) {
        name = format!("{name}/{channels}");
    }
    if with_parameters {
        let parameters = codec.fmtp.map(|fmtp| cut(fmtp.parameters.0, LONGEST_PARAMETERS));
        name = format!("{name} ({})", parameters.as_deref().unwrap_or("no parameters"));
    }
    name
}

/// Which way the media of an m-line goes, where that is not both.
fn one_way(documents: &Sides<Document<'_>>, media: &AgreedMedia<'_>) -> Option<Matter> {
    let agreed = media.directions?;
    let sender = match (agreed.offerer.sends(), agreed.answerer.sends()) {
        (true, true) => return None,
        (true, false) => Some(Side::Offerer),
        (false, true) => Some(Side::Answerer),
        (false, false) => None,
    };
    let said = |document: &Document<'_>| document.media_section(media.index).map(|section| section.direction());
    let said = Sides { offerer: said(&documents.offerer)?, answerer: said(&documents.answerer)? };
    Some(Matter::OneWay(OneWay { sender, said }))
}

/// What the two say of their roles in DTLS, where that leaves a question. Who has no fingerprint has no role.
pub(super) fn unsettled(transport: &AgreedTransport<'_>) -> Option<Matter> {
    let AgreedDtls { setups, client, fingerprints, .. } = transport.dtls.as_ref()?;
    let both = !fingerprints.offerer.is_empty() && !fingerprints.answerer.is_empty();
    let open = client.is_none() || setups.offerer.is_none();
    (both && open).then_some(Matter::Unsettled(*setups))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::negotiate::negotiate;

    fn told(offer: &str, answer: &str) -> Vec<(String, Matter)> {
        let documents =
            Sides { offerer: Document::parse(offer.as_bytes()), answerer: Document::parse(answer.as_bytes()) };
        let agreement = negotiate(&documents.offerer, &documents.answerer);
        remarks(&documents, &agreement).into_iter().map(|remark| (remark.name, remark.matter)).collect()
    }

    fn matter(offer: &str, answer: &str) -> Matter {
        let mut told = told(offer, answer);
        assert_eq!(told.len(), 1, "{told:?}");
        told.remove(0).1
    }

    const AUDIO: &str = "m=audio 9 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\n";

    #[test]
    fn what_goes_both_ways_is_not_worth_a_word() {
        assert_eq!(told(AUDIO, AUDIO), []);
        let stopped = AUDIO.replace("audio 9", "audio 0");
        assert_eq!(told(&stopped, &stopped), [], "who stops a line refuses nothing");
    }

    #[test]
    fn refusals_are_told_once() {
        assert_eq!(matter(AUDIO, &AUDIO.replace("audio 9", "audio 0")), Matter::Refused(Refusal::PortZero));
        assert_eq!(matter(AUDIO, &AUDIO.replace("audio", "video")), Matter::Refused(Refusal::KindDiffers));
        assert_eq!(matter(AUDIO, &AUDIO.replace("RTP/AVP", "udp")), Matter::Refused(Refusal::ProtocolDiffers));
        assert_eq!(matter(AUDIO, ""), Matter::Refused(Refusal::Missing), "and not the number of m-lines as well");
        assert_eq!(matter("", AUDIO), Matter::Contradicts(ContradictionKind::MediaCount));
        assert_eq!(told(AUDIO, &AUDIO.replace("audio 9", "audio nine")), [], "a fault of the grammar");
        let waiting =
            "a=group:BUNDLE a v\nm=audio 9 RTP/AVP 0\na=mid:a\nm=video 0 RTP/AVP 31\na=mid:v\na=bundle-only\n";
        let apart = "a=group:BUNDLE a\nm=audio 9 RTP/AVP 0\na=mid:a\nm=video 0 RTP/AVP 31\na=mid:v\n";
        assert_eq!(told(waiting, apart), [("video (mid v)".to_owned(), Matter::Refused(Refusal::NotBundled))]);
    }

    #[test]
    fn nothing_in_common_comes_with_both_lists() {
        let h264 =
            |mode: u8| format!("m=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode={mode}\n");
        let Matter::NothingInCommon(formats) = matter(&h264(1), &h264(0)) else { panic!("another matter") };
        assert_eq!(formats.named.offerer, "H264/90000 (packetization-mode=1)");
        assert_eq!(formats.named.answerer, "H264/90000 (packetization-mode=0)");
        assert_eq!((formats.differing.as_str(), formats.helpers.as_str()), ("H264", ""));
        let Matter::NothingInCommon(formats) = matter("m=message 9 TCP/MSRP a b\n", "m=message 9 TCP/MSRP c\n") else {
            panic!("another matter")
        };
        assert_eq!((formats.named.offerer.as_str(), formats.named.answerer.as_str()), ("a and b", "c"));
    }

    #[test]
    fn keys_alone_are_no_sound_unless_no_sound_was_offered() {
        let keys = "m=audio 9 RTP/AVP 8 101\na=rtpmap:101 telephone-event/8000\n";
        let Matter::NothingInCommon(formats) = matter(AUDIO, keys) else { panic!("another matter") };
        assert_eq!((formats.helpers.as_str(), formats.named.answerer.as_str()), ("telephone-event", "PCMA/8000"));
        let only = "m=audio 9 RTP/AVP 101\na=rtpmap:101 telephone-event/8000\n";
        assert_eq!(told(only, only), [], "RFC 4317, section 2.4");
    }

    #[test]
    fn directions_are_told_by_who_sends() {
        let media = |direction: &str| format!("{AUDIO}a={direction}\n");
        let sender = |offered: &str, answered: &str| match matter(&media(offered), &media(answered)) {
            Matter::OneWay(OneWay { sender, .. }) => sender,
            other => panic!("{other:?}"),
        };
        assert_eq!(sender("sendonly", "recvonly"), Some(Side::Offerer));
        assert_eq!(sender("sendrecv", "sendonly"), Some(Side::Answerer));
        assert_eq!(sender("sendrecv", "inactive"), None);
        let beyond = matter(&media("sendonly"), &media("sendrecv"));
        assert_eq!(beyond, Matter::Contradicts(ContradictionKind::DirectionBeyondOffer), "told once");
    }

    #[test]
    fn roles_are_a_question_where_no_one_client_follows_from_them() {
        let media = |setup: &str| {
            let fingerprint = "md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";
            format!("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=fingerprint:{fingerprint}\n{setup}")
        };
        let open = |offered: &str, answered: &str| {
            let texts = [media(offered), media(answered)];
            let [offer, answer] = texts.each_ref().map(|text| Document::parse(text.as_bytes()));
            unsettled(&negotiate(&offer, &answer).transports[0]).is_some()
        };
        let [active, passive, actpass] = ["active", "passive", "actpass"].map(|word| format!("a=setup:{word}\n"));
        for (offered, answered, expected) in [
            (actpass.as_str(), active.as_str(), false),
            (&actpass, &passive, false),
            (&active, &passive, false),
            (&active, &active, true),
            (&passive, &passive, true),
            (&actpass, &actpass, true),
            (&actpass, "", true),
            ("", &active, true),
            (&actpass, "a=setup:holdconn\n", true),
        ] {
            assert_eq!(open(offered, answered), expected, "{offered} {answered}");
        }
    }

    #[test]
    fn remarks_on_a_hostile_round_are_bounded_in_words() {
        let codecs: String = (0..128).map(|number| format!(" {number}")).collect();
        let names: String = (96..128).map(|number| format!("a=rtpmap:{number} {}/90000\n", "x".repeat(300))).collect();
        let offer = format!("m=video 9 RTP/AVP{codecs}\n{names}");
        let Matter::NothingInCommon(formats) = matter(&offer, "m=video 9 RTP/AVP 126\na=rtpmap:126 y/90000\n") else {
            panic!("another matter")
        };
        assert!(formats.named.offerer.len() < CODECS * 120, "{}", formats.named.offerer);
    }
}
