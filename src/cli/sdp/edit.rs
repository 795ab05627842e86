//! `rtcscope sdp edit`: the operations in the order in which they were typed.

use super::args::Edit;
use super::filter::{candidates, pair, wrong};
use super::input::Input;
use super::order::Order;
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
    let mut steps = Steps { order: &command.order, scope: Scope::new(&command.scope), list: Vec::new() };
    media(&mut steps, command)?;
    codecs(&mut steps, command)?;
    transport(&mut steps, command)?;
    rest(&mut steps, command)?;
    let changed = steps.run(&found.text).map_err(|source| Fault::Edit { path: input.path.clone(), source })?;
    if changed != found.text && number > 1 {
        return Err(Fault::SeveralDescriptions { path: input.path.clone(), count: number });
    }
    let whole =
        if changed == found.text { input.bytes.clone() } else { input.with(&found.text, &changed).unwrap_or(changed) };
    write::bytes(command.file.as_deref(), &whole)?;
    Ok(Exit::Done)
}

type Operation<'c> = Box<dyn FnOnce(&Document<'_>) -> Result<Vec<text::Edit>, EditError> + 'c>;

/// What is to be done, each with its place on the command line.
struct Steps<'c> {
    order: &'c Order,
    scope: Scope<'c>,
    list: Vec<(usize, Operation<'c>)>,
}

impl<'c> Steps<'c> {
    /// An operation for each use of an option that may be repeated.
    fn each<T>(
        &mut self,
        option: &str,
        values: &'c [T],
        operation: impl Fn(&'c T) -> Result<Operation<'c>, Fault>,
    ) -> Result<(), Fault> {
        for (index, value) in values.iter().enumerate() {
            self.list.push((self.order.place(option, index), operation(value)?));
        }
        Ok(())
    }

    /// One operation for an option, at the place where it was typed first.
    fn once<F>(&mut self, option: &str, operation: F)
    where
        F: FnOnce(&Document<'_>) -> Result<Vec<text::Edit>, EditError> + 'c,
    {
        self.list.push((self.order.place(option, 0), Box::new(operation)));
    }

    fn run(mut self, text: &[u8]) -> Result<Vec<u8>, EditError> {
        self.list.sort_by_key(|(place, _)| *place);
        let mut editor = Editor::new(text);
        for (_, operation) in self.list {
            editor = editor.edit(operation)?;
        }
        Ok(editor.finish())
    }
}

fn media<'c>(steps: &mut Steps<'c>, command: &'c Edit) -> Result<(), Fault> {
    let scope = steps.scope;
    if command.to_unified_plan {
        steps.once("to_unified_plan", edit::plan_b_to_unified);
    }
    if command.to_plan_b {
        steps.once("to_plan_b", edit::unified_to_plan_b);
    }
    steps.each("stop", &command.stop, |which| {
        Ok(Box::new(move |document| edit::stop_media(document, Scope::new(which))))
    })?;
    steps.each("drop", &command.drop, |which| {
        Ok(Box::new(move |document| edit::drop_media(document, Scope::new(which))))
    })?;
    steps.each("mid", &command.mid, |names| {
        let (old, new) = pair("--mid", "OLD=NEW", '=', names)?;
        Ok(Box::new(move |document| edit::set_mid(document, Scope::Mid(old), new)))
    })?;
    if let Some(word) = &command.direction {
        let expected = "sendrecv, sendonly, recvonly or inactive";
        let direction = Direction::from_name(word).ok_or_else(|| wrong("--direction", expected, word))?;
        steps.once("direction", move |document| edit::set_direction(document, scope, direction));
    }
    if let Some(layers) = command.simulcast {
        steps.once("simulcast", move |document| edit::limit_simulcast(document, scope, layers));
    }
    if command.no_simulcast {
        steps.once("no_simulcast", move |document| edit::drop_simulcast(document, scope));
    }
    if command.strip_ssrc {
        steps.once("strip_ssrc", move |document| edit::strip_sources(document, scope));
    }
    steps.each("bandwidth", &command.bandwidth, |limit| {
        let expected = "KIND=LIMIT, such as AS=500";
        let (kind, number) = pair("--bandwidth", expected, '=', limit)?;
        let number = number.parse().map_err(|_| wrong("--bandwidth", expected, limit))?;
        Ok(Box::new(move |document| edit::set_bandwidth(document, scope, kind, number)))
    })?;
    steps.each("remove_bandwidth", &command.remove_bandwidth, |kind| {
        let kind = (kind != "ALL").then_some(kind.as_str());
        Ok(Box::new(move |document| edit::remove_bandwidth(document, scope, kind)))
    })?;
    Ok(())
}

fn codecs<'c>(steps: &mut Steps<'c>, command: &'c Edit) -> Result<(), Fault> {
    let scope = steps.scope;
    if !command.keep.is_empty() {
        steps.once("keep", move |document| edit::keep_codecs(document, scope, &named(&command.keep)));
    }
    if !command.remove.is_empty() {
        steps.once("remove", move |document| edit::remove_codecs(document, scope, &named(&command.remove)));
    }
    if !command.prefer.is_empty() {
        steps.once("prefer", move |document| edit::prefer_codecs(document, scope, &named(&command.prefer)));
    }
    steps.each("renumber", &command.renumber, |numbers| {
        let expected = "OLD=NEW, payload types";
        let (old, new) = pair("--renumber", expected, '=', numbers)?;
        let (Ok(old), Ok(new)) = (old.parse(), new.parse()) else {
            return Err(wrong("--renumber", expected, numbers));
        };
        Ok(Box::new(move |document| edit::renumber_payload_type(document, scope, old, new)))
    })?;
    steps.each("set_fmtp", &command.set_fmtp, |parameter| {
        let expected = "CODEC:NAME=VALUE, such as opus:stereo=1";
        let (codec, rest) = pair("--set-fmtp", expected, ':', parameter)?;
        let (name, value) = pair("--set-fmtp", expected, '=', rest)?;
        Ok(Box::new(move |document| edit::set_parameter(document, scope, CodecPattern::new(codec), name, value)))
    })?;
    steps.each("remove_fmtp", &command.remove_fmtp, |parameter| {
        let (codec, name) = pair("--remove-fmtp", "CODEC:NAME, such as opus:stereo", ':', parameter)?;
        Ok(Box::new(move |document| edit::remove_parameter(document, scope, CodecPattern::new(codec), name)))
    })?;
    steps.each("add_rtcp_fb", &command.add_rtcp_fb, |feedback| {
        let (codec, words) = pair("--add-rtcp-fb", "CODEC:FEEDBACK, such as VP8:nack pli", ':', feedback)?;
        Ok(Box::new(move |document| edit::add_feedback(document, scope, CodecPattern::new(codec), words)))
    })?;
    steps.each("remove_rtcp_fb", &command.remove_rtcp_fb, |feedback| {
        let (codec, words) = match feedback.split_once(':') {
            Some((codec, words)) => (Some(CodecPattern::new(codec)), words),
            None => (None, feedback.as_str()),
        };
        Ok(Box::new(move |document| edit::remove_feedback(document, scope, codec, words)))
    })?;
    steps.each("add_extmap", &command.add_extmap, |uri| {
        Ok(Box::new(move |document| edit::add_extmap(document, scope, uri)))
    })?;
    steps.each("remove_extmap", &command.remove_extmap, |uri| {
        Ok(Box::new(move |document| edit::remove_extmap(document, scope, uri)))
    })?;
    Ok(())
}

fn named(words: &[String]) -> Vec<CodecPattern<'_>> {
    words.iter().map(|word| CodecPattern::new(word)).collect()
}

fn transport<'c>(steps: &mut Steps<'c>, command: &'c Edit) -> Result<(), Fault> {
    let scope = steps.scope;
    if command.relay_only {
        let relay = CandidateFilter { types: vec![CandidateType::Relay], ..CandidateFilter::default() };
        steps.once("relay_only", move |document| edit::filter_candidates(document, scope, &relay, true));
    }
    steps.each("keep_candidates", &command.keep_candidates, |words| {
        let filter = candidates(words)?;
        Ok(Box::new(move |document| edit::filter_candidates(document, scope, &filter, true)))
    })?;
    steps.each("remove_candidates", &command.remove_candidates, |words| {
        let filter = candidates(words)?;
        Ok(Box::new(move |document| edit::filter_candidates(document, scope, &filter, false)))
    })?;
    if let Some(address) = command.address {
        steps.once("address", move |document| edit::set_connection_address(document, scope, address));
    }
    if let Some(credentials) = &command.ice {
        let expected = Fault::Secret { option: "--ice", expected: "UFRAG=PWD" };
        let (ufrag, pwd) = credentials.split_once('=').ok_or(expected)?;
        steps.once("ice", move |document| edit::set_ice_credentials(document, scope, ufrag, pwd));
    }
    if let Some(fingerprint) = &command.fingerprint {
        let (function, hash) = pair("--fingerprint", "a hash function and a hash", ' ', fingerprint)?;
        steps.once("fingerprint", move |document| edit::set_fingerprint(document, scope, function, hash));
    }
    if let Some(word) = &command.setup {
        let setup = Setup::from_name(word);
        let setup = setup.ok_or_else(|| wrong("--setup", "active, passive, actpass or holdconn", word))?;
        steps.once("setup", move |document| edit::set_setup(document, scope, setup));
    }
    Ok(())
}

fn rest<'c>(steps: &mut Steps<'c>, command: &'c Edit) -> Result<(), Fault> {
    let scope = steps.scope;
    steps.each("remove_attribute", &command.remove_attribute, |name| {
        Ok(Box::new(move |document| edit::remove_attributes(document, scope, name)))
    })?;
    steps.each("add_attribute", &command.add_attribute, |attribute| {
        Ok(Box::new(move |document| edit::add_attribute(document, scope, attribute)))
    })?;
    if command.fmt {
        steps.once("fmt", move |document| Ok(edit::normalise(document)));
    }
    if command.redact {
        steps.once("redact", move |document| Ok(edit::redact(document)));
    }
    Ok(())
}
