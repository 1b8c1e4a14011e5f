//! Requests are checked by the document, and answers are instances of its schemas.

use serde_json::{Value, json};
use sixclicks_sandbox::{Optional, Sandbox, Shape, instance};

use crate::client::{Client, reply};

/// An API with a parameter in every place.
fn document() -> Value {
    json!({
        "openapi": "3.0.1",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://example.com/base/"}],
        "paths": {"/things/{id}": {"post": {
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
                {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "integer"}}},
                {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"from": {"type": "string", "format": "date"}}}},
                {"name": "X-Trace", "in": "header", "required": true, "schema": {"type": "string", "minLength": 3}},
            ],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
            "responses": {
                "200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                "404": {"description": ""},
            },
        }}},
        "components": {"schemas": {"Thing": {
            "type": "object", "required": ["name", "id"],
            "properties": {
                "id": {"type": "integer", "readOnly": true},
                "name": {"type": "string", "nullable": true},
                "size": {"type": "number", "minimum": 0, "exclusiveMinimum": true},
            },
        }}},
    })
}

/// Sends a request, and returns the status and what the answer says.
async fn send(sandbox: &Sandbox, path: &str, trace: &str, body: &str) -> (u16, String) {
    let client = Client::new(sandbox).await;
    let request = client
        .request("POST", path)
        .header("content-type", "application/json")
        .header("x-trace", trace)
        .body(body.to_owned());
    let answer = reply(request).await;
    (answer.status, answer.text)
}

#[tokio::test]
async fn a_right_request_is_answered_with_an_instance() {
    let sandbox = Sandbox::builder()
        .document(document())
        .start()
        .await
        .unwrap();
    let path = "/base/things/7?ids=1,2&filter%5Bfrom%5D=2024-04-03";
    let (status, text) = send(&sandbox, path, "abc", r#"{"name": null}"#).await;
    assert_eq!(status, 200, "{text}");
    let thing: Value = serde_json::from_str(&text).unwrap();
    assert!(thing["name"].is_string() && thing["id"].is_i64(), "{thing}");
    assert!(sandbox.received()[0].violations.is_empty());
}

#[tokio::test]
async fn a_wrong_request_is_told_where_and_by_which_rule() {
    let sandbox = Sandbox::builder()
        .document(document())
        .start()
        .await
        .unwrap();
    let right = r#"{"name": "a"}"#;
    for (path, trace, body, told) in [
        ("/base/things/x", "abc", right, "path parameter `id`"),
        (
            "/base/things/7?ids=1,x",
            "abc",
            right,
            "query parameter `ids`/1",
        ),
        (
            "/base/things/7?filter%5Bfrom%5D=soon",
            "abc",
            right,
            "query parameter `filter`/from",
        ),
        ("/base/things/7?no=1", "abc", right, "query parameter `no`"),
        ("/base/things/7", "a", right, "header parameter `X-Trace`"),
        ("/base/things/7", "abc", r#"{"name": 1}"#, "body/name"),
        (
            "/base/things/7",
            "abc",
            r#"{"name": "a", "size": 0}"#,
            "body/size",
        ),
        (
            "/base/things/7",
            "abc",
            r#"{"name": "a", "sise": 1}"#,
            "body/sise",
        ),
        (
            "/base/things/7",
            "abc",
            r#"{"size": 1}"#,
            "\\\"name\\\" is a required property",
        ),
        ("/base/things/7", "abc", "{", "it is no JSON"),
    ] {
        let (status, text) = send(&sandbox, path, trace, body).await;
        assert_eq!(status, 400, "{path} {body}");
        assert!(text.contains(told), "{text} does not tell {told}");
    }
    assert_eq!(send(&sandbox, "/things/7", "abc", right).await.0, 404);
}

#[test]
fn instances_are_the_same_for_a_seed_and_have_what_is_asked_for() {
    let root = document();
    let schema = json!({"$ref": "#/components/schemas/Thing"});
    let full = instance(&root, &schema, Shape::default(), 5);
    assert_eq!(full, instance(&root, &schema, Shape::default(), 5));
    assert_eq!(full.as_object().map(serde_json::Map::len), Some(3));
    let shape = Shape {
        optional: Optional::Never,
        ..Shape::default()
    };
    let least = instance(&root, &schema, shape, 5);
    assert_eq!(least.as_object().map(serde_json::Map::len), Some(2));
}
