//! References: parameters, bodies, responses, headers and path items are put where they
//! are referred to; a schema that is referred to in the middle of something becomes a
//! component of its own, so that every `$ref` left names a component schema.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{ident, report::Report};

const CONSTRUCT: &str = "references";

/// How many references may follow one another.
const LONGEST_CHAIN: usize = 64;

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    inline_path_items(document)?;
    hoist_inner_targets(document, report)?;
    inline_objects(document)?;
    break_alias_cycles(document, report);
    check(document)
}

/// Follows a chain of references to what it finally names.
fn resolve<'a>(document: &'a Value, value: &'a Value, at: &str) -> Result<&'a Value, LowerError> {
    let mut value = value;
    for _ in 0..LONGEST_CHAIN {
        let Some(target) = value.get("$ref").and_then(Value::as_str) else {
            return Ok(value);
        };
        value = lookup(document, target).ok_or_else(|| nowhere(at, target))?;
    }
    Err(LowerError {
        pointer: at.to_owned(),
        problem: "the references here go in a circle; one of them has to hold the definition"
            .to_owned(),
    })
}

fn nowhere(at: &str, target: &str) -> LowerError {
    LowerError {
        pointer: at.to_owned(),
        problem: format!("the reference `{target}` leads nowhere; define it or correct the `$ref`"),
    }
}

/// What a local reference names; its pointer may be percent-encoded.
fn lookup<'a>(document: &'a Value, target: &str) -> Option<&'a Value> {
    let pointer = target.strip_prefix('#')?;
    document
        .pointer(pointer)
        .or_else(|| document.pointer(&decode(pointer)))
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

fn inline_path_items(document: &mut Value) -> Result<(), LowerError> {
    let paths = document["paths"].as_object().into_iter().flatten();
    if paths
        .into_iter()
        .all(|(_, item)| item.get("$ref").is_none())
    {
        return Ok(());
    }
    let source = document.clone();
    let Some(paths) = walk::object_at(document, &["paths"]) else {
        return Ok(());
    };
    for (path, item) in paths.iter_mut() {
        if item.get("$ref").is_none() {
            continue;
        }
        let pointer = format!("/paths/{}", walk::escape(path));
        let mut target = resolve(&source, item, &pointer)?.clone();
        if let (Some(target), Some(item)) = (target.as_object_mut(), item.as_object()) {
            for (key, value) in item.iter().filter(|(key, _)| *key != "$ref") {
                target.insert(key.clone(), value.clone());
            }
        }
        *item = target;
    }
    Ok(())
}

fn inline_objects(document: &mut Value) -> Result<(), LowerError> {
    let mut refers = false;
    objects(document, &mut |value, _| {
        refers |= value.get("$ref").is_some()
    });
    if !refers {
        return Ok(());
    }
    let source = document.clone();
    let mut problem = None;
    objects(document, &mut |value, pointer| {
        if value.get("$ref").is_some() {
            match resolve(&source, value, pointer) {
                Ok(target) => *value = target.clone(),
                Err(error) => problem = problem.take().or(Some(error)),
            }
        }
    });
    problem.map_or(Ok(()), Err)
}

/// Calls `put` for everything beside schemas that may stand elsewhere.
fn objects(document: &mut Value, put: &mut dyn FnMut(&mut Value, &str)) {
    if let Some(paths) = walk::object_at(document, &["paths"]) {
        for (path, item) in paths.iter_mut() {
            let pointer = format!("/paths/{}", walk::escape(path));
            each(item.get_mut("parameters"), &pointer, "parameters", put);
        }
    }
    walk::operations(document, &mut |pointer, _, _, operation| {
        each(operation.get_mut("parameters"), pointer, "parameters", put);
        if let Some(body) = operation.get_mut("requestBody") {
            put(body, &format!("{pointer}/requestBody"));
        }
        each(operation.get_mut("responses"), pointer, "responses", put);
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            for (status, response) in responses.iter_mut() {
                let pointer = format!("{pointer}/responses/{}", walk::escape(status));
                each(response.get_mut("headers"), &pointer, "headers", put);
            }
        }
    });
}

/// Calls `put` for every member of a list or map.
fn each(
    members: Option<&mut Value>,
    pointer: &str,
    key: &str,
    put: &mut dyn FnMut(&mut Value, &str),
) {
    match members {
        Some(Value::Array(list)) => {
            for (index, value) in list.iter_mut().enumerate() {
                put(value, &format!("{pointer}/{key}/{index}"));
            }
        }
        Some(Value::Object(map)) => {
            for (name, value) in map.iter_mut() {
                put(value, &format!("{pointer}/{key}/{}", walk::escape(name)));
            }
        }
        _ => {}
    }
}

/// Makes a component of every schema that is referred to but is none, and spells every
/// reference to a component in one way.
fn hoist_inner_targets(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let components: HashSet<String> = walk::object_at(document, &["components", "schemas"])
        .map(|schemas| schemas.keys().cloned().collect())
        .unwrap_or_default();
    let mut others = false;
    let mut spell = |_: &str, schema: &mut Value| {
        let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
            return;
        };
        match component(target, &components) {
            Some(name) => schema["$ref"] = json!(walk::reference(&name)),
            None => others = true,
        }
    };
    walk::schemas(document, &mut spell);
    hoist_in_shared(document, &mut spell);
    if !others {
        return Ok(());
    }
    let mut taken = ident::taken(&components);
    let mut hoisted: Vec<(String, String)> = Vec::new();
    let source = document.clone();
    let mut problem = None;
    let mut rewrite = |pointer: &str, schema: &mut Value| {
        let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
            return;
        };
        let Some(path) = target.strip_prefix('#') else {
            problem = problem.take().or(Some(nowhere(pointer, target)));
            return;
        };
        if component(target, &components).is_some() {
            return;
        }
        if lookup(&source, target).is_none() {
            problem = problem.take().or(Some(nowhere(pointer, target)));
            return;
        }
        let path = if source.pointer(path).is_some() {
            path.to_owned()
        } else {
            decode(path)
        };
        let name = match hoisted.iter().find(|(known, _)| *known == path) {
            Some((_, name)) => name.clone(),
            None => {
                let name = ident::unique(component_name(&path), &mut taken);
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("a reference to `#{path}`"),
                    format!("the component `{name}`"),
                );
                hoisted.push((path, name.clone()));
                name
            }
        };
        schema["$ref"] = json!(walk::reference(&name));
    };
    walk::schemas(document, &mut rewrite);
    hoist_in_shared(document, &mut rewrite);
    if let Some(problem) = problem {
        return Err(problem);
    }
    // Inner targets are taken out before outer ones, so that each is taken once.
    hoisted.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
    for (path, name) in hoisted {
        let place = document.pointer_mut(&path);
        let Some(place) = place else { continue };
        let schema = std::mem::replace(place, json!({"$ref": walk::reference(&name)}));
        document["components"]["schemas"][name.as_str()] = schema;
    }
    Ok(())
}

/// The component that a reference names, however it is spelled.
fn component(target: &str, components: &HashSet<String>) -> Option<String> {
    let name = target.strip_prefix("#/components/schemas/")?;
    [walk::unescape(name), walk::unescape(&decode(name))]
        .into_iter()
        .find(|name| components.contains(name))
}

/// The same for the schemas of shared parameters, bodies and responses, which are not yet
/// where they are used.
fn hoist_in_shared(document: &mut Value, rewrite: &mut dyn FnMut(&str, &mut Value)) {
    for kind in ["parameters", "requestBodies", "responses", "headers"] {
        let Some(members) = walk::object_at(document, &["components", kind]) else {
            continue;
        };
        for (name, member) in members.iter_mut() {
            let pointer = format!("/components/{kind}/{}", walk::escape(name));
            let mut holder = match kind {
                "parameters" | "headers" => json!({"parameters": [member.take()]}),
                "requestBodies" => json!({"requestBody": member.take()}),
                _ => json!({"responses": {"200": member.take()}}),
            };
            walk::operation_schemas(&pointer, &mut holder, &mut |pointer, schema| {
                walk::within(schema, pointer, rewrite);
            });
            *member = match kind {
                "parameters" | "headers" => holder["parameters"][0].take(),
                "requestBodies" => holder["requestBody"].take(),
                _ => holder["responses"]["200"].take(),
            };
        }
    }
    if let Some(paths) = walk::object_at(document, &["paths"]) {
        for (path, item) in paths.iter_mut() {
            let pointer = format!("/paths/{}", walk::escape(path));
            walk::operation_schemas(&pointer, item, &mut |pointer, schema| {
                walk::within(schema, pointer, rewrite);
            });
        }
    }
}

/// A readable component name for a place: the last names on the way there.
fn component_name(path: &str) -> String {
    const STRUCTURE: [&str; 16] = [
        "components",
        "schemas",
        "properties",
        "paths",
        "responses",
        "content",
        "schema",
        "items",
        "allOf",
        "oneOf",
        "anyOf",
        "additionalProperties",
        "parameters",
        "requestBody",
        "definitions",
        "headers",
    ];
    let words: Vec<String> = path
        .split('/')
        .map(walk::unescape)
        .filter(|token| !token.is_empty() && !STRUCTURE.contains(&token.as_str()))
        .filter(|token| !token.contains('/') || token.starts_with('/'))
        .map(|token| ident::type_name(&token))
        .collect();
    let name = words.concat();
    if name.is_empty() {
        "Inner".to_owned()
    } else {
        name
    }
}

/// A component that only refers to itself, by whatever way, says nothing: any value.
fn break_alias_cycles(document: &mut Value, report: &mut Report) {
    let Some(schemas) = walk::object_at(document, &["components", "schemas"]) else {
        return;
    };
    let names: Vec<String> = schemas.keys().cloned().collect();
    for name in names {
        let mut seen = HashSet::from([name.clone()]);
        let mut current = name.clone();
        while let Some(next) = schemas.get(&current).and_then(walk::referenced) {
            if !seen.insert(next.clone()) {
                report.adapt(
                    CONSTRUCT,
                    format!("/components/schemas/{}", walk::escape(&name)),
                    "a schema that only refers to itself",
                    "any value",
                );
                schemas[&name] = json!({});
                break;
            }
            current = next;
        }
    }
}

/// Every reference names a component.
fn check(document: &mut Value) -> Result<(), LowerError> {
    let components: HashSet<String> = walk::object_at(document, &["components", "schemas"])
        .map(|schemas| schemas.keys().cloned().collect())
        .unwrap_or_default();
    let mut problem = None;
    walk::schemas(document, &mut |pointer, schema| {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let known = walk::referenced(schema).is_some_and(|name| components.contains(&name));
            if !known && problem.is_none() {
                problem = Some(nowhere(pointer, target));
            }
        }
    });
    problem.map_or(Ok(()), Err)
}
