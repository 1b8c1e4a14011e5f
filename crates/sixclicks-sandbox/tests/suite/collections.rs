//! What is posted is kept where an API looks like a collection, and lists come in pages.

use serde_json::{Value, json};

use crate::client::{Client, sandbox};

/// People, as an API of ABP lists them.
fn people() -> Value {
    let person = json!({"$ref": "#/components/schemas/Person"});
    let one = json!({"200": {"description": "", "content": {"application/json": {"schema": person}}}, "404": {"description": ""}});
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]);
    let body = json!({"required": true, "content": {"application/json": {"schema": {"type": "object", "properties": {"name": {"type": "string"}, "secret": {"type": "string"}}}}}});
    let number = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "integer"}});
    json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {
            "/people": {
                "get": {
                    "parameters": [number("skipCount"), number("MaxResultCount")],
                    "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object", "properties": {
                        "totalCount": {"type": "integer"}, "items": {"type": "array", "items": person}}}}}}},
                },
                "post": {"requestBody": body, "responses": {"201": {"description": "", "content": {"application/json": {"schema": person}}}}},
            },
            "/people/{id}": {
                "parameters": id,
                "get": {"responses": one},
                "put": {"requestBody": body, "responses": one},
                "delete": {"responses": {"204": {"description": ""}, "404": {"description": ""}}},
            },
        },
        "components": {"schemas": {"Person": {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}}},
    })
}

#[tokio::test]
async fn what_is_posted_is_listed_changed_and_deleted() {
    let sandbox = sandbox([people()]).await;
    let client = Client::new(&sandbox).await;
    let all = || async {
        client.get("/people").await.json()["totalCount"]
            .as_u64()
            .unwrap()
    };
    let before = all().await;

    let made = client
        .json("POST", "/people", &json!({"name": "Ada", "secret": "x"}))
        .await;
    assert_eq!(made.status, 201);
    let made = made.json();
    assert_eq!((&made["name"], made.get("secret")), (&json!("Ada"), None));
    let path = format!("/people/{}", made["id"]);
    assert_eq!(client.get(&path).await.json(), made);
    assert_eq!(all().await, before + 1);
    let listed = client
        .get(&format!("/people?skipCount={before}"))
        .await
        .json();
    assert_eq!(listed["items"], json!([made]));

    let changed = client
        .json("PUT", &path, &json!({"name": "Grace"}))
        .await
        .json();
    assert_eq!(
        (&changed["name"], &changed["id"]),
        (&json!("Grace"), &made["id"])
    );
    assert_eq!(client.get(&path).await.json(), changed);

    assert_eq!(client.json("DELETE", &path, &json!({})).await.status, 400);
    let deleted = crate::client::reply(client.request("DELETE", &path)).await;
    assert_eq!(deleted.status, 204);
    assert_eq!(client.get(&path).await.status, 404);
    assert_eq!(all().await, before);
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_a_list_is_posted_as_one() {
    let mut document = people();
    let json = |schema: Value| json!({"content": {"application/json": {"schema": schema}}});
    let person = json!({"$ref": "#/components/schemas/Person"});
    let paths = &mut document["paths"];
    paths["/people"]["post"] = json!({
        "requestBody": json(json!({"type": "array", "items": {"type": "object"}})),
        "responses": {"200": json(json!({"type": "array", "items": person}))},
    });
    paths["/people/{id}"]["patch"] = json!({
        "requestBody": {"content": {
            "application/merge-patch+json": {"schema": {"type": "object"}},
            "application/json-patch+json": {"schema": {"type": "array", "items": {"type": "object"}}},
        }},
        "responses": {"200": json(person)},
    });
    let sandbox = sandbox([document]).await;
    let client = Client::new(&sandbox).await;

    let posted = json!([{"name": "Ada"}, {"name": "Grace"}]);
    let made = client.json("POST", "/people", &posted).await.json();
    assert_eq!(made[0]["name"], "Ada");
    assert_eq!(made[1]["name"], "Grace");
    let path = format!("/people/{}", made[1]["id"]);
    assert_eq!(client.get(&path).await.json(), made[1]);

    let merge = "application/merge-patch+json";
    let merged = client.send("PATCH", &path, merge, r#"{"id": 0, "name": "Hopper"}"#);
    let merged = merged.await.json();
    assert_eq!(merged, json!({"id": made[1]["id"], "name": "Hopper"}));

    let patch = "application/json-patch+json";
    let changes = r#"[{"op": "replace", "path": "/name", "value": "Murray"}]"#;
    let patched = client.send("PATCH", &path, patch, changes).await.json();
    assert_eq!(patched, json!({"id": made[1]["id"], "name": "Murray"}));
    assert_eq!(client.get(&path).await.json(), patched);

    let nowhere = r#"[{"op": "replace", "path": "/nowhere", "value": 1}]"#;
    let refused = client.send("PATCH", &path, patch, nowhere).await;
    assert_eq!(refused.status, 400);
    assert_eq!(client.get(&path).await.json(), patched);
}

#[tokio::test]
async fn pages_add_up_to_the_whole() {
    let sandbox = sandbox([people()]).await;
    let client = Client::new(&sandbox).await;
    let whole = client.get("/people").await.json();
    let total = whole["totalCount"].as_u64().unwrap();
    assert_eq!(
        whole["items"].as_array().map(Vec::len),
        Some(total as usize)
    );
    let mut items = Vec::new();
    for skip in (0..total + 10).step_by(10) {
        let page = client
            .get(&format!("/people?skipCount={skip}&MaxResultCount=10"))
            .await
            .json();
        assert_eq!(page["totalCount"], total);
        items.extend(page["items"].as_array().unwrap().clone());
    }
    assert_eq!(Value::Array(items), whole["items"]);
}

#[tokio::test]
async fn page_numbers_and_links_lead_through_a_list() {
    let list = json!({"type": "array", "items": {"type": "object", "required": ["key"], "properties": {"key": {"type": "string"}}}});
    let number = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "integer"}});
    let answer = |schema: Value| json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}});
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {
            "/numbered": {"get": {"parameters": [number("page"), number("pageSize")], "responses": answer(list.clone())}},
            "/numbered/{key}": {"get": {"parameters": [{"name": "key", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": answer(list["items"].clone())}},
            "/linked": {
                "get": {"parameters": [number("$skip"), number("$top")], "responses": answer(json!({"type": "object", "properties": {"@odata.nextLink": {"type": "string", "nullable": true}, "value": list}}))},
                "post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}, "responses": {"204": {"description": ""}}},
            },
        },
    });
    let sandbox = sandbox([document]).await;
    let client = Client::new(&sandbox).await;
    let keys = |page: &Value| -> Vec<String> {
        let items = page.as_array().unwrap();
        items
            .iter()
            .map(|item| item["key"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = keys(&client.get("/numbered").await.json());
    let second = keys(&client.get("/numbered?page=2&pageSize=10").await.json());
    assert_eq!(second, all[10..20]);
    assert_eq!(
        client.get(&format!("/numbered/{}", all[3])).await.json()["key"],
        all[3].as_str()
    );

    let (mut path, mut found) = ("/linked?$top=10".to_owned(), 0);
    for _ in 0..9 {
        let page = client.get(&path).await.json();
        found += page["value"].as_array().unwrap().len();
        match page["@odata.nextLink"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(found, all.len());
}
