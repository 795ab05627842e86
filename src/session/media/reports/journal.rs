//! What was said of one stream so far.

use super::bitrates::Bitrates;
use super::feedback::{FeedbackLog, TransportFeedback};
use super::key_frames::KeyFrameRequests;
use super::model::{ExtendedFacts, Farewell, Reports};
use super::nacks::Requests;
use super::receiver::ReceiverTrack;
use super::round_trip::{RoundTrip, RoundTrips};
use super::sender::SenderTrack;
use crate::moment::Moment;
use crate::session::limits;
use crate::wire::rtcp::RemoteEstimate;
use crate::wire::rtp::Ssrc;

/// What RTCP said of one stream so far.
#[derive(Debug, Default)]
pub(in crate::session::media) struct Journal {
    /// RTCP datagrams that the stream's source sent.
    pub(in crate::session::media) packets: u64,
    first: Option<Moment>,
    last: Option<Moment>,
    /// Indices of SRTCP that are missing.
    pub(in crate::session::media) packets_missing: Option<u64>,
    /// What was read, made with the first RTCP in the clear.
    pub(in crate::session::media) pages: Option<Box<Pages>>,
}

/// What was read of RTCP in the clear.
#[derive(Debug, Default)]
pub(in crate::session::media) struct Pages {
    pub(super) sender: SenderTrack,
    receivers: Vec<ReceiverTrack>,
    receivers_omitted: u64,
    /// Round trips between the capture point and the sender, from its answers to reference times.
    pub(super) to_sender: RoundTrip,
    /// Numbers that were asked for again.
    pub(in crate::session::media) nacks: Requests,
    /// Key frames that were asked for.
    pub(in crate::session::media) key_frames: KeyFrameRequests,
    pub(super) estimated: Option<Bitrates>,
    pub(super) estimated_sources: Vec<Ssrc>,
    pub(super) requested: Option<Bitrates>,
    pub(super) notified: Option<Bitrates>,
    /// Transport-wide feedback packets that came before the numbers of packets were known.
    pub(super) unjoined: u64,
    /// Packets by their sequence number, from the first feedback of RFC 8888 on.
    pub(in crate::session::media) congestion: Option<Box<FeedbackLog>>,
    pub(super) farewell: Option<Farewell>,
    pub(super) cname: Option<String>,
    pub(super) tool: Option<String>,
    pub(super) extended: Option<Box<ExtendedFacts>>,
    pub(super) applications: u64,
    pub(super) remote_estimate: Option<RemoteEstimate>,
}

impl Journal {
    /// A datagram of the stream's source.
    pub(in crate::session::media) fn datagram(&mut self, moment: Moment) {
        self.packets += 1;
        self.first.get_or_insert(moment);
        self.last = Some(moment);
    }

    pub(super) fn open(&mut self) -> &mut Pages {
        self.pages.get_or_insert_default()
    }

    /// The clock rate that sender reports state.
    pub(in crate::session::media) fn usual_rate(&self) -> Option<u32> {
        self.pages.as_ref()?.sender.usual_rate()
    }

    /// The canonical name that the source tells.
    pub(in crate::session::media) fn cname(&self) -> Option<&String> {
        self.pages.as_ref()?.cname.as_ref()
    }

    /// Round trips between the capture point and the receivers.
    pub(super) fn to_receiver(&self) -> Option<RoundTrip> {
        let pages = self.pages.as_ref()?;
        let all = pages.receivers.iter().map(|receiver| receiver.trip);
        all.fold(RoundTrip::default(), RoundTrip::with).measured()
    }

    /// Round trips between the capture point and the sender, as its own answers show them.
    pub(super) fn to_sender(&self) -> Option<RoundTrip> {
        self.pages.as_ref()?.to_sender.measured()
    }

    /// What it came to, with what is known besides: the clock rate, the halves of the round trip, and the feedback of its transport.
    pub(super) fn reports(
        &self,
        rate: Option<u32>,
        round_trips: RoundTrips,
        transport: Option<TransportFeedback>,
    ) -> Reports {
        let reports = Reports {
            packets: self.packets,
            first: self.first,
            last: self.last,
            packets_missing: self.packets_missing,
            round_trips,
            transport,
            ..Reports::default()
        };
        let Some(pages) = &self.pages else { return reports };
        let from_start = pages.sender.from_start;
        Reports {
            in_clear: true,
            sender: pages.sender.view(rate),
            receivers: pages.receivers.iter().map(|receiver| receiver.view(rate, from_start)).collect(),
            receiver_reports_omitted: pages.receivers_omitted,
            nacks: Some(pages.nacks.counts),
            key_frame_requests: Some(pages.key_frames.clone()),
            estimated_bitrate: pages.estimated.clone(),
            estimated_sources: pages.estimated_sources.clone(),
            requested_bitrate: pages.requested.clone(),
            notified_bitrate: pages.notified.clone(),
            transport_unjoined: pages.unjoined,
            congestion: pages.congestion.as_ref().and_then(|log| log.all()),
            farewell: pages.farewell.clone(),
            cname: pages.cname.clone(),
            tool: pages.tool.clone(),
            extended: pages.extended.as_deref().cloned(),
            application_packets: pages.applications,
            remote_estimate: pages.remote_estimate,
            ..reports
        }
    }
}

impl Pages {
    /// The reports of one receiver; `None` past the bound, where the report is counted.
    pub(super) fn receiver(&mut self, moment: Moment, reporter: Ssrc) -> Option<&mut ReceiverTrack> {
        let place = match self.receivers.iter().position(|receiver| receiver.reporter == reporter) {
            Some(place) => place,
            None if self.receivers.len() >= limits::RECEIVERS_PER_STREAM => {
                self.receivers_omitted += 1;
                return None;
            }
            None => {
                self.receivers.push(ReceiverTrack::new(moment, reporter));
                self.receivers.len() - 1
            }
        };
        self.receivers.get_mut(place)
    }
}
