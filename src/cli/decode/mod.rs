//! `rtcscope decode`: one message, field by field.

mod candidate;
mod context;
mod hex;
mod input;
mod line;
mod rtcp;
mod rtp;
mod stun;

use super::args::Decode;
use super::exit::Exit;
use super::fault::Fault;
use super::output::Output;
use super::secrets::Secrets;
use context::MediaContext;
use input::{Asked, Kind};

pub(super) fn run(command: &Decode) -> Result<Exit, Fault> {
    if let Some(text) = candidate::asked(&command.words)? {
        MediaContext::refuse(&command.media, "a candidate")?;
        return candidate::run(&text, command);
    }
    let secrets = Secrets::new(&command.secrets)?;
    let asked = Asked::new(&command.words)?;
    let media = MediaContext::new(&command.media)?;
    let bytes = asked.bytes()?;
    let open = || Output::open(&command.output, &asked.files());
    let mut output = match asked.kind.unwrap_or_else(|| Kind::guessed(&bytes)) {
        Kind::Stun => {
            let message = stun::parse(&bytes, asked.kind)?;
            MediaContext::refuse(&command.media, "a STUN message")?;
            let mut output = open()?;
            stun::show(&message, &secrets, command.format, &mut output)?;
            output
        }
        Kind::Rtp => {
            let packet = rtp::parse(&bytes)?;
            let mut output = open()?;
            rtp::show(&packet, &media, command.format, &mut output)?;
            output
        }
        Kind::Rtcp => {
            let shown = rtcp::read(&bytes, &media)?;
            MediaContext::refuse_rtp(&command.media, "RTCP")?;
            let mut output = open()?;
            rtcp::show(&shown, command.format, &mut output)?;
            output
        }
    };
    output.flush()?;
    Ok(Exit::Done)
}
