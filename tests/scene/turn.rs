//! A TURN client, its server and a peer.

use rtcscope::crypto::Key;
use rtcscope::session::turn::Allocation;
use rtcscope::wire::stun::{AttributeType as Kind, Class, Method, Value};

use super::{Scene, address, error, message, signed};

pub const CLIENT: &str = "10.0.0.1:40000";
pub const SERVER: &str = "198.51.100.1:3478";
pub const RELAYED: &str = "198.51.100.1:50000";
pub const RELAYED_6: &str = "[2001:db8::1]:50000";
pub const PEER: &str = "203.0.113.9:7000";

pub fn key() -> Key {
    Key::long_term(b"alice", b"example.org", b"pwd")
}

pub fn request(method: Method, number: u32, attributes: &[(Kind, Value<'_>)]) -> Vec<u8> {
    let mut all = vec![
        (Kind::USERNAME, Value::Text("alice")),
        (Kind::REALM, Value::Text("example.org")),
        (Kind::NONCE, Value::Text("once")),
    ];
    all.extend(attributes.iter().cloned());
    signed(Class::Request, method, number, &all, &key())
}

pub fn granted(method: Method, number: u32, attributes: &[(Kind, Value<'_>)]) -> Vec<u8> {
    signed(Class::SuccessResponse, method, number, attributes, &key())
}

pub fn xor(text: &str) -> Value<'static> {
    Value::XorAddress(address(text))
}

pub fn peer() -> (Kind, Value<'static>) {
    (Kind::XOR_PEER_ADDRESS, xor(PEER))
}

pub fn seconds(lifetime: u32) -> (Kind, Value<'static>) {
    (Kind::LIFETIME, Value::Seconds(lifetime))
}

pub fn number() -> (Kind, Value<'static>) {
    (Kind::CHANNEL_NUMBER, Value::ChannelNumber(0x4000))
}

impl Scene {
    /// A request of the client and the answer of the server, a millisecond each.
    pub fn asks(&mut self, request: &[u8], answer: &[u8]) -> &mut Self {
        self.udp(CLIENT, SERVER, request).udp(SERVER, CLIENT, answer)
    }

    /// An allocation for so many seconds, with the usual first round.
    pub fn allocates(&mut self, lifetime: u32) -> &mut Self {
        let transport = (Kind::REQUESTED_TRANSPORT, Value::RequestedTransport(17));
        let first = message(Class::Request, Method::ALLOCATE, 1, std::slice::from_ref(&transport));
        self.asks(&first, &error(Method::ALLOCATE, 1, 401));
        let answer = [
            (Kind::XOR_RELAYED_ADDRESS, xor(RELAYED)),
            (Kind::XOR_MAPPED_ADDRESS, xor("192.0.2.50:40000")),
            seconds(lifetime),
        ];
        self.asks(&request(Method::ALLOCATE, 2, &[transport]), &granted(Method::ALLOCATE, 2, &answer))
    }

    pub fn permits(&mut self, number: u32) -> &mut Self {
        self.asks(
            &request(Method::CREATE_PERMISSION, number, &[peer()]),
            &granted(Method::CREATE_PERMISSION, number, &[]),
        )
    }

    pub fn binds(&mut self, transaction: u32) -> &mut Self {
        let bind = request(Method::CHANNEL_BIND, transaction, &[number(), peer()]);
        self.asks(&bind, &granted(Method::CHANNEL_BIND, transaction, &[]))
    }

    pub fn sends(&mut self, inside: &[u8]) -> &mut Self {
        self.udp(CLIENT, SERVER, &indication(Method::SEND, inside))
    }

    pub fn receives(&mut self, inside: &[u8]) -> &mut Self {
        self.udp(SERVER, CLIENT, &indication(Method::DATA, inside))
    }

    pub fn only(&self) -> &Allocation {
        assert_eq!(self.sessions.allocations().len(), 1);
        &self.sessions.allocations()[0]
    }
}

pub fn indication(method: Method, inside: &[u8]) -> Vec<u8> {
    message(Class::Indication, method, 900, &[peer(), (Kind::DATA, Value::Opaque(inside))])
}
