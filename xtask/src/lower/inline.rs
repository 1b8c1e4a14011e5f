//! Inline schemas: an object, enum or union that stands inside something else becomes a
//! component, named after the place where it stands, so that it has a type of its own.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    LowerError,
    constants::{CONSTANT, OWN, TAG},
    tags::OF_VARIANTS,
    walk,
};
use crate::{ident, report::Report};

const CONSTRUCT: &str = "inline schemas";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let mut schemas = walk::object_at(document, &["components", "schemas"])
        .map(std::mem::take)
        .unwrap_or_default();
    let mut hoist = Hoist {
        taken: ident::taken(schemas.keys()),
        made: Vec::new(),
        report,
    };
    for (name, schema) in schemas.iter_mut() {
        let pointer = format!("/components/schemas/{}", walk::escape(name));
        hoist.inside(schema, name, &pointer);
    }
    walk::operations(document, &mut |pointer, _, _, operation| {
        let id = ident::type_name(operation["operationId"].as_str().unwrap_or_default());
        hoist.operation(pointer, &id, operation);
    });
    schemas.extend(hoist.made);
    if !schemas.is_empty() {
        document["components"]["schemas"] = Value::Object(schemas);
    }
    Ok(())
}

struct Hoist<'a> {
    taken: HashSet<String>,
    made: Vec<(String, Value)>,
    report: &'a mut Report,
}

impl Hoist<'_> {
    fn operation(&mut self, pointer: &str, id: &str, operation: &mut Value) {
        // The same inline schema under several statuses of one operation is one type.
        let mut known: Vec<(Value, String)> = Vec::new();
        let names: Vec<String> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| ident::type_name(p["name"].as_str().unwrap_or_default()))
            .collect();
        walk::operation_schemas(pointer, operation, &mut |at, schema| {
            let place = &at[pointer.len()..];
            let mut tokens = place.split('/').skip(1);
            let name = match (tokens.next(), tokens.next()) {
                (Some("parameters"), Some(index)) => {
                    let index: usize = index.parse().unwrap_or_default();
                    format!("{id}{}", names.get(index).map_or("", String::as_str))
                }
                (Some("requestBody"), _) => format!("{id}Body"),
                (Some("responses"), Some(status)) if place.contains("/headers/") => {
                    format!("{id}{status}Header")
                }
                (Some("responses"), Some(status)) => {
                    if status.starts_with('2') || status == "default" && !place.contains('4') {
                        format!("{id}Response")
                    } else {
                        format!("{id}Error")
                    }
                }
                _ => id.to_owned(),
            };
            if !is_own_type(schema) {
                self.inside(schema, &name, at);
                return;
            }
            if let Some((_, made)) = known.iter().find(|(same, _)| same == schema) {
                *schema = json!({"$ref": walk::reference(made)});
                return;
            }
            let before = schema.clone();
            self.place(schema, &name, at);
            if let Some(made) = walk::referenced(schema) {
                known.push((before, made));
            }
        });
    }

    /// Hoists what stands directly inside a schema, and inside that.
    fn inside(&mut self, schema: &mut Value, name: &str, pointer: &str) {
        if schema.get("allOf").is_some() {
            return;
        }
        let titles: Vec<Option<String>> = schema["oneOf"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|variant| variant["title"].as_str().map(str::to_owned))
            .collect();
        walk::children(schema, &mut |token, child| {
            let (keyword, rest) = token.split_once('/').unwrap_or((token, ""));
            let suffix = match keyword {
                "properties" => ident::type_name(&walk::unescape(rest)),
                "items" => "Item".to_owned(),
                "additionalProperties" => "Value".to_owned(),
                _ => {
                    let index: usize = rest.parse().unwrap_or_default();
                    match titles.get(index).cloned().flatten() {
                        Some(title) => ident::type_name(&title),
                        None => format!("Variant{}", index + 1),
                    }
                }
            };
            self.place(
                child,
                &format!("{name}{suffix}"),
                &format!("{pointer}/{token}"),
            );
        });
    }

    /// Hoists a schema if it needs a type of its own, or else what stands inside it.
    fn place(&mut self, schema: &mut Value, name: &str, pointer: &str) {
        if !is_own_type(schema) {
            self.inside(schema, name, pointer);
            return;
        }
        let name = ident::unique(ident::type_name(name), &mut self.taken);
        let mut body = schema.take();
        let mut reference = json!({"$ref": walk::reference(&name)});
        if let Some(object) = body.as_object_mut() {
            for mark in OF_VARIANTS.into_iter().chain([OWN]) {
                if let Some(value) = object.remove(mark) {
                    reference[mark] = value;
                }
            }
            let tag = object.get(TAG).cloned();
            let mut outside: Vec<(String, Value)> =
                ["nullable", "readOnly", "writeOnly", "deprecated"]
                    .into_iter()
                    .filter_map(|keyword| Some((keyword.to_owned(), object.remove(keyword)?)))
                    .collect();
            outside.extend(tag.map(|tag| (TAG.to_owned(), tag)));
            if !outside.is_empty() {
                reference = json!({"allOf": [reference]});
                for (keyword, value) in outside {
                    reference[keyword.as_str()] = value;
                }
            }
        }
        *schema = reference;
        self.inside(&mut body, &name, pointer);
        self.report.adapt(
            CONSTRUCT,
            pointer,
            "an inline schema",
            format!("the type `{name}`"),
        );
        self.made.push((name, body));
    }
}

/// Whether a schema needs a type of its own: an object with properties, an enum, a union.
fn is_own_type(schema: &Value) -> bool {
    schema.get("$ref").is_none()
        && schema.get("allOf").is_none()
        && (schema.get("properties").is_some()
            || schema.get("x-sixclicks-mark-variants").is_some()
            || schema.get(CONSTANT).is_some()
            || schema.get("oneOf").is_some())
}
