//! OpenAPI 3.1 and 3.2 documents, before and after.

use serde_json::{Value, json};
use xtask::upgrade::{Upgraded, upgrade};

fn schemas(schemas: Value) -> Value {
    let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": schemas}});
    upgrade(document).expect("a document that upgrades").value["components"]["schemas"].clone()
}

#[track_caller]
fn becomes(before: Value, after: &Value) {
    assert_eq!(
        schemas(json!({"T": before, "Pet": {"type": "object"}}))["T"],
        *after
    );
}

#[test]
fn types_and_null() {
    becomes(
        json!({"type": ["string", "null"]}),
        &json!({"type": "string", "nullable": true}),
    );
    becomes(
        json!({"type": "null"}),
        &json!({"nullable": true, "enum": [null], "x-sixclicks-mark-null": true}),
    );
    becomes(
        json!({"type": ["integer", "string"], "format": "int32", "pattern": "^1$", "description": "d"}),
        &json!({"description": "d", "anyOf": [
            {"type": "integer", "format": "int32"}, {"type": "string", "pattern": "^1$"}]}),
    );
    let pet = json!({"$ref": "#/components/schemas/Pet"});
    becomes(
        json!({"oneOf": [{"type": "null"}, pet]}),
        &json!({"nullable": true, "allOf": [pet]}),
    );
    becomes(
        json!({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}),
        &json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
    );
}

#[test]
fn values_and_bounds() {
    becomes(
        json!({"const": "x"}),
        &json!({"type": "string", "enum": ["x"]}),
    );
    becomes(
        json!({"type": "string", "examples": ["a", "b"]}),
        &json!({"type": "string", "example": "a"}),
    );
    becomes(
        json!({"type": "integer", "exclusiveMinimum": 3, "maximum": 9, "exclusiveMaximum": 12}),
        &json!({"type": "integer", "exclusiveMinimum": true, "maximum": 9, "minimum": 3}),
    );
    becomes(
        json!({"type": "string", "contentMediaType": "application/octet-stream"}),
        &json!({"type": "string", "format": "binary", "x-sixclicks-mark-content-media-type": "application/octet-stream"}),
    );
    becomes(
        json!({"type": "string", "contentEncoding": "base64"}),
        &json!({"type": "string", "format": "byte"}),
    );
}

#[test]
fn arrays_and_objects() {
    becomes(json!(true), &json!({}));
    becomes(json!(false), &json!({"not": {}}));
    becomes(
        json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
        &json!({"type": "array", "maxItems": 2,
            "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "x-sixclicks-mark-prefix-items": [{"type": "string"}, {"type": "integer"}]}),
    );
    becomes(
        json!({"type": "object", "patternProperties": {"^a": {"type": "string"}}}),
        &json!({"type": "object", "additionalProperties": {"type": "string"},
            "x-sixclicks-mark-pattern-properties": {"^a": {"type": "string"}}}),
    );
    becomes(
        json!({"type": "object", "if": {"required": ["a"]}, "then": {"properties": {"b": {"type": "string"}}}}),
        &json!({"type": "object", "properties": {"b": {"type": "string"}}}),
    );
}

#[test]
fn what_stands_beside_a_reference_moves_around_it() {
    let pet = json!({"$ref": "#/components/schemas/Pet"});
    becomes(
        json!({"$ref": "#/components/schemas/Pet", "description": "d", "readOnly": true}),
        &json!({"allOf": [pet], "description": "d", "readOnly": true}),
    );
}

#[test]
fn local_definitions_and_anchors_become_components() {
    let found = schemas(json!({
        "T": {"type": "object", "$defs": {"Part": {"type": "object", "properties": {"up": {"$ref": "#/components/schemas/T"}}}},
            "properties": {"p": {"$ref": "#/components/schemas/T/$defs/Part"}, "n": {"$ref": "#named"}}},
        "Named": {"$anchor": "named", "type": "string"},
    }));
    assert_eq!(
        found["T"]["properties"]["p"],
        json!({"$ref": "#/components/schemas/Part"})
    );
    assert_eq!(
        found["T"]["properties"]["n"],
        json!({"$ref": "#/components/schemas/Named"})
    );
    assert_eq!(
        found["Part"]["properties"]["up"],
        json!({"$ref": "#/components/schemas/T"})
    );
    assert!(found["T"].get("$defs").is_none());
}

#[test]
fn a_reference_within_a_schema_with_an_id_starts_there() {
    let found = schemas(json!({
        "T": {"$id": "https://example.org/t", "type": "object",
            "$defs": {"Part": {"type": "string"}}, "properties": {"p": {"$ref": "#/$defs/Part"}}},
    }));
    assert_eq!(
        found["T"]["properties"]["p"],
        json!({"$ref": "#/components/schemas/Part"})
    );
    assert_eq!(found["Part"], json!({"type": "string"}));
}

#[test]
fn a_reference_into_the_middle_makes_a_component() {
    let found = schemas(json!({
        "T": {"type": "object", "properties": {"p": {"type": "object", "properties": {"q": {"type": "string"}}}}},
        "P": {"type": "object", "properties": {"wrong": {"type": "string"}}},
        "U": {"type": "array", "items": {"$ref": "#/components/schemas/T/properties/p"}},
    }));
    let name = json!({"$ref": "#/components/schemas/TP"});
    assert_eq!(found["U"]["items"], name);
    assert_eq!(found["T"]["properties"]["p"], name);
    assert_eq!(found["TP"]["properties"]["q"], json!({"type": "string"}));
}

#[test]
fn nested_tuples_do_not_multiply() {
    let mut schema = json!({"type": "string"});
    for _ in 0..60 {
        schema = json!({"type": "array", "prefixItems": [schema, {"type": "integer"}]});
    }
    let found = schemas(json!({"T": schema}));
    assert!(found.to_string().len() < 100_000);
}

#[test]
fn structure_that_only_later_versions_have() {
    let operation = json!({"responses": {"200": {"description": "ok"}}});
    let Upgraded { value, notes } = upgrade(json!({
        "openapi": "3.2.0", "info": {"title": "t", "version": "1", "summary": "s", "license": {"name": "MIT", "identifier": "MIT"}},
        "paths": {"/a": {"$ref": "#/components/pathItems/A"}},
        "webhooks": {"hook": {"post": operation}},
        "components": {"pathItems": {"A": {"get": operation, "query": operation, "additionalOperations": {"LINK": operation}}},
            "securitySchemes": {"m": {"type": "mutualTLS"}}},
    }))
    .expect("a document that upgrades");
    assert_eq!(value["openapi"], "3.0.3");
    assert_eq!(value["info"]["description"], "s");
    let additional = json!({"LINK": operation, "QUERY": operation});
    assert_eq!(
        value["paths"]["/a"],
        json!({"get": operation, "additionalOperations": additional})
    );
    assert!(value.get("webhooks").is_none() && value["components"].get("pathItems").is_none());
    let of = |construct: &str| {
        notes
            .iter()
            .filter(|note| note.construct == construct)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("webhook")[0].pointer, "/webhooks/hook");
    let additional = of("additional operation");
    assert_eq!(additional.len(), 2);
    assert!(!notes.iter().any(|note| note.lossy));
}
