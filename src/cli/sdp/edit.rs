//! `rtcscope sdp edit`: the operations in the order of the help page.

use super::args::Edit;
use super::filter::{candidates, pair, wrong};
use super::input::Input;
use super::write;
use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::sdp::edit::{self, CandidateFilter, CodecPattern, EditError, Editor, Scope};
use crate::sdp::{CandidateType, Direction, Document, Setup};
use crate::text;

pub(super) fn run(command: &Edit) -> Result<Exit, Fault> {
    let input = Input::read(&command.path)?;
    let (number, found) = match input.pick(command.pick) {
        Ok(found) => (1, found),
        // Without an operation the input is printed as it is, however many descriptions it holds.
        Err(fault) => match input.found.first() {
            Some(first) if command.pick.is_none() => (input.found.len(), first),
            _ => return Err(fault),
        },
    };
    let mut work =
        Work { editor: Editor::new(found.text.clone()), scope: Scope::new(&command.scope), path: &input.path };
    work = media(work, command)?;
    work = codecs(work, command)?;
    work = transport(work, command)?;
    work = rest(work, command)?;
    let changed = work.editor.finish();
    if changed != found.text && number > 1 {
        return Err(Fault::SeveralDescriptions { path: input.path.clone(), count: number });
    }
    let whole = if changed == found.text { input.bytes.clone() } else { input.with(&found.text, changed) };
    write::bytes(command.file.as_deref(), &whole)?;
    Ok(Exit::Done)
}

/// A description on its way.
struct Work<'w> {
    editor: Editor,
    scope: Scope<'w>,
    path: &'w str,
}

impl Work<'_> {
    fn step<F>(self, operation: F) -> Result<Self, Fault>
    where
        F: FnOnce(&Document<'_>) -> Result<Vec<text::Edit>, EditError>,
    {
        let Self { editor, scope, path } = self;
        let editor = editor.edit(operation).map_err(|source| Fault::Edit { path: path.to_owned(), source })?;
        Ok(Self { editor, scope, path })
    }
}

fn media<'w>(mut work: Work<'w>, command: &Edit) -> Result<Work<'w>, Fault> {
    let scope = work.scope;
    if command.to_unified_plan {
        work = work.step(edit::plan_b_to_unified)?;
    }
    if command.to_plan_b {
        work = work.step(edit::unified_to_plan_b)?;
    }
    for which in &command.stop {
        work = work.step(|document| edit::stop_media(document, Scope::new(which)))?;
    }
    for which in &command.drop {
        work = work.step(|document| edit::drop_media(document, Scope::new(which)))?;
    }
    for names in &command.mid {
        let (old, new) = pair("--mid", "OLD=NEW", '=', names)?;
        work = work.step(|document| edit::set_mid(document, Scope::Mid(old), new))?;
    }
    if let Some(word) = &command.direction {
        let expected = "sendrecv, sendonly, recvonly or inactive";
        let direction = Direction::from_name(word).ok_or_else(|| wrong("--direction", expected, word))?;
        work = work.step(|document| edit::set_direction(document, scope, direction))?;
    }
    if let Some(layers) = command.simulcast {
        work = work.step(|document| edit::limit_simulcast(document, scope, layers))?;
    }
    if command.no_simulcast {
        work = work.step(|document| edit::drop_simulcast(document, scope))?;
    }
    if command.strip_ssrc {
        work = work.step(|document| edit::strip_sources(document, scope))?;
    }
    for limit in &command.bandwidth {
        let expected = "KIND=LIMIT, such as AS=500";
        let (kind, number) = pair("--bandwidth", expected, '=', limit)?;
        let number = number.parse().map_err(|_| wrong("--bandwidth", expected, limit))?;
        work = work.step(|document| edit::set_bandwidth(document, scope, kind, number))?;
    }
    for kind in &command.remove_bandwidth {
        let kind = (kind != "ALL").then_some(kind.as_str());
        work = work.step(|document| edit::remove_bandwidth(document, scope, kind))?;
    }
    Ok(work)
}

fn codecs<'w>(mut work: Work<'w>, command: &Edit) -> Result<Work<'w>, Fault> {
    let scope = work.scope;
    if !command.keep.is_empty() {
        work = work.step(|document| edit::keep_codecs(document, scope, &named(&command.keep)))?;
    }
    if !command.remove.is_empty() {
        work = work.step(|document| edit::remove_codecs(document, scope, &named(&command.remove)))?;
    }
    if !command.prefer.is_empty() {
        work = work.step(|document| edit::prefer_codecs(document, scope, &named(&command.prefer)))?;
    }
    for numbers in &command.renumber {
        let expected = "OLD=NEW, payload types";
        let (old, new) = pair("--renumber", expected, '=', numbers)?;
        let (Ok(old), Ok(new)) = (old.parse(), new.parse()) else {
            return Err(wrong("--renumber", expected, numbers));
        };
        work = work.step(|document| edit::renumber_payload_type(document, scope, old, new))?;
    }
    for parameter in &command.set_fmtp {
        let expected = "CODEC:NAME=VALUE, such as opus:stereo=1";
        let (codec, rest) = pair("--set-fmtp", expected, ':', parameter)?;
        let (name, value) = pair("--set-fmtp", expected, '=', rest)?;
        work = work.step(|document| edit::set_parameter(document, scope, CodecPattern::new(codec), name, value))?;
    }
    for parameter in &command.remove_fmtp {
        let (codec, name) = pair("--remove-fmtp", "CODEC:NAME, such as opus:stereo", ':', parameter)?;
        work = work.step(|document| edit::remove_parameter(document, scope, CodecPattern::new(codec), name))?;
    }
    for feedback in &command.add_rtcp_fb {
        let (codec, words) = pair("--add-rtcp-fb", "CODEC:FEEDBACK, such as VP8:nack pli", ':', feedback)?;
        work = work.step(|document| edit::add_feedback(document, scope, CodecPattern::new(codec), words))?;
    }
    for feedback in &command.remove_rtcp_fb {
        let (codec, words) = match feedback.split_once(':') {
            Some((codec, words)) => (Some(CodecPattern::new(codec)), words),
            None => (None, feedback.as_str()),
        };
        work = work.step(|document| edit::remove_feedback(document, scope, codec, words))?;
    }
    for uri in &command.add_extmap {
        work = work.step(|document| edit::add_extmap(document, scope, uri))?;
    }
    for uri in &command.remove_extmap {
        work = work.step(|document| edit::remove_extmap(document, scope, uri))?;
    }
    Ok(work)
}

fn named(words: &[String]) -> Vec<CodecPattern<'_>> {
    words.iter().map(|word| CodecPattern::new(word)).collect()
}

fn transport<'w>(mut work: Work<'w>, command: &Edit) -> Result<Work<'w>, Fault> {
    let scope = work.scope;
    if command.relay_only {
        let relay = CandidateFilter { types: vec![CandidateType::Relay], ..CandidateFilter::default() };
        work = work.step(|document| edit::filter_candidates(document, scope, &relay, true))?;
    }
    for words in &command.keep_candidates {
        let filter = candidates(words)?;
        work = work.step(|document| edit::filter_candidates(document, scope, &filter, true))?;
    }
    for words in &command.remove_candidates {
        let filter = candidates(words)?;
        work = work.step(|document| edit::filter_candidates(document, scope, &filter, false))?;
    }
    if let Some(address) = command.address {
        work = work.step(|document| edit::set_connection_address(document, scope, address))?;
    }
    if let Some(credentials) = &command.ice {
        let expected = Fault::Secret { option: "--ice", expected: "UFRAG=PWD" };
        let (ufrag, pwd) = credentials.split_once('=').ok_or(expected)?;
        work = work.step(|document| edit::set_ice_credentials(document, scope, ufrag, pwd))?;
    }
    if let Some(fingerprint) = &command.fingerprint {
        let (function, hash) = pair("--fingerprint", "a hash function and a hash", ' ', fingerprint)?;
        work = work.step(|document| edit::set_fingerprint(document, scope, function, hash))?;
    }
    if let Some(word) = &command.setup {
        let setup = Setup::from_name(word);
        let setup = setup.ok_or_else(|| wrong("--setup", "active, passive, actpass or holdconn", word))?;
        work = work.step(|document| edit::set_setup(document, scope, setup))?;
    }
    Ok(work)
}

fn rest<'w>(mut work: Work<'w>, command: &Edit) -> Result<Work<'w>, Fault> {
    let scope = work.scope;
    for name in &command.remove_attribute {
        work = work.step(|document| edit::remove_attributes(document, scope, name))?;
    }
    for attribute in &command.add_attribute {
        work = work.step(|document| edit::add_attribute(document, scope, attribute))?;
    }
    if command.fmt {
        work = work.step(|document| Ok(edit::normalise(document)))?;
    }
    if command.redact {
        work = work.step(|document| Ok(edit::redact(document)))?;
    }
    Ok(work)
}
