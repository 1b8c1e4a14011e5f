//! What makes a document invalid, and what does not.

use serde_json::{Value, json};
use xtask::validate::validate;

#[track_caller]
fn problem(document: &Value, pointer: &str) {
    let found = validate(document);
    let pointers: Vec<_> = found
        .iter()
        .map(|problem| problem.pointer.as_str())
        .collect();
    assert_eq!(pointers, [pointer], "{found:?}");
}

fn document(paths: Value, schemas: Value) -> Value {
    json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

fn get(parameters: Value) -> Value {
    json!({"/a": {"get": {"parameters": parameters, "responses": {}}}})
}

#[test]
fn paths_that_all_refer_to_nothing() {
    let gone = json!({"$ref": "#/components/pathItems/Gone"});
    let paths = json!({"/a": gone, "/b": {"$ref": "#/paths/~1c"}});
    problem(&document(paths, json!({})), "/paths/~1a");
    let paths = json!({"/a": gone, "/b": {"get": {"responses": {}}}});
    assert_eq!(validate(&document(paths, json!({}))), []);
}

#[test]
fn references_to_nowhere_and_round_in_circles_are_losses() {
    let schemas = json!({
        "T": {"type": "object", "properties": {"p": {"$ref": "#/components/schemas/Nope"}}},
        "A": {"$ref": "#/components/schemas/B"},
        "B": {"$ref": "#/components/schemas/A"},
    });
    assert_eq!(validate(&document(json!({}), schemas)), []);
}

#[test]
fn parameters_that_cannot_be_sent() {
    problem(
        &document(get(json!([{"in": "query", "schema": {}}])), json!({})),
        "/paths/~1a/get/parameters/0",
    );
    problem(
        &document(
            get(json!([{"name": "x", "in": 1, "schema": {}}])),
            json!({}),
        ),
        "/paths/~1a/get/parameters/0",
    );
    problem(
        &document(get(json!([{"name": "x", "in": "moon"}])), json!({})),
        "/paths/~1a/get/parameters/0",
    );
    let bodies = json!([{"name": "x", "in": "body", "schema": {}}, {"name": "y", "in": "body", "schema": {}}]);
    problem(
        &document(get(bodies), json!({})),
        "/paths/~1a/get/parameters",
    );
}

#[test]
fn things_of_the_wrong_type() {
    problem(&document(json!("x"), json!({})), "/paths");
    problem(
        &document(json!({}), json!({"T": 5})),
        "/components/schemas/T",
    );
    problem(
        &document(json!({"/a": {"get": {"responses": {"200": 5}}}}), json!({})),
        "/paths/~1a/get/responses/200",
    );
}

#[test]
fn what_is_plain_in_meaning_is_no_problem() {
    let plain = [
        document(
            json!({"/a/{id}": {"get": {"responses": {}}}}),
            json!({"T": true}),
        ),
        document(
            get(json!([{"name": "id", "in": "path", "schema": {}}])),
            json!({}),
        ),
        document(get(json!([{"name": "x", "schema": {}}])), json!({})),
        document(
            json!({"/a": null}),
            json!({"T": {"$ref": "#/definitions/U"}, "U": {"type": "U2"}}),
        ),
        document(json!({}), json!({"T": {"example": {"$ref": "#/nowhere"}}})),
        json!({"openapi": "3.0"}),
    ];
    for document in plain {
        assert_eq!(validate(&document), []);
    }
}
