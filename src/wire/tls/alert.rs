//! Alerts (RFC 8446, section 6).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::registry::{display, registry};

/// How bad an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlertLevel(pub u8);

registry! { AlertLevel:
    1 WARNING "warning", "RFC 8446";
    2 FATAL "fatal", "RFC 8446";
}

display!(AlertLevel, "{}");

/// What an alert says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlertDescription(pub u8);

registry! { AlertDescription:
    0 CLOSE_NOTIFY "close_notify", "RFC 8446";
    10 UNEXPECTED_MESSAGE "unexpected_message", "RFC 8446";
    20 BAD_RECORD_MAC "bad_record_mac", "RFC 8446";
    21 DECRYPTION_FAILED "decryption_failed", "RFC 5246";
    22 RECORD_OVERFLOW "record_overflow", "RFC 8446";
    30 DECOMPRESSION_FAILURE "decompression_failure", "RFC 5246";
    40 HANDSHAKE_FAILURE "handshake_failure", "RFC 8446";
    41 NO_CERTIFICATE "no_certificate", "RFC 6101";
    42 BAD_CERTIFICATE "bad_certificate", "RFC 8446";
    43 UNSUPPORTED_CERTIFICATE "unsupported_certificate", "RFC 8446";
    44 CERTIFICATE_REVOKED "certificate_revoked", "RFC 8446";
    45 CERTIFICATE_EXPIRED "certificate_expired", "RFC 8446";
    46 CERTIFICATE_UNKNOWN "certificate_unknown", "RFC 8446";
    47 ILLEGAL_PARAMETER "illegal_parameter", "RFC 8446";
    48 UNKNOWN_CA "unknown_ca", "RFC 8446";
    49 ACCESS_DENIED "access_denied", "RFC 8446";
    50 DECODE_ERROR "decode_error", "RFC 8446";
    51 DECRYPT_ERROR "decrypt_error", "RFC 8446";
    60 EXPORT_RESTRICTION "export_restriction", "RFC 5246";
    70 PROTOCOL_VERSION "protocol_version", "RFC 8446";
    71 INSUFFICIENT_SECURITY "insufficient_security", "RFC 8446";
    80 INTERNAL_ERROR "internal_error", "RFC 8446";
    86 INAPPROPRIATE_FALLBACK "inappropriate_fallback", "RFC 7507";
    90 USER_CANCELED "user_canceled", "RFC 8446";
    100 NO_RENEGOTIATION "no_renegotiation", "RFC 5246";
    109 MISSING_EXTENSION "missing_extension", "RFC 8446";
    110 UNSUPPORTED_EXTENSION "unsupported_extension", "RFC 8446";
    112 UNRECOGNIZED_NAME "unrecognized_name", "RFC 6066";
    113 BAD_CERTIFICATE_STATUS_RESPONSE "bad_certificate_status_response", "RFC 8446";
    115 UNKNOWN_PSK_IDENTITY "unknown_psk_identity", "RFC 8446";
    116 CERTIFICATE_REQUIRED "certificate_required", "RFC 8446";
    120 NO_APPLICATION_PROTOCOL "no_application_protocol", "RFC 7301";
}

display!(AlertDescription, "{}");

/// An alert in the clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    /// How bad it is.
    pub level: AlertLevel,
    /// What it says.
    pub description: AlertDescription,
}

impl Alert {
    /// How many bytes an alert takes. A record of type alert with more holds an encrypted one.
    pub const LENGTH: usize = 2;

    /// Reads an alert at the start of a record's fragment.
    ///
    /// # Errors
    ///
    /// Where there are not two bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        read(&mut Cursor::silent(bytes, 0))
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<Alert, Error> {
    let level = AlertLevel(cursor.number(8, "tls.alert_message.level", "level")?);
    cursor.may_mean(level.name());
    let description = AlertDescription(cursor.number(8, "tls.alert_message.desc", "description")?);
    cursor.may_mean(description.name());
    Ok(Alert { level, description })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_is_two_bytes() {
        let alert = Alert::parse(&[2, 40]).unwrap();
        assert_eq!(format!("{} {}", alert.level, alert.description), "fatal handshake_failure");
        assert_eq!(Alert::parse(&[1]).unwrap_err().to_string(), "description at byte 1: needs 1 bytes, 0 are left");
        assert_eq!(AlertDescription(99).to_string(), "99");
    }
}
