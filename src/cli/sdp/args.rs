//! What was typed behind `rtcscope sdp`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::lint::{Check, Lint};
use super::order::Order;
use crate::cli::args::OutputArguments;

const EXAMPLES: &str = "\
Examples:
  rtcscope sdp show offer.sdp
  rtcscope sdp show webrtc_internals_dump.txt       every description in the dump
  rtcscope sdp lint --target chrome offer.sdp       every fault, who minds, and what mends it
  rtcscope sdp check offer.sdp answer.sdp           what was agreed on, and what is wrong
  rtcscope sdp edit --prefer H264 --in video offer.sdp
  rtcscope sdp diff offer.sdp answer.sdp
  rtcscope sdp convert --to sdp-transform offer.sdp

A FILE is a description, JSON that holds some ({type, sdp}, a webrtc-internals dump, a HAR file), or `-`.";

/// Show, check, tidy, compare, change and convert session descriptions
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(in crate::cli) struct Sdp {
    #[command(subcommand)]
    pub(super) command: SdpCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum SdpCommand {
    Show(Show),
    Lint(Box<Lint>),
    Check(Box<Check>),
    Fmt(Fmt),
    Diff(Diff),
    Edit(Box<Edit>),
    Convert(Convert),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For scripts
    Json,
}

/// Tell what a description says: transports, media, codecs, candidates
#[derive(Debug, Args)]
pub(super) struct Show {
    /// Files; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
    /// Show the lines themselves, sorted into the five blocks of a WebRTC description
    #[arg(long)]
    pub(super) blocks: bool,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// Write a description in its usual form: CRLF, lines in order, no stray white space
#[derive(Debug, Args)]
pub(super) struct Fmt {
    /// Files; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Change nothing; name the files that are not in the usual form, and exit with 1 if there are some
    #[arg(long)]
    pub(super) check: bool,
    /// Write to a file instead of standard output
    #[arg(short = 'o', long = "output", value_name = "FILE", conflicts_with = "check")]
    pub(super) file: Option<PathBuf>,
}

/// Tell what two descriptions say differently
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The old one
    #[arg(value_name = "A")]
    pub(super) old: PathBuf,
    /// The new one
    #[arg(value_name = "B")]
    pub(super) new: PathBuf,
    /// Exit with 1 when there is a difference
    #[arg(long)]
    pub(super) exit_code: bool,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    /// A description
    Sdp,
    /// The lossless JSON of this program
    Json,
    /// The JSON of the npm package sdp-transform
    SdpTransform,
    /// `{type, sdp}`
    Envelope,
}

/// Convert a description into JSON and back
#[derive(Debug, Args)]
pub(super) struct Convert {
    /// A file; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(super) path: PathBuf,
    /// What it is; a description, or JSON that holds one, where it is not said
    #[arg(long, value_enum)]
    pub(super) from: Option<Language>,
    /// What it becomes
    #[arg(long, value_enum)]
    pub(super) to: Language,
    /// The `type` of an envelope
    #[arg(long = "type", value_name = "TYPE", default_value = "offer")]
    pub(super) kind: String,
    /// Which of several descriptions, from 1
    #[arg(long, value_name = "N")]
    pub(super) pick: Option<usize>,
    /// JSON on one line
    #[arg(long)]
    pub(super) compact: bool,
    /// Write to a file instead of standard output
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

const EDIT_EXAMPLES: &str = "\
Examples:
  rtcscope sdp edit --prefer VP9,VP8 --in video offer.sdp
  rtcscope sdp edit --remove H264 --remove-rtcp-fb goog-remb offer.sdp
  rtcscope sdp edit --set-fmtp opus:stereo=1 --set-fmtp opus:maxaveragebitrate=128000 offer.sdp
  rtcscope sdp edit --relay-only offer.sdp
  rtcscope sdp edit --redact offer.sdp

Operations run in the order in which they are typed; --keep, --remove and --prefer, each typed several times, are
one list, done where the first stands. --in holds for all of them, wherever it stands. CODEC is a name (VP8,
opus/48000/2), a payload type, or a name with parameters (H264;profile-level-id=42e01f). SCOPE is all, session,
audio, video …, mid:MID, or an index from 0.
FILTER is words that all must hold: host srflx prflx relay, udp tcp, ip4 ip6 name, network=N, component=N.
Without an operation the input is printed unchanged.";

/// Change a description, and nothing of it that is not asked for
#[derive(Debug, Args)]
#[command(after_help = EDIT_EXAMPLES)]
pub(super) struct Edit {
    /// First of all, because reading a field takes it away from what clap knows
    #[command(flatten)]
    pub(super) order: Order,
    /// A file; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(super) path: PathBuf,
    /// What the operations are about
    #[arg(long = "in", value_name = "SCOPE", default_value = "all")]
    pub(super) scope: String,
    /// Which of several descriptions, from 1
    #[arg(long, value_name = "N")]
    pub(super) pick: Option<usize>,
    /// Write to a file instead of standard output
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// One m-line for each track
    #[arg(long, conflicts_with = "to_plan_b", help_heading = "Media")]
    pub(super) to_unified_plan: bool,
    /// One m-line for each kind of media
    #[arg(long, help_heading = "Media")]
    pub(super) to_plan_b: bool,
    /// Stop m-lines: port 0, out of the bundle
    #[arg(long, value_name = "SCOPE", help_heading = "Media")]
    pub(super) stop: Vec<String>,
    /// Take m-lines out
    #[arg(long, value_name = "SCOPE", help_heading = "Media")]
    pub(super) drop: Vec<String>,
    /// Rename m-lines
    #[arg(long, value_name = "OLD=NEW", help_heading = "Media")]
    pub(super) mid: Vec<String>,
    /// Set the direction: sendrecv, sendonly, recvonly, inactive
    #[arg(long, value_name = "DIRECTION", help_heading = "Media")]
    pub(super) direction: Option<String>,
    /// Keep the first layers of simulcast
    #[arg(long, value_name = "LAYERS", help_heading = "Media")]
    pub(super) simulcast: Option<usize>,
    /// No simulcast
    #[arg(long, conflicts_with = "simulcast", help_heading = "Media")]
    pub(super) no_simulcast: bool,
    /// No a=ssrc and a=ssrc-group lines
    #[arg(long, help_heading = "Media")]
    pub(super) strip_ssrc: bool,
    /// Set a limit on the rate, such as AS=500 (kbit/s) or TIAS=500000 (bit/s)
    #[arg(long, value_name = "KIND=LIMIT", help_heading = "Media")]
    pub(super) bandwidth: Vec<String>,
    /// Remove limits on the rate; ALL or a kind
    #[arg(long, value_name = "KIND", help_heading = "Media")]
    pub(super) remove_bandwidth: Vec<String>,

    /// Keep these codecs, remove all others
    #[arg(long, value_name = "CODEC,…", value_delimiter = ',', help_heading = "Codecs")]
    pub(super) keep: Vec<String>,
    /// Remove these codecs with all their lines
    #[arg(long, value_name = "CODEC,…", value_delimiter = ',', help_heading = "Codecs")]
    pub(super) remove: Vec<String>,
    /// Move these codecs to the front, in this order
    #[arg(long, value_name = "CODEC,…", value_delimiter = ',', help_heading = "Codecs")]
    pub(super) prefer: Vec<String>,
    /// Give a codec another payload type
    #[arg(long, value_name = "OLD=NEW", help_heading = "Codecs")]
    pub(super) renumber: Vec<String>,
    /// Set a parameter, such as opus:stereo=1
    #[arg(long, value_name = "CODEC:NAME=VALUE", help_heading = "Codecs")]
    pub(super) set_fmtp: Vec<String>,
    /// Remove a parameter
    #[arg(long, value_name = "CODEC:NAME", help_heading = "Codecs")]
    pub(super) remove_fmtp: Vec<String>,
    /// Add feedback, such as VP8:nack pli
    #[arg(long, value_name = "CODEC:FEEDBACK", help_heading = "Codecs")]
    pub(super) add_rtcp_fb: Vec<String>,
    /// Remove feedback, of one codec or of all
    #[arg(long, value_name = "[CODEC:]FEEDBACK", help_heading = "Codecs")]
    pub(super) remove_rtcp_fb: Vec<String>,
    /// Add a header extension
    #[arg(long, value_name = "URI", help_heading = "Codecs")]
    pub(super) add_extmap: Vec<String>,
    /// Remove a header extension
    #[arg(long, value_name = "URI", help_heading = "Codecs")]
    pub(super) remove_extmap: Vec<String>,

    /// Keep only candidates on TURN servers
    #[arg(long, help_heading = "Transport")]
    pub(super) relay_only: bool,
    /// Keep candidates, such as `udp,ip4`
    #[arg(long, value_name = "FILTER", help_heading = "Transport")]
    pub(super) keep_candidates: Vec<String>,
    /// Remove candidates, such as `tcp` or `host,ip6`; `all` removes all
    #[arg(long, value_name = "FILTER", help_heading = "Transport")]
    pub(super) remove_candidates: Vec<String>,
    /// Replace the address of c= and a=rtcp
    #[arg(long, value_name = "ADDRESS", help_heading = "Transport")]
    pub(super) address: Option<IpAddr>,
    /// Replace the ICE credentials
    #[arg(long, value_name = "UFRAG=PWD", help_heading = "Transport")]
    pub(super) ice: Option<String>,
    /// Replace the fingerprint, such as `sha-256 00:11:…`
    #[arg(long, value_name = "FINGERPRINT", help_heading = "Transport")]
    pub(super) fingerprint: Option<String>,
    /// Set the DTLS role: active, passive, actpass, holdconn
    #[arg(long, value_name = "ROLE", help_heading = "Transport")]
    pub(super) setup: Option<String>,

    /// Remove attributes of this name
    #[arg(long, value_name = "NAME", help_heading = "The rest")]
    pub(super) remove_attribute: Vec<String>,
    /// Add an attribute, such as `x-google-flag:conference`
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "The rest")]
    pub(super) add_attribute: Vec<String>,
    /// Bring it into its usual form
    #[arg(long, help_heading = "The rest")]
    pub(super) fmt: bool,
    /// Replace addresses, names and credentials by placeholders
    #[arg(long, help_heading = "The rest")]
    pub(super) redact: bool,
}
