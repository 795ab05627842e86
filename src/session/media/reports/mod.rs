//! What RTCP says of streams, and what follows from it together with what the capture saw.
//!
//! RTCP is read where it is in the clear. Each report is put beside the capture's own count at the moment at which it passes: a receiver's
//! losses beside what was missing at the capture point, a sender's clock beside the capture's, a request beside what answered it. What a
//! stream keeps lives in its [`Journal`], made with the first word of RTCP about it; without any it costs nothing.

mod bitrates;
mod feedback;
mod joins;
mod journal;
mod key_frames;
mod legs;
mod model;
mod nacks;
mod reader;
mod receiver;
mod round_trip;
mod sender;
#[cfg(test)]
mod tests;

pub use bitrates::{BitrateSample, Bitrates};
pub(super) use feedback::{FeedbackLog, Sent};
pub use feedback::{FeedbackStatistics, TransportFeedback};
pub(super) use journal::Journal;
pub use key_frames::{KeyFrameRequest, KeyFrameRequestKind, KeyFrameRequests};
pub(super) use legs::ReportLegs;
pub use model::{ExtendedFacts, Farewell, LossSplit, ReceiverView, Reports, SenderView, SentInterval};
pub use nacks::{NACK_DEADLINE, Nacks};
pub(super) use reader::ReferenceTimes;
pub use round_trip::{RoundTrip, RoundTrips};
