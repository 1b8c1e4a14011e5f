//! Null: a reference beside `nullable` is an optional value of that type, and a component
//! that allows null makes every reference to it nullable.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    LowerError,
    constants::{OWN, TAG},
    tags::{DEFAULT, GUESSED, NAME, SETTABLE, TAGS},
    walk,
};
use crate::report::Report;

const CONSTRUCT: &str = "null";

/// What passes leave beside the reference of a variant or a property.
const MARKS: [&str; 7] = [TAGS, DEFAULT, GUESSED, SETTABLE, NAME, OWN, TAG];

/// The pass: afterwards no component is nullable itself, and a reference with anything
/// beside it is `allOf` of that reference.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |_, schema| {
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        if object.len() > 1
            && let Some(target) = object.remove("$ref")
        {
            let is_mark = |keyword: &String| MARKS.contains(&keyword.as_str());
            object.retain(|keyword, _| {
                is_mark(keyword)
                    || matches!(
                        keyword.as_str(),
                        "nullable"
                            | "description"
                            | "deprecated"
                            | "readOnly"
                            | "writeOnly"
                            | "title"
                    )
            });
            if object.keys().all(is_mark) {
                object.insert("$ref".to_owned(), target);
            } else {
                object.insert("allOf".to_owned(), json!([{"$ref": target}]));
            }
        }
        if object.get("nullable") == Some(&json!(false)) {
            object.remove("nullable");
        }
    });
    let nullable = take_from_components(document);
    if nullable.is_empty() {
        return Ok(());
    }
    let mut make = |pointer: &str, schema: &mut Value| {
        let target = walk::referenced(schema)
            .or_else(|| walk::referenced(schema["allOf"].as_array()?.first()?));
        if target.is_some_and(|name| nullable.contains(&name)) && schema.get("nullable").is_none() {
            if let Some(schema) = schema.as_object_mut()
                && let Some(reference) = schema.remove("$ref")
            {
                schema.retain(|keyword, _| MARKS.contains(&keyword.as_str()));
                schema.insert("allOf".to_owned(), json!([{"$ref": reference}]));
            }
            schema["nullable"] = json!(true);
            report.adapt(
                CONSTRUCT,
                pointer,
                "a reference to a nullable schema",
                "a nullable reference",
            );
        }
    };
    walk::roots(document, &mut |pointer, root| {
        // The single reference inside `allOf` is no place of its own.
        visit(root, pointer, &mut make, true);
    });
    Ok(())
}

fn visit(schema: &mut Value, pointer: &str, make: &mut dyn FnMut(&str, &mut Value), root: bool) {
    let wrapped = schema.get("allOf").is_some();
    if !wrapped {
        walk::children(schema, &mut |token, child| {
            visit(child, &format!("{pointer}/{token}"), make, false);
        });
    }
    if !(root && pointer.starts_with("/components/schemas/")) {
        make(pointer, schema);
    }
}

/// Takes `nullable` away from the components; answers their names, and those of the
/// components that only refer to them.
fn take_from_components(document: &mut Value) -> HashSet<String> {
    let Some(schemas) = walk::object_at(document, &["components", "schemas"]) else {
        return HashSet::new();
    };
    let mut nullable = HashSet::new();
    for (name, schema) in schemas.iter_mut() {
        if let Some(object) = schema.as_object_mut()
            && object.remove("nullable") == Some(json!(true))
            && !object.is_empty()
        {
            nullable.insert(name.clone());
        }
    }
    loop {
        let more: Vec<String> = schemas
            .iter()
            .filter(|(name, schema)| {
                !nullable.contains(*name)
                    && walk::referenced(schema)
                        .or_else(|| walk::referenced(schema["allOf"].as_array()?.first()?))
                        .is_some_and(|target| nullable.contains(&target))
            })
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            return nullable;
        }
        nullable.extend(more);
    }
}
