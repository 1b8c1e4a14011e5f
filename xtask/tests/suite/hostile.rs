//! Documents that nobody meant: whatever is in them, the pipeline answers with crates or
//! with an error, never with a panic, soon, and in bounded memory. A document with most
//! constructs in it, those of the passes' tests, and small ones of `../shared/corpus` when
//! that is there, are changed at random places.

use std::{fs, path::PathBuf, sync::mpsc, time::Duration};

use proptest::prelude::*;
use serde_json::{Value, json};
use xtask::{
    config::Config,
    emit::Place,
    pipeline::{Input, STACK, run},
    read,
};

/// How long one document may take before it counts as hanging, on a machine with much else
/// to do.
const LIMIT: Duration = Duration::from_secs(120);
/// What the whole test may have taken at most, in KiB; all documents are small.
const MEMORY: u64 = 1 << 20;

/// A document with most constructs in it.
fn seed() -> Value {
    json!({
        "openapi": "3.1.0", "info": {"title": "Seed", "version": "1"}, "servers": [{"url": "/base"}],
        "paths": {"/a/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "post": {"operationId": "a", "tags": ["A"], "parameters": [
                {"name": "q", "in": "query", "style": "deepObject", "schema": {"$ref": "#/components/schemas/A"}},
                {"$ref": "#/components/parameters/P"}],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/U"}},
                    "multipart/form-data": {"schema": {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}}}}}},
                "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}},
                    "4XX": {"$ref": "#/components/responses/E"}, "default": {"description": "e"}}}}},
        "components": {
            "parameters": {"P": {"name": "p", "in": "header", "schema": {"type": ["integer", "null"]}}},
            "responses": {"E": {"description": "e", "content": {"application/problem+json": {"schema": {"type": "object", "properties": {"m": {"const": 1}}}}}}},
            "schemas": {
                "A": {"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}, "e": {"enum": ["x", "y", null]}}, "discriminator": {"propertyName": "k"}},
                "B": {"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object", "additionalProperties": false, "properties": {"b": {"type": "array", "items": {"$ref": "#/components/schemas/B"}}}}]},
                "U": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "string", "format": "date-time"}, {"type": "null"}]},
                "T": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]},
                "L": {"$ref": "#/components/schemas/L"}}}
    })
}

/// The documents of the passes' tests.
fn constructs() -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/passes");
    let files = fs::read_dir(folder).expect("the passes' documents");
    let paths = files.flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a file");
        let cases: Value = serde_json::from_str(&text).expect("JSON");
        for case in cases.as_array().into_iter().flatten() {
            let before = &case["before"];
            let schemas = before.get("schemas").cloned().unwrap_or(json!({"A": {}}));
            let paths = before.get("paths").cloned().unwrap_or_else(|| {
                // Every schema is asked for, so that all of them get through to the end.
                let names = schemas.as_object().into_iter().flatten();
                let items = names.enumerate().map(|(index, (name, _))| {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    let schema = json!({"$ref": format!("#/components/schemas/{name}")});
                    let content = json!({"application/json": {"schema": schema}});
                    let answers = json!({"200": {"description": "", "content": content}});
                    (format!("/{index}"), json!({"get": {"responses": answers}}))
                });
                Value::Object(items.collect())
            });
            found.push(
                json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
                "paths": paths, "components": {"schemas": schemas}}),
            );
        }
    }
    assert!(found.len() > 50, "{} documents", found.len());
    found
}

/// Small documents as others wrote them, when they are there.
fn published() -> Vec<Value> {
    let Some(corpus) = crate::shared::shared("corpus") else {
        return Vec::new();
    };
    let files = read::documents_in(&corpus).expect("documents");
    let small = files
        .iter()
        .filter(|path| path.metadata().is_ok_and(|file| file.len() < 20 << 10));
    let read = |path: &PathBuf| {
        let found = read::read(&path.display().to_string(), &read::ReadOptions::default());
        found.ok().and_then(|mut documents| documents.pop())
    };
    small
        .filter_map(read)
        .map(|document| document.value)
        .collect()
}

/// The places of a document.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    found.push(at.clone());
    match value {
        Value::Object(object) => {
            for (name, child) in object {
                pointers(
                    child,
                    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                pointers(child, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[]])),
        Just(json!({"$ref": "#/components/schemas/A"})),
        Just(json!({"$ref": "#/components/schemas/B"})),
        Just(json!({"$ref": "#"})),
        Just(json!({"$ref": "#/paths"})),
        Just(
            json!({"allOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/U"}]})
        ),
        Just(json!({"anyOf": [{}, {"type": "array"}, {"nullable": true}]})),
        Just(
            json!({"type": "object", "properties": {"": {}, "self": {}, "a-b": {}, "a_b": {}}, "additionalProperties": {"type": "integer"}})
        ),
    ]
}

/// A change of a document: where, what is put there, and how.
type Change = (prop::sample::Index, Value, u8);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec((any::<prop::sample::Index>(), odd(), 0..4_u8), 1..5)
}

/// The document with something removed, added, replaced or moved from elsewhere.
fn changed(mut document: Value, changes: Vec<Change>) -> Value {
    for (index, value, kind) in changes {
        let mut places = Vec::new();
        pointers(&document, String::new(), &mut places);
        let place = &places[index.index(places.len())];
        let other = &places[index.index(places.len() * 7) % places.len()];
        let elsewhere = document.pointer(other).cloned().unwrap_or_default();
        match (kind, place.rsplit_once('/')) {
            (0, Some((parent, name))) => {
                let name = name.replace("~1", "/").replace("~0", "~");
                match document.pointer_mut(parent) {
                    Some(Value::Object(object)) => drop(object.remove(&name)),
                    Some(Value::Array(items)) => drop(items.pop()),
                    _ => {}
                }
            }
            (1, Some((parent, _))) => {
                if let Some(Value::Object(object)) = document.pointer_mut(parent) {
                    object.insert("odd name!".to_owned(), value);
                }
            }
            (2, Some(_)) => {
                if let Some(there) = document.pointer_mut(place) {
                    *there = elsewhere;
                }
            }
            _ => {
                if let Some(there) = document.pointer_mut(place) {
                    *there = value;
                }
            }
        }
    }
    document
}

/// The document goes through, or is refused for a reason; nothing panics or hangs.
fn survives(document: Value) -> Result<(), TestCaseError> {
    let shown = document.to_string();
    let (sender, receiver) = mpsc::channel();
    let worker = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let input = Input::new("seed", "seed.json", document);
            let made = run(vec![input], &Config::default(), &Place::Workspace);
            let _ = sender.send(
                made.map(|made| made.len())
                    .map_err(|error| error.to_string()),
            );
        });
    let outcome = receiver.recv_timeout(LIMIT);
    prop_assert!(
        outcome != Err(mpsc::RecvTimeoutError::Timeout),
        "no end with {}",
        shown
    );
    prop_assert!(outcome.is_ok(), "a panic with {}", shown);
    let _ = worker.expect("a thread").join();
    if let Ok(Err(error)) = outcome {
        prop_assert!(
            !error.contains("progenitor stopped"),
            "{}: {}",
            error,
            shown
        );
        prop_assert!(
            !error.trim().is_empty(),
            "an error says something: {}",
            shown
        );
    }
    Ok(())
}

/// The most memory that this process has had, in KiB; nothing where the system does not say.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// How many documents of one kind are tried; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: asked.and_then(|text| text.parse().ok()).unwrap_or(160),
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn a_document_changed_at_random_never_makes_the_pipeline_panic_or_hang() {
    for documents in [vec![seed()], constructs(), published()] {
        if documents.is_empty() {
            continue;
        }
        let cases = (prop::sample::select(documents), changes());
        let mut runner = proptest::test_runner::TestRunner::new(config());
        let done = runner.run(&cases, |(document, changes)| {
            survives(changed(document, changes))
        });
        if let Err(error) = done {
            panic!("{error}");
        }
        assert!(peak() < MEMORY, "{} MiB", peak() >> 10);
    }
}
