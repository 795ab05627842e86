//! The message type: two bits of class woven into twelve of method (RFC 8489 section 5).

use std::fmt;

/// What part a message plays in its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Asks for an answer.
    Request,
    /// Asks for none.
    Indication,
    /// Answers: done.
    SuccessResponse,
    /// Answers: not done, and ERROR-CODE says why.
    ErrorResponse,
}

impl Class {
    /// The name in reports: `request`, `indication`, `success-response`, `error-response`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Indication => "indication",
            Self::SuccessResponse => "success-response",
            Self::ErrorResponse => "error-response",
        }
    }

    /// The words of RFC 8489: `Success Response`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Indication => "Indication",
            Self::SuccessResponse => "Success Response",
            Self::ErrorResponse => "Error Response",
        }
    }

    /// Whether this class answers a request.
    #[must_use]
    pub const fn is_response(self) -> bool {
        matches!(self, Self::SuccessResponse | Self::ErrorResponse)
    }

    const fn bits(self) -> u16 {
        match self {
            Self::Request => 0x0000,
            Self::Indication => 0x0010,
            Self::SuccessResponse => 0x0100,
            Self::ErrorResponse => 0x0110,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a message is about: a number of twelve bits, of which IANA has named a few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Method(pub u16);

impl Method {
    /// Binding (RFC 8489): which address do you see?
    pub const BINDING: Self = Self(0x001);
    /// Shared Secret (RFC 3489, withdrawn).
    pub const SHARED_SECRET: Self = Self(0x002);
    /// Allocate (RFC 8656): a relayed transport address.
    pub const ALLOCATE: Self = Self(0x003);
    /// Refresh (RFC 8656): lengthen or end an allocation.
    pub const REFRESH: Self = Self(0x004);
    /// Send (RFC 8656): an indication with data for a peer.
    pub const SEND: Self = Self(0x006);
    /// Data (RFC 8656): an indication with data from a peer.
    pub const DATA: Self = Self(0x007);
    /// `CreatePermission` (RFC 8656): let the addresses of peers through.
    pub const CREATE_PERMISSION: Self = Self(0x008);
    /// `ChannelBind` (RFC 8656): a short number for a peer.
    pub const CHANNEL_BIND: Self = Self(0x009);
    /// Connect (RFC 6062): a TCP connection to a peer.
    pub const CONNECT: Self = Self(0x00A);
    /// `ConnectionBind` (RFC 6062): makes this TCP connection the data of a peer's.
    pub const CONNECTION_BIND: Self = Self(0x00B);
    /// `ConnectionAttempt` (RFC 6062): a peer has connected.
    pub const CONNECTION_ATTEMPT: Self = Self(0x00C);
    /// The short check of libwebrtc (`GOOG_PING`) that stands for a Binding request in which nothing has changed.
    pub const GOOG_PING: Self = Self(0x080);

    /// The name in the spelling of its RFC, where the number has one.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::BINDING => "Binding",
            Self::SHARED_SECRET => "SharedSecret",
            Self::ALLOCATE => "Allocate",
            Self::REFRESH => "Refresh",
            Self::SEND => "Send",
            Self::DATA => "Data",
            Self::CREATE_PERMISSION => "CreatePermission",
            Self::CHANNEL_BIND => "ChannelBind",
            Self::CONNECT => "Connect",
            Self::CONNECTION_BIND => "ConnectionBind",
            Self::CONNECTION_ATTEMPT => "ConnectionAttempt",
            Self::GOOG_PING => "GOOG_PING",
            _ => return None,
        })
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#05x}", self.0),
        }
    }
}

/// The class and the method of a message type; the two bits above its fourteen are not looked at.
#[must_use]
pub(super) const fn taken_apart(kind: u16) -> (Class, Method) {
    let class = match kind & 0x0110 {
        0x0000 => Class::Request,
        0x0010 => Class::Indication,
        0x0100 => Class::SuccessResponse,
        _ => Class::ErrorResponse,
    };
    (class, Method((kind & 0x000F) | (kind & 0x00E0) >> 1 | (kind & 0x3E00) >> 2))
}

/// The message type of a class and a method; bits of the method above its twelve are dropped.
#[must_use]
pub(super) const fn put_together(class: Class, method: Method) -> u16 {
    let Method(number) = method;
    class.bits() | (number & 0x000F) | (number & 0x0070) << 1 | (number & 0x0F80) << 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_comes_back_from_its_parts() {
        for kind in 0..0x4000 {
            let (class, method) = taken_apart(kind);
            assert_eq!(put_together(class, method), kind);
        }
    }

    #[test]
    fn types_as_they_are_met() {
        assert_eq!(taken_apart(0x0113), (Class::ErrorResponse, Method::ALLOCATE));
        assert_eq!(taken_apart(0x0017), (Class::Indication, Method::DATA));
        assert_eq!(taken_apart(0x0200), (Class::Request, Method::GOOG_PING));
        assert_eq!(taken_apart(0x0300), (Class::SuccessResponse, Method::GOOG_PING));
        assert_eq!(taken_apart(0x0310), (Class::ErrorResponse, Method::GOOG_PING));
    }

    #[test]
    fn a_method_without_a_name_shows_its_number() {
        assert_eq!(Method(0x0fe).to_string(), "0x0fe");
        assert_eq!(Method::CREATE_PERMISSION.to_string(), "CreatePermission");
        assert_eq!(Class::SuccessResponse.to_string(), "success-response");
    }
}
