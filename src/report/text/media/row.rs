//! The line of one stream.

use super::amount::loss;
use super::sparkline;
use crate::report::model::Stream;
use crate::report::text::number::{bits_per_second, counted, duration, grouped};
use crate::report::text::paint::{Cell, Paint};
use crate::report::text::table::{Column, Table};
use crate::session::media::{Knowledge, MediaKind, Role};

/// From this width of a page on a sparkline has its full length.
const WIDE: usize = 140;
/// Bars of a sparkline on a wide page.
const BARS: usize = 20;
/// Bars of one elsewhere.
const FEW_BARS: usize = 12;

/// A table with the columns of a stream.
pub(super) fn table() -> Table {
    Table::new(vec![
        Column::text(""),
        Column::text("codec"),
        Column::number("ssrc"),
        Column::number("packets"),
        Column::number("loss"),
        Column::number("jitter"),
        Column::number("bitrate").breaking(),
        Column::text("over time"),
        Column::number("fps"),
        Column::text("freezes"),
        Column::number("rtt"),
    ])
}

/// The cells of `stream` on a page of `width` columns, so far in as it belongs to another one.
pub(super) fn row(stream: &Stream, repairs: bool, width: usize) -> Vec<Cell> {
    let bars = if width >= WIDE { BARS } else { FEW_BARS };
    let drawn =
        if lasted(stream) { sparkline::of_traffic(&stream.traffic, stream.last_time, bars) } else { String::new() };
    vec![
        Cell::new(format!("{}{} {}", if repairs { "    " } else { "  " }, stream.id, what(stream))),
        codec(stream),
        Cell::new(stream.ssrc.to_string()),
        Cell::new(grouped(stream.packets_received)),
        loss(stream.packets_received, stream.packets_lost),
        jitter(stream),
        Cell::new(stream.bitrate.filter(|_| lasted(stream)).map(bits_per_second).unwrap_or_default()),
        Cell::painted(drawn, Paint::Quiet),
        Cell::new(stream.frames_per_second.map(rate_of_frames).unwrap_or_default()),
        freezes(stream),
        round_trip(stream),
    ]
}

/// Whether a rate a second says something: probes of the path all come within a few milliseconds.
fn lasted(stream: &Stream) -> bool {
    stream.last_time - stream.first_time >= 1.0
}

/// `audio`, `rtx`.
pub(super) fn what(stream: &Stream) -> &'static str {
    match (*stream.role, stream.kind) {
        (Role::Retransmission, _) => "rtx",
        (Role::ForwardErrorCorrection, _) => "fec",
        (Role::Media, Some(kind)) => kind.name(),
        (Role::Media, None) => "media",
    }
}

/// `VP8 h`: with the layer, where there are several. Of retransmissions, how many were mere probes of the path.
fn codec(stream: &Stream) -> Cell {
    if *stream.role == Role::Retransmission {
        let probes = stream.packets_padded;
        return match probes {
            0 => Cell::default(),
            probes => Cell::painted(counted(probes, "probe", "probes"), Paint::Quiet),
        };
    }
    let name = stream.codec.clone().unwrap_or_else(|| format!("type {}", stream.payload_type));
    match &stream.rid {
        Some(rid) => Cell::new(format!("{name} {rid}")),
        None => Cell::new(name),
    }
}

/// Per frame for video, per packet for audio; `~` where the clock behind it is inferred, `?` where it is not known.
fn jitter(stream: &Stream) -> Cell {
    if *stream.role != Role::Media {
        return Cell::default();
    }
    if stream.clock_rate.is_none() {
        return Cell::painted("?", Paint::Quiet);
    }
    let seconds = match stream.kind.map(|kind| *kind) {
        Some(MediaKind::Video) => stream.frame_jitter,
        _ => stream.jitter,
    };
    let sure = stream.clock_rate_source.is_none_or(|source| *source != Knowledge::Inferred);
    let mark = if sure { "" } else { "~" };
    Cell::new(seconds.map(|seconds| format!("{mark}{:.1} ms", seconds * 1e3)).unwrap_or_default())
}

/// Frames a second, as precise as the number is small.
pub(super) fn rate_of_frames(rate: f64) -> String {
    if rate < 9.95 { format!("{rate:.1}") } else { format!("{rate:.0}") }
}

/// The whole round trip; of one that is known from the capture point to the receiver alone, `> 12 ms`.
fn round_trip(stream: &Stream) -> Cell {
    let rtcp = &stream.rtcp;
    match (&rtcp.round_trip, rtcp.round_trip_to_receiver.as_ref().or(rtcp.round_trip_to_sender.as_ref())) {
        (Some(whole), _) => Cell::new(duration(whole.mean)),
        (None, Some(half)) => Cell::new(format!("> {}", duration(half.mean))),
        (None, None) => Cell::default(),
    }
}

/// `2, 1.4 s`, or `-`.
fn freezes(stream: &Stream) -> Cell {
    match (stream.freeze_count, stream.total_freezes_duration) {
        (Some(0), _) => Cell::new("-"),
        (Some(count), Some(seconds)) => {
            Cell::painted(format!("{}, {}", grouped(count), duration(seconds)), Paint::Warning)
        }
        (Some(count), None) => Cell::painted(grouped(count), Paint::Warning),
        (None, _) => Cell::default(),
    }
}
