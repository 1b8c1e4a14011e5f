//! Generic schemas of OpenAPI 3.1: a `$dynamicRef` means whatever the schema that is used from
//! outside has bound its anchor to. Each use of a generic schema with bindings of its own gets a
//! copy in which the bindings are plain references.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::mem;

use serde_json::{Map, Value};

use super::Settled;
use crate::openapi::grammar::{Child, Kind, child};
use crate::openapi::name_for;
use crate::openapi::pointer::{Pointer, escape};
use crate::openapi::unique;
use crate::openapi::walk::look;

/// What anchors are bound to, as references.
type Bindings = BTreeMap<String, String>;

/// How many copies of generic schemas a document may need.
const MOST_COPIES: usize = 10_000;

/// Keywords that say nothing of a value.
const SILENT: [&str; 9] = [
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "description",
    "summary",
    "title",
];

/// Replaces every dynamic reference by a plain one.
pub fn expand(document: &mut Value) -> Vec<Settled> {
    let mut roots = Vec::new();
    let mut dynamic = false;
    look(document, &mut |value, kind, at| {
        if !is_schema(kind) {
            return;
        }
        dynamic |= value.get("$dynamicRef").is_some_and(Value::is_string);
        if !roots.last().is_some_and(|root| at.is_within(root)) {
            roots.push(at.clone());
        }
    });
    if !dynamic {
        return Vec::new();
    }
    let taken = ["components", "definitions"]
        .into_iter()
        .flat_map(|section| {
            let held = document.get(section).and_then(Value::as_object);
            let held = match section {
                "components" => held.and_then(|held| held.get("schemas")?.as_object()),
                _ => held,
            };
            held.into_iter().flat_map(|names| names.keys().cloned())
        });
    let taken = taken.collect();
    // Named schemas first, so that they keep their names for what they bind.
    roots.sort_by_key(|root| {
        root.tokens()
            .first()
            .is_none_or(|first| first != "components")
    });
    let source = document.clone();
    let mut expansion = Expansion {
        source: &source,
        taken,
        uses: HashMap::new(),
        copies: HashMap::new(),
        made: Vec::new(),
        settled: Vec::new(),
    };
    for root in roots {
        if let Some(value) = root.get_mut(document) {
            expansion.root(value, &root);
        }
    }
    let Expansion { made, settled, .. } = expansion;
    for (name, value) in made {
        document["components"]["schemas"][name.as_str()] = value;
    }
    settled
}

struct Expansion<'a> {
    source: &'a Value,
    taken: HashSet<String>,
    /// The anchors on which what stands at a place depends.
    uses: HashMap<Pointer, BTreeSet<String>>,
    /// The component for a generic schema and its bindings.
    copies: HashMap<(Pointer, Bindings), String>,
    made: Vec<(String, Value)>,
    settled: Vec<Settled>,
}

impl Expansion<'_> {
    /// Expands a schema that stands by itself. A component that only binds a generic schema
    /// becomes that schema with its bindings, under its own name.
    fn root(&mut self, value: &mut Value, at: &Pointer) {
        let bindings = anchors(value, at);
        if let (Some(generic), Some(name)) = (self.bound(value, &bindings), component_name(at)) {
            let bound = self.needed(&generic, &bindings);
            let reference = value["$ref"].as_str().unwrap_or_default().to_owned();
            self.copies.entry((generic.clone(), bound)).or_insert(name);
            let mut copy = self.copy(&generic, &bindings);
            if let (Value::Object(own), Value::Object(copy)) = (&mut *value, &mut copy) {
                own.shift_remove("$ref");
                let defs = own.shift_remove("$defs");
                for (key, held) in mem::take(own) {
                    copy.insert(key, held);
                }
                if let (Some(Value::Object(defs)), held) = (
                    defs,
                    copy.entry("$defs").or_insert_with(|| Map::new().into()),
                ) && let Value::Object(held) = held
                {
                    held.extend(defs);
                }
            }
            *value = copy;
            self.note(at, reference, "the generic schema with what is bound in it");
            return;
        }
        self.rewrite(value, Kind::Schema, at, &bindings, true);
    }

    /// The generic schema that a schema binds and says nothing else of.
    fn bound(&mut self, value: &Value, bindings: &Bindings) -> Option<Pointer> {
        let map = value.as_object()?;
        let only = map
            .keys()
            .all(|key| key == "$ref" || SILENT.contains(&key.as_str()));
        let generic = pointer(map.get("$ref")?.as_str()?)?;
        (only && !self.needed(&generic, bindings).is_empty()).then_some(generic)
    }

    /// The bindings that make a difference to what stands at a place.
    fn needed(&mut self, at: &Pointer, bindings: &Bindings) -> Bindings {
        if bindings.is_empty() {
            return Bindings::new();
        }
        if !self.uses.contains_key(at) {
            let mut used = BTreeSet::new();
            self.collect(at, &mut HashSet::new(), &mut used);
            self.uses.insert(at.clone(), used);
        }
        let used = &self.uses[at];
        let bound = bindings.iter().filter(|(name, _)| used.contains(*name));
        bound
            .map(|(name, target)| (name.clone(), target.clone()))
            .collect()
    }

    fn collect(&self, at: &Pointer, seen: &mut HashSet<Pointer>, used: &mut BTreeSet<String>) {
        let mut waiting = vec![at.clone()];
        while let Some(at) = waiting.pop() {
            let Some(value) = at.get(self.source).filter(|_| seen.insert(at.clone())) else {
                continue;
            };
            visit(value, Kind::Schema, &mut |schema| {
                let text = |key: &str| schema.get(key).and_then(Value::as_str);
                used.extend(text("$dynamicRef").and_then(anchor).map(str::to_owned));
                waiting.extend(text("$ref").and_then(pointer));
            });
        }
    }

    /// What stands at a place, with these bindings in place of its own.
    fn copy(&mut self, at: &Pointer, bindings: &Bindings) -> Value {
        let mut value = at.get(self.source).cloned().unwrap_or_default();
        let mut all = anchors(&value, at);
        all.extend(bindings.clone());
        self.rewrite(&mut value, Kind::Schema, at, &all, true);
        value
    }

    fn rewrite(
        &mut self,
        value: &mut Value,
        kind: Kind,
        at: &Pointer,
        bindings: &Bindings,
        outermost: bool,
    ) {
        let Value::Object(map) = value else { return };
        let mut own = None;
        if is_schema(kind) {
            if !outermost && map.contains_key("$defs") {
                let mut inner = bindings.clone();
                inner.extend(defined(map, at));
                own = Some(inner);
            }
            self.references(map, at, own.as_ref().unwrap_or(bindings));
        }
        let bindings = own.as_ref().unwrap_or(bindings);
        for (key, held) in map.iter_mut() {
            let here = at.join(&[key]);
            match (child(kind, key), held) {
                (Child::One(kind), held) => self.rewrite(held, kind, &here, bindings, false),
                (Child::Many(kind) | Child::Either(kind), Value::Array(list)) => {
                    for (index, held) in list.iter_mut().enumerate() {
                        let here = here.join(&[&index.to_string()]);
                        self.rewrite(held, kind, &here, bindings, false);
                    }
                }
                (Child::Either(kind), held) => self.rewrite(held, kind, &here, bindings, false),
                (Child::Named(kind), Value::Object(held)) => {
                    for (name, held) in held.iter_mut() {
                        self.rewrite(held, kind, &here.join(&[name]), bindings, false);
                    }
                }
                _ => {}
            }
        }
    }

    /// Settles the references of one schema.
    fn references(&mut self, map: &mut Map<String, Value>, at: &Pointer, bindings: &Bindings) {
        if let Some(generic) = map.get("$ref").and_then(Value::as_str).and_then(pointer) {
            let bound = self.needed(&generic, bindings);
            let own = generic
                .get(self.source)
                .map(|value| anchors(value, &generic));
            let differs = |own: &Bindings| bound.iter().any(|(name, to)| own.get(name) != Some(to));
            if own.is_some_and(|own| differs(&own)) && self.made.len() < MOST_COPIES {
                let name = self.component(generic, bound);
                let now = format!("#/components/schemas/{}", escape(&name));
                let was = map.insert("$ref".to_owned(), Value::String(now.clone()));
                self.note(
                    at,
                    was.as_ref().and_then(Value::as_str).unwrap_or_default(),
                    now,
                );
            }
        }
        let Some(Value::String(dynamic)) = map.get("$dynamicRef") else {
            return;
        };
        let dynamic = dynamic.clone();
        let target = anchor(&dynamic).and_then(|name| {
            let bound = bindings.get(name).cloned();
            bound.or_else(|| self.anywhere(name))
        });
        let target = target.or_else(|| pointer(&dynamic).map(|at| format!("#{at}")));
        if let Some(target) = target {
            map.shift_remove("$dynamicRef");
            map.entry("$ref")
                .or_insert_with(|| Value::String(target.clone()));
            self.note(at, dynamic, target);
        }
    }

    /// The first schema of the document with that anchor.
    fn anywhere(&self, name: &str) -> Option<String> {
        let mut found = None;
        look(self.source, &mut |value, kind, at| {
            let named = ["$dynamicAnchor", "$anchor"]
                .iter()
                .any(|key| value.get(key).and_then(Value::as_str) == Some(name));
            if named && is_schema(kind) && found.is_none() {
                found = Some(format!("#{at}"));
            }
        });
        found
    }

    /// The component for a generic schema with these bindings.
    fn component(&mut self, generic: Pointer, bound: Bindings) -> String {
        let key = (generic, bound);
        if let Some(name) = self.copies.get(&key) {
            return name.clone();
        }
        let (generic, bound) = &key;
        let words: Vec<String> = bound
            .values()
            .filter_map(|to| pointer(to))
            .map(|to| component_name(&to).unwrap_or_else(|| name_for(&to)))
            .collect();
        let base = component_name(generic).unwrap_or_else(|| name_for(generic));
        let name = unique(format!("{base}Of{}", words.join("And")), &mut self.taken);
        self.copies.insert(key.clone(), name.clone());
        let value = self.copy(&key.0, &key.1);
        self.made.push((name.clone(), value));
        name
    }

    fn note(&mut self, at: &Pointer, was: impl Into<String>, now: impl Into<String>) {
        self.settled.push(Settled {
            at: at.clone(),
            was: was.into(),
            now: now.into(),
        });
    }
}

fn is_schema(kind: Kind) -> bool {
    matches!(kind, Kind::Schema | Kind::SchemaOrBool)
}

/// The pointer that a plain reference is.
fn pointer(reference: &str) -> Option<Pointer> {
    let at = Pointer::parse(reference.strip_prefix('#')?)?;
    (!at.tokens().is_empty()).then_some(at)
}

/// The anchor that a dynamic reference names.
fn anchor(reference: &str) -> Option<&str> {
    let (_, fragment) = reference.split_once('#')?;
    (!fragment.is_empty() && !fragment.contains('/')).then_some(fragment)
}

/// The name of the component that stands at a place.
fn component_name(at: &Pointer) -> Option<String> {
    match at.tokens() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            Some(name.clone())
        }
        [definitions, name] if definitions == "definitions" => Some(name.clone()),
        _ => None,
    }
}

/// The dynamic anchors of a schema, with what each is bound to; not those of the definitions that
/// a part of the schema has of its own.
fn anchors(value: &Value, at: &Pointer) -> Bindings {
    let Value::Object(map) = value else {
        return Bindings::new();
    };
    let mut found = defined(map, at);
    if let Some(Value::String(name)) = map.get("$dynamicAnchor") {
        found.insert(name.clone(), format!("#{at}"));
    }
    found
}

/// The dynamic anchors among the definitions of one schema.
fn defined(map: &Map<String, Value>, at: &Pointer) -> Bindings {
    let defs = ["$defs", "definitions"]
        .into_iter()
        .filter_map(|key| Some((key, map.get(key)?.as_object()?)));
    let mut found = Bindings::new();
    for (key, defs) in defs {
        for (name, schema) in defs {
            if let Some(Value::String(anchor)) = schema.get("$dynamicAnchor") {
                let itself = || format!("#{}", at.join(&[key, name]));
                found.insert(anchor.clone(), alias(schema).unwrap_or_else(itself));
            }
        }
    }
    found
}

/// The reference that a schema is and nothing else.
fn alias(schema: &Value) -> Option<String> {
    let map = schema.as_object()?;
    let only = map
        .keys()
        .all(|key| key == "$ref" || SILENT.contains(&key.as_str()));
    let target = map.get("$ref")?.as_str().filter(|_| only)?;
    pointer(target).map(|_| target.to_owned())
}

/// Calls `see` for a schema and all schemas in it.
fn visit(value: &Value, kind: Kind, see: &mut dyn FnMut(&Map<String, Value>)) {
    let Value::Object(map) = value else { return };
    if is_schema(kind) {
        see(map);
    }
    for (key, held) in map {
        match (child(kind, key), held) {
            (Child::One(kind) | Child::Either(kind), held @ Value::Object(_)) => {
                visit(held, kind, see);
            }
            (Child::Many(kind) | Child::Either(kind), Value::Array(list)) => {
                list.iter().for_each(|held| visit(held, kind, see));
            }
            (Child::Named(kind), Value::Object(held)) => {
                held.values().for_each(|held| visit(held, kind, see));
            }
            _ => {}
        }
    }
}
