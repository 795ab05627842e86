//! The bounds of everything the trackers keep, each with its reason.
//!
//! Counters never stop; past a bound the newcomer is counted but not described, and a finding says how many.

use std::time::Duration;

/// ICE sessions described. A busy SFU shows a few thousand in an hour; one costs about 2 KiB.
pub const ICE_SESSIONS: usize = 20_000;
/// Pairs described in one session. RFC 8445, section 6.1.2.5 limits an agent to 100 by default; NATs and restarts on the way add
/// some.
pub const PAIRS_PER_SESSION: usize = 400;
/// Pairs described in all sessions together; one costs about 1 KiB.
pub const PAIRS: usize = 60_000;
/// Bytes of one username fragment (RFC 8445, section 5.3: 256 characters at most). What is longer is no check.
pub const FRAGMENT_LENGTH: usize = 256;
/// Bytes kept of a name, realm, reason or product (RFC 8489, sections 14.3 to 14.14: fewer than 509 or 763).
pub const TEXT_LENGTH: usize = 763;
/// Flows that carry one pair: both legs of a relay at each end make four.
pub const FLOWS_PER_PAIR: usize = 8;
/// Candidates described of one agent.
pub const CANDIDATES_PER_AGENT: usize = 400;
/// Generations of agents that are remembered from signalling: two for each session described. One costs about 200 bytes and 200 more
/// for each candidate.
pub const GENERATIONS: usize = 20_000;
/// M-lines of a description whose user fragments are remembered for candidates that do not say theirs. Browsers stop at some hundreds
/// of transceivers, and all but one share a transport.
pub const LINES_IN_FORCE: usize = 256;
/// Passwords remembered for one user fragment: the one that was sent and those that it was changed into on its way.
pub const PASSWORDS_PER_FRAGMENT: usize = 4;
/// Messages kept whose password may still be signalled, of the checks to one agent: enough to tell whether it fits.
pub const UNVERIFIED_PER_AGENT: usize = 16;
/// The same, over all agents; one costs some 150 bytes.
pub const UNVERIFIED: usize = 20_000;
/// Pairs described that were never tried, of one session.
pub const UNTRIED_PAIRS: usize = 100;
/// Sessions whose lists are kept at full length; those after them keep [`CHECKS_KEPT_LATER`], or they would take hundreds of MiB.
pub const SESSIONS_IN_FULL: usize = 2_000;
/// Checks and changes kept of one session at each end of the list past [`SESSIONS_IN_FULL`].
pub const CHECKS_KEPT_LATER: usize = 8;
/// Checks kept of one session at each end of the list (contract: the first and the last of a stated number).
pub const CHECKS_KEPT: usize = 40;
/// Selected-pair changes and role changes kept of one session at each end of the list.
pub const CHANGES_KEPT: usize = 50;
/// TURN allocations described.
pub const ALLOCATIONS: usize = 20_000;
/// Permissions, channels and peers described of one allocation. coturn has no bound of its own; a conference of 200 fits.
pub const PEERS_PER_ALLOCATION: usize = 400;
/// Permissions, channels, peers and connections described in all allocations together.
pub const PEERS: usize = 100_000;
/// Peers that one request may name; more than fit into one datagram of usual size are not worth memory.
pub const PEERS_PER_REQUEST: usize = 64;
/// Relayed addresses described of one allocation; RFC 8656 grants two at most.
pub const RELAYED_ADDRESSES: usize = 8;
/// Five-tuples kept that a client had before the one it has now (RFC 8016).
pub const MOVES: usize = 50;
/// Bytes of a MOBILITY-TICKET by which an allocation is found again.
pub const TICKET_LENGTH: usize = 1_024;
/// Errors kept of one allocation at each end of the list.
pub const ERRORS_KEPT: usize = 20;
/// Transactions that wait for an answer or a late duplicate of it.
pub const TRANSACTIONS: usize = 100_000;
/// Transactions with the same ID and different paths that are told apart; an ID is drawn at random (RFC 8489, section 5).
pub const TRANSACTIONS_OF_ONE_ID: usize = 64;
/// Legs on which one message is told apart: in the open, and inside the relay of each end.
pub const LEGS: usize = 8;
/// How long a transaction can still be answered: Rc = 7 requests and Rm · RTO = 16 · 500 ms after the last
/// (RFC 8489, section 6.2.1), 39.5 s in all.
pub const TRANSACTION_LIFE: Duration = Duration::from_millis(39_500);
/// Mapped addresses learnt from STUN and TURN servers.
pub const MAPPINGS: usize = 20_000;
/// Local and remote ports between which a NAT may lie, where the local one asked a server or is known to be mapped; one costs about 400 bytes.
pub const NAT_ROUTES: usize = 60_000;
/// Mapped addresses kept of one local and one remote port. A NAT that changes its mind more often is known well enough.
pub const MAPPINGS_PER_ROUTE: usize = 16;
/// Requests with CHANGE-REQUEST that are followed. A discovery run sends four or five.
pub const NAT_TESTS: usize = 10_000;
/// Mapped addresses of one local port that are compared with each other. Comparing is quadratic; the first ones tell.
pub const MAPPINGS_COMPARED: usize = 64;
/// Mapped addresses named of one client.
pub const MAPPINGS_PER_CLIENT: usize = 100;
/// Rebindings and hairpinned pairs described.
pub const NAT_EVENTS: usize = 1_000;
/// Two mapped addresses of one port are compared when both were told within this time: less than the shortest UDP timer that NATs are known
/// for (30 s; RFC 4787, section 4.3 demands two minutes), behind which an idle mapping is made anew.
pub const MAPPING_HOLDS: Duration = Duration::from_secs(20);
/// How often a discovery test is sent before its silence counts: one lost packet is no filter.
pub const TEST_TRANSMISSIONS: u32 = 3;
/// Stray responses and ICMP errors kept as evidence at each end of their lists.
pub const STRAYS_KEPT: usize = 20;
/// Names of hosts that are remembered. A page makes one for each of its connections; one costs about 250 bytes.
pub const NAMES: usize = 10_000;
/// Addresses remembered of one name: a host has one or two for each of its networks.
pub const ADDRESSES_PER_NAME: usize = 16;
/// Servers described.
pub const SERVERS: usize = 1_000;
/// Flows with media and without ICE that are described. A server of plain RTP shows two a call.
pub const MEDIA_FLOWS: usize = 20_000;
/// Silence after which media on the same ports without ICE is that of another call. Longer than any pause of one: silence
/// suppression sends comfort noise, and RTCP goes on every five seconds.
pub const MEDIA_PAUSE: Duration = Duration::from_secs(60);
/// Signalled candidates that are remembered in all; one costs some 200 bytes.
pub const SIGNALED_CANDIDATES: usize = 100_000;
/// Signalled candidates that are described with their agents in all sessions together, where several sessions share a generation.
pub const CANDIDATES_DESCRIBED: usize = 200_000;
/// Pairs that are looked at for whether somebody tried them, in all sessions together.
pub const PAIRS_LOOKED_AT: usize = 4_000_000;
/// How deep relays may lie inside each other before a datagram is taken as opaque.
pub const RELAY_DEPTH: usize = 4;

/// Silence after which a check is taken as lost when its agent has stopped sending more: five seconds, as libwebrtc takes a pair
/// for unwritable (`CONNECTION_WRITE_CONNECT_TIMEOUT`), and never less than [`LAST_GAP_FACTOR`] of the last gap.
pub const CHECK_SILENCE: Duration = Duration::from_secs(5);
/// An agent that doubles its retransmission timeout may be silent for twice the gap before; half a gap more is patience.
pub const LAST_GAP_FACTOR: f64 = 2.5;
/// Unanswered consent checks for so long mean *disconnected* (libwebrtc; RFC 7675 has no such state).
pub const DISCONNECTED_AFTER: Duration = Duration::from_secs(5);
/// At least so many consecutive unanswered checks mean *disconnected*.
pub const DISCONNECTED_CHECKS: u32 = 3;
/// At least so many checks without any answer, over [`FAILED_AFTER`], mean that the pair is dead though its agent goes on.
pub const TRIED_CHECKS: u32 = 5;
/// How often a request is sent before it is given up (Rc of RFC 8489, section 6.2.1).
pub const REQUEST_COUNT: u32 = 7;
/// For so long at least, before the end of the capture counts as the end of the attempt.
pub const LAST_PATIENCE: Duration = Duration::from_secs(3);
/// [`CHECK_SILENCE`] at the end of the capture.
pub const LAST_SILENCE: Duration = Duration::from_secs(2);
/// An agent that answered so many checks and never sent one is taken for a lite one.
pub const LITE_RESPONSES: u64 = 3;
/// Unanswered checks for so long mean *failed*: libwebrtc's write timeout of 15 s.
pub const FAILED_AFTER: Duration = Duration::from_secs(15);
/// Data on a pair that an agent has just left was on its way before the change: for so long it does not count as a change back.
pub const CHANGE_SETTLES: Duration = Duration::from_millis(100);
/// Consent expires this long after the last valid response (RFC 7675, section 5.1).
pub const CONSENT_EXPIRY: Duration = Duration::from_secs(30);
/// A permission lives this long (RFC 8656, section 9).
pub const PERMISSION_LIFE: Duration = Duration::from_secs(300);
/// A channel binding lives this long (RFC 8656, section 12).
pub const CHANNEL_LIFE: Duration = Duration::from_secs(600);
/// RTP streams described. A conference of 50 shows some 2500 at its server; one costs about 12 KiB until the end of the report.
pub const STREAMS: usize = 10_000;
/// Sources on one direction of a flow: an SFU sends those of a whole conference, each with its retransmissions.
pub const STREAMS_PER_DIRECTION: usize = 512;
/// Payload types told apart in one stream: there are 128, and 35 of them are dynamic.
pub const PAYLOAD_TYPES: usize = 16;
/// Holes, silences and discontinuities kept of one stream at each end of their lists.
pub const MEDIA_ENTRIES: usize = 8;
/// Key frames kept of one stream at each end of the list.
pub const KEY_FRAMES_KEPT: usize = 32;
/// Descriptions that are kept for what they say of media; one costs some KiB.
pub const DESCRIPTIONS: usize = 5_000;
/// Bytes of their texts in all; what is kept of one takes about twice its text.
pub const DESCRIPTION_BYTES: usize = 16 << 20;
/// Versions kept of what one agent describes: a renegotiation each.
pub const VERSIONS: usize = 32;
/// Sources that an m-line names: three layers with retransmissions make six.
pub const SOURCES_PER_LINE: usize = 64;
/// Formats and header extensions of an m-line. Chrome offers about 20 codecs with as many retransmissions.
pub const FORMATS_PER_LINE: usize = 128;
/// Reports, requests and bitrates kept of one stream at each end of their lists.
pub const REPORT_ENTRIES: usize = 16;
/// Receivers told apart in what is said of one stream: one on a path, several where an SFU passes reports on.
pub const RECEIVERS_PER_STREAM: usize = 8;
/// Numbers of one stream whose retransmission is waited for; libwebrtc asks for at most 1000 at once, and a link that loses so many has
/// other troubles. One costs 16 bytes.
pub const NACKS_FOLLOWED: usize = 512;
/// Streams whose retransmissions are waited for; with full lists they take 32 MiB.
pub const NACK_STREAMS: usize = 4_000;
/// Streams with requests that are looked at for one packet of a retransmission stream.
pub const NACKED_PER_DIRECTION: usize = 32;
/// Requests for a key frame that wait for one: senders answer after some, or not at all.
pub const KEY_FRAME_REQUESTS_FOLLOWED: usize = 64;
/// Directions and streams whose packets are remembered until feedback about them comes; one costs 48 KiB.
pub const FEEDBACK_LOGS: usize = 1_000;
/// Reference times of receivers on one direction of a flow that may still be answered (RFC 3611, section 4.4).
pub const REFERENCE_TIMES: usize = 16;
/// Ways of RTCP whose leg is remembered, where a relay shows them twice.
pub const REPORT_WAYS: usize = 20_000;
/// Letters kept of a name or a reason that RTCP tells.
pub const REPORT_TEXT: usize = 128;
/// Streams with one SSRC among which that of a report is looked for: a source has one for each path that it used.
pub const SAME_SOURCES: usize = 64;
