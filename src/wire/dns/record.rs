//! Resource records (RFC 1035, section 4.1.3) and the data of those that name things and their addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::message::{class, record_type};
use super::name::{self, Name};
use super::record_type::{Class, RecordType};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record as Recording};
use crate::wire::field::Value;

/// Where a service runs (RFC 2782).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Lower comes first.
    pub priority: u16,
    /// The share among those of equal priority.
    pub weight: u16,
    /// The port.
    pub port: u16,
    /// The host.
    pub target: Name,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Data<'a> {
    /// An address: A and AAAA.
    Address(IpAddr),
    /// Another name: PTR, CNAME and NS.
    Name(Name),
    /// Where a service runs: SRV.
    Service(Service),
    /// Strings: TXT.
    Texts(Vec<&'a [u8]>),
    /// That a name has records of these types and no other (NSEC). In multicast DNS the next name is the name itself
    /// (RFC 6762, section 6.1).
    Existing {
        /// The next name that exists.
        next: Name,
        /// The types.
        types: Vec<RecordType>,
    },
    /// Data of another type, or data that breaks its rules.
    Other(&'a [u8]),
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// The name that it is about.
    pub name: Name,
    /// Its type.
    pub kind: RecordType,
    /// Its class. Of OPT, which has none, a size (RFC 6891, section 6.1.2), without its top bit.
    pub class: Class,
    /// The record replaces all others of its name, type and class (RFC 6762, section 10.2). In unicast DNS the bit belongs to the class.
    pub cache_flush: bool,
    /// Seconds that it holds; 0 takes it back (RFC 6762, section 10.1).
    pub time_to_live: u32,
    /// What it says.
    pub data: Data<'a>,
}

pub(super) fn read<'a, R: Recording>(cursor: &mut Cursor<'a, R>, message: &'a [u8]) -> Result<Record<'a>, Error> {
    let name = name::read(cursor, message, "dns.resp.name", "name")?;
    let kind = record_type(cursor, "dns.resp.type")?;
    let cache_flush = cursor.flag("dns.resp.cache_flush", "cache flush")?;
    let class = class(cursor, "dns.resp.class")?;
    let time_to_live = cursor.number(32, "dns.resp.ttl", "time to live")?;
    cursor.means(|| "seconds".to_owned());
    let width = cursor.number(16, "dns.resp.len", "data length")?;
    if width > cursor.left() {
        return Err(cursor.too_short("data", width));
    }
    let bytes = cursor.rest().get(..width).unwrap_or_default();
    let data = cursor.within(width, "dns.resp.undecoded", |inner| data(inner, message, kind));
    Ok(Record { name, kind, class, cache_flush, time_to_live, data: data.unwrap_or(Data::Other(bytes)) })
}

fn data<'a, R: Recording>(cursor: &mut Cursor<'a, R>, message: &'a [u8], kind: RecordType) -> Result<Data<'a>, Error> {
    let alias = |cursor: &mut Cursor<'a, R>, field, label| name::read(cursor, message, field, label).map(Data::Name);
    match kind {
        RecordType::A if cursor.left() == 4 => {
            let number = cursor.code::<u32>(32, "dns.a", "address")?;
            let address = IpAddr::V4(Ipv4Addr::from(number));
            cursor.shows_value(|| Value::Address(address));
            Ok(Data::Address(address))
        }
        RecordType::A => Err(cursor.wrong_length("address", 4, cursor.left())),
        RecordType::AAAA => {
            let octets: [u8; 16] =
                cursor.rest().try_into().map_err(|_| cursor.wrong_length("address", 16, cursor.left()))?;
            cursor.opaque(16, "dns.aaaa", "address")?;
            let address = IpAddr::V6(Ipv6Addr::from(octets));
            cursor.shows_value(|| Value::Address(address));
            Ok(Data::Address(address))
        }
        RecordType::PTR => alias(cursor, "dns.ptr.domain_name", "domain name"),
        RecordType::CNAME => alias(cursor, "dns.cname", "canonical name"),
        RecordType::NS => alias(cursor, "dns.ns", "name server"),
        RecordType::SRV => {
            let priority = cursor.number(16, "dns.srv.priority", "priority")?;
            let weight = cursor.number(16, "dns.srv.weight", "weight")?;
            let port = cursor.number(16, "dns.srv.port", "port")?;
            let target = name::read(cursor, message, "dns.srv.target", "target")?;
            Ok(Data::Service(Service { priority, weight, port, target }))
        }
        RecordType::TXT => {
            let mut texts = Vec::new();
            while cursor.left() > 0 {
                let width = cursor.number(8, "dns.txt.length", "text length")?;
                texts.push(cursor.text(width, "dns.txt", "text")?);
            }
            Ok(Data::Texts(texts))
        }
        RecordType::NSEC => existing(cursor, message),
        _ => Ok(Data::Other(cursor.remainder("dns.data", "data"))),
    }
}

/// NSEC: a name and windows of bits (RFC 4034, section 4.1).
fn existing<'a, R: Recording>(cursor: &mut Cursor<'a, R>, message: &'a [u8]) -> Result<Data<'a>, Error> {
    let next = name::read(cursor, message, "dns.nsec.next_domain_name", "next name")?;
    let mut types = Vec::new();
    while cursor.left() > 0 {
        let window = cursor.number::<u16>(8, "dns.nsec.window", "window")?;
        let width = cursor.number::<usize>(8, "dns.nsec.length", "bitmap length")?;
        let bits = cursor.opaque(width.min(32), "dns.nsec.bitmap", "bitmap")?;
        let set: Vec<_> = (0_u16..256)
            .filter(|bit| bits.get(usize::from(bit / 8)).is_some_and(|byte| byte & (0x80 >> (bit % 8)) != 0))
            .map(|bit| RecordType(window << 8 | bit))
            .collect();
        cursor.means(|| set.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        types.extend(set);
        if width > 32 {
            return Err(cursor.wrong_length("bitmap", 32, width));
        }
    }
    Ok(Data::Existing { next, types })
}
