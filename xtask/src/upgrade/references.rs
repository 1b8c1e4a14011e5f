//! References: whatever is referred to becomes a component, and every local reference points at
//! one. `definitions` and the shared `parameters`, `responses` and `securityDefinitions` of 2.0
//! become components; a reference into the middle of something (`$defs`, a property, another
//! operation's response) makes that a component of its own.

use std::collections::{HashMap, HashSet};
use std::mem;

use serde_json::{Map, Value, json};

use super::{Context, component, object};
use crate::openapi::brief;
use crate::openapi::grammar::{Kind, SECTIONS, section};
use crate::openapi::pointer::{Pointer, escape};
use crate::openapi::walk::{Phase, walk};
use crate::openapi::{name_for, unique};
use crate::references;

/// The sections of Swagger 2.0 and where OpenAPI 3.0 keeps them.
const OLD: [(&str, &str); 4] = [
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
    ("securityDefinitions", "securitySchemes"),
];

/// Makes every local reference a plain pointer.
pub fn settle(document: &mut Value, context: &mut Context) {
    for settled in references::settle(document) {
        context
            .notes
            .add(&settled.at, "reference", settled.was, settled.now);
    }
}

/// Makes every local reference point at a component.
pub fn gather(document: &mut Value, context: &mut Context) {
    let used = uses(document);
    let mut plan = Plan::new(document, context);
    for (reference, kind) in &used {
        plan.decide(document, reference, *kind);
    }
    let Plan { decided, moves, .. } = plan;
    rewrite(document, &decided, context);
    let moved = take(document, moves);
    sections(document, context);
    for (target, value) in moved {
        let Value::Object(root) = &mut *document else {
            return;
        };
        let components = object(root, "components");
        object(components, target.0).insert(target.1, value);
    }
}

/// Whether a `$ref` in such an object is a reference that can point at a component.
fn refers(kind: Kind) -> bool {
    section(kind).is_some()
}

/// Calls `each` with every reference, to be changed: `$ref` and the values of a discriminator's
/// mapping.
fn each_reference(document: &mut Value, each: &mut dyn FnMut(&mut String, Kind, &Pointer)) {
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, kind, at, phase| {
            let Value::Object(map) = value else { return };
            if phase == Phase::Leave || !refers(kind) {
                return;
            }
            if let Some(Value::String(reference)) = map.get_mut("$ref") {
                each(reference, kind, at);
            }
            let mapping = map
                .get_mut("discriminator")
                .and_then(|held| held.get_mut("mapping"));
            if let Some(Value::Object(mapping)) = mapping {
                for target in mapping.values_mut() {
                    if let Value::String(target) = target
                        && target.contains(['#', '/'])
                    {
                        each(target, Kind::Schema, at);
                    }
                }
            }
        },
    );
}

/// Every distinct reference, in the order of the document.
fn uses(document: &mut Value) -> Vec<(String, Kind)> {
    let mut seen = HashSet::new();
    let mut used = Vec::new();
    each_reference(document, &mut |reference, kind, _| {
        if seen.insert(reference.clone()) {
            used.push((reference.clone(), kind));
        }
    });
    used
}

/// A component: its section and name.
type Target = (&'static str, String);

/// Where each reference will point, and what has to move for that.
struct Plan {
    decided: HashMap<String, Target>,
    moves: HashMap<Pointer, Target>,
    taken: HashMap<&'static str, HashSet<String>>,
    renamed: HashMap<String, String>,
}

impl Plan {
    fn new(document: &mut Value, context: &mut Context) -> Self {
        let mut taken: HashMap<_, HashSet<String>> = HashMap::new();
        for (name, _) in SECTIONS {
            let held = document.get("components").and_then(|held| held.get(name));
            taken.insert(name, keys(held).collect());
        }
        let renamed = rename_clashes(document, &taken, context);
        for (old, new) in OLD {
            taken
                .entry(new)
                .or_default()
                .extend(keys(document.get(old)));
        }
        Self {
            decided: HashMap::new(),
            moves: HashMap::new(),
            taken,
            renamed,
        }
    }

    fn decide(&mut self, document: &Value, reference: &str, kind: Kind) {
        let at = reference.strip_prefix('#').and_then(Pointer::parse);
        let Some(at) = at.filter(|at| at.get(document).is_some()) else {
            return;
        };
        let target = match at.tokens() {
            [old, name] if let Some((_, new)) = OLD.iter().find(|(key, _)| key == old) => {
                Some((*new, name.clone()))
            }
            [components, held, name] if components == "components" => SECTIONS
                .iter()
                .find(|(key, _)| key == held)
                .map(|(key, _)| (*key, name.clone())),
            [_, _, ..] => self.hoist(&at, kind),
            _ => None,
        };
        if let Some((section, mut name)) = target {
            if at.tokens()[0] == "definitions"
                && let Some(new) = self.renamed.get(&name)
            {
                name.clone_from(new);
            }
            self.decided.insert(reference.to_owned(), (section, name));
        }
    }

    fn hoist(&mut self, at: &Pointer, kind: Kind) -> Option<Target> {
        if let Some(target) = self.moves.get(at) {
            return Some(target.clone());
        }
        let section = section(kind)?;
        let names = self.taken.entry(section).or_default();
        let name = unique(name_for(at), names);
        self.moves.insert(at.clone(), (section, name.clone()));
        Some((section, name))
    }
}

/// The names in a map.
fn keys(map: Option<&Value>) -> impl Iterator<Item = String> + '_ {
    map.and_then(Value::as_object)
        .into_iter()
        .flat_map(|map| map.keys().cloned())
}

/// `definitions` whose names `components.schemas` uses for something else get a new name.
fn rename_clashes(
    document: &mut Value,
    taken: &HashMap<&'static str, HashSet<String>>,
    context: &mut Context,
) -> HashMap<String, String> {
    let mut renamed = HashMap::new();
    let mut names = taken["schemas"].clone();
    let schemas = document["components"]["schemas"].clone();
    let Some(Value::Object(definitions)) = document.get_mut("definitions") else {
        return renamed;
    };
    names.extend(definitions.keys().cloned());
    for (name, schema) in mem::take(definitions) {
        match schemas.get(&name) {
            Some(same) if *same == schema => {}
            Some(_) => {
                let new = unique(name.clone(), &mut names);
                let at = Pointer::new(["definitions", &name]);
                context.notes.add(
                    &at,
                    "definition beside a schema of the same name",
                    &*name,
                    &*new,
                );
                definitions.insert(new.clone(), schema);
                renamed.insert(name, new);
            }
            None => {
                definitions.insert(name, schema);
            }
        }
    }
    renamed
}

fn rewrite(document: &mut Value, decided: &HashMap<String, Target>, context: &mut Context) {
    each_reference(document, &mut |reference, _, at| {
        if let Some((section, name)) = decided.get(reference) {
            let new = format!("#/components/{section}/{}", escape(name));
            if new != *reference {
                context.notes.add(at, "reference", &**reference, &*new);
                *reference = new;
            }
        }
    });
}

/// Takes out what becomes a component, innermost first, and leaves references in its place.
fn take(document: &mut Value, moves: HashMap<Pointer, Target>) -> Vec<(Target, Value)> {
    let mut moves: Vec<_> = moves.into_iter().collect();
    moves.sort_by(|(a, _), (b, _)| b.tokens().len().cmp(&a.tokens().len()).then(a.cmp(b)));
    let mut taken = Vec::with_capacity(moves.len());
    for (at, target) in moves {
        if let Some(held) = at.get_mut(document) {
            taken.push((
                target.clone(),
                mem::replace(held, super::reference(target.0, &target.1)),
            ));
        }
    }
    taken.sort_by(|(a, _), (b, _)| a.cmp(b));
    taken
}

/// Moves the sections of Swagger 2.0 into `components`.
fn sections(document: &mut Value, context: &mut Context) {
    let Value::Object(root) = document else {
        return;
    };
    for (old, new) in OLD {
        let Some(Value::Object(held)) = root.get_mut(old).map(Value::take) else {
            continue;
        };
        root.shift_remove(old);
        if held.is_empty() {
            continue;
        }
        let at = Pointer::new([old]);
        let (was, now) = (json!(held.len()), component(new, ""));
        context.notes.add(
            &at,
            "shared section",
            format!("{} entries", brief(&was)),
            now.to_string(),
        );
        let section: &mut Map<String, Value> = object(object(root, "components"), new);
        for (name, value) in held {
            section.entry(name).or_insert(value);
        }
    }
}
