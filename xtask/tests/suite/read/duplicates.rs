//! Duplicate keys in JSON and YAML: what belongs together is merged, and what is dropped is a loss.

use serde_json::{Value, json};
use xtask::read::{self, Document, ReadOptions};

fn read(text: &str) -> Document {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("document");
    std::fs::write(&path, text).expect("the document");
    let documents = read::read(path.to_str().expect("a path"), &ReadOptions::default());
    let mut documents = documents.unwrap_or_else(|error| panic!("{error}: {text}"));
    documents.remove(0)
}

/// A document of a notation, with these members.
fn both(members: &str) -> [Document; 2] {
    // A comment makes it YAML.
    let text = format!("{{\"openapi\": \"3.0.3\", {members}}}");
    [read(&text), read(&format!("# YAML\n{text}"))]
}

/// What was lost, by place.
fn lost(document: &Document) -> Vec<&str> {
    let lost = document.notes.iter().filter(|note| note.lost);
    lost.map(|note| note.pointer.as_str()).collect()
}

fn check(members: &str, pointer: &str, expected: &Value, losses: &[&str]) {
    for document in both(members) {
        assert_eq!(
            document.value.pointer(pointer),
            Some(expected),
            "{members}: {:?}",
            document.notes
        );
        assert_eq!(lost(&document), losses, "{members}: {:?}", document.notes);
        assert!(!document.notes.is_empty(), "{members}");
    }
}

#[test]
fn two_path_items_of_one_path_are_merged() {
    check(
        r#""paths": {"/a": {"get": {"operationId": "one"}}, "/b": {}, "/a": {"post": {"operationId": "two"}}}"#,
        "/paths",
        &json!({"/a": {"get": {"operationId": "one"}, "post": {"operationId": "two"}}, "/b": {}}),
        &[],
    );
}

#[test]
fn maps_are_merged_wherever_they_are() {
    check(
        r#""paths": {"/a": {"get": {}}}, "paths": {"/b": {"get": {}}}"#,
        "/paths",
        &json!({"/a": {"get": {}}, "/b": {"get": {}}}),
        &[],
    );
    check(
        r#""components": {"schemas": {"A": {}}}, "components": {"schemas": {"B": {}}, "headers": {}}"#,
        "/components",
        &json!({"schemas": {"A": {}, "B": {}}, "headers": {}}),
        &[],
    );
    check(
        r#""components": {"schemas": {"A": {"properties": {"a": {}}, "properties": {"b": {}}}}}"#,
        "/components/schemas/A/properties",
        &json!({"a": {}, "b": {}}),
        &[],
    );
    check(
        r#""paths": {"/a": {"get": {"responses": {"200": {}}, "responses": {"404": {}}}}}"#,
        "/paths/~1a/get/responses",
        &json!({"200": {}, "404": {}}),
        &[],
    );
}

#[test]
fn the_same_twice_is_no_loss() {
    check(
        r#""components": {"schemas": {"A": {"type": "string"}, "A": {"type": "string"}}}"#,
        "/components/schemas/A",
        &json!({"type": "string"}),
        &[],
    );
}

#[test]
fn an_operation_schema_property_or_response_that_is_dropped_is_a_loss() {
    check(
        r#""paths": {"/a": {"get": {"operationId": "one"}}, "/a": {"get": {"operationId": "two"}}}"#,
        "/paths/~1a/get/operationId",
        &json!("two"),
        &["/paths/~1a/get"],
    );
    check(
        r#""components": {"schemas": {"A": {"type": "string"}, "A": {"type": "integer"}}}"#,
        "/components/schemas/A/type",
        &json!("integer"),
        &["/components/schemas/A"],
    );
    check(
        r#""components": {"schemas": {"A": {"properties": {"description": {"type": "string"}, "description": {}}}}}"#,
        "/components/schemas/A/properties/description",
        &json!({}),
        &["/components/schemas/A/properties/description"],
    );
    check(
        r#""paths": {"/a": {"get": {"responses": {"200": {"content": {}}, "200": {}}}}}"#,
        "/paths/~1a/get/responses/200",
        &json!({}),
        &["/paths/~1a/get/responses/200"],
    );
    check(
        r#""components": {"schemas": {"A": {"enum": [1], "enum": [2]}}}"#,
        "/components/schemas/A/enum",
        &json!([2]),
        &["/components/schemas/A/enum"],
    );
}

#[test]
fn text_and_examples_are_no_loss() {
    check(
        r#""components": {"schemas": {"A": {"description": "a", "description": "b", "example": {"x": 1, "x": 2}}}}"#,
        "/components/schemas/A",
        &json!({"description": "b", "example": {"x": 2}}),
        &[],
    );
    check(r#""x-page": {"a": 1, "a": 2}"#, "/x-page/a", &json!(2), &[]);
}

#[test]
fn yaml_notes_have_the_line_of_the_second_key() {
    let document =
        read("openapi: 3.0.0\npaths:\n  /a:\n    get: {}\n  /a:\n    put:\n      summary: x\n");
    assert_eq!(
        document.value["paths"],
        json!({"/a": {"get": {}, "put": {"summary": "x"}}})
    );
    let notes: Vec<String> = document.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        ["/paths/~1a: this key is a duplicate (line 5): the members of both values are kept"]
    );
}

#[test]
fn a_loss_does_not_hide_behind_many_harmless_duplicates() {
    let harmless = r#""x": {"description": "a", "description": "b"}, "#.repeat(300);
    let members = format!(
        r#""components": {{"schemas": {{{harmless} "y": {{"type": "string", "type": "integer"}}}}}}"#
    );
    for document in both(&members) {
        assert_eq!(lost(&document), ["/components/schemas/y/type"]);
        assert!(document.notes.len() < 300);
    }
}
