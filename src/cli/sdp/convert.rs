//! `rtcscope sdp convert`.

use serde_json::Value;

use super::args::{Convert, Language};
use super::input::{self, Input};
use super::write;
use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::sdp::Document;
use crate::sdp::json::{JsonError, from_json, from_sdp_transform, to_json, to_sdp_transform};

pub(super) fn run(command: &Convert) -> Result<Exit, Fault> {
    let (text, kind) = read(command)?;
    let bytes = match command.to {
        Language::Sdp => text,
        Language::Json => write::json(&to_json(&Document::parse(&text)), command.compact),
        Language::SdpTransform => write::json(&to_sdp_transform(&String::from_utf8_lossy(&text)), command.compact),
        Language::Envelope => {
            let kind = kind.unwrap_or_else(|| command.kind.clone());
            let envelope = serde_json::json!({ "type": kind, "sdp": String::from_utf8_lossy(&text) });
            write::json(&envelope, command.compact)
        }
    };
    write::bytes(command.file.as_deref(), &bytes)?;
    Ok(Exit::Done)
}

/// The description, and its type where that is said.
fn read(command: &Convert) -> Result<(Vec<u8>, Option<String>), Fault> {
    let path = command.path.to_string_lossy().into_owned();
    let value = || -> Result<Value, Fault> {
        let bytes = input::bytes(&command.path)?;
        serde_json::from_slice(&bytes).map_err(|source| Fault::Json { path: path.clone(), source })
    };
    let form = |source: JsonError| Fault::JsonForm { path: path.clone(), source };
    match command.from {
        Some(Language::Sdp) => Ok((input::bytes(&command.path)?, None)),
        Some(Language::Json) => Ok((from_json(&value()?).map_err(form)?, None)),
        Some(Language::SdpTransform) => Ok((from_sdp_transform(&value()?).map_err(form)?.into_bytes(), None)),
        Some(Language::Envelope) | None => {
            let input = Input::read(&command.path)?;
            let found = input.pick(command.pick)?;
            Ok((found.text.clone(), found.kind.clone()))
        }
    }
}
