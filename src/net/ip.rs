//! IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200).

use std::net::IpAddr;

use etherparse::{
    IpAuthHeaderSlice, IpNumber, Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice,
};

use super::SkipReason;
use super::link::Network;

/// The most extension headers that are followed; RFC 8200, section 4.1, knows of seven in a row.
const EXTENSIONS: usize = 16;

/// An IP packet without its header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packet<'a> {
    pub(super) source: IpAddr,
    pub(super) destination: IpAddr,
    pub(super) protocol: IpNumber,
    /// The time to live or the hop limit.
    pub(super) hop_limit: u8,
    /// The identification of an IPv4 packet; 0 where the stack that sent it gives none, and for IPv6.
    pub(super) identification: u16,
    pub(super) fragment: Option<Fragment>,
    /// What follows the headers, as far as it was captured.
    pub(super) payload: &'a [u8],
    /// The length of that on the wire, as the header states it.
    pub(super) length: usize,
    /// The same, but no more than the frame had room for: with segmentation offload, or after a tool that cuts
    /// packets without saying so, the header states more than was there.
    pub(super) on_wire: usize,
    /// Whether it was put together from fragments.
    pub(super) reassembled: bool,
}

/// A packet's place in the datagram that it is a fragment of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fragment {
    pub(super) identification: u32,
    /// In bytes.
    pub(super) offset: usize,
    /// Whether others follow.
    pub(super) more: bool,
}

/// Takes the IP header off `bytes`, of which the wire had `wire_length`.
#[inline]
pub(super) fn parse(network: Network, bytes: &[u8], wire_length: usize) -> Result<Packet<'_>, SkipReason> {
    match network {
        Network::Ipv4 => parse_v4(bytes, wire_length),
        Network::Ipv6 => parse_v6(bytes, wire_length),
        Network::Either => match bytes.first().map(|first| first >> 4) {
            None => Err(SkipReason::TruncatedHeader),
            Some(4) => parse_v4(bytes, wire_length),
            Some(6) => parse_v6(bytes, wire_length),
            Some(_) => Err(SkipReason::NotIp),
        },
    }
}

#[inline]
fn parse_v4(bytes: &[u8], wire_length: usize) -> Result<Packet<'_>, SkipReason> {
    let header = Ipv4HeaderSlice::from_slice(bytes).map_err(|error| match error {
        etherparse::err::ipv4::HeaderSliceError::Len(_) => SkipReason::TruncatedHeader,
        etherparse::err::ipv4::HeaderSliceError::Content(_) => SkipReason::BadIpHeader,
    })?;
    let header_length = header.slice().len();
    let length = match usize::from(header.total_len()) {
        // Segmentation offload on sending leaves the length to the network card.
        0 => wire_length.saturating_sub(header_length),
        total => total.checked_sub(header_length).ok_or(SkipReason::BadIpHeader)?,
    };
    let rest = bytes.get(header_length..).unwrap_or_default();
    let offset = usize::from(header.fragments_offset().value()) * 8;
    let more = header.more_fragments();
    let fragment =
        (more || offset > 0).then(|| Fragment { identification: header.identification().into(), offset, more });
    Ok(Packet {
        source: IpAddr::V4(header.source_addr()),
        destination: IpAddr::V4(header.destination_addr()),
        protocol: header.protocol(),
        hop_limit: header.ttl(),
        identification: header.identification(),
        fragment,
        // What follows the packet is padding of the link.
        payload: rest.get(..length).unwrap_or(rest),
        length,
        on_wire: length.min(wire_length.saturating_sub(header_length)),
        reassembled: false,
    })
}

#[inline]
fn parse_v6(bytes: &[u8], wire_length: usize) -> Result<Packet<'_>, SkipReason> {
    let header = Ipv6HeaderSlice::from_slice(bytes).map_err(|error| match error {
        etherparse::err::ipv6::HeaderSliceError::Len(_) => SkipReason::TruncatedHeader,
        etherparse::err::ipv6::HeaderSliceError::Content(_) => SkipReason::BadIpHeader,
    })?;
    let header_length = header.slice().len();
    let length = match usize::from(header.payload_length()) {
        // A jumbogram (RFC 2675) or segmentation offload.
        0 => wire_length.saturating_sub(header_length),
        length => length,
    };
    let rest = bytes.get(header_length..).unwrap_or_default();
    let mut packet = Packet {
        source: IpAddr::V6(header.source_addr()),
        destination: IpAddr::V6(header.destination_addr()),
        protocol: header.next_header(),
        hop_limit: header.hop_limit(),
        identification: 0,
        fragment: None,
        payload: rest.get(..length).unwrap_or(rest),
        length,
        on_wire: length.min(wire_length.saturating_sub(header_length)),
        reassembled: false,
    };
    if !matches!(packet.protocol, IpNumber::UDP | IpNumber::TCP | IpNumber::IPV6_ICMP) {
        skip_extensions(&mut packet)?;
    }
    Ok(packet)
}

/// Takes extension headers off an IPv6 packet, up to and with that of a fragment.
#[cold]
pub(super) fn skip_extensions(packet: &mut Packet<'_>) -> Result<(), SkipReason> {
    for _ in 0..EXTENSIONS {
        let (taken, next) = match packet.protocol {
            IpNumber::IPV6_FRAGMENTATION_HEADER => {
                let header =
                    Ipv6FragmentHeaderSlice::from_slice(packet.payload).map_err(|_| SkipReason::TruncatedHeader)?;
                // A fragment that is the whole datagram is none (RFC 6946).
                packet.fragment = header.is_fragmenting_payload().then(|| Fragment {
                    identification: header.identification(),
                    offset: usize::from(header.fragment_offset().value()) * 8,
                    more: header.more_fragments(),
                });
                (header.slice().len(), header.next_header())
            }
            IpNumber::AUTHENTICATION_HEADER => {
                let header = IpAuthHeaderSlice::from_slice(packet.payload).map_err(|_| SkipReason::TruncatedHeader)?;
                (header.slice().len(), header.next_header())
            }
            protocol if Ipv6RawExtHeaderSlice::header_type_supported(protocol) => {
                let header =
                    Ipv6RawExtHeaderSlice::from_slice(packet.payload).map_err(|_| SkipReason::TruncatedHeader)?;
                (header.slice().len(), header.next_header())
            }
            _ => return Ok(()),
        };
        packet.payload = packet.payload.get(taken..).unwrap_or_default();
        packet.length = packet.length.saturating_sub(taken);
        packet.on_wire = packet.on_wire.saturating_sub(taken);
        packet.protocol = next;
        if packet.fragment.is_some() {
            // What follows may be the middle of a header.
            return Ok(());
        }
    }
    Err(SkipReason::BadIpHeader)
}
