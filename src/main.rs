//! The `rtcscope` program: everything it does is in the library's [`rtcscope::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    rtcscope::cli::run(std::env::args_os())
}
