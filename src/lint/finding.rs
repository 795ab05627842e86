//! One fault of a description: what [`finding::Finding`](crate::finding::Finding) is to a capture.

use std::borrow::Cow;
use std::fmt;

use super::rule::SdpRule;
use super::target::Verdicts;
use crate::finding::{Applicability, Fix, Severity};
use crate::text::{Edit, Span};

/// Which of the texts that were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Text {
    /// The one description that was looked at by itself.
    Description,
    /// The offer before the current one.
    PreviousOffer,
    /// The answer to the offer before.
    PreviousAnswer,
    /// The offer.
    Offer,
    /// The answer to it.
    Answer,
    /// What the browser created, before it was changed.
    Created,
    /// Trickled candidates.
    Candidates,
}

impl Text {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::PreviousOffer => "previous-offer",
            Self::PreviousAnswer => "previous-answer",
            Self::Offer => "offer",
            Self::Answer => "answer",
            Self::Created => "created",
            Self::Candidates => "candidates",
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A place in one of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which text.
    pub text: Text,
    /// Where in it; empty where something is missing.
    pub span: Span,
}

/// Another place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there, in a few words.
    pub message: Cow<'static, str>,
}

/// A place where a rule applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static SdpRule,
    /// How much it matters here.
    pub severity: Severity,
    /// Where: down to the token, and of something that is missing the line that lacks it.
    pub place: Place,
    /// The sentence that a person reads, with the names and numbers of the case.
    pub message: String,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// What mends it, where something is likely to.
    pub fix: Option<Fix>,
    /// What each target does with it.
    pub verdicts: Verdicts,
}

impl Finding {
    /// The same, with another place that explains it.
    pub fn label(&mut self, text: Text, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Self {
        self.labels.push(Label { place: Place { text, span }, message: message.into() });
        self
    }

    /// The same, with another place of the same text that explains it.
    pub fn also(&mut self, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Self {
        self.label(self.place.text, span, message)
    }

    /// The same, at another severity than its rule's.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// The same, where the targets do something else with it than with most of the rule.
    pub fn verdicts(&mut self, verdicts: Verdicts) -> &mut Self {
        self.verdicts = verdicts;
        self
    }

    /// The same, mended by `edits` without a change of meaning: applied by `--fix`.
    pub fn fix(&mut self, title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> &mut Self {
        self.fix = Some(Fix { title: title.into(), edits, applicability: Applicability::Safe });
        self
    }

    /// The same, likely to be mended by `edits`, which guess at what was meant: applied by `--unsafe-fixes` only.
    pub fn unsafe_fix(&mut self, title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> &mut Self {
        self.fix = Some(Fix { title: title.into(), edits, applicability: Applicability::Unsafe });
        self
    }
}

/// Collects the findings of one rule after the other.
#[derive(Debug)]
pub(super) struct Findings {
    found: Vec<Finding>,
    rule: &'static SdpRule,
    text: Text,
}

impl Findings {
    /// Nothing found yet; places are in `text` unless another one is named.
    pub(super) const fn new(rule: &'static SdpRule, text: Text) -> Self {
        Self { found: Vec::new(), rule, text }
    }

    /// From here on the findings are of `rule`.
    pub(super) const fn of_rule(&mut self, rule: &'static SdpRule) {
        self.rule = rule;
    }

    /// The rule applies at `span` of the text that is looked at.
    pub(super) fn at(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.at_text(self.text, span, message)
    }

    /// The rule applies at `span` of `text`.
    pub(super) fn at_text(&mut self, text: Text, span: Span, message: impl Into<String>) -> &mut Finding {
        let rule = self.rule;
        let finding = Finding {
            rule,
            severity: rule.rule.severity,
            place: Place { text, span },
            message: message.into(),
            labels: Vec::new(),
            fix: None,
            verdicts: rule.verdicts,
        };
        self.found.push_mut(finding)
    }

    /// Keeps those that are wanted.
    pub(super) fn retain(&mut self, wanted: impl FnMut(&Finding) -> bool) {
        self.found.retain(wanted);
    }

    /// All, in the order of their places.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        in_order(&mut self.found);
        self.found
    }
}

/// Puts findings in the order of their texts and places.
pub(super) fn in_order(found: &mut [Finding]) {
    found.sort_by(|one, other| {
        let key = |finding: &Finding| (finding.place.text, finding.place.span.start, finding.place.span.end);
        key(one).cmp(&key(other)).then_with(|| one.rule.rule.name.cmp(other.rule.rule.name))
    });
}
