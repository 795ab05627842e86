//! When a flow that looks like RTP is believed to be RTP.
//!
//! Two bits and a length are no proof: games, torrents and tunnels fit them by chance. Without STUN or DTLS on the same five-tuple a
//! direction is believed after three packets of one source with advancing sequence numbers.

/// How far a sequence number may jump from one packet to the next and still count as advancing.
const LARGEST_STEP: u16 = 64;
/// Packets of one source in a row that make a direction believed.
const PACKETS: u8 = 3;

/// A source seen in one direction of a flow.
#[derive(Debug, Clone, Copy, Default)]
struct Candidate {
    ssrc: u32,
    sequence: u16,
    /// 0: the slot is free.
    streak: u8,
}

/// What one direction of a flow has shown so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Guard {
    /// Audio and video may share a flow: two sources are followed at once.
    candidates: [Candidate; 2],
    rtcp: Candidate,
}

impl Guard {
    /// Takes the header of a packet that looks like RTP; whether the direction is to be believed now.
    pub(super) fn rtp(&mut self, ssrc: u32, sequence: u16) -> bool {
        if let Some(candidate) =
            self.candidates.iter_mut().find(|candidate| candidate.streak > 0 && candidate.ssrc == ssrc)
        {
            match sequence.wrapping_sub(candidate.sequence) {
                0 => {}
                1..=LARGEST_STEP => {
                    candidate.streak += 1;
                    candidate.sequence = sequence;
                }
                _ => *candidate = Candidate { ssrc, sequence, streak: 1 },
            }
            return candidate.streak >= PACKETS;
        }
        // The weaker of the two makes room.
        if let Some(candidate) = self.candidates.iter_mut().min_by_key(|candidate| candidate.streak) {
            *candidate = Candidate { ssrc, sequence, streak: 1 };
        }
        false
    }

    /// Takes a compound RTCP packet in the clear; whether the direction is to be believed now.
    pub(super) fn rtcp(&mut self, ssrc: u32) -> bool {
        if self.rtcp.streak > 0 && self.rtcp.ssrc == ssrc {
            return true;
        }
        self.rtcp = Candidate { ssrc, sequence: 0, streak: 1 };
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_advancing_packets_of_one_source_are_believed() {
        let mut guard = Guard::default();
        assert!(!guard.rtp(7, 65534));
        assert!(!guard.rtp(7, 65535));
        assert!(guard.rtp(7, 1));
    }

    #[test]
    fn random_bytes_are_not_believed() {
        let mut guard = Guard::default();
        assert!((0..10_000_u32).all(|number| !guard.rtp(number.wrapping_mul(2_654_435_761), 3)));
        assert!((0..10_000_u16).all(|number| !guard.rtp(5, number.wrapping_mul(7919))));
    }

    #[test]
    fn a_repeated_packet_does_not_advance() {
        let mut guard = Guard::default();
        assert!((0..100).all(|_| !guard.rtp(7, 9)));
    }

    #[test]
    fn audio_and_video_on_one_flow_are_believed() {
        let mut guard = Guard::default();
        assert!(!guard.rtp(7, 1));
        assert!(!guard.rtp(8, 100));
        assert!(!guard.rtp(7, 2));
        assert!(!guard.rtp(8, 101));
        assert!(guard.rtp(7, 3));
    }
}
