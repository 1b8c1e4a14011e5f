//! XML is what its schema says, and answers in it are instances of that.

use serde_json::{Value, json};
use sixclicks_sandbox::{Choice, Optional};

use crate::client::{Client, sandbox};

/// An operation that takes and answers a pet in XML.
fn document() -> Value {
    let pet = json!({"application/xml": {"schema": {"$ref": "#/components/schemas/Pet"}}});
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
    "paths": {"/pets": {"post": {
        "requestBody": {"required": true, "content": pet},
        "responses": {"200": {"description": "", "content": pet}},
    }}},
    "components": {"schemas": {
        "Pet": {"type": "object", "additionalProperties": false, "required": ["id", "name"],
            "xml": {"name": "pet", "namespace": "urn:pets", "prefix": "p"},
            "properties": {
                "id": {"type": "integer", "xml": {"attribute": true}},
                "name": {"type": "string"},
                "born": {"type": "string", "format": "date", "nullable": true},
                "tags": {"type": "array", "xml": {"wrapped": true}, "items": {"$ref": "#/components/schemas/Tag"}},
                "photos": {"type": "array", "items": {"type": "string", "xml": {"name": "photo"}}},
                "owner": {"$ref": "#/components/schemas/Owner"},
                "@type": {"type": "string"},
            }},
        "Tag": {"type": "object", "xml": {"name": "tag"}, "properties": {"weight": {"type": "number"}}},
        "Owner": {"oneOf": [{"$ref": "#/components/schemas/Person"}, {"$ref": "#/components/schemas/Shelter"}]},
        "Person": {"type": "object", "required": ["age"], "properties": {"age": {"type": "integer"}}},
        "Shelter": {"type": "object", "required": ["places"], "properties": {
            "places": {"type": "object", "additionalProperties": {"type": "integer"}},
        }},
    }}})
}

fn pet(inner: &str) -> String {
    format!("<p:pet xmlns:p=\"urn:pets\" id=\"7\">{inner}</p:pet>")
}

#[tokio::test]
async fn elements_attributes_and_lists_are_read_as_the_schema_names_them() {
    let sandbox = sandbox([document()]).await;
    let client = Client::new(&sandbox).await;
    let nil = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";
    let whole = pet(&format!(
        "<photo>a &amp; b</photo><name>Rex</name><born {nil}/><photo/>\
         <tags><tag><weight>1.5</weight></tag><tag/></tags>\
         <owner><places><cats>3</cats></places></owner><_x0040_type>dog</_x0040_type>"
    ));
    let meant = json!({
        "id": 7, "name": "Rex", "born": null, "photos": ["a & b", ""],
        "tags": [{"weight": 1.5}, {}], "owner": {"places": {"cats": 3}}, "@type": "dog",
    });
    for (body, read) in [
        (whole, meant),
        (pet("<name>Rex</name>"), json!({"id": 7, "name": "Rex"})),
    ] {
        let answer = client.send("POST", "/pets", "application/xml", &body).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text);
        let received = sandbox.received();
        assert_eq!(received.last().unwrap().values["body"], read);
    }
}

#[tokio::test]
async fn what_the_schema_does_not_say_is_refused_by_name() {
    let sandbox = sandbox([document()]).await;
    let client = Client::new(&sandbox).await;
    for (body, told) in [
        ("<p:pet>".to_owned(), "it is no XML"),
        (
            "<pet id=\"7\"><name>Rex</name></pet>".to_owned(),
            "the root element is pet, not p:pet",
        ),
        (pet(""), "\\\"name\\\" is a required property"),
        (pet("<name>Rex</name><size>3</size>"), "size"),
        (
            pet("<name>Rex</name><name>Max</name>"),
            "name stands twice in pet",
        ),
        (pet("<name>Rex</name><born>soon</born>"), "body/born"),
        (
            pet("<name>Rex</name><tags><label/></tags>"),
            "label stands in tags, whose items are tag",
        ),
        (
            pet("<name>Rex</name><tags><tag><weight>much</weight></tag></tags>"),
            "body/tags/0/weight",
        ),
        (pet("<name><first>Rex</first></name>"), "body/name"),
    ] {
        let answer = client.send("POST", "/pets", "application/xml", &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        assert!(answer.text.contains(told), "{body}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_answer_in_xml_is_what_the_same_schema_takes() {
    let sandbox = sandbox([document()]).await;
    let client = Client::new(&sandbox).await;
    let mut body = pet("<name>Rex</name>");
    let mut distinct = std::collections::HashSet::new();
    for seed in 0..40 {
        sandbox.choose(Choice {
            optional: [Optional::Always, Optional::Sometimes, Optional::Never][seed as usize % 3],
            seed,
            ..Choice::default()
        });
        let answer = client.send("POST", "/pets", "application/xml", &body).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text);
        body = answer.text;
        distinct.insert(body.clone());
    }
    assert!(distinct.len() > 20, "{} answers", distinct.len());
}

#[tokio::test]
async fn a_list_and_text_have_the_names_of_their_types() {
    let content = |schema: Value| json!({"text/xml": {"schema": schema}});
    let numbers = json!({"type": "array", "items": {"type": "integer"}});
    let sandbox = sandbox([json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
    "paths": {
        "/numbers": {"post": {
            "requestBody": {"content": content(numbers.clone())},
            "responses": {"200": {"description": "", "content": content(numbers)}},
        }},
        "/text": {"post": {"responses": {
            "200": {"description": "", "content": content(json!({"type": "string", "enum": ["a < b"]}))},
        }}},
    }})])
    .await;
    let client = Client::new(&sandbox).await;
    let body = "<ArrayOfint><int>1</int><int>2</int></ArrayOfint>";
    let answer = client.send("POST", "/numbers", "text/xml", body).await;
    assert_eq!(sandbox.received()[0].values["body"], json!([1, 2]));
    let read = roxmltree::Document::parse(&answer.text).unwrap();
    let names = read
        .root_element()
        .children()
        .map(|item| item.tag_name().name());
    assert_eq!(names.collect::<Vec<_>>(), ["int", "int"], "{}", answer.text);
    let text = client.send("POST", "/text", "text/plain", "").await;
    assert_eq!(text.text, "<string>a &lt; b</string>");
}
