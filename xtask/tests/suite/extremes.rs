//! Documents that are large, deep, endless or hostile. Each goes through `xtask generate` in
//! a process of its own, where the kernel counts what it uses: more address space or more
//! processor time than a case may take is the end of it, and of the test. What comes out is
//! a crate, or one error that names the document and says what is wrong with it.

use std::{
    fs,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Map, Value, json};

/// What a case may take: address space in MiB, stacks of threads among it, and seconds of
/// processor time, which do not grow when the machine has other work.
const MEMORY: u64 = 2_048;
const SECONDS: u64 = 60;

/// A folder with documents.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), bytes).expect("the document");
        self
    }

    /// Runs `generate` over one of the documents, within the limits.
    fn generate(&self, name: &str) -> Output {
        let _ = fs::remove_dir_all(self.path("out"));
        let limits = format!(
            r#"ulimit -v {} && ulimit -t {SECONDS} && exec "$0" "$@""#,
            MEMORY << 10
        );
        let output = Command::new("sh")
            .args(["-c", &limits, env!("CARGO_BIN_EXE_xtask"), "generate"])
            .arg("--source")
            .arg(self.path(name))
            .arg("--out")
            .arg(self.path("out"))
            .env("RAYON_NUM_THREADS", "1")
            .output()
            .expect("a process");
        assert_eq!(
            output.status.signal(),
            None,
            "{name}: the process was taken down: {}",
            said(&output)
        );
        output
    }

    /// The document is refused, by an error that names it and says all of these; nothing is
    /// written.
    #[track_caller]
    fn refuses(&self, name: &str, parts: &[&str]) {
        let output = self.generate(name);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(name), "{name} is named: {said}");
        for part in parts {
            assert!(said.contains(part), "{name}: `{part}` is said: {said}");
        }
        assert!(said.len() < 4_000, "{name}: the error is short: {said}");
        assert!(!self.path("out").exists(), "{name}: nothing is written");
    }

    /// The document would lose something, which the error names; nothing is written.
    #[track_caller]
    fn loses(&self, name: &str, parts: &[&str]) {
        let output = self.generate(name);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains("would be lost"), "{name}: {said}");
        for part in parts {
            assert!(said.contains(part), "{name}: `{part}` is not in {said}");
        }
        assert!(!self.path("out").exists(), "{name}: nothing is written");
    }

    /// The document becomes a crate; its types and builders.
    #[track_caller]
    fn becomes(&self, name: &str) -> String {
        let output = self.generate(name);
        assert!(output.status.success(), "{name}: {}", said(&output));
        let crates = fs::read_dir(self.path("out")).expect("crates");
        let sources = crates
            .flatten()
            .map(|entry| entry.path().join("src"))
            .filter(|path| path.is_dir());
        let text: Vec<String> = sources
            .flat_map(|source| [source.join("types.rs"), source.join("builder.rs")])
            .map(|path| fs::read_to_string(path).expect("a source"))
            .collect();
        text.concat()
    }
}

fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    said.chars().take(5_000).collect()
}

/// A document that answers with each of the schemas.
fn document(schemas: Value) -> Value {
    let paths: Map<String, Value> = schemas
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| {
            let answer = json!({"200": {"description": "OK", "content": {"application/json":
                {"schema": {"$ref": format!("#/components/schemas/{name}")}}}}});
            (format!("/{name}"), json!({"get": {"responses": answer}}))
        })
        .collect();
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas}})
}

/// A document with some JSON in it that no schema is.
fn around(inside: &str) -> String {
    let plain = document(json!({"A": {"type": "object"}})).to_string();
    format!(r#"{},"x-odd":{inside}}}"#, &plain[..plain.len() - 1])
}

#[test]
fn fifty_megabytes_are_a_crate_and_half_of_them_an_error() {
    let folder = Folder::new();
    let mut large =
        document(json!({"A": {"type": "object", "properties": {"a": {"type": "string"}}}}));
    // Much that no operation reaches, and one text that is as large.
    for index in 0..68_000 {
        large["components"]["schemas"][format!("Unused{index}")] = json!({"type": "object", "required": ["id"],
            "description": "A schema that nobody asks for, as long documents have them.",
            "properties": {"id": {"type": "integer"}, "next": {"$ref": format!("#/components/schemas/Unused{}", (index + 1) % 68_000)},
                "names": {"type": "array", "items": {"type": "string", "maxLength": 100}}, "state": {"enum": ["on", "off"]}}});
    }
    large["info"]["description"] = json!("x".repeat(30 << 20));
    let text = large.to_string();
    assert!(text.len() > 50 << 20, "{} bytes", text.len());
    folder.write("half.json", &text[..text.len() - 100]);
    folder.refuses("half.json", &[":1:", "the end is missing"]);
    folder.write("large.json", text);
    assert!(folder.becomes("large.json").contains("pub struct A"));
}

#[test]
fn a_hundred_thousand_nested_values_are_refused_with_their_place() {
    let folder = Folder::new();
    let deep = 100_000;
    for (name, text) in [
        (
            "lists.json",
            around(&format!("{}{}", "[".repeat(deep), "]".repeat(deep))),
        ),
        (
            "objects.json",
            around(&format!("{}1{}", r#"{"a":"#.repeat(deep), "}".repeat(deep))),
        ),
        ("open.json", "[".repeat(deep)),
        (
            "lists.yaml",
            format!(
                "openapi: 3.0.3\nx: {}{}\n",
                "[".repeat(deep),
                "]".repeat(deep)
            ),
        ),
        (
            "objects.yaml",
            format!(
                "openapi: 3.0.3\nx: {}1{}\n",
                "{a: ".repeat(deep),
                "}".repeat(deep)
            ),
        ),
        (
            "dashes.yaml",
            format!("openapi: 3.0.3\nx:\n {}1\n", "- ".repeat(deep)),
        ),
    ] {
        folder
            .write(name, text)
            .refuses(name, &["nested deeper than "]);
    }
}

#[test]
fn schemas_nested_as_deep_as_is_allowed_are_a_crate() {
    let folder = Folder::new();
    // Each level is two of the document's, the limit of which is 500.
    for (name, around) in [
        ("lists.json", r#"{"type":"array","items":"#),
        ("maps.json", r#"{"type":"object","additionalProperties":"#),
    ] {
        let levels = 480;
        let schema = format!(
            "{}{{\"type\":\"string\"}}{}",
            around.repeat(levels),
            "}".repeat(levels)
        );
        let text =
            document(json!({"A": {"type": "object", "properties": {"deep": "?"}}})).to_string();
        folder.write(name, text.replace("\"?\"", &schema));
        assert!(folder.becomes(name).contains("pub deep:"), "{name}");
    }
    let levels = 230;
    let schema = format!(
        "{}{{\"type\":\"string\"}}{}",
        r#"{"type":"object","properties":{"a":"#.repeat(levels),
        "}}".repeat(levels)
    );
    let text = document(json!({"A": {"type": "object", "properties": {"deep": "?"}}})).to_string();
    folder.write("objects.json", text.replace("\"?\"", &schema));
    assert!(
        folder
            .becomes("objects.json")
            .matches("pub struct ")
            .count()
            >= levels
    );
}

#[test]
fn a_schema_that_contains_itself_is_a_type_or_an_error_that_says_where() {
    let folder = Folder::new();
    let me = || json!({"$ref": "#/components/schemas/A"});
    let types = [
        (
            "required",
            json!({"type": "object", "properties": {"a": me()}, "required": ["a"]}),
        ),
        ("list", json!({"type": "array", "items": me()})),
        (
            "map",
            json!({"type": "object", "additionalProperties": me()}),
        ),
        ("not", json!({"type": "object", "not": me()})),
        ("union", json!({"oneOf": [me(), {"type": "string"}]})),
        (
            "any",
            json!({"anyOf": [me(), {"type": "array", "items": me()}]}),
        ),
        (
            "heir",
            json!({"allOf": [me(), {"type": "object", "properties": {"a": me()}}]}),
        ),
        ("whole", json!({"allOf": [me()]})),
        ("only", json!({"oneOf": [me()]})),
        (
            "everything",
            json!({"type": "object", "required": ["a"], "properties": {"a": me(), "l": {"type": "array", "items": me()}},
            "additionalProperties": me(), "allOf": [me()], "oneOf": [me(), {"anyOf": [me()]}], "not": me()}),
        ),
    ];
    for (name, schema) in &types {
        let file = format!("{name}.json");
        folder.write(&file, document(json!({"A": schema})).to_string());
        let output = folder.generate(&file);
        let said = said(&output);
        match output.status.code() {
            Some(0) => {}
            Some(2) => assert!(said.contains("/components/schemas/A"), "{name}: {said}"),
            _ => panic!("{name}: {said}"),
        }
    }
    // A schema that is nothing but itself is any value, which is a loss.
    folder.write("bare.json", document(json!({"A": me()})).to_string());
    folder.loses("bare.json", &["/components/schemas/A", "itself"]);
    // Two that contain each other, each in every way.
    let mut pairs = Map::new();
    for (one, first) in &types {
        for (other, second) in &types {
            let (a, b) = (format!("A_{one}_{other}"), format!("B_{one}_{other}"));
            let renamed = |schema: &Value, to: &str| -> Value {
                serde_json::from_str(
                    &schema
                        .to_string()
                        .replace("schemas/A", &format!("schemas/{to}")),
                )
                .expect("JSON")
            };
            pairs.insert(a.clone(), renamed(first, &b));
            pairs.insert(b, renamed(second, &a));
        }
    }
    folder.write("pairs.json", document(Value::Object(pairs)).to_string());
    let output = folder.generate("pairs.json");
    assert!(
        matches!(output.status.code(), Some(0 | 2)),
        "{}",
        said(&output)
    );
}

#[test]
fn compositions_that_double_at_every_level_do_not_explode() {
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let mut schemas = Map::new();
        for level in 0..40 {
            let next = json!({"$ref": format!("#/components/schemas/L{}", level + 1)});
            schemas.insert(format!("L{level}"), json!({keyword: [next, next]}));
        }
        schemas.insert(
            "L40".into(),
            json!({"type": "object", "properties": {"a": {"type": "string"}}}),
        );
        let folder = Folder::new();
        folder.write("double.json", document(Value::Object(schemas)).to_string());
        assert!(folder.becomes("double.json").contains("L40"), "{keyword}");
    }
}

#[test]
fn references_in_chains_are_followed_so_far_and_circles_are_told_apart() {
    let folder = Folder::new();
    let chain = |length: usize, last: Value| {
        let mut schemas = Map::new();
        for index in 0..length {
            let next = format!("#/components/schemas/C{}", index + 1);
            schemas.insert(format!("C{index}"), json!({"$ref": next}));
        }
        schemas.insert(format!("C{length}"), last);
        let mut all = document(json!({"C0": {}}));
        all["components"]["schemas"] = Value::Object(schemas);
        all.to_string()
    };
    let end = json!({"type": "object", "properties": {"end": {"type": "string"}}});
    folder.write("short.json", chain(90, end.clone()));
    assert!(folder.becomes("short.json").contains("pub end:"));
    folder.write("long.json", chain(1_000, end));
    assert!(folder.becomes("long.json").contains("pub end:"));
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    folder.write("circle.json", chain(90, reference("C0")));
    folder.loses("circle.json", &["C0", "leads back to itself"]);
    folder.write("nowhere.json", chain(90, reference("None")));
    folder.loses("nowhere.json", &["None`", "leads nowhere"]);
}

#[test]
fn references_out_of_the_folder_or_to_devices_are_refused() {
    let folder = Folder::new();
    for (name, target) in [
        ("zero.json", "/dev/zero"),
        ("up.json", "../../../../../../etc/passwd"),
        ("scheme.json", "file:///etc/passwd"),
        ("gone.json", "gone.json#/A"),
    ] {
        folder.write(name, document(json!({"A": {"$ref": target}})).to_string());
        folder.refuses(name, &["/components/schemas/A"]);
    }
    std::os::unix::fs::symlink("/dev/zero", folder.path("link.json")).expect("a link");
    folder.write(
        "linked.json",
        document(json!({"A": {"$ref": "link.json"}})).to_string(),
    );
    folder.refuses("linked.json", &["/components/schemas/A"]);
    let output = folder.generate("link.json");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("link.json"), "{}", said(&output));
}

#[test]
fn files_that_refer_to_each_other_in_circles_end() {
    let folder = Folder::new();
    let part = |next: &str| {
        json!({"A": {"type": "object", "properties": {"next": {"$ref": format!("{next}#/A")}}}})
            .to_string()
    };
    folder
        .write("one.part", part("two.part"))
        .write("two.part", part("one.part"));
    folder.write(
        "types.json",
        document(json!({"A": {"$ref": "one.part#/A"}})).to_string(),
    );
    assert!(folder.becomes("types.json").contains("pub next:"));
    let bare = |next: &str| json!({"A": {"$ref": format!("{next}#/A")}}).to_string();
    folder
        .write("three.part", bare("four.part"))
        .write("four.part", bare("three.part"));
    folder.write(
        "circle.json",
        document(json!({"A": {"$ref": "three.part#/A"}})).to_string(),
    );
    folder.loses("circle.json", &["/components/schemas/A", "itself"]);
}

#[test]
fn aliases_that_multiply_are_refused() {
    let folder = Folder::new();
    let head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
    let mut lists = format!("{head}x0: &x0 [a, a, a, a, a, a, a, a, a]\n");
    let mut maps = format!("{head}x0: &x0 {{a: 1, b: 2}}\n");
    for level in 1..12 {
        let alias = format!("*x{}", level - 1);
        lists += &format!("x{level}: &x{level} [{}]\n", [alias.as_str(); 9].join(", "));
        let members: String = ('a'..='i').map(|key| format!("{key}: {alias}, ")).collect();
        maps += &format!("x{level}: &x{level} {{{members}}}\n");
    }
    folder
        .write("lists.yaml", lists)
        .refuses("lists.yaml", &["lists.yaml:", "aliases"]);
    folder
        .write("maps.yaml", maps)
        .refuses("maps.yaml", &["maps.yaml:", "aliases"]);
    let mut merges = format!("{head}x0: &x0 {{a: 1}}\n");
    for level in 1..30 {
        merges += &format!(
            "x{level}: &x{level}\n  <<: [*x{0}, *x{0}]\n  k{level}: *x{0}\n",
            level - 1
        );
    }
    folder
        .write("merges.yaml", merges)
        .refuses("merges.yaml", &["merges.yaml:", "aliases"]);
    folder
        .write("self.yaml", format!("{head}x: &x [*x]\n"))
        .refuses("self.yaml", &["self.yaml:"]);
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_place() {
    let folder = Folder::new();
    let text = around("\"?\"");
    let at = text.find('?').expect("the mark");
    let mut bytes = text.clone().into_bytes();
    bytes[at] = 0xff;
    folder
        .write("latin.json", &bytes)
        .refuses("latin.json", &["UTF-8"]);
    bytes[at] = 0;
    folder
        .write("zero.json", &bytes)
        .refuses("zero.json", &["zero bytes (byte "]);
    let mut wide: Vec<u8> = [0xff, 0xfe].into();
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    folder.write("wide.json", &wide);
    assert!(folder.becomes("wide.json").contains("pub struct A"));
    folder
        .write("odd.json", &wide[..wide.len() - 1])
        .refuses("odd.json", &["UTF-16"]);
    wide.splice(4..6, [0x00, 0xd8]);
    folder
        .write("half.json", &wide)
        .refuses("half.json", &["UTF-16"]);
    folder.write("mark.json", format!("\u{feff}{text}"));
    assert!(folder.becomes("mark.json").contains("pub struct A"));
    folder
        .write("empty.json", "")
        .refuses("empty.json", &["empty"]);
    folder
        .write("mark-only.json", "\u{feff}")
        .refuses("mark-only.json", &["empty"]);
}

#[test]
fn odd_values_are_kept_out_of_the_code_or_refused() {
    let folder = Folder::new();
    for (name, inside) in [
        ("digits.json", "9".repeat(10_000)),
        // No JSON that can be held, but text in YAML.
        ("great.json", "1e999".to_owned()),
        ("small.json", "-1e-999999".to_owned()),
        ("nothing.json", r#""\u0000""#.to_owned()),
        ("twice.json", r#"{"a":1,"a":{"a":2,"a":3}}"#.to_owned()),
    ] {
        folder.write(name, around(&inside));
        assert!(folder.becomes(name).contains("pub struct A"), "{name}");
    }
    for (name, inside) in [
        ("lonely.json", r#""\ud800""#),
        ("swapped.json", r#""\udc00\ud800""#),
        ("nan.json", "NaN]"),
    ] {
        folder.write(name, around(inside)).refuses(name, &[":1:"]);
    }
}

#[test]
fn limits_and_patterns_beyond_all_measure_are_a_crate() {
    let folder = Folder::new();
    let schemas = json!({
        "A": {"type": "object", "required": ["n"], "properties": {
            "n": {"type": "array", "items": {"type": "integer", "minimum": -1e300, "maximum": 1e300, "multipleOf": 1e-300}, "minItems": u64::MAX, "maxItems": 0},
            "catastrophe": {"type": "string", "pattern": "^(([a-z])+.)+[A-Z]([a-z])+$", "maxLength": u64::MAX, "minLength": u64::MAX},
            "counted": {"type": "string", "pattern": "((a{1000}){1000}){1000}"},
            "open": {"type": "string", "pattern": "((((("},
            "long": {"type": "string", "pattern": "a|".repeat(200_000)},
            "default": {"type": "integer", "format": "int32", "default": 1e300},
            "huge": {"type": "integer", "enum": [u64::MAX, i64::MIN, 0]}}}});
    folder.write("limits.json", document(schemas).to_string());
    let code = folder.becomes("limits.json");
    for field in ["catastrophe", "counted", "open", "long", "huge"] {
        assert!(code.contains(&format!("pub {field}:")), "{field}");
    }
}

#[test]
fn very_many_or_very_long_names_are_a_crate() {
    let folder = Folder::new();
    let values: Vec<String> = (0..100_000).map(|index| format!("value {index}")).collect();
    folder.write(
        "enum.json",
        document(json!({"A": {"type": "string", "enum": values}})).to_string(),
    );
    assert!(folder.becomes("enum.json").contains("\"value 99999\""));
    // All of these want one name in Rust.
    let same: Vec<String> = (0..20_000)
        .map(|index| "-".repeat(index % 300) + &"_".repeat(index / 300) + "a")
        .collect();
    folder.write(
        "same.json",
        document(json!({"A": {"type": "string", "enum": same}})).to_string(),
    );
    assert!(folder.becomes("same.json").contains("A20000"));
    let long = "Long".repeat(25_000);
    let schema = json!({"type": "object", "properties": {&long: {"type": "string"}, "a": {"type": "string"}}});
    let mut all = document(json!({&long: schema}));
    all["paths"][format!("/{long}")]["get"]["operationId"] = json!(long);
    folder.write("long.json", all.to_string());
    assert!(folder.becomes("long.json").contains("pub a:"));
}

/// The limits do limit: a program that takes more is ended.
#[test]
fn a_process_beyond_its_limits_is_ended() {
    let greedy = Command::new("sh")
        .args(["-c", "ulimit -v 65536; head -c 200000000 /dev/zero | tail"])
        .output()
        .expect("a shell");
    assert!(Path::new("/dev/zero").exists() && !greedy.status.success());
}
