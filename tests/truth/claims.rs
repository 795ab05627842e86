//! What a peer of a lab capture says about each stream that it sent or received, from its last getStats.

use serde_json::Value;

use super::report::{list, text};

/// One `outbound-rtp` or `inbound-rtp` of the last getStats.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// The peer's name in the truth.
    pub(crate) peer: String,
    /// The lab node it ran on.
    pub(crate) node: String,
    /// Whether the peer sent it.
    pub(crate) outbound: bool,
    /// `audio` or `video`.
    pub(crate) kind: String,
    /// The source.
    pub(crate) ssrc: u64,
    /// The source of its retransmissions, where there is one.
    pub(crate) rtx: Option<u64>,
    /// Whether the peer counts the packets of that source among those of the media.
    pub(crate) counts_rtx: bool,
    /// When the peer wrote it, in Unix seconds.
    pub(crate) time: f64,
    /// Packets sent or received.
    pub(crate) packets: u64,
    /// Payload, padding and headers of those packets, without the authentication tags that SRTP adds.
    pub(crate) bytes: Option<u64>,
    /// What SRTP adds to a packet, where the peer names its profile.
    pub(crate) tag: Option<u64>,
    /// RFC 3550's loss; only a receiver has it.
    pub(crate) lost: Option<i64>,
    /// Frames sent; a receiver counts only those that it could put together, which a capture cannot show.
    pub(crate) frames: Option<u64>,
    /// Sender reports received about it.
    pub(crate) reports: Option<u64>,
    /// The encoding name, in lower case.
    pub(crate) codec: Option<String>,
    /// The media identification.
    pub(crate) mid: Option<String>,
}

/// The claims of every peer in `truth`, those of streams without a packet left out.
pub(crate) fn claims(truth: &Value) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (name, peer) in truth.get("peers").and_then(Value::as_object).into_iter().flatten() {
        let stats = list(peer, "/finalStats/stats");
        for entry in stats.iter().filter(|entry| matches!(text(entry, "/type"), "outbound-rtp" | "inbound-rtp")) {
            claims.extend(claim(name, peer, stats, entry).filter(|claim| claim.packets > 0));
        }
    }
    claims
}

fn claim(name: &str, peer: &Value, stats: &[Value], entry: &Value) -> Option<Claim> {
    let outbound = text(entry, "/type") == "outbound-rtp";
    let number = |key: &str| entry.get(key).and_then(Value::as_u64);
    let ssrc = number("ssrc")?;
    let (packets, bytes, headers) = if outbound {
        (number("packetsSent")?, number("bytesSent"), number("headerBytesSent"))
    } else {
        (number("packetsReceived")?, number("bytesReceived"), number("headerBytesReceived"))
    };
    let with_id = |id: &str| stats.iter().find(|other| text(other, "/id") == id);
    let codec = with_id(text(entry, "/codecId")).and_then(|codec| text(codec, "/mimeType").split_once('/'));
    let reports =
        with_id(text(entry, "/remoteId")).filter(|_| !outbound).and_then(|far| far.get("reportsSent")?.as_u64());
    let cipher = text(peer, "/selected/srtpCipher");
    // Chromium names the source whose packets it counts in; Firefox does not, and counts them only where it sends
    let counts_rtx = number("rtxSsrc").is_some() || (outbound && text(peer, "/kind") == "firefox");
    Some(Claim {
        peer: name.to_owned(),
        node: text(peer, "/node").to_owned(),
        outbound,
        kind: text(entry, "/kind").to_owned(),
        ssrc,
        rtx: number("rtxSsrc").or_else(|| repeated_by(peer, ssrc)),
        counts_rtx,
        time: time_of(entry.get("timestamp")?)?,
        packets,
        bytes: bytes.zip(headers).map(|(bytes, headers)| bytes + headers),
        tag: (!cipher.is_empty()).then(|| if cipher.contains("GCM") { 16 } else { 10 }),
        lost: entry.get("packetsLost").and_then(Value::as_i64).filter(|_| !outbound),
        frames: number("framesSent").filter(|_| outbound),
        reports,
        codec: codec.map(|(_, name)| name.to_ascii_lowercase()),
        mid: entry.get("mid").and_then(Value::as_str).map(str::to_owned),
    })
}

/// The source that the peer's descriptions pair with `ssrc` (RFC 5576 FID).
fn repeated_by(peer: &Value, ssrc: u64) -> Option<u64> {
    let start = format!("a=ssrc-group:FID {ssrc} ");
    let descriptions = list(peer, "/sdp").iter().rev();
    descriptions
        .flat_map(|entry| text(entry, "/sdp").lines())
        .find_map(|line| line.strip_prefix(&start)?.trim().parse().ok())
}

/// Milliseconds, or text as aiortc writes it (`2026-11-21T05:28:24.160554+00:00`).
fn time_of(value: &Value) -> Option<f64> {
    if let Some(milliseconds) = value.as_f64() {
        return Some(milliseconds / 1000.0);
    }
    let text = value.as_str()?;
    let (date, clock) = text.split_once('T')?;
    let mut date = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut clock = clock.trim_end_matches("+00:00").split(':').map(|part| part.parse::<f64>().ok());
    let (hours, minutes, seconds) = (clock.next()??, clock.next()??, clock.next()??);
    // days since 1970 by the civil calendar, March being the first month
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Some(days as f64 * 86_400.0 + hours * 3600.0 + minutes * 60.0 + seconds)
}
