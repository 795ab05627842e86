//! What RTCP says of a stream: its sender, its receivers, what they asked for and what came of it.

use super::sheet::Fact;
use crate::report::model::{ReceiverReports, RoundTrip, Stream};
use crate::report::text::number::{bits_per_second, counted, duration, grouped, offset, percent};

pub(super) fn facts(stream: &Stream) -> Vec<Fact> {
    let mut facts = vec![("RTCP", datagrams(stream))];
    let rtcp = &stream.rtcp;
    facts.extend(sender(stream).map(|text| ("sender", text)));
    facts.extend(rtcp.receivers.iter().map(|receiver| ("receiver", receiver_says(receiver))));
    facts.extend(round_trip(stream).map(|text| ("round trip", text)));
    facts.extend(rtcp.nacks.as_ref().map(|nacks| {
        let delay = nacks.mean_delay.map(|mean| format!(", after {} in the mean", duration(mean))).unwrap_or_default();
        let text = format!(
            "{} asked for, {} came, {} of them within {}{delay}; {} never",
            counted(nacks.requested, "packet", "packets"),
            grouped(nacks.answered),
            grouped(nacks.answered_in_time),
            duration(nacks.deadline),
            grouped(nacks.unanswered)
        );
        ("NACK", text)
    }));
    facts.extend(key_frames(stream).map(|text| ("key frames", text)));
    for (label, course) in [("REMB", &rtcp.remb), ("TMMBR", &rtcp.tmmbr), ("TMMBN", &rtcp.tmmbn)] {
        facts.extend(course.as_ref().map(|course| {
            let last =
                course.last.map(|last| format!(", {} at last", bits_per_second(last as f64))).unwrap_or_default();
            let (least, greatest) = (bits_per_second(course.min as f64), bits_per_second(course.max as f64));
            (label, format!("{}, {least} to {greatest}{last}", counted(course.count, "time", "times")))
        }));
    }
    let feedback = rtcp.transport_feedback.as_ref().map(|feedback| ("transport-cc", &feedback.stream));
    let feedback = feedback.or(rtcp.congestion_feedback.as_ref().map(|feedback| ("RFC 8888", feedback)));
    facts.extend(feedback.map(|(label, feedback)| {
        let reported = feedback.packets_received + feedback.packets_lost;
        let variation =
            feedback.mean_delay_variation.map(|mean| format!("; its delay varied by {} a packet", duration(mean)));
        let text = format!(
            "{} of {} reported arrived{}",
            grouped(feedback.packets_received),
            counted(reported, "packet", "packets"),
            variation.unwrap_or_default()
        );
        (label, text)
    }));
    facts.extend(rtcp.bye.as_ref().map(|bye| {
        let reason = bye.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        ("BYE", format!("{} #{}{reason}", offset(bye.time), bye.frame))
    }));
    facts
}

fn datagrams(stream: &Stream) -> String {
    let rtcp = &stream.rtcp;
    let missing = rtcp.packets_missing.map(|missing| format!(", {} missing", grouped(missing))).unwrap_or_default();
    let span = rtcp.first_time.zip(rtcp.last_time);
    let span = span.map(|(first, last)| format!(", {} .. {}", offset(first), offset(last))).unwrap_or_default();
    let readable = if rtcp.sender_reports.is_some() || rtcp.packets == 0 { "" } else { ", encrypted" };
    format!("{} of its source{missing}{span}{readable}", counted(rtcp.packets, "datagram", "datagrams"))
}

fn sender(stream: &Stream) -> Option<String> {
    let sender = stream.rtcp.sender.as_ref()?;
    let lost = sender.packets_lost_before_capture.map(|lost| match lost {
        ..=0 => ", as the capture".to_owned(),
        lost => format!(", {} lost before the capture", counted(lost.unsigned_abs(), "packet", "packets")),
    });
    let reports = stream.rtcp.sender_reports.unwrap_or_default();
    let sent = grouped(u64::from(sender.packets_sent));
    Some(format!("{}: {sent} packets sent{}", counted(reports, "report", "reports"), lost.unwrap_or_default()))
}

fn receiver_says(receiver: &ReceiverReports) -> String {
    let jitter = receiver.jitter.map(|jitter| format!(", jitter {}", duration(jitter))).unwrap_or_default();
    let split = receiver
        .losses
        .map(|losses| format!(" ({} before the capture, {} behind it)", losses.before_capture, losses.behind_capture));
    format!(
        "SSRC {}, {}: {} lost{}, {} in the last interval, {} in the worst{jitter}",
        receiver.ssrc,
        counted(receiver.reports, "report", "reports"),
        receiver.packets_lost,
        split.unwrap_or_default(),
        percent(receiver.fraction_lost),
        percent(receiver.max_fraction_lost)
    )
}

/// `42 ms (30 ms to the receiver and back, 12 ms to the sender and back)`.
fn round_trip(stream: &Stream) -> Option<String> {
    let rtcp = &stream.rtcp;
    let half = |trip: &Option<RoundTrip>, to: &str| {
        trip.as_ref().map(|trip| {
            format!("{} to the {to} and back ({} .. {})", duration(trip.mean), duration(trip.min), duration(trip.max))
        })
    };
    let halves: Vec<String> =
        [half(&rtcp.round_trip_to_receiver, "receiver"), half(&rtcp.round_trip_to_sender, "sender")]
            .into_iter()
            .flatten()
            .collect();
    let whole = rtcp.round_trip.as_ref().map(|trip| format!("{} in all, ", duration(trip.mean)));
    (!halves.is_empty()).then(|| format!("from the capture point: {}{}", whole.unwrap_or_default(), halves.join(", ")))
}

fn key_frames(stream: &Stream) -> Option<String> {
    let rtcp = &stream.rtcp;
    let (pli, fir) = (rtcp.pli_count.unwrap_or_default(), rtcp.fir_count.unwrap_or_default());
    if pli + fir == 0 {
        return None;
    }
    let unanswered = rtcp.key_frame_requests_unanswered.map(|left| format!(", {} in vain", grouped(left)));
    let delay = rtcp.mean_key_frame_delay.map(|mean| format!(", answered after {} in the mean", duration(mean)));
    Some(format!(
        "asked for by {} PLI and {} FIR{}{}",
        grouped(pli),
        grouped(fir),
        unanswered.unwrap_or_default(),
        delay.unwrap_or_default()
    ))
}
