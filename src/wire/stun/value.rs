//! What the value of an attribute says once it is decoded.

use std::net::SocketAddr;

use super::address::{self, AddressFamily};
use super::attribute::AttributeType;
use super::behavior::{self, ChangeRequest, EcnCheck, TransmitCounter};
use super::body::Body;
use super::credential::{self, PasswordAlgorithm};
use super::error_code::{self, ErrorCode};
use super::ice::{self, NetworkInfo};
use super::microsoft::{self, BandwidthAmount, LocationProfile, SequenceNumber, ServiceQuality, SiteResponse};
use super::number::{self, Called};
use super::transaction::Mask;
use super::turn::{self, Icmp};
use crate::wire::field::Value as Shown;
use crate::wire::leaves::Leaves;

/// The decoded value of an attribute.
///
/// Attributes that say the same kind of thing share a variant: MAPPED-ADDRESS and OTHER-ADDRESS are both an
/// [`Address`](Self::Address).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A transport address in the clear: MAPPED-ADDRESS and its kin.
    Address(SocketAddr),
    /// A transport address that is obscured on the wire; this is the clear one: XOR-MAPPED-ADDRESS and its kin.
    XorAddress(SocketAddr),
    /// An address family: REQUESTED-ADDRESS-FAMILY, ADDITIONAL-ADDRESS-FAMILY.
    AddressFamily(AddressFamily),
    /// Text: USERNAME, REALM, NONCE, SOFTWARE and others.
    Text(&'a str),
    /// Bytes that mean something to their sender alone, or the data of somebody else: DATA, MOBILITY-TICKET. As many
    /// as were captured.
    Opaque(&'a [u8]),
    /// Present, and that is all it says: USE-CANDIDATE, DONT-FRAGMENT.
    Flag,
    /// A number without a unit.
    Number(u32),
    /// A number of 64 bits without a unit.
    Number64(u64),
    /// Numbers of 16 bits: GOOG-MISC-INFO.
    Numbers16(Vec<u16>),
    /// A number that is only equal or not: CONNECTION-ID, MAGIC-COOKIE.
    CodePoint(u32),
    /// A time in seconds: LIFETIME, CACHE-TIMEOUT.
    Seconds(u32),
    /// ERROR-CODE.
    ErrorCode(ErrorCode<'a>),
    /// ADDRESS-ERROR-CODE.
    AddressErrorCode {
        /// The family that was refused.
        family: AddressFamily,
        /// Why.
        error: ErrorCode<'a>,
    },
    /// UNKNOWN-ATTRIBUTES.
    AttributeTypes(Vec<AttributeType>),
    /// An HMAC or a hash: MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256, GOOG-MESSAGE-INTEGRITY-32, USERHASH.
    Digest(&'a [u8]),
    /// FINGERPRINT, as on the wire.
    Fingerprint(u32),
    /// PASSWORD-ALGORITHM.
    PasswordAlgorithm(PasswordAlgorithm<'a>),
    /// PASSWORD-ALGORITHMS, in the order of preference.
    PasswordAlgorithms(Vec<PasswordAlgorithm<'a>>),
    /// PRIORITY: the priority that the sender as a peer-reflexive candidate would have.
    Priority(u32),
    /// ICE-CONTROLLING, ICE-CONTROLLED.
    TieBreaker(u64),
    /// NOMINATION of libwebrtc's renomination: the highest number wins.
    Nomination(u32),
    /// GOOG-NETWORK-INFO.
    NetworkInfo(NetworkInfo),
    /// META-DTLS-IN-STUN-ACKNOWLEDGEMENT: the CRC-32s of the DTLS datagrams that came.
    Checksums(Vec<u32>),
    /// CHANNEL-NUMBER.
    ChannelNumber(u16),
    /// REQUESTED-TRANSPORT: the number of an IP protocol, 17 for UDP and 6 for TCP.
    RequestedTransport(u8),
    /// EVEN-PORT.
    EvenPort {
        /// Whether the next port shall be kept, to be claimed with a RESERVATION-TOKEN.
        reserve_next: bool,
    },
    /// ICMP.
    Icmp(Icmp),
    /// ICMP as the drafts before RFC 8656 had it.
    LegacyIcmp {
        /// The ICMP type.
        kind: u8,
        /// The ICMP code.
        code: u8,
    },
    /// CHANGE-REQUEST.
    ChangeRequest(ChangeRequest),
    /// RESPONSE-PORT.
    ResponsePort(u16),
    /// TRANSACTION-TRANSMIT-COUNTER.
    TransmitCounter(TransmitCounter),
    /// ECN-CHECK.
    EcnCheck(EcnCheck),
    /// MS-VERSION.
    MicrosoftVersion(u32),
    /// MS-IMPLEMENTATION-VERSION.
    MicrosoftImplementation(u32),
    /// MS-SEQUENCE-NUMBER.
    SequenceNumber(SequenceNumber<'a>),
    /// MS-SERVICE-QUALITY.
    ServiceQuality(ServiceQuality),
    /// Bandwidth Admission Control Message: 0 check, 1 commit, 2 update.
    BandwidthAdmission(u16),
    /// Bandwidth Reservation Amount.
    BandwidthAmount(BandwidthAmount),
    /// A Site Address Response.
    SiteResponse(SiteResponse),
    /// Location Profile.
    LocationProfile(LocationProfile),
    /// The bytes of an attribute that is not in the registry. As many as were captured.
    Unknown(&'a [u8]),
}

impl<'a> Value<'a> {
    /// Appends the bytes of the value, without the padding after it.
    pub(super) fn emit(&self, mask: Mask, out: &mut Vec<u8>) {
        match self {
            Self::Address(address) => address::emit(*address, out),
            Self::XorAddress(address) => address::emit_obscured(*address, mask, out),
            Self::AddressFamily(family) => address::emit_family(*family, out),
            Self::Text(text) => out.extend(text.bytes()),
            Self::Opaque(bytes) | Self::Digest(bytes) | Self::Unknown(bytes) => out.extend(*bytes),
            Self::Flag => {}
            Self::Number(number)
            | Self::CodePoint(number)
            | Self::Seconds(number)
            | Self::Fingerprint(number)
            | Self::Priority(number)
            | Self::Nomination(number)
            | Self::MicrosoftVersion(number)
            | Self::MicrosoftImplementation(number) => out.extend(number.to_be_bytes()),
            Self::Number64(number) | Self::TieBreaker(number) => out.extend(number.to_be_bytes()),
            Self::Numbers16(numbers) => numbers.iter().for_each(|number| out.extend(number.to_be_bytes())),
            Self::ErrorCode(error) => error_code::emit(*error, None, out),
            Self::AddressErrorCode { family, error } => error_code::emit(*error, Some(*family), out),
            Self::AttributeTypes(types) => error_code::emit_types(types, out),
            Self::PasswordAlgorithm(algorithm) => credential::emit(*algorithm, out),
            Self::PasswordAlgorithms(list) => list.iter().for_each(|algorithm| credential::emit(*algorithm, out)),
            Self::NetworkInfo(info) => ice::emit_network_info(*info, out),
            Self::Checksums(checksums) => checksums.iter().for_each(|word| out.extend(word.to_be_bytes())),
            Self::ChannelNumber(number) => out.extend((u32::from(*number) << 16).to_be_bytes()),
            Self::RequestedTransport(protocol) => out.extend([*protocol, 0, 0, 0]),
            Self::EvenPort { reserve_next } => out.push(u8::from(*reserve_next) << 7),
            Self::Icmp(icmp) => turn::emit_icmp(*icmp, out),
            Self::LegacyIcmp { kind, code } => out.extend([*kind, *code, 0, 0]),
            Self::ChangeRequest(change) => behavior::emit_change_request(*change, out),
            Self::ResponsePort(port) => out.extend((u32::from(*port) << 16).to_be_bytes()),
            Self::TransmitCounter(counter) => out.extend([0, 0, counter.requests, counter.responses]),
            Self::EcnCheck(check) => behavior::emit_ecn_check(*check, out),
            Self::SequenceNumber(sequence) => microsoft::emit_sequence(*sequence, out),
            Self::ServiceQuality(service) => microsoft::emit_quality(*service, out),
            Self::BandwidthAdmission(kind) => out.extend(u32::from(*kind).to_be_bytes()),
            Self::BandwidthAmount(amount) => microsoft::emit_amount(*amount, out),
            Self::SiteResponse(response) => microsoft::emit_site(*response, out),
            Self::LocationProfile(profile) => out.extend([profile.peer, profile.own, profile.federation, 0]),
        }
    }

    /// The leaves of the value; `called` is for values of one leaf.
    pub(super) fn leaves<'b>(&self, called: Called, body: &Body<'b>) -> Leaves<'b> {
        match self {
            Self::Address(address) => address::describe(*address, body),
            Self::XorAddress(address) => address::describe_obscured(*address, body),
            Self::AddressFamily(family) => address::describe_family(*family, body),
            Self::Text(text) => number::describe(called, Shown::Text((*text).to_owned()), body),
            Self::Opaque(_) | Self::Unknown(_) | Self::Flag => number::describe_opaque(called, body),
            Self::Digest(_) => number::describe_opaque(called.labelled("Digest"), body),
            Self::Number(number) => number::describe(called, Shown::Unsigned(u64::from(*number)), body),
            Self::Number64(number) => number::describe(called, Shown::Unsigned(*number), body),
            Self::CodePoint(number) => number::describe(called, Shown::Hex(u64::from(*number), 8), body),
            Self::Fingerprint(number) => {
                number::describe(called.labelled("CRC-32"), Shown::Hex(u64::from(*number), 8), body)
            }
            Self::Seconds(seconds) => {
                number::describe(called, Shown::Unsigned(u64::from(*seconds)), body).means(format!("{seconds} s"))
            }
            Self::Priority(priority) => number::describe(called, Shown::Unsigned(u64::from(*priority)), body)
                .means(ice::priority_meaning(*priority)),
            Self::TieBreaker(_) => number::describe_opaque(called.labelled("Tie-breaker"), body),
            Self::Nomination(number) => number::describe(called, Shown::Unsigned(u64::from(*number)), body),
            Self::MicrosoftVersion(version) => number::describe(called, Shown::Unsigned(u64::from(*version)), body)
                .may_mean(microsoft::version_name(*version)),
            Self::MicrosoftImplementation(version) => {
                number::describe(called, Shown::Unsigned(u64::from(*version)), body)
                    .means(microsoft::implementation_name(*version))
            }
            Self::Numbers16(numbers) => ice::describe_misc_info(numbers, body),
            Self::ErrorCode(error) => error_code::describe(*error, body),
            Self::AddressErrorCode { family, error } => error_code::describe_for_family(*family, *error, body),
            Self::AttributeTypes(types) => error_code::describe_types(types, body),
            Self::PasswordAlgorithm(algorithm) => credential::describe(&[*algorithm], body),
            Self::PasswordAlgorithms(list) => credential::describe(list, body),
            Self::NetworkInfo(info) => ice::describe_network_info(*info, body),
            Self::Checksums(checksums) => ice::describe_acknowledgements(checksums, body),
            Self::ChannelNumber(number) => turn::describe_channel_number(*number, body),
            Self::RequestedTransport(protocol) => turn::describe_transport(*protocol, body),
            Self::EvenPort { reserve_next } => turn::describe_even_port(*reserve_next, body),
            Self::Icmp(icmp) => turn::describe_icmp(*icmp, body),
            Self::LegacyIcmp { kind, code } => turn::describe_legacy_icmp(*kind, *code, body),
            Self::ChangeRequest(change) => behavior::describe_change_request(*change, body),
            Self::ResponsePort(port) => behavior::describe_response_port(*port, body),
            Self::TransmitCounter(counter) => behavior::describe_transmit_counter(*counter, body),
            Self::EcnCheck(check) => behavior::describe_ecn_check(*check, body),
            Self::SequenceNumber(sequence) => microsoft::describe_sequence(*sequence, body),
            Self::ServiceQuality(service) => microsoft::describe_quality(*service, body),
            Self::BandwidthAdmission(kind) => microsoft::describe_admission(*kind, body),
            Self::BandwidthAmount(amount) => microsoft::describe_amount(*amount, body),
            Self::SiteResponse(response) => microsoft::describe_site(*response, body),
            Self::LocationProfile(profile) => microsoft::describe_location(*profile, body),
        }
    }
}
