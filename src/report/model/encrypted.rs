//! Encrypted signalling: who speaks TLS with whom, under which names, and when messages of which size passed.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use super::word::Word;
use crate::flow::{EncryptedConnection, EncryptedMessage, Roles, SeenAlert};

/// A TLS connection. It is not decrypted.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Encrypted {
    /// Its id.
    pub id: String,
    /// The client.
    pub client: String,
    /// The server.
    pub server: String,
    /// How it is known which is which.
    pub roles: Word<Roles>,
    /// Whether the capture began after it: nothing is known of its hellos.
    pub joined: bool,
    /// The host name that the client asks for (SNI).
    pub server_name: Option<String>,
    /// The application protocol that the server chose (ALPN); hidden in TLS 1.3.
    pub alpn: Option<String>,
    /// The application protocols that the client offers, in order of preference.
    pub offered_alpn: Vec<String>,
    /// The version that the server chose.
    pub version: Option<String>,
    /// The versions that the client offers; of a client without TLS 1.3 only the highest.
    pub offered_versions: Vec<String>,
    /// The cipher suite that the server chose.
    pub cipher_suite: Option<String>,
    /// Whether the server asked for another hello.
    pub hello_retried: bool,
    /// Whether the client sent data before the server answered (0-RTT).
    pub early_data: bool,
    /// When the handshake was complete.
    pub completed_time: Option<f64>,
    /// Its frame.
    pub completed_frame: Option<u64>,
    /// Its first byte.
    pub first_time: f64,
    /// Its frame.
    pub first_frame: u64,
    /// Its last byte.
    pub last_time: f64,
    /// When an end closed or reset it.
    pub closed_time: Option<f64>,
    /// Its frame.
    pub closed_frame: Option<u64>,
    /// Application data: records of one direction that follow one another without a pause are one message.
    pub messages: Vec<Message>,
    /// How many of them are left out between the first and the last ones.
    pub messages_omitted: u64,
    /// Bytes of application data from the client, encryption included, headers of records not.
    pub bytes_sent: u64,
    /// The same from the server.
    pub bytes_received: u64,
    /// Alerts, the first few.
    pub alerts: Vec<Alert>,
    /// How many are left out after them.
    pub alerts_omitted: u64,
    /// Bytes that are missing from the capture.
    pub missing_bytes: u64,
    /// How often it could not be told behind missing bytes where a record begins: those until it could are not counted.
    pub losses: u64,
}

/// Which end of a connection sent something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// The client.
    Client,
    /// The server.
    Server,
}

/// A message that nobody can read.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// When it began.
    pub time: f64,
    /// Its frame.
    pub frame: u64,
    /// Who sent it.
    pub from: From,
    /// How long it is, encryption included.
    pub bytes: u64,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// When.
    pub time: f64,
    /// Its frame.
    pub frame: u64,
    /// Who sent it.
    pub from: From,
    /// `warning` or `fatal`; `null` where it is encrypted.
    pub level: Option<String>,
    /// The registry's name of what it says, or its number; `null` where it is encrypted.
    pub description: Option<String>,
}

impl Encrypted {
    /// The published form of the connection at `place`.
    #[must_use]
    pub fn new(place: usize, connection: &EncryptedConnection, clock: Clock) -> Self {
        let client = connection.client();
        let end = |sender: bool| {
            let [first, second] = connection.ends;
            if (client == 0) == sender { first } else { second }
        };
        let [first, second] = connection.bytes;
        let (bytes_sent, bytes_received) = if client == 0 { (first, second) } else { (second, first) };
        Self {
            id: format!("tls-{}", place.saturating_add(1)),
            client: end(true).to_string(),
            server: end(false).to_string(),
            roles: Word(connection.roles()),
            joined: connection.joined,
            server_name: connection.server_name.clone(),
            alpn: connection.chosen_protocol.clone(),
            offered_alpn: connection.offered_protocols.clone(),
            version: connection.version.map(|version| version.to_string()),
            offered_versions: connection.offered_versions.iter().map(ToString::to_string).collect(),
            cipher_suite: connection.cipher_suite.map(|suite| suite.to_string()),
            hello_retried: connection.retried,
            early_data: connection.early_data,
            completed_time: connection.completed.map(|moment| clock.time(moment)),
            completed_frame: connection.completed.map(|moment| moment.frame.0),
            first_time: clock.time(connection.first),
            first_frame: connection.first.frame.0,
            last_time: clock.time(connection.last),
            closed_time: connection.closed.map(|moment| clock.time(moment)),
            closed_frame: connection.closed.map(|moment| moment.frame.0),
            messages: connection.messages.iter().map(|message| Message::new(message, client, clock)).collect(),
            messages_omitted: connection.messages.omitted(),
            bytes_sent,
            bytes_received,
            alerts: connection.alerts.iter().map(|alert| Alert::new(alert, client, clock)).collect(),
            alerts_omitted: connection.alerts_omitted,
            missing_bytes: connection.missing.iter().fold(0, |sum, missing| sum.saturating_add(*missing)),
            losses: connection.losses(),
        }
    }
}

impl From {
    const fn new(end: usize, client: usize) -> Self {
        if end == client { Self::Client } else { Self::Server }
    }
}

impl Message {
    fn new(message: &EncryptedMessage, client: usize, clock: Clock) -> Self {
        Self {
            time: clock.time(message.moment),
            frame: message.moment.frame.0,
            from: From::new(message.end, client),
            bytes: message.bytes,
        }
    }
}

impl Alert {
    fn new(seen: &SeenAlert, client: usize, clock: Clock) -> Self {
        Self {
            time: clock.time(seen.moment),
            frame: seen.moment.frame.0,
            from: From::new(seen.end, client),
            level: seen.alert.map(|alert| alert.level.to_string()),
            description: seen.alert.map(|alert| alert.description.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::EncryptedStreams;
    use crate::moment::{Moment, Timestamp};
    use crate::path::{Endpoint, Path, Transport};
    use std::net::SocketAddr;

    #[test]
    fn a_connection_joined_late_says_so() {
        let at = |text: &str| Endpoint::from(text.parse::<SocketAddr>().unwrap());
        let path = Path::direct(at("192.0.2.2:443"), at("192.0.2.1:50000"), Transport::Tcp);
        let record = [&[23, 3, 3, 0, 20][..], &[0; 20]].concat();
        let mut streams = EncryptedStreams::new();
        for frame in 1..=2 {
            streams.observe(Moment::new(frame, 5_000_000_000), 7, &path, 1, &record);
        }
        let (_, connection) = streams.connections().next().unwrap();
        let published = Encrypted::new(0, connection, Clock::new(Some(Timestamp(4_000_000_000))));
        let json = serde_json::to_value(&published).unwrap();
        assert_eq!(json["id"], "tls-1");
        assert_eq!(json["client"], "192.0.2.1:50000");
        assert_eq!(json["roles"], "port");
        assert_eq!(json["serverName"], serde_json::Value::Null);
        assert_eq!(json["bytesReceived"], 40);
        assert_eq!(json["messages"].to_string(), r#"[{"bytes":40,"frame":1,"from":"server","time":1.0}]"#);
    }
}
