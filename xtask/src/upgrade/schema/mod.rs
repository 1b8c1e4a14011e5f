//! Schemas: what JSON Schema 2020-12, draft 4 and 3, Swagger 2.0 and OpenAPI 3.1 say becomes what
//! OpenAPI 3.0 says, construct by construct, innermost schemas first.

mod arrays;
mod combine;
mod objects;
mod scalars;
mod types;

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::note::Notes;
use super::{Context, Version, object, reference};
use crate::openapi;
use crate::openapi::brief;
use crate::openapi::grammar::Kind;
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::{Phase, walk};

/// A schema that is an object.
type Schema = Map<String, Value>;

/// What the steps share.
struct Scope<'a> {
    notes: &'a mut Notes,
    /// Whether siblings of a `$ref` count in full, as since 3.1.
    later: bool,
    /// The names of the shared schemas.
    names: HashSet<String>,
    /// Schemas that are needed in two places and so become shared ones.
    hoisted: Vec<(String, Value)>,
}

/// Brings every schema of the document to OpenAPI 3.0.
pub fn normalise(document: &mut Value, context: &mut Context) {
    let shared = document
        .get("components")
        .and_then(|held| held.get("schemas"));
    let names = shared
        .and_then(Value::as_object)
        .map(|map| map.keys().cloned().collect());
    let mut scope = Scope {
        later: context.version == Version::Later,
        notes: &mut context.notes,
        names: names.unwrap_or_default(),
        hoisted: Vec::new(),
    };
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, kind, at, phase| {
            if matches!(kind, Kind::Schema | Kind::SchemaOrBool) {
                match phase {
                    Phase::Enter => enter(value, kind, at, &mut scope),
                    Phase::Leave => leave(value, kind, at, &mut scope),
                }
            }
        },
    );
    let hoisted = std::mem::take(&mut scope.hoisted);
    if let (false, Value::Object(root)) = (hoisted.is_empty(), document) {
        object(object(root, "components"), "schemas").extend(hoisted);
    }
}

/// Gives everything the shape of a schema, so that what is inside can be walked.
fn enter(value: &mut Value, kind: Kind, at: &Pointer, scope: &mut Scope<'_>) {
    let shaped = match &*value {
        Value::Object(_) => None,
        Value::Bool(_) if kind == Kind::SchemaOrBool => None,
        Value::Bool(true) | Value::Null => Some(json!({})),
        Value::Bool(false) => Some(json!({ "not": {} })),
        Value::Array(list) if list.is_empty() => Some(json!({})),
        Value::String(text) if matches!(text.as_str(), "true" | "false") => {
            Some(json!(text == "true"))
        }
        Value::String(name) => Some(json!({ "type": name })),
        _ => Some(json!({})),
    };
    if let Some(shaped) = shaped {
        scope.notes.add(at, "schema", brief(value), brief(&shaped));
        *value = shaped;
    }
    if let Value::Object(schema) = value {
        objects::shape(schema, at, scope);
        objects::required_inside(schema, at, scope);
        arrays::shape(schema, at, scope);
    }
}

/// Brings one schema, in which all others are done, to OpenAPI 3.0.
fn leave(value: &mut Value, _: Kind, at: &Pointer, scope: &mut Scope<'_>) {
    let Value::Object(schema) = value else { return };
    scalars::flags(schema, at, scope);
    types::constant(schema, at, scope);
    types::single(schema, at, scope);
    scalars::numbers(schema, at, scope);
    scalars::bounds(schema, at, scope);
    scalars::content(schema, at, scope);
    scalars::examples(schema, at, scope);
    scalars::discriminator(schema, at, scope);
    arrays::tuple(schema, at, scope);
    objects::patterns(schema, at, scope);
    combine::conditions(schema, at, scope);
    objects::unsupported(schema, at, scope);
    combine::null_branches(schema, at, scope);
    combine::siblings(schema, at, scope);
}

impl Scope<'_> {
    /// A schema to be used twice: itself when it is small, else a reference to it as a shared one.
    fn share(&mut self, schema: Value, at: &Pointer) -> Value {
        let nests = |value: &Value| value.is_object() || value.is_array();
        if !schema
            .as_object()
            .is_some_and(|schema| schema.values().any(nests))
        {
            return schema;
        }
        let name = openapi::unique(openapi::name_for(at), &mut self.names);
        let shared = reference("schemas", &name);
        self.hoisted.push((name, schema));
        shared
    }
}

/// One schema for what fits any of these.
fn any_of(mut schemas: Vec<Value>) -> Value {
    let mut seen = HashSet::new();
    schemas.retain(|schema| seen.insert(schema.to_string()));
    if schemas.len() == 1 {
        schemas.remove(0)
    } else {
        json!({ "anyOf": schemas })
    }
}
