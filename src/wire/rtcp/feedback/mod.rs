//! Feedback: transport layer (RTPFB) and payload-specific (PSFB), RFC 4585 section 6.

mod bitrate;
mod congestion;
mod estimated_bitrate;
mod full_intra;
mod loss_notification;
mod nack;
mod other;
mod picture;
mod status;
mod transport_wide;

pub use bitrate::{BitrateEntry, TemporaryBitrate};
pub(super) use bitrate::{read_notification as bitrate_notification, read_request as bitrate_request};
pub(super) use congestion::read as congestion;
pub use congestion::{ArrivalOffset, CongestionControlFeedback, Metric, SourceMetrics};
pub use estimated_bitrate::ReceiverEstimatedBitrate;
pub(super) use estimated_bitrate::{is_here as is_estimated_bitrate, read as estimated_bitrate};
pub(super) use full_intra::read as full_intra;
pub use full_intra::{FullIntraEntry, FullIntraRequest};
pub use loss_notification::LossNotification;
pub(super) use loss_notification::{is_here as is_loss_notification, read as loss_notification};
pub(super) use nack::read as nack;
pub use nack::{GenericNack, NackEntry};
pub use other::OtherFeedback;
pub(super) use other::read as other;
pub use picture::{
    PictureLossIndication, ReferencePictureSelection, SenderReportRequest, SliceLoss, SliceLossIndication,
};
pub(super) use picture::{
    read_loss as picture_loss, read_reference as reference_picture, read_request as report_request,
    read_slice as slice_loss,
};
pub use status::{StatusChunk, Symbol};
pub(super) use transport_wide::read as transport_wide;
pub use transport_wide::{PacketStatus, TransportWideFeedback};
