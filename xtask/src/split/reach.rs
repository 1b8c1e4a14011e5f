//! The components that operations reach, through references of every kind.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use crate::lower::walk::{escape, unescape};

/// The components that the items reach, by kind and name.
pub fn components(items: &[(String, Value)], document: &Value) -> Map<String, Value> {
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    let mut open: Vec<(String, String)> = Vec::new();
    for (_, item) in items {
        references(item, document, &mut open);
    }
    while let Some(key) = open.pop() {
        if !found.insert(key.clone()) {
            continue;
        }
        let (kind, name) = &key;
        let Some(member) = document["components"][kind.as_str()].get(name) else {
            continue;
        };
        references(member, document, &mut open);
        if kind == "schemas" && member.get("discriminator").is_some() {
            open.extend(subtypes(name, document).map(|name| ("schemas".to_owned(), name)));
        }
    }
    let mut components = Map::new();
    for (kind, name) in found {
        if let Some(member) = document["components"][kind.as_str()].get(&name) {
            let place = components.entry(kind).or_insert_with(|| json!({}));
            place[name.as_str()] = member.clone();
        }
    }
    components
}

/// The schemas that build upon a base.
fn subtypes<'a>(base: &'a str, document: &'a Value) -> impl Iterator<Item = String> + 'a {
    let schemas = document["components"]["schemas"].as_object();
    schemas
        .into_iter()
        .flatten()
        .filter(move |(_, schema)| {
            schema["allOf"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|part| {
                    part["$ref"]
                        .as_str()
                        .and_then(|target| named(target, document))
                        .is_some_and(|(_, name)| name == base)
                })
        })
        .map(|(name, _)| name.clone())
}

/// Kind and name of the component that a reference leads to or into.
fn named(target: &str, document: &Value) -> Option<(String, String)> {
    let rest = target.strip_prefix("#/components/")?;
    let mut tokens = rest.split('/');
    let kind = tokens.next()?;
    let token = tokens.next()?;
    let plain = unescape(token);
    if document["components"][kind].get(&plain).is_some() {
        return Some((kind.to_owned(), plain));
    }
    let decoded = percent_encoding::percent_decode_str(token)
        .decode_utf8_lossy()
        .into_owned();
    Some((kind.to_owned(), unescape(&decoded)))
}

/// Everything that a value refers to.
fn references(value: &Value, document: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                match named(target, document) {
                    Some(key) => found.push(key),
                    // Into another operation, whose own references then count as well.
                    None => {
                        if let Some(inner) = target
                            .strip_prefix('#')
                            .and_then(|pointer| document.pointer(pointer))
                            && inner.get("$ref").is_none()
                        {
                            shallow(inner, document, found);
                        }
                    }
                }
            }
            if let Some(mapping) = object
                .get("discriminator")
                .and_then(|d| d["mapping"].as_object())
            {
                for target in mapping.values().filter_map(Value::as_str) {
                    let key = named(target, document)
                        .unwrap_or_else(|| ("schemas".to_owned(), target.to_owned()));
                    found.push(key);
                }
            }
            object
                .values()
                .for_each(|child| references(child, document, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| references(item, document, found)),
        _ => {}
    }
}

/// References to components, and no others, so that circles of operations end.
fn shallow(value: &Value, document: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            if let Some(key) = object
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|target| named(target, document))
            {
                found.push(key);
            }
            object
                .values()
                .for_each(|child| shallow(child, document, found));
        }
        Value::Array(items) => items.iter().for_each(|item| shallow(item, document, found)),
        _ => {}
    }
}

/// Gives another name to a component of the same name and other content than one that is
/// there already.
pub fn rename_conflicts(
    items: &mut [(String, Value)],
    components: &mut Map<String, Value>,
    known: &Map<String, Value>,
) {
    let mut renamed: HashMap<String, String> = HashMap::new();
    for (kind, members) in components.iter() {
        for (name, member) in members.as_object().into_iter().flatten() {
            let conflict = known
                .get(kind)
                .and_then(|known| known.get(name))
                .is_some_and(|other| other != member);
            if conflict {
                let mut number = 2;
                while known[kind].get(format!("{name}{number}")).is_some()
                    || members.get(format!("{name}{number}")).is_some()
                {
                    number += 1;
                }
                renamed.insert(
                    format!("#/components/{kind}/{}", escape(name)),
                    format!("#/components/{kind}/{}", escape(&format!("{name}{number}"))),
                );
            }
        }
    }
    if renamed.is_empty() {
        return;
    }
    for (_, item) in items {
        follow(item, &renamed);
    }
    for (kind, members) in components.iter_mut() {
        let Some(object) = members.as_object_mut() else {
            continue;
        };
        let old = std::mem::take(object);
        for (name, mut member) in old {
            follow(&mut member, &renamed);
            let target = format!("#/components/{kind}/{}", escape(&name));
            let now = renamed
                .get(&target)
                .and_then(|target| target.rsplit('/').next())
                .map_or(name, unescape);
            object.insert(now, member);
        }
    }
}

fn follow(value: &mut Value, renamed: &HashMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(now) = renamed.get(text.as_str()) {
                *text = now.clone();
            }
        }
        Value::Object(object) => object.values_mut().for_each(|child| follow(child, renamed)),
        Value::Array(items) => items.iter_mut().for_each(|item| follow(item, renamed)),
        _ => {}
    }
}
