//! What was found: one shape for every diagnosis of a capture and every fault of a text.
//!
//! A [`Rule`] is a documented item that exists once; a [`Finding`] is one place where it applies. The rooms that
//! make findings (`diagnose`, `lint`) do not know each other; they share this vocabulary.

use std::borrow::Cow;
use std::fmt;

use crate::moment::{FrameNumber, Moment};
use crate::text::{Edit, Span};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Something is likely to hurt.
    Warning,
    /// Something failed or cannot work.
    Error,
}

impl Severity {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One thing that can be found, with its explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name in lower-case kebab, stable between versions.
    pub name: &'static str,
    /// How much it matters where a finding does not say otherwise.
    pub severity: Severity,
    /// One line: what it says.
    pub summary: &'static str,
    /// What it means, in a paragraph.
    pub what: &'static str,
    /// Why it matters to a call.
    pub why: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// Where it is written: RFC and section, or the implementation that behaves so.
    pub source: &'static str,
}

/// How surely a fix leaves the meaning as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// It guesses at what was meant.
    Unsafe,
    /// The text means afterwards what its writer meant before.
    Safe,
}

impl Applicability {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// A change of the text that mends what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: `add a=rtcp-mux`.
    pub title: Cow<'static, str>,
    /// The change; no other byte is touched.
    pub edits: Vec<Edit>,
    /// How sure it is.
    pub applicability: Applicability,
}

/// What a finding is about: a kind of thing and its id in the report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// `capture`, `ice-session`, `pair`, `allocation`, `flow` and the like.
    pub kind: &'static str,
    /// Its id in the same document.
    pub id: String,
}

/// What a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// Frames of a capture, in order; the first is where it came to light.
    Frames(Vec<FrameNumber>),
    /// A place in a text.
    Text(Span),
    /// A byte offset in a file.
    Offset(u64),
}

/// A place where a rule applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static Rule,
    /// How much it matters here.
    pub severity: Severity,
    /// The sentence that a person reads, with the names and numbers of the case.
    pub message: String,
    /// When it came to light, where it has a time.
    pub moment: Option<Moment>,
    /// What it is about.
    pub subject: Option<Subject>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// A finding of `rule` at the rule's own severity, without time, subject or evidence.
    #[must_use]
    pub fn new(rule: &'static Rule, message: String) -> Self {
        Self { rule, severity: rule.severity, message, moment: None, subject: None, evidence: Vec::new() }
    }

    /// The same, come to light at `moment`.
    #[must_use]
    pub fn at(mut self, moment: Moment) -> Self {
        self.moment = Some(moment);
        self
    }

    /// The same, about `kind` `id`.
    #[must_use]
    pub fn about(mut self, kind: &'static str, id: impl Into<String>) -> Self {
        self.subject = Some(Subject { kind, id: id.into() });
        self
    }

    /// The same, resting on `frames`.
    #[must_use]
    pub fn frames(mut self, frames: impl IntoIterator<Item = FrameNumber>) -> Self {
        self.evidence.push(Evidence::Frames(frames.into_iter().collect()));
        self
    }

    /// The same, at another severity than the rule's own.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
