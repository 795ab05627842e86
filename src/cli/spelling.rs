//! Which name was probably meant.

/// Names that are shown where several are equally near.
const SHOWN: usize = 3;

/// The names that take the fewest changes of letters, if they are few enough to be a slip, or else those that hold the
/// whole word; in any case of letters, and some at most.
pub(super) fn nearest<'a>(word: &str, names: &[&'a str]) -> Vec<&'a str> {
    let lower = word.to_lowercase();
    let few = 1 + word.chars().count() / 3;
    let changes: Vec<_> = names.iter().map(|name| (distance(&lower, &name.to_lowercase()), *name)).collect();
    let least = changes.iter().map(|(changes, _)| *changes).min().filter(|least| *least <= few);
    let slips = changes.iter().filter(|(changes, _)| Some(*changes) == least).map(|(_, name)| *name);
    let found: Vec<_> = slips.take(SHOWN).collect();
    if !found.is_empty() || word.len() < 3 {
        return found;
    }
    names.iter().filter(|name| name.to_lowercase().contains(&lower)).take(SHOWN).copied().collect()
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
        assert_eq!(nearest("turn-qouta", &names), ["turn-quota"]);
        assert_eq!(nearest("consent", &names), ["ice-consent-lost"]);
        assert!(nearest("xyzzy", &names).is_empty());
    }

    #[test]
    fn names_equally_near_are_all_shown() {
        assert_eq!(nearest("vp7", &["VP8", "VP9", "AV1"]), ["VP8", "VP9"]);
    }
}
