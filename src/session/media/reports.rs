//! What RTCP says of one stream.

/// What RTCP says of one stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reports {
    /// RTCP datagrams that the stream's source sent.
    pub packets: u64,
    /// The first of them.
    pub first: Option<crate::moment::Moment>,
    /// The last of them.
    pub last: Option<crate::moment::Moment>,
    /// Indices of SRTCP that are missing: RTCP that was lost before the capture.
    pub packets_lost: Option<u64>,
}
