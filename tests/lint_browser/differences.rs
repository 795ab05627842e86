//! Cases in which a browser did something else than was predicted, with the reason.

/// Those of Chromium.
pub(super) const CHROME: &[(&str, &str)] = &[(
    "p-setup-pair-holdconn",
    "`setup:holdconn` of an answer is refused when the transport applies it; of an offer it is taken, which is what the rule says",
)];

/// Those of Firefox.
pub(super) const FIREFOX: &[(&str, &str)] = &[
    (
        "good-proto-tcp",
        "TCP/TLS/RTP/SAVPF is a protocol that RFC 9429 names and Firefox does not know: no fault of the description",
    ),
    (
        "space-around-equals-before",
        "the line is passed over and with it what follows in its section, so that rtcp-mux is missing then: a coincidence of the case",
    ),
    (
        "m-proto-media-mismatch-data",
        "a data section that says it is RTP: what is told is its format, which is no number; Firefox looks for rtcp-mux first",
    ),
    ("rid-syntax-restriction", "a restriction without value, `max-width`: RFC 8851 allows restrictions without values"),
];
