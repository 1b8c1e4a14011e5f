//! What progenitor is given: the schemas, and every operation as one that it can take. It
//! writes the types and the builders from it; how each parameter is really sent is for
//! [`super::send`].

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{CrateVers, GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use quote::quote;
use serde_json::{Value, json};

use super::{
    GenerateError,
    plan::{Kind, Parameter, Plan},
    rust_types::{is_open, target},
};
use crate::lower::walk;

/// Where a pass leaves the Rust type of a schema.
const RUST_TYPE: &str = "x-sixclicks-mark-rust-type";

/// The document for progenitor.
pub fn document(plan: &Plan) -> Value {
    let mut paths = walk::Object::new();
    for operation in &plan.operations {
        let mut parameters: Vec<Value> = operation
            .parameters
            .iter()
            .map(|own| parameter(own, plan))
            .collect();
        let mut item = json!({
            "operationId": operation.id,
            "responses": {"204": {"description": ""}},
        });
        if let Some(body) = &operation.body {
            let schema = match body.kind {
                Kind::Binary => rust("Upload"),
                Kind::Text => json!({"type": "string"}),
                _ => nulls_inside(body.schema.clone()),
            };
            if body.required && body.kind == Kind::Json {
                item["requestBody"] = json!({
                    "required": true,
                    "content": {"application/json": {"schema": schema}},
                });
            } else {
                parameters.push(json!({
                    "name": "body", "in": "query", "required": body.required,
                    "schema": plain(schema, plan),
                }));
            }
        }
        item["parameters"] = Value::Array(parameters);
        // The builder's own path does not matter, because `send` is written anew.
        paths.insert(format!("/{}", operation.id), json!({"post": item}));
    }
    let mut schemas = plan.schemas.clone();
    for schema in schemas.values_mut() {
        strip(schema);
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": plan.title, "version": plan.version},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn parameter(parameter: &Parameter, plan: &Plan) -> Value {
    let schema = match parameter.files {
        Some(false) => rust("FilePart"),
        Some(true) => json!({"type": "array", "items": rust("FilePart")}),
        None => nulls_inside(plain(parameter.schema.clone(), plan)),
    };
    json!({
        "name": parameter.rust, "in": "query", "required": parameter.required, "schema": schema,
    })
}

/// A schema that is given as one value. progenitor has a builder within a builder for a
/// required body alone, so that everywhere else a struct is named without its builder.
fn plain(mut schema: Value, plan: &Plan) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.remove("nullable");
    }
    let name = target(&schema);
    let built = name
        .as_ref()
        .and_then(|name| plan.schemas.get(name))
        .is_some_and(|s| !is_open(s));
    match name {
        Some(name) if built => json!({
            "type": "string",
            "x-sixclicks-mark-rust-type": {"crate": "types", "version": "*", "path": format!("types::{name}")},
        }),
        _ => schema,
    }
}

fn rust(name: &str) -> Value {
    json!({
        "type": "string",
        "x-sixclicks-mark-rust-type": {"crate": "sixclicks-core", "version": "*", "path": format!("sixclicks_core::{name}")},
    })
}

/// Null of a named Rust type, set apart from the type, which is all that typify looks at
/// where there is one.
fn set_apart(object: &mut walk::Object) {
    if object.get("nullable") == Some(&json!(true))
        && let Some(rust) = object.remove("x-sixclicks-mark-rust-type")
    {
        let named = json!({"type": "string", "x-sixclicks-mark-rust-type": rust});
        object.retain(|keyword, _| matches!(keyword.as_str(), "nullable" | "description"));
        object.insert("allOf".to_owned(), json!([named]));
    }
}

/// A schema of an operation, with the nulls inside it set apart.
fn nulls_inside(mut schema: Value) -> Value {
    walk::children(&mut schema, &mut |_, child| {
        walk::within(child, "", &mut |_, schema| {
            if let Some(object) = schema.as_object_mut() {
                set_apart(object);
            }
        });
    });
    schema
}

/// Leaves only what typify makes use of.
fn strip(schema: &mut Value) {
    walk::within(schema, "", &mut |_, schema| {
        if let Some(object) = schema.as_object_mut() {
            set_apart(object);
            object.retain(|keyword, _| {
                matches!(
                    keyword.as_str(),
                    "type"
                        | "format"
                        | "properties"
                        | "required"
                        | "additionalProperties"
                        | "items"
                        | "allOf"
                        | "$ref"
                        | "nullable"
                        | "description"
                        | "x-sixclicks-mark-rust-type"
                )
            });
        }
    });
}

/// Renames the mark for a Rust type to the extension that typify reads.
fn for_typify(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(rust) = object.remove(RUST_TYPE) {
                object.insert("x-rust-type".to_owned(), rust);
            }
            object.values_mut().for_each(for_typify);
        }
        Value::Array(list) => list.iter_mut().for_each(for_typify),
        _ => {}
    }
}

/// progenitor's code for the plan.
///
/// # Errors
///
/// When progenitor refuses the document, or stops in the middle of it.
pub fn tokens(plan: &Plan) -> Result<TokenStream, GenerateError> {
    let mut document = document(plan);
    for_typify(&mut document);
    let document: OpenAPI = serde_json::from_value(document)?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_inner_type(quote!(::sixclicks_auth::Session))
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap")
        .with_crate("sixclicks-core", CrateVers::Any, None)
        .with_crate("types", CrateVers::Any, None);
    for (name, schema) in &plan.schemas {
        if is_open(schema) {
            let impls: &[TypeImpl] = if schema.get("oneOf").is_some() {
                &[]
            } else {
                &[TypeImpl::Display, TypeImpl::FromStr]
            };
            settings.with_replacement(name, format!("crate::types::{name}"), impls.iter().copied());
        }
    }
    guarded(|| Ok(Generator::new(&settings).generate_tokens(&document)?))
}

/// Runs the generator so that a panic inside it is an error like any other.
fn guarded<T>(run: impl FnOnce() -> Result<T, GenerateError>) -> Result<T, GenerateError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or_else(|payload| {
        let text = payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| {
                payload
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
            })
            .unwrap_or_default();
        Err(GenerateError::Panic(text))
    })
}
