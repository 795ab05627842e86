//! The loopback interfaces of the BSDs: a protocol family and then the packet.
//! <https://www.tcpdump.org/linktypes.html>, `LINKTYPE_NULL` and `LINKTYPE_LOOP`.

use nom::number::complete::{be_u32, le_u32};
use nom::{IResult, Parser};

use super::{Linked, Network, bare};
use crate::net::SkipReason;

/// `NULL`: the family is in the byte order of the machine that captured. Families are small numbers, so the other order
/// shows itself by a large one.
pub(super) fn parse(bytes: &[u8]) -> Result<Linked<'_>, SkipReason> {
    let parsed: IResult<_, u32> = le_u32.parse(bytes);
    match parsed {
        Ok((payload, family)) if family > 0xffff => linked(family.swap_bytes(), payload),
        Ok((payload, family)) => linked(family, payload),
        Err(_) => Err(SkipReason::TruncatedHeader),
    }
}

/// `LOOP`: the family is in network byte order.
pub(super) fn parse_network_order(bytes: &[u8]) -> Result<Linked<'_>, SkipReason> {
    let parsed: IResult<_, u32> = be_u32.parse(bytes);
    let (payload, family) = parsed.map_err(|_| SkipReason::TruncatedHeader)?;
    linked(family, payload)
}

fn linked(family: u32, payload: &[u8]) -> Result<Linked<'_>, SkipReason> {
    match family {
        2 => Ok(bare(Network::Ipv4, payload)),
        // IPv6 on Linux, NetBSD and OpenBSD, FreeBSD, macOS.
        10 | 24 | 28 | 30 => Ok(bare(Network::Ipv6, payload)),
        _ => Err(SkipReason::NotIp),
    }
}
