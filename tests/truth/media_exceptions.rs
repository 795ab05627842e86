//! Where a peer's statistics and a capture count different things.

use super::ledger::Exception;

const DEAF: &str = "the browser counts as sent what it hands to a connection that no longer sends";
const MISSED: &str =
    "tcpdump on all interfaces missed these packets: their numbers are not in the file, and the other peer got them";
const RESTART: &str =
    "libwebrtc takes a gap of more than five numbers in audio for a restart of the source, and counts none of it";
const STRANGER: &str = "until a check comes from the new address of A, the browser drops what comes from there";

/// For the comparison with getStats.
pub(crate) const PEERS: &[Exception] = &[
    Exception { capture: "b-turn-short-lifetimes.pcap", what: "audio from A 4180369320: packets", reason: DEAF },
    Exception { capture: "b-turn-short-lifetimes.pcap", what: "audio from A 4180369320: bytes", reason: DEAF },
    Exception { capture: "d-consent-loss.pcap", what: "audio from A 224240062: packets", reason: DEAF },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "audio to B 3483577829: packets", reason: MISSED },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "audio to B 3483577829: bytes", reason: MISSED },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "audio to B 3483577829: lost", reason: MISSED },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "video to B 3945386392: packets", reason: MISSED },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "video to B 3945386392: bytes", reason: MISSED },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "video to B 3945386392: lost", reason: MISSED },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "audio from B 3356773722: packets", reason: MISSED },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "audio from B 3356773722: bytes", reason: MISSED },
    Exception {
        capture: "a-notrickle-vp8-socketio.pcap",
        what: "audio from B 3356773722: lost at the sender",
        reason: MISSED,
    },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "video from B 2158786141: packets", reason: MISSED },
    Exception { capture: "a-notrickle-vp8-socketio.pcap", what: "video from B 2158786141: bytes", reason: MISSED },
    Exception {
        capture: "a-notrickle-vp8-socketio.pcap",
        what: "video from B 2158786141: lost at the sender",
        reason: MISSED,
    },
    Exception { capture: "d-multihomed-switch.pcap", what: "audio from A 2613592316: packets", reason: MISSED },
    Exception { capture: "d-multihomed-switch.pcap", what: "audio from A 2613592316: bytes", reason: MISSED },
    Exception { capture: "d-multihomed-switch.pcap", what: "video from A 996646974: packets", reason: MISSED },
    Exception { capture: "d-multihomed-switch.pcap", what: "video from A 996646974: bytes", reason: MISSED },
    Exception { capture: "c-nat-rebind.pcap", what: "audio to A 1508256172: lost", reason: RESTART },
    Exception { capture: "c-nat-rebind.b.pcap", what: "audio to B 175461076: packets", reason: STRANGER },
    Exception { capture: "c-nat-rebind.b.pcap", what: "audio to B 175461076: bytes", reason: STRANGER },
    Exception { capture: "c-nat-rebind.b.pcap", what: "video to B 1915673095: packets", reason: STRANGER },
    Exception { capture: "c-nat-rebind.b.pcap", what: "video to B 1915673095: bytes", reason: STRANGER },
];
