//! Swagger 2.0 documents, before and after.

use serde_json::{Value, json};
use xtask::upgrade::upgrade;

fn upgraded(document: Value) -> Value {
    upgrade(document).expect("a document that upgrades").value
}

fn operation(parts: Value) -> Value {
    let mut document = json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {"responses": {"200": {"description": "ok"}}}}},
        "definitions": {"Thing": {"type": "object"}},
    });
    let post = document["paths"]["/a"]["post"].as_object_mut().unwrap();
    post.extend(parts.as_object().unwrap().clone());
    upgraded(document)["paths"]["/a"]["post"].clone()
}

#[test]
fn a_body_parameter_is_the_request_body_in_each_media_type() {
    let post = operation(json!({
        "consumes": ["application/json", "text/json"],
        "parameters": [{"in": "body", "name": "input", "required": true, "schema": {"$ref": "#/definitions/Thing"}}],
    }));
    let thing = json!({"schema": {"$ref": "#/components/schemas/Thing"}});
    assert_eq!(
        post["requestBody"],
        json!({"x-body-name": "input", "required": true,
               "content": {"application/json": thing, "text/json": thing}})
    );
    assert!(post.get("parameters").is_none() && post.get("consumes").is_none());
}

#[test]
fn form_fields_are_url_encoded_and_with_a_file_multipart() {
    let fields = json!([
        {"in": "formData", "name": "title", "type": "string", "required": true, "description": "d"},
        {"in": "formData", "name": "tags", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"},
    ]);
    let post = operation(json!({"parameters": fields}));
    let form = &post["requestBody"]["content"]["application/x-www-form-urlencoded"];
    assert_eq!(form["schema"]["required"], json!(["title"]));
    assert_eq!(
        form["schema"]["properties"]["title"],
        json!({"type": "string", "description": "d"})
    );
    assert_eq!(
        form["encoding"]["tags"],
        json!({"style": "form", "explode": true})
    );

    let mut fields = fields;
    fields
        .as_array_mut()
        .unwrap()
        .push(json!({"in": "formData", "name": "file", "type": "file"}));
    let post = operation(json!({"parameters": fields, "consumes": ["application/json"]}));
    let file =
        &post["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]["file"];
    assert_eq!(*file, json!({"type": "string", "format": "binary"}));
}

#[test]
fn a_parameter_keeps_its_schema_and_how_arrays_are_written() {
    let cases = [
        ("query", "csv", json!(["form", false])),
        ("query", "multi", json!(["form", true])),
        ("query", "ssv", json!(["spaceDelimited", false])),
        ("query", "pipes", json!(["pipeDelimited", false])),
        ("path", "csv", json!(["simple", false])),
        ("header", "csv", json!(["simple", false])),
    ];
    for (place, format, expected) in cases {
        let post = operation(json!({"parameters": [
            {"in": place, "name": "p", "type": "array", "collectionFormat": format,
             "items": {"type": "integer", "enum": [1, 2], "x-enumNames": ["A", "B"]}},
        ]}));
        let found = &post["parameters"][0];
        assert_eq!(
            json!([found["style"], found["explode"]]),
            expected,
            "{place} {format}"
        );
        assert_eq!(found["schema"]["items"]["x-enumNames"], json!(["A", "B"]));
        assert!(found.get("collectionFormat").is_none() && found.get("type").is_none());
    }
}

#[test]
fn tab_separated_arrays_are_marked() {
    let post = operation(json!({"parameters": [
        {"in": "query", "name": "p", "type": "array", "items": {"type": "string"}, "collectionFormat": "tsv"},
    ]}));
    assert_eq!(
        post["parameters"][0]["x-sixclicks-mark-collection-format"],
        "tsv"
    );
}

#[test]
fn responses_stand_under_what_the_operation_produces() {
    let post = operation(json!({
        "produces": ["application/json", "text/json"],
        "responses": {
            "200": {"description": "ok", "schema": {"$ref": "#/definitions/Thing"},
                    "headers": {"X-Rate": {"type": "integer", "description": "left"}},
                    "examples": {"application/json": {"a": 1}}},
            "201": {"description": "file", "schema": {"type": "file"}},
        },
    }));
    let ok = &post["responses"]["200"];
    assert_eq!(
        ok["content"]["application/json"]["example"],
        json!({"a": 1})
    );
    assert_eq!(
        ok["content"]["text/json"]["schema"],
        json!({"$ref": "#/components/schemas/Thing"})
    );
    assert_eq!(
        ok["headers"]["X-Rate"],
        json!({"description": "left", "schema": {"type": "integer"}})
    );
    let file = &post["responses"]["201"]["content"]["application/json"]["schema"];
    assert_eq!(*file, json!({"type": "string", "format": "binary"}));
}

#[test]
fn host_base_path_and_schemes_are_servers_the_safe_one_first() {
    let value = upgraded(
        json!({"swagger": "2.0", "info": {"title": "t", "version": "1"},
        "host": "example.org", "basePath": "/api/", "schemes": ["http", "https"], "paths": {}}),
    );
    assert_eq!(
        value["servers"],
        json!([{"url": "https://example.org/api"}, {"url": "http://example.org/api"}])
    );
}

#[test]
fn shared_parameters_of_the_body_become_request_bodies_where_they_are_used() {
    let value = upgraded(json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"},
        "parameters": {
            "Input": {"in": "body", "name": "input", "schema": {"type": "string"}},
            "Page": {"in": "query", "name": "page", "type": "integer"},
        },
        "responses": {"Gone": {"description": "gone", "schema": {"type": "string"}}},
        "paths": {"/a": {
            "parameters": [{"$ref": "#/parameters/Input"}],
            "put": {"parameters": [{"$ref": "#/parameters/Page"}], "responses": {"410": {"$ref": "#/responses/Gone"}}},
        }},
    }));
    let put = &value["paths"]["/a"]["put"];
    let body = &put["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(*body, json!({"type": "string"}));
    assert_eq!(
        put["parameters"],
        json!([{"$ref": "#/components/parameters/Page"}])
    );
    assert_eq!(
        value["components"]["parameters"]["Page"]["schema"],
        json!({"type": "integer"})
    );
    assert!(value["components"]["parameters"].get("Input").is_none());
    assert_eq!(
        put["responses"]["410"],
        json!({"$ref": "#/components/responses/Gone"})
    );
    let gone = &value["components"]["responses"]["Gone"]["content"];
    assert_eq!(
        gone["application/json"]["schema"],
        json!({"type": "string"})
    );
}

#[test]
fn references_are_rewritten_and_data_is_left_alone() {
    let value = upgraded(json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {},
        "definitions": {
            "A B": {"type": "string"},
            "C/D": {"type": "string"},
            "T": {"type": "object",
                "example": {"$ref": "#/definitions/Nowhere"},
                "x-note": {"$ref": "#/definitions/Nowhere"},
                "properties": {
                    "$ref": {"type": "string"},
                    "a": {"$ref": "#/definitions/A%20B"},
                    "c": {"$ref": "#/definitions/C~1D"},
                }},
        },
    }));
    let schema = &value["components"]["schemas"]["T"];
    assert_eq!(
        schema["properties"]["a"],
        json!({"$ref": "#/components/schemas/A B"})
    );
    assert_eq!(
        schema["properties"]["c"],
        json!({"$ref": "#/components/schemas/C~1D"})
    );
    assert_eq!(schema["properties"]["$ref"], json!({"type": "string"}));
    assert_eq!(schema["example"], json!({"$ref": "#/definitions/Nowhere"}));
    assert_eq!(schema["x-note"], json!({"$ref": "#/definitions/Nowhere"}));
}

#[test]
fn security_discriminators_and_nullability_have_their_later_names() {
    let value = upgraded(json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {},
        "securityDefinitions": {
            "b": {"type": "basic"},
            "o": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "a", "tokenUrl": "t", "scopes": {"s": "d"}},
        },
        "definitions": {"T": {"type": "object", "discriminator": "kind",
            "properties": {"kind": {"type": "string", "x-nullable": true}}}},
    }));
    let components = &value["components"];
    assert_eq!(
        components["securitySchemes"]["b"],
        json!({"type": "http", "scheme": "basic"})
    );
    assert_eq!(
        components["securitySchemes"]["o"],
        json!({"type": "oauth2", "flows": {"authorizationCode":
            {"authorizationUrl": "a", "tokenUrl": "t", "scopes": {"s": "d"}}}})
    );
    let schema = &components["schemas"]["T"];
    assert_eq!(schema["discriminator"], json!({"propertyName": "kind"}));
    assert_eq!(
        schema["properties"]["kind"],
        json!({"type": "string", "nullable": true})
    );
}
