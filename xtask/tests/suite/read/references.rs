//! References to other files are brought into the document; those that lead nowhere, or where they
//! must not, are errors that name file, place and target.
use serde_json::{Value, json};
use std::{fs, path::Path};
use tempfile::TempDir;
use xtask::read::{Document, ReadError, ReadOptions, read};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn read_in(folder: &TempDir, name: &str) -> Result<Document, ReadError> {
    let path = folder.path().join(name);
    read(path.to_str().unwrap(), &ReadOptions::default()).map(|mut documents| documents.remove(0))
}

/// The document `spec/api.yaml` among these files.
fn bundled(files: &[(&str, &str)]) -> Value {
    read_in(&folder(files), "spec/api.yaml")
        .unwrap_or_else(|error| panic!("{error}"))
        .value
}

/// The error for `spec/api.yaml` among these files, without the folder's path.
fn problem(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    let root = folder.path().canonicalize().unwrap();
    let message = read_in(&folder, "spec/api.yaml").unwrap_err().to_string();
    assert!(message.contains("\n  help: "), "{message}");
    let message = message.replace(&format!("{}/", root.display()), "");
    let message = message.replace(&format!("{}/", folder.path().display()), "");
    message.lines().next().unwrap().to_owned()
}

#[test]
fn what_is_beside_a_swagger_document_becomes_its_definitions() {
    let value = bundled(&[
        (
            "spec/api.yaml",
            "swagger: '2.0'\npaths:\n  /pets:\n    get:\n      parameters: [{$ref: 'parameters.yaml#/limit'}]\n      responses:\n        200: {description: ok, schema: {type: array, items: {$ref: Pet.json}}}\n        404: {$ref: 'responses.yaml#/gone'}\n        default: {description: no, schema: {$ref: ../common/Error.yaml}}\n",
        ),
        (
            "spec/parameters.yaml",
            "limit: {name: limit, in: query, type: integer}\n",
        ),
        (
            "spec/responses.yaml",
            "gone: {description: 410, schema: {$ref: ../common/Error.yaml}}\n",
        ),
        (
            "spec/Pet.json",
            r##"{"allOf": [{"$ref": "NewPet.json"}, {"properties": {"id": {"$ref": "#/definitions/Id"}, "friends": {"items": {"$ref": "#"}}}}], "definitions": {"Id": {"type": "integer"}}}"##,
        ),
        (
            "spec/NewPet.json",
            r#"{"properties": {"name": {"type": "string"}}}"#,
        ),
        (
            "common/Error.yaml",
            "properties: {code: {type: integer}, causes: {items: {$ref: Error.yaml}}}",
        ),
    ]);
    assert_eq!(
        value,
        json!({
            "swagger": "2.0",
            "paths": {"/pets": {"get": {
                "parameters": [{"$ref": "#/parameters/limit"}],
                "responses": {
                    "200": {"description": "ok", "schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}}},
                    "404": {"$ref": "#/responses/gone"},
                    "default": {"description": "no", "schema": {"$ref": "#/definitions/Error"}},
                },
            }}},
            "parameters": {"limit": {"name": "limit", "in": "query", "type": "integer"}},
            "definitions": {
                "Pet": {
                    "allOf": [{"$ref": "#/definitions/NewPet"}, {"properties": {
                        "id": {"$ref": "#/definitions/Id"},
                        "friends": {"items": {"$ref": "#/definitions/Pet"}},
                    }}],
                    "definitions": {"Id": {"type": "integer"}},
                },
                "Error": {"properties": {"code": {"type": "integer"}, "causes": {"items": {"$ref": "#/definitions/Error"}}}},
                "NewPet": {"properties": {"name": {"type": "string"}}},
                "Id": {"type": "integer"},
            },
            "responses": {"gone": {"description": "410", "schema": {"$ref": "#/definitions/Error"}}},
        })
    );
}

#[test]
fn each_kind_becomes_a_component_of_its_kind_and_path_items_come_inline() {
    let value = bundled(&[
        (
            "spec/api.yaml",
            "openapi: 3.0.3\npaths:\n  /a: {$ref: 'paths/a.yaml', summary: mine}\n  /b: {$ref: './paths/all.yml#/~1b'}\ncomponents: {schemas: {Own: {type: string}}}\n",
        ),
        (
            "spec/paths/a.yaml",
            "summary: theirs\npost:\n  requestBody: {$ref: '../parts.yaml#/Body'}\n  responses:\n    200: {description: ok, headers: {X: {$ref: ../parts.yaml#/X}}, content: {application/json: {schema: {$ref: '../api.yaml#/components/schemas/Own'}, examples: {e: {$ref: ../parts.yaml#/E}}}}, links: {l: {$ref: ../parts.yaml#/L}}}\n  callbacks: {c: {$ref: ../parts.yaml#/C}}\n",
        ),
        (
            "spec/paths/all.yml",
            "/b: {get: {responses: {200: {description: 1.10}}}}",
        ),
        (
            "spec/parts.yaml",
            "Body: {content: {}}\nX: {schema: {type: string}}\nE: {value: 1.10}\nL: {operationId: x}\nC: {'{$request.body#/url}': {get: {responses: {}}}}\n",
        ),
    ]);
    let post = &value["paths"]["/a"]["post"];
    assert_eq!(value["paths"]["/a"]["summary"], "mine");
    assert_eq!(
        value["paths"]["/b"],
        json!({"get": {"responses": {"200": {"description": "1.10"}}}})
    );
    assert_eq!(
        post["requestBody"],
        json!({"$ref": "#/components/requestBodies/Body"})
    );
    assert_eq!(
        post["callbacks"]["c"],
        json!({"$ref": "#/components/callbacks/C"})
    );
    let response = &post["responses"]["200"];
    assert_eq!(
        response["headers"]["X"],
        json!({"$ref": "#/components/headers/X"})
    );
    assert_eq!(
        response["links"]["l"],
        json!({"$ref": "#/components/links/L"})
    );
    let content = &response["content"]["application/json"];
    assert_eq!(
        content["schema"],
        json!({"$ref": "#/components/schemas/Own"})
    );
    assert_eq!(
        content["examples"]["e"],
        json!({"$ref": "#/components/examples/E"})
    );
    assert_eq!(value["components"]["examples"]["E"], json!({"value": 1.1}));
    assert_eq!(value["components"]["schemas"].as_object().unwrap().len(), 1);
}

#[test]
fn a_component_that_is_only_a_reference_becomes_its_target() {
    let value = bundled(&[
        (
            "spec/api.yaml",
            "openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    Cat: {$ref: animal.yaml}\n    Dog: {$ref: animal.yaml}\n    Owner: {properties: {pet: {$ref: animal.yaml}}}\n",
        ),
        ("spec/animal.yaml", "properties: {parent: {$ref: '#'}}"),
    ]);
    assert_eq!(
        value["components"]["schemas"],
        json!({
            "Cat": {"properties": {"parent": {"$ref": "#/components/schemas/Cat"}}},
            "Dog": {"$ref": "#/components/schemas/Cat"},
            "Owner": {"properties": {"pet": {"$ref": "#/components/schemas/Cat"}}},
        })
    );
}

#[test]
fn whole_maps_come_from_files_too() {
    let value = bundled(&[
        (
            "spec/api.yaml",
            "openapi: 3.0.3\ninfo: {$ref: info.yaml}\npaths: {$ref: 'paths.yaml'}\ncomponents:\n  parameters: {$ref: parameters.yaml}\n  schemas: {A: {properties: {$ref: 'properties.yaml#/A'}}}\n",
        ),
        ("spec/info.yaml", "title: T\nversion: 1.0"),
        ("spec/paths.yaml", "/a: {get: {$ref: 'get.yaml'}}"),
        ("spec/get.yaml", "responses: {200: {description: ok}}"),
        (
            "spec/parameters.yaml",
            "p: {name: p, in: query, schema: {$ref: '#/q/schema'}}\nq: {name: q, in: query, schema: {type: string}}",
        ),
        ("spec/properties.yaml", "A: {x: {type: string}}"),
    ]);
    assert_eq!(value["info"], json!({"title": "T", "version": "1.0"}));
    assert_eq!(
        value["paths"],
        json!({"/a": {"get": {"responses": {"200": {"description": "ok"}}}}})
    );
    assert_eq!(
        value["components"]["parameters"]["p"]["schema"],
        json!({"$ref": "#/components/schemas/parameters_schema"})
    );
    assert_eq!(
        value["components"]["schemas"]["A"],
        json!({"properties": {"x": {"type": "string"}}})
    );
    assert_eq!(
        value["components"]["schemas"]["parameters_schema"],
        json!({"type": "string"})
    );
}

#[test]
fn names_stay_readable_and_unique() {
    let value = bundled(&[
        (
            "spec/api.yaml",
            "openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    Pet: {type: string}\n    All:\n      oneOf: [{$ref: 'a.yaml#/Pet'}, {$ref: 'b.yaml#/Pet'}, {$ref: sub/a.yaml#/Pet}, {$ref: 'my pet<T>.yaml'}, {$ref: 'a.yaml#/Pet/properties/x/items'}]\n",
        ),
        (
            "spec/a.yaml",
            "Pet: {title: a, properties: {x: {items: {title: item}}}}",
        ),
        ("spec/b.yaml", "Pet: {title: b}"),
        ("spec/sub/a.yaml", "Pet: {title: c}"),
        ("spec/my pet<T>.yaml", "title: d"),
    ]);
    let schemas = &value["components"]["schemas"];
    let titles: Vec<&str> = schemas["All"]["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reference| {
            let pointer = reference["$ref"]
                .as_str()
                .unwrap()
                .strip_prefix('#')
                .unwrap();
            value.pointer(pointer).unwrap()["title"].as_str().unwrap()
        })
        .collect();
    assert_eq!(titles, ["a", "b", "c", "d", "item"]);
    let names: Vec<&String> = schemas.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "Pet",
            "All",
            "a_Pet",
            "b_Pet",
            "a_Pet2",
            "my_pet_T_",
            "a_items"
        ]
    );
}

#[test]
fn files_may_refer_to_each_other_in_circles() {
    let value = bundled(&[
        (
            "spec/api.yaml",
            "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {R: {items: {$ref: a.yaml}}}}",
        ),
        ("spec/a.yaml", "properties: {b: {$ref: b.yaml}}"),
        (
            "spec/b.yaml",
            "properties: {a: {$ref: a.yaml}, r: {$ref: 'api.yaml#/components/schemas/R'}}",
        ),
    ]);
    let schemas = &value["components"]["schemas"];
    assert_eq!(
        schemas["a"],
        json!({"properties": {"b": {"$ref": "#/components/schemas/b"}}})
    );
    assert_eq!(
        schemas["b"]["properties"]["a"],
        json!({"$ref": "#/components/schemas/a"})
    );
    assert_eq!(
        schemas["b"]["properties"]["r"],
        json!({"$ref": "#/components/schemas/R"})
    );
}

#[test]
fn circles_that_never_end_are_errors() {
    let inline = problem(&[
        (
            "spec/api.yaml",
            "openapi: 3.0.3\npaths: {/a: {$ref: a.yaml}}",
        ),
        ("spec/a.yaml", "$ref: b.yaml"),
        ("spec/b.yaml", "$ref: a.yaml"),
    ]);
    assert!(
        inline.ends_with("leads back to itself through other files"),
        "{inline}"
    );
}

#[test]
fn doubling_files_do_not_explode() {
    let document =
        "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {A: {properties: {$ref: p0.yaml}}}}";
    let mut files = vec![("spec/api.yaml".to_owned(), document.to_owned())];
    for level in 0..30 {
        let next = format!("{{properties: {{$ref: p{}.yaml}}}}", level + 1);
        files.push((
            format!("spec/p{level}.yaml"),
            format!("x: {next}\ny: {next}"),
        ));
    }
    files.push(("spec/p30.yaml".to_owned(), "z: {}".to_owned()));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let message = problem(&files);
    assert!(message.contains("brings in too much"), "{message}");
}

#[test]
fn data_and_properties_named_ref_are_no_references() {
    let text = "openapi: 3.0.3
paths: {}
x-a: {$ref: gone.yaml}
components:
  schemas:
    A:
      properties: {$ref: {type: string}, example: {properties: {x: {type: string}}}}
      example: {$ref: gone.yaml}
      default: {$ref: '#/gone'}
      enum: [{$ref: gone.yaml}]
      x-b: {$ref: gone.yaml}
  examples: {E: {value: {$ref: gone.yaml}}}
";
    let value = bundled(&[("spec/api.yaml", text)]);
    assert_eq!(
        value["components"]["schemas"]["A"]["example"]["$ref"],
        "gone.yaml"
    );
    assert_eq!(
        value["components"]["schemas"]["A"]["properties"]["$ref"],
        json!({"type": "string"})
    );
}

#[test]
fn discriminator_mappings_follow() {
    let value = bundled(&[
        (
            "spec/api.yaml",
            "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {Pet: {discriminator: {propertyName: k, mapping: {cat: ./cat.yaml, dog: Dog, pet: '#/components/schemas/Pet'}}}, Dog: {}}}",
        ),
        ("spec/cat.yaml", "type: object"),
    ]);
    assert_eq!(
        value["components"]["schemas"]["Pet"]["discriminator"]["mapping"],
        json!({"cat": "#/components/schemas/cat", "dog": "Dog", "pet": "#/components/schemas/Pet"})
    );
    assert_eq!(
        value["components"]["schemas"]["cat"],
        json!({"type": "object"})
    );
}

#[test]
fn pointers_may_be_escaped_in_every_way() {
    let value = bundled(&[
        (
            "spec/api.yaml",
            "openapi: 3.1.0\npaths: {}\ncomponents: {schemas: {'A<B>': {}, 'a/b~c': {}, N: {$anchor: here}, R: {allOf: [{$ref: '#/components/schemas/A%3CB%3E'}, {$ref: '#/components/schemas/a~1b~0c'}, {$ref: '#here'}, {$ref: '#/definitions/N'}, {$ref: N}, {$ref: 'my%20file.yaml#/x%20y'}]}}}",
        ),
        ("spec/my file.yaml", "x y: {title: z}"),
    ]);
    let references: Vec<&str> = value["components"]["schemas"]["R"]["allOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["$ref"].as_str().unwrap())
        .collect();
    assert_eq!(
        references,
        [
            "#/components/schemas/A<B>",
            "#/components/schemas/a~1b~0c",
            "#/components/schemas/N",
            "#/components/schemas/N",
            "#/components/schemas/N",
            "#/components/schemas/x_y",
        ]
    );
}

#[test]
fn references_to_missing_files_name_file_place_and_target() {
    let schema = |reference: &str| {
        format!(
            "openapi: 3.0.3\npaths: {{}}\ncomponents: {{schemas: {{A: {{properties: {{a/b: {{$ref: '{reference}'}}}}}}}}}}"
        )
    };
    let at = "spec/api.yaml: /components/schemas/A/properties/a~1b: the reference";
    let part = ("spec/part.yaml", "Pet: {}\nBad: {$ref: '#/Gone'}\n");
    for (reference, expected) in [
        ("Gone", "leads to a file that does not exist"),
        ("gone.yaml", "leads to a file that does not exist"),
        ("../common", "leads to a file that does not exist"),
        (
            "part.yaml#/Gone",
            "leads nowhere: spec/part.yaml has nothing at `/Gone`",
        ),
        (
            "https://me:hush@example.com/a.json?k=hush",
            "leads from a file to another host, which is not followed",
        ),
        (
            "text.txt",
            "leads to a file that cannot be read: spec/text.txt:2:7: not valid YAML",
        ),
    ] {
        let text = schema(reference);
        let message = problem(&[
            ("spec/api.yaml", &text),
            part,
            ("spec/text.txt", "a:\n  b: c: d"),
            ("common/x", ""),
        ]);
        assert!(
            message.starts_with(at) && message.contains(expected),
            "{message}"
        );
        assert!(!message.contains("hush"), "{message}");
    }
    let text = schema("part.yaml#/Bad");
    assert_eq!(
        problem(&[("spec/api.yaml", &text), part]),
        "spec/part.yaml: /Bad: the reference `#/Gone` leads nowhere: spec/part.yaml has nothing at `/Gone`"
    );
}

#[test]
fn files_outside_the_documents_surroundings_are_refused() {
    let files = |reference: &str| {
        folder(&[
            (
                "outer/project/spec/api.yaml",
                &format!("openapi: 3.0.3\npaths: {{/a: {{$ref: '{reference}'}}}}"),
            ),
            ("outer/project/shared.yaml", "get: {}"),
            ("outer/secret.yaml", "get: {}"),
        ])
    };
    let outcome = |reference: &str, allow: bool| {
        let folder = files(reference);
        let mut options = ReadOptions::default();
        options.allow_outside = allow;
        let path = folder.path().join("outer/project/spec/api.yaml");
        read(path.to_str().unwrap(), &options)
    };
    outcome("../shared.yaml", false).unwrap();
    outcome("../../secret.yaml", true).unwrap();
    for reference in [
        "../../secret.yaml",
        "../../../../../../../../etc/passwd",
        "/etc/passwd",
        "..%2F..%2Fsecret.yaml",
        "../../gone.yaml",
    ] {
        let message = outcome(reference, false).unwrap_err().to_string();
        assert!(
            message.contains("leads outside the folders of the document"),
            "{message}"
        );
    }
}

#[test]
#[cfg(unix)]
fn links_do_not_lead_outside() {
    let folder = folder(&[
        (
            "outer/project/spec/api.yaml",
            "openapi: 3.0.3\npaths: {/a: {$ref: link.yaml}}",
        ),
        ("secret.yaml", "get: {}"),
    ]);
    let link = folder.path().join("outer/project/spec/link.yaml");
    std::os::unix::fs::symlink(folder.path().join("secret.yaml"), link).unwrap();
    let message = read_in(&folder, "outer/project/spec/api.yaml")
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("leads outside the folders of the document"),
        "{message}"
    );
}

#[test]
fn a_folder_is_the_surroundings_of_all_its_documents() {
    let folder = folder(&[
        (
            "a/b/c/api.yaml",
            "openapi: 3.0.3\npaths: {/a: {$ref: ../../../shared.yaml}}",
        ),
        ("shared.yaml", "get: {}"),
    ]);
    let documents = read(folder.path().to_str().unwrap(), &ReadOptions::default()).unwrap();
    assert_eq!(documents[0].value["paths"]["/a"], json!({"get": {}}));
    let alone = read(
        Path::new(folder.path())
            .join("a/b/c/api.yaml")
            .to_str()
            .unwrap(),
        &ReadOptions::default(),
    );
    assert!(alone.is_err());
}
