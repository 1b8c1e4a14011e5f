//! Objects: what a server may add is never refused, what is not required may be missing
//! or null, only the server fills in what is read-only, and it never answers what is
//! write-only.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

const CONSTRUCT: &str = "objects";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    mark(document);
    let answered = answered(document);
    walk::schemas(document, &mut |pointer, schema| {
        if schema.get("type").is_some_and(|kind| kind == "object") {
            let is_answered = match component(pointer) {
                Some(name) => answered.contains(name),
                None => pointer.contains("/responses/"),
            };
            lower(pointer, schema, is_answered, report);
        }
    });
    Ok(())
}

/// A property of a schema that says itself that it is read-only or write-only is that.
fn mark(document: &mut Value) {
    const MARKS: [&str; 2] = ["readOnly", "writeOnly"];
    let mark = |schema: &Value| MARKS.into_iter().find(|mark| schema[*mark] == json!(true));
    let schemas = walk::object_at(document, &["components", "schemas"]);
    let schemas = schemas.into_iter().flatten();
    let marked: HashMap<String, &str> = schemas
        .filter_map(|(name, schema)| Some((name.clone(), mark(schema)?)))
        .collect();
    if marked.is_empty() {
        return;
    }
    walk::schemas(document, &mut |_, schema| {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for property in properties.into_iter().flat_map(|all| all.values_mut()) {
            let only =
                walk::referenced(property).or_else(|| walk::referenced(property["allOf"].get(0)?));
            let Some(mark) = only.and_then(|name| marked.get(&name)) else {
                continue;
            };
            if property.get("$ref").is_some() {
                *property = json!({"allOf": [property.take()]});
            }
            property[*mark] = json!(true);
        }
    });
}

/// The components, by their names in pointers, that a response may hold; none where nothing is
/// write-only, so that nobody asks.
fn answered(document: &mut Value) -> HashSet<String> {
    let mut asked = false;
    walk::schemas(document, &mut |_, schema| {
        asked |= schema.get("writeOnly").is_some();
    });
    if !asked {
        return HashSet::new();
    }
    let mut held: HashMap<String, Vec<String>> = HashMap::new();
    let mut open = Vec::new();
    walk::schemas(document, &mut |pointer, schema| {
        let targets = schema.get("$ref").and_then(Value::as_str).into_iter();
        let targets = targets.filter_map(|target| component(target.strip_prefix('#')?));
        match component(pointer) {
            Some(name) => {
                let held = held.entry(name.to_owned()).or_default();
                held.extend(targets.map(str::to_owned));
            }
            None if pointer.contains("/responses/") => open.extend(targets.map(str::to_owned)),
            None => {}
        }
    });
    let mut answered = HashSet::new();
    while let Some(name) = open.pop() {
        if answered.insert(name.clone()) {
            open.extend(held.remove(&name).into_iter().flatten());
        }
    }
    answered
}

/// The name of the component that a pointer leads into.
fn component(pointer: &str) -> Option<&str> {
    let rest = pointer.strip_prefix("/components/schemas/")?;
    rest.split('/').next()
}

fn lower(pointer: &str, schema: &mut Value, is_answered: bool, report: &mut Report) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    patterns(pointer, object, report);
    if object
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(serde_json::Map::is_empty)
    {
        object.remove("properties");
    }
    match object.get("additionalProperties") {
        Some(Value::Bool(false)) => {
            object.remove("additionalProperties");
            report.adapt(
                CONSTRUCT,
                pointer,
                "`additionalProperties: false`",
                "fields that the server adds are ignored",
            );
        }
        Some(Value::Bool(true) | Value::Object(_)) | None => {}
        Some(_) => {
            object.remove("additionalProperties");
        }
    }
    if object.get("properties").is_none() && !requires_of_map(object) {
        object.remove("required");
        if object.get("additionalProperties").is_none() {
            object.insert("additionalProperties".to_owned(), json!(true));
        }
        return;
    }
    if object.get("additionalProperties") == Some(&json!(true)) {
        object.insert("additionalProperties".to_owned(), json!({}));
    }
    require(pointer, object, is_answered, report);
}

/// Whether a map has to have some of its names, which makes them fields.
fn requires_of_map(object: &mut walk::Object) -> bool {
    let names = object.get("required").and_then(Value::as_array);
    let requires = names.is_some_and(|names| names.iter().any(Value::is_string));
    let requires = requires && of_map(object).is_some();
    if requires {
        object.insert("properties".to_owned(), json!({}));
    }
    requires
}

/// What a map says of names that it does not describe.
fn of_map(object: &walk::Object) -> Option<Value> {
    let rest = object.get("additionalProperties")?;
    let says = rest.as_object().is_some_and(|rest| !rest.is_empty());
    says.then(|| rest.clone())
}

/// Names of a shape become names of any shape.
fn patterns(pointer: &str, object: &mut walk::Object, report: &mut Report) {
    if object
        .remove("x-sixclicks-mark-pattern-properties")
        .is_some()
    {
        report.adapt(
            CONSTRUCT,
            pointer,
            "`patternProperties`",
            "`additionalProperties`",
        );
    }
}

/// Leaves in `required` what has to be there in requests and responses alike.
fn require(pointer: &str, object: &mut walk::Object, is_answered: bool, report: &mut Report) {
    let listed: Vec<String> = object
        .remove("required")
        .and_then(|names| names.as_array().cloned())
        .unwrap_or_default()
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let of_map = of_map(object);
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let mut required: Vec<String> = Vec::new();
    for name in listed {
        // A name that differs in case alone is another name to who validates what is sent.
        let known = properties.keys().find(|key| **key == name).cloned();
        match known {
            Some(known) if properties[&known]["readOnly"] == json!(true) => {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("`{known}` read-only and required"),
                    "optional, so that requests can leave it out",
                );
            }
            Some(known) if is_answered && properties[&known]["writeOnly"] == json!(true) => {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("`{known}` write-only and required"),
                    "optional, so that answers can leave it out",
                );
            }
            Some(known) if !required.contains(&known) => required.push(known),
            Some(_) => {}
            None if let Some(value) = &of_map => {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("`{name}` required and described by `additionalProperties` alone"),
                    "a required field",
                );
                properties.insert(name.clone(), value.clone());
                required.push(name);
            }
            None => {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("`{name}` required but not described"),
                    "an optional value of any type",
                );
                properties.insert(name, json!({}));
            }
        }
    }
    for (name, property) in properties.iter_mut() {
        if !required.contains(name) && !is_any(property) {
            if property.get("$ref").is_some() {
                *property = json!({"allOf": [property.take()]});
            }
            property["nullable"] = json!(true);
        }
    }
    if !required.is_empty() {
        object.insert("required".to_owned(), json!(required));
    }
}

/// A schema that takes any value takes null as well.
fn is_any(schema: &Value) -> bool {
    const SAYING: [&str; 6] = [
        "type",
        "$ref",
        "allOf",
        "oneOf",
        "x-sixclicks-mark-rust-type",
        "enum",
    ];
    !SAYING.iter().any(|keyword| schema.get(*keyword).is_some())
}
