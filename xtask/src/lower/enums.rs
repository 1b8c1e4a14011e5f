//! Enums: strings and integers with names that Rust can take. Null among the values makes
//! the schema nullable; values of no common scalar type leave any value.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{ident, report::Report};

const CONSTRUCT: &str = "enums";

/// The pass: afterwards every enum has `x-sixclicks-mark-variants`, a list of name, value and
/// description, and its values are all strings or all integers.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |pointer, schema| {
        if schema.get("enum").is_some() {
            lower(pointer, schema, report);
        }
    });
    Ok(())
}

fn lower(pointer: &str, schema: &mut Value, report: &mut Report) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    let listed: Vec<Value> = match object.remove("enum") {
        Some(Value::Array(values)) => values,
        _ => Vec::new(),
    };
    // Where each value stands first.
    let mut places: HashMap<&Value, usize> = HashMap::new();
    let mut values: Vec<Value> = Vec::new();
    for (index, value) in listed.iter().enumerate() {
        if !value.is_null() && !places.contains_key(value) {
            places.insert(value, index);
            values.push(value.clone());
        }
    }
    if listed.iter().any(Value::is_null) {
        object.insert("nullable".to_owned(), json!(true));
    }
    let names = names(object, &places, &values, listed.len());
    let kind = if values.is_empty() {
        None
    } else if values.iter().all(Value::is_string) {
        Some("string")
    } else if values.iter().all(Value::is_i64) {
        Some("integer")
    } else {
        None
    };
    let is_array = object.get("type").is_some_and(|kind| kind == "array");
    match kind {
        Some(kind) if is_array => {
            let items = object.entry("items").or_insert_with(|| json!({}));
            if items.get("enum").is_none()
                && items.get("x-sixclicks-mark-variants").is_none()
                && items.get("$ref").is_none()
            {
                *items = json!({"type": kind, "enum": values});
                lower(&format!("{pointer}/items"), items, report);
            }
            report.adapt(
                CONSTRUCT,
                pointer,
                "an enum of an array",
                "an enum of its items",
            );
        }
        Some(kind) => {
            if object.get("type").is_some_and(|was| was != kind) {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("type {} with {kind} values", object["type"]),
                    format!("type `{kind}`"),
                );
            }
            object.insert("type".to_owned(), json!(kind));
            let described = descriptions(object, &places, &values, listed.len());
            let mut taken = HashSet::new();
            let variants: Vec<Value> = values
                .iter()
                .enumerate()
                .map(|(index, value)| {
                    let wished = names
                        .get(index)
                        .cloned()
                        .flatten()
                        .unwrap_or_else(|| text(value));
                    let name = distinct(ident::variant_name(&wished), &wished, &mut taken);
                    json!({"name": name, "value": value, "description": described.get(index)})
                })
                .collect();
            object.insert(
                "x-sixclicks-mark-variants".to_owned(),
                Value::Array(variants),
            );
            object.insert("enum".to_owned(), Value::Array(values));
        }
        None => {
            let scalars = !values.is_empty()
                && (values.iter().all(Value::is_number) || values.iter().all(Value::is_boolean));
            if !scalars && !values.is_empty() {
                for keyword in ["type", "format", "items", "properties"] {
                    object.remove(keyword);
                }
            }
            let list: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            if !list.is_empty() {
                note(object, &format!("One of {}.", list.join(", ")));
            }
            report.adapt(
                CONSTRUCT,
                pointer,
                format!("an enum of {} values of other types", listed.len()),
                "a value of its type",
            );
        }
    }
}

/// Adds a sentence to the description.
pub fn note(object: &mut walk::Object, sentence: &str) {
    let text = object
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let text = if text.is_empty() {
        sentence.to_owned()
    } else {
        format!("{}\n\n{sentence}", text.trim_end())
    };
    object.insert("description".to_owned(), json!(text));
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Variant names are compared exactly: `asc` and `ASC` are told apart by Rust only if
/// their names are.
fn distinct(name: String, wished: &str, taken: &mut HashSet<String>) -> String {
    let exact: String = wished
        .chars()
        .filter(|c| unicode_ident::is_xid_continue(*c))
        .collect();
    let exact = if exact.len() == wished.len()
        && exact.starts_with(unicode_ident::is_xid_start)
        && exact.starts_with(char::is_uppercase)
        && !exact.contains('_')
    {
        exact
    } else {
        name.clone()
    };
    let mut candidate = name.clone();
    if taken.contains(&candidate) && !taken.contains(&exact) && exact != "Self" {
        candidate = exact;
    }
    if taken.contains(&candidate) {
        let numbered = |number: usize| format!("{name}{number}");
        candidate = numbered(ident::first_free(|number| {
            taken.contains(&numbered(number))
        }));
    }
    taken.insert(candidate.clone());
    candidate
}

/// What the document says of each value: by lists beside the values under one of these
/// keys, or in Microsoft's `x-ms-enum` under `own`.
fn told<'a>(
    object: &'a walk::Object,
    keys: &[&str],
    own: &'static str,
    length: usize,
) -> impl Fn(usize, &Value) -> Option<&'a Value> {
    let list = keys
        .iter()
        .find_map(|key| object.get(*key)?.as_array())
        .filter(|list| list.len() == length);
    let microsoft: HashMap<String, &Value> = object
        .get("x-ms-enum")
        .and_then(|described| described["values"].as_array())
        .into_iter()
        .flatten()
        .rev()
        .map(|entry| (text(&entry["value"]), entry))
        .collect();
    move |place, value| match list {
        Some(list) => list.get(place),
        None => microsoft.get(&text(value))?.get(own),
    }
}

/// The names that generators of .NET documents give to the values.
fn names(
    object: &walk::Object,
    places: &HashMap<&Value, usize>,
    values: &[Value],
    length: usize,
) -> Vec<Option<String>> {
    let keys = [
        "x-enumNames",
        "x-enum-varnames",
        "x-enum-names",
        "x-enumVarnames",
    ];
    let told = told(object, &keys, "name", length);
    values
        .iter()
        .map(|value| told(places[value], value)?.as_str().map(str::to_owned))
        .collect()
}

fn descriptions(
    object: &walk::Object,
    places: &HashMap<&Value, usize>,
    values: &[Value],
    length: usize,
) -> Vec<Value> {
    let keys = [
        "x-enumDescriptions",
        "x-enum-descriptions",
        "x-enum-description",
    ];
    let told = told(object, &keys, "description", length);
    values
        .iter()
        .map(|value| told(places[value], value).cloned().unwrap_or_default())
        .collect()
}
