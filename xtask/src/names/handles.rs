//! What groups are called: as the document writes them, in the plural where their things are
//! counted.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{english, groups::Placed, identifier, input::Api, path::Part, words};
use crate::ident;

/// The handle of each group by its key: the plural where its things are counted.
pub fn handles(
    api: &Api,
    placed: &[Placed],
    counted: impl Fn(usize) -> bool,
) -> BTreeMap<String, String> {
    let mut parameters: HashSet<String> = HashSet::new();
    for (operation, placed) in api.operations.iter().zip(placed) {
        parameters.extend(operation.query.iter().map(|name| ident::key(name)));
        parameters.extend(placed.parts.iter().filter_map(|part| match part {
            Part::Parameter(name) => Some(ident::key(name)),
            Part::Literal(_) => None,
        }));
    }
    let mut evidence: HashSet<&str> = HashSet::new();
    for (at, placed) in placed.iter().enumerate() {
        if counted(at) || matches!(placed.tail(), [Part::Parameter(_)]) {
            evidence.insert(&placed.key);
        }
    }
    let mut handles = BTreeMap::new();
    for placed in placed {
        handles.entry(placed.key.clone()).or_insert_with(|| {
            let one: Vec<String> = placed
                .group
                .iter()
                .map(|word| english::stem(word))
                .collect();
            let counted = evidence.contains(placed.key.as_str())
                || parameters.contains(&format!("{}id", one.concat()));
            let mut words = placed.group.clone();
            let verb = words.len() == 1 && english::is_only_verb(&words[0]);
            if let Some(last) = words.last_mut()
                && counted
                && !verb
                && let Some(many) = english::plural(last)
            {
                *last = many;
            }
            identifier::Kind::Group.identifier(&words::join(&words))
        });
    }
    // Groups whose handles differ in nothing but separators are one.
    let mut first: HashMap<String, String> = HashMap::new();
    for handle in handles.values() {
        let best = first
            .entry(ident::key(handle))
            .or_insert_with(|| handle.clone());
        if handle.matches('_').count() > best.matches('_').count() {
            best.clone_from(handle);
        }
    }
    for handle in handles.values_mut() {
        handle.clone_from(&first[&ident::key(handle)]);
    }
    handles
}
