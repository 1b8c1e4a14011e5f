//! Extensions of a vendor change nothing, whatever they are called: not where they have the names
//! that the pipeline's own marks have or once had.

use serde_json::{Value, json};
use xtask::{
    config::Config,
    emit::{Files, Place},
    openapi::{
        grammar::Kind,
        pointer::Pointer,
        walk::{Phase, walk},
    },
    pipeline::{Input, run},
};

/// What the names of marks end in, which were whole names before they had a reserved beginning.
const MARKS: [&str; 29] = [
    "alternatives",
    "base",
    "catch-all",
    "collection-format",
    "content-media-type",
    "content-type",
    "default",
    "encoding",
    "file",
    "form",
    "form-optional",
    "item-schema",
    "kind",
    "media-types",
    "mutual-tls",
    "null",
    "original",
    "other-type",
    "path",
    "pattern-properties",
    "prefix-items",
    "rust-type",
    "segment",
    "servers",
    "text",
    "variants",
    "was-optional",
    "whole",
    "wire-name",
];

/// A document with everything that marks are put on.
fn document(version: &str) -> Value {
    let pet = json!({"$ref": "#/components/schemas/Pet"});
    let content = |schema: &Value| json!({"application/json": {"schema": schema}});
    json!({
        "openapi": version, "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.example.com"}],
        "paths": {
            "/pets/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
                "get": {
                    "operationId": "readPet",
                    "parameters": [
                        {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                        {"$ref": "#/components/parameters/Trace"},
                    ],
                    "responses": {
                        "200": {"description": "OK", "headers": {"X-Left": {"schema": {"type": "integer"}}}, "content": content(&pet)},
                        "default": {"description": "Wrong", "content": {"text/plain": {"schema": {"type": "string"}}}},
                    },
                },
                "put": {
                    "operationId": "sendPet",
                    "requestBody": {"content": {"multipart/form-data": {
                        "schema": {"type": "object", "properties": {"photo": {"type": "string", "format": "binary"}, "note": {"type": "string"}}},
                        "encoding": {"note": {"contentType": "text/plain"}},
                    }}},
                    "responses": {"204": {"description": "Kept"}},
                },
                "post": {
                    "operationId": "makePet",
                    "requestBody": {"required": true, "content": content(&pet)},
                    "responses": {"201": {"description": "Made", "content": content(&json!({"type": "array", "items": pet}))}},
                },
            },
        },
        "components": {
            "parameters": {"Trace": {"name": "trace", "in": "header", "schema": {"type": "string"}}},
            "schemas": {
                "Pet": {
                    "type": "object", "required": ["name"],
                    "properties": {
                        "name": {"type": "string", "maxLength": 9},
                        "born": {"type": "string", "format": "date"},
                        "size": {"type": "integer", "format": "int32", "default": 1},
                        "kind": {"$ref": "#/components/schemas/Kind"},
                        "owner": {"oneOf": [{"$ref": "#/components/schemas/Person"}, {"type": "string"}]},
                        "parts": {"type": "object", "additionalProperties": {"type": "number"}},
                    },
                },
                "Kind": {"type": "string", "enum": ["cat", "dog"]},
                "Person": {"allOf": [{"$ref": "#/components/schemas/Named"}, {"type": "object", "properties": {"age": {"type": "integer"}}}]},
                "Named": {"type": "object", "properties": {"name": {"type": "string"}}},
            },
        },
    })
}

fn crates(document: Value) -> Vec<Files> {
    let input = Input::new("pets", "pets.json", document);
    let made = run(vec![input], &Config::default(), &Place::Workspace);
    let made = made.unwrap_or_else(|error| panic!("{error}"));
    made.into_iter().map(|made| made.files).collect()
}

/// The document with an extension on every object that may have one.
fn extended(mut document: Value, name: &str, value: &Value) -> Value {
    walk(
        &mut document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |held, _, _, phase| {
            if let (Value::Object(map), Phase::Leave) = (held, phase) {
                map.insert(name.to_owned(), value.clone());
            }
        },
    );
    document
}

#[test]
fn a_document_with_extensions_named_as_marks_makes_the_same_crate() {
    let rust = json!({"crate": "std", "version": "*", "path": "std::net::IpAddr"});
    let values = [
        json!(true),
        json!("other"),
        json!(["https://other.example.com"]),
        json!([{"name": "A", "value": "a", "description": "d", "type": "string", "operationId": "other", "responses": {}}]),
        json!({"A": {"type": "string"}, "path": "std::net::IpAddr"}),
        rust,
    ];
    for version in ["3.0.3", "3.1.0"] {
        let plain = crates(document(version));
        for mark in MARKS {
            for beginning in ["x-", "x-sixclicks-mark-"] {
                let name = format!("{beginning}{mark}");
                for value in &values {
                    let made = crates(extended(document(version), &name, value));
                    assert!(
                        made == plain,
                        "{version}: `{name}: {value}` changes the crate"
                    );
                }
            }
        }
    }
}
