//! Names of methods, and crates that are the same however a vendor spells them.

use serde_json::{Value, json};
use xtask::pipeline::GeneratedCrate;

use super::{crates, document, file, ok, says};

#[test]
fn adding_an_operation_renames_nothing() {
    let paths = json!({
        "/api/v1/Orders": {"get": {"responses": {}}, "post": {"responses": {}}},
        "/api/v1/Orders/{id}": {"get": {"responses": {}}, "put": {"responses": {}}},
        "/api/v1/Orders/{id}/lines": {"get": {"responses": ok(json!({"$ref": "#/components/schemas/Ns.Line"}))}},
        "/api/services/app/User/GetAll": {"get": {"responses": {}}},
        "/api/v1/Orders/search": {"post": {"responses": {}}}});
    let schemas = json!({"Ns.Line": {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}}}});
    let names = |paths: &Value| -> Vec<String> {
        let builder = file(&document(paths.clone(), schemas.clone()), "src/client.rs");
        builder
            .lines()
            .filter_map(|line| {
                Some(
                    line.trim()
                        .strip_prefix("pub fn ")?
                        .split('(')
                        .next()?
                        .to_owned(),
                )
            })
            .collect()
    };
    let all = names(&paths);
    for path in paths.as_object().unwrap().keys() {
        let mut fewer = paths.clone();
        fewer.as_object_mut().unwrap().remove(path);
        let left = names(&fewer);
        assert!(left.len() < all.len());
        assert!(
            left.iter().all(|name| all.contains(name)),
            "without {path}: {left:?} are not all in {all:?}"
        );
    }
}

#[test]
fn every_spelling_of_a_path_prefix_gives_the_same_crate() {
    let operation = json!({"operationId": "listThings", "responses": ok(json!({"$ref": "#/components/schemas/Thing"}))});
    let schemas = json!({"Thing": {"type": "object", "properties": {"name": {"type": "string"}}}, "Unused": {"type": "string"}});
    let open = |title: &str, servers: Value, path: &str, item: Value| json!({"openapi": "3.0.1", "info": {"title": title, "version": "1.0"}, "servers": servers, "paths": {path: item}, "components": {"schemas": schemas}});
    let versioned = |name: &str| json!({"parameters": [{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}], "get": operation});
    let swagger = json!({"swagger": "2.0", "info": {"title": "Z", "version": "1.0"}, "host": "api.example.com", "basePath": "/things-api/1.0", "produces": ["application/json"],
        "paths": {"/things": {"get": {"operationId": "listThings", "responses": {"200": {"description": "OK", "schema": {"$ref": "#/definitions/Thing"}}}}}},
        "definitions": schemas});
    let spellings = [
        open(
            "A",
            json!([]),
            "/things-api/1.0/things",
            json!({"get": operation}),
        ),
        open(
            "B",
            json!([{"url": "https://api.example.com/things-api/1.0"}]),
            "/things",
            json!({"get": operation}),
        ),
        open(
            "C",
            json!([{"url": "/things-api/"}]),
            "/1.0/things",
            json!({"get": operation}),
        ),
        open(
            "D",
            json!([{"url": "https://{region}.example.com/{api}", "variables": {"region": {"default": "au"}, "api": {"default": "things-api"}}}]),
            "/1.0/things",
            json!({"get": operation}),
        ),
        open(
            "E",
            json!([]),
            "/things-api/{version}/things",
            versioned("version"),
        ),
        open(
            "F",
            json!([]),
            "/things-api/{api-version}/things",
            versioned("api-version"),
        ),
        swagger,
    ];
    let first = crates(&spellings[..1]);
    assert_eq!(first[0].name, "sixclicks-things-api");
    for (index, spelling) in spellings.iter().enumerate() {
        let made = crates(std::slice::from_ref(spelling));
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].files, first[0].files, "spelling {index}");
    }
    // Several documents that say the same are one API as well.
    assert_eq!(crates(&spellings[..4])[0].files, first[0].files);
}

#[test]
fn one_document_for_all_apis_gives_the_same_crates_as_one_for_each() {
    let path = |api: &str| format!("/{api}-api/1.0/list");
    let item = |name: &str| json!({"get": {"operationId": "list", "responses": ok(json!({"$ref": format!("#/components/schemas/{name}")}))}});
    let schema = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    let one = document(
        json!({path("a"): item("A"), path("b"): item("B")}),
        json!({"A": schema, "B": schema}),
    );
    let a = document(json!({path("a"): item("A")}), json!({"A": schema}));
    let b = document(json!({path("b"): item("B")}), json!({"B": schema}));
    let files = |made: Vec<GeneratedCrate>| {
        made.into_iter()
            .map(|made| (made.name, made.files))
            .collect::<Vec<_>>()
    };
    assert_eq!(files(crates(&[one])), files(crates(&[a, b])));
}

#[test]
fn names_that_change_when_they_are_converted_twice_are_methods_like_any_other() {
    let operation =
        |id: &str| json!({"get": {"operationId": id, "responses": ok(json!({"type": "string"}))}});
    let made = crates(&[document(
        json!({
            "/tiles/{z}/{x}/{y}.pbf": operation("get_tile__z___x___y__pbf"),
            "/v1/measurements": operation("measurements_get_v1_v1_measurements"),
            "/cS/{category}.{ext}": {"get": {"responses": ok(json!({"type": "string"}))}},
            "/par/1/0/getReference": {"post": {"responses": ok(json!({"type": "string"}))}},
        }),
        json!({}),
    )]);
    assert_eq!((made[0].counts.operations, made[0].counts.methods), (4, 4));
    let builders = &made[0].files[std::path::Path::new("src/builder.rs")];
    for name in [
        "GetTileZXYPbf",
        "MeasurementsGetV1V1Measurements",
        "GetCSByCategoryAndExt",
        "PostPar10GetReference",
    ] {
        says(builders, &format!("pub struct {name}<'a>"));
        says(builders, &format!("impl<'a> {name}<'a>"));
    }
}

#[test]
fn reading_and_writing_at_one_path_have_names_that_say_which() {
    let responses = ok(json!({"type": "string"}));
    let client = file(
        &document(
            json!({"/orders/search": {"get": {"responses": responses}, "post": {"responses": responses}}}),
            json!({}),
        ),
        "src/client.rs",
    );
    says(&client, "pub fn orders_search(");
    says(&client, "pub fn post_orders_search(");
}

#[test]
fn another_kind_of_body_takes_no_name_that_the_vendor_gave() {
    let body = json!({"required": true, "content": {
        "application/json": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
        "multipart/form-data": {"schema": {"type": "object", "properties": {"b": {"type": "string"}}}}}});
    let made = document(
        json!({
            "/upload": {"post": {"operationId": "upload", "requestBody": body, "responses": {"200": {"description": "OK"}}}},
            "/parts": {"post": {"operationId": "upload_multipart", "responses": {"200": {"description": "OK"}}}},
        }),
        json!({}),
    );
    let client = file(&made, "src/client.rs");
    says(&client, "/// `POST /parts` pub fn upload_multipart(");
    says(&client, "/// `POST /upload` pub fn upload_multipart_2(");
}
