//! Which m-lines share a transport (RFC 9143).

use std::collections::BTreeMap;

use super::contradiction::{ContradictionKind, Contradictions};
use super::facts::Said;
use super::side::Sides;
use crate::sdp::document::Document;

/// The bundles of both descriptions.
pub(super) struct Bundles {
    /// For each m-line of the offer that is bundled the number of its group.
    offered: BTreeMap<usize, usize>,
    /// For each group of the answer its m-lines in the order in which it names them.
    answered: Vec<Vec<usize>>,
    /// For each m-line of the answer that is bundled the number of its group.
    groups: BTreeMap<usize, usize>,
}

/// The groups of a description, each m-line in the first that names it.
fn groups(document: &Document<'_>, said: &Said<'_>) -> Vec<Vec<usize>> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, facts) in said.media.iter().enumerate() {
        facts.mid.map(|mid| places.entry(mid).or_insert(index));
    }
    let mut groups = Vec::new();
    for group in document.groups("BUNDLE") {
        // Taking the place away keeps an m-line from being in two.
        let members: Vec<usize> = group.mids.iter().filter_map(|mid| places.remove(mid)).collect();
        if !members.is_empty() {
            groups.push(members);
        }
    }
    groups
}

fn numbers(groups: &[Vec<usize>]) -> BTreeMap<usize, usize> {
    let members = groups.iter().enumerate().flat_map(|(number, group)| group.iter().map(move |index| (*index, number)));
    members.collect()
}

impl Bundles {
    pub(super) fn new(documents: Sides<&Document<'_>>, said: Sides<&Said<'_>>) -> Self {
        let offered = groups(documents.offerer, said.offerer);
        let answered = groups(documents.answerer, said.answerer);
        Self { offered: numbers(&offered), groups: numbers(&answered), answered }
    }

    /// Whether the offer bundles this m-line.
    pub(super) fn is_offered(&self, index: usize) -> bool {
        self.offered.contains_key(&index)
    }

    /// Whether both bundle this m-line.
    pub(super) fn is_agreed(&self, index: usize) -> bool {
        self.groups.contains_key(&index) && self.is_offered(index)
    }

    /// For each m-line the index of the one whose transport it uses: in a bundle the first that the answer names and that can be
    /// used (RFC 9143, section 7.3.2), else its own.
    pub(super) fn owners(&self, usable: &[bool], contradictions: &mut Contradictions) -> Vec<usize> {
        let mut owners: Vec<usize> = (0..usable.len()).collect();
        for group in &self.answered {
            // What the offer keeps apart, the answer cannot bring together.
            let mut first: BTreeMap<usize, usize> = BTreeMap::new();
            for index in group.iter().filter(|index| usable.get(**index) == Some(&true)) {
                let Some(offered) = self.offered.get(index) else {
                    contradictions.add(Some(*index), ContradictionKind::BundleNotOffered);
                    continue;
                };
                let owner = *first.entry(*offered).or_insert(*index);
                if let Some(slot) = owners.get_mut(*index) {
                    *slot = owner;
                }
            }
            if let (Some(index), true) = (group.first(), first.len() > 1) {
                contradictions.add(Some(*index), ContradictionKind::BundleNotOffered);
            }
        }
        owners
    }
}
