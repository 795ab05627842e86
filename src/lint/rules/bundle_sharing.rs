//! What bundled m-lines share because they are one RTP session: payload types, header extensions, sources.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Part, Role};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Key, Line, Rtpmap};
use crate::text::Span;

use super::extmap::{MID, name_of};

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-pt-collision",
            severity: Severity::Error,
            summary: "A payload type means two codecs in one bundle",
            what: "Bundled m-lines are one RTP session, in which a payload type has one meaning.",
            why: "A packet whose header names no mid cannot be given to an m-line, and may be decoded with the wrong codec. Browsers \
                accept the description.",
            advice: "Renumber the payload types of one of the m-lines.",
            source: "RFC 9143, section 9.1; libwebrtc, sdp_offer_answer.cc (payload type collisions are counted, bug 14420)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
            m=audio 49170 RTP/AVP 96\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:96 opus/48000/2\r\n\
            m=video 49170 RTP/AVP 96\r\na=mid:1\r\na=rtcp-mux\r\n«a=rtpmap:96 VP8/90000»\r\n",
        ).in_profile(Profile::Generic)],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
            m=audio 49170 RTP/AVP 96\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:96 opus/48000/2\r\n\
            m=video 49170 RTP/AVP 97\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:97 VP8/90000\r\n",
        ).in_profile(Profile::Generic)],
        check: Check::Description(payload_types),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-extmap-collision",
            severity: Severity::Error,
            summary: "An id means two header extensions in one bundle",
            what: "Bundled m-lines are one RTP session, in which an id of a header extension has one meaning.",
            why: "The mid that says which m-line a packet is of stands in such an extension itself. libwebrtc refuses the description.",
            advice: "Give the extensions different ids, and the same extension the same id in every m-line of the bundle.",
            source: "RFC 9143 (RTP header extensions consideration); libwebrtc, sdp_offer_answer.cc \
                (ValidateBundledRtpHeaderExtensions)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
            m=audio 49170 RTP/AVP 0\r\na=mid:0\r\na=rtcp-mux\r\na=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n\
            m=audio 49170 RTP/AVP 8\r\na=mid:1\r\na=rtcp-mux\r\n«a=extmap:3 urn:ietf:params:rtp-hdrext:toffset»\r\n",
        ).in_profile(Profile::Generic)],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
            m=audio 49170 RTP/AVP 0\r\na=mid:0\r\na=rtcp-mux\r\na=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n\
            m=audio 49170 RTP/AVP 8\r\na=mid:1\r\na=rtcp-mux\r\na=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n",
        ).in_profile(Profile::Generic)],
        check: Check::Description(extensions),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-ssrc-collision",
            severity: Severity::Error,
            summary: "Two m-lines of one bundle announce the same SSRC",
            what: "Bundled m-lines are one RTP session, in which an SSRC is one source.",
            why: "Packets of the source cannot be given to one of the m-lines; in Chrome the answer fails.",
            advice: "Give each m-line sources of its own. It happens where m-lines are copied.",
            source: "RFC 3550, section 8; libwebrtc, peer_connection_bundle_unittest.cc (DuplicateSsrcsDisallowed)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
            m=audio 49170 RTP/AVP 0\r\na=mid:0\r\na=rtcp-mux\r\na=ssrc:7 cname:a\r\n\
            m=audio 49170 RTP/AVP 8\r\na=mid:1\r\na=rtcp-mux\r\n«a=ssrc:7 cname:a»\r\n",
        ).in_profile(Profile::Generic)],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
            m=audio 49170 RTP/AVP 0\r\na=mid:0\r\na=rtcp-mux\r\na=ssrc:7 cname:a\r\n\
            m=audio 49170 RTP/AVP 8\r\na=mid:1\r\na=rtcp-mux\r\na=ssrc:8 cname:a\r\n",
        ).in_profile(Profile::Generic)],
        check: Check::Description(sources),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-no-mid-extmap",
            severity: Severity::Warning,
            summary: "Bundled m-lines of RTP do not negotiate the mid header extension",
            what: "Where several m-lines share a transport, the extension urn:ietf:params:rtp-hdrext:sdes:mid lets a packet say \
                which of them it is of.",
            why: "Without it packets are told apart by announced SSRCs or by payload types alone, and are lost where neither helps.",
            advice: "Add the a=extmap, with one id in all m-lines of the bundle; in an answer only where the offer has it.",
            source: "RFC 9143, section 15",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(NO_MID)],
        valid: &[Example::media("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid")],
        check: Check::Description(no_mid),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-bundle-transport-attr-repeated",
            severity: Severity::Info,
            summary: "Bundled m-lines of an answer repeat what belongs to the transport",
            what: "In an answer the first m-line of a bundle says the ICE credentials, the fingerprint and the DTLS role for all.",
            why: "Saying them again has no effect and can contradict; browsers write them all the same, and Firefox wants ICE \
                credentials in every m-line.",
            advice: "Leave them where Firefox is to apply the description; who reads it takes those of the first m-line.",
            source: "RFC 9143, section 7.1.3; RFC 9429, section 5.3.1",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::whole(REPEATED).as_role(Role::Answer)],
        valid: &[Example::media("a=setup:active").as_role(Role::Answer)],
        check: Check::Description(repeated),
    },
];

const NO_MID: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=ice-ufrag:F7gI\r\n\
    a=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=setup:actpass\r\na=fingerprint:sha-1 \
    4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n«m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\nc=IN IP4 0.0.0.0\r\n\
    a=mid:0\r\na=rtcp-mux\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\n";

const REPEATED: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=setup:active\r\n\
    a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=ice-ufrag:F7gI\r\n\
    a=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=rtcp-mux\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 8\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n«a=ice-ufrag:F7gI»\r\n\
    a=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=rtcp-mux\r\n";

/// The media sections of RTP that are bundled and not refused, each with the number of its group.
fn bundled<'c, 'd, 'a>(context: &'c Context<'d, 'a>) -> impl Iterator<Item = (usize, &'c Part<'d, 'a>)> {
    let numbered = context.media.iter().zip(context.bundles());
    numbered
        .filter_map(|(part, bundle)| Some((bundle?, part)))
        .filter(|(_, part)| part.is_rtp() && !part.section.is_rejected())
}

/// Whether two lines give a payload type the same codec.
fn same_codec(one: &Rtpmap<'_>, other: &Rtpmap<'_>) -> bool {
    let name = one.encoding.eq_ignore_ascii_case(other.encoding);
    name && one.clock_rate == other.clock_rate && one.channels.unwrap_or(1) == other.channels.unwrap_or(1)
}

fn payload_types(context: &Context<'_, '_>, found: &mut Findings) {
    let mut meanings: BTreeMap<(usize, u8), (Rtpmap<'_>, Span)> = BTreeMap::new();
    for (bundle, part) in bundled(context) {
        let mut seen = 0_u128;
        for at in part.rtpmaps.iter().filter(|at| part.names(at.value.payload_type)) {
            let payload_type = at.value.payload_type;
            let bit = 1_u128.checked_shl(u32::from(payload_type)).unwrap_or(0);
            // What contradicts itself within one m-line is another rule's.
            if seen & bit != 0 {
                continue;
            }
            seen |= bit;
            match meanings.entry((bundle, payload_type)) {
                Entry::Vacant(free) => {
                    free.insert((at.value, at.line.span()));
                }
                Entry::Occupied(taken) if !same_codec(&taken.get().0, &at.value) => {
                    let (first, span) = taken.get();
                    let message = format!(
                        "payload type {payload_type} is {} here and {} in another m-line of the bundle",
                        at.value.encoding, first.encoding
                    );
                    found.at(at.line.span(), message).also(*span, "the other meaning");
                }
                Entry::Occupied(_) => {}
            }
        }
    }
}

fn extensions(context: &Context<'_, '_>, found: &mut Findings) {
    let mut meanings: BTreeMap<(usize, u32), (&str, &str, usize, Span)> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for (bundle, part) in bundled(context) {
        let index = part.index().unwrap_or_default();
        for at in part.extmaps.iter().filter(|at| at.value.id < 256) {
            // Only of an encrypted extension does what follows the URI name it.
            let inner = if at.value.uri == super::extmap::ENCRYPT { at.value.attributes } else { "" };
            match meanings.entry((bundle, at.value.id)) {
                Entry::Vacant(free) => {
                    free.insert((at.value.uri, inner, index, at.line.span()));
                }
                Entry::Occupied(taken) => {
                    let (uri, first, owner, span) = *taken.get();
                    let differs = owner != index && (uri, first) != (at.value.uri, inner);
                    // Said once for an id, however many m-lines differ from the first.
                    if differs && told.insert((bundle, at.value.id)) {
                        let message = format!(
                            "id {} is {} here and {} in another m-line of the bundle",
                            at.value.id,
                            name_of(at.value.uri),
                            name_of(uri)
                        );
                        found.at(at.line.span(), message).also(span, "the other meaning");
                    }
                }
            }
        }
    }
}

fn sources(context: &Context<'_, '_>, found: &mut Findings) {
    let mut owners: BTreeMap<(usize, u32), (usize, Span, bool)> = BTreeMap::new();
    for (bundle, part) in bundled(context) {
        let index = part.index().unwrap_or_default();
        for at in &part.sources {
            let (owner, first, told) = owners.entry((bundle, at.value.id)).or_insert((index, at.line.span(), false));
            if *owner != index && !*told {
                *told = true;
                let message = format!("SSRC {} is announced by another m-line of the bundle already", at.value.id);
                found.at(at.line.span(), message).also(*first, "here");
            }
        }
    }
}

/// Said once a bundle, at the first m-line that lacks it.
fn no_mid(context: &Context<'_, '_>, found: &mut Findings) {
    if context.session.has_extension(MID) {
        return;
    }
    let mut groups: BTreeMap<usize, (usize, Vec<&Part<'_, '_>>)> = BTreeMap::new();
    for (bundle, part) in bundled(context) {
        let (count, lacking) = groups.entry(bundle).or_default();
        *count += 1;
        if !part.has_extension(MID) {
            lacking.push(part);
        }
    }
    let free = context.free_extension_ids().first().copied();
    for (count, lacking) in groups.values().filter(|(count, _)| *count > 1) {
        let Some(first) = lacking.first() else { continue };
        let message =
            format!("{} of the {count} bundled m-lines of RTP do not have the mid header extension", lacking.len());
        let finding = found.at(first.head(), message);
        if let Some(id) = free {
            let line = format!("a=extmap:{id} {MID}");
            finding.unsafe_fix("add it", lacking.iter().map(|part| part.append(&line)).collect());
        }
    }
}

/// Said once a bundle, at the first line that repeats.
fn repeated(context: &Context<'_, '_>, found: &mut Findings) {
    if context.role != Some(Role::Answer) {
        return;
    }
    let mut told = BTreeSet::new();
    let bundles = context.bundles();
    for (part, bundle) in context.media.iter().zip(bundles) {
        let Some(bundle) = bundle.filter(|bundle| !told.contains(bundle)) else { continue };
        if part.section.transport().index() == part.index() {
            continue;
        }
        let transport =
            |line: &&Line<'_>| matches!(line.key(), Key::IceUfrag | Key::IcePwd | Key::Fingerprint | Key::Setup);
        if let Some(line) = part.section.lines().iter().find(transport) {
            told.insert(bundle);
            let message = format!("{} repeats what the first m-line of its bundle says for all", part.name());
            found.at(line.span(), message);
        }
    }
}
