//! What a stream is: where it belongs, its format, its protection, its way, its kin, its header extensions.

use super::sheet::Fact;
use crate::report::model::{HeaderExtension, Stream, Word};
use crate::report::text::number::{counted, duration, grouped};
use crate::session::media::{Knowledge, PairingGround};

pub(super) fn facts(stream: &Stream, call: Option<&str>) -> Vec<Fact> {
    let mut facts = vec![("of", belongs(stream, call)), ("format", format_of(stream))];
    if stream.payload_types.len() > 1 {
        let types: Vec<String> = stream
            .payload_types
            .iter()
            .map(|used| {
                let codec = used.codec.as_deref().unwrap_or("unknown");
                format!("{} ({codec}) {} from #{}", used.payload_type, grouped(used.packets), used.first_frame)
            })
            .collect();
        facts.push(("types", types.join(", ")));
    }
    facts.push(("protection", protection(stream)));
    facts.push(("path", format!("{} → {}", stream.source, stream.destination)));
    if stream.legs.len() > 1 || stream.legs.iter().any(|leg| leg.via.is_some()) {
        facts.extend(stream.legs.iter().map(|leg| {
            let via = leg.via.as_deref().map(|server| format!(" inside TURN to {server}")).unwrap_or_default();
            let copies = grouped(leg.packets_duplicated);
            let missing = grouped(leg.packets_missing);
            let packets = counted(leg.packets, "packet", "packets");
            let way = format!("{} → {}{via}", leg.source, leg.destination);
            ("leg", format!("{way}: {packets}, {copies} duplicated, {missing} that another leg had and it had not"))
        }));
    }
    if let Some(delay) = &stream.relay_delay {
        let least = duration(delay.min);
        let (mean, most) = (duration(delay.mean), duration(delay.max));
        let packets = counted(delay.packets, "packet", "packets");
        facts.push(("relay", format!("mean {mean}, least {least}, most {most}, of {packets}")));
    }
    let kin = kin(stream);
    if !kin.is_empty() {
        facts.push(("kin", kin.join(", ")));
    }
    if !stream.header_extensions.is_empty() {
        let named: Vec<String> = stream.header_extensions.iter().map(extension).collect();
        facts.push(("extensions", named.join(", ")));
    }
    facts
}

fn belongs(stream: &Stream, call: Option<&str>) -> String {
    let named = |name: &str, value: &Option<String>| value.as_deref().map(|value| format!("{name} {value}"));
    let parts = [
        Some(call.map_or("no call".to_owned(), str::to_owned)),
        stream.ice_session.clone(),
        named("user fragment", &stream.ufrag),
        named("mid", &stream.mid),
        named("rid", &stream.rid),
        named("cname", &stream.cname),
        named("msid", &stream.msid),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// From where something is known.
fn by(source: Option<Word<Knowledge>>) -> &'static str {
    match source.map(|source| *source) {
        Some(Knowledge::Sdp) => "by the session description",
        Some(Knowledge::Static) => "by RFC 3551",
        Some(Knowledge::Inferred) => "inferred from its packets",
        None => "not known",
    }
}

fn format_of(stream: &Stream) -> String {
    let codec = stream.codec.as_deref().unwrap_or("codec not known");
    let kind = match stream.kind {
        Some(kind) => format!("{kind} {}", by(stream.kind_source)),
        None => "kind not known".to_owned(),
    };
    let clock = match stream.clock_rate {
        Some(rate) => format!("clock of {} Hz {}", grouped(rate.into()), by(stream.clock_rate_source)),
        None => "clock not known".to_owned(),
    };
    let inside =
        stream.wrapped_in.as_ref().map(|wrap| format!(" inside of {wrap}, by the description")).unwrap_or_default();
    format!("{codec}{inside}, payload type {}; {kind}; {clock}", stream.payload_type)
}

fn protection(stream: &Stream) -> String {
    match (stream.encrypted, &stream.srtp) {
        (Some(false), _) => "none".to_owned(),
        (None, None) => "not known".to_owned(),
        (_, Some(srtp)) => {
            let tag = match srtp.tag_length {
                Some(length) => format!("tag of {length} bytes"),
                None => "length of the tag not known".to_owned(),
            };
            let whence = if srtp.inferred { ", inferred from the trailers of SRTCP" } else { "" };
            format!("SRTP, {}, {tag}{whence}; not decrypted", srtp.family)
        }
        (Some(true), None) => "SRTP, profile not known; not decrypted".to_owned(),
    }
}

/// What other streams are to it.
fn kin(stream: &Stream) -> Vec<String> {
    let mut kin = Vec::new();
    if let Some(primary) = &stream.retransmission_of {
        let ground = stream.retransmission_ground.map(|ground| match *ground {
            PairingGround::SsrcGroup => " (a=ssrc-group:FID)",
            PairingGround::RepairedStreamId => " (repaired-rtp-stream-id)",
            PairingGround::Format => " (apt, and no other to be of)",
            PairingGround::Timestamps => " (inferred: the same timestamps)",
        });
        kin.push(format!("retransmits {primary}{}", ground.unwrap_or_default()));
    }
    let named = |lead: &str, ids: &[String]| (!ids.is_empty()).then(|| format!("{lead} {}", ids.join(" ")));
    kin.extend(named("simulcast with", &stream.simulcast));
    kin.extend(named("of the same participant as", &stream.companions));
    kin.extend(stream.continues.as_deref().map(|before| format!("goes on with {before} on another path")));
    kin.extend(stream.collides_with.as_deref().map(|other| format!("same SSRC as {other} of another sender")));
    kin
}

fn extension(extension: &HeaderExtension) -> String {
    let uri = extension.uri.as_deref().unwrap_or("not known");
    let inferred = if extension.inferred { " (inferred)" } else { "" };
    format!("{} {uri}{inferred} in {}", extension.id, counted(extension.packets, "packet", "packets"))
}
