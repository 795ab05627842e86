//! What the payload headers of video formats have in common.

/// What a packet says of its frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Picture {
    /// Whether a frame may begin with the packet. In H.264 and H.265 parameter sets and delimiters stand before the first
    /// slice, so that several packets of one frame may say so.
    pub begins: bool,
    /// Whether a frame ends with it; nothing where only the marker of RTP says it.
    pub ends: Option<bool>,
    /// Whether the packet belongs to a frame that needs no other, or brings what such a frame begins with. False also
    /// where a packet does not say it: only the first one of a frame does in VP8 and AV1.
    pub key_frame: bool,
    /// The number of the picture, of seven or fifteen bits.
    pub picture_id: Option<u16>,
    /// The temporal layer.
    pub temporal_layer: Option<u8>,
    /// The spatial layer.
    pub spatial_layer: Option<u8>,
    /// Width and height in pixels.
    pub resolution: Option<(u32, u32)>,
}
