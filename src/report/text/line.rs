//! Text that fits a line: without control characters, and not wider than the page.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

/// Whether a terminal would obey the character instead of showing it: controls, and those that change the direction of text
/// (the set of Unicode's *Bidi_Control*) or break lines.
fn commands(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` with everything that a terminal would obey written as its code point: `\u{1b}`.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(commands) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if commands(letter) {
            // Writing into a string cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// `text` broken at spaces into lines of at most `width` columns. A word that is wider stands on a line of its own.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// `parts` joined by `separator` into lines of at most `width` columns, never broken inside a part.
pub(super) fn flow(parts: &[String], separator: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for part in parts {
        if !line.is_empty() && line.width() + separator.width() + part.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push_str(separator);
        }
        line.push_str(part);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_the_wire_cannot_command_the_terminal() {
        assert_eq!(plain("alice\u{1b}[2Jbob"), "alice\\u{1b}[2Jbob");
        assert_eq!(plain("a\u{202e}b\n"), "a\\u{202e}b\\u{a}");
        assert!(matches!(plain("ümläut → 日本"), Cow::Borrowed(_)));
    }

    #[test]
    fn lines_break_at_spaces_only() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensibilities are long", 10), ["incomprehensibilities", "are long"]);
        assert_eq!(wrap("", 10), Vec::<String>::new());
    }

    #[test]
    fn parts_stay_whole() {
        let parts = ["one two".to_owned(), "three".to_owned(), "four".to_owned()];
        assert_eq!(flow(&parts, " · ", 12), ["one two", "three · four"]);
    }
}
