//! How a stream went: sizes, rate, jitter, pictures, sound, and what happened in it.

use super::row::rate_of_frames;
use super::sheet::Fact;
use super::sparkline;
use crate::report::model::{Discontinuity, Silence, Stream};
use crate::report::text::number::{bits_per_second, bytes, counted, duration, grouped, offset, percent};
use crate::session::media::DiscontinuityKind;

/// Happenings of one sort told in a line.
const TOLD: usize = 5;

/// What it carried, how fast, how evenly; a sparkline has at most `room` bars.
pub(super) fn facts(stream: &Stream, room: usize) -> Vec<Fact> {
    let mut facts = vec![("time", time(stream)), ("bytes", sizes(stream)), ("bitrate", rate(stream))];
    let drawn = sparkline::of_traffic(&stream.traffic, stream.last_time, room.min(60));
    if !drawn.is_empty() {
        facts.push(("", drawn));
    }
    facts.extend(jitter(stream).map(|told| ("jitter", told)));
    if let Some(drift) = &stream.clock_drift {
        let way = if drift.ppm < 0.0 { "slow" } else { "fast" };
        let text = format!("{:.1} ± {:.1} ppm {way} against the capture's", drift.ppm.abs(), drift.error_ppm);
        facts.push(("its clock", text));
    }
    facts.extend(pictures(stream));
    if let Some(seconds) = stream.total_freezes_duration.filter(|_| stream.freeze_count.is_some_and(|count| count > 0))
    {
        let count = counted(stream.freeze_count.unwrap_or(0), "freeze", "freezes");
        let own = stream.sender_freeze_count.map(|own| format!(", {} of the sender", grouped(own)));
        let longest = stream.longest_freeze.as_ref().map(|freeze| {
            format!(", the longest {} at {} #{}", duration(freeze.duration), offset(freeze.time), freeze.frame)
        });
        let rest = [own, longest].into_iter().flatten().collect::<String>();
        facts.push(("freezes", format!("{count} of {}{rest}", duration(seconds))));
    }
    facts
}

fn time(stream: &Stream) -> String {
    let length = duration((stream.last_time - stream.first_time).max(0.0));
    let first = format!("{} #{}", offset(stream.first_time), stream.first_frame);
    format!("{first} .. {} #{}, {length}", offset(stream.last_time), stream.last_frame)
}

fn sizes(stream: &Stream) -> String {
    let mut parts = vec![
        format!("{} behind headers", bytes(stream.bytes_received)),
        format!("{} of headers", bytes(stream.header_bytes_received)),
        format!("largest packet {} B", grouped(stream.largest_packet.into())),
        format!("{} with the marker", grouped(stream.markers)),
    ];
    let counts = [(stream.packets_padded, "padded"), (stream.packets_fragmented, "in IP fragments")];
    parts.extend(
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", grouped(*count))),
    );
    parts.extend(stream.packets_padding_only.map(|count| format!("{} of padding alone", grouped(count))));
    parts.join(", ")
}

fn rate(stream: &Stream) -> String {
    let mean = stream.bitrate.map_or("not known".to_owned(), bits_per_second);
    format!("mean {mean}, most in a second {}", bits_per_second(stream.max_bitrate))
}

/// Of retransmissions there is none: their timestamps are those of what they repeat.
fn jitter(stream: &Stream) -> Option<String> {
    let Some(last) = stream.jitter else {
        return stream.clock_rate.is_none().then(|| "not known, as the clock is not".to_owned());
    };
    let told = |seconds: Option<f64>| seconds.map_or("?".to_owned(), duration);
    let (mean, most) = (told(stream.mean_jitter), told(stream.max_jitter));
    let packets = format!("per packet {} at the end, mean {mean}, most {most}", duration(last));
    Some(match (stream.frame_jitter, stream.frames_received) {
        (Some(last), Some(_)) => {
            format!("{packets}; per frame {} at the end, most {}", duration(last), told(stream.max_frame_jitter))
        }
        _ => packets,
    })
}

fn pictures(stream: &Stream) -> Vec<Fact> {
    let Some(frames) = stream.frames_received else { return Vec::new() };
    let mut parts = vec![grouped(frames)];
    parts.extend(stream.frames_per_second.map(|rate| format!("{} a second", rate_of_frames(rate))));
    parts.extend(stream.mean_frame_size.map(|size| format!("mean {size:.0} B")));
    parts.extend(stream.max_frame_size.map(|size| format!("largest {} B", grouped(size.into()))));
    if let (Some(width), Some(height)) = (stream.frame_width, stream.frame_height) {
        parts.push(format!("{width} × {height}"));
    }
    parts.extend(stream.spatial_layers.map(|layers| counted(layers.into(), "spatial layer", "spatial layers")));
    parts.extend(stream.temporal_layers.map(|layers| counted(layers.into(), "temporal layer", "temporal layers")));
    let keys = match stream.key_frames {
        Some(count) => {
            let every = stream.key_frame_interval.map(|seconds| format!(", one in {}", duration(seconds)));
            format!("{}{}", grouped(count), every.unwrap_or_default())
        }
        None => "not visible".to_owned(),
    };
    vec![("frames", parts.join(", ")), ("key frames", keys)]
}

/// Sound, silences and discontinuities; `all` tells every one that is kept.
pub(super) fn events(stream: &Stream, all: bool) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut sound: Vec<String> = Vec::new();
    sound.extend(stream.dtx_gaps.map(|gaps| counted(gaps, "silence not sent (DTX)", "silences not sent (DTX)")));
    sound.extend(stream.audio_level.map(|level| format!("mean level {level:.1} dBov")));
    sound.extend(stream.silent_share.map(|share| format!("digital silence in {} of packets", percent(share))));
    if !sound.is_empty() {
        facts.push(("sound", sound.join(", ")));
    }
    let told = if all { usize::MAX } else { TOLD };
    facts.extend(listed("silences", stream.silences.iter().map(silence), stream.silences_omitted, told));
    let steps = stream.discontinuities.iter().map(discontinuity);
    facts.extend(listed("not smooth", steps, stream.discontinuities_omitted, told));
    facts
}

fn listed(label: &'static str, all: impl Iterator<Item = String>, omitted: u64, told: usize) -> Option<Fact> {
    let mut parts: Vec<String> = all.collect();
    let more = (parts.len().saturating_sub(told) as u64).saturating_add(omitted);
    parts.truncate(told);
    if more > 0 {
        parts.push(format!("{} more", grouped(more)));
    }
    (!parts.is_empty()).then(|| (label, parts.join(", ")))
}

fn silence(silence: &Silence) -> String {
    let what = match silence.packets_lost {
        0 => "a pause of the sender".to_owned(),
        lost => format!("{} lost", grouped(lost)),
    };
    format!("{} #{} {} ({what})", offset(silence.time), silence.frame, duration(silence.duration))
}

fn discontinuity(step: &Discontinuity) -> String {
    let what = match (*step.kind, step.from, step.to) {
        (DiscontinuityKind::SequenceRestart, ..) => "sequence numbers begin anew".to_owned(),
        (DiscontinuityKind::TimestampJump { ticks }, ..) => format!("timestamp jumps by {ticks}"),
        (DiscontinuityKind::PayloadTypeChange { from, to }, ..) => format!("payload type {} becomes {}", from.0, to.0),
    };
    format!("{} #{} {what}", offset(step.time), step.frame)
}
