//! Components: which of them an API reaches, and which of the same name are the same.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::SplitInput;
use crate::openapi::grammar::{Kind, SECTIONS};
use crate::openapi::pointer::{Pointer, escape, unescape};
use crate::openapi::walk::{Phase, walk};

/// A component: its section and name.
pub type Id = (&'static str, String);

/// What one document shares, and what leads where.
pub struct Shared {
    /// The components, without those that nothing can refer to.
    pub values: BTreeMap<Id, Value>,
    leads: HashMap<Id, Vec<Id>>,
    /// For a base with a discriminator, and for each of its subtypes: the direct subtypes.
    subtypes: HashMap<Id, Vec<Id>>,
}

impl Shared {
    /// Takes the components out of a document.
    pub fn of(input: &mut SplitInput) -> Self {
        let mut values = BTreeMap::new();
        let components = input
            .value
            .get_mut("components")
            .map(Value::take)
            .unwrap_or_default();
        if let Value::Object(mut components) = components {
            for (section, _) in SECTIONS {
                if let Some(Value::Object(held)) = components.shift_remove(section) {
                    values.extend(
                        held.into_iter()
                            .map(|(name, value)| ((section, name), value)),
                    );
                }
            }
        }
        let leads = values
            .iter_mut()
            .map(|(id, value)| (id.clone(), references(value, kind(id.0))))
            .collect();
        let subtypes = subtypes(&values);
        Self {
            values,
            leads,
            subtypes,
        }
    }

    /// Everything that is reached from there, in no particular order.
    pub fn reach(&self, from: impl IntoIterator<Item = Id>) -> BTreeSet<Id> {
        let mut reached = BTreeSet::new();
        let mut pending: Vec<Id> = from.into_iter().collect();
        while let Some(id) = pending.pop() {
            if !self.values.contains_key(&id) || reached.contains(&id) {
                continue;
            }
            pending.extend(self.leads.get(&id).into_iter().flatten().cloned());
            pending.extend(self.subtypes.get(&id).into_iter().flatten().cloned());
            reached.insert(id);
        }
        reached
    }
}

fn kind(section: &str) -> Kind {
    SECTIONS
        .iter()
        .find(|(name, _)| *name == section)
        .map_or(Kind::Schema, |(_, kind)| *kind)
}

/// The component that a reference names.
fn id(reference: &str) -> Option<Id> {
    let (section, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    let section = SECTIONS.iter().find(|(known, _)| *known == section)?.0;
    (!name.contains('/')).then(|| (section, unescape(name)))
}

/// Calls `each` with every reference to a component, to be changed.
fn each_reference(value: &mut Value, kind: Kind, each: &mut dyn FnMut(&mut String)) {
    walk(
        value,
        kind,
        &mut Pointer::default(),
        &mut |value, kind, _, phase| {
            if phase == Phase::Leave {
                return;
            }
            if let Some(Value::String(target)) = value.get_mut("$ref") {
                each(target);
            }
            let mapping = matches!(kind, Kind::Schema | Kind::SchemaOrBool)
                .then(|| {
                    value
                        .get_mut("discriminator")
                        .and_then(|held| held.get_mut("mapping"))
                })
                .flatten();
            for target in mapping
                .and_then(Value::as_object_mut)
                .into_iter()
                .flat_map(|map| map.values_mut())
            {
                if let Value::String(target) = target {
                    if !target.contains(['#', '/']) {
                        *target = format!("#/components/schemas/{}", escape(target));
                    }
                    each(target);
                }
            }
        },
    );
}

/// The components that something refers to, each once; security schemes by their names.
pub fn references(value: &mut Value, kind: Kind) -> Vec<Id> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    each_reference(value, kind, &mut |target| {
        found.extend(id(target).filter(|id| seen.insert(id.clone())));
    });
    let security = value.get("security").and_then(Value::as_array);
    for alternative in security.into_iter().flatten().filter_map(Value::as_object) {
        found.extend(
            alternative
                .keys()
                .map(|name| ("securitySchemes", name.clone())),
        );
    }
    found
}

/// Writes the new names of components into what refers to them.
pub fn rename(value: &mut Value, kind: Kind, names: &HashMap<Id, String>) {
    if names.is_empty() {
        return;
    }
    each_reference(value, kind, &mut |target| {
        if let Some(id) = id(target)
            && let Some(name) = names.get(&id)
        {
            *target = format!("#/components/{}/{}", id.0, escape(name));
        }
    });
    let security = value.get_mut("security").and_then(Value::as_array_mut);
    for alternative in security
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        let old = std::mem::take(alternative);
        alternative.extend(old.into_iter().map(|(name, scopes)| {
            let new = names.get(&("securitySchemes", name.clone())).cloned();
            (new.unwrap_or(name), scopes)
        }));
    }
}

/// The direct subtypes of every schema in a hierarchy with a discriminator.
fn subtypes(values: &BTreeMap<Id, Value>) -> HashMap<Id, Vec<Id>> {
    let mut direct: HashMap<Id, Vec<Id>> = HashMap::new();
    let mut pending = Vec::new();
    for (own, schema) in values
        .iter()
        .filter(|((section, _), _)| *section == "schemas")
    {
        if schema.get("discriminator").is_some() {
            pending.push(own.clone());
        }
        for base in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some(base) = base.get("$ref").and_then(Value::as_str).and_then(id) {
                direct.entry(base).or_default().push(own.clone());
            }
        }
    }
    let mut found = HashMap::new();
    while let Some(base) = pending.pop() {
        if let Some(derived) = direct.remove(&base) {
            pending.extend(derived.iter().cloned());
            found.insert(base, derived);
        }
    }
    found
}

/// New names for components that several documents define differently: for each document, those
/// that change. The first document keeps the name; equal components share one.
pub fn distinguish(reached: &[(&Shared, BTreeSet<Id>)]) -> Vec<HashMap<Id, String>> {
    let mut renamed = vec![HashMap::new(); reached.len()];
    let mut users: BTreeMap<&Id, Vec<usize>> = BTreeMap::new();
    for (document, (_, ids)) in reached.iter().enumerate() {
        ids.iter()
            .for_each(|id| users.entry(id).or_default().push(document));
    }
    if users.values().all(|documents| documents.len() == 1) {
        return renamed;
    }
    let classes = classes(reached);
    let mut taken: HashSet<Id> = users.keys().map(|id| (*id).clone()).collect();
    for (id, documents) in users {
        let mut names: HashMap<usize, String> = HashMap::new();
        for document in documents {
            let class = classes[document][id];
            let first = names.is_empty();
            let name = names.entry(class).or_insert_with(|| {
                let mut free = id.clone();
                let mut number = 2;
                while !first && taken.contains(&free) {
                    free.1 = format!("{}{number}", id.1);
                    number += 1;
                }
                taken.insert(free.clone());
                free.1
            });
            if *name != id.1 {
                renamed[document].insert(id.clone(), name.clone());
            }
        }
    }
    renamed
}

/// Tells components apart: two are the same when they say the same, and so does all that they lead
/// to. Found by refinement, from equal texts on.
fn classes<'a>(reached: &'a [(&Shared, BTreeSet<Id>)]) -> Vec<HashMap<&'a Id, usize>> {
    let mut known: HashMap<(&Id, String), usize> = HashMap::new();
    let mut classes: Vec<HashMap<&Id, usize>> = Vec::new();
    for (shared, ids) in reached {
        let mut own = HashMap::new();
        for id in ids {
            let next = known.len();
            own.insert(
                id,
                *known
                    .entry((id, shared.values[id].to_string()))
                    .or_insert(next),
            );
        }
        classes.push(own);
    }
    let mut count = known.len();
    loop {
        let mut known: HashMap<(usize, Vec<Option<usize>>), usize> = HashMap::new();
        let mut refined = Vec::new();
        for ((shared, ids), own) in reached.iter().zip(&classes) {
            let mut new = HashMap::new();
            for id in ids {
                let leads = shared.leads[id]
                    .iter()
                    .map(|next| own.get(next).copied())
                    .collect();
                let next = known.len();
                new.insert(id, *known.entry((own[id], leads)).or_insert(next));
            }
            refined.push(new);
        }
        classes = refined;
        if known.len() == count {
            return classes;
        }
        count = known.len();
    }
}
