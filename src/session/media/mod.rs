//! RTP into streams: what was sent, what was lost, how it went, and what the receivers said about it.
//!
//! A stream is the packets of one SSRC on one path (RFC 3550, section 3); both legs of a relay are one stream with two legs, counted once. One
//! packet costs one look by flow and source and touches one struct; nothing is allocated for it. What RTP means needs a description that
//! may come later or never: counters stay, jitter is kept for each usual clock rate, and at the end names and rates are filled in and say
//! from where.
//!
//! A source is believed after three numbers in a row. One that never is belongs to the report only where DTLS, a description or another source
//! shows that its flow carries media.

mod bursts;
mod described;
mod early;
mod extensions;
mod flows;
mod frames;
mod jitter;
mod line;
mod locator;
mod model;
mod pace;
mod pairing;
pub mod quality;
mod rate;
mod reports;
mod resolve;
mod sequence;
mod shapes;
mod stream;
mod table;
mod window;

pub use bursts::{Bursts, RUN_CLASSES, RUN_LENGTHS};
pub use extensions::{AudioLevels, ExtensionId, Layers};
pub use flows::MediaFlow;
pub use frames::Freeze;
pub use jitter::JitterValues;
pub use locator::ProfileFamily;
pub use model::{
    Discontinuity, DiscontinuityKind, Drift, FrameStatistics, Gap, Knowledge, Leg, MediaKind, PairingGround,
    PayloadTypeUse, Protection, RelayDelay, Role, Silence, Stream,
};
pub use pace::{Bin, Pace};
pub use rate::USUAL_RATES;
pub use reports::{
    BitrateSample, Bitrates, ExtendedFacts, Farewell, FeedbackStatistics, KeyFrameRequest, KeyFrameRequestKind,
    KeyFrameRequests, LossSplit, NACK_DEADLINE, Nacks, ReceiverView, Reports, RoundTrip, RoundTrips, SenderView,
    SentInterval, TransportFeedback,
};
pub use table::Arrived;
pub(super) use table::{MediaTable, Parties};
