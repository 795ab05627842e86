//! How a run ends.

use std::io::{self, Write};
use std::process::ExitCode;

use super::fault::Fault;

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// The job was done.
    Done,
    /// It was done, and there is a finding that the user said to fail on.
    Found,
    /// It could not be done, or not all of it.
    Failed,
}

impl Exit {
    /// What `fault` makes of a run: a closed pipe is no failure, all else is told.
    pub(super) fn failed(fault: &Fault) -> Self {
        if fault.is_closed_pipe() {
            return Self::Done;
        }
        tell(fault);
        Self::Failed
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Found => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}

/// Says `fault` on standard error, on one line. Nobody can be told where that is closed.
pub(super) fn tell(fault: &Fault) {
    let line = format!("rtcscope: {fault}").replace(['\n', '\r'], " ");
    let _ = writeln!(io::stderr(), "{line}");
}

/// Shows what the argument parser has to say: help and version are data, all else is a fault of usage.
pub(super) fn usage(error: &clap::Error) -> Exit {
    let shown = error.print();
    if error.use_stderr() || shown.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
        Exit::Failed
    } else {
        Exit::Done
    }
}
