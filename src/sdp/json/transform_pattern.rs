//! A small pattern language that reads and writes the same line.
//!
//! `{name:class}` is a run of characters of a class (`+`: at least one), `{name=a|b}` one of some words, `[…]`
//! may be missing, `_` is one white space, `~` any number of them, `^` any number of spaces (one when
//! written), `$` the end; everything else stands for itself.

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(&'static str),
    Run { name: &'static str, class: char, least: usize },
    Words { name: &'static str, words: &'static str },
    Optional(Vec<Piece>),
    White,
    Whites,
    Spaces,
    End,
}

/// What a pattern found: names and texts.
pub(super) type Found<'a> = Vec<(&'static str, &'a str)>;

/// Reads a pattern.
pub(super) fn pieces(pattern: &'static str) -> Vec<Piece> {
    sequence(pattern).0
}

fn sequence(mut rest: &'static str) -> (Vec<Piece>, &'static str) {
    let mut out = Vec::new();
    loop {
        let special = rest.find(['{', '[', ']', '_', '~', '^', '$']).unwrap_or(rest.len());
        let (literal, after) = rest.split_at_checked(special).unwrap_or((rest, ""));
        if !literal.is_empty() {
            out.push(Piece::Literal(literal));
        }
        let mut characters = after.chars();
        let first = characters.next();
        let behind = characters.as_str();
        rest = behind;
        match first {
            None => return (out, ""),
            Some(']') => return (out, behind),
            Some('[') => {
                let (inner, behind) = sequence(behind);
                out.push(Piece::Optional(inner));
                rest = behind;
            }
            Some('{') => {
                let (inner, behind) = behind.split_once('}').unwrap_or((behind, ""));
                out.push(field(inner));
                rest = behind;
            }
            Some('_') => out.push(Piece::White),
            Some('~') => out.push(Piece::Whites),
            Some('^') => out.push(Piece::Spaces),
            Some(_) => out.push(Piece::End),
        }
    }
}

fn field(text: &'static str) -> Piece {
    // A name may hold neither, so the first of the two tells which it is.
    let at = text.find(['=', ':']).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    match rest.strip_prefix('=') {
        Some(words) => Piece::Words { name, words },
        None => {
            let class = rest.trim_start_matches(':').chars().next().unwrap_or('r');
            Piece::Run { name, class, least: usize::from(rest.ends_with('+')) }
        }
    }
}

/// Whether `character` belongs to the class.
fn belongs(class: char, character: char) -> bool {
    let word = character.is_ascii_alphanumeric() || character == '_';
    match class {
        'd' => character.is_ascii_digit(),
        'n' => character.is_ascii_digit() || character == '.',
        'w' => word,
        'c' => word || matches!(character, '-' | '.'),
        'k' => word || character == '-',
        'p' => word || character == '/',
        'g' => word || matches!(character, '!' | '#'..='\'' | '*' | '+' | '-' | '.'),
        'y' => word || matches!(character, '-' | '~' | ';' | ','),
        'e' => !is_white(character) && character != '=',
        's' => !is_white(character),
        'z' => !is_white(character) || character == ' ',
        _ => true,
    }
}

fn is_white(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

/// The length of the run of a class at the start of `input`; `None` where it cannot stand there.
fn run(class: char, input: &str) -> Option<usize> {
    let digits = input.bytes().take_while(u8::is_ascii_digit).count();
    match class {
        'D' => (digits > 0).then_some(1),
        'P' | 'Q' if input.starts_with('*') => Some(1),
        'P' => Some(digits),
        'Q' => (digits > 0).then_some(digits),
        'i' => images(input),
        'b' => {
            let ends = [" mstrm:", " m-stream:"].iter().filter_map(|mark| input.rfind(mark));
            ends.max().filter(|end| *end > 0)
        }
        'f' => {
            let rest = input.get(digits..).unwrap_or_default();
            let fraction = rest.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
            match (digits, rest.is_empty(), fraction) {
                (0, ..) => None,
                (_, true, _) => Some(digits),
                (_, _, 0) => None,
                _ => Some(digits + 1 + fraction),
            }
        }
        _ => Some(input.find(|character| !belongs(class, character)).unwrap_or(input.len())),
    }
}

/// `*`, or words in brackets with white space between them.
fn images(input: &str) -> Option<usize> {
    if input.starts_with('*') {
        return Some(1);
    }
    let mut length = 0;
    let mut end = None;
    loop {
        let rest = input.get(length..).unwrap_or_default();
        let word = rest.find(is_white).unwrap_or(rest.len());
        let text = rest.get(..word).unwrap_or_default();
        let close = text.rfind(']').filter(|close| text.starts_with('[') && *close > 1);
        let Some(close) = close else { return end };
        end = Some(length + close + 1);
        if close + 1 != word {
            return end;
        }
        let gap = rest.get(word..).unwrap_or_default();
        let white = gap.len() - gap.trim_start_matches(is_white).len();
        if white == 0 {
            return end;
        }
        length += word + white;
    }
}

/// Reads the start of `input`; `None` where the pattern does not fit.
pub(super) fn read<'a>(pattern: &[Piece], input: &'a str) -> Option<Found<'a>> {
    let mut found = Vec::new();
    step(pattern, &[], input, &mut found).map(|()| found)
}

/// Reads `pattern` and then `next`, which follows a group that may be missing.
fn step<'a>(pattern: &[Piece], next: &[&[Piece]], input: &'a str, found: &mut Found<'a>) -> Option<()> {
    let Some((piece, rest)) = pattern.split_first() else {
        return match next.split_last() {
            Some((pattern, next)) => step(pattern, next, input, found),
            None => Some(()),
        };
    };
    let after = match piece {
        Piece::Literal(text) => input.strip_prefix(text)?,
        Piece::White => input.strip_prefix(is_white)?,
        Piece::Whites => input.trim_start_matches(is_white),
        Piece::Spaces => input.trim_start_matches(' '),
        Piece::End => return if input.is_empty() { step(rest, next, input, found) } else { None },
        Piece::Run { name, class, least } => {
            let (value, after) = input.split_at_checked(run(*class, input)?)?;
            if value.len() < *least {
                return None;
            }
            found.push((name, value));
            after
        }
        Piece::Words { name, words } => {
            let word = words.split('|').find(|word| input.starts_with(word))?;
            let (value, after) = input.split_at_checked(word.len())?;
            found.push((name, value));
            after
        }
        Piece::Optional(inner) => {
            let mark = found.len();
            let mut stack = next.to_vec();
            stack.push(rest);
            if step(inner, &stack, input, found).is_some() {
                return Some(());
            }
            found.truncate(mark);
            input
        }
    };
    step(rest, next, after, found)
}

/// Writes a line from the values that `value` gives; a group without any of its values is left out.
pub(super) fn write(pattern: &[Piece], value: &impl Fn(&str) -> Option<String>, out: &mut String) {
    for piece in pattern {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::White | Piece::Spaces => out.push(' '),
            Piece::Whites | Piece::End => {}
            Piece::Run { name, .. } => out.push_str(&value(name).unwrap_or_default()),
            Piece::Words { name, words } => {
                let first = || words.split('|').next().unwrap_or_default().to_owned();
                out.push_str(&value(name).unwrap_or_else(first));
            }
            Piece::Optional(inner) => {
                let mut names = inner.iter().filter_map(|piece| match piece {
                    Piece::Run { name, .. } | Piece::Words { name, .. } => Some(name),
                    _ => None,
                });
                let first = names.next();
                if first.is_none_or(|name| value(name).is_some()) {
                    write(inner, value, out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_left_out_where_the_rest_needs_its_text() {
        let pattern = pieces("extmap:{value:d+}[ {e=enc}] {uri:s}[ {config:s}]");
        assert_eq!(
            read(&pattern, "extmap:3 enc x y"),
            Some(vec![("value", "3"), ("e", "enc"), ("uri", "x"), ("config", "y")])
        );
        assert_eq!(read(&pattern, "extmap:3 encode"), Some(vec![("value", "3"), ("uri", "encode")]));
        assert_eq!(read(&pattern, "extmap: x"), None);
    }

    #[test]
    fn what_was_read_is_written_again() {
        let pattern = pieces("rtpmap:{payload:d} {codec:c}[~/{rate:d}[~/{encoding:s}]]");
        for line in ["rtpmap:0 PCMU/8000", "rtpmap:111 opus/48000/2", "rtpmap:96 x"] {
            let found = read(&pattern, line).unwrap();
            let value = |name: &str| found.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
            let mut out = String::new();
            write(&pattern, &value, &mut out);
            assert_eq!(out, line);
        }
    }
}
