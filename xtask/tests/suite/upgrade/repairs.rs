//! Documents that bend the rules as real ones do; and hostile ones.

use proptest::prelude::*;
use serde_json::{Value, json};
use xtask::upgrade::{UpgradeError, upgrade};
use xtask::validate::validate;

fn upgraded(document: Value) -> Value {
    upgrade(document).expect("a document that upgrades").value
}

#[track_caller]
fn schema_becomes(before: Value, after: &Value) {
    let value = upgraded(
        json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": {"T": before, "Pet": {"type": "object"}}}}),
    );
    assert_eq!(value["components"]["schemas"]["T"], *after);
}

#[test]
fn schemas_that_are_plain_in_meaning_are_repaired() {
    let pet = json!({"$ref": "#/components/schemas/Pet"});
    schema_becomes(
        json!({"type": "string", "nullable": "true"}),
        &json!({"type": "string", "nullable": true}),
    );
    schema_becomes(json!({"type": "Pet"}), &pet);
    schema_becomes(
        json!({"type": "DateTime"}),
        &json!({"type": "string", "format": "date-time"}),
    );
    schema_becomes(
        json!({"type": "any", "description": "d"}),
        &json!({"description": "d"}),
    );
    schema_becomes(
        json!({"type": "string", "minLength": 1.0}),
        &json!({"type": "string", "minLength": 1}),
    );
    schema_becomes(
        json!({"type": "object", "properties": null, "required": null, "items": null, "xml": null}),
        &json!({"type": "object"}),
    );
    schema_becomes(
        json!({"type": "object", "properties": {"a": {"type": "string", "required": true}}}),
        &json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}),
    );
    schema_becomes(
        json!({"type": "object", "discriminator": "kind"}),
        &json!({"type": "object", "discriminator": {"propertyName": "kind"}}),
    );
    schema_becomes(json!({"$ref": "#/definitions/Pet"}), &pet);
    schema_becomes(
        json!({"$ref": "#/components/schemas/Pet", "type": "object"}),
        &pet,
    );
    let more = json!({"tail": {"type": "string"}});
    schema_becomes(
        json!({"$ref": "#/components/schemas/Pet", "type": "object", "properties": more, "required": ["tail"]}),
        &json!({"allOf": [pet], "properties": more, "required": ["tail"]}),
    );
}

#[test]
fn a_document_without_the_usual_keys_gets_them() {
    let value = upgraded(json!({"openapi": "3.0"}));
    assert_eq!(value["openapi"], "3.0.3");
    assert_eq!(
        value["info"],
        json!({"title": "API", "version": "unspecified"})
    );
    assert_eq!(value["paths"], json!({}));
    let value = upgraded(
        json!({"openapi": "3.0.1", "info": {"title": "t", "version": 1.0}, "paths": {"/a": null}}),
    );
    assert_eq!(value["info"]["version"], "1.0");
    assert_eq!(value["paths"], json!({}));
}

#[test]
fn operations_that_are_plain_in_meaning_are_repaired() {
    let value = upgraded(
        json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {
            "tags": null, "summary": null,
            "parameters": [
                {"name": "x", "in": "Query", "required": "true", "description": null, "schema": {"type": "string"}, "examples": ["a"]},
                {"name": "y", "in": "query"},
                {"name": "z", "in": "query", "type": "integer", "format": "int32"},
            ],
            "responses": {"200 OK": {}, "4xx": {"description": "no"}},
        }}}}),
    );
    let get = &value["paths"]["/a"]["get"];
    assert_eq!(
        get["parameters"],
        json!([
            {"name": "x", "in": "query", "required": true, "schema": {"type": "string"}, "example": "a"},
            {"name": "y", "in": "query", "schema": {"type": "string"}},
            {"name": "z", "in": "query", "schema": {"type": "integer", "format": "int32"}},
        ])
    );
    assert_eq!(
        get["responses"],
        json!({"200": {"description": ""}, "4XX": {"description": "no"}})
    );
}

#[test]
fn what_is_no_api_description_is_refused() {
    assert!(matches!(
        upgrade(json!([])),
        Err(UpgradeError::NotAnObject { .. })
    ));
    assert_eq!(
        upgrade(json!({"name": "x"})).unwrap_err(),
        UpgradeError::NoVersion
    );
    assert!(matches!(
        upgrade(json!({"swagger": "1.2"})),
        Err(UpgradeError::UnknownVersion { .. })
    ));
}

#[test]
fn deep_documents_are_upgraded_or_refused() {
    let nested = |depth: usize| {
        let mut schema = json!({"type": "string"});
        for _ in 0..depth {
            schema = json!({"type": "array", "items": schema});
        }
        json!({"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"T": schema}}})
    };
    assert!(upgrade(nested(450)).is_ok());
    assert_eq!(
        upgrade(nested(1_500)).unwrap_err(),
        UpgradeError::TooDeep { limit: 1_000 }
    );
}

fn seeds() -> Vec<Value> {
    vec![
        json!({"swagger": "2.0", "info": {"title": "t", "version": "1"}, "consumes": ["application/json"],
            "parameters": {"P": {"in": "body", "name": "b", "schema": {"$ref": "#/definitions/T"}}},
            "paths": {"/a/{id}": {"parameters": [{"$ref": "#/parameters/P"}], "post": {
                "parameters": [{"in": "formData", "name": "f", "type": "file"}, {"in": "path", "name": "id", "type": "array"}],
                "responses": {"200": {"description": "", "schema": {"$ref": "#/paths/~1a~1{id}/post/responses/201/schema"}},
                              "201": {"schema": {"type": "object"}}}}}},
            "definitions": {"T": {"type": "object", "discriminator": "k", "properties": {"k": {"type": "string", "x-nullable": true}}}}}),
        json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "/{v}", "variables": {"v": {"default": "1"}}}],
            "paths": {"/a": {"$ref": "#/components/pathItems/A"}},
            "components": {"pathItems": {"A": {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/T/$defs/X"}}}}}}}},
              "schemas": {"T": {"$id": "t", "$defs": {"X": {"type": ["string", "null"]}}, "prefixItems": [{"const": 1}, {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/X"}]}],
                "if": {}, "then": {"properties": {"a": true}}, "patternProperties": {"a": {"type": ["integer", "string", "object"]}}, "exclusiveMinimum": 1}}}}),
    ]
}

/// Replaces the value at one of the places in a document.
fn replace(value: &mut Value, place: &mut usize, with: &Value) {
    if *place == 0 {
        *value = with.clone();
    }
    *place = place.wrapping_sub(1);
    match value {
        Value::Array(list) => list.iter_mut().for_each(|held| replace(held, place, with)),
        Value::Object(map) => map.values_mut().for_each(|held| replace(held, place, with)),
        _ => {}
    }
}

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(-1.5)),
        Just(json!(1e300)),
        Just(json!("")),
        Just(json!("null")),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null, [], {}])),
        Just(json!({"$ref": "#"})),
        Just(json!({"$ref": "#/paths"})),
        Just(json!({"$ref": 1})),
        Just(json!({"$ref": "#/components/schemas/T"})),
        Just(json!({"$ref": "#/definitions/T"})),
        Just(json!(["string", "null", 3])),
        Just(json!({"in": "body", "name": "é~1"})),
    ]
}

proptest! {
    #[test]
    fn a_mutated_document_never_panics(seed in 0..2_usize, changes in prop::collection::vec((0..60_usize, odd()), 1..5)) {
        let mut document = seeds().swap_remove(seed);
        for (mut place, with) in changes {
            replace(&mut document, &mut place, &with);
        }
        let _ = validate(&document);
        if let Ok(done) = upgrade(document) {
            let input = xtask::split::SplitInput { name: "a".to_owned(), value: done.value };
            let _ = xtask::split::split(vec![input], &xtask::split::SplitConfig::default());
        }
    }
}
