//! References to nowhere: what is put in their places, and what the report says of them.

use serde_json::{Value, json};
use xtask::upgrade::{Note, Upgraded, upgrade};

fn upgraded(document: Value) -> (Value, Vec<Note>) {
    let Upgraded { value, notes } = upgrade(document).expect("a document that upgrades");
    (value, notes)
}

/// The places of all losses.
fn losses(notes: &[Note]) -> Vec<&str> {
    let lost = notes.iter().filter(|note| note.lossy);
    lost.map(|note| note.pointer.as_str()).collect()
}

#[test]
fn each_reference_to_nowhere_becomes_the_widest_thing_and_a_loss() {
    let nowhere = |section: &str| json!({"$ref": format!("#/components/{section}/Gone")});
    let (value, notes) = upgraded(json!({
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "paths": {
            "/gone": {"$ref": "#/components/pathItems/Gone"},
            "/a": {"post": {
                "parameters": [
                    nowhere("parameters"),
                    {"name": "q", "in": "query", "schema": nowhere("schemas")},
                    {"$ref": "#/components/parameters/Alias"},
                ],
                "requestBody": nowhere("requestBodies"),
                "responses": {
                    "200": nowhere("responses"),
                    "201": {"description": "ok", "headers": {"X": nowhere("headers")}, "links": {"l": nowhere("links")}},
                },
            }},
        },
        "components": {
            "parameters": {"Alias": nowhere("parameters")},
            "schemas": {
                "A": {"$ref": "#/components/schemas/B"},
                "B": {"$ref": "#/components/schemas/A"},
                "List": {"type": "array", "items": {"$ref": "other.json"}},
                "User": {"$ref": "#/components/schemas/List"},
            },
        },
    }));
    let post = &value["paths"]["/a"]["post"];
    assert_eq!(
        post["parameters"],
        json!([{"name": "q", "in": "query", "schema": {}}])
    );
    assert_eq!(
        post["requestBody"],
        json!({"content": {"application/json": {"schema": {}}}})
    );
    assert_eq!(post["responses"]["200"], json!({"description": ""}));
    assert_eq!(value["paths"].as_object().map(|paths| paths.len()), Some(1));
    assert_eq!(
        value["components"]["schemas"],
        json!({
            "A": {},
            "B": {"$ref": "#/components/schemas/A"},
            "List": {"type": "array", "items": {}},
            "User": {"$ref": "#/components/schemas/List"},
        })
    );
    let mut lost = losses(&notes);
    lost.sort_unstable();
    assert_eq!(
        lost,
        [
            "/components/parameters/Alias",
            "/components/schemas/A",
            "/components/schemas/List/items",
            "/paths/~1a/post/parameters/0",
            "/paths/~1a/post/parameters/1/schema",
            "/paths/~1a/post/parameters/2",
            "/paths/~1a/post/requestBody",
            "/paths/~1a/post/responses/200",
            "/paths/~1a/post/responses/201/headers/X",
            "/paths/~1gone",
        ]
    );
    let link = notes.iter().find(|note| note.pointer.ends_with("/links/l"));
    assert!(link.is_some_and(|note| !note.lossy));
}

#[test]
fn a_discriminator_value_for_nothing_is_left_out() {
    let (value, notes) = upgraded(json!({
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": {
            "Cat": {"type": "object"},
            "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {
                "propertyName": "kind",
                "mapping": {"cat": "Cat", "dog": "#/components/schemas/Dog"},
            }},
        }},
    }));
    let mapping = &value["components"]["schemas"]["Pet"]["discriminator"]["mapping"];
    assert_eq!(*mapping, json!({"cat": "Cat"}));
    assert_eq!(
        losses(&notes),
        ["/components/schemas/Pet/discriminator/mapping/dog"]
    );
}

#[test]
fn a_swagger_2_document_keeps_the_rest_too() {
    let (value, notes) = upgraded(json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Gone"}}}}}},
    }));
    let content = &value["paths"]["/a"]["get"]["responses"]["200"]["content"];
    assert_eq!(*content, json!({"application/json": {"schema": {}}}));
    assert_eq!(losses(&notes), ["/paths/~1a/get/responses/200/schema"]);
}
