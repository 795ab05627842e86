//! A rule of descriptions: its text, where it holds, what the targets do, examples, and the function that looks.

use super::context::{Context, Misread};
use super::example::Example;
use super::finding::Findings;
use super::pair::{Munged, Pair, Rounds, Trickle};
use super::profile::Profile;
use super::target::Verdicts;
use crate::finding::{Applicability, Rule};

/// One thing that can be wrong with a description, documented.
#[derive(Debug)]
pub struct SdpRule {
    /// Its name, text and source.
    pub rule: Rule,
    /// The profiles that it belongs to; empty for all.
    pub profiles: &'static [Profile],
    /// What each target does with it; a finding may say otherwise.
    pub verdicts: Verdicts,
    /// Whether it can be fixed, and how surely.
    pub fix: Option<Applicability>,
    /// Descriptions that break it; the text at fault stands between `«` and `»`.
    pub invalid: &'static [Example],
    /// Descriptions that do not.
    pub valid: &'static [Example],
    /// How it is found.
    pub(super) check: Check,
}

impl SdpRule {
    /// Whether it belongs to this profile.
    #[must_use]
    pub fn is_of(&self, profile: Profile) -> bool {
        self.profiles.is_empty() || self.profiles.contains(&profile)
    }

    /// What it looks at.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        match self.check {
            Check::Misread(_) | Check::Description(_) => Subject::Description,
            Check::Pair(_) => Subject::Pair,
            Check::Rounds(_) => Subject::Rounds,
            Check::Trickle(_) => Subject::Trickle,
            Check::Munged(_) => Subject::Munged,
        }
    }
}

impl SdpRule {
    /// Whether it is about lines that cannot be read at all.
    pub(super) const fn form(&self) -> Form {
        match self.check {
            Check::Misread(_) => Form::Unreadable,
            _ => Form::Readable,
        }
    }
}

/// Whether what a rule is about can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// It cannot: who reads the description meets it first.
    Unreadable,
    /// It can, and means something that it should not.
    Readable,
}

impl PartialEq for SdpRule {
    fn eq(&self, other: &Self) -> bool {
        self.rule.name == other.rule.name
    }
}

impl Eq for SdpRule {}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// One description by itself.
    Description,
    /// An offer and its answer.
    Pair,
    /// An offer or an answer and those before it.
    Rounds,
    /// Candidates that came by themselves, and the description that they are for.
    Trickle,
    /// What a browser created and what it was changed to.
    Munged,
}

impl Subject {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Pair => "pair",
            Self::Rounds => "rounds",
            Self::Trickle => "trickle",
            Self::Munged => "munged",
        }
    }
}

/// How a rule is found.
#[derive(Debug, Clone, Copy)]
pub(super) enum Check {
    /// Among the lines that make no sense: says whether the fault is its own, and reports it. Each fault goes to the first
    /// rule, in the order of the tables, that takes it.
    Misread(fn(&Context<'_, '_>, &Misread<'_, '_>, &mut Findings) -> bool),
    /// In what the description says.
    Description(fn(&Context<'_, '_>, &mut Findings)),
    /// Between an offer and its answer.
    Pair(fn(&Pair<'_, '_, '_>, &mut Findings)),
    /// Between a round of offer and answer and the one before.
    Rounds(fn(&Rounds<'_, '_, '_>, &mut Findings)),
    /// Between candidates and the description that they are for.
    Trickle(fn(&Trickle<'_, '_, '_>, &mut Findings)),
    /// Between what a browser created and what it was changed to.
    Munged(fn(&Munged<'_, '_, '_>, &mut Findings)),
}
