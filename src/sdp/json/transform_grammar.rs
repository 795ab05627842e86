//! The fields of `sdp-transform`'s JSON, and where they stand in a line.
//!
//! One row a field: the line's letter, the name in the JSON, what becomes of a second line, and the pattern
//! (see `transform_pattern`). A line is the first row that fits, so the order of the rows counts; it is also
//! the order in which lines are written.

use super::transform_pattern::{Piece, pieces};

/// What a line becomes in the JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// An entry of an array, an object.
    Push,
    /// A member that is an object; a second line fills the same one.
    Object,
    /// A member that is a value; a second line replaces it.
    Single,
}

/// A row, ready for use.
pub(super) struct Row {
    pub(super) letter: char,
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) pattern: Vec<Piece>,
}

use Shape::{Object, Push, Single};

const ROWS: &[(char, &str, Shape, &str)] = &[
    ('v', "version", Single, "{:d}$"),
    ('o', "origin", Object, "{username:s} {sessionId:d} {sessionVersion:d} {netType:s} IP{ipVer:D} {address:s}"),
    ('s', "name", Single, "{:r}"),
    ('i', "description", Single, "{:r}"),
    ('u', "uri", Single, "{:r}"),
    ('e', "email", Single, "{:r}"),
    ('p', "phone", Single, "{:r}"),
    ('c', "connection", Object, "IN IP{version:D} {ip:s}"),
    ('b', "bandwidth", Push, "{type=TIAS|AS|CT|RR|RS}:{limit:d}"),
    ('t', "timing", Object, "{start:d} {stop:d}"),
    ('r', "repeats", Single, "{:r}"),
    ('z', "timezones", Single, "{:r}"),
    ('m', "", Object, "{type:w} {port:d} {protocol:p}[ {payloads:r}]"),
    ('a', "rtp", Push, "rtpmap:{payload:d} {codec:c}[~/{rate:d}[~/{encoding:s}]]"),
    ('a', "fmtp", Push, "fmtp:{payload:d} {config:z}"),
    ('a', "control", Single, "control:{:r}"),
    ('a', "rtcp", Object, "rtcp:{port:d}[ {netType:s} IP{ipVer:D} {address:s}]"),
    ('a', "rtcpFbTrrInt", Push, "rtcp-fb:{payload:P} trr-int {value:d}"),
    ('a', "rtcpFb", Push, "rtcp-fb:{payload:P} {type:k}[ {subtype:k}]"),
    (
        'a',
        "ext",
        Push,
        "extmap:{value:d+}[/{direction:w+}][ {encrypt-uri=urn:ietf:params:rtp-hdrext:encrypt}] {uri:s}[ {config:s}]",
    ),
    ('a', "extmapAllowMixed", Single, "{=extmap-allow-mixed}"),
    ('a', "crypto", Push, "crypto:{id:d} {suite:w} {config:s}[ {sessionConfig:s}]"),
    ('a', "setup", Single, "setup:{:w}"),
    ('a', "connectionType", Single, "connection:{=new|existing}"),
    ('a', "mid", Single, "mid:{:s}"),
    ('a', "msid", Push, "msid:{id:k+}[ {appdata:k+}]"),
    ('a', "ptime", Single, "ptime:{:n}"),
    ('a', "maxptime", Single, "maxptime:{:n}"),
    ('a', "direction", Single, "{=sendrecv|recvonly|sendonly|inactive}"),
    ('a', "icelite", Single, "{=ice-lite}"),
    ('a', "iceUfrag", Single, "ice-ufrag:{:s}"),
    ('a', "icePwd", Single, "ice-pwd:{:s}"),
    ('a', "fingerprint", Object, "fingerprint:{type:s} {hash:s}"),
    (
        'a',
        "candidates",
        Push,
        "candidate:{foundation:s} {component:d} {transport:s} {priority:d} {ip:s} {port:d} typ {type:s}\
         [ raddr {raddr:s} rport {rport:d}][ tcptype {tcptype:s}][ generation {generation:d}]\
         [ network-id {network-id:d}][ network-cost {network-cost:d}]",
    ),
    ('a', "endOfCandidates", Single, "{=end-of-candidates}"),
    ('a', "remoteCandidates", Single, "remote-candidates:{:r}"),
    ('a', "iceOptions", Single, "ice-options:{:s}"),
    ('a', "ssrcs", Push, "ssrc:{id:d} {attribute:k}[:{value:r}]"),
    ('a', "ssrcGroups", Push, "ssrc-group:{semantics:g} {ssrcs:r}"),
    ('a', "msidSemantic", Object, "msid-semantic:[_]{semantic:w} {token:s}"),
    ('a', "groups", Push, "group:{type:w} {mids:r}"),
    ('a', "rtcpMux", Single, "{=rtcp-mux}"),
    ('a', "rtcpRsize", Single, "{=rtcp-rsize}"),
    ('a', "sctpmap", Object, "sctpmap:{sctpmapNumber:p} {app:s}[ {maxMessageSize:s}]"),
    ('a', "xGoogleFlag", Single, "x-google-flag:{:s}"),
    ('a', "rids", Push, "rid:{id:w+} {direction:w+}[ {params:z}]"),
    ('a', "imageattrs", Push, "imageattr:{pt:Q}_~{dir1=send|recv}_~{attrs1:i}[_~{dir2=recv|send}_~{attrs2:i}]"),
    ('a', "simulcast", Object, "simulcast:{dir1=send|recv} {list1:y+}[[_]{dir2=send|recv} {list2:y+}]$"),
    ('a', "simulcast_03", Object, "simulcast:_~{value:r+}"),
    ('a', "framerate", Single, "framerate:{:f}"),
    (
        'a',
        "sourceFilter",
        Object,
        "source-filter:^{filterMode=excl|incl} {netType:s} {addressTypes=IP4|IP6|*} {destAddress:s} {srcList:r}",
    ),
    ('a', "bundleOnly", Single, "{=bundle-only}"),
    ('a', "label", Single, "label:{:r+}"),
    ('a', "sctpPort", Single, "sctp-port:{:d+}$"),
    ('a', "maxMessageSize", Single, "max-message-size:{:d+}$"),
    ('a', "tsRefClocks", Push, "ts-refclk:{clksrc:e}[={clksrcExt:s}]"),
    (
        'a',
        "mediaClk",
        Object,
        "mediaclk:[id={id:s}]^{mediaClockName:e}[={mediaClockValue:s}][^rate={rateNumerator:d+}/{rateDenominator:d+}]",
    ),
    ('a', "keywords", Single, "keywds:{:r+}"),
    ('a', "content", Single, "content:{:r+}"),
    ('a', "bfcpFloorCtrl", Single, "floorctrl:{=c-only|s-only|c-s}"),
    ('a', "bfcpConfId", Single, "confid:{:d+}"),
    ('a', "bfcpUserId", Single, "userid:{:d+}"),
    ('a', "bfcpFloorId", Object, "floorid:{id:b} {=mstrm|m-stream}:{mStream:r+}"),
    ('a', "invalid", Push, "{value:r}"),
];

/// The rows with their patterns read.
pub(super) fn rows() -> Vec<Row> {
    let read = |(letter, name, shape, pattern): &(char, &'static str, Shape, &'static str)| Row {
        letter: *letter,
        name,
        shape: *shape,
        pattern: pieces(pattern),
    };
    ROWS.iter().map(read).collect()
}
