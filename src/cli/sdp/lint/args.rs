//! What was typed behind `rtcscope sdp lint` and `sdp check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::args::{FailOn, OutputArguments};
use crate::lint::{Profile, Role, Target};

const EXAMPLES: &str = "\
Examples:
  rtcscope sdp lint offer.sdp
  rtcscope sdp lint sdp/ 'captures/**/*.pcap'       every description in folders and captures
  rtcscope sdp lint --fix offer.sdp                 mend what can be mended surely
  rtcscope sdp lint --fix --diff offer.sdp          show what would be mended
  rtcscope sdp lint --target chrome,firefox offer.sdp
  rtcscope sdp lint --why-rejected offer.sdp        why a browser refuses it, the likeliest reason first
  rtcscope sdp lint --format sarif -o lint.sarif sdp/
  rtcscope explain sdp-bundle-unknown-mid           what a finding means, and what to do

A FILE is a description, JSON that holds some ({type, sdp}, a webrtc-internals dump), an rtcstats dump, a HAR file, a capture,
a folder, a glob, or `-`. rtcscope.toml, looked for in the folder of each file and upwards, may select and ignore rules.

Exit code: 0 done; 1 done, and a finding is at or above --fail-on; 2 it could not be done.";

/// Find every fault of descriptions: where, by which rule, who minds, and what mends it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli::sdp) struct Lint {
    /// Files, folders and globs; `-` reads standard input
    #[arg(required_unless_present = "list", value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) rules: RuleArguments,
    /// What a description is, where its file does not say it
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub(super) kind: Option<TypeName>,
    /// Mend what can be mended surely, in the files themselves; of standard input, the result goes to standard output
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix, also what guesses at the meaning
    #[arg(long, requires = "fix")]
    pub(super) unsafe_fixes: bool,
    /// With --fix, write no file but show what would change
    #[arg(long, requires = "fix")]
    pub(super) diff: bool,
    /// Tell why a target refuses the description: the likeliest reason first
    #[arg(long, conflicts_with = "fix")]
    pub(super) why_rejected: bool,
    /// List the rules that are looked for, and exit
    #[arg(long)]
    pub(super) list: bool,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// Which rules are looked for, and how what they find is shown.
#[derive(Debug, Args)]
pub(in crate::cli::sdp) struct RuleArguments {
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: LintFormat,
    /// Look for these rules only: names, starts of names with `*`, or ALL
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', help_heading = "Rules")]
    pub(super) select: Vec<String>,
    /// Look not for these rules
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', help_heading = "Rules")]
    pub(super) ignore: Vec<String>,
    /// What the description is for; what it looks like where it is not said
    #[arg(long, value_enum, value_name = "PROFILE", help_heading = "Rules")]
    pub(super) profile: Option<ProfileName>,
    /// Tell what these do with each finding [default: chrome,firefox,safari for webrtc]
    #[arg(long, value_enum, value_name = "TARGET,…", value_delimiter = ',', help_heading = "Rules")]
    pub(super) target: Vec<TargetName>,
    /// A configuration instead of the rtcscope.toml that is found
    #[arg(long, value_name = "FILE", help_heading = "Rules", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Look for no rtcscope.toml
    #[arg(long, help_heading = "Rules")]
    pub(super) no_config: bool,
    /// Exit with 1 when there is a finding of this severity or a worse one [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli::sdp) enum TypeName {
    /// It offers
    Offer,
    /// It answers
    Answer,
}

impl From<TypeName> for Role {
    fn from(name: TypeName) -> Self {
        match name {
            TypeName::Offer => Self::Offer,
            TypeName::Answer => Self::Answer,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli::sdp) enum LintFormat {
    /// For people: the line, the fault underlined
    Text,
    /// For scripts
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileName {
    /// Browsers and what talks to them
    Webrtc,
    /// Telephony
    Sip,
    /// Anything else
    Generic,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Webrtc => Self::Webrtc,
            ProfileName::Sip => Self::Sip,
            ProfileName::Generic => Self::Generic,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TargetName {
    /// Chrome, and what is built on libwebrtc
    Chrome,
    /// Firefox
    Firefox,
    /// Safari
    Safari,
    /// Who does what the RFCs say
    Rfc,
}

impl From<TargetName> for Target {
    fn from(name: TargetName) -> Self {
        match name {
            TargetName::Chrome => Self::Chrome,
            TargetName::Firefox => Self::Firefox,
            TargetName::Safari => Self::Safari,
            TargetName::Rfc => Self::Rfc,
        }
    }
}
