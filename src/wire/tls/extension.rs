//! The registry of extensions that hellos carry.

use super::grease::is_grease;
use crate::wire::registry::{display, registry};

/// The type of an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtensionType(pub u16);

registry! { ExtensionType:
    0 SERVER_NAME "server_name", "RFC 6066";
    1 MAX_FRAGMENT_LENGTH "max_fragment_length", "RFC 6066";
    5 STATUS_REQUEST "status_request", "RFC 6066";
    10 SUPPORTED_GROUPS "supported_groups", "RFC 8422";
    11 EC_POINT_FORMATS "ec_point_formats", "RFC 8422";
    13 SIGNATURE_ALGORITHMS "signature_algorithms", "RFC 8446";
    14 USE_SRTP "use_srtp", "RFC 5764";
    16 APPLICATION_LAYER_PROTOCOL_NEGOTIATION "application_layer_protocol_negotiation", "RFC 7301";
    18 SIGNED_CERTIFICATE_TIMESTAMP "signed_certificate_timestamp", "RFC 6962";
    21 PADDING "padding", "RFC 7685";
    22 ENCRYPT_THEN_MAC "encrypt_then_mac", "RFC 7366";
    23 EXTENDED_MAIN_SECRET "extended_main_secret", "RFC 7627";
    27 COMPRESS_CERTIFICATE "compress_certificate", "RFC 8879";
    28 RECORD_SIZE_LIMIT "record_size_limit", "RFC 8449";
    34 DELEGATED_CREDENTIAL "delegated_credential", "RFC 9345";
    35 SESSION_TICKET "session_ticket", "RFC 5077";
    41 PRE_SHARED_KEY "pre_shared_key", "RFC 8446";
    42 EARLY_DATA "early_data", "RFC 8446";
    43 SUPPORTED_VERSIONS "supported_versions", "RFC 8446";
    44 COOKIE "cookie", "RFC 8446";
    45 PSK_KEY_EXCHANGE_MODES "psk_key_exchange_modes", "RFC 8446";
    47 CERTIFICATE_AUTHORITIES "certificate_authorities", "RFC 8446";
    49 POST_HANDSHAKE_AUTH "post_handshake_auth", "RFC 8446";
    50 SIGNATURE_ALGORITHMS_CERT "signature_algorithms_cert", "RFC 8446";
    51 KEY_SHARE "key_share", "RFC 8446";
    57 QUIC_TRANSPORT_PARAMETERS "quic_transport_parameters", "RFC 9001";
    0x4469 APPLICATION_SETTINGS_OLD "application_settings_old", "draft-vvv-tls-alps";
    0x44CD APPLICATION_SETTINGS "application_settings", "draft-vvv-tls-alps";
    0xFE0D ENCRYPTED_CLIENT_HELLO "encrypted_client_hello", "RFC 9849";
    0xFF01 RENEGOTIATION_INFO "renegotiation_info", "RFC 5746";
}

display!(ExtensionType, "{:#06x}");

impl ExtensionType {
    /// Whether it only keeps the field open (RFC 8701).
    #[must_use]
    pub const fn is_grease(self) -> bool {
        is_grease(self.0)
    }
}
