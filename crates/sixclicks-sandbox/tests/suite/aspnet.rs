//! Requests as ASP.NET Core binds them: each pair of a request and its values was measured with a
//! real server on Kestrel and MVC.

use serde_json::{Value, json};
use sixclicks_sandbox::{Dialect, Direction, Document, Optional, Sandbox, Shape, sample};

use crate::client::{Client, Reply, reply};

/// A document with one operation that reads a query, one that reads a form, and one that reads JSON.
fn document() -> Value {
    let range = json!({"$ref": "#/components/schemas/Range"});
    json!({
        "openapi": "3.0.4", "info": {"title": "Risks", "version": "1"},
        "paths": {"/risks": {
            "get": {
                "parameters": [
                    {"name": "counts", "in": "query", "schema": {
                        "type": "object", "additionalProperties": {"type": "integer"}}},
                    {"name": "Labels", "in": "query", "style": "deepObject", "schema": {
                        "type": "object", "additionalProperties": {"type": "string"}}},
                    {"name": "ranges", "in": "query", "schema": {"type": "array", "items": range}},
                    {"name": "Severities", "in": "query", "schema": {
                        "type": "array", "items": {"type": "integer", "enum": [-1, 0, 10, 20]}}},
                    {"name": "level", "in": "query", "schema": {
                        "type": "string", "enum": ["Low", "High"]}},
                    {"name": "Open", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "Score.Low", "in": "query", "schema": {"type": "integer"}},
                    {"name": "X-Numbers", "in": "header", "schema": {
                        "type": "array", "items": {"type": "integer"}}},
                ],
                "responses": {"204": {"description": ""}},
            },
            "post": {
                "requestBody": {"required": true, "content": {"multipart/form-data": {
                    "schema": {"type": "object", "properties": {
                        "Title": {"type": "string"},
                        "Range": range,
                        "Ranges": {"type": "array", "items": range},
                        "Tags": {"type": "array", "items": {"type": "string"}},
                        "Attachments": {"type": "array", "items": {
                            "type": "string", "format": "binary"}},
                    }},
                    "encoding": {"Ranges": {"style": "form"}, "Tags": {"style": "form"}},
                }}},
                "responses": {"204": {"description": ""}},
            },
            "put": {
                "requestBody": {"required": true, "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Question"},
                }}},
                "responses": {"204": {"description": ""}},
            },
        }},
        "components": {"schemas": {
            "Range": {"type": "object", "additionalProperties": false, "properties": {
                "Low": {"type": "integer"}, "High": {"type": "integer", "nullable": true}}},
            "Question": {"type": "object", "required": ["$type"],
                "discriminator": {"propertyName": "$type"},
                "properties": {
                    "$type": {"type": "string"},
                    "order": {"type": "integer", "format": "int32"},
                    "counts": {"type": "object", "additionalProperties": {"type": "number"}},
                    "kind": {"type": "integer", "enum": [1, 2]},
                }},
        }},
    })
}

async fn serve(document: Value, dialect: Dialect) -> (Sandbox, Client) {
    let builder = Sandbox::builder().document_in(document, dialect);
    let sandbox = builder.start().await.unwrap();
    let client = Client::new(&sandbox).await;
    (sandbox, client)
}

/// What the last request said, in one place.
fn values(sandbox: &Sandbox, reply: &Reply, place: &str) -> Value {
    assert_eq!(reply.status, 204, "{}", reply.text);
    let received = sandbox.received();
    received[received.len() - 1].values[place].clone()
}

#[tokio::test]
async fn queries_are_bound_as_models() {
    let (sandbox, client) = serve(document(), Dialect::Swashbuckle).await;
    for (query, bound) in [
        ("Counts[a]=1", json!({"counts": {"a": 1}})),
        ("counts.a=1", json!({"counts": {"a": 1}})),
        ("counts[A.b]=1", json!({"counts": {"A.b": 1}})),
        (
            "counts[0].key=a%5Db&counts[0].Value=1",
            json!({"counts": {"a]b": 1}}),
        ),
        (
            "Labels[a]=b&labels[c%20d]=%C3%A4%26",
            json!({"Labels": {"a": "b", "c d": "ä&"}}),
        ),
        (
            "RANGES[0].LOW=3&ranges[1].high=4",
            json!({"ranges": [{"Low": 3}, {"High": 4}]}),
        ),
        (
            "ranges.index=x&ranges[x].low=1",
            json!({"ranges": [{"Low": 1}]}),
        ),
        (
            "severities=10&Severities=-1",
            json!({"Severities": [10, -1]}),
        ),
        (
            "Severities[0]=10&Severities[1]=20",
            json!({"Severities": [10, 20]}),
        ),
        ("Level=low", json!({"level": "Low"})),
        ("open=TRUE", json!({"Open": true})),
        ("score.low=1", json!({"Score.Low": 1})),
    ] {
        let reply = client.get(&format!("/risks?{query}")).await;
        assert_eq!(values(&sandbox, &reply, "query"), bound, "{query}");
    }
}

#[tokio::test]
async fn what_would_not_be_bound_is_refused() {
    let (_sandbox, client) = serve(document(), Dialect::Swashbuckle).await;
    for (query, why) in [
        ("ranges[0][Low]=3", "a member is written `ranges[0].Low`"),
        ("ranges[0].Low=1&ranges[2].Low=2", "without a gap"),
        ("ranges[1].Low=3", "without a gap"),
        ("ranges=1", "nothing is bound"),
        ("ranges[0].Low=x", "query parameter `ranges`/0/Low"),
        ("counts[a][b]=1", "has no member"),
        ("counts[a=1", "no name that ASP.NET can take apart"),
        ("counts[a]=1&counts[A]=2", "given more than once"),
        ("a=1", "no such parameter"),
        ("Severities=10,20", "query parameter `Severities`/0"),
        ("Severities[]=10", "query parameter `Severities`"),
        ("Open=1", "query parameter `Open`"),
        ("Score[Low]=1", "no such parameter"),
    ] {
        let reply = client.get(&format!("/risks?{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
        assert!(reply.text.contains(why), "{query}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_list_in_a_header_may_have_blanks_and_gaps() {
    let (sandbox, client) = serve(document(), Dialect::Nswag).await;
    for header in ["1,2,3", "1, 2 ,3", "1,,2,3"] {
        let reply = reply(client.request("GET", "/risks").header("X-Numbers", header)).await;
        let bound = values(&sandbox, &reply, "header");
        assert_eq!(bound["X-Numbers"], json!([1, 2, 3]), "{header}");
    }
    let reply = reply(client.request("GET", "/risks").header("X-Numbers", "1;2")).await;
    assert_eq!(reply.status, 400);
}

/// A multipart form of these parts: name, file name, text.
fn form(parts: &[(&str, Option<&str>, &str)]) -> String {
    let part = |(name, file, text): &(&str, Option<&str>, &str)| {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n")
    };
    parts.iter().map(part).collect::<String>() + "--x--\r\n"
}

#[tokio::test]
async fn forms_are_bound_as_models() {
    let (sandbox, client) = serve(document(), Dialect::Microsoft).await;
    for (parts, bound) in [
        (
            vec![("Ranges[0].Low", None, "1"), ("ranges[1].high", None, "2")],
            json!({"Ranges": [{"Low": 1}, {"High": 2}]}),
        ),
        (
            vec![("Ranges[0][Low]", None, "1")],
            json!({"Ranges": [{"Low": 1}]}),
        ),
        (vec![("range.low", None, "1")], json!({"Range": {"Low": 1}})),
        (
            vec![("Range[Low]", None, "1")],
            json!({"Range": {"Low": 1}}),
        ),
        (
            vec![("tags", None, "a,b"), ("Tags", None, "c")],
            json!({"Tags": ["a,b", "c"]}),
        ),
        (vec![("Tags[]", None, "a")], json!({"Tags": ["a"]})),
        (
            vec![
                ("Attachments", Some("a"), "1"),
                ("Attachments", Some("b"), "2"),
            ],
            json!({"Attachments": ["1", "2"]}),
        ),
    ] {
        let kind = "multipart/form-data; boundary=x";
        let reply = client.send("POST", "/risks", kind, &form(&parts)).await;
        assert_eq!(values(&sandbox, &reply, "body"), bound, "{parts:?}");
    }
    for parts in [
        vec![("Ranges", None, "[{\"Low\":1}]")],
        vec![("Range", None, "{\"Low\":1}")],
        vec![("Attachments", None, "no file name")],
    ] {
        let kind = "multipart/form-data; boundary=x";
        let reply = client.send("POST", "/risks", kind, &form(&parts)).await;
        assert_eq!(reply.status, 400, "{parts:?}");
    }
}

#[tokio::test]
async fn json_is_read_as_system_text_json_does() {
    let (sandbox, client) = serve(document(), Dialect::Swashbuckle).await;
    for (body, read) in [
        (
            json!({"$type": "a", "ORDER": 1}),
            json!({"$type": "a", "order": 1}),
        ),
        (
            json!({"$type": "a", "order": "7", "counts": {"a": "1.5"}}),
            json!({"$type": "a", "order": 7, "counts": {"a": 1.5}}),
        ),
    ] {
        let reply = client.json("PUT", "/risks", &body).await;
        assert_eq!(values(&sandbox, &reply, "body"), read);
    }
    for (body, why) in [
        (
            json!({"order": 1, "$type": "a"}),
            "`$type` has to come first",
        ),
        (json!({"$type": "a", "order": " 7"}), "body/order"),
        (json!({"$type": "a", "kind": "1"}), "body/kind"),
    ] {
        let reply = client.json("PUT", "/risks", &body).await;
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.text.contains(why), "{body}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_strict_document_is_read_to_the_letter() {
    let (sandbox, client) = serve(document(), Dialect::Strict).await;
    let reply = client.get("/risks?counts[a]=1").await;
    let bound = values(&sandbox, &reply, "query");
    assert_eq!(bound, json!({"counts": {"counts[a]": 1}}));
    for query in ["OPEN=true", "open=TRUE", "ranges[0].Low=1"] {
        let reply = client.get(&format!("/risks?{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
    }
    let late = json!({"order": 1, "$type": "a"});
    assert_eq!(client.json("PUT", "/risks", &late).await.status, 204);
}

/// A document whose one operation takes a body.
fn with_body(body: Value, schemas: Value) -> Value {
    json!({"openapi": "3.0.1", "info": {"title": "T", "version": "1"},
    "paths": {"/a": {"patch": {
        "requestBody": body,
        "responses": {"204": {"description": ""}},
    }}},
    "components": {"schemas": schemas}})
}

#[tokio::test]
async fn a_json_patch_is_the_list_of_its_operations() {
    let patch = json!({"schema": {"$ref": "#/components/schemas/NoteJsonPatchDocument"}});
    let document = with_body(
        json!({"content": {"application/json": patch, "application/*+json": patch}}),
        json!({
            "NoteJsonPatchDocument": {"type": "object", "properties": {"operations": {
                "type": "array", "items": {"$ref": "#/components/schemas/Change"}}}},
            "Change": {"type": "object", "properties": {
                "op": {"type": "string"}, "path": {"type": "string"}, "value": {}}},
        }),
    );
    let (_sandbox, client) = serve(document, Dialect::Nswag).await;
    let list = json!([{"op": "remove", "path": "/a"}]).to_string();
    let object = json!({"operations": []}).to_string();
    for (kind, body, status) in [
        ("application/json-patch+json", &list, 204),
        ("application/json", &list, 400),
        ("application/json-patch+json", &object, 400),
    ] {
        let reply = client.send("PATCH", "/a", kind, body).await;
        assert_eq!(reply.status, status, "{kind} {body}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_body_of_mvc_is_required_whatever_swashbuckle_says() {
    let any = json!({"schema": {"type": "object"}});
    let mvc = json!({"content": {
        "application/json": any, "text/json": any, "application/*+json": any}});
    for (dialect, status) in [(Dialect::Swashbuckle, 400), (Dialect::Aspnet, 204)] {
        let (_sandbox, client) = serve(with_body(mvc.clone(), json!({})), dialect).await;
        assert_eq!(reply(client.request("PATCH", "/a")).await.status, status);
    }
}

#[tokio::test]
async fn an_object_in_the_query_of_a_write_is_a_form_to_nswag() {
    let document = json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"post": {
            "parameters": [{"name": "note", "in": "query", "schema": {
                "$ref": "#/components/schemas/Note"}}],
            "responses": {"204": {"description": ""}},
        }}},
        "components": {"schemas": {"Note": {"type": "object", "properties": {
            "text": {"type": "string"}}}}},
    });
    let (sandbox, client) = serve(document, Dialect::Nswag).await;
    let kind = "application/x-www-form-urlencoded";
    let reply = client.send("POST", "/a", kind, "text=b").await;
    assert_eq!(values(&sandbox, &reply, "body"), json!({"text": "b"}));
}

/// What a component of a document is on the wire, by a sample of it.
fn sampled(dialect: Dialect, name: &str, component: Value) -> Value {
    let document = Document::in_dialect(with_body(json!({}), json!({ name: component })), dialect);
    let shape = Shape {
        direction: Direction::Request,
        optional: Optional::Always,
        ..Shape::default()
    };
    let schema = json!({"$ref": format!("#/components/schemas/{name}")});
    sample(&document, &schema, shape, 1).unwrap()
}

#[test]
fn types_of_the_framework_are_what_it_writes() {
    let of = |name: &str| json!({"type": "object", "properties": {name: {"type": "integer"}}});
    let span = sampled(Dialect::Swashbuckle, "TimeSpan", of("ticks"));
    assert!(span.is_string(), "{span}");
    assert!(sampled(Dialect::Nswag, "Version", of("majorRevision")).is_string());
    assert!(sampled(Dialect::Aspnet, "System.Half", json!({"type": "object"})).is_number());
    // A type of the API's own that is called like one of the framework's is left alone.
    assert!(sampled(Dialect::Swashbuckle, "Version", of("number")).is_object());
    assert!(sampled(Dialect::Strict, "TimeSpan", of("ticks")).is_object());
    let duration = json!({"type": "string", "format": "duration"});
    let span = sampled(Dialect::Nswag, "Wait", duration);
    assert!(span.as_str().is_some_and(|text| text.starts_with("02:30:")));
    let tagged = json!({"type": "object", "required": ["kind"],
        "discriminator": {"propertyName": "kind", "mapping": {"1": "#/components/schemas/Kind"}},
        "properties": {"kind": {"type": "string"}}});
    assert_eq!(sampled(Dialect::Nswag, "Kind", tagged)["kind"], 1);
}
