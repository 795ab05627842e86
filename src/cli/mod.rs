//! Arguments in, exit code out: the only room that prints.
//!
//! Standard output carries data only; progress, warnings and errors go to standard error, each on one line. The exit code is
//! 0 when the job was done, 1 when it was done and a finding is at or above `--fail-on`, and 2 when it could not be done. Whoever closes
//! the pipe ends the program quietly.

mod analyze;
mod args;
mod decode;
mod exit;
mod explain;
mod fault;
mod output;
mod progress;
mod sdp;
mod secrets;
mod spelling;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use exit::Exit;

/// Runs the program with `arguments`, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return exit::usage(&error).into(),
    };
    let ended = match arguments.command {
        Command::Analyze(command) => analyze::run(&command),
        Command::Decode(command) => decode::run(&command),
        Command::Explain(command) => explain::run(&command),
        Command::Sdp(command) => sdp::run(&command),
    };
    ended.unwrap_or_else(|fault| Exit::failed(&fault)).into()
}
