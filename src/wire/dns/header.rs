//! The header of a message (RFC 1035, section 4.1.1).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// Bytes of the header.
pub const HEADER_LENGTH: usize = 12;

/// What kind of query a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Opcode(pub u8);

impl Opcode {
    /// A standard query, the only one that multicast DNS knows (RFC 6762, section 18.3).
    pub const QUERY: Self = Self(0);

    /// Its name in the registry; nothing where it is not known.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self.0 {
            0 => Some("Query"),
            1 => Some("IQuery"),
            2 => Some("Status"),
            4 => Some("Notify"),
            5 => Some("Update"),
            6 => Some("DSO"),
            _ => None,
        }
    }
}

/// How a query ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ResponseCode(pub u8);

impl ResponseCode {
    /// Its name in the registry; nothing where it is not known.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self.0 {
            0 => Some("NoError"),
            1 => Some("FormErr"),
            2 => Some("ServFail"),
            3 => Some("NXDomain"),
            4 => Some("NotImp"),
            5 => Some("Refused"),
            6 => Some("YXDomain"),
            7 => Some("YXRRSet"),
            8 => Some("NXRRSet"),
            9 => Some("NotAuth"),
            10 => Some("NotZone"),
            _ => None,
        }
    }
}

/// The flags of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags {
    /// It is a response (QR).
    pub response: bool,
    /// What kind of query it is.
    pub opcode: Opcode,
    /// The answer is the owner's (AA).
    pub authoritative: bool,
    /// It was cut (TC); of multicast queries: more known answers follow.
    pub truncated: bool,
    /// The server shall ask others (RD).
    pub recursion_desired: bool,
    /// The server can ask others (RA).
    pub recursion_available: bool,
    /// All data was verified (AD).
    pub authentic: bool,
    /// Data need not be verified (CD).
    pub checking_disabled: bool,
    /// How it ended.
    pub response_code: ResponseCode,
}

/// The header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Header {
    pub(super) id: u16,
    pub(super) flags: Flags,
    /// Questions, answers, authorities and additional records.
    pub(super) counts: [u16; 4],
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<Header, Error> {
    let id = cursor.code(16, "dns.id", "transaction ID")?;
    let flags = cursor.group("dns.flags", "flags", flags)?;
    let counts = [
        cursor.number(16, "dns.count.queries", "questions")?,
        cursor.number(16, "dns.count.answers", "answer records")?,
        cursor.number(16, "dns.count.auth_rr", "authority records")?,
        cursor.number(16, "dns.count.add_rr", "additional records")?,
    ];
    Ok(Header { id, flags, counts })
}

fn flags<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<Flags, Error> {
    let response = cursor.flag("dns.flags.response", "response")?;
    let opcode = Opcode(cursor.number(4, "dns.flags.opcode", "opcode")?);
    cursor.may_mean(opcode.name());
    let authoritative = cursor.flag("dns.flags.authoritative", "authoritative")?;
    let truncated = cursor.flag("dns.flags.truncated", "truncated")?;
    let recursion_desired = cursor.flag("dns.flags.recdesired", "recursion desired")?;
    let recursion_available = cursor.flag("dns.flags.recavail", "recursion available")?;
    cursor.reserved(1, "dns.flags.z")?;
    let authentic = cursor.flag("dns.flags.authenticated", "authentic data")?;
    let checking_disabled = cursor.flag("dns.flags.checkdisable", "checking disabled")?;
    let response_code = ResponseCode(cursor.number(4, "dns.flags.rcode", "response code")?);
    cursor.may_mean(response_code.name());
    Ok(Flags {
        response,
        opcode,
        authoritative,
        truncated,
        recursion_desired,
        recursion_available,
        authentic,
        checking_disabled,
        response_code,
    })
}
