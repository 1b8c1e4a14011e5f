//! Swagger 2.0 and OpenAPI 3.1, and several documents at once.

use serde_json::json;

use crate::client::{Client, sandbox};

#[tokio::test]
async fn swagger_2_is_served_as_it_is() {
    let document = json!({
        "swagger": "2.0", "info": {"title": "Old", "version": "1"}, "basePath": "/old",
        "consumes": ["application/json"], "produces": ["application/json"],
        "paths": {
            "/notes": {
                "get": {
                    "parameters": [
                        {"name": "tabs", "in": "query", "type": "array", "items": {"type": "integer"}, "collectionFormat": "tsv"},
                        {"name": "most", "in": "query", "type": "integer", "minimum": 1, "exclusiveMinimum": true},
                    ],
                    "responses": {"200": {"description": "", "schema": {"type": "array", "items": {"$ref": "#/definitions/Note"}}}},
                },
                "put": {
                    "parameters": [{"name": "note", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Note"}}],
                    "responses": {"204": {"description": ""}},
                },
                "patch": {
                    "consumes": ["multipart/form-data"],
                    "parameters": [{"name": "scan", "in": "formData", "type": "file", "required": true}],
                    "responses": {"204": {"description": ""}},
                },
            },
        },
        "definitions": {"Note": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "x-nullable": true}}}},
    });
    let sandbox = sandbox([document]).await;
    let client = Client::new(&sandbox).await;
    let answer = client.get("/old/notes?tabs=1%092&most=2").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(sandbox.received()[0].values["query"]["tabs"], json!([1, 2]));
    assert!(answer.json()[0]["text"].is_string(), "{}", answer.text);
    assert!(
        client
            .get("/old/notes?most=1")
            .await
            .text
            .contains("query parameter `most`")
    );
    assert_eq!(
        client
            .json("PUT", "/old/notes", &json!({"text": null}))
            .await
            .status,
        204
    );
    assert!(
        client
            .json("PUT", "/old/notes", &json!({"text": 1}))
            .await
            .text
            .contains("body/text")
    );
    let form = "--x\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"a.png\"\r\n\r\nbytes\r\n--x--\r\n";
    let sent = client
        .send(
            "PATCH",
            "/old/notes",
            "multipart/form-data; boundary=x",
            form,
        )
        .await;
    assert_eq!(sent.status, 204, "{}", sent.text);
    assert_eq!(client.get("/notes").await.status, 404);
    assert_eq!(
        client.json("DELETE", "/old/notes", &json!({})).await.status,
        405
    );
}

#[tokio::test]
async fn openapi_3_1_is_served_as_it_is() {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "New", "version": "1"},
        "servers": [{"url": "https://{region}.example.com/{base}", "variables": {"region": {"default": "eu"}, "base": {"default": "v1"}}}],
        "paths": {"/a": {"post": {
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
                "type": "object", "properties": {
                    "n": {"type": ["integer", "null"], "exclusiveMinimum": 3},
                    "kind": {"const": "new"},
                    "pair": {"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "string"}},
                },
            }}}},
            "responses": {"204": {"description": ""}},
        }}},
    });
    let sandbox = sandbox([document]).await;
    let client = Client::new(&sandbox).await;
    for (body, told) in [
        (json!({"n": null, "kind": "new", "pair": [1, "a"]}), None),
        (json!({"n": 3}), Some("body/n")),
        (json!({"kind": "old"}), Some("body/kind")),
        (json!({"pair": ["a"]}), Some("body/pair/0")),
        (json!({"pair": [1, 2]}), Some("body/pair/1")),
    ] {
        let answer = client.json("POST", "/v1/a", &body).await;
        match told {
            None => assert_eq!(answer.status, 204, "{}", answer.text),
            Some(told) => assert!(
                answer.status == 400 && answer.text.contains(told),
                "{answer:?}"
            ),
        }
    }
}

#[tokio::test]
async fn a_server_may_leave_the_scheme_out() {
    let mut document = json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"204": {"description": ""}}}}}});
    document["servers"] = json!([{"url": "//example.com/base/v1"}, {"url": "//example.com"}]);
    let sandbox = sandbox([document]).await;
    let client = Client::new(&sandbox).await;
    assert_eq!(client.get("/base/v1/a").await.status, 204);
    assert_eq!(client.get("/a").await.status, 204);
}

#[tokio::test]
async fn several_documents_are_served_side_by_side() {
    let at = |path: &str, status: &str| {
        json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {path: {"get": {"responses": {status: {"description": ""}}}}}})
    };
    let sandbox = sandbox([at("/a", "204"), at("/b", "202"), at("/a", "202")]).await;
    let client = Client::new(&sandbox).await;
    let statuses = [
        client.get("/a").await.status,
        client.get("/b").await.status,
        client.get("/c").await.status,
    ];
    assert_eq!(statuses, [204, 202, 404]);
}
