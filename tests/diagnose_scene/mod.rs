//! Captures computed message by message, for what no fixture shows: UDP over IPv4, without a link layer.

use std::net::{IpAddr, SocketAddr};

use rtcscope::crypto::{Algorithm, Key, seal};
use rtcscope::wire::stun::{AttributeType, Builder, Class, Method, TransactionId, Value};

/// The controlling agent.
pub(crate) const A: &str = "192.0.2.10:40010";
/// The other one.
pub(crate) const B: &str = "198.51.100.20:40020";
/// A STUN and TURN server.
pub(crate) const SERVER: &str = "203.0.113.5:3478";
/// What it relays.
pub(crate) const RELAYED: &str = "203.0.113.5:50000";

/// How a check ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Not at all.
    None,
    /// With success, 20 ms later.
    Success,
    /// With this error, 20 ms later.
    Error(u16),
}

/// A capture in the making. Times are milliseconds from its beginning.
#[derive(Debug, Default)]
pub(crate) struct Scene {
    packets: Vec<(u64, Vec<u8>)>,
    transactions: u16,
}

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

impl Scene {
    /// A datagram.
    pub(crate) fn udp(&mut self, at: u64, from: &str, to: &str, payload: &[u8]) -> &mut Self {
        self.udp_with_hop_limit(at, from, to, payload, 64)
    }

    /// A datagram with this hop limit.
    pub(crate) fn udp_with_hop_limit(&mut self, at: u64, from: &str, to: &str, payload: &[u8], hops: u8) -> &mut Self {
        let (from, to) = (address(from), address(to));
        let (IpAddr::V4(source), IpAddr::V4(destination)) = (from.ip(), to.ip()) else { panic!("scenes are IPv4") };
        let length = u16::try_from(28 + payload.len()).expect("a datagram");
        let mut packet = vec![0x45, 0];
        packet.extend(length.to_be_bytes());
        packet.extend(self.transactions.to_be_bytes());
        packet.extend([0, 0, hops, 17, 0, 0]);
        packet.extend(source.octets());
        packet.extend(destination.octets());
        packet.extend(from.port().to_be_bytes());
        packet.extend(to.port().to_be_bytes());
        packet.extend((length - 20).to_be_bytes());
        packet.extend([0, 0]);
        packet.extend(payload);
        self.packets.push((at, packet));
        self
    }

    fn transaction(&mut self) -> TransactionId {
        self.transactions += 1;
        let mut id = [0x55; 12];
        id[10..].copy_from_slice(&self.transactions.to_be_bytes());
        TransactionId(id)
    }

    /// A check between the two agents: of A where `by_a`.
    pub(crate) fn check(&mut self, at: u64, by_a: bool, answer: Answer) -> &mut Self {
        let (from, to, name, role) = if by_a {
            (A, B, "Bbbb:Aaaa", AttributeType::ICE_CONTROLLING)
        } else {
            (B, A, "Aaaa:Bbbb", AttributeType::ICE_CONTROLLED)
        };
        let key = Key::short_term(b"the password of the receiver");
        let id = self.transaction();
        let mut request = Builder::new(Class::Request, Method::BINDING, id)
            .attribute(AttributeType::USERNAME, &Value::Text(name))
            .raw(role, &[1; 8])
            .raw(AttributeType::PRIORITY, &0x6E00_1EFF_u32.to_be_bytes());
        if by_a {
            request = request.raw(AttributeType::USE_CANDIDATE, &[]);
        }
        let request = seal(request, &key, Algorithm::Sha1).fingerprint().emit().expect("a check");
        self.udp(at, from, to, &request);
        let response = match answer {
            Answer::None => return self,
            Answer::Success => Builder::new(Class::SuccessResponse, Method::BINDING, id)
                .attribute(AttributeType::XOR_MAPPED_ADDRESS, &Value::XorAddress(address(from))),
            Answer::Error(code) => refusal(Method::BINDING, id, code),
        };
        let response = seal(response, &key, Algorithm::Sha1).fingerprint().emit().expect("an answer");
        self.udp(at + 20, to, from, &response)
    }

    /// An RTP packet from one agent to the other.
    pub(crate) fn media(&mut self, at: u64, by_a: bool) -> &mut Self {
        let number = u16::try_from(at / 20).expect("a short scene");
        let mut packet = vec![0x80, 111];
        packet.extend(number.to_be_bytes());
        packet.extend((u32::from(number) * 960).to_be_bytes());
        packet.extend([0, 0, 0, 7]);
        packet.extend([0x5A; 40]);
        let (from, to) = if by_a { (A, B) } else { (B, A) };
        self.udp(at, from, to, &packet)
    }

    /// A request of A to the server, and its answer if there is one.
    pub(crate) fn ask(
        &mut self,
        at: u64,
        method: Method,
        attributes: &[(AttributeType, Value<'_>)],
        answer: Answer,
    ) -> &mut Self {
        let id = self.transaction();
        let add = |message: Builder| {
            attributes.iter().fold(message, |message, (kind, value)| message.attribute(*kind, value))
        };
        let request =
            add(Builder::new(Class::Request, method, id).attribute(AttributeType::USERNAME, &Value::Text("alice")));
        let key = Key::long_term(b"alice", b"example.org", b"the password of alice");
        let request = seal(request, &key, Algorithm::Sha1).emit().expect("a request");
        self.udp(at, A, SERVER, &request);
        let response = match answer {
            Answer::None => return self,
            Answer::Success => Builder::new(Class::SuccessResponse, method, id)
                .attribute(AttributeType::XOR_RELAYED_ADDRESS, &Value::XorAddress(address(RELAYED)))
                .attribute(AttributeType::XOR_MAPPED_ADDRESS, &Value::XorAddress(address(A)))
                .raw(AttributeType::LIFETIME, &600_u32.to_be_bytes()),
            Answer::Error(code) => refusal(method, id, code),
        };
        self.udp(at + 20, SERVER, A, &response.emit().expect("an answer"))
    }

    /// A Send indication of A.
    pub(crate) fn send(&mut self, at: u64, peer: &str) -> &mut Self {
        let id = self.transaction();
        let message = Builder::new(Class::Indication, Method::SEND, id)
            .attribute(AttributeType::XOR_PEER_ADDRESS, &Value::XorAddress(address(peer)))
            .raw(AttributeType::DATA, b"hello");
        self.udp(at, A, SERVER, &message.emit().expect("an indication"))
    }

    /// A Binding request without a user name, and no answer.
    pub(crate) fn discover(&mut self, at: u64) -> &mut Self {
        let id = self.transaction();
        let message = Builder::new(Class::Request, Method::BINDING, id).fingerprint();
        self.udp(at, A, SERVER, &message.emit().expect("a request"))
    }

    /// The payload of the last datagram, to be spoilt.
    pub(crate) fn last_payload(&mut self) -> &mut [u8] {
        self.packets.last_mut().expect("a packet").1.get_mut(28..).expect("a payload")
    }

    /// Every packet once more, 50 µs later and one hop further.
    pub(crate) fn doubled(&mut self) -> &mut Self {
        self.packets = std::mem::take(&mut self.packets)
            .into_iter()
            .flat_map(|(at, packet)| {
                let mut copy = packet.clone();
                copy[8] -= 1;
                [(at, packet), (at, copy)]
            })
            .collect();
        self
    }

    /// The capture file: pcap, raw IP, microseconds.
    pub(crate) fn pcap(&mut self) -> Vec<u8> {
        self.packets.sort_by_key(|(at, _)| *at);
        let mut bytes = 0xA1B2_C3D4_u32.to_le_bytes().to_vec();
        bytes.extend([2, 0, 4, 0]);
        for field in [0, 0, 65_535, 101_u32] {
            bytes.extend(field.to_le_bytes());
        }
        for (at, packet) in &self.packets {
            let length = u32::try_from(packet.len()).expect("a packet");
            let seconds = 1_700_000_000 + u32::try_from(at / 1000).expect("a short scene");
            let fraction = u32::try_from(at % 1000 * 1000).expect("below a million");
            for field in [seconds, fraction, length, length] {
                bytes.extend(field.to_le_bytes());
            }
            bytes.extend(packet);
        }
        bytes
    }
}

fn refusal(method: Method, id: TransactionId, code: u16) -> Builder {
    let (class, number) = (u8::try_from(code / 100).expect("a code"), u8::try_from(code % 100).expect("a code"));
    Builder::new(Class::ErrorResponse, method, id).raw(AttributeType::ERROR_CODE, &[0, 0, class, number])
}
