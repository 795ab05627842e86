//! What was typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::finding::Severity;

const EXAMPLES: &str = "\
Examples:
  rtcscope analyze call.pcap                     what happened in a capture
  rtcscope analyze --format json call.pcap       the same for scripts
  tcpdump -U -w - | rtcscope analyze -           a capture that is still being made
  rtcscope explain ice-consent-lost              what a finding means, and what to do
  rtcscope decode stun 000100002112a442...       one message, field by field
  rtcscope sdp show offer.sdp                    what a session description says";

/// WebRTC in packet captures: ICE, TURN and STUN reconstructed
#[derive(Debug, Parser)]
#[command(name = "rtcscope", version, after_help = EXAMPLES, max_term_width = 100, subcommand_required = true)]
#[command(arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Analyze(Analyze),
    Decode(Decode),
    Explain(Explain),
    Sdp(super::sdp::Sdp),
}

const ANALYZE_EXAMPLES: &str = "\
Examples:
  rtcscope analyze call.pcap
  rtcscope analyze --format json call.pcap | jq '.ice.sessions[].state'
  rtcscope analyze --fail-on error night/*.pcap.gz
  rtcscope analyze --streams call.pcap
  rtcscope analyze --series --format json call.pcap | jq '.rtp.streams[].traffic.series'
  rtcscope analyze --internals webrtc_internals_dump.txt call.pcap
  rtcscope analyze --ice-pwd 4XqC=thePasswordOfIt call.pcap
  tcpdump -U -w - udp | rtcscope analyze --format ndjson -

Exit code: 0 done; 1 done, and a finding is at or above --fail-on; 2 it could not be done.";

/// Tell what happened in captures: calls, signalling, ICE sessions, TURN allocations, findings
#[derive(Debug, Args)]
#[command(after_help = ANALYZE_EXAMPLES)]
pub(super) struct Analyze {
    /// Captures: pcap or pcapng, plain, gzip or zstd; `-` reads standard input
    #[arg(required = true, value_name = "CAPTURE")]
    pub(super) captures: Vec<PathBuf>,
    /// How to show it: text for people, one JSON document a capture, or events as JSON lines while they happen
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: AnalyzeFormat,
    /// Keep and show every entry of long lists
    #[arg(long)]
    pub(super) all: bool,
    /// Show the whole sheet of each media stream: formats, losses and their runs, jitter, frames, RTCP, quality; of text, JSON has it always
    #[arg(long)]
    pub(super) streams: bool,
    /// Keep for each media stream what came in each second: in JSON, and in text with --streams
    #[arg(long)]
    pub(super) series: bool,
    /// Exit with 1 when there is a finding of this severity or a worse one
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "never")]
    pub(super) fail_on: FailOn,
    /// Replace addresses, host names and user names by placeholders
    #[arg(long)]
    pub(super) redact: bool,
    #[command(flatten)]
    pub(super) files: FileArguments,
    #[command(flatten)]
    pub(super) secrets: SecretArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// What was written down beside the capture. What a file is shows in its content, whichever option names it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Side knowledge")]
pub(super) struct FileArguments {
    /// Descriptions and candidates that were signalled: SDP, or JSON that holds them
    #[arg(long, value_name = "FILE")]
    pub(super) sdp: Vec<PathBuf>,
    /// What a browser wrote down: a chrome://webrtc-internals or rtcstats dump, or a HAR file; its clock is brought onto the capture's
    #[arg(long, value_name = "FILE")]
    pub(super) internals: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AnalyzeFormat {
    /// For people
    Text,
    /// One document a capture
    Json,
    /// Events as they happen, one object a line
    Ndjson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Something failed or cannot work
    Error,
    /// Something is likely to hurt
    Warning,
    /// Anything worth knowing
    Info,
    /// Findings do not change the exit code
    Never,
}

impl FailOn {
    /// The least severity that fails.
    pub(super) const fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

const DECODE_EXAMPLES: &str = "\
Examples:
  rtcscope decode stun 000100002112a442b7e7a701bc34d686fa87dfae
  rtcscope decode 'AAEAACESpEK356cBvDTWhvqH364='
  xxd message.bin | rtcscope decode stun -
  rtcscope decode --format json message.bin
  rtcscope decode rtp --extmap 3=abs-send-time --codec VP8 packet.bin
  rtcscope decode rtcp 81c9000700000001...
  rtcscope decode rtcp --srtp packet.bin         what SRTCP leaves in the clear
  rtcscope decode candidate 'candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host'

Hex may have spaces, colons, 0x and the offsets of xxd, hexdump -C, tcpdump -x and Wireshark.";

/// Show one message field by field
#[derive(Debug, Args)]
#[command(after_help = DECODE_EXAMPLES)]
pub(super) struct Decode {
    /// What it is (`stun`, `rtp`, `rtcp`, `candidate`; guessed when left out), and the message: hex, base64, the path of a
    /// file, or `-`
    #[arg(value_name = "[KIND] INPUT")]
    pub(super) words: Vec<OsString>,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: DecodeFormat,
    #[command(flatten)]
    pub(super) media: MediaArguments,
    #[command(flatten)]
    pub(super) secrets: SecretArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DecodeFormat {
    /// A tree with byte offsets
    Text,
    /// The same tree as JSON
    Json,
}

/// What is known of a stream that its packets do not say.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "RTP and RTCP")]
pub(super) struct MediaArguments {
    /// What an id of header extensions stands for, by the URI of `a=extmap` or its last part; may be repeated
    #[arg(long, value_name = "ID=URI|NAME")]
    pub(super) extmap: Vec<String>,
    /// The format of the payload, by its name in `a=rtpmap`: opus, VP8, H264, rtx, red, …
    #[arg(long, value_name = "NAME", conflicts_with = "srtp")]
    pub(super) codec: Option<String>,
    /// All behind the header is encrypted; of SRTCP, where the index stands
    #[arg(long, value_enum, value_name = "LAYOUT", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "auto")]
    pub(super) srtp: Option<SrtpLayout>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SrtpLayout {
    /// As E flag, index and length make it likely
    Auto,
    /// The index 14 bytes before the end (RFC 3711)
    Hmac,
    /// The index 4 bytes before the end (RFC 7714)
    Gcm,
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  rtcscope explain                               every rule, a line each
  rtcscope explain turn-quota                    what it means, why it matters, what to do";

/// Tell what a finding means, why it matters and what to do
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(super) struct Explain {
    /// The name of a rule, as findings show it; without one, the list of all
    pub(super) rule: Option<String>,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// What verifies MESSAGE-INTEGRITY. Taken as bytes, and never part of an error of the argument parser.
#[derive(Debug, Args)]
#[command(next_help_heading = "Side knowledge (never printed)")]
pub(super) struct SecretArguments {
    /// The password of a TURN user
    #[arg(long, value_name = "USERNAME=PASSWORD")]
    pub(super) turn_credential: Vec<OsString>,
    /// The secret that a TURN server shares with its application (TURN REST)
    #[arg(long, value_name = "SECRET")]
    pub(super) turn_secret: Vec<OsString>,
    /// The ICE password that belongs to a username fragment
    #[arg(long, value_name = "UFRAG=PASSWORD")]
    pub(super) ice_pwd: Vec<OsString>,
    /// A file with any of these, a line each: `turn-credential alice=…`, `turn-secret …`, `ice-pwd 4XqC=…`, `# comment`
    #[arg(long, value_name = "FILE")]
    pub(super) credentials: Vec<PathBuf>,
}

/// Where the output goes and how it looks.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct OutputArguments {
    /// Write to a file instead of standard output
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// Colours; auto looks for a terminal and `NO_COLOR`
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// Columns of the page; the terminal's, or 160 elsewhere
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub(super) width: Option<u16>,
    /// JSON on one line a document
    #[arg(long)]
    pub(super) compact: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
