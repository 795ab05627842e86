//! `rtcscope sdp`: session descriptions shown, checked, tidied, compared, changed, converted.

mod args;
mod convert;
mod diff;
mod edit;
mod filter;
mod fmt;
mod input;
mod lint;
mod order;
mod show;
mod write;

pub(super) use args::Sdp;
pub(super) use show::candidate_lines;

use super::exit::Exit;
use super::fault::Fault;

pub(super) fn run(command: &Sdp) -> Result<Exit, Fault> {
    match &command.command {
        args::SdpCommand::Show(command) => show::run(command),
        args::SdpCommand::Lint(command) => lint::run(command),
        args::SdpCommand::Check(command) => lint::check(command),
        args::SdpCommand::Fmt(command) => fmt::run(command),
        args::SdpCommand::Diff(command) => diff::run(command),
        args::SdpCommand::Edit(command) => edit::run(command),
        args::SdpCommand::Convert(command) => convert::run(command),
    }
}
