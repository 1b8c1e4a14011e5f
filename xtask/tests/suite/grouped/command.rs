//! `cargo xtask conformance --names`, and the configuration's sections for names, as they are
//! used.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

/// A base path before the paths, and a tag for each resource.
const DOCUMENT: &str = r##"{"swagger": "2.0", "basePath": "/shop/v1", "info": {"title": "Shop", "version": "1"}, "paths": {
    "/Order": {
        "get": {"tags": ["Order"], "responses": {"200": {"description": "OK", "schema": {"type": "array", "items": {"$ref": "#/definitions/Order"}}}}},
        "post": {"tags": ["Order"], "parameters": [{"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Order"}}], "responses": {"200": {"description": "OK"}}}},
    "/Order/{id}": {
        "parameters": [{"name": "id", "in": "path", "required": true, "type": "string"}],
        "get": {"tags": ["Order"], "responses": {"200": {"description": "OK", "schema": {"$ref": "#/definitions/Order"}}}}},
    "/Report/count": {"get": {"tags": ["Report"], "responses": {"200": {"description": "OK", "schema": {"type": "integer"}}}}}},
    "definitions": {"Order": {"type": "object", "properties": {"name": {"type": "string"}}}}}"##;

fn xtask(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).output().expect("the program")
}

fn path(file: &Path) -> &str {
    file.to_str().expect("a path in Unicode")
}

#[test]
fn names_are_printed_and_in_the_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, json) = (
        folder.path().join("shop.json"),
        folder.path().join("out.json"),
    );
    fs::write(&source, DOCUMENT).expect("the document");
    let output = xtask(&[
        "conformance",
        path(&source),
        "--names",
        "--json",
        path(&json),
    ]);
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8_lossy(&output.stdout);
    let mut lines: Vec<&str> = printed.lines().collect();
    lines.sort_unstable();
    let expected = [
        "GET\t/Order\torders\tlist",
        "GET\t/Order/{id}\torders\tget",
        "GET\t/Report/count\treport\tcount",
        "POST\t/Order\torders\tcreate",
    ];
    assert_eq!(lines, expected);
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(&json).expect("the result")).expect("JSON");
    let names = json["documents"][0]["names"].as_array().expect("names");
    assert_eq!(names.len(), 4);
    let get = names
        .iter()
        .find(|name| name["name"] == "get")
        .expect("get");
    assert_eq!(
        *get,
        serde_json::json!({"method": "GET", "path": "/Order/{id}", "group": "orders", "name": "get"})
    );
}

#[test]
fn the_table_has_no_names_unless_they_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, json) = (
        folder.path().join("shop.json"),
        folder.path().join("out.json"),
    );
    fs::write(&source, DOCUMENT).expect("the document");
    let output = xtask(&["conformance", path(&source), "--json", path(&json)]);
    assert!(output.status.success(), "{output:?}");
    let json = fs::read_to_string(&json).expect("the result");
    assert!(!json.contains("\"names\""), "{json}");
}

#[test]
fn the_configuration_is_checked_against_the_document() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("shop.json"), DOCUMENT).expect("the document");
    for (text, expected) in [
        (
            "[groups]\nOrder = \"purchases\"\n[names]\n\"GET /Report/count\" = \"purchases.count\"\n\"GET /shop/v1/Order\" = \"all\"\n",
            None,
        ),
        (
            "[groups]\nOrders = \"Purchases\"\n",
            Some("`purchases` can be used"),
        ),
        ("[groups]\nBill = \"bills\"\n", Some("no group `Bill`")),
        (
            "[names]\n\"GET /Bill\" = \"list\"\n",
            Some("no operation `GET /Bill`"),
        ),
        (
            "[names]\n\"/Order\" = \"list\"\n",
            Some("no method and path"),
        ),
    ] {
        fs::write(at("names.toml"), text).expect("the configuration");
        let output = xtask(&[
            "generate",
            "--source",
            path(&at("shop.json")),
            "--config",
            path(&at("names.toml")),
            "--out",
            path(&at("out")),
        ]);
        let said = String::from_utf8_lossy(&output.stderr);
        match expected {
            None => assert!(output.status.success(), "{said}"),
            Some(expected) => {
                assert_eq!(output.status.code(), Some(2), "{said}");
                assert!(said.contains(expected), "{said}");
            }
        }
    }
}
