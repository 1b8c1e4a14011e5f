//! Files and folders: every notation is read, every failure says where and what to do.
use serde_json::{Value, json};
use std::{fs, path::Path};
use xtask::read::{Document, Origin, ReadError, ReadOptions, read};

const DOCUMENT: &str =
    r#"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}}"#;

/// Reads a file with that content.
fn read_bytes(bytes: impl AsRef<[u8]>) -> Result<Document, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("the-api.json");
    fs::write(&path, bytes).unwrap();
    let mut documents = read(path.to_str().unwrap(), &ReadOptions::default())?;
    assert_eq!(documents.len(), 1);
    let document = documents.remove(0);
    assert_eq!(
        (document.name.as_str(), document.origin.clone()),
        ("the-api", Origin::File(path))
    );
    Ok(document)
}

fn value(text: &str) -> Value {
    read_bytes(text)
        .unwrap_or_else(|error| panic!("{error}"))
        .value
}

/// The message for a file with that content, without the file's path.
fn message(bytes: impl AsRef<[u8]>) -> String {
    let message = read_bytes(bytes).unwrap_err().to_string();
    let (_, message) = message.split_once("the-api.json").unwrap();
    assert!(message.contains("\n  help: "), "{message}");
    message.lines().next().unwrap().to_owned()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(unit)
        .collect()
}

#[test]
fn notation_and_encoding_make_no_difference() {
    let yaml = "openapi: 3.0.3\ninfo:\n  title: T\n  version: '1'\npaths: {}\n";
    let expected = value(DOCUMENT);
    for text in [
        yaml.to_owned(),
        yaml.replace('\n', "\r\n"),
        DOCUMENT.replace(' ', "\r\n\t"),
    ] {
        assert_eq!(value(&text), expected);
        assert_eq!(value(&format!("\u{feff}{text}")), expected);
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(
                read_bytes(utf16(&text.replace('\t', " "), unit))
                    .unwrap()
                    .value,
                expected
            );
        }
    }
}

#[test]
fn keys_keep_their_order() {
    for text in [
        r#"{"openapi": "3.0.0", "z": 1, "a": {"y": 1, "b": 2, "x": 3}}"#,
        "openapi: 3.0.0\nz: 1\na: {y: 1, b: 2, x: 3}",
    ] {
        let text = value(text).to_string();
        assert_eq!(text, r#"{"openapi":"3.0.0","z":1,"a":{"y":1,"b":2,"x":3}}"#);
    }
}

#[test]
fn yaml_keeps_text_where_text_is_meant() {
    let value = value(
        "openapi: 3.0\n\
         info: {title: 2024, version: 1.10, x-build: 1.10, description: yes, contact: {name: 007}}\n\
         tags: [{name: 1.0}]\n\
         paths:\n  /a:\n    get:\n      operationId: 1e3\n      tags: [true, 1.0]\n      responses:\n        200: {description: 2024-01-31}\n\
         components:\n  schemas:\n    A:\n      type: object\n      required: [1.0]\n      properties:\n\
        \x20       version: {type: string, enum: [1.10, 2, off, true, null], example: 1.20, default: 0x1F}\n\
        \x20       description: {type: number, example: 1.20, default: 007}\n\
        \x20       enum: {type: [string, null]}\n\
        \x20     example: {version: 1.10}\n",
    );
    assert_eq!(value["openapi"], "3.0");
    assert_eq!(
        value["info"],
        json!({"title": "2024", "version": "1.10", "x-build": 1.1, "description": "yes", "contact": {"name": "007"}})
    );
    assert_eq!(value["tags"][0]["name"], "1.0");
    let get = &value["paths"]["/a"]["get"];
    assert_eq!(get["operationId"], "1e3");
    assert_eq!(get["tags"], json!(["true", "1.0"]));
    assert_eq!(get["responses"]["200"]["description"], "2024-01-31");
    let schema = &value["components"]["schemas"]["A"];
    assert_eq!(schema["required"], json!(["1.0"]));
    assert_eq!(
        schema["properties"],
        json!({
            "version": {"type": "string", "enum": ["1.10", "2", "off", "true", null], "example": "1.20", "default": "0x1F"},
            "description": {"type": "number", "example": 1.2, "default": 7},
            "enum": {"type": ["string", "null"]},
        })
    );
    assert_eq!(schema["example"], json!({"version": 1.1}));
}

#[test]
fn yaml_whose_brackets_and_quotes_end_at_the_left_is_read_as_it_is_meant() {
    let schema = |text: &str| {
        let text = format!("openapi: 3.0.0\ncomponents:\n  schemas:\n    A:\n{text}    B: 1\n");
        value(&text)["components"]["schemas"].clone()
    };
    for list in [
        "      enum: [\n        a, # ]\n        'b ]'\n      ]\n",
        "      enum: [\n a,\n\"b ]\"\n]\n",
        "      enum:\n        [ a,\n    \"b \\\n  ]\" ]\n",
    ] {
        let found = schema(&format!("{list}      x: {{\n  y: [\n]\n      }}\n"));
        let expected = json!({"A": {"enum": ["a", "b ]"], "x": {"y": []}}, "B": 1});
        assert_eq!(found, expected, "{list}");
    }
    let told = schema("      description: \"one\n  two \\\"\n\n three\"\n      x: 'a\nb'\n");
    assert_eq!(
        told,
        json!({"A": {"description": "one two \"\nthree", "x": "a b"}, "B": 1})
    );
}

#[test]
fn many_such_lines_are_read_as_well() {
    let list = |index| format!("  - - k{index}: [\n  1\n]\n");
    let lists: String = (0..300).map(list).collect();
    let lists = &value(&format!("openapi: 3.0.0\na:\n{lists}"))["a"];
    assert_eq!(lists.as_array().map(Vec::len), Some(300));
    assert_eq!(lists[299], json!([{"k299": [1]}]));
}

#[test]
fn what_is_wrong_behind_such_lines_is_named_where_it_is() {
    let text = "openapi: 3.0.0\na:\n  b: [\n  1\n  ]\n  c: [\n  1, }\n";
    let error = read_bytes(text).unwrap_err().to_string();
    assert!(error.contains(":7:6: not valid YAML"), "{error}");
}

#[test]
fn yaml_anchors_and_merge_keys_are_resolved() {
    let value = value(
        "openapi: 3.0.0\nx-base: &base {a: 1, b: 2}\nx-other: &other {b: 3, c: 4}\nx-merged:\n  b: 0\n  <<: [*base, *other]\n  d: *base\nx-text: {'<<': 1}\n",
    );
    assert_eq!(
        value["x-merged"],
        json!({"b": 0, "d": {"a": 1, "b": 2}, "a": 1, "c": 4})
    );
    assert_eq!(value["x-text"], json!({"<<": 1}));
}

#[test]
fn relaxed_json_is_read_and_noted() {
    let document = read_bytes("{\"openapi\": \"3.0.0\", # why\n paths: {},}").unwrap();
    assert_eq!(document.value, json!({"openapi": "3.0.0", "paths": {}}));
    assert!(
        document.notes[0].was.starts_with("not strict JSON ("),
        "{:?}",
        document.notes
    );
}

#[test]
fn every_supported_version_is_taken_as_it_is_meant() {
    for (text, field, version) in [
        ("{\"swagger\": \"2.0\"}", "swagger", "2.0"),
        ("swagger: 2.0", "swagger", "2.0"),
        ("swagger: 2", "swagger", "2.0"),
        ("{\"swagger\": 2.0}", "swagger", "2.0"),
        ("openapi: 3.0", "openapi", "3.0"),
        ("openapi: 3.0.4", "openapi", "3.0.4"),
        ("openapi: 3.1.1", "openapi", "3.1.1"),
        ("openapi: '3.2.0'", "openapi", "3.2.0"),
    ] {
        assert_eq!(value(text)[field], version, "{text}");
    }
}

#[test]
fn other_versions_are_refused_by_name() {
    for (text, pointer, found) in [
        (
            "{\"swaggerVersion\": \"1.2\", \"apis\": []}",
            "/swaggerVersion",
            "1.2",
        ),
        ("{\"swagger\": \"1.2\"}", "/swagger", "1.2"),
        ("openapi: 4.0.0", "/openapi", "4.0.0"),
        ("openapi: 3.3.0", "/openapi", "3.3.0"),
        ("openapi: [3]", "/openapi", "[3]"),
        ("openapi: ''", "/openapi", "\"\""),
    ] {
        assert_eq!(
            message(text),
            format!(": {pointer}: version {found} is not supported")
        );
    }
}

#[test]
fn syntax_errors_name_line_and_column() {
    assert_eq!(
        message("{\n \"openapi\": \"3.0.0\"\n \"a\": 1\n}"),
        ":3:2: not valid JSON: expected `,` or `}`"
    );
    assert_eq!(
        message("{\"openapi\": \"3.0.0\""),
        ":1:19: not valid JSON: EOF while parsing an object"
    );
    assert!(message("openapi: 3.0.0\na: [b\nc: d").starts_with(":3:"));
    assert!(message("openapi: 3.0.0\n  a: b").starts_with(":2:"));
    assert!(message("openapi: 3.0.0\na: *nowhere").starts_with(":2:4: not valid YAML"));
    assert!(message("openapi: 3.0.0\na: &a [*a]").starts_with(":2:"));
    assert!(message("openapi: 3.0.0\n? [a, b]\n: c").starts_with(":2:"));
    assert!(
        message("openapi: 3.0.0\n---\nb: 1").starts_with(":2:1: not valid YAML: a second document")
    );
}

#[test]
fn what_is_not_openapi_is_said_to_be_what_it_is() {
    for (text, looks_like) in [
        ("<!DOCTYPE html><html></html>", "an HTML page"),
        ("<?xml version='1.0'?><application/>", "XML"),
        (
            r#"{"info": {"_postman_id": "1"}, "item": []}"#,
            "a Postman collection",
        ),
        (
            r#"{"info": {"schema": "https://schema.getpostman.com/json/v2"}, "item": []}"#,
            "a Postman collection",
        ),
        (
            r#"{"_type": "export", "resources": []}"#,
            "an Insomnia export",
        ),
        ("asyncapi: 2.6.0", "an AsyncAPI document"),
        ("#%RAML 1.0\ntitle: T", "a RAML document"),
        ("type Query {\n  a: Int\n}", "a GraphQL schema"),
        (r#"{"data": {"__schema": {}}}"#, "a GraphQL schema"),
        (
            r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#,
            "a JSON Schema",
        ),
        (r#"{"type": "object", "properties": {}}"#, "a JSON Schema"),
        (r#"{"log": {"entries": []}}"#, "an HTTP archive (HAR)"),
        ("overlay: 1.0.0\nactions: []", "an OpenAPI Overlay"),
        (
            r#"{"paths": {}}"#,
            "an OpenAPI document whose version is missing",
        ),
        ("[]", "a list"),
        ("12", "a single value"),
        ("once upon a time", "plain text"),
        ("{}", "an empty object"),
        ("a: b", "some other object"),
    ] {
        let expected = format!(
            ": not an OpenAPI document: it has no `openapi` or `swagger` field; it looks like {looks_like}"
        );
        assert_eq!(message(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_text_is_refused_at_once() {
    assert_eq!(
        message(b"\x1f\x8b\x08"),
        ": not text but gzip-compressed data (byte 0)"
    );
    assert_eq!(
        message(b"{\"a\": \"\0\"}"),
        ": not text but binary data with zero bytes (byte 7)"
    );
    assert_eq!(
        message(b"{\0}\0\n\0"),
        ": not text but UTF-16 without a byte order mark (byte 1)"
    );
    assert_eq!(message(b"a: b\nc: \xe9\n"), ":2:4: not valid UTF-8");
    assert_eq!(message(b"\xff\xfe{\0\x00\xd8"), ":1:2: not valid UTF-16");
    assert_eq!(message(b"\xff\xfe{"), ":1:1: not valid UTF-16");
    assert_eq!(message(b""), ": empty");
    assert_eq!(message("\u{feff} \r\n"), ": empty");
    assert_eq!(message("# nothing\n"), ": empty");
}

#[test]
fn size_and_depth_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let zeros = folder.path().join("zeros.json");
    fs::File::create(&zeros)
        .unwrap()
        .set_len(200 << 20)
        .unwrap();
    let error = read(zeros.to_str().unwrap(), &ReadOptions::default()).unwrap_err();
    assert!(
        matches!(error, ReadError::NotText { offset: 0, .. }),
        "{error}"
    );

    let path = folder.path().join("a.json");
    fs::write(&path, DOCUMENT).unwrap();
    let mut options = ReadOptions::default();
    options.max_bytes = 10;
    let error = read(path.to_str().unwrap(), &options).unwrap_err();
    assert!(
        matches!(error, ReadError::TooLarge { limit: 10, .. }),
        "{error}"
    );

    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let json = |levels| format!("{{\"openapi\": \"3.0.0\",\n\"x-a\": {}}}", deep(levels));
    assert_eq!(
        message(json(100_000)),
        ":2:507: nested deeper than 500 levels"
    );
    read_bytes(json(499)).unwrap();
    let block = format!("openapi: 3.0.0\nx-a:\n {}", "- ".repeat(100_000));
    assert!(message(block).ends_with("nested deeper than 500 levels"));
    let flow = format!("openapi: 3.0.0\nx-a: {}", deep(100_000));
    assert!(message(flow).ends_with("nested deeper than 255 levels"));
}

#[test]
fn an_alias_bomb_is_defused() {
    let mut text = "openapi: 3.0.0\nx-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text += &format!("x-{level}: &a{level} [{aliases}]\n");
    }
    assert!(message(text).ends_with("the aliases of this YAML document expand to too much"));
}

#[test]
fn a_folder_gives_its_documents_sorted_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("b.yaml", "openapi: 3.0.0");
    write("a/z.yml", "swagger: 2.0");
    write("a.json", DOCUMENT);
    write("a.provenance.json", "{}");
    write("common.yaml", "Pet: {type: object}");
    write("sixclicks.toml", "[api]");
    write("README.md", "# Documents");
    write("overlays/fix.yaml", "overlay: 1.0.0");
    write(".hidden.json", "{");
    let documents = read(folder.path().to_str().unwrap(), &ReadOptions::default()).unwrap();
    let names: Vec<&str> = documents
        .iter()
        .map(|document| document.name.as_str())
        .collect();
    assert_eq!(names, ["z", "a", "b"]);
    assert_eq!(
        documents[0].notes.last().unwrap().was,
        format!(
            "{} (some other object)",
            folder.path().join("common.yaml").display()
        )
    );

    write("c.json", "{");
    let error = read(folder.path().to_str().unwrap(), &ReadOptions::default()).unwrap_err();
    assert!(
        error.to_string().contains("c.json:1:1: not valid JSON"),
        "{error}"
    );
}

#[test]
fn a_folder_without_documents_and_a_missing_source_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().to_str().unwrap();
    let options = ReadOptions::default();
    let error = read(source, &options).unwrap_err();
    assert!(matches!(&error, ReadError::NoDocuments { skipped, .. } if skipped.is_empty()));
    assert!(
        error
            .to_string()
            .starts_with(&format!("{source}: no OpenAPI document in this folder"))
    );
    fs::write(folder.path().join("a.json"), "{}").unwrap();
    assert!(
        read(source, &options)
            .unwrap_err()
            .to_string()
            .contains("a.json (an empty object)")
    );
    let error = read("no/such/file.json", &options).unwrap_err();
    assert!(
        matches!(&error, ReadError::Missing { origin } if *origin == Origin::File("no/such/file.json".into()))
    );
}

#[test]
#[cfg(unix)]
fn an_unreadable_file_is_an_error_that_says_so() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("circle.json");
    symlink(&path, &path).unwrap();
    let error = read(path.to_str().unwrap(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, ReadError::Unreadable { .. }), "{error}");
}

#[test]
fn a_file_may_be_named_like_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["swagger", "a: b?.txt", "ünï.JSON"] {
        let path = folder.path().join(name);
        fs::write(&path, DOCUMENT).unwrap();
        let documents = read(path.to_str().unwrap(), &ReadOptions::default()).unwrap();
        assert_eq!(
            documents[0].name,
            Path::new(name).file_stem().unwrap().to_str().unwrap()
        );
    }
}
