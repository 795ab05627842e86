//! The values that are asked for most, each with one call.
//!
//! Every one is of the first attribute that counts, and nothing where there is none or its value has not the shape of
//! its type. [`Attribute::decode`](super::Attribute::decode) tells these two apart.

use std::net::SocketAddr;

use super::address::AddressFamily;
use super::attribute::AttributeType as Kind;
use super::behavior::{ChangeRequest, TransmitCounter};
use super::credential::PasswordAlgorithm;
use super::error_code::ErrorCode;
use super::ice::NetworkInfo;
use super::message::Message;
use super::message_type::{Class, Method};
use super::value::Value;

impl<'a> Message<'a> {
    fn decoded(&self, kind: Kind) -> Option<Value<'a>> {
        self.attribute(kind)?.decode(self).ok()
    }

    fn bytes_of(&self, kind: Kind) -> Option<&'a [u8]> {
        self.attribute(kind).map(|attribute| attribute.value)
    }

    fn address_of(&self, kind: Kind) -> Option<SocketAddr> {
        match self.decoded(kind)? {
            Value::Address(address) | Value::XorAddress(address) => Some(address),
            _ => None,
        }
    }

    fn addresses_of(&self, kind: Kind) -> impl Iterator<Item = SocketAddr> {
        self.attributes_of(kind).filter_map(|attribute| match attribute.decode(self) {
            Ok(Value::XorAddress(address)) => Some(address),
            _ => None,
        })
    }

    fn number_of(&self, kind: Kind) -> Option<u32> {
        match self.decoded(kind)? {
            Value::Number(number)
            | Value::CodePoint(number)
            | Value::Seconds(number)
            | Value::Priority(number)
            | Value::Nomination(number) => Some(number),
            _ => None,
        }
    }

    fn tie_breaker_of(&self, kind: Kind) -> Option<u64> {
        match self.decoded(kind)? {
            Value::TieBreaker(number) => Some(number),
            _ => None,
        }
    }

    /// The bytes of USERNAME.
    #[must_use]
    pub fn username(&self) -> Option<&'a [u8]> {
        self.bytes_of(Kind::USERNAME)
    }

    /// The bytes of USERHASH, which stands for the name where that shall not be seen.
    #[must_use]
    pub fn userhash(&self) -> Option<&'a [u8]> {
        self.bytes_of(Kind::USERHASH)
    }

    /// The bytes of REALM.
    #[must_use]
    pub fn realm(&self) -> Option<&'a [u8]> {
        self.bytes_of(Kind::REALM)
    }

    /// The bytes of NONCE.
    #[must_use]
    pub fn nonce(&self) -> Option<&'a [u8]> {
        self.bytes_of(Kind::NONCE)
    }

    /// The bytes of SOFTWARE.
    #[must_use]
    pub fn software(&self) -> Option<&'a [u8]> {
        self.bytes_of(Kind::SOFTWARE)
    }

    /// ERROR-CODE.
    #[must_use]
    pub fn error_code(&self) -> Option<ErrorCode<'a>> {
        match self.decoded(Kind::ERROR_CODE)? {
            Value::ErrorCode(error) => Some(error),
            _ => None,
        }
    }

    /// The types listed in UNKNOWN-ATTRIBUTES, none without it.
    #[must_use]
    pub fn unknown_attributes(&self) -> Vec<Kind> {
        match self.decoded(Kind::UNKNOWN_ATTRIBUTES) {
            Some(Value::AttributeTypes(types)) => types,
            _ => Vec::new(),
        }
    }

    /// The address the other side saw: XOR-MAPPED-ADDRESS, else Microsoft's, else MAPPED-ADDRESS, which in Microsoft's
    /// dialect is the relayed address and not looked at.
    #[must_use]
    pub fn mapped_address(&self) -> Option<SocketAddr> {
        [Kind::XOR_MAPPED_ADDRESS, Kind::MS_XOR_MAPPED_ADDRESS, Kind::MAPPED_ADDRESS]
            .into_iter()
            .filter(|kind| *kind != Kind::MAPPED_ADDRESS || !self.is_microsoft())
            .find_map(|kind| self.address_of(kind))
    }

    /// All of XOR-PEER-ADDRESS: `CreatePermission` may name several.
    pub fn xor_peer_addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.addresses_of(Kind::XOR_PEER_ADDRESS)
    }

    /// All of XOR-RELAYED-ADDRESS: an allocation of both families has two.
    pub fn xor_relayed_addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.addresses_of(Kind::XOR_RELAYED_ADDRESS)
    }

    /// The relayed address of Microsoft's dialect, which stands in the MAPPED-ADDRESS of an Allocate success response.
    #[must_use]
    pub fn microsoft_relayed_address(&self) -> Option<SocketAddr> {
        let allocated = self.class == Class::SuccessResponse && self.method == Method::ALLOCATE;
        if allocated && self.is_microsoft() { self.address_of(Kind::MAPPED_ADDRESS) } else { None }
    }

    /// LIFETIME in seconds.
    #[must_use]
    pub fn lifetime(&self) -> Option<u32> {
        self.number_of(Kind::LIFETIME)
    }

    /// CHANNEL-NUMBER.
    #[must_use]
    pub fn channel_number(&self) -> Option<u16> {
        match self.decoded(Kind::CHANNEL_NUMBER)? {
            Value::ChannelNumber(number) => Some(number),
            _ => None,
        }
    }

    /// DATA, as much of it as was captured.
    #[must_use]
    pub fn data(&self) -> Option<&'a [u8]> {
        self.bytes_of(Kind::DATA)
    }

    /// REQUESTED-TRANSPORT: the number of an IP protocol, 17 for UDP and 6 for TCP.
    #[must_use]
    pub fn requested_transport(&self) -> Option<u8> {
        match self.decoded(Kind::REQUESTED_TRANSPORT)? {
            Value::RequestedTransport(protocol) => Some(protocol),
            _ => None,
        }
    }

    /// REQUESTED-ADDRESS-FAMILY.
    #[must_use]
    pub fn requested_address_family(&self) -> Option<AddressFamily> {
        self.family_of(Kind::REQUESTED_ADDRESS_FAMILY)
    }

    /// ADDITIONAL-ADDRESS-FAMILY.
    #[must_use]
    pub fn additional_address_family(&self) -> Option<AddressFamily> {
        self.family_of(Kind::ADDITIONAL_ADDRESS_FAMILY)
    }

    fn family_of(&self, kind: Kind) -> Option<AddressFamily> {
        match self.decoded(kind)? {
            Value::AddressFamily(family) => Some(family),
            _ => None,
        }
    }

    /// ADDRESS-ERROR-CODE: the family that was refused, and why.
    #[must_use]
    pub fn address_error_code(&self) -> Option<(AddressFamily, ErrorCode<'a>)> {
        match self.decoded(Kind::ADDRESS_ERROR_CODE)? {
            Value::AddressErrorCode { family, error } => Some((family, error)),
            _ => None,
        }
    }

    /// The bytes of RESERVATION-TOKEN.
    #[must_use]
    pub fn reservation_token(&self) -> Option<&'a [u8]> {
        self.bytes_of(Kind::RESERVATION_TOKEN)
    }

    /// The bytes of MOBILITY-TICKET; empty where one is asked for.
    #[must_use]
    pub fn mobility_ticket(&self) -> Option<&'a [u8]> {
        self.bytes_of(Kind::MOBILITY_TICKET)
    }

    /// CONNECTION-ID of a TCP allocation.
    #[must_use]
    pub fn connection_id(&self) -> Option<u32> {
        self.number_of(Kind::CONNECTION_ID)
    }

    /// PASSWORD-ALGORITHM.
    #[must_use]
    pub fn password_algorithm(&self) -> Option<PasswordAlgorithm<'a>> {
        match self.decoded(Kind::PASSWORD_ALGORITHM)? {
            Value::PasswordAlgorithm(algorithm) => Some(algorithm),
            _ => None,
        }
    }

    /// PRIORITY.
    #[must_use]
    pub fn priority(&self) -> Option<u32> {
        self.number_of(Kind::PRIORITY)
    }

    /// Whether USE-CANDIDATE is there.
    #[must_use]
    pub fn use_candidate(&self) -> bool {
        self.attribute(Kind::USE_CANDIDATE).is_some()
    }

    /// The tie-breaker of ICE-CONTROLLING.
    #[must_use]
    pub fn ice_controlling(&self) -> Option<u64> {
        self.tie_breaker_of(Kind::ICE_CONTROLLING)
    }

    /// The tie-breaker of ICE-CONTROLLED.
    #[must_use]
    pub fn ice_controlled(&self) -> Option<u64> {
        self.tie_breaker_of(Kind::ICE_CONTROLLED)
    }

    /// NOMINATION of libwebrtc's renomination.
    #[must_use]
    pub fn nomination(&self) -> Option<u32> {
        self.number_of(Kind::NOMINATION)
    }

    /// GOOG-NETWORK-INFO.
    #[must_use]
    pub fn network_info(&self) -> Option<NetworkInfo> {
        match self.decoded(Kind::GOOG_NETWORK_INFO)? {
            Value::NetworkInfo(info) => Some(info),
            _ => None,
        }
    }

    /// The DTLS datagram in META-DTLS-IN-STUN; empty where the sender only says that it could.
    #[must_use]
    pub fn embedded_dtls(&self) -> Option<&'a [u8]> {
        self.bytes_of(Kind::META_DTLS_IN_STUN)
    }

    /// ALTERNATE-SERVER.
    #[must_use]
    pub fn alternate_server(&self) -> Option<SocketAddr> {
        [Kind::ALTERNATE_SERVER, Kind::MS_ALTERNATE_SERVER].into_iter().find_map(|kind| self.address_of(kind))
    }

    /// OTHER-ADDRESS, or CHANGED-ADDRESS as RFC 3489 called it.
    #[must_use]
    pub fn other_address(&self) -> Option<SocketAddr> {
        [Kind::OTHER_ADDRESS, Kind::CHANGED_ADDRESS].into_iter().find_map(|kind| self.address_of(kind))
    }

    /// RESPONSE-ORIGIN, or SOURCE-ADDRESS as RFC 3489 called it.
    #[must_use]
    pub fn response_origin(&self) -> Option<SocketAddr> {
        [Kind::RESPONSE_ORIGIN, Kind::SOURCE_ADDRESS].into_iter().find_map(|kind| self.address_of(kind))
    }

    /// RESPONSE-PORT.
    #[must_use]
    pub fn response_port(&self) -> Option<u16> {
        match self.decoded(Kind::RESPONSE_PORT)? {
            Value::ResponsePort(port) => Some(port),
            _ => None,
        }
    }

    /// CHANGE-REQUEST.
    #[must_use]
    pub fn change_request(&self) -> Option<ChangeRequest> {
        match self.decoded(Kind::CHANGE_REQUEST)? {
            Value::ChangeRequest(change) => Some(change),
            _ => None,
        }
    }

    /// TRANSACTION-TRANSMIT-COUNTER.
    #[must_use]
    pub fn transmit_counter(&self) -> Option<TransmitCounter> {
        match self.decoded(Kind::TRANSACTION_TRANSMIT_COUNTER)? {
            Value::TransmitCounter(counter) => Some(counter),
            _ => None,
        }
    }
}
