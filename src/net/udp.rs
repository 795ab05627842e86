//! UDP (RFC 768).

use etherparse::UdpHeaderSlice;

use super::SkipReason;

/// A UDP datagram without its header.
pub(super) struct Udp<'a> {
    pub(super) source: u16,
    pub(super) destination: u16,
    pub(super) payload: &'a [u8],
    /// The length of the payload on the wire.
    pub(super) length: usize,
}

/// The length of the header in bytes.
const HEADER: usize = 8;

/// Takes the UDP header off `bytes`, of which the wire had `wire_length`.
#[inline]
pub(super) fn parse(bytes: &[u8], wire_length: usize) -> Result<Udp<'_>, SkipReason> {
    let header = UdpHeaderSlice::from_slice(bytes).map_err(|_| SkipReason::TruncatedHeader)?;
    let space = wire_length.saturating_sub(HEADER);
    let length = match usize::from(header.length()) {
        // A jumbogram (RFC 2675, section 4) or segmentation offload.
        0 => space,
        length => length.checked_sub(HEADER).ok_or(SkipReason::BadUdpHeader)?.min(space),
    };
    let rest = bytes.get(HEADER..).unwrap_or_default();
    Ok(Udp {
        source: header.source_port(),
        destination: header.destination_port(),
        payload: rest.get(..length).unwrap_or(rest),
        length,
    })
}
