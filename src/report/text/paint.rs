//! Colours by meaning, and pieces of text that have one.

use std::fmt::Write;

use anstyle::{AnsiColor, Effects, Style};
use unicode_width::UnicodeWidthStr;

use super::line::plain;
use crate::finding::Severity;

/// What a piece of text is, as far as its looks are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paint {
    /// Nothing special.
    #[default]
    Plain,
    /// A title.
    Title,
    /// Less important than the rest.
    Quiet,
    /// It went well.
    Good,
    /// It is likely to hurt.
    Warning,
    /// It failed.
    Bad,
    /// Worth knowing.
    Notice,
}

impl Paint {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Title => Style::new().effects(Effects::BOLD),
            Self::Quiet => Style::new().effects(Effects::DIMMED),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warning => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().effects(Effects::BOLD),
            Self::Notice => AnsiColor::Cyan.on_default(),
        }
    }
}

impl From<Severity> for Paint {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Notice,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Bad,
        }
    }
}

/// A piece of text with its looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    text: String,
    paint: Paint,
}

impl Cell {
    /// `text`, made [`plain`], without anything special.
    #[must_use]
    pub fn new(text: impl AsRef<str>) -> Self {
        Self::painted(text, Paint::Plain)
    }

    /// `text`, made [`plain`], with the looks of `paint`.
    #[must_use]
    pub fn painted(text: impl AsRef<str>, paint: Paint) -> Self {
        Self { text: plain(text.as_ref()).into_owned(), paint }
    }

    /// The columns it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        self.text.width()
    }

    /// Whether there is no text.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text without its looks.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `text` with the looks of `self`.
    pub(super) fn like(&self, text: impl AsRef<str>) -> Self {
        Self::painted(text, self.paint)
    }

    /// Appends the text with its looks to `line`.
    pub fn append_to(&self, line: &mut String) {
        if self.paint == Paint::Plain || self.text.is_empty() {
            line.push_str(&self.text);
        } else {
            let style = self.paint.style();
            // Writing into a string cannot fail.
            let _ = write!(line, "{style}{}{style:#}", self.text);
        }
    }
}
