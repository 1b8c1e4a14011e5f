//! What a document says beside its calls: in the report, and in the documentation where it
//! is worth knowing.

use serde_json::{Value, json};

use super::{crates, document, file, ok, says};

#[test]
fn what_stands_beside_a_call_is_in_the_report() {
    let made = crates(&[document(
        json!({"/jobs": {"post": {
            "parameters": [{"name": "old", "in": "query", "deprecated": true, "schema": {"type": "string"}}],
            "responses": {"200": {
                "description": "OK",
                "headers": {"X-Rate-Limit": {"schema": {"type": "integer"}}},
                "links": {"next": {"operationId": "nothing"}},
            }},
            "callbacks": {"done": {"{$request.query.url}": {"post": {"responses": {"200": {"description": "OK"}}}}}},
        }}}),
        json!({}),
    )]);
    let places: Vec<(&str, &str)> = made[0]
        .report
        .entries()
        .iter()
        .map(|entry| (entry.construct, entry.pointer.as_str()))
        .collect();
    for place in [
        ("callbacks", "/paths/~1jobs/post/callbacks/done"),
        (
            "response headers",
            "/paths/~1jobs/post/responses/200/headers/X-Rate-Limit",
        ),
        ("links", "/paths/~1jobs/post/responses/200/links/next"),
        ("deprecation", "/paths/~1jobs/post/parameters/0"),
    ] {
        assert!(places.contains(&place), "no {place:?} in {places:?}");
    }
}

/// A whole document; the parts that tests of asides need stand outside of `paths`.
fn whole(more: Value) -> Value {
    let thing = json!({"type": "object", "properties": {
        "old": {"type": "string", "deprecated": true},
        "other": {"allOf": [{"$ref": "#/components/schemas/Part"}], "deprecated": true, "description": "The other."},
        "code": {"type": "string", "description": "The code.", "example": "A-1"},
        "size": {"type": "integer", "example": 3},
    }, "externalDocs": {"url": "https://example.com/things"}});
    let mut document = json!({
        "openapi": "3.0.1",
        "info": {"title": "Things", "version": "1", "contact": {"email": "a@example.com"}},
        "servers": [{"url": "https://api.example.com/v1"}],
        "security": [{"bearer": []}],
        "tags": [{"name": "t", "description": "All things"}],
        "x-vendor": true,
        "paths": {"/things": {"get": {"operationId": "getThing", "responses": ok(json!({"$ref": "#/components/schemas/Thing"}))}}},
        "components": {
            "schemas": {"Thing": thing, "Part": {"type": "object", "properties": {"a": {"type": "string"}}}},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        document["paths"]["/things"]["get"][key] = value.clone();
    }
    document
}

#[test]
fn what_is_worth_knowing_of_a_field_is_in_its_documentation() {
    let types = file(&whole(json!({})), "src/types.rs");
    for part in [
        "pub code: Option<String>, /// Deprecated. #[serde(skip_serializing_if = \"Option::is_none\")] pub old:",
        "/// The other. /// /// Deprecated. #[serde(skip_serializing_if = \"Option::is_none\")] pub other:",
        "/// The code. /// /// Example: `A-1`.",
        "/// Example: `3`.",
        "/// See <https://example.com/things>.",
    ] {
        says(&types, part);
    }
    assert!(
        !types.contains("#[deprecated]"),
        "a warning in the crate itself"
    );
}

#[test]
fn who_may_call_and_where_is_in_the_documentation() {
    let client = |more: Value| file(&whole(more), "src/client.rs");
    says(
        &client(json!({"security": []})),
        "/// Works without signing in.",
    );
    says(
        &client(json!({"security": [{"bearer": ["read", "write"]}]})),
        "/// Needs scopes: `read`, `write`.",
    );
    assert!(!client(json!({})).contains("igning in"));
    let elsewhere = json!({"servers": [{"url": "https://files.example.com/up"}]});
    says(
        &client(elsewhere.clone()),
        "/// Served by <https://files.example.com>.",
    );
    says(
        &file(&whole(elsewhere), "src/builder.rs"),
        r#".path("/up/things")"#,
    );
}

#[test]
fn whatever_is_not_kept_is_in_the_report() {
    let made = crates(&[whole(json!({
        "security": [{"bearer": []}],
        "x-internal": 1,
        "externalDocs": {"url": "https://example.com"},
    }))]);
    let entries = made[0].report.entries();
    for (construct, pointer) in [
        ("servers", "/servers"),
        ("security", "/security"),
        ("security", "/components/securitySchemes/bearer"),
        ("security", "/paths/~1things/get"),
        ("information on the API", "/info/contact"),
        ("tags", "/tags/0/description"),
        ("deprecation", "/components/schemas/Thing/properties/old"),
        ("examples", "/components/schemas/Thing/properties/code"),
        (
            "external documentation",
            "/components/schemas/Thing/externalDocs",
        ),
        ("external documentation", "/paths/~1things/get/externalDocs"),
        ("extensions", "/paths/~1things/get"),
        ("extensions", ""),
    ] {
        let found = entries
            .iter()
            .any(|entry| entry.construct == construct && entry.pointer == pointer);
        assert!(found, "no {construct} at {pointer} in {entries:#?}");
    }
}
