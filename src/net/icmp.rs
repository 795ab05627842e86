//! ICMP (RFC 792) and ICMPv6 (RFC 4443) errors, and the packets that they quote.

use etherparse::IpNumber;
use nom::number::complete::{be_u8, be_u16};
use nom::{IResult, Parser};

use super::ip::{self, Packet};
use super::link::Network;
use super::{IcmpError, IcmpKind, SkipReason};
use crate::moment::Moment;
use crate::path::{Endpoint, Transport};

/// The eight bytes before the quoted packet.
struct Header {
    kind: u8,
    code: u8,
    /// The fifth and the sixth byte: one of them is the length of the quoted packet where extensions follow it
    /// (RFC 4884, section 4).
    lengths: (u8, u8),
}

fn header(input: &[u8]) -> IResult<&[u8], Header> {
    let (rest, kind) = be_u8.parse(input)?;
    let (rest, code) = be_u8.parse(rest)?;
    let (rest, _checksum) = be_u16.parse(rest)?;
    let (rest, fifth) = be_u8.parse(rest)?;
    let (rest, sixth) = be_u8.parse(rest)?;
    let (rest, _rest) = be_u16.parse(rest)?;
    Ok((rest, Header { kind, code, lengths: (fifth, sixth) }))
}

/// Reads the error that `packet` reports.
pub(super) fn parse<'a>(moment: Moment, packet: &Packet<'a>) -> Result<IcmpError<'a>, SkipReason> {
    let (quote, header) = header(packet.payload).map_err(|_| SkipReason::TruncatedHeader)?;
    let (network, kind, length) = if packet.protocol == IpNumber::ICMP {
        (Network::Ipv4, kind_v4(&header), quoted_length_v4(&header))
    } else {
        (Network::Ipv6, kind_v6(&header), quoted_length_v6(&header))
    };
    let kind = kind.ok_or(SkipReason::NonErrorIcmp)?;
    let quote = quote.get(..length).unwrap_or(quote);
    let quoted = ip::parse(network, quote, quote.len()).map_err(|_| SkipReason::IcmpQuote)?;
    let (source, destination, transport, payload) = quoted_transport(&quoted).ok_or(SkipReason::IcmpQuote)?;
    Ok(IcmpError {
        moment,
        reporter: packet.source,
        kind,
        code: (header.kind, header.code),
        source: Endpoint::new(quoted.source, source),
        destination: Endpoint::new(quoted.destination, destination),
        transport,
        payload,
    })
}

/// RFC 792 and, for the codes of type 3, RFC 1812, section 5.2.7.1.
fn kind_v4(header: &Header) -> Option<IcmpKind> {
    Some(match (header.kind, header.code) {
        (3, 0 | 1 | 5..=8 | 11 | 12) => IcmpKind::Unreachable,
        (3, 3) => IcmpKind::PortUnreachable,
        (3, 4) => IcmpKind::PacketTooBig,
        (3, 9 | 10 | 13) => IcmpKind::AdministrativelyProhibited,
        (11, _) => IcmpKind::TimeExceeded,
        (3 | 12, _) => IcmpKind::Other,
        _ => return None,
    })
}

/// RFC 4443, section 3.
fn kind_v6(header: &Header) -> Option<IcmpKind> {
    Some(match (header.kind, header.code) {
        (1, 0 | 2 | 3) => IcmpKind::Unreachable,
        (1, 4) => IcmpKind::PortUnreachable,
        // A filter, a policy for source addresses, a route that says no.
        (1, 1 | 5 | 6) => IcmpKind::AdministrativelyProhibited,
        (2, _) => IcmpKind::PacketTooBig,
        (3, _) => IcmpKind::TimeExceeded,
        (1 | 4, _) => IcmpKind::Other,
        _ => return None,
    })
}

/// Where the quoted packet ends, in bytes: the sixth byte counts 32-bit words, 0 means at the end
/// (RFC 4884, sections 4.1 to 4.3).
fn quoted_length_v4(header: &Header) -> usize {
    match (header.kind, header.lengths.1) {
        (3 | 11 | 12, words @ 1..) => usize::from(words) * 4,
        _ => usize::MAX,
    }
}

/// The fifth byte counts 64-bit words (RFC 4884, sections 4.4 and 4.5).
fn quoted_length_v6(header: &Header) -> usize {
    match (header.kind, header.lengths.0) {
        (1 | 3, words @ 1..) => usize::from(words) * 8,
        _ => usize::MAX,
    }
}

/// The ports of the quoted packet, and the payload as far as it is quoted.
fn quoted_transport<'a>(quoted: &Packet<'a>) -> Option<(u16, u16, Transport, &'a [u8])> {
    if quoted.fragment.is_some_and(|fragment| fragment.offset > 0) {
        return None;
    }
    let ports: IResult<&[u8], (u16, u16)> = (be_u16, be_u16).parse(quoted.payload);
    let (rest, (source, destination)) = ports.ok()?;
    match quoted.protocol {
        IpNumber::UDP => {
            let length: IResult<&[u8], (u16, u16)> = (be_u16, be_u16).parse(rest);
            let (payload, (length, _checksum)) = length.ok()?;
            let length = usize::from(length).saturating_sub(8);
            Some((source, destination, Transport::Udp, payload.get(..length).unwrap_or(payload)))
        }
        IpNumber::TCP => Some((source, destination, Transport::Tcp, &[])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::net::SkipReason;
    use crate::net::crafted::{Bench, from_client, ipv4, ipv6, udp};

    fn error(kind: u8, code: u8, rest: [u8; 4], quote: &[u8]) -> Vec<u8> {
        [&[kind, code, 0, 0], rest.as_slice(), quote].concat()
    }

    fn heard(packet: &[u8]) -> String {
        let mut bench = Bench::default();
        bench.ip(packet);
        assert!(bench.skipped().is_empty(), "{:?}", bench.skipped());
        bench.heard.errors.remove(0)
    }

    #[test]
    fn the_quoted_datagram_is_told() {
        let quote = ipv4(5, 17, &udp(b"hello"));
        assert_eq!(
            heard(&ipv4(1, 1, &error(3, 3, [0; 4], &quote))),
            "192.0.2.1 PortUnreachable (3, 3) udp 192.0.2.1:1000>192.0.2.2:2000 [104, 101, 108, 108, 111]"
        );
        let quote = ipv6(17, &udp(b"hello"));
        assert_eq!(
            heard(&ipv6(58, &error(1, 4, [0; 4], &quote))),
            "2001:db8::1 PortUnreachable (1, 4) udp [2001:db8::1]:1000>[2001:db8::2]:2000 [104, 101, 108, 108, 111]"
        );
    }

    #[test]
    fn eight_bytes_of_the_transport_are_enough() {
        let quote = ipv4(5, 17, &udp(b"hello"));
        assert!(heard(&ipv4(1, 1, &error(11, 0, [0; 4], &quote[..28]))).ends_with("192.0.2.2:2000 []"));
        let quote = from_client(2, 7, 0, &[]);
        assert_eq!(
            heard(&ipv4(1, 1, &error(3, 13, [0; 4], &quote[..28]))),
            "192.0.2.1 AdministrativelyProhibited (3, 13) tcp 192.0.2.1:1000>192.0.2.2:2000 []"
        );
    }

    #[test]
    fn padding_and_extensions_are_no_payload() {
        let mut quote = ipv4(5, 17, &udp(b"hello"));
        quote.resize(128, 0);
        quote.extend([0x20, 0, 0, 0, 0, 8, 1, 1, 0, 1, 2, 3]);
        // The UDP length cuts what the RFC 4884 length leaves; where the quote itself is longer, the latter cuts.
        assert!(heard(&ipv4(1, 1, &error(11, 0, [0, 32, 0, 0], &quote))).ends_with("[104, 101, 108, 108, 111]"));
        let mut long = ipv4(5, 17, &udp(&[7; 500]));
        long.truncate(128);
        long.extend([0x20, 0, 0, 0, 0, 8, 1, 1, 0, 1, 2, 3]);
        let told = heard(&ipv4(1, 1, &error(11, 0, [0, 32, 0, 0], &long)));
        assert_eq!(told.matches('7').count(), 100, "{told}");
        let mut long = ipv6(17, &udp(&[7; 500]));
        long.truncate(128);
        long.extend([0x20, 0, 0, 0]);
        let told = heard(&ipv6(58, &error(1, 4, [16, 0, 0, 0], &long)));
        assert_eq!(told.matches('7').count(), 80, "{told}");
    }

    #[test]
    fn every_kind_has_its_codes() {
        let quote = ipv4(5, 17, &udp(b""));
        for (kind, code, name) in [
            (3, 0, "Unreachable"),
            (3, 1, "Unreachable"),
            (3, 2, "Other"),
            (3, 4, "PacketTooBig"),
            (3, 9, "AdministrativelyProhibited"),
            (3, 10, "AdministrativelyProhibited"),
            (11, 1, "TimeExceeded"),
            (12, 0, "Other"),
        ] {
            assert_eq!(heard(&ipv4(1, 1, &error(kind, code, [0; 4], &quote))).split(' ').nth(1), Some(name));
        }
        let quote = ipv6(17, &udp(b""));
        for (kind, code, name) in [
            (1, 0, "Unreachable"),
            (1, 1, "AdministrativelyProhibited"),
            (1, 3, "Unreachable"),
            (1, 5, "AdministrativelyProhibited"),
            (2, 0, "PacketTooBig"),
            (3, 0, "TimeExceeded"),
            (4, 1, "Other"),
        ] {
            assert_eq!(heard(&ipv6(58, &error(kind, code, [0; 4], &quote))).split(' ').nth(1), Some(name));
        }
    }

    #[test]
    fn a_quote_without_ports_is_counted() {
        let quote = ipv4(5, 17, &udp(b""));
        let mut bench = Bench::default();
        for quote in [&quote[..19], &quote[..22], &ipv4(5, 1, &[8; 8]), &ipv6(17, &udp(b""))] {
            bench.ip(&ipv4(1, 1, &error(3, 3, [0; 4], quote)));
        }
        assert_eq!(bench.skipped(), [(SkipReason::IcmpQuote, 4)]);
    }
}
