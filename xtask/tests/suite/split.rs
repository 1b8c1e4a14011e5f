//! However a vendor spells the prefix of an API, the same document comes out.

use serde_json::{Value, json};
use xtask::split::{Api, SplitConfig, SplitError, SplitInput, split};
use xtask::upgrade::upgrade;

fn input(name: &str, value: Value) -> SplitInput {
    SplitInput {
        name: name.to_owned(),
        value: upgrade(value).expect("a document that upgrades").value,
    }
}

fn apis(documents: Vec<SplitInput>) -> Vec<Api> {
    split(documents, &SplitConfig::default()).expect("documents that split")
}

fn operation(tag: &str, schema: &str) -> Value {
    json!({"tags": [tag], "responses": {"200": {"description": "ok", "content": {
        "application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}}}}})
}

fn schemas() -> Value {
    json!({
        "Assessment": {"type": "object", "properties": {"owner": {"$ref": "#/components/schemas/User"}}},
        "Test": {"type": "object", "properties": {"name": {"type": "string"}}},
        "User": {"type": "object"},
        "Unused": {"type": "object"},
    })
}

fn document(title: &str, version: &str, servers: Value, paths: Value) -> Value {
    json!({"openapi": "3.0.1", "info": {"title": title, "version": version}, "servers": servers,
        "paths": paths, "components": {"schemas": schemas()}})
}

/// One document for both APIs.
fn together() -> Vec<SplitInput> {
    vec![input(
        "all",
        document(
            "Everything",
            "v1",
            json!([]),
            json!({
                "/controls-api/1.0/tests": {"get": operation("Tests", "Test")},
                "/assessments-api/1.0/assessments": {"get": operation("Assessments", "Assessment")},
            }),
        ),
    )]
}

/// One document per API, with the prefix put where `spell` says.
fn apart(spell: impl Fn(&str, &str, Value) -> Value) -> Vec<SplitInput> {
    vec![
        input(
            "one",
            spell(
                "assessments-api",
                "/assessments",
                operation("Assessments", "Assessment"),
            ),
        ),
        input(
            "two",
            spell("controls-api", "/tests", operation("Tests", "Test")),
        ),
    ]
}

fn at(path: &str, operation: Value) -> Value {
    json!({ path: { "get": operation } })
}

#[test]
fn every_spelling_of_the_prefix_gives_the_same_documents() {
    let expected = apis(together());
    let names: Vec<_> = expected
        .iter()
        .map(|api| (api.name.as_str(), api.version.as_str()))
        .collect();
    assert_eq!(names, [("assessments", "1.0"), ("controls", "1.0")]);
    assert_eq!(
        expected[0].base_path.as_deref(),
        Some("/assessments-api/1.0")
    );

    let version = |name: &str, schema: Value| json!([{"name": name, "in": "path", "required": true, "schema": schema}]);
    let spellings: Vec<(&str, Vec<SplitInput>)> = vec![
        (
            "in the paths",
            apart(|api, path, op| {
                document(api, "1", json!([]), at(&format!("/{api}/1.0{path}"), op))
            }),
        ),
        (
            "in a relative server",
            apart(|api, path, op| {
                document(
                    api,
                    "1",
                    json!([{"url": format!("/{api}/1.0/")}]),
                    at(path, op),
                )
            }),
        ),
        (
            "in an absolute server",
            apart(|api, path, op| {
                document(
                    api,
                    "1",
                    json!([{"url": format!("https://api.example.org/{api}/1.0")}]),
                    at(path, op),
                )
            }),
        ),
        (
            "in a server's variables",
            apart(|api, path, op| {
                let variables = json!({"api": {"default": api}, "v": {"default": "1.0"}});
                document(
                    api,
                    "1",
                    json!([{"url": "https://x.example.org/{api}/{v}", "variables": variables}]),
                    at(path, op),
                )
            }),
        ),
        (
            "half in a server",
            apart(|api, path, op| {
                document(
                    api,
                    "1",
                    json!([{"url": format!("/{api}")}]),
                    at(&format!("/1.0{path}"), op),
                )
            }),
        ),
        (
            "in the server and the paths",
            apart(|api, path, op| {
                document(
                    api,
                    "1",
                    json!([{"url": format!("/{api}/1.0")}]),
                    at(&format!("/{api}/1.0{path}"), op),
                )
            }),
        ),
        (
            "with the version of the document",
            apart(|api, path, mut op| {
                op["parameters"] = version("version", json!({"type": "string"}));
                document(
                    api,
                    "v1.0",
                    json!([]),
                    at(&format!("/{api}/{{version}}{path}"), op),
                )
            }),
        ),
        (
            "with the version as a default",
            apart(|api, path, mut op| {
                op["parameters"] =
                    version("api-version", json!({"type": "string", "default": "1.0"}));
                document(
                    api,
                    "7",
                    json!([]),
                    at(&format!("/{api}/{{api-version}}{path}"), op),
                )
            }),
        ),
        (
            "with the version as the path's own parameter",
            apart(|api, path, op| {
                let item = json!({"get": op, "parameters": version("apiVersion", json!({"type": "string", "enum": ["1.0"]}))});
                document(
                    api,
                    "7",
                    json!([{"url": format!("/{api}")}]),
                    json!({ format!("/{{apiVersion}}{path}"): item }),
                )
            }),
        ),
        (
            "in the base path of Swagger 2.0",
            apart(|api, path, mut op| {
                let schema =
                    op["responses"]["200"]["content"]["application/json"]["schema"].to_string();
                let schema: Value =
                    serde_json::from_str(&schema.replace("components/schemas", "definitions"))
                        .unwrap();
                op["responses"]["200"] = json!({"description": "ok", "schema": schema});
                let definitions: Value = serde_json::from_str(
                    &schemas()
                        .to_string()
                        .replace("components/schemas", "definitions"),
                )
                .unwrap();
                json!({"swagger": "2.0", "info": {"title": api, "version": "1"}, "host": "api.example.org",
                "basePath": format!("/{api}/1.0"), "paths": at(path, op), "definitions": definitions})
            }),
        ),
    ];
    for (spelling, documents) in spellings {
        let found = apis(documents);
        assert_eq!(found.len(), expected.len(), "{spelling}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(
                found.value.to_string(),
                expected.value.to_string(),
                "{spelling}"
            );
            assert_eq!(
                (&found.name, &found.version),
                (&expected.name, &expected.version),
                "{spelling}"
            );
            assert_eq!(found.base_path, expected.base_path, "{spelling}");
        }
    }
}

#[test]
fn a_list_of_no_servers_says_nothing() {
    let mut item = at("/things", operation("T", "Thing"));
    item["/things"]["servers"] = json!([{"url": "/near"}]);
    item["/things"]["get"]["servers"] = json!([]);
    item["/far"] = item["/things"].clone();
    item["/far"]["servers"] = json!([]);
    let servers = json!([{"url": "/base"}]);
    let found = apis(vec![input("t", document("T", "2", servers, item))]);
    let paths = found
        .iter()
        .flat_map(|api| api.value["paths"].as_object().unwrap().keys());
    assert_eq!(paths.collect::<Vec<_>>(), ["/base/far", "/near/things"]);
}

#[test]
fn every_part_is_found_again_where_the_vendor_wrote_it() {
    let mut item = at("/things/{id}", operation("T", "Thing"));
    item["/things/{id}"]["parameters"] = json!([
        {"name": "version", "in": "path", "required": true, "schema": {"type": "string", "default": "2"}},
        {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
    ]);
    item["/things/{id}"]["get"]["parameters"] = json!([
        {"name": "q", "in": "query", "schema": {"type": "string"}},
    ]);
    let servers = json!([{"url": "https://api.example.com/things-api/v{version}"}]);
    let found = apis(vec![input("t", document("T", "2", servers, item))]);
    let (path, _) = found[0].value["paths"]
        .as_object()
        .unwrap()
        .iter()
        .next()
        .unwrap();
    let now = format!("/paths/{}/get", path.replace('/', "~1"));
    for (part, was) in [
        ("", "/paths/~1things~1{id}/get"),
        ("/responses/200", "/paths/~1things~1{id}/get/responses/200"),
        (
            "/parameters/0/schema",
            "/paths/~1things~1{id}/parameters/1/schema",
        ),
        ("/parameters/1", "/paths/~1things~1{id}/get/parameters/0"),
    ] {
        assert_eq!(
            found[0].places.received(&format!("{now}{part}")),
            was,
            "{now}{part}"
        );
    }
}

#[test]
fn an_api_has_only_the_components_that_it_reaches() {
    let apis = apis(together());
    let names = |api: &Api| -> Vec<String> {
        api.value["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    assert_eq!(names(&apis[0]), ["Assessment", "User"]);
    assert_eq!(names(&apis[1]), ["Test"]);
}

#[test]
fn subtypes_of_a_base_with_a_discriminator_are_reached() {
    let mut value = document(
        "t",
        "1",
        json!([]),
        at("/a-api/1.0/x", operation("T", "Base")),
    );
    value["components"]["schemas"] = json!({
        "Base": {"type": "object", "discriminator": {"propertyName": "kind"}},
        "Sub": {"allOf": [{"$ref": "#/components/schemas/Base"}]},
        "SubSub": {"allOf": [{"$ref": "#/components/schemas/Sub"}]},
        "Other": {"allOf": [{"type": "object"}]},
    });
    let found = apis(vec![input("a", value)]);
    let schemas = found[0].value["components"]["schemas"].as_object().unwrap();
    assert_eq!(
        schemas.keys().collect::<Vec<_>>(),
        ["Base", "Sub", "SubSub"]
    );
}

#[test]
fn schemas_of_one_name_that_differ_are_both_kept() {
    let other = |name: &str, path: &str, user: Value| {
        let mut value = document(name, "1", json!([]), at(path, operation("T", "Assessment")));
        value["components"]["schemas"]["User"] = user;
        input(name, value)
    };
    let found = apis(vec![
        other("b", "/a-api/1.0/two", json!({"type": "string"})),
        other("a", "/a-api/1.0/one", json!({"type": "object"})),
    ]);
    assert_eq!(found[0].sources, ["a", "b"]);
    let schemas = &found[0].value["components"]["schemas"];
    assert_eq!(schemas["User"], json!({"type": "object"}));
    assert_eq!(schemas["User2"], json!({"type": "string"}));
    assert_eq!(
        schemas["Assessment2"]["properties"]["owner"]["$ref"],
        "#/components/schemas/User2"
    );
    let two = &found[0].value["paths"]["/a-api/1.0/two"]["get"];
    let schema = &two["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(schema["$ref"], "#/components/schemas/Assessment2");
}

#[test]
fn the_same_operation_twice_is_one_and_different_ones_are_an_error() {
    let one = |name: &str, schema: &str| {
        input(
            name,
            document(
                name,
                "1",
                json!([]),
                at("/a-api/1.0/x", operation("T", schema)),
            ),
        )
    };
    assert_eq!(apis(vec![one("a", "Test"), one("b", "Test")]).len(), 1);
    let error = split(
        vec![one("a", "Test"), one("b", "User")],
        &SplitConfig::default(),
    )
    .unwrap_err();
    let SplitError::Conflict {
        first,
        second,
        method,
        path,
        ..
    } = error;
    assert_eq!((first.as_str(), second.as_str()), ("a", "b"));
    assert_eq!((method.as_str(), path.as_str()), ("GET", "/a-api/1.0/x"));
}

#[test]
fn two_versions_are_two_apis() {
    let found = apis(vec![input(
        "a",
        document(
            "t",
            "1",
            json!([]),
            json!({
                "/a-api/1.0/x": {"get": operation("T", "Test")},
                "/a-api/2.0/x": {"get": operation("T", "User")},
            }),
        ),
    )]);
    let versions: Vec<_> = found.iter().map(|api| api.version.as_str()).collect();
    assert_eq!(versions, ["1.0", "2.0"]);
}

#[test]
fn another_product_is_one_api_with_whole_paths() {
    let parameter = |name: &str| json!([{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}]);
    let servers = json!([{"url": "https://example.org/base/"}]);
    let found = apis(vec![input(
        "file.json",
        document(
            "Radio Player API",
            "v3",
            servers,
            json!({
                "/api/v{version}/songs": {"get": operation("T", "Test"), "parameters": parameter("version")},
                "/packages/{version}": {"get": operation("T", "Test"), "parameters": parameter("version")},
            }),
        ),
    )]);
    assert_eq!(
        (
            found.len(),
            found[0].name.as_str(),
            found[0].version.as_str()
        ),
        (1, "radio-player", "3")
    );
    assert_eq!(
        found[0].value["servers"],
        json!([{"url": "https://example.org"}])
    );
    let paths = found[0].value["paths"].as_object().unwrap();
    assert_eq!(
        paths.keys().collect::<Vec<_>>(),
        ["/base/api/v{version}/songs", "/base/packages/{version}"]
    );
    for path in ["/base/api/v{version}/songs", "/base/packages/{version}"] {
        assert_eq!(paths[path]["get"]["parameters"][0]["name"], "version");
    }
}

/// The paths of a document whose operation has a parameter `name` with this schema.
fn written(info: &str, path: &str, name: &str, schema: Value, config: &SplitConfig) -> Vec<String> {
    let mut operation = operation("T", "Test");
    operation["parameters"] =
        json!([{"name": name, "in": "path", "required": true, "schema": schema}]);
    let document = document("T", info, json!([]), at(path, operation));
    let found = split(vec![input("t", document)], config).expect("documents that split");
    let paths = found[0].value["paths"].as_object().unwrap();
    paths.keys().cloned().collect()
}

#[test]
fn only_a_leading_version_with_one_value_is_written_out() {
    let text = json!({"type": "string"});
    let rule = SplitConfig::default();
    for (path, name, schema, expected) in [
        (
            "/api/v{version}/a",
            "version",
            json!({"type": "string", "default": "2"}),
            "/api/v2/a",
        ),
        (
            "/v{version}/a",
            "version",
            json!({"type": "string", "enum": ["2"]}),
            "/v2/a",
        ),
        (
            "/{api-version}/a",
            "api-version",
            json!({"type": "string", "enum": ["v2"]}),
            "/v2/a",
        ),
        (
            "/api/{v}/a",
            "v",
            json!({"type": "string", "default": "2"}),
            "/api/{v}/a",
        ),
        (
            "/api/v{version}/a",
            "version",
            text.clone(),
            "/api/v{version}/a",
        ),
        (
            "/v{version}/a",
            "version",
            json!({"type": "string", "enum": ["1", "2"], "default": "2"}),
            "/v{version}/a",
        ),
        (
            "/a/{id}/v{version}",
            "version",
            json!({"type": "string", "default": "2"}),
            "/a/{id}/v{version}",
        ),
        (
            "/b/c/api/{apiVersion}/a",
            "apiVersion",
            json!({"type": "string", "enum": ["v2"]}),
            "/b/c/api/{apiVersion}/a",
        ),
        (
            "/things-api/v{version}/a",
            "version",
            text.clone(),
            "/things-api/v{version}/a",
        ),
        (
            "/things-api/{version}/a",
            "version",
            text.clone(),
            "/things-api/{version}/a",
        ),
    ] {
        assert_eq!(
            written("1.0.0", path, name, schema, &rule),
            [expected],
            "{path}"
        );
    }
    let set = SplitConfig {
        version: Some("7".to_owned()),
        ..SplitConfig::default()
    };
    let default = json!({"type": "string", "default": "2"});
    assert_eq!(
        written("1.0.0", "/api/v{version}/a", "version", text, &set),
        ["/api/v7/a"]
    );
    assert_eq!(
        written("1.0.0", "/api/v{version}/a", "version", default, &set),
        ["/api/v7/a"]
    );
}
