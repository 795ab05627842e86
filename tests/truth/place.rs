//! Transport addresses as the truth knows them: browsers hide some, so the host may be unknown.

use std::fmt;

use serde_json::Value;

/// A transport address whose host may be hidden (mDNS names, redacted peer-reflexive candidates).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The IP address without brackets, where the truth has it.
    pub(crate) host: Option<String>,
    /// The port.
    pub(crate) port: u16,
}

impl Place {
    /// From an address and a port of a statistics object; the host counts only if it is an IP address.
    pub(crate) fn new(host: &str, port: u64) -> Self {
        let host = host.parse::<std::net::IpAddr>().ok().map(|address| address.to_string());
        Place { host, port: u16::try_from(port).unwrap_or(0) }
    }

    /// From a getStats candidate.
    pub(crate) fn of_candidate(candidate: &Value) -> Self {
        let host = ["address", "ip"].iter().find_map(|key| candidate.get(key)?.as_str()).unwrap_or("");
        Place::new(host, candidate.get("port").and_then(Value::as_u64).unwrap_or(0))
    }

    /// From a candidate line (`candidate:F C udp PRIORITY HOST PORT typ TYPE …`).
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace().skip(4);
        let host = words.next()?;
        Some(Place::new(host, words.next()?.parse().ok()?))
    }

    /// From `HOST:PORT` or `[HOST]:PORT`.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        Some(Place::new(host.trim_start_matches('[').trim_end_matches(']'), port.parse().ok()?))
    }

    /// Whether the two can be the same address: equal ports, and equal hosts where both are known.
    pub(crate) fn fits(&self, other: &Place) -> bool {
        self.port == other.port
            && match (&self.host, &other.host) {
                (Some(mine), Some(theirs)) => mine == theirs,
                _ => true,
            }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.host.as_deref().unwrap_or("?"), self.port)
    }
}
