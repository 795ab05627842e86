//! Which rules are looked for, and how much each of them matters.

use std::fmt;

use super::rule::SdpRule;
use super::rules;
use crate::finding::Severity;

/// Names of rules: one, those that start alike, or all.
///
/// A name may leave out its `sdp-`; one that ends in `*` stands for every rule that starts so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Selector(String);

impl Selector {
    /// The selector that is written so.
    ///
    /// ```
    /// use rtcscope::lint::Selector;
    ///
    /// assert!(Selector::new("mid-*").is_ok() && Selector::new("ALL").is_ok());
    /// assert_eq!(Selector::new("mid-tooo-long").unwrap_err().nearest, Some("sdp-mid-too-long"));
    /// ```
    ///
    /// # Errors
    ///
    /// When no rule has such a name.
    pub fn new(written: &str) -> Result<Self, UnknownRule> {
        let trimmed = written.trim();
        let selector = if trimmed.eq_ignore_ascii_case("all") {
            Self("*".to_owned())
        } else {
            Self(trimmed.strip_prefix("sdp-").unwrap_or(trimmed).to_owned())
        };
        if rules::all().any(|rule| selector.takes(rule)) {
            return Ok(selector);
        }
        Err(UnknownRule { found: written.to_owned(), nearest: nearest(&selector.0) })
    }

    /// Whether it stands for this rule.
    #[must_use]
    pub fn takes(&self, rule: &SdpRule) -> bool {
        let name = rule.rule.name.strip_prefix("sdp-").unwrap_or(rule.rule.name);
        match self.0.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == self.0,
        }
    }

    /// How narrow it is: what names one rule says more than what names many.
    fn narrowness(&self) -> usize {
        if self.0.ends_with('*') { self.0.len() - 1 } else { usize::MAX }
    }
}

/// A name that no rule has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    /// The name.
    pub found: String,
    /// The rule that is spelled most like it, where one is.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected the name of a rule, found `{}`", self.found)?;
        match self.nearest {
            Some(nearest) => write!(f, "; the nearest is `{nearest}`"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownRule {}

/// The rule that is spelled most like `name`.
fn nearest(name: &str) -> Option<&'static str> {
    let name = name.trim_end_matches('*');
    let distances = rules::all().map(|rule| {
        let own = rule.rule.name.strip_prefix("sdp-").unwrap_or(rule.rule.name);
        (distance(name, own), rule.rule.name)
    });
    let (distance, nearest) = distances.min()?;
    (distance <= 2 + name.len() / 4).then_some(nearest)
}

/// How many letters must be put in, taken out or changed to come from one word to the other.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, letter) in one.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(number + 1);
        for ((above, diagonal), own) in row.iter().skip(1).zip(&row).zip(&other) {
            let left = next.last().copied().unwrap_or(0);
            next.push((above + 1).min(left + 1).min(diagonal + usize::from(*own != letter)));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Which rules are looked for, and how much each of them matters.
///
/// ```
/// use rtcscope::finding::Severity;
/// use rtcscope::lint::{Selection, Selector};
///
/// let selection = Selection::default().ignore(Selector::new("eol-*")?).severity(Selector::new("mid-missing")?, Severity::Error);
/// assert_eq!(selection.of("sdp-eol-not-crlf"), None);
/// assert_eq!(selection.of("sdp-mid-missing"), Some(Some(Severity::Error)));
/// # Ok::<(), rtcscope::lint::UnknownRule>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    selected: Vec<Selector>,
    ignored: Vec<Selector>,
    severities: Vec<(Selector, Severity)>,
}

impl Selection {
    /// The same, and these rules: the first selector takes the place of *all*.
    #[must_use]
    pub fn select(mut self, selector: Selector) -> Self {
        self.selected.push(selector);
        self
    }

    /// The same without these rules. Where a rule is both selected and ignored the narrower selector counts, and of two as narrow
    /// the one that ignores.
    #[must_use]
    pub fn ignore(mut self, selector: Selector) -> Self {
        self.ignored.push(selector);
        self
    }

    /// The same, and these rules matter so much.
    #[must_use]
    pub fn severity(mut self, selector: Selector, severity: Severity) -> Self {
        self.severities.push((selector, severity));
        self
    }

    /// The same with every rule selected again: what is ignored stays so.
    #[must_use]
    pub fn without_select(mut self) -> Self {
        self.selected.clear();
        self
    }

    /// Whether the rule of this name is looked for, and at which severity where one was said.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<Option<Severity>> {
        let rule = rules::named(name)?;
        self.takes(rule).then(|| self.severity_of(rule))
    }

    pub(super) fn takes(&self, rule: &SdpRule) -> bool {
        let narrowest = |list: &[Selector]| list.iter().filter(|s| s.takes(rule)).map(Selector::narrowness).max();
        let selected = if self.selected.is_empty() { Some(0) } else { narrowest(&self.selected) };
        match (selected, narrowest(&self.ignored)) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(selected), Some(ignored)) => !self.selected.is_empty() && selected > ignored,
        }
    }

    pub(super) fn severity_of(&self, rule: &SdpRule) -> Option<Severity> {
        let said = self.severities.iter().filter(|(selector, _)| selector.takes(rule));
        said.max_by_key(|(selector, _)| selector.narrowness()).map(|(_, severity)| *severity)
    }
}
