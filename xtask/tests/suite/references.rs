//! What references within a document mean, however they are written.

use serde_json::{Value, json};
use xtask::references::settle;

/// The references of a document's operation, in the order in which they stand, once settled.
#[track_caller]
fn settles(schemas: Value, references: &[(&str, &str)]) {
    let parts: Vec<Value> = references
        .iter()
        .map(|(reference, _)| json!({"$ref": reference}))
        .collect();
    let mut document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": schemas},
    });
    document["components"]["schemas"]["R"] = json!({"allOf": parts});
    settle(&mut document);
    let found = document["components"]["schemas"]["R"]["allOf"].as_array();
    let found: Vec<&str> = found
        .into_iter()
        .flatten()
        .filter_map(|part| part["$ref"].as_str())
        .collect();
    let expected: Vec<&str> = references.iter().map(|(_, expected)| *expected).collect();
    assert_eq!(found, expected);
}

#[test]
fn names_of_components_may_have_any_character() {
    settles(
        json!({"Group/Part": {}, "a b": {}, "A<B>": {}, "c#": {}, "é": {}, "x~y": {}, "50%": {}, "a/b/c": {"properties": {"p/q": {"type": "string"}}}}),
        &[
            (
                "#/components/schemas/Group/Part",
                "#/components/schemas/Group~1Part",
            ),
            (
                "#/components/schemas/Group~1Part",
                "#/components/schemas/Group~1Part",
            ),
            (
                "#/components/schemas/Group%2FPart",
                "#/components/schemas/Group~1Part",
            ),
            ("#/components/schemas/a b", "#/components/schemas/a b"),
            ("#/components/schemas/a%20b", "#/components/schemas/a b"),
            ("#/components/schemas/A%3CB%3E", "#/components/schemas/A<B>"),
            ("#/components/schemas/c#", "#/components/schemas/c#"),
            ("#/components/schemas/c%23", "#/components/schemas/c#"),
            ("#/components/schemas/%C3%A9", "#/components/schemas/é"),
            ("#/components/schemas/x~y", "#/components/schemas/x~0y"),
            ("#/components/schemas/x~0y", "#/components/schemas/x~0y"),
            ("#/components/schemas/50%", "#/components/schemas/50%"),
            (
                "#/components/schemas/a/b/c/properties/p/q",
                "#/components/schemas/a~1b~1c/properties/p~1q",
            ),
            ("#/components/schemas/Gone", "#/components/schemas/Gone"),
        ],
    );
}

#[test]
fn sections_of_another_version_and_bare_names_lead_to_components() {
    settles(
        json!({"Pet": {}, "My.Pet": {}}),
        &[
            ("#/definitions/Pet", "#/components/schemas/Pet"),
            ("#/components/responses/Pet", "#/components/schemas/Pet"),
            ("Pet", "#/components/schemas/Pet"),
            ("My.Pet", "#/components/schemas/My.Pet"),
            ("#Pet", "#/components/schemas/Pet"),
            ("components/schemas/Pet", "components/schemas/Pet"),
            ("Pet.json", "Pet.json"),
        ],
    );
}

#[test]
fn schemas_are_found_by_their_names() {
    let mut document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": {
            "Pet": {
                "$id": "https://example.test/schemas/pet.json", "$anchor": "pet",
                "properties": {
                    "owner": {"$ref": "owner.json"},
                    "self": {"$ref": "#"},
                    "tag": {"$ref": "#/$defs/Tag"},
                    "named": {"$ref": "#tag"},
                    "other": {"$ref": "#/components/schemas/Owner"},
                },
                "$defs": {"Tag": {"$anchor": "tag", "type": "string"}},
            },
            "Owner": {"$id": "https://example.test/schemas/owner.json"},
            "Plain": {"$id": "plain", "properties": {"$id": {"type": "string"}}},
            "R": {"allOf": [
                {"$ref": "https://example.test/schemas/pet.json"},
                {"$ref": "https://example.test/schemas/pet.json#/$defs/Tag"},
                {"$ref": "https://example.test/schemas/pet.json#tag"},
                {"$ref": "plain"},
                {"$ref": "#pet"},
                {"$ref": "https://example.test/schemas/gone.json"},
            ]},
        }},
    });
    settle(&mut document);
    let schemas = &document["components"]["schemas"];
    let references: Vec<&str> = ["owner", "self", "tag", "named", "other"]
        .iter()
        .filter_map(|name| schemas["Pet"]["properties"][*name]["$ref"].as_str())
        .collect();
    assert_eq!(
        references,
        [
            "#/components/schemas/Owner",
            "#/components/schemas/Pet",
            "#/components/schemas/Pet/$defs/Tag",
            "#/components/schemas/Pet/$defs/Tag",
            "#/components/schemas/Owner",
        ]
    );
    assert_eq!(
        schemas["R"]["allOf"],
        json!([
            {"$ref": "#/components/schemas/Pet"},
            {"$ref": "#/components/schemas/Pet/$defs/Tag"},
            {"$ref": "#/components/schemas/Pet/$defs/Tag"},
            {"$ref": "#/components/schemas/Plain"},
            {"$ref": "#/components/schemas/Pet"},
            {"$ref": "https://example.test/schemas/gone.json"},
        ])
    );
    assert!(schemas["Pet"].get("$id").is_none());
    assert_eq!(schemas["Plain"]["properties"]["$id"]["type"], "string");
    assert_eq!(settle(&mut document), []);
}

#[test]
fn pointers_may_be_relative_to_the_whole_schema() {
    let mut document = json!({
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {
            "parameters": [{"name": "q", "in": "query", "schema": {"type": "array", "items": {
                "type": "object", "properties": {"again": {"$ref": "#/components/schemas/#/items"}},
            }}}],
            "responses": {},
        }}},
        "components": {"schemas": {
            "Order": {"type": "object", "properties": {
                "buyer": {"$ref": "#/components/schemas/Person"},
                "lines": {"type": "array", "items": {"type": "object"}},
                "gifts": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/#/properties/lines/items"}},
                "parts": {"type": "array", "items": {"$ref": "#/components/schemas/#"}},
                "first": {"$ref": "#/properties/lines/items"},
            }},
            "Person": {"type": "object", "properties": {
                "home": {"type": "object", "properties": {"of": {"$ref": "#/components/schemas/#/properties/buyer"}}},
                "work": {"$ref": "#/components/schemas/#/properties/home"},
            }},
            "#": {"type": "string"},
            "Odd": {"allOf": [{"$ref": "#/components/schemas/%23"}]},
        }},
    });
    // A component of that very name wins, so that the others need a document without it.
    settle(&mut document);
    let odd = &document["components"]["schemas"]["Odd"]["allOf"][0]["$ref"];
    assert_eq!(odd, "#/components/schemas/#");

    document["components"]["schemas"]
        .as_object_mut()
        .expect("schemas")
        .remove("#");
    settle(&mut document);
    for (place, target) in [
        (
            "/components/schemas/Order/properties/gifts/additionalProperties",
            "/components/schemas/Order/properties/lines/items",
        ),
        (
            "/components/schemas/Order/properties/parts/items",
            "/components/schemas/Order",
        ),
        (
            "/components/schemas/Order/properties/first",
            "/components/schemas/Order/properties/lines/items",
        ),
        (
            "/components/schemas/Person/properties/home/properties/of",
            "/components/schemas/Person",
        ),
        (
            "/components/schemas/Person/properties/work",
            "/components/schemas/Person/properties/home",
        ),
        ("/components/schemas/Odd/allOf/0", "/components/schemas/Odd"),
        (
            "/paths/~1a/get/parameters/0/schema/items/properties/again",
            "/paths/~1a/get/parameters/0/schema/items",
        ),
    ] {
        let found = document.pointer(place).map(|found| &found["$ref"]);
        assert_eq!(found, Some(&json!(format!("#{target}"))), "{place}");
    }
}

#[test]
fn mappings_and_other_sections_are_settled_too() {
    let mut document = json!({
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {
            "parameters": [{"$ref": "#/components/parameters/Group/Page"}],
            "responses": {"404": {"$ref": "#/components/responses/not/found"}},
        }}},
        "components": {
            "parameters": {"Group/Page": {"name": "p", "in": "query"}},
            "responses": {"not/found": {"description": "no"}},
            "schemas": {
                "pets/Cat": {},
                "Pet": {"discriminator": {"propertyName": "k", "mapping": {
                    "a": "#/components/schemas/pets/Cat", "b": "pets/Cat", "c": "Cat", "d": "#/components/schemas/#",
                }}},
            },
        },
    });
    settle(&mut document);
    let get = &document["paths"]["/a"]["get"];
    assert_eq!(
        get["parameters"][0]["$ref"],
        "#/components/parameters/Group~1Page"
    );
    assert_eq!(
        get["responses"]["404"]["$ref"],
        "#/components/responses/not~1found"
    );
    assert_eq!(
        document["components"]["schemas"]["Pet"]["discriminator"]["mapping"],
        json!({
            "a": "#/components/schemas/pets~1Cat", "b": "#/components/schemas/pets~1Cat",
            "c": "Cat", "d": "#/components/schemas/Pet",
        })
    );
}

#[test]
fn generic_schemas_mean_what_is_bound_in_them() {
    let mut document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": {
            "Box": {
                "$id": "box", "type": "object",
                "properties": {"held": {"$dynamicRef": "#T"}, "next": {"$ref": "#/components/schemas/Box"}},
                "$defs": {"T": {"$dynamicAnchor": "T", "not": {}}},
            },
            "A": {"type": "string"},
            "B": {"type": "integer"},
            "BoxOfA": {"$ref": "box", "description": "As", "$defs": {"T": {"$dynamicAnchor": "T", "$ref": "#/components/schemas/A"}}},
            "Holder": {"type": "object", "properties": {
                "b": {"$ref": "box", "$defs": {"T": {"$dynamicAnchor": "T", "$ref": "#/components/schemas/B"}}},
                "a": {"$ref": "box", "$defs": {"T": {"$dynamicAnchor": "T", "$ref": "#/components/schemas/A"}}},
            }},
            "Tree": {"$dynamicAnchor": "node", "type": "object", "properties": {"kids": {"type": "array", "items": {"$dynamicRef": "#node"}}}},
            "Leafy": {"$dynamicAnchor": "node", "allOf": [{"$ref": "#/components/schemas/Tree"}], "properties": {"leaves": {"type": "integer"}}},
        }},
    });
    settle(&mut document);
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["BoxOfA"]["description"], "As");
    assert_eq!(
        schemas["BoxOfA"]["properties"],
        json!({"held": {"$ref": "#/components/schemas/A"}, "next": {"$ref": "#/components/schemas/BoxOfA"}})
    );
    let of_b = json!({"held": {"$ref": "#/components/schemas/B"}, "next": {"$ref": "#/components/schemas/BoxOfB"}});
    assert_eq!(schemas["BoxOfB"]["properties"], of_b);
    let holder = &schemas["Holder"]["properties"];
    assert_eq!(holder["a"]["$ref"], "#/components/schemas/BoxOfA");
    assert_eq!(holder["b"]["$ref"], "#/components/schemas/BoxOfB");
    let kids = |tree: &Value| tree["properties"]["kids"]["items"]["$ref"].clone();
    assert_eq!(kids(&schemas["Tree"]), "#/components/schemas/Tree");
    let base = schemas["Leafy"]["allOf"][0]["$ref"].as_str();
    let base = base.and_then(|base| document.pointer(&base[1..]));
    assert_eq!(base.map(kids), Some(json!("#/components/schemas/Leafy")));
}
