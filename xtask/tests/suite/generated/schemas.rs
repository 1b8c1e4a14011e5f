//! Schemas as types: what they keep of the wire, and what they stay open for.

use serde_json::json;

use super::{document, file, ok, says};

#[test]
fn properties_keep_their_names_on_the_wire() {
    let made = document(
        json!({"/a": {"get": {"responses": ok(json!({"$ref": "#/components/schemas/A"}))}}}),
        json!({"A": {"type": "object", "properties": {"id": {"type": "string"}, "ID": {"type": "string"}, "@odata.count": {"type": "integer"}, "$type": {"type": "string"}}}}),
    );
    let types = file(&made, "src/types.rs");
    says(&types, r#"rename = "ID""#);
    says(&types, r#"rename = "@odata.count""#);
    says(&types, "pub odata_count: Option<i64>,");
}

#[test]
fn enums_and_unions_stay_open() {
    let made = document(
        json!({"/a": {"get": {"responses": ok(json!({"$ref": "#/components/schemas/Pet"}))}}}),
        json!({"Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}], "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}}},
            "Cat": {"type": "object", "properties": {"kind": {"type": "string"}, "friend": {"$ref": "#/components/schemas/Pet"}}},
            "Dog": {"type": "object", "properties": {"kind": {"type": "string"}, "size": {"type": "string", "enum": ["big", "small"]}}}}),
    );
    let types = file(&made, "src/types.rs");
    says(
        &types,
        r#"tagged_union! { /// `Pet` of the API. pub enum Pet by "kind" {"#,
    );
    says(&types, r#"Cat(Box<Cat>) = ["cat"] own,"#);
    says(&types, r#"Dog(Dog) = ["Dog"] own,"#);
    says(&types, "..UnknownValue");
    says(
        &types,
        r#"string_enum! { /// `DogSize` of the API. pub enum DogSize {"#,
    );
}

#[test]
fn a_number_that_may_be_a_string_is_one_number() {
    let number =
        json!({"type": ["integer", "string"], "pattern": r"^-?(?:0|[1-9]\d*)$", "format": "int32"});
    let made = json!({"openapi": "3.1.1", "info": {"title": "Things", "version": "1"},
        "paths": {"/a/{id}": {"get": {"operationId": "getA", "responses": ok(json!({"$ref": "#/components/schemas/A"})),
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": number}]}}},
        "components": {"schemas": {"A": {"type": "object", "properties": {"count": number}}}}});
    says(
        &file(&made, "src/types.rs"),
        "pub count: Option<sixclicks_core::NumberOrText<i32>>",
    );
    says(&file(&made, "src/builder.rs"), "id: Result<i32, String>");
}

#[test]
fn what_is_required_and_may_be_null_is_null_unless_it_is_set() {
    let made = document(
        json!({"/a": {"put": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}, "responses": {"204": {"description": "Done"}}}}}),
        json!({"A": {"type": "object", "required": ["note"], "properties": {"note": {"type": "string", "nullable": true}}}}),
    );
    let types = file(&made, "src/types.rs");
    // It is sent, and it is read where a server leaves its nulls out.
    says(
        &types,
        "pub struct A { /// `note` pub note: Option<String>, }",
    );
    says(&types, "note: Ok(Default::default()),");
}
