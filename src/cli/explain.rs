//! `rtcscope explain`: a rule's page, or the list of all rules.

use super::args::Explain;
use super::exit::Exit;
use super::fault::Fault;
use super::output::Output;
use crate::diagnose::{rule, rules};
use crate::report::explain;

/// Shows the rule asked for, or all of them.
pub(super) fn run(command: &Explain) -> Result<Exit, Fault> {
    let found = match &command.rule {
        Some(name) => Some(rule(name).ok_or_else(|| unknown(name))?),
        None => None,
    };
    let mut output = Output::open(&command.output, &[])?;
    let width = output.width;
    output.write(|out| match found {
        Some(rule) => explain::render(rule, width, out),
        None => explain::list(rules(), width, out),
    })?;
    output.flush()?;
    Ok(Exit::Done)
}

fn unknown(name: &str) -> Fault {
    let names: Vec<&'static str> = rules().map(|rule| rule.name).collect();
    Fault::Rule { found: name.to_owned(), nearest: nearest(name, &names) }
}

/// The name that takes the fewest changes of letters, if they are few enough to be a slip, or one that holds the whole word.
fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let slip = names.iter().map(|name| (distance(word, name), *name)).min();
    let few = 1 + word.chars().count() / 3;
    slip.filter(|(changes, _)| *changes <= few)
        .map(|(_, name)| name)
        .or_else(|| names.iter().find(|name| word.len() > 2 && name.contains(word)).copied())
}

/// How many letters must be put in, taken out or changed to make `one` of `other` (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut corner = line;
        let mut left = line + 1;
        let mut next = vec![left];
        for (above, against) in row.iter().skip(1).zip(other.chars()) {
            left = (corner + usize::from(letter != against)).min(left + 1).min(above + 1);
            corner = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        let names = ["ice-consent-lost", "turn-quota", "turn-allocation-unused"];
        assert_eq!(nearest("turn-qouta", &names), Some("turn-quota"));
        assert_eq!(nearest("consent", &names), Some("ice-consent-lost"));
        assert_eq!(nearest("xyzzy", &names), None);
    }
}
