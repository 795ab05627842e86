//! Requests for a key frame (PLI, RFC 4585, section 6.3.1; FIR, RFC 5104, section 4.3.1), and the key frame that came behind them.
//!
//! A key frame that the sender made for another reason answers a request too: the wire does not show why it was made.

use crate::abbreviated::Abbreviated;
use crate::moment::Moment;
use crate::session::limits;
use crate::wire::rtp::Ssrc;

/// Requesters of one stream whose numbers of FIR are told apart.
const REQUESTERS: usize = 8;

/// How a key frame was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyFrameRequestKind {
    /// Pictures are lost (PLI).
    PictureLossIndication,
    /// Send one at once (FIR).
    FullIntraRequest,
}

impl KeyFrameRequestKind {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PictureLossIndication => "picture-loss-indication",
            Self::FullIntraRequest => "full-intra-request",
        }
    }
}

/// A request for a key frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyFrameRequest {
    /// When it passed.
    pub moment: Moment,
    /// How it was asked for.
    pub kind: KeyFrameRequestKind,
    /// The first packet of the first key frame behind it.
    pub answered: Option<Moment>,
}

impl KeyFrameRequest {
    /// The time from the request to the key frame at the capture point, in seconds.
    #[must_use]
    pub fn delay(&self) -> Option<f64> {
        Some(self.answered?.time.since(self.moment.time).as_secs_f64())
    }
}

/// The requests for key frames of one stream.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyFrameRequests {
    /// Picture loss indications.
    pub picture_loss_indications: u64,
    /// Full intra requests, each number of a requester once.
    pub full_intra_requests: u64,
    /// Full intra requests with the number of the one before: repetitions.
    pub repeated: u64,
    /// Requests behind which a key frame came, where the stream's key frames show.
    pub answered: u64,
    /// The mean time from a request to the key frame, in seconds; 0 without answers.
    pub mean_delay: f64,
    /// The greatest, in seconds.
    pub max_delay: f64,
    /// The first and the last requests.
    pub requests: Abbreviated<KeyFrameRequest>,
    pending: Vec<(u64, Moment)>,
    measured: u64,
    unfollowed: u64,
    numbers: Vec<(Ssrc, u8)>,
}

impl Default for KeyFrameRequests {
    fn default() -> Self {
        Self {
            picture_loss_indications: 0,
            full_intra_requests: 0,
            repeated: 0,
            answered: 0,
            mean_delay: 0.0,
            max_delay: 0.0,
            requests: Abbreviated::new(limits::REPORT_ENTRIES),
            pending: Vec::new(),
            measured: 0,
            unfollowed: 0,
            numbers: Vec::new(),
        }
    }
}

impl KeyFrameRequests {
    /// Requests without a key frame behind them, as far as the capture goes; means nothing where key frames do not show.
    #[must_use]
    pub fn unanswered(&self) -> u64 {
        (self.picture_loss_indications + self.full_intra_requests).saturating_sub(self.answered)
    }

    pub(super) fn picture_loss(&mut self, moment: Moment) {
        self.picture_loss_indications += 1;
        self.add(moment, KeyFrameRequestKind::PictureLossIndication);
    }

    /// A full intra request; the same number again is the same request (RFC 5104, section 4.3.1.2).
    pub(super) fn full_intra(&mut self, moment: Moment, requester: Ssrc, number: u8) {
        let room = self.numbers.len() < REQUESTERS;
        match self.numbers.iter_mut().find(|(known, _)| *known == requester) {
            Some((_, last)) if *last == number => {
                self.repeated += 1;
                return;
            }
            Some((_, last)) => *last = number,
            None if room => self.numbers.push((requester, number)),
            None => {}
        }
        self.full_intra_requests += 1;
        self.add(moment, KeyFrameRequestKind::FullIntraRequest);
    }

    fn add(&mut self, moment: Moment, kind: KeyFrameRequestKind) {
        let place = self.requests.push(KeyFrameRequest { moment, kind, answered: None });
        if self.pending.len() < limits::KEY_FRAME_REQUESTS_FOLLOWED {
            self.pending.push((place, moment));
        } else {
            self.unfollowed += 1;
        }
    }

    /// A key frame begins: it answers all requests before it.
    pub(in crate::session::media) fn key_frame(&mut self, moment: Moment) {
        // When those past the bound were asked is not kept, but they are answered too.
        self.answered += std::mem::take(&mut self.unfollowed);
        for (place, asked) in std::mem::take(&mut self.pending) {
            let seconds = moment.time.since(asked.time).as_secs_f64();
            self.answered += 1;
            self.measured += 1;
            self.mean_delay += (seconds - self.mean_delay) / self.measured as f64;
            self.max_delay = self.max_delay.max(seconds);
            if let Some(request) = self.requests.at_mut(place) {
                request.answered = Some(moment);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Moment {
        Moment::new(milliseconds as u64, milliseconds * 1_000_000)
    }

    #[test]
    fn a_key_frame_answers_what_was_asked_before_it() {
        let mut requests = KeyFrameRequests::default();
        requests.picture_loss(at(100));
        requests.picture_loss(at(150));
        requests.key_frame(at(200));
        requests.key_frame(at(300));
        requests.picture_loss(at(400));
        assert_eq!((requests.picture_loss_indications, requests.answered, requests.unanswered()), (3, 2, 1));
        assert!((requests.mean_delay - 0.075).abs() < 1e-9 && (requests.max_delay - 0.1).abs() < 1e-9);
        let delays: Vec<_> = requests.requests.iter().map(KeyFrameRequest::delay).collect();
        assert_eq!(delays, [Some(0.1), Some(0.05), None]);
    }

    #[test]
    fn the_same_number_again_is_the_same_full_intra_request() {
        let mut requests = KeyFrameRequests::default();
        for (requester, number) in [(1, 7), (1, 7), (2, 7), (1, 8), (1, 8)] {
            requests.full_intra(at(1), Ssrc(requester), number);
        }
        assert_eq!((requests.full_intra_requests, requests.repeated), (3, 2));
    }

    #[test]
    fn a_flood_of_requests_keeps_a_bounded_list() {
        let mut requests = KeyFrameRequests::default();
        for number in 0..10_000 {
            requests.picture_loss(at(number));
        }
        assert!(requests.pending.len() <= limits::KEY_FRAME_REQUESTS_FOLLOWED);
        requests.key_frame(at(20_000));
        assert_eq!(requests.unanswered(), 0);
    }
}
