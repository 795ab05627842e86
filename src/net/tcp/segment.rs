//! One TCP segment.

use etherparse::TcpHeaderSlice;
use etherparse::err::tcp::HeaderSliceError;

use crate::net::SkipReason;
use crate::net::ip::Packet;
use crate::path::Endpoint;

/// A TCP segment without its header.
#[derive(Debug, Clone, Copy)]
pub(in crate::net) struct Segment<'a> {
    pub(super) source: Endpoint,
    pub(super) destination: Endpoint,
    pub(super) sequence: u32,
    pub(super) acknowledgment: Option<u32>,
    pub(super) syn: bool,
    pub(super) fin: bool,
    pub(super) rst: bool,
    /// The payload as far as it was captured.
    pub(super) payload: &'a [u8],
    /// Its length on the wire.
    pub(super) length: usize,
}

impl<'a> Segment<'a> {
    pub(in crate::net) fn parse(packet: &Packet<'a>) -> Result<Self, SkipReason> {
        let header = TcpHeaderSlice::from_slice(packet.payload).map_err(|error| match error {
            HeaderSliceError::Len(_) => SkipReason::TruncatedHeader,
            HeaderSliceError::Content(_) => SkipReason::BadTcpHeader,
        })?;
        let header_length = header.slice().len();
        Ok(Self {
            source: Endpoint::new(packet.source, header.source_port()),
            destination: Endpoint::new(packet.destination, header.destination_port()),
            sequence: header.sequence_number(),
            acknowledgment: header.ack().then(|| header.acknowledgment_number()),
            syn: header.syn(),
            fin: header.fin(),
            rst: header.rst(),
            payload: packet.payload.get(header_length..).unwrap_or_default(),
            length: packet.on_wire.checked_sub(header_length).ok_or(SkipReason::BadTcpHeader)?,
        })
    }
}
