//! Many occurrences of one cause, brought together so that it is told once.

use std::collections::BTreeMap;

/// Entries by key, both in order of first appearance.
pub(super) fn group<K: Ord + Clone, T>(entries: impl IntoIterator<Item = (K, T)>) -> Vec<(K, Vec<T>)> {
    let mut places: BTreeMap<K, usize> = BTreeMap::new();
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for (key, entry) in entries {
        match places.get(&key).and_then(|place| groups.get_mut(*place)) {
            Some((_, members)) => members.push(entry),
            None => {
                places.insert(key.clone(), groups.len());
                groups.push((key, vec![entry]));
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_members_keep_their_order() {
        let groups = group([(2, 'a'), (1, 'b'), (2, 'c')]);
        assert_eq!(groups, [(2, vec!['a', 'c']), (1, vec!['b'])]);
    }
}
