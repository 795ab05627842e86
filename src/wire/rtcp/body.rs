//! The table of packets: what a type and a format hold.

use super::application::{self, ApplicationDefined};
use super::extended_report::{self, ExtendedReport};
use super::feedback::{
    self, CongestionControlFeedback, FullIntraRequest, GenericNack, LossNotification, OtherFeedback,
    PictureLossIndication, ReceiverEstimatedBitrate, ReferencePictureSelection, SenderReportRequest,
    SliceLossIndication, TemporaryBitrate, TransportWideFeedback,
};
use super::goodbye::{self, Goodbye};
use super::packet_type::PacketType;
use super::report::{self, ReceiverReport, SenderReport};
use super::source_description::{self, SourceDescription};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// A packet that was decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// What it holds, as far as it could be read.
    pub body: Body<'a>,
    /// Why not all of it could be read.
    pub fault: Option<Error>,
}

macro_rules! bodies {
    ($($kind:ident $format:pat $(if $guard:path)?, $emitted:expr, $variant:ident($type:ty) $read:path, $doc:literal;)*) => {
        /// What a packet holds.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Body<'a> {
            $(
                #[doc = $doc]
                $variant($type),
            )*
            /// A transport layer feedback of another format.
            OtherTransportFeedback(OtherFeedback<'a>),
            /// A payload-specific feedback of another format, or an application layer feedback of another name.
            OtherPayloadFeedback(OtherFeedback<'a>),
            /// A packet of another type.
            Other {
                /// Its type.
                kind: PacketType,
                /// The five bits before it.
                count: u8,
                /// What stands behind its header.
                data: &'a [u8],
            },
        }

        impl<'a> Body<'a> {
            pub(super) fn read<R: Record>(
                cursor: &mut Cursor<'a, R>,
                kind: PacketType,
                count: u8,
            ) -> Result<Self, Error> {
                match (kind, count) {
                    $((PacketType::$kind, $format) $(if $guard(cursor.rest()))? => $read(cursor, count).map(Self::$variant),)*
                    (PacketType::TRANSPORT_FEEDBACK, _) => {
                        feedback::other(cursor, count).map(Self::OtherTransportFeedback)
                    }
                    (PacketType::PAYLOAD_FEEDBACK, _) => {
                        feedback::other(cursor, count).map(Self::OtherPayloadFeedback)
                    }
                    _ => Ok(Self::Other { kind, count, data: cursor.remainder("rtcp.data", "data") }),
                }
            }

            /// Its type, the five bits before it, and its body; the count may be more than five bits hold.
            pub(super) fn emit(&self, out: &mut Vec<u8>) -> (PacketType, usize) {
                match self {
                    $(Self::$variant(body) => {
                        let count = body.emit(out);
                        (PacketType::$kind, Option::<usize>::unwrap_or($emitted, count))
                    })*
                    Self::OtherTransportFeedback(body) => (PacketType::TRANSPORT_FEEDBACK, body.emit(out)),
                    Self::OtherPayloadFeedback(body) => (PacketType::PAYLOAD_FEEDBACK, body.emit(out)),
                    Self::Other { kind, count, data } => {
                        out.extend(*data);
                        (*kind, usize::from(*count))
                    }
                }
            }
        }
    };
}

// type, format that is read and what must hold of the body, format that is written or none where the body gives a count, variant, grammar, doc
bodies! {
    SENDER_REPORT _, None, SenderReport(SenderReport<'a>) report::sender, "What a sender has sent and received.";
    RECEIVER_REPORT _, None, ReceiverReport(ReceiverReport<'a>) report::receiver, "What a receiver received.";
    SOURCE_DESCRIPTION _, None, SourceDescription(SourceDescription<'a>) source_description::read, "What sources say of themselves.";
    GOODBYE _, None, Goodbye(Goodbye<'a>) goodbye::read, "Sources that leave.";
    APPLICATION_DEFINED _, None, ApplicationDefined(ApplicationDefined<'a>) application::read, "Something of an application.";
    EXTENDED_REPORT _, Some(0), ExtendedReport(ExtendedReport<'a>) extended_report::read, "Extended reports (RFC 3611).";
    TRANSPORT_FEEDBACK 1, Some(1), GenericNack(GenericNack) feedback::nack, "Packets that are missed (RFC 4585 section 6.2.1).";
    TRANSPORT_FEEDBACK 3, Some(3), TemporaryBitrateRequest(TemporaryBitrate) feedback::bitrate_request, "TMMBR: send no more than this (RFC 5104 section 4.2.1).";
    TRANSPORT_FEEDBACK 4, Some(4), TemporaryBitrateNotification(TemporaryBitrate) feedback::bitrate_notification, "TMMBN: what now holds (RFC 5104 section 4.2.2).";
    TRANSPORT_FEEDBACK 5, Some(5), SenderReportRequest(SenderReportRequest) feedback::report_request, "Send a report at once (RFC 6051 section 3.2).";
    TRANSPORT_FEEDBACK 11, Some(11), CongestionControlFeedback(CongestionControlFeedback) feedback::congestion, "Arrival of every packet, by source (RFC 8888).";
    TRANSPORT_FEEDBACK 15, Some(15), TransportWideFeedback(TransportWideFeedback) feedback::transport_wide, "Arrival of every packet, by transport (draft-holmer-rmcat-transport-wide-cc-extensions-01).";
    PAYLOAD_FEEDBACK 1, Some(1), PictureLossIndication(PictureLossIndication) feedback::picture_loss, "Pictures are lost (RFC 4585 section 6.3.1).";
    PAYLOAD_FEEDBACK 2, Some(2), SliceLossIndication(SliceLossIndication) feedback::slice_loss, "Parts of a picture are lost (RFC 4585 section 6.3.2).";
    PAYLOAD_FEEDBACK 3, Some(3), ReferencePictureSelection(ReferencePictureSelection<'a>) feedback::reference_picture, "Which picture to predict from (RFC 4585 section 6.3.3).";
    PAYLOAD_FEEDBACK 4, Some(4), FullIntraRequest(FullIntraRequest) feedback::full_intra, "Send a key frame (RFC 5104 section 4.3.1).";
    PAYLOAD_FEEDBACK 15 if feedback::is_estimated_bitrate, Some(15), ReceiverEstimatedBitrate(ReceiverEstimatedBitrate) feedback::estimated_bitrate, "`REMB`: what the receiver believes the link carries (draft-alvestrand-rmcat-remb-03).";
    PAYLOAD_FEEDBACK 15 if feedback::is_loss_notification, Some(15), LossNotification(LossNotification) feedback::loss_notification, "`LNTF`: the last frame that was decoded, of libwebrtc.";
}
