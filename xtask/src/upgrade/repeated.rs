//! Parameters that one list describes more than once: they become one parameter that takes
//! everything that each of them takes.

use serde_json::{Map, Value, json};

use super::Context;
use super::note::Notes;
use crate::openapi::brief;
use crate::openapi::grammar::Kind;
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::{Phase, walk};

const CONSTRUCT: &str = "repeated parameter";

/// How many references may lead to a parameter.
const MOST_JUMPS: usize = 16;

/// What a parameter says beside what may be sent and how.
const SAID: [&str; 5] = [
    "description",
    "example",
    "examples",
    "deprecated",
    "required",
];

/// Merges the repeated parameters of every list.
pub fn merge(document: &mut Value, context: &mut Context) {
    let shared = ["parameters", "components"].map(|key| document.get(key).cloned());
    let [old, new] = shared;
    let new = new.and_then(|mut components| components.get_mut("parameters").map(Value::take));
    let shared = json!({"parameters": old, "components": {"parameters": new}});
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, kind, at, phase| {
            if phase == Phase::Leave || !matches!(kind, Kind::PathItem | Kind::Operation) {
                return;
            }
            if let Some(Value::Array(list)) = value.get_mut("parameters") {
                let at = at.join(&["parameters"]);
                merge_list(list, &at, &shared, &mut context.notes);
            }
        },
    );
}

fn merge_list(list: &mut Vec<Value>, at: &Pointer, shared: &Value, notes: &mut Notes) {
    let mut kept: Vec<Value> = Vec::with_capacity(list.len());
    for (index, parameter) in std::mem::take(list).into_iter().enumerate() {
        let resolved = resolve(&parameter, shared);
        let first = identity(resolved).and_then(|own| {
            let mut kept = kept.iter_mut();
            kept.find(|other| identity(resolve(other, shared)).as_ref() == Some(&own))
        });
        let Some(first) = first else {
            kept.push(parameter);
            continue;
        };
        let at = at.join(&[&index.to_string()]);
        let mut merged = resolve(first, shared).clone();
        if merged == *resolved {
            continue;
        }
        if let (Value::Object(merged), Value::Object(other)) = (&mut merged, resolved) {
            let was = brief(&parameter);
            match combine(merged, other) {
                Ok(now) => notes.add(&at, CONSTRUCT, was, now),
                Err(now) => notes.lose(&at, CONSTRUCT, was, now),
            }
        }
        *first = merged;
    }
    *list = kept;
}

/// A parameter behind its references.
fn resolve<'a>(mut parameter: &'a Value, shared: &'a Value) -> &'a Value {
    for _ in 0..MOST_JUMPS {
        let target = parameter.get("$ref").and_then(Value::as_str);
        let at = target.and_then(|target| Pointer::parse(target.strip_prefix('#')?));
        match at.as_ref().and_then(|at| at.get(shared)) {
            Some(found) => parameter = found,
            None => break,
        }
    }
    parameter
}

/// What no two parameters of a list may share: the place and the name, in headers without regard
/// to case. A body has no name, and a list may hold but one.
fn identity(parameter: &Value) -> Option<(String, String)> {
    let place = parameter.get("in")?.as_str()?.trim().to_lowercase();
    let name = parameter.get("name")?.as_str()?;
    let name = match place.as_str() {
        "body" => return None,
        "header" => name.to_lowercase(),
        _ => name.to_owned(),
    };
    Some((place, name))
}

/// Adds to a parameter what another of its name takes and says. Fails with what is kept where the
/// two are written in different ways.
fn combine(
    first: &mut Map<String, Value>,
    other: &Map<String, Value>,
) -> Result<&'static str, &'static str> {
    let differs = differing(first, other);
    describe(first, other);
    let required = [&*first, other]
        .iter()
        .any(|parameter| parameter.get("required") == Some(&json!(true)));
    if required {
        first.insert("required".to_owned(), json!(true));
    }
    if differs.is_empty() {
        return Ok("merged with the first of that name");
    }
    if differs == ["schema"]
        && let (Some(one), Some(another)) = (first.get("schema"), other.get("schema"))
    {
        let either = json!({"anyOf": [one, another]});
        first.insert("schema".to_owned(), either);
        return Ok("merged with the first of that name, which takes the values of both");
    }
    let is_scalar = |parameter: &Map<String, Value>| {
        let kind = parameter.get("type").and_then(Value::as_str);
        matches!(kind, Some("string" | "number" | "integer" | "boolean"))
    };
    if is_scalar(first) && is_scalar(other) {
        first.retain(|key, _| SAID.contains(&key.as_str()) || ["name", "in"].contains(&&**key));
        first.insert("type".to_owned(), json!("string"));
        return Ok("merged with the first of that name, which takes any text");
    }
    Err("left out: the first of that name is written in another way")
}

/// The keys of two parameters whose values differ and say what may be sent.
fn differing(first: &Map<String, Value>, other: &Map<String, Value>) -> Vec<String> {
    let mut keys: Vec<&String> = first.keys().collect();
    keys.extend(other.keys().filter(|key| !first.contains_key(*key)));
    keys.into_iter()
        .filter(|key| !SAID.contains(&key.as_str()) && *key != "name" && !key.starts_with("x-"))
        .filter(|key| first.get(*key) != other.get(*key))
        .filter(|key| *key != "in" || !(first.contains_key(*key) && other.contains_key(*key)))
        .cloned()
        .collect()
}

/// Keeps both descriptions.
fn describe(first: &mut Map<String, Value>, other: &Map<String, Value>) {
    let text = |parameter: &Map<String, Value>| {
        let text = parameter.get("description").and_then(Value::as_str);
        text.unwrap_or_default().trim().to_owned()
    };
    let (own, another) = (text(first), text(other));
    if !another.is_empty() && own != another {
        let both = format!("{own}\n\n{another}");
        first.insert("description".to_owned(), json!(both.trim()));
    }
}
