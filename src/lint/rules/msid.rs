//! `a=msid`: which track of which stream an m-line carries.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Key, Msid};
use crate::text::{Edit, Span};

/// The longest word of an a=msid (RFC 8830, section 2).
const LONGEST: usize = 64;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-msid-syntax",
            severity: Severity::Error,
            summary: "An a=msid is not a stream and perhaps a track",
            what: "The line is a=msid:, the id of a stream (- for none) and, if it is given, one space and the id of a track.",
            why: "libwebrtc refuses the description, Firefox passes over the line and the track has no stream.",
            advice: "Write ids without spaces, and no space at the end.",
            source: "RFC 8830, section 2; libwebrtc, webrtc_sdp_unittest.cc (DeserializeMsidAttributeWith...)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=msid:a b« c»"), Example::media("a=msid:«»"), Example::media("a=msid«»")],
        valid: &[Example::media("a=msid:a b"), Example::media("a=msid:a")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-msid-token-length",
            severity: Severity::Error,
            summary: "An id in an a=msid is longer than 64 characters",
            what: "The ids of streams and tracks have 1 to 64 characters.",
            why: "Firefox passes over the line, so that the track has no stream.",
            advice: "Use short ids, such as UUIDs.",
            source: "RFC 8830, section 2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=msid:«01234567890123456789012345678901234567890123456789012345678901234» t")],
        valid: &[Example::media("a=msid:0123456789012345678901234567890123456789012345678901234567890123 t")],
        check: Check::Description(too_long),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-msid-two-track-ids",
            severity: Severity::Error,
            summary: "The a=msid lines of an m-line name different tracks",
            what: "An m-line carries one track, which may be in several streams: its a=msid lines differ in the stream only.",
            why: "libwebrtc refuses the description.",
            advice: "Give the second track an m-line of its own, or write the same track id.",
            source: "libwebrtc, webrtc_sdp_unittest.cc (DeserializeMsidAttributeWithDifferentTrackIds)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=msid:one a\na=msid:two «b»")],
        valid: &[Example::media("a=msid:one a\na=msid:two a")],
        check: Check::Description(two_tracks),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-msid-duplicate",
            severity: Severity::Error,
            summary: "Two m-lines have the same a=msid",
            what: "Stream and track together name what one m-line carries.",
            why: "libwebrtc refuses the description, because two m-lines would carry one track.",
            advice: "Give each m-line a track id of its own. It happens where m-lines are copied.",
            source: "RFC 8830, section 2; libwebrtc, webrtc_sdp.cc (Duplicate a=msid lines detected)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
            m=audio 49170 RTP/AVP 0\r\na=msid:s t\r\nm=audio 49172 RTP/AVP 8\r\na=msid:«s t»\r\n",
        )
        .in_profile(Profile::Generic)],
        valid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
            m=audio 49170 RTP/AVP 0\r\na=msid:s t\r\nm=audio 49172 RTP/AVP 8\r\na=msid:s u\r\n",
        )
        .in_profile(Profile::Generic)],
        check: Check::Description(duplicate),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-msid-appdata",
            severity: Severity::Info,
            summary: "An a=msid names the track",
            what: "RFC 9429 leaves the id of the track out, because each m-line carries one.",
            why: "It costs bytes; browsers write it for peers that are older.",
            advice: "Nothing needs to be done.",
            source: "RFC 9429, section 5.2.1",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::media("a=msid:s «t»")],
        valid: &[Example::media("a=msid:s")],
        check: Check::Description(appdata),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-msid-vs-ssrc-msid",
            severity: Severity::Warning,
            summary: "An a=ssrc names another stream or track than the a=msid",
            what: "Both forms say which stream and which track the m-line carries.",
            why: "Browsers take the a=msid without a word, peers that are older the a=ssrc.",
            advice: "Write the same in both, or leave the a=ssrc form out.",
            source: "libwebrtc, webrtc_sdp.cc (a=msid comes before a=ssrc msid)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=msid:x t\na=ssrc:1 cname:x\na=ssrc:1 msid:«y t»")],
        valid: &[Example::media("a=msid:x t\na=ssrc:1 cname:x\na=ssrc:1 msid:x t")],
        check: Check::Description(differs),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-msid-undefined",
            severity: Severity::Error,
            summary: "The track of an a=msid is the word undefined",
            what: "Where the id of a track is not known it is left out.",
            why: "A program wrote out a value that it did not have; every m-line gets the same track id.",
            advice: "Leave the second word out. sdp-transform 3.0.0 writes it so.",
            source: "sdp-transform 3.0.0",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=msid:foobar «undefined»")],
        valid: &[Example::media("a=msid:foobar")],
        check: Check::Description(undefined),
    },
];

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = matches!(fault.field(), "stream id" | "track id") || fault.error.expected == Expected::End;
    if !fault.is_of(Key::Msid) || !own {
        return false;
    }
    let message = match fault.field() {
        "stream id" => "this a=msid has no stream; - stands for none",
        "track id" => "a space and no track id behind it",
        _ => "an a=msid has two words at most",
    };
    found.at(fault.error.span, message);
    true
}

fn too_long(context: &Context<'_, '_>, found: &mut Findings) {
    for msid in context.media.iter().flat_map(|part| part.section.values::<Msid<'_>>()) {
        for id in std::iter::once(msid.stream).chain(msid.track).filter(|id| id.len() > LONGEST) {
            found.at(context.span(id), format!("this id has {} characters; {LONGEST} are allowed", id.len()));
        }
    }
}

fn two_tracks(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let mut tracks = part.section.values::<Msid<'_>>().filter_map(|msid| msid.track);
        let Some(first) = tracks.next() else { continue };
        if let Some(other) = tracks.find(|track| *track != first) {
            let message = format!("track {other} beside track {first} in {}", part.name());
            found.at(context.span(other), message).also(context.span(first), "the first track");
        }
    }
}

/// Where both words of an a=msid with a track stand.
fn whole(context: &Context<'_, '_>, msid: Msid<'_>) -> Span {
    let start = context.span(msid.stream).start;
    Span::new(start, context.span(msid.track.unwrap_or(msid.stream)).end)
}

fn duplicate(context: &Context<'_, '_>, found: &mut Findings) {
    let mut owners: BTreeMap<(&str, &str), (Option<usize>, Span)> = BTreeMap::new();
    for part in &context.media {
        for msid in part.section.values::<Msid<'_>>().filter(|msid| msid.stream != "-") {
            // Without a track it says which stream only, which several tracks may share.
            let Some(track) = msid.track else { continue };
            let span = whole(context, msid);
            let (owner, first) = *owners.entry((msid.stream, track)).or_insert((part.index(), span));
            if owner != part.index() {
                let message = format!("track {track} of stream {} is another m-line's already", msid.stream);
                found.at(span, message).also(first, "here");
            }
        }
    }
}

/// Said once, because a writer has one habit.
fn appdata(context: &Context<'_, '_>, found: &mut Findings) {
    let mut tracks =
        context.media.iter().flat_map(|part| part.section.values::<Msid<'_>>()).filter_map(|msid| msid.track);
    if let Some(track) = tracks.find(|track| *track != "undefined") {
        found.at(context.span(track), "the id of the track can be left out");
    }
}

/// Said once an m-line.
fn differs(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let own: Vec<Msid<'_>> = part.section.values().collect();
        let Some(first) = own.first() else { continue };
        let known: BTreeSet<(&str, Option<&str>)> = own.iter().map(|msid| (msid.stream, msid.track)).collect();
        let streams: BTreeSet<&str> = own.iter().map(|msid| msid.stream).collect();
        let other: Vec<&str> = part
            .sources
            .iter()
            .filter(|at| at.value.attribute == "msid")
            .filter_map(|at| at.value.value)
            .filter(|value| {
                Msid::from_ssrc_value(value).is_some_and(|msid| {
                    // Without a track an a=msid agrees with every track of its stream.
                    let agrees = known.contains(&(msid.stream, msid.track)) || known.contains(&(msid.stream, None));
                    let shorter = msid.track.is_none() && streams.contains(msid.stream);
                    !agrees && !shorter
                })
            })
            .collect();
        let Some(value) = other.first() else { continue };
        let message = format!("the sources of {} are of `{value}`, its a=msid says `{first}`", part.name());
        let finding = found.at(context.span(value), message);
        finding.also(context.span(first.stream), "the a=msid");
        let edits = other.iter().map(|value| Edit::replace(context.span(value), first.to_string()));
        finding.unsafe_fix("write what the a=msid says", edits.collect());
    }
}

fn undefined(context: &Context<'_, '_>, found: &mut Findings) {
    for msid in context.media.iter().flat_map(|part| part.section.values::<Msid<'_>>()) {
        let Some(track) = msid.track.filter(|track| *track == "undefined") else { continue };
        let span = context.span(track);
        let edit = Edit::delete(Span::new(context.span(msid.stream).end, span.end));
        found.at(span, "the track is the word undefined").unsafe_fix("leave the track out", vec![edit]);
    }
}
