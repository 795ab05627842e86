//! `rtcscope decode`: one message, field by field.

mod candidate;
mod hex;
mod input;
mod stun;

use super::args::Decode;
use super::exit::Exit;
use super::fault::Fault;
use super::output::Output;
use super::secrets::Secrets;

pub(super) fn run(command: &Decode) -> Result<Exit, Fault> {
    if let Some(text) = candidate::asked(&command.words)? {
        return candidate::run(&text, command);
    }
    let secrets = Secrets::new(&command.secrets)?;
    let asked = input::Asked::new(&command.words)?;
    let bytes = asked.bytes()?;
    let message = stun::parse(&bytes, asked.kind)?;
    let mut output = Output::open(&command.output, &asked.files())?;
    stun::show(&message, &secrets, command.format, &mut output)?;
    output.flush()?;
    Ok(Exit::Done)
}
