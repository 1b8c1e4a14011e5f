//! Repairs before anything else looks at the document: nulls, empty lists for maps, and what every
//! document must have.

use serde_json::{Map, Value, json};

use crate::openapi::brief;
use crate::openapi::grammar::{Child, Kind, child};
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::{Phase, walk};
use crate::upgrade::note::Notes;
use crate::upgrade::{Context, MARK, Version};

/// Makes the document one that can be walked.
pub fn before(document: &mut Value, context: &mut Context) {
    let Value::Object(root) = &mut *document else {
        return;
    };
    version(root, context);
    let notes = &mut context.notes;
    for key in ["info", "servers", "tags", "externalDocs", "security"] {
        if let Some(value) = root.get_mut(key) {
            strip_nulls(value, &Pointer::new([key]), notes);
        }
    }
    info(root, notes);
    match root.get("paths") {
        Some(Value::Object(_)) => {}
        None | Some(Value::Null) => {
            notes.add(&Pointer::new(["paths"]), "paths", "nothing", "no paths");
            root.insert("paths".to_owned(), json!({}));
        }
        Some(other) => {
            let was = brief(other);
            notes.lose(&Pointer::new(["paths"]), "paths", was, "no paths");
            root.insert("paths".to_owned(), json!({}));
        }
    }
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, kind, at, phase| {
            if let (Value::Object(map), Phase::Enter) = (value, phase) {
                marks(map, at, notes);
                nulls(map, kind, at, notes);
                if kind == Kind::Parameter {
                    place(map, at, notes);
                }
                empty_lists(map, kind, at, notes);
            }
        },
    );
}

/// Removes extensions that have the names of the pipeline's own marks.
fn marks(map: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    map.retain(|key, value| {
        let keep = !key.starts_with(MARK);
        if !keep {
            let was = format!("the extension `{key}`: {}", brief(value));
            let now = "removed, because the name is reserved for the pipeline";
            notes.add(at, "extension", was, now);
        }
        keep
    });
}

fn version(root: &mut Map<String, Value>, context: &mut Context) {
    let found = root
        .get("openapi")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if context.version == Version::OpenApi30 && !(found.starts_with("3.0.") && found.len() > 4) {
        let was = root
            .get("openapi")
            .or_else(|| root.get("swagger"))
            .map_or_else(String::new, brief);
        context
            .notes
            .add(&Pointer::new(["openapi"]), "version", was, "3.0.3");
        root.shift_remove("swagger");
        root.insert("openapi".to_owned(), json!("3.0.3"));
    }
}

fn info(root: &mut Map<String, Value>, notes: &mut Notes) {
    if !root.get("info").is_some_and(Value::is_object) {
        root.insert("info".to_owned(), json!({}));
    }
    let Some(Value::Object(info)) = root.get_mut("info") else {
        return;
    };
    for (key, missing) in [("title", "API"), ("version", "unspecified")] {
        let now = match info.get(key) {
            Some(Value::String(_)) => continue,
            Some(Value::Number(number)) => number.to_string(),
            _ => missing.to_owned(),
        };
        let was = info.get(key).map_or_else(|| "nothing".to_owned(), brief);
        notes.add(
            &Pointer::new(["info", key]),
            "information on the API",
            was,
            &*now,
        );
        info.insert(key.to_owned(), json!(now));
    }
}

/// Null where a key is optional says what leaving it out says. In data, null is a value.
fn nulls(map: &mut Map<String, Value>, kind: Kind, at: &Pointer, notes: &mut Notes) {
    const DATA: [&str; 5] = ["default", "example", "const", "value", "dataValue"];
    map.retain(|key, value| {
        let keep = !value.is_null()
            || DATA.contains(&key.as_str())
            || key.starts_with("x-")
            || matches!(kind, Kind::Schema) && key == "$ref";
        if !keep {
            notes.add(&at.join(&[key]), "null", "null", "left out");
        }
        keep
    });
    for (key, value) in map.iter_mut() {
        if let (Child::Named(held), Value::Object(named)) = (child(kind, key), &mut *value)
            && held != Kind::Schema
        {
            named.retain(|_, value| !value.is_null());
        }
        if kind == Kind::SecurityScheme && key == "flows" {
            strip_nulls(value, &at.join(&[key]), notes);
        }
    }
}

/// A parameter that does not say where it is sent is sent where ASP.NET reads it: in the path
/// when that has its name, as a header that every request has, or else in the query.
fn place(parameter: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    let Some(name) = parameter.get("name").and_then(Value::as_str) else {
        return;
    };
    if parameter.contains_key("in") || parameter.contains_key("$ref") {
        return;
    }
    let path = match at.tokens() {
        [paths, path, ..] if paths == "paths" => path.as_str(),
        _ => "",
    };
    let usual = ["accept", "content-type", "authorization"];
    let place = if path.contains(&format!("{{{name}}}")) {
        "path"
    } else if usual.contains(&name.to_lowercase().as_str()) {
        "header"
    } else {
        "query"
    };
    notes.add(&at.join(&["in"]), "place of a parameter", "nothing", place);
    parameter.insert("in".to_owned(), json!(place));
}

/// An empty list where a map belongs is an empty map (PHP knows no difference).
fn empty_lists(map: &mut Map<String, Value>, kind: Kind, at: &Pointer, notes: &mut Notes) {
    for (key, value) in map.iter_mut() {
        let is_map = match child(kind, key) {
            Child::Named(_) => true,
            Child::One(held) => !matches!(held, Kind::Schema | Kind::SchemaOrBool),
            _ => false,
        };
        let is_examples = key == "examples";
        if is_map && !is_examples && value.as_array().is_some_and(Vec::is_empty) {
            notes.add(&at.join(&[key]), "empty list for a map", "[]", "{}");
            *value = json!({});
        }
    }
}

fn strip_nulls(value: &mut Value, at: &Pointer, notes: &mut Notes) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| {
                if value.is_null() && !key.starts_with("x-") {
                    notes.add(&at.join(&[key]), "null", "null", "left out");
                }
                !value.is_null() || key.starts_with("x-")
            });
            for (key, value) in map {
                if !key.starts_with("x-") {
                    strip_nulls(value, &at.join(&[key]), notes);
                }
            }
        }
        Value::Array(list) => {
            list.retain(|value| !value.is_null());
            for (index, value) in list.iter_mut().enumerate() {
                strip_nulls(value, &at.join(&[&index.to_string()]), notes);
            }
        }
        _ => {}
    }
}
