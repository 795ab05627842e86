//! The attribute and the registry of its types: one row for each, and nothing else to touch when one is added whose
//! value has a shape that is there already.

use std::fmt;

use super::body::Body;
use super::message::Message;
use super::transaction::Mask;
use super::value::Value;
use super::{address, behavior, credential, error_code, ice, microsoft, number, turn};
use crate::wire::Error;

/// The type of an attribute: a number of sixteen bits. Those from 0x8000 on may be skipped by who does not know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeType(pub u16);

/// What is known of one type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) number: u16,
    pub(super) name: &'static str,
    /// What a filter calls the value, if it is of one leaf.
    pub(super) field: &'static str,
    pub(super) decode: for<'a> fn(Body<'a>) -> Result<Value<'a>, Error>,
}

macro_rules! registry {
    ($($number:literal $constant:ident $name:literal $field:literal $decode:path, $source:literal;)*) => {
        impl AttributeType {
            $(
                #[doc = concat!("`", $name, "` (", $source, ").")]
                pub const $constant: Self = Self($number);
            )*
        }
        const ROWS: &[Row] = &[$(Row { number: $number, name: $name, field: $field, decode: $decode },)*];
    };
}

// number, constant, name in the registry's spelling, name in a filter, decoder, source
registry! {
    0x0001 MAPPED_ADDRESS "MAPPED-ADDRESS" "stun.value" address::clear, "RFC 8489 section 14.1";
    0x0002 RESPONSE_ADDRESS "RESPONSE-ADDRESS" "stun.value" address::clear, "RFC 3489 section 11.2.2, withdrawn";
    0x0003 CHANGE_REQUEST "CHANGE-REQUEST" "stun.value" behavior::change_request, "RFC 5780 section 7.2";
    0x0004 SOURCE_ADDRESS "SOURCE-ADDRESS" "stun.value" address::clear, "RFC 3489 section 11.2.5, withdrawn";
    0x0005 CHANGED_ADDRESS "CHANGED-ADDRESS" "stun.value" address::clear, "RFC 3489 section 11.2.3, withdrawn";
    0x0006 USERNAME "USERNAME" "stun.att.username" number::text, "RFC 8489 section 14.3";
    0x0007 PASSWORD "PASSWORD" "stun.att.password" number::opaque, "RFC 3489 section 11.2.7, withdrawn";
    0x0008 MESSAGE_INTEGRITY "MESSAGE-INTEGRITY" "stun.att.hmac" credential::message_integrity, "RFC 8489 section 14.5";
    0x0009 ERROR_CODE "ERROR-CODE" "stun.value" error_code::parse, "RFC 8489 section 14.8";
    0x000A UNKNOWN_ATTRIBUTES "UNKNOWN-ATTRIBUTES" "stun.att.unknown" error_code::unknown_attributes, "RFC 8489 section 14.13";
    0x000B REFLECTED_FROM "REFLECTED-FROM" "stun.value" address::clear, "RFC 3489 section 11.2.11, withdrawn";
    0x000C CHANNEL_NUMBER "CHANNEL-NUMBER" "stun.att.channelnum" turn::channel_number, "RFC 8656 section 18.1";
    0x000D LIFETIME "LIFETIME" "stun.att.lifetime" number::seconds, "RFC 8656 section 18.2";
    0x000E MS_ALTERNATE_SERVER "MS-ALTERNATE-SERVER" "stun.value" address::clear, "MS-TURN";
    0x000F MAGIC_COOKIE "MAGIC-COOKIE" "stun.att.magic_cookie" number::code_point, "MS-TURN";
    0x0010 BANDWIDTH "BANDWIDTH" "stun.port.bandwidth" number::number, "drafts of RFC 5766, withdrawn";
    0x0011 DESTINATION_ADDRESS "DESTINATION-ADDRESS" "stun.value" address::clear, "MS-TURN";
    0x0012 XOR_PEER_ADDRESS "XOR-PEER-ADDRESS" "stun.value" address::obscured, "RFC 8656 section 18.3";
    0x0013 DATA "DATA" "stun.value" number::opaque, "RFC 8656 section 18.4";
    0x0014 REALM "REALM" "stun.att.realm" number::text, "RFC 8489 section 14.9";
    0x0015 NONCE "NONCE" "stun.att.nonce" number::text, "RFC 8489 section 14.10";
    0x0016 XOR_RELAYED_ADDRESS "XOR-RELAYED-ADDRESS" "stun.value" address::obscured, "RFC 8656 section 18.5";
    0x0017 REQUESTED_ADDRESS_FAMILY "REQUESTED-ADDRESS-FAMILY" "stun.att.family" address::family, "RFC 8656 section 18.6";
    0x0018 EVEN_PORT "EVEN-PORT" "stun.att.even-port.reserve-next" turn::even_port, "RFC 8656 section 18.7";
    0x0019 REQUESTED_TRANSPORT "REQUESTED-TRANSPORT" "stun.att.transp" turn::requested_transport, "RFC 8656 section 18.8";
    0x001A DONT_FRAGMENT "DONT-FRAGMENT" "stun.value" number::flag, "RFC 8656 section 18.9";
    0x001B ACCESS_TOKEN "ACCESS-TOKEN" "stun.att.access_token" number::opaque, "RFC 7635 section 6.2";
    0x001C MESSAGE_INTEGRITY_SHA256 "MESSAGE-INTEGRITY-SHA256" "stun.att.hmac" credential::hmac_sha256, "RFC 8489 section 14.6";
    0x001D PASSWORD_ALGORITHM "PASSWORD-ALGORITHM" "stun.att.pw_alg" credential::password_algorithm, "RFC 8489 section 14.12";
    0x001E USERHASH "USERHASH" "stun.att.userhash" credential::user_hash, "RFC 8489 section 14.4";
    0x0020 XOR_MAPPED_ADDRESS "XOR-MAPPED-ADDRESS" "stun.value" address::obscured, "RFC 8489 section 14.2";
    0x0021 TIMER_VAL "TIMER-VAL" "stun.att.timer_val" number::number, "drafts of RFC 5766, withdrawn";
    0x0022 RESERVATION_TOKEN "RESERVATION-TOKEN" "stun.att.token" number::opaque, "RFC 8656 section 18.10";
    0x0024 PRIORITY "PRIORITY" "stun.att.priority" ice::priority, "RFC 8445 section 16.1";
    0x0025 USE_CANDIDATE "USE-CANDIDATE" "stun.value" number::flag, "RFC 8445 section 16.1";
    0x0026 PADDING "PADDING" "stun.value" number::opaque, "RFC 5780 section 7.6";
    0x0027 RESPONSE_PORT "RESPONSE-PORT" "stun.att.port" behavior::response_port, "RFC 5780 section 7.5";
    0x0028 XOR_REFLECTED_FROM "XOR-REFLECTED-FROM" "stun.value" address::obscured, "drafts of RFC 5780, withdrawn";
    0x002A CONNECTION_ID "CONNECTION-ID" "stun.att.connection_id" number::code_point, "RFC 6062 section 6.2.1";
    0x0030 LEGACY_ICMP "LEGACY-ICMP" "stun.value" turn::legacy_icmp, "drafts of RFC 5766, withdrawn";
    0x0101 ZOOM_0101 "ZOOM-0101" "stun.att.zoom" number::opaque, "Zoom, unpublished; the name is ours";
    0x0103 ZOOM_0103 "ZOOM-0103" "stun.att.zoom" number::opaque, "Zoom, unpublished; the name is ours";
    0x24DF SKYPE_24DF "SKYPE-24DF" "stun.att.skype" number::opaque, "Skype and Teams, unpublished; the name is ours";
    0x3802 SKYPE_3802 "SKYPE-3802" "stun.att.skype" number::opaque, "Skype and Teams, unpublished; the name is ours";
    0x4000 WHATSAPP_4000 "WHATSAPP-4000" "stun.att.whatsapp" number::opaque, "WhatsApp, unpublished; the name is ours";
    0x4001 WHATSAPP_4001 "WHATSAPP-4001" "stun.att.whatsapp" number::opaque, "WhatsApp, unpublished; the name is ours";
    0x4002 WHATSAPP_4002 "WHATSAPP-4002" "stun.att.whatsapp" number::opaque, "WhatsApp, unpublished; the name is ours";
    0x4003 WHATSAPP_4003 "WHATSAPP-4003" "stun.att.whatsapp" number::opaque, "WhatsApp, unpublished; the name is ours";
    0x4004 WHATSAPP_4004 "WHATSAPP-4004" "stun.att.whatsapp" number::opaque, "WhatsApp, unpublished; the name is ours";
    0x4005 WHATSAPP_4005 "WHATSAPP-4005" "stun.att.whatsapp" number::opaque, "WhatsApp, unpublished; the name is ours";
    0x4006 WHATSAPP_4006 "WHATSAPP-4006" "stun.att.whatsapp" number::opaque, "WhatsApp, unpublished; the name is ours";
    0x4007 WHATSAPP_4007 "WHATSAPP-4007" "stun.att.whatsapp" number::opaque, "WhatsApp, unpublished; the name is ours";
    0x8000 ADDITIONAL_ADDRESS_FAMILY "ADDITIONAL-ADDRESS-FAMILY" "stun.att.family" address::family, "RFC 8656 section 18.11";
    0x8001 ADDRESS_ERROR_CODE "ADDRESS-ERROR-CODE" "stun.value" error_code::for_family, "RFC 8656 section 18.12";
    0x8002 PASSWORD_ALGORITHMS "PASSWORD-ALGORITHMS" "stun.att.pw_alg" credential::password_algorithms, "RFC 8489 section 14.11";
    0x8003 ALTERNATE_DOMAIN "ALTERNATE-DOMAIN" "stun.att.alternate_domain" number::text, "RFC 8489 section 14.16";
    0x8004 ICMP "ICMP" "stun.value" turn::icmp, "RFC 8656 section 18.13";
    0x8006 MS_8006 "MS-8006" "stun.att.unknown8006" number::opaque, "Microsoft, unpublished; the name is ours";
    0x8008 MS_VERSION "MS-VERSION" "stun.att.ms.version" microsoft::version, "MS-TURN";
    0x8020 MS_XOR_MAPPED_ADDRESS "MS-XOR-MAPPED-ADDRESS" "stun.value" address::obscured, "MS-TURN";
    0x8022 SOFTWARE "SOFTWARE" "stun.att.software" number::text, "RFC 8489 section 14.14";
    0x8023 ALTERNATE_SERVER "ALTERNATE-SERVER" "stun.value" address::clear, "RFC 8489 section 14.15";
    0x8025 TRANSACTION_TRANSMIT_COUNTER "TRANSACTION-TRANSMIT-COUNTER" "stun.value" behavior::transmit_counter, "RFC 7982 section 3.1";
    0x8027 CACHE_TIMEOUT "CACHE-TIMEOUT" "stun.att.cache-timeout" number::seconds, "drafts of RFC 5780";
    0x8028 FINGERPRINT "FINGERPRINT" "stun.att.crc32" credential::fingerprint, "RFC 8489 section 14.7";
    0x8029 ICE_CONTROLLED "ICE-CONTROLLED" "stun.att.tie-breaker" ice::tie_breaker, "RFC 8445 section 16.1";
    0x802A ICE_CONTROLLING "ICE-CONTROLLING" "stun.att.tie-breaker" ice::tie_breaker, "RFC 8445 section 16.1";
    0x802B RESPONSE_ORIGIN "RESPONSE-ORIGIN" "stun.value" address::clear, "RFC 5780 section 7.3";
    0x802C OTHER_ADDRESS "OTHER-ADDRESS" "stun.value" address::clear, "RFC 5780 section 7.4";
    0x802D ECN_CHECK "ECN-CHECK" "stun.value" behavior::ecn_check, "RFC 6679 section 7.2.2";
    0x802E THIRD_PARTY_AUTHORIZATION "THIRD-PARTY-AUTHORIZATION" "stun.att.third_party_authorization" number::text, "RFC 7635 section 6.1";
    0x8030 MOBILITY_TICKET "MOBILITY-TICKET" "stun.att.mobility_ticket" number::opaque, "RFC 8016 section 3.1";
    0x8032 MS_ALTERNATE_HOST_NAME "MS-ALTERNATE-HOST-NAME" "stun.att.ms.alternate_host_name" number::text, "MS-TURN";
    0x8036 SKYPE_8036 "SKYPE-8036" "stun.att.skype" number::opaque, "Skype and Teams, unpublished; the name is ours";
    0x8037 MS_APP_ID "MS-APP-ID" "stun.att.ms.app_id" number::opaque, "MS-TURN";
    0x8039 MS_SECURE_TAG "MS-SECURE-TAG" "stun.att.ms.secure_tag" number::opaque, "MS-TURN";
    0x8050 MS_SEQUENCE_NUMBER "MS-SEQUENCE-NUMBER" "stun.value" microsoft::sequence_number, "MS-TURN";
    0x8054 MS_CANDIDATE_IDENTIFIER "MS-CANDIDATE-IDENTIFIER" "stun.att.ms.foundation" number::text, "MS-ICE2";
    0x8055 MS_SERVICE_QUALITY "MS-SERVICE-QUALITY" "stun.value" microsoft::service_quality, "MS-TURN";
    0x8056 MS_BANDWIDTH_ADMISSION "Bandwidth Admission Control Message" "stun.value" microsoft::admission, "MS-TURNBWM";
    0x8057 MS_BANDWIDTH_RESERVATION_ID "Bandwidth Reservation Identifier" "stun.att.bandwidth_rsv_id" number::opaque, "MS-TURNBWM";
    0x8058 MS_BANDWIDTH_RESERVATION_AMOUNT "Bandwidth Reservation Amount" "stun.value" microsoft::amount, "MS-TURNBWM";
    0x8059 MS_REMOTE_SITE_ADDRESS "Remote Site Address" "stun.value" address::obscured, "MS-TURNBWM";
    0x805A MS_REMOTE_RELAY_SITE "Remote Relay Site Address" "stun.value" address::obscured, "MS-TURNBWM";
    0x805B MS_LOCAL_SITE_ADDRESS "Local Site Address" "stun.value" address::obscured, "MS-TURNBWM";
    0x805C MS_LOCAL_RELAY_SITE "Local Relay Site Address" "stun.value" address::obscured, "MS-TURNBWM";
    0x805D MS_REMOTE_SITE_RESPONSE "Remote Site Address Response" "stun.value" microsoft::site_response, "MS-TURNBWM";
    0x805E MS_REMOTE_RELAY_RESPONSE "Remote Relay Site Address Response" "stun.value" microsoft::site_response, "MS-TURNBWM";
    0x805F MS_LOCAL_SITE_RESPONSE "Local Site Address Response" "stun.value" microsoft::site_response, "MS-TURNBWM";
    0x8060 MS_LOCAL_RELAY_RESPONSE "Local Relay Site Address Response" "stun.value" microsoft::site_response, "MS-TURNBWM";
    0x8061 MS_SIP_DIALOG_ID "SIP Dialog Identifier" "stun.att.sip_dialog_id" number::opaque, "MS-TURNBWM";
    0x8062 MS_SIP_CALL_ID "SIP Call Identifier" "stun.att.sip_call_id" number::opaque, "MS-TURNBWM";
    0x8068 MS_LOCATION_PROFILE "Location Profile" "stun.value" microsoft::location, "MS-TURNBWM";
    0x8070 MS_IMPLEMENTATION_VERSION "MS-IMPLEMENTATION-VERSION" "stun.att.ms.version.ice" microsoft::implementation, "MS-ICE2";
    0x8090 MS_ALT_MAPPED_ADDRESS "MS-ALT-MAPPED-ADDRESS" "stun.value" address::clear, "MS-TURN";
    0x8095 MS_MULTIPLEXED_TURN_SESSION_ID "MS-MULTIPLEXED-TURN-SESSION-ID" "stun.att.ms.multiplexed_turn_session_id" microsoft::session, "MS-TURN";
    0xC000 CISCO_STUN_FLOWDATA "CISCO-STUN-FLOWDATA" "stun.att.cisco_flowdata" number::opaque, "IANA registry, Cisco";
    0xC001 NOMINATION "NOMINATION" "stun.att.nomination" ice::nomination, "libwebrtc, draft-thatcher-ice-renomination; IANA gives the number to ENF-FLOW-DESCRIPTION";
    0xC002 ENF_NETWORK_STATUS "ENF-NETWORK-STATUS" "stun.att.enf_network_status" number::opaque, "IANA registry, Cisco";
    0xC057 GOOG_NETWORK_INFO "GOOG-NETWORK-INFO" "stun.value" ice::network_info, "libwebrtc";
    0xC058 GOOG_LAST_ICE_CHECK_RECEIVED "GOOG-LAST-ICE-CHECK-RECEIVED" "stun.att.google.last_check" number::opaque, "libwebrtc, a transaction ID";
    0xC059 GOOG_MISC_INFO "GOOG-MISC-INFO" "stun.att.google.misc_info" ice::misc_info, "libwebrtc";
    0xC05A GOOG_OBSOLETE_1 "GOOG-OBSOLETE-1" "stun.value" number::opaque, "libwebrtc";
    0xC05B GOOG_CONNECTION_ID "GOOG-CONNECTION-ID" "stun.att.google.connection_id" number::opaque, "libwebrtc";
    0xC05C GOOG_DELTA "GOOG-DELTA" "stun.att.google.delta" number::opaque, "libwebrtc";
    0xC05D GOOG_DELTA_ACK "GOOG-DELTA-ACK" "stun.att.google.delta_ack" number::number64, "libwebrtc";
    0xC05E GOOG_DELTA_SYNC_REQ "GOOG-DELTA-SYNC-REQ" "stun.att.google.delta_sync_req" number::opaque, "libwebrtc";
    0xC060 GOOG_MESSAGE_INTEGRITY_32 "GOOG-MESSAGE-INTEGRITY-32" "stun.att.hmac" credential::hmac_32, "libwebrtc";
    0xC070 META_DTLS_IN_STUN "META-DTLS-IN-STUN" "stun.att.meta.dtls" number::opaque, "draft-hancke-webrtc-sped: one DTLS datagram, or empty";
    0xC071 META_DTLS_IN_STUN_ACKNOWLEDGEMENT "META-DTLS-IN-STUN-ACKNOWLEDGEMENT" "stun.att.meta.dtls_ack" ice::acknowledgements, "draft-hancke-webrtc-sped";
    0xFF00 RETRANSMIT_COUNT "RETRANSMIT-COUNT" "stun.att.google.retransmit_count" number::number, "libwebrtc: checks not yet answered";
    0xFF03 GOOG_FF03 "GOOG-FF03" "stun.value" number::opaque, "Google, unpublished; the name is ours";
    0xFF04 GOOG_MULTI_MAPPING "GOOG-MULTI-MAPPING" "stun.att.google.multi_mapping" number::opaque, "libwebrtc";
    0xFF05 GOOG_LOGGING_ID "GOOG-LOGGING-ID" "stun.att.google.logging_id" number::opaque, "libwebrtc, TURN-LOGGING-ID";
}

impl AttributeType {
    /// The name in the spelling of its registry, where the number has one.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.row().map(|row| row.name)
    }

    /// Whether a receiver that does not know this type must refuse the message (RFC 8489 section 14).
    #[must_use]
    pub const fn is_comprehension_required(self) -> bool {
        self.0 < 0x8000
    }

    pub(super) fn row(self) -> Option<&'static Row> {
        ROWS.binary_search_by_key(&self.0, |row| row.number).ok().and_then(|place| ROWS.get(place))
    }

    /// Whether this is one of the three attributes that prove integrity.
    pub(super) const fn is_integrity(self) -> bool {
        matches!(self, Self::MESSAGE_INTEGRITY | Self::MESSAGE_INTEGRITY_SHA256 | Self::GOOG_MESSAGE_INTEGRITY_32)
    }
}

impl fmt::Display for AttributeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#06x}", self.0),
        }
    }
}

/// One attribute of a message, where it stands and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its type, the number on the wire. In Microsoft's dialect two numbers mean something else:
    /// [`Message::kind_of`] says what.
    pub kind: AttributeType,
    /// Where its header begins, from the start of the message.
    pub offset: usize,
    /// Its value, as far as it is there.
    pub value: &'a [u8],
    /// The length of the value as its header states it, without padding.
    pub stated_length: u16,
    /// The bytes after the value that fill it up to a multiple of four, as far as they are there; none in a classic
    /// message and in Microsoft's dialect.
    pub padding: &'a [u8],
    /// Whether it stands behind an integrity attribute, where a receiver must ignore it (RFC 8489 sections 14.5 and
    /// 14.6). False for MESSAGE-INTEGRITY-SHA256 and FINGERPRINT, which belong there.
    pub after_integrity: bool,
}

impl<'a> Attribute<'a> {
    /// What the value says.
    ///
    /// # Errors
    ///
    /// Where the value has not the shape that its type demands, or was cut off.
    pub fn decode(&self, message: &Message<'_>) -> Result<Value<'a>, Error> {
        let body = self.body(message);
        match message.kind_of(self).row() {
            Some(row) => (row.decode)(body),
            None => Ok(Value::Unknown(self.value)),
        }
    }

    /// Where the value begins, from the start of the message.
    #[must_use]
    pub const fn value_offset(&self) -> usize {
        self.offset.saturating_add(4)
    }

    /// Where the attribute ends with its padding, from the start of the message, as far as it is there.
    #[must_use]
    pub const fn end(&self) -> usize {
        self.value_offset().saturating_add(self.value.len()).saturating_add(self.padding.len())
    }

    /// Whether all of the value is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.value.len() == usize::from(self.stated_length)
    }

    pub(super) fn body(&self, message: &Message<'_>) -> Body<'a> {
        Body {
            value: self.value,
            stated: usize::from(self.stated_length),
            offset: self.value_offset(),
            mask: Mask::new(message.cookie, message.transaction_id),
            microsoft: message.is_microsoft(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_order_of_their_numbers() {
        assert!(ROWS.is_sorted_by(|a, b| a.number < b.number));
    }

    #[test]
    fn names_are_given_once() {
        let mut names: Vec<_> = ROWS.iter().map(|row| row.name).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn known_types_show_their_name_and_others_their_number() {
        assert_eq!(AttributeType(0x0020).to_string(), "XOR-MAPPED-ADDRESS");
        assert_eq!(AttributeType(0xc056).to_string(), "0xc056");
        assert_eq!(AttributeType(0x0000).to_string(), "0x0000");
    }
}
