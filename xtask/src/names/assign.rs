//! Who gets which group and name: first what the configuration renames, then what the lock keeps,
//! then all others, of which those with shorter paths come first.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    Named, Names, clash,
    groups::Placed,
    input::Operation,
    lock::{Name, NamesLock},
    of_path::Chosen,
    rules::{self, RuleError, Rules},
    scene::Scene,
    words,
};
use crate::ident;

/// The names that are taken, by group.
#[derive(Default)]
struct Taken(HashMap<String, HashSet<String>>);

impl Taken {
    fn of(&mut self, group: &str) -> &mut HashSet<String> {
        self.0.entry(ident::key(group)).or_default()
    }

    fn take(&mut self, group: &str, name: &str) -> bool {
        self.of(group).insert(ident::key(name))
    }
}

/// The groups of an API, by the keys of [`Placed`].
struct Groups {
    handles: BTreeMap<String, String>,
    /// Those that the configuration names.
    ruled: HashSet<String>,
}

impl Groups {
    /// The group of an operation: as the configuration says, as the lock says, or its own.
    fn of(&self, placed: &Placed, kept: Option<&Name>) -> String {
        match kept {
            Some(name) if !self.ruled.contains(&placed.key) => name.group.clone(),
            _ => self.handles.get(&placed.key).cloned().unwrap_or_default(),
        }
    }
}

/// Assigns groups and names.
pub fn assign(
    scene: &Scene<'_>,
    wanted: &[Chosen],
    handles: BTreeMap<String, String>,
    rules: &Rules,
    lock: &NamesLock,
) -> Result<Names, RuleError> {
    let operations = scene.operations();
    let mut used = BTreeSet::new();
    let groups = groups(scene, handles, rules, lock, &mut used);
    let mut order: Vec<usize> = (0..operations.len()).collect();
    order.sort_by_cached_key(|at| clash::rank(&operations[*at], wanted[*at].yields));
    let mut index: HashMap<(String, &str), usize> = HashMap::new();
    // The whole path comes before one that a document writes.
    for at in order.iter().rev() {
        let operation = &operations[*at];
        index.insert((operation.method.to_uppercase(), &operation.written), *at);
    }
    for at in order.iter().rev() {
        index.insert(key(&operations[*at]), *at);
    }
    let mut named: Vec<Option<Name>> = vec![None; operations.len()];
    let mut taken = Taken::default();
    let mut ruled: HashMap<(String, String), String> = HashMap::new();
    for (rule, text) in &rules.names {
        let found = rules::operation(rule)
            .and_then(|(method, path)| index.get(&(method.to_uppercase(), path)));
        let Some(&at) = found else { continue };
        used.insert(rule.clone());
        let (group, name) = rules::parts(text);
        let kept = lock.get(&operations[at].method, &operations[at].path);
        let group = group.map_or_else(|| groups.of(scene.placed(at), kept), str::to_owned);
        if !taken.take(&group, name) {
            let first = ruled.get(&(ident::key(&group), ident::key(name)));
            return Err(twice(
                first.cloned().unwrap_or_default(),
                rule,
                &group,
                name,
            ));
        }
        ruled.insert((ident::key(&group), ident::key(name)), rule.clone());
        named[at] = Some(made(group, name));
    }
    for (method, path, kept) in lock.iter() {
        let Some(&at) = index.get(&(method.to_owned(), path)) else {
            continue;
        };
        if named[at].is_some() {
            continue;
        }
        let group = groups.of(scene.placed(at), Some(kept));
        if taken.take(&group, &kept.name) {
            named[at] = Some(made(group, &kept.name));
        } else if let Some(rule) = ruled.get(&(ident::key(&group), ident::key(&kept.name))) {
            let key = format!("{method} {path}");
            return Err(twice(key, rule, &group, &kept.name));
        }
    }
    // What is gone keeps its name, so that no other operation answers to it.
    for (_, _, kept) in lock.iter() {
        taken.take(&kept.group, &kept.name);
    }
    for at in order {
        if named[at].is_some() {
            continue;
        }
        let placed = scene.placed(at);
        let group = groups.of(placed, None);
        let name = clash::free(scene, at, &wanted[at].name, taken.of(&group));
        named[at] = Some(Name { group, name });
    }
    let operations = operations
        .iter()
        .zip(named)
        .filter_map(|(operation, name)| {
            let Name { group, name } = name?;
            Some(Named {
                method: operation.method.to_uppercase(),
                path: operation.written.clone(),
                whole: operation.path.clone(),
                group,
                name,
            })
        });
    Ok(Names {
        operations: operations.collect(),
        used,
    })
}

fn key(operation: &Operation) -> (String, &str) {
    (operation.method.to_uppercase(), &operation.path)
}

fn made(group: String, name: &str) -> Name {
    Name {
        group,
        name: name.to_owned(),
    }
}

fn twice(first: String, second: &str, group: &str, name: &str) -> RuleError {
    RuleError::Twice {
        first,
        second: second.to_owned(),
        group: group.to_owned(),
        name: name.to_owned(),
    }
}

/// The groups as the lock and the configuration have them: a group whose operations are kept under
/// another name has that name for new ones, too.
fn groups(
    scene: &Scene<'_>,
    mut handles: BTreeMap<String, String>,
    rules: &Rules,
    lock: &NamesLock,
    used: &mut BTreeSet<String>,
) -> Groups {
    let mut kept: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut written: BTreeMap<&str, &[String]> = BTreeMap::new();
    for (at, operation) in scene.operations().iter().enumerate() {
        let placed = scene.placed(at);
        written.entry(&placed.key).or_insert(&placed.group);
        if let Some(name) = lock.get(&operation.method, &operation.path) {
            let counts = kept.entry(&placed.key).or_default();
            *counts.entry(&name.group).or_default() += 1;
        }
    }
    let mut ruled = HashSet::new();
    for (key, handle) in &mut handles {
        if let Some(counts) = kept.get(key.as_str()) {
            let most = counts
                .iter()
                .max_by_key(|(name, count)| (**count, std::cmp::Reverse(*name)));
            if let Some((name, _)) = most {
                (*name).clone_into(handle);
            }
        }
        let tag = written
            .get(key.as_str())
            .map_or(String::new(), |group| words::join(group));
        if let Some((rule, name)) = rules.group(&[&tag, handle]) {
            used.insert(rule.to_owned());
            name.clone_into(handle);
            ruled.insert(key.clone());
        }
    }
    Groups { handles, ruled }
}
