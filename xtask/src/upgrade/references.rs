//! References: whatever is referred to becomes a component, and every local reference points at
//! one. `definitions` and the shared `parameters`, `responses` and `securityDefinitions` of 2.0
//! become components; a reference into the middle of something (`$defs`, a property, another
//! operation's response) makes that a component of its own.

use std::collections::{HashMap, HashSet};
use std::mem;

use serde_json::{Map, Value, json};

use super::grammar::{Kind, SECTIONS, section};
use super::names::{name_for, unique};
use super::pointer::{Pointer, candidates, escape, step};
use super::walk::{Phase, look, walk};
use super::{Context, component, note, object};

/// The sections of Swagger 2.0 and where OpenAPI 3.0 keeps them.
const OLD: [(&str, &str); 4] = [
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
    ("securityDefinitions", "securitySchemes"),
];

/// Makes every local reference point at a component.
pub fn gather(document: &mut Value, context: &mut Context) {
    let anchors = Anchors::of(document);
    let used = uses(document, &anchors);
    let mut plan = Plan::new(document, context);
    for (usage, kind) in &used {
        plan.decide(document, usage, *kind, &anchors);
    }
    let Plan { decided, moves, .. } = plan;
    rewrite(document, &decided, &anchors, context);
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

/// A reference as written, and the schema resource (a schema with `$id`) in which it stands.
type Usage = (String, Option<Pointer>);

/// Places that have a name of their own: `$anchor`, `$dynamicAnchor`, `$id`.
#[derive(Default)]
struct Anchors {
    named: HashMap<String, Pointer>,
    resources: HashSet<Pointer>,
}

impl Anchors {
    fn of(document: &Value) -> Self {
        let mut found = Self::default();
        look(document, &mut |value, kind, at| {
            if kind != Kind::Schema {
                return;
            }
            for key in ["$anchor", "$dynamicAnchor"] {
                if let Some(name) = value.get(key).and_then(Value::as_str) {
                    found
                        .named
                        .entry(format!("#{name}"))
                        .or_insert_with(|| at.clone());
                }
            }
            if let Some(id) = value.get("$id").and_then(Value::as_str) {
                found
                    .named
                    .entry(id.to_owned())
                    .or_insert_with(|| at.clone());
                found.resources.insert(at.clone());
            }
        });
        found
    }

    fn resource(&self, at: &Pointer) -> Option<Pointer> {
        if self.resources.is_empty() {
            return None;
        }
        let mut base = at.clone();
        while !base.tokens().is_empty() {
            if self.resources.contains(&base) {
                return Some(base);
            }
            base.pop();
        }
        None
    }
}

/// Whether a `$ref` in such an object is a reference that can point at a component.
fn refers(kind: Kind) -> bool {
    section(kind).is_some()
}

/// Calls `each` with every reference, to be changed: `$ref`, `$dynamicRef` and the values of a
/// discriminator's mapping.
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
            if let Some(dynamic) = map
                .get("$dynamicRef")
                .filter(|held| held.is_string())
                .cloned()
            {
                map.shift_remove("$dynamicRef");
                map.entry("$ref").or_insert(dynamic);
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
fn uses(document: &mut Value, anchors: &Anchors) -> Vec<(Usage, Kind)> {
    let mut seen = HashSet::new();
    let mut used = Vec::new();
    each_reference(document, &mut |reference, kind, at| {
        let usage = (reference.clone(), anchors.resource(at));
        if seen.insert(usage.clone()) {
            used.push((usage, kind));
        }
    });
    used
}

/// A component: its section and name.
type Target = (&'static str, String);

/// Where each reference will point, and what has to move for that.
struct Plan {
    decided: HashMap<Usage, Target>,
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

    fn decide(&mut self, document: &Value, usage: &Usage, kind: Kind, anchors: &Anchors) {
        let Some(at) = locate(document, usage, anchors) else {
            if let Some(target) = self.elsewhere(&usage.0, kind) {
                self.decided.insert(usage.clone(), target);
            }
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
            self.decided.insert(usage.clone(), (section, name));
        }
    }

    /// A component of that name in the section where the other version keeps such things, or for a
    /// bare name.
    fn elsewhere(&self, reference: &str, kind: Kind) -> Option<Target> {
        let section = section(kind)?;
        let names = self.taken.get(section)?;
        let mut possible: Vec<String> = candidates(reference)
            .iter()
            .filter_map(|at| match at.tokens() {
                [old, name] if OLD.iter().any(|(key, _)| key == old) => Some(name.clone()),
                [first, _, name] if first == "components" => Some(name.clone()),
                _ => None,
            })
            .collect();
        if !reference.contains('/') {
            possible.push(reference.trim_start_matches('#').to_owned());
        }
        let name = possible.into_iter().find(|name| names.contains(name))?;
        Some((section, name))
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

/// Follows a reference to where it really points.
fn locate(document: &Value, (reference, base): &Usage, anchors: &Anchors) -> Option<Pointer> {
    if let Some(at) = anchors.named.get(reference) {
        return Some(at.clone());
    }
    let (resource, fragment) = reference.split_at(reference.find('#')?);
    let base = if resource.is_empty() {
        base.as_ref()
    } else {
        anchors.named.get(resource)
    };
    if !resource.is_empty() && base.is_none() {
        return None;
    }
    candidates(fragment).iter().find_map(|written| {
        let inside = base.and_then(|base| {
            let keys: Vec<&str> = written.tokens().iter().map(String::as_str).collect();
            follow(document, &base.join(&keys), 0)
        });
        inside.or_else(|| follow(document, written, 0))
    })
}

/// The real place behind a pointer that may lead through references.
fn follow(document: &Value, written: &Pointer, jumps: usize) -> Option<Pointer> {
    let (mut value, mut at) = (document, Pointer::default());
    for token in written.tokens() {
        if step(value, token).is_none() && jumps < 16 {
            let next = value.get("$ref")?.as_str()?;
            at = candidates(next)
                .iter()
                .find_map(|next| follow(document, next, jumps + 1))?;
            value = at.get(document)?;
        }
        value = step(value, token)?;
        at.push(token);
    }
    Some(at)
}

fn rewrite(
    document: &mut Value,
    decided: &HashMap<Usage, Target>,
    anchors: &Anchors,
    context: &mut Context,
) {
    each_reference(document, &mut |reference, _, at| {
        let usage = (reference.clone(), anchors.resource(at));
        if let Some((section, name)) = decided.get(&usage) {
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
            format!("{} entries", note::brief(&was)),
            now.to_string(),
        );
        let section: &mut Map<String, Value> = object(object(root, "components"), new);
        for (name, value) in held {
            section.entry(name).or_insert(value);
        }
    }
}
