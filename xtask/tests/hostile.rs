//! Documents that nobody meant: whatever is in them, the pipeline answers with crates or
//! with an error, and never with a panic.

use proptest::prelude::*;
use serde_json::{Value, json};
use xtask::{
    config::Config,
    emit::Place,
    pipeline::{Input, STACK, run},
};

/// A document with most constructs in it.
fn seed() -> Value {
    json!({
        "openapi": "3.1.0", "info": {"title": "Seed", "version": "1"}, "servers": [{"url": "/base"}],
        "paths": {"/a/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "post": {"operationId": "a", "tags": ["A"], "parameters": [
                {"name": "q", "in": "query", "style": "deepObject", "schema": {"$ref": "#/components/schemas/A"}},
                {"$ref": "#/components/parameters/P"}],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/U"}},
                    "multipart/form-data": {"schema": {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}}}}}},
                "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}},
                    "4XX": {"$ref": "#/components/responses/E"}, "default": {"description": "e"}}}}},
        "components": {
            "parameters": {"P": {"name": "p", "in": "header", "schema": {"type": ["integer", "null"]}}},
            "responses": {"E": {"description": "e", "content": {"application/problem+json": {"schema": {"type": "object", "properties": {"m": {"const": 1}}}}}}},
            "schemas": {
                "A": {"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}, "e": {"enum": ["x", "y", null]}}, "discriminator": {"propertyName": "k"}},
                "B": {"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object", "additionalProperties": false, "properties": {"b": {"type": "array", "items": {"$ref": "#/components/schemas/B"}}}}]},
                "U": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "string", "format": "date-time"}, {"type": "null"}]},
                "T": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]},
                "L": {"$ref": "#/components/schemas/L"}}}
    })
}

/// The places of a document.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    found.push(at.clone());
    match value {
        Value::Object(object) => {
            for (name, child) in object {
                pointers(
                    child,
                    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                pointers(child, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[]])),
        Just(json!({"$ref": "#/components/schemas/A"})),
        Just(json!({"$ref": "#/components/schemas/B"})),
        Just(json!({"$ref": "#"})),
        Just(json!({"$ref": "#/paths"})),
        Just(
            json!({"allOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/U"}]})
        ),
        Just(json!({"anyOf": [{}, {"type": "array"}, {"nullable": true}]})),
        Just(
            json!({"type": "object", "properties": {"": {}, "self": {}, "a-b": {}, "a_b": {}}, "additionalProperties": {"type": "integer"}})
        ),
    ]
}

/// How many documents are tried; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(160)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_document_changed_at_random_never_makes_the_pipeline_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), odd(), 0..3_u8), 1..5),
    ) {
        let mut document = seed();
        for (index, value, kind) in changes {
            let mut places = Vec::new();
            pointers(&document, String::new(), &mut places);
            let place = &places[index.index(places.len())];
            match (kind, place.rsplit_once('/')) {
                (0, Some((parent, name))) => {
                    let name = name.replace("~1", "/").replace("~0", "~");
                    match document.pointer_mut(parent) {
                        Some(Value::Object(object)) => { object.remove(&name); }
                        Some(Value::Array(items)) => { items.pop(); }
                        _ => {}
                    }
                }
                (1, Some((parent, _))) => {
                    if let Some(Value::Object(object)) = document.pointer_mut(parent) {
                        object.insert("odd name!".to_owned(), value);
                    }
                }
                _ => if let Some(there) = document.pointer_mut(place) { *there = value },
            }
        }
        let shown = document.to_string();
        let outcome = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || {
                let input = Input { name: "seed".into(), origin: "seed.json".into(), value: document };
                run(vec![input], &Config::default(), &Place::Workspace).map(|made| made.len()).map_err(|error| error.to_string())
            })
            .expect("a thread")
            .join();
        prop_assert!(outcome.is_ok(), "a panic with {}", shown);
        if let Ok(Err(error)) = outcome {
            prop_assert!(!error.contains("progenitor stopped"), "{}: {}", error, shown);
        }
    }
}
