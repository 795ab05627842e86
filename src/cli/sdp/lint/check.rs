//! `rtcscope sdp check`: an answer beside its offer.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::args::{LintFormat, RuleArguments};
use super::config::Configurations;
use super::show::{Shown, judged, targets};
use crate::cli::args::OutputArguments;
use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::cli::output::Output;
use crate::cli::sdp::input::{self, Input};
use crate::lint::{self, Finding, Pairing, Place, Round, Text, TrickledText};
use crate::report::json as rendered;
use crate::report::lint::{Row, SourceText, Sources, agreement};
use crate::report::model::AgreedOn;
use crate::sdp::{Document, Value as LineValue};
use crate::text::Span;

const EXAMPLES: &str = "\
Examples:
  rtcscope sdp check offer.sdp answer.sdp
  rtcscope sdp check --previous-offer o1.sdp --previous-answer a1.sdp o2.sdp a2.sdp
  rtcscope sdp check --candidate trickled.txt offer.sdp answer.sdp
  rtcscope sdp check --created created.sdp offer.sdp answer.sdp      what munging changed, as libwebrtc classifies it

Exit code: 0 done; 1 done, and a finding is at or above --fail-on; 2 it could not be done.";

/// Tell what an offer and its answer agree on, and what is wrong in either or between them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli::sdp) struct Check {
    /// The offer: a description, or JSON that holds one
    #[arg(value_name = "OFFER")]
    offer: PathBuf,
    /// The answer
    #[arg(value_name = "ANSWER")]
    answer: PathBuf,
    /// The offer before this one
    #[arg(long, value_name = "FILE")]
    previous_offer: Option<PathBuf>,
    /// The answer to it
    #[arg(long, value_name = "FILE", requires = "previous_offer")]
    previous_answer: Option<PathBuf>,
    /// Candidates that were trickled: lines, a trickle-ice-sdpfrag, or RTCIceCandidateInit objects as JSON, one a line or in a list
    #[arg(long, value_name = "FILE")]
    candidate: Vec<PathBuf>,
    /// What createOffer or createAnswer gave, before it was changed: the origin line tells which of the two it became
    #[arg(long, value_name = "FILE")]
    created: Vec<PathBuf>,
    #[command(flatten)]
    rules: RuleArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// A description that was read.
struct Given {
    path: String,
    /// Which description of the file it is, where the file is more than one.
    title: Option<String>,
    text: Vec<u8>,
}

impl Given {
    fn read(path: &Path) -> Result<Self, Fault> {
        let input = Input::read(path)?;
        let found = input.pick(None)?;
        if !input::is_description(&found.text) {
            return Err(Fault::NoDescription { path: input.path });
        }
        let title = Some(found.title.clone()).filter(|title| !title.is_empty());
        Ok(Self { title, text: found.text.clone(), path: input.path })
    }

    fn source(&self, text: Text) -> SourceText<'_> {
        SourceText::new(text, &self.path, self.title.as_deref(), &self.text)
    }
}

/// A text beside offer and answer that findings are in: which, its path, its bytes.
type Beside<'a> = (Text, &'a str, &'a [u8]);

pub(in crate::cli::sdp) fn run(command: &Check) -> Result<Exit, Fault> {
    let paths = [&command.offer, &command.answer].into_iter().chain(&command.previous_offer);
    let paths = paths.chain(&command.previous_answer).chain(&command.candidate).chain(&command.created);
    if paths.clone().filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(Fault::InputTwice);
    }
    let settings = Configurations::new(&command.rules)?.of(&command.offer)?;
    let read = |path: &Option<PathBuf>| path.as_deref().map(Given::read).transpose();
    let (offer, answer) = (Given::read(&command.offer)?, Given::read(&command.answer)?);
    let (before, answered) = (read(&command.previous_offer)?, read(&command.previous_answer)?);
    let texts = command.candidate.iter().map(|path| Candidates::read(path)).collect::<Result<Vec<_>, _>>()?;
    let created = command.created.iter().map(|path| Given::read(path)).collect::<Result<Vec<_>, _>>()?;
    let inputs: Vec<PathBuf> = paths.cloned().collect();
    let mut shown = Shown::new(command.rules.format, Output::open(&command.output, &inputs)?).without_fixes();

    let [offered, answering] = [&offer, &answer].map(|given| Document::parse(&given.text));
    let before_parsed = before.as_ref().map(|given| Document::parse(&given.text));
    let answered_parsed = answered.as_ref().map(|given| Document::parse(&given.text));
    let mut pairing = Pairing::new(&offered, &answering);
    if let Some(before) = &before_parsed {
        pairing = pairing.after(before, answered_parsed.as_ref());
    }
    let report = lint::check(&pairing, &settings.options);
    let options = lint::Options { profile: Some(report.profile), ..settings.options.clone() };
    let whom = targets(&settings, report.profile).to_vec();
    shown.text(|width, out| agreement(&report.agreement, width, out))?;
    let mut groups: Vec<(Vec<Finding>, Option<Beside<'_>>)> = vec![(report.findings, None)];
    if let Some(before) = &before_parsed {
        let mut previous = Round::new(before);
        if let Some(answered) = &answered_parsed {
            previous = previous.answered(answered);
        }
        let current = Round::new(&offered).answered(&answering);
        groups.push((lint::check_rounds(previous, current, &options), None));
    }
    for candidates in &texts {
        for findings in candidates.check(&offered, &answering, &options) {
            groups.push((findings, Some((Text::Candidates, &candidates.path, candidates.text.as_bytes()))));
        }
    }
    for given in &created {
        let document = Document::parse(&given.text);
        let (became, text) = match (session_id(&document), session_id(&answering)) {
            (Some(own), Some(other)) if own == other => (&answering, Text::Answer),
            _ => (&offered, Text::Offer),
        };
        let mut findings = lint::check_munging(&document, became, &options);
        // They are about the description that the created one became.
        let moved = |place: &mut Place| {
            if place.text == Text::Description {
                place.text = text;
            }
        };
        for finding in &mut findings {
            moved(&mut finding.place);
            finding.labels.iter_mut().for_each(|label| moved(&mut label.place));
        }
        groups.push((findings, Some((Text::Created, &given.path, &given.text))));
    }

    let mut exit = Exit::Done;
    for (findings, extra) in &groups {
        let mut given = vec![offer.source(Text::Offer), answer.source(Text::Answer)];
        given.extend(before.as_ref().map(|before| before.source(Text::PreviousOffer)));
        given.extend(answered.as_ref().map(|answered| answered.source(Text::PreviousAnswer)));
        given.extend(extra.map(|(text, path, bytes)| SourceText::new(text, path, None, bytes)));
        let sources = Sources::new(given);
        shown.findings(findings, &sources, &whom)?;
        exit = exit.max(judged(findings, &settings));
    }
    shown.counted(2 + usize::from(before.is_some()) + usize::from(answered.is_some()) + created.len());
    if command.rules.format == LintFormat::Json {
        let negotiated = AgreedOn::new(&report.agreement);
        let document = |rows: &[Row]| json!({ "negotiated": negotiated, "findings": rows });
        return shown.document(|rows, layout, out| rendered::render(&document(rows), layout, out)).map(|()| exit);
    }
    shown.finish()?;
    Ok(exit)
}

/// The session id of a description, by which a created one is known again.
fn session_id(document: &Document<'_>) -> Option<String> {
    document.session().lines().iter().find_map(|line| match line.parse() {
        Ok(LineValue::Origin(origin)) => Some(origin.session_id.to_owned()),
        _ => None,
    })
}

/// A text of candidates, and what each of them came with.
struct Candidates {
    path: String,
    text: String,
    /// Cut from JSON: text, mid, index, user fragment, and where it stands. Empty where the text is lines.
    cut: Vec<Cut>,
}

struct Cut {
    text: String,
    span: Span,
    mid: Option<String>,
    index: Option<usize>,
    fragment: Option<String>,
}

impl Cut {
    fn trickled(&self) -> TrickledText<'_> {
        TrickledText {
            text: &self.text,
            span: self.span,
            mid: self.mid.as_deref(),
            index: self.index,
            username_fragment: self.fragment.as_deref(),
        }
    }
}

impl Candidates {
    fn read(path: &Path) -> Result<Self, Fault> {
        let bytes = input::bytes(path)?;
        let path = path.to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let cut = if text.trim_start().starts_with(['{', '[']) { cut(&text, &path)? } else { Vec::new() };
        let read = Self { path, text, cut };
        if read.list().is_empty() {
            return Err(Fault::NoCandidate { path: read.path });
        }
        Ok(read)
    }

    fn list(&self) -> Vec<TrickledText<'_>> {
        if self.cut.is_empty() {
            return TrickledText::read(&self.text);
        }
        self.cut.iter().map(Cut::trickled).collect()
    }

    /// What is wrong with those of the offerer and with those of the answerer: a user fragment says whose a candidate is; without
    /// one it is taken for the answerer's.
    fn check(&self, offer: &Document<'_>, answer: &Document<'_>, options: &lint::Options) -> Vec<Vec<Finding>> {
        let offers = |one: &TrickledText<'_>| {
            let fragment = one.username_fragment.or_else(|| {
                let mut words = one.text.split_whitespace().skip_while(|word| *word != "ufrag");
                words.nth(1)
            });
            fragment.is_some_and(|own| offer.media().any(|section| section.ice_ufrag() == Some(own)))
        };
        let (offered, answered): (Vec<_>, Vec<_>) = self.list().into_iter().partition(offers);
        let both = [(offered, offer), (answered, answer)].into_iter().filter(|(list, _)| !list.is_empty());
        both.map(|(list, document)| lint::check_candidates(document, &list, options)).collect()
    }
}

/// The candidates of JSON: a list, or one object a line.
fn cut(text: &str, path: &str) -> Result<Vec<Cut>, Fault> {
    let mut found = Vec::new();
    let whole: Result<Value, _> = serde_json::from_str(text);
    let values: Vec<(Value, Span)> = match whole {
        Ok(Value::Array(list)) => list.into_iter().map(|value| (value, Span::new(0, text.len()))).collect(),
        Ok(value) => vec![(value, Span::new(0, text.trim_end().len()))],
        Err(_) => {
            let mut at = 0;
            let mut values = Vec::new();
            for line in text.split_inclusive('\n') {
                let content = line.trim();
                if !content.is_empty() {
                    let source = |source| Fault::Json { path: path.to_owned(), source };
                    let value = serde_json::from_str(content).map_err(source)?;
                    values.push((value, Span::new(at, at + line.trim_end().len())));
                }
                at += line.len();
            }
            values
        }
    };
    for (value, span) in values {
        let word = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let Some(candidate) = word("candidate") else { continue };
        let index = value.get("sdpMLineIndex").and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok());
        // The text of the candidate itself, where it stands as it is.
        let span = text
            .get(span.start..span.end)
            .and_then(|part| part.find(&candidate))
            .map_or(span, |at| Span::new(span.start + at, span.start + at + candidate.len()));
        found.push(Cut { text: candidate, span, mid: word("sdpMid"), index, fragment: word("usernameFragment") });
    }
    Ok(found)
}
