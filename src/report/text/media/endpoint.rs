//! What an endpoint counted itself, in a sentence: and what it means where the capture counted differently.

use super::amount::{of_loss, share};
use crate::analyze::{Meaning, Side};
use crate::report::model::{Between, EndpointStatistics};
use crate::report::text::number::{bytes, counted, duration, grouped, offset};
use crate::report::text::paint::{Cell, Paint};

/// `getStats of its receiver: 657 received, 37 lost by +16.760 s; 37 lost behind the capture`.
pub(super) fn remark(counted: &EndpointStatistics) -> Cell {
    let (told, paint) = told(counted);
    Cell::painted(format!("getStats {told}"), paint)
}

fn told(counted: &EndpointStatistics) -> (String, Paint) {
    let by = if counted.capture.is_some() { format!(" by {}", offset(counted.time)) } else { String::new() };
    let counts = match *counted.side {
        Side::Sender => format!("{} sent", grouped(counted.packets)),
        Side::Receiver => {
            let lost = counted.packets_lost.map(|lost| format!(", {lost} lost")).unwrap_or_default();
            format!("{} received{lost}", grouped(counted.packets))
        }
    };
    let (meaning, paint) = meaning(counted);
    (format!("of its {}: {counts}{by}{meaning}", counted.side), paint)
}

fn meaning(counted: &EndpointStatistics) -> (String, Paint) {
    let (Some(meaning), Some(difference)) = (counted.meaning.map(|meaning| *meaning), counted.difference) else {
        let why = if counted.capture.is_none() { "its clock is not known" } else { "what it counts is not known" };
        return (format!("; not compared: {why}"), Paint::Quiet);
    };
    let number = about(difference);
    let paint = of_loss(share(counted.packets, difference.about));
    match meaning {
        Meaning::Agrees => (", as the capture saw".to_owned(), Paint::Quiet),
        Meaning::LostBeforeCapture => (format!("; {number} lost before the capture"), paint),
        Meaning::LostBehindCapture => (format!("; {number} lost behind the capture"), paint),
        Meaning::MissedByCapture => (format!("; {number} got there that the capture is missing"), Paint::Notice),
        Meaning::NotInCapture => (format!("; {number} more than the capture has numbers of"), Paint::Notice),
        Meaning::FewerThanCaptured => (format!("; {number} fewer than the capture saw"), Paint::Notice),
    }
}

/// `37`, or `about 43` where it is not known to the packet.
fn about(number: Between) -> String {
    if number.min == number.max {
        return grouped(number.about);
    }
    format!("about {}", grouped(number.about))
}

/// All that it counted, for the sheet.
pub(super) fn details(counted: &EndpointStatistics) -> String {
    let mut facts = vec![told(counted).0];
    let number = |name: &str, value: Option<u64>| value.map(|value| format!("{name} {}", grouped(value)));
    let time = |name: &str, value: Option<f64>| value.map(|value| format!("{name} {}", duration(value)));
    let heard = match *counted.side {
        Side::Sender => counted.packets_lost.map(|lost| format!("lost as its receiver told it {lost}")),
        Side::Receiver => None,
    };
    let size = counted.bytes.map(|payload| match counted.header_bytes {
        Some(headers) => format!("{} and {} of headers", bytes(payload), bytes(headers)),
        None => bytes(payload),
    });
    let repeated = number("retransmitted", counted.retransmitted_packets).map(|text| {
        counted.retransmission_ssrc.map_or(text.clone(), |ssrc| format!("{text} of SSRC {ssrc} among them"))
    });
    let all = [
        heard,
        size,
        repeated,
        time("jitter", counted.jitter),
        time("round trip", counted.round_trip_time),
        number("NACK", counted.nack_count),
        number("PLI", counted.pli_count),
        number("FIR", counted.fir_count),
        counted.frames_per_second.map(|rate| format!("{rate} frames a second")),
        counted.freeze_count.map(|count| freezes(count, counted.total_freezes_duration)),
        counted.capture.as_ref().map(|capture| match capture.seconds_after {
            after if after < 0.0 => format!("counted on for {} behind the stream's end", duration(-after)),
            after => format!("the stream went on for {}", duration(after)),
        }),
        Some(format!("connection {} of {}", counted.connection, file(&counted.file))),
    ];
    facts.extend(all.into_iter().flatten());
    facts.join(", ")
}

fn freezes(count: u64, seconds: Option<f64>) -> String {
    let times = counted(count, "freeze", "freezes");
    match seconds.filter(|_| count > 0) {
        Some(seconds) => format!("{times} of {}", duration(seconds)),
        None => times,
    }
}

/// The name of a file without its folders.
fn file(path: &str) -> &str {
    path.rsplit_once(['/', '\\']).map_or(path, |(_, name)| name)
}
