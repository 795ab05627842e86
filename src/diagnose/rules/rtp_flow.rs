//! Media that does not flow as was agreed: one way only, never, no longer, or without a sound.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::media::{KINDS, Placed, Talk, Talker, stream, way};
use crate::diagnose::name::{self, SESSION, STREAM};
use crate::diagnose::wording::{duration, list};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::{Moment, Timestamp};
use crate::session::media::MediaKind;

pub(super) static RULES: &[Row] =
    &[(&NEVER_STARTS, never_starts), (&ONE_WAY, one_way), (&STOPS, stops), (&SILENT_AUDIO, silent_audio)];

/// How long media may take to begin once the connection stands: browsers need some hundred milliseconds behind DTLS, cameras a second or
/// two.
const BEGINS: Duration = Duration::from_secs(3);
/// How long before the end media may cease: people and applications hang up one after the other, and comfort noise comes at least every
/// few seconds.
const CEASES: Duration = Duration::from_secs(5);
/// Packets that make a stream of which somebody would notice the end.
const LEAST_PACKETS: u64 = 50;
/// Changes of an agreement take so long until they are followed.
const FOLLOWED: Duration = Duration::from_secs(2);
/// Packets that tell their level: five seconds of sound.
const LEVELS: u64 = 250;
/// The share of them that may hold a click.
const SILENT: f64 = 0.99;

static NEVER_STARTS: Rule = Rule {
    name: "rtp-never-starts",
    severity: Severity::Error,
    summary: "A connection stands, and media that was agreed on never came",
    what: "ICE connected, the descriptions say that somebody sends, and for three seconds or longer no RTP of that kind came from either side. \
        The finding says whether DTLS began. Where media of another kind flows it is information.",
    why: "The call looks connected, and nobody sees or hears anything.",
    advice: "See whether the DTLS handshake ends: a firewall that drops its records, a fingerprint that does not fit. If it does, look at the \
        sender: permission for the microphone or camera, a transceiver without a track, an encoder that fails.",
    source: "RFC 8829, section 5.11; RFC 5764, section 5; RFC 8445, section 12",
};

fn never_starts(case: &Case<'_>) -> Vec<Finding> {
    let standing = case.talks().iter().filter(|talk| talk.ice && talk.stands);
    standing
        .filter_map(|talk| {
            let session = talk.session?;
            let (until, begun) = (talk.until()?.time, talk.ready.max(talk.handshake.unwrap_or(talk.ready)).time);
            let absent = |kind: &MediaKind| talk.sides.iter().all(|side| lacks(side, *kind));
            let due = |kind: &MediaKind| agreed(talk, until, begun, |sends| sends.contains(&true), *kind);
            let kinds: Vec<MediaKind> = KINDS.into_iter().filter(absent).filter(|kind| due(kind) >= BEGINS).collect();
            let waited = kinds.iter().map(due).max()?;
            let nothing = talk.sides.iter().all(|side| side.streams.is_empty());
            let words: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
            let [first, second] = &talk.sides;
            let but = if nothing { "no RTP at all" } else { "none of it" };
            let began = |at| format!("DTLS began at {}", case.at(at));
            let message = format!(
                "{} and {} agreed on {} and connected at {}, {}, and {but} came in {}",
                first.name,
                second.name,
                list(&words, words.len()),
                case.at(talk.ready),
                talk.handshake.map_or_else(|| "no DTLS handshake began".to_owned(), began),
                duration(waited)
            );
            let severity = if nothing { Severity::Error } else { Severity::Info };
            let finding = resting(Finding::new(&NEVER_STARTS, message), [Some(talk.ready), talk.handshake]);
            Some(finding.with_severity(severity).about(SESSION, name::session_id(session)))
        })
        .collect()
}

static ONE_WAY: Rule = Rule {
    name: "rtp-one-way",
    severity: Severity::Warning,
    summary: "Media flows in one direction, although both may send",
    what: "Both sides agreed to send media of a kind, and only one of them does, for three seconds or longer. Without ICE it is an error, since \
        nothing else shows that packets can get through. Where the descriptions were not heard and one side sends nothing of any \
        kind it is information: perhaps only the other one was meant to send.",
    why: "One hears or sees the other and is not heard or seen.",
    advice: "Without ICE look at firewalls, NATs and the address in the description of the side that is heard: it may be a private one. With ICE \
        packets do get through: look at the sender, whether it is muted by taking its track away, may use the microphone or \
        camera, and holds back because of a=inactive.",
    source: "RFC 3264, section 6.1; RFC 4961",
};

fn one_way(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for talk in case.talks().iter().filter(|talk| talk.stands || !talk.ice) {
        let Some(until) = talk.until().map(|until| until.time) else { continue };
        for (mute, heard) in [(0, 1), (1, 0)] {
            let (Some(silent), Some(sender)) = (talk.sides.get(mute), talk.sides.get(heard)) else { continue };
            if let Some(finding) = one_side(case, talk, until, silent, sender) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// What is to be said where `silent` sends nothing of what `sender` sends.
fn one_side(
    case: &Case<'_>,
    talk: &Talk<'_>,
    until: Timestamp,
    silent: &Talker<'_>,
    sender: &Talker<'_>,
) -> Option<Finding> {
    let heard = |kind: MediaKind| {
        sender.of(kind).filter(|(_, stream)| stream.received >= LEAST_PACKETS).max_by_key(|(_, stream)| stream.received)
    };
    let signaled = !talk.rounds.is_empty();
    let both = |kind: MediaKind| {
        !signaled || agreed(talk, until, talk.ready.time, |sends| *sends == [true, true], kind) >= BEGINS
    };
    let one_sided = KINDS.into_iter().filter(|kind| lacks(silent, *kind) && both(*kind));
    let kinds: Vec<(MediaKind, Placed<'_>)> = one_sided.filter_map(|kind| Some((kind, heard(kind)?))).collect();
    let (_, (place, known)) = kinds.first()?;
    let nothing = silent.streams.is_empty();
    let lasted = known.last.time.since(known.first.time);
    if lasted < BEGINS || (!signaled && !nothing) {
        return None;
    }
    let words: Vec<&str> = kinds.iter().map(|(kind, _)| kind.name()).collect();
    let words = list(&words, words.len());
    let message = format!(
        "{} {}: {} sends {words} for {}, and {} sends none{}",
        stream(*place, known),
        way(known),
        sender.name,
        duration(lasted),
        silent.name,
        if signaled { ", although both agreed to send it" } else { "; whether it was meant to is not in the capture" }
    );
    let severity = match (signaled, talk.ice) {
        (false, _) => Severity::Info,
        (true, true) => Severity::Warning,
        (true, false) => Severity::Error,
    };
    let moments = [Some(known.first), Some(known.last), Some(talk.ready)];
    let finding = resting(Finding::new(&ONE_WAY, message), moments).with_severity(severity);
    // Whom the call has not reached at all is not told without a connection: perhaps it went another way than the capture sees.
    (talk.ice || case.answers_without_requests() || signaled).then(|| finding.about(STREAM, name::stream_id(*place)))
}

static STOPS: Rule = Rule {
    name: "rtp-stops",
    severity: Severity::Warning,
    summary: "Media ceased while the call went on",
    what: "A participant sent media, and none came any more for the last five seconds or longer of a call that went on: checks were still \
        answered, or the other side still sent. Nobody had said that the call is over or that the media is on hold. Where the participant \
        still sends another kind it is information: a camera that is switched off looks the same. Media that goes on with another \
        SSRC or on another path has not ceased.",
    why: "The other side sees the last picture, or hears nothing, and does not know why.",
    advice: "Look at the sender at that time: a crash of its media process, a device that was unplugged, a tab that sleeps; without ICE at the \
        path too. If it was put on hold, say so by a renegotiation (a=inactive or a=sendonly).",
    source: "RFC 3264, section 8.4; RFC 3550, section 6.3.5",
};

fn stops(case: &Case<'_>) -> Vec<Finding> {
    case.talks()
        .iter()
        .filter(|talk| talk.stands)
        .filter_map(|talk| {
            let until = talk.until()?;
            let ceased = [0, 1].map(|side| ceased(talk, side, until));
            // Both at once is one story: that of the one who went first.
            let (side, kinds) = match &ceased {
                [Some(first), Some(second)] if second.last < first.last => (1, second),
                [Some(first), _] => (0, first),
                [None, Some(second)] => (1, second),
                [None, None] => return None,
            };
            let talker = talk.sides.get(side)?;
            let (place, known) = kinds.stream;
            let both = ceased.iter().all(Option::is_some);
            let other = talk
                .sides
                .get(1 - side)
                .filter(|_| both)
                .map_or_else(String::new, |other| format!("; nothing came from {} either", other.name));
            let words: Vec<&str> = kinds.kinds.iter().map(|kind| kind.name()).collect();
            let goes_on = talker.last().is_some_and(|last| last > kinds.last && !kinds.whole);
            let still = if goes_on { ", while it still sends other media" } else { "" };
            let message = format!(
                "{} {}: the {} of {} ceased at {}, {} before the end of what is seen of the call{still}{other}",
                stream(place, known),
                way(known),
                list(&words, words.len()),
                talker.name,
                case.at(kinds.last),
                duration(until.time.since(kinds.last.time))
            );
            let severity = if kinds.whole { Severity::Warning } else { Severity::Info };
            let finding = resting(Finding::new(&STOPS, message), [Some(kinds.last), Some(until)]);
            Some(finding.with_severity(severity).about(STREAM, name::stream_id(place)))
        })
        .collect()
}

/// Media of one participant that ceased.
struct Ceased<'a> {
    kinds: Vec<MediaKind>,
    /// The last packet of it.
    last: Moment,
    /// The stream that it was in.
    stream: Placed<'a>,
    /// Whether that is all that the participant sent.
    whole: bool,
}

fn ceased<'a>(talk: &Talk<'a>, side: usize, until: Moment) -> Option<Ceased<'a>> {
    let talker = talk.sides.get(side)?;
    let ends: Vec<(MediaKind, Placed<'a>)> = KINDS
        .into_iter()
        .filter_map(|kind| Some((kind, talker.of(kind).max_by_key(|(_, stream)| stream.last)?)))
        .collect();
    let gone = |kind: MediaKind, (_, stream): Placed<'a>| {
        // Who has paused before may do so again.
        let pauses = stream.silences.iter().filter(|silence| silence.missing == 0);
        let longest = pauses.map(|silence| silence.end.time.since(silence.begin.time)).max().unwrap_or_default();
        let allowed = talk.rounds.iter().filter(|round| round.moment.time.after(FOLLOWED) >= stream.last.time);
        let round = talk.round_at(stream.last.time);
        let may_send = allowed.chain(round).all(|round| round.sends(side, kind));
        // Who says good-bye (RTCP BYE) has left in good order.
        let stayed = stream.reports.farewell.is_none();
        stayed
            && stream.received >= LEAST_PACKETS
            && until.time.since(stream.last.time) >= CEASES.max(longest * 2)
            && may_send
    };
    let over: Vec<(MediaKind, Placed<'a>)> = ends.iter().copied().filter(|(kind, end)| gone(*kind, *end)).collect();
    let (_, stream) = *over.iter().min_by_key(|(_, (_, stream))| stream.last)?;
    Some(Ceased {
        kinds: over.iter().map(|(kind, _)| *kind).collect(),
        last: stream.1.last,
        stream,
        whole: over.len() == ends.len() && !talker.unclear(),
    })
}

static SILENT_AUDIO: Rule = Rule {
    name: "rtp-audio-silent",
    severity: Severity::Info,
    summary: "Sound is sent, and there is nothing in it",
    what: "The packets of a stream tell the level of their sound, and for five seconds of sound or more nearly all of them say digital silence \
        (−127 dBov).",
    why: "It is what a muted microphone sends. Where nobody muted it, the other side hears nothing although everything is in order on the \
        network.",
    advice: "If that person spoke: see which device was chosen, whether the system mutes it, and whether the track is enabled. A server that \
        forwards only who speaks leaves such streams out.",
    source: "RFC 6464, section 3",
};

fn silent_audio(case: &Case<'_>) -> Vec<Finding> {
    case.media()
        .filter_map(|(place, known)| {
            let levels = known.levels.filter(|levels| levels.packets >= LEVELS)?;
            let share = levels.silent as f64 / levels.packets as f64;
            (share >= SILENT).then(|| {
                let message = format!(
                    "{} {}: {} of {} packets that tell a level say silence",
                    stream(place, known),
                    way(known),
                    levels.silent,
                    levels.packets
                );
                let finding = resting(Finding::new(&SILENT_AUDIO, message), [Some(known.first), Some(known.last)]);
                finding.about(STREAM, name::stream_id(place))
            })
        })
        .collect()
}

/// Whether somebody surely sends nothing of a kind.
fn lacks(talker: &Talker<'_>, kind: MediaKind) -> bool {
    !talker.unclear() && talker.of(kind).next().is_none()
}

/// The longest time in one piece for which the agreement on a kind is as `holds` wants it; it is given whether each side sends.
fn agreed(
    talk: &Talk<'_>,
    until: Timestamp,
    begun: Timestamp,
    holds: impl Fn(&[bool; 2]) -> bool,
    kind: MediaKind,
) -> Duration {
    let terms = talk.terms(until).filter(|(round, _)| holds(&[round.sends(0, kind), round.sends(1, kind)]));
    terms.map(|(round, end)| end.min(until).since(round.moment.time.max(begun))).max().unwrap_or_default()
}
