//! The adapter between the model and progenitor: a document with the schemas and, for every
//! operation, one that progenitor accepts. progenitor writes the types and the builders from it.
//! How each parameter is sent is up to [`super::send`].

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{CrateVers, GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use quote::quote;
use serde_json::{Value, json};

use super::GenerateError;
use crate::{
    lower::walk::{self, Object},
    model::{
        Kind, Parameter, Plan, Schema, Type,
        schema::{Shape, Struct, TypeKind},
    },
};

/// Returns the document for progenitor.
pub fn document(plan: &Plan) -> Value {
    let mut paths = Object::new();
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
            if body.required && body.kind == Kind::Json {
                item["requestBody"] = json!({
                    "required": true,
                    "content": {"application/json": {"schema": schema(&body.ty)}},
                });
            } else {
                let schema = match body.kind {
                    Kind::Binary => core_type("Upload"),
                    Kind::Text => json!({"type": "string"}),
                    _ => without_builder(&body.ty, plan),
                };
                parameters.push(json!({
                    "name": "body", "in": "query", "required": body.required, "schema": schema,
                }));
            }
        }
        item["parameters"] = Value::Array(parameters);
        // The path of the builder does not matter, because `send` is generated separately.
        paths.insert(format!("/{}", operation.id), json!({"post": item}));
    }
    let schemas = plan.schemas.iter();
    let schemas: Object = schemas
        .map(|(name, schema)| (name.clone(), component(schema)))
        .collect();
    json!({
        "openapi": "3.0.3",
        "info": {"title": plan.title, "version": plan.version},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn parameter(parameter: &Parameter, plan: &Plan) -> Value {
    let schema = match parameter.files {
        Some(false) => core_type("FilePart"),
        Some(true) => json!({"type": "array", "items": core_type("FilePart")}),
        None => without_builder(&parameter.ty, plan),
    };
    json!({
        "name": parameter.rust, "in": "query", "required": parameter.required, "schema": schema,
    })
}

/// Returns the schema of a component. typify does not look at the schema of an open type, which
/// it replaces.
fn component(own: &Schema) -> Value {
    let mut written = match &own.shape {
        Shape::Struct(own) => structure(own),
        Shape::Alias(ty) => schema(ty),
        Shape::Enum(_) | Shape::Union(_) | Shape::Constant(_) => json!({}),
    };
    if let Some(description) = &own.description {
        written["description"] = json!(description);
    }
    written
}

fn structure(own: &Struct) -> Value {
    let fields = own.fields.iter();
    let properties: Object = fields
        .map(|field| (field.key.clone(), schema(&field.ty)))
        .collect();
    let required = own.fields.iter().filter(|field| field.required);
    let required: Vec<&str> = required.map(|field| field.key.as_str()).collect();
    let mut written = json!({"type": "object", "properties": properties, "required": required});
    if let Some(rest) = &own.rest {
        written["additionalProperties"] = schema(rest);
    }
    written
}

/// Returns the schema of a type.
fn schema(ty: &Type) -> Value {
    let mut written = plain(ty);
    if ty.nullable {
        // typify looks at nothing else beside a reference or a Rust type.
        let is_alone =
            ty.target().is_some() || ty.scalar().is_some_and(|scalar| scalar.core.is_some());
        if is_alone {
            written = json!({"allOf": [written]});
        }
        written["nullable"] = json!(true);
    }
    if let Some(description) = &ty.description {
        if ty.target().is_some() && !ty.nullable {
            written = json!({"allOf": [written]});
        }
        written["description"] = json!(description);
    }
    written
}

/// Returns the schema of a type without regard to `null` and descriptions.
fn plain(ty: &Type) -> Value {
    match &ty.kind {
        TypeKind::Named(name) => json!({"$ref": walk::reference(name)}),
        TypeKind::Scalar(scalar) => {
            let mut written = json!({"type": scalar.json.name()});
            if let Some(format) = &scalar.format {
                written["format"] = json!(format);
            }
            if let Some(core) = &scalar.core {
                let path = format!("sixclicks_core::{}", core.name);
                let mut rust = json!({"crate": "sixclicks-core", "version": "*", "path": path});
                if let Some(parameter) = &core.parameter {
                    rust["parameters"] = json!([schema(parameter)]);
                }
                written["x-rust-type"] = rust;
            }
            written
        }
        TypeKind::List(items) => json!({"type": "array", "items": schema(items)}),
        TypeKind::Map(values) => {
            json!({"type": "object", "additionalProperties": schema(values)})
        }
        TypeKind::Object => json!({"type": "object"}),
        TypeKind::Any => json!({}),
    }
}

/// Returns the schema of a type that is given as one value. progenitor has a builder inside a
/// builder for a required body alone, so that everywhere else a struct is named without its
/// builder.
fn without_builder(ty: &Type, plan: &Plan) -> Value {
    let is_built = |name: &str| {
        let named = plan.schemas.get(name);
        named.is_some_and(|schema| !schema.is_open())
    };
    match ty.target().filter(|name| is_built(name)) {
        Some(name) => json!({
            "type": "string",
            "x-rust-type": {"crate": "types", "version": "*", "path": format!("types::{name}")},
        }),
        None => schema(&Type {
            nullable: false,
            ..ty.clone()
        }),
    }
}

fn core_type(name: &str) -> Value {
    json!({
        "type": "string",
        "x-rust-type": {"crate": "sixclicks-core", "version": "*", "path": format!("sixclicks_core::{name}")},
    })
}

/// progenitor's code for the plan.
///
/// # Errors
///
/// When progenitor refuses the document, or stops in the middle of it.
pub fn tokens(plan: &Plan) -> Result<TokenStream, GenerateError> {
    let document: OpenAPI = serde_json::from_value(document(plan))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_inner_type(quote!(::sixclicks_auth::Session))
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap")
        .with_crate("sixclicks-core", CrateVers::Any, None)
        .with_crate("types", CrateVers::Any, None);
    for (name, schema) in &plan.schemas {
        if schema.is_open() {
            let impls: &[TypeImpl] = match schema.shape {
                Shape::Union(_) => &[],
                _ => &[TypeImpl::Display, TypeImpl::FromStr],
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
