//! Tags that join another tag: `SeriesLookup` on `/series/lookup` joins `Series`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{groups::letters, path::Part, root};
use crate::ident;

/// Tags whose operations belong to another tag: its words begin with those of the other, and its
/// paths lie below the other's and have no keys of their own (`SeriesLookup` on
/// `/series/lookup`).
pub fn joined(
    tags: &[Option<String>],
    spelt: &BTreeMap<String, Vec<String>>,
    parts: &[Vec<Part>],
    leads: &[Vec<&str>],
) -> HashMap<String, String> {
    type Path<'a> = (&'a [&'a str], &'a [Part]);
    let mut paths: HashMap<String, Vec<Path<'_>>> = HashMap::new();
    for (tag, (parts, lead)) in tags.iter().zip(parts.iter().zip(leads)) {
        if let Some(tag) = tag {
            paths.entry(letters(tag)).or_default().push((lead, parts));
        }
    }
    let keys = |paths: &[Path<'_>]| -> HashSet<String> {
        let parts = paths.iter().flat_map(|(_, parts)| parts.iter());
        parts
            .filter_map(|part| match part {
                Part::Parameter(name) => Some(ident::key(name)),
                Part::Literal(_) => None,
            })
            .collect()
    };
    let mut joined = HashMap::new();
    for (key, words) in spelt {
        // The longest other tag first.
        for length in (1..words.len()).rev() {
            let other = words[..length].concat();
            let (Some(base), Some(theirs)) = (spelt.get(&other), paths.get(&other)) else {
                continue;
            };
            let Some(mine) = paths
                .get(key)
                .filter(|_| base.as_slice() == &words[..length])
            else {
                continue;
            };
            let roots: BTreeSet<Path<'_>> = theirs
                .iter()
                .map(|(lead, parts)| (*lead, &parts[..root::length(parts, base)]))
                .filter(|(_, root)| !root.is_empty())
                .collect();
            let below = |(lead, parts): &Path<'_>| {
                roots.iter().any(|(other, root)| {
                    lead == other && parts.len() > root.len() && parts.starts_with(root)
                })
            };
            if mine.iter().all(below) && keys(mine).is_subset(&keys(theirs)) {
                joined.insert(key.clone(), other);
                break;
            }
        }
    }
    // What joins a tag that joins another joins that one.
    let next = joined.clone();
    for other in joined.values_mut() {
        while let Some(further) = next.get(other) {
            other.clone_from(further);
        }
    }
    joined
}
