//! No pass takes a property out of a schema: what a type can say after lowering is at least what
//! its schema said before. Read here by a reading of its own, apart from the passes'.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::{Value, json};
use xtask::{
    lower,
    pipeline::STACK,
    read,
    report::Report,
    split::{SplitConfig, SplitInput, split},
    upgrade::upgrade,
};

/// How deep the properties of properties are compared.
const DEPTH: usize = 2;

/// The properties of each component.
type Properties = BTreeMap<String, BTreeSet<String>>;

/// The properties that a schema can have, with those of what they hold.
struct Reader<'a> {
    schemas: &'a Value,
    found: BTreeSet<String>,
    followed: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self, schema: &Value, at: &str, depth: usize) {
        if let Some(name) = schema["$ref"].as_str().map(component) {
            if self.followed.contains(&name) {
                return;
            }
            let target = &self.schemas[&name];
            self.followed.push(name);
            self.read(target, at, depth);
            self.followed.pop();
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            for part in schema[keyword].as_array().into_iter().flatten() {
                self.read(part, at, depth);
            }
        }
        // What stands beside another type says nothing.
        let kind = schema["type"].as_str();
        if kind.is_none_or(|kind| kind == "array") {
            self.read_held(&schema["items"], &format!("{at}[]"), depth);
        }
        self.read_held(&schema["additionalProperties"], &format!("{at}{{}}"), depth);
        if kind.is_some_and(|kind| kind != "object") || schema.get("enum").is_some() {
            return;
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let wire = property["x-sixclicks-mark-wire-name"]
                .as_str()
                .unwrap_or(name);
            let at = format!("{at}/{wire}");
            self.found.insert(at.clone());
            self.read_held(property, &at, depth);
        }
    }

    fn read_held(&mut self, schema: &Value, at: &str, depth: usize) {
        if depth < DEPTH && schema.is_object() {
            let followed = std::mem::take(&mut self.followed);
            self.read(schema, at, depth + 1);
            self.followed = followed;
        }
    }
}

fn component(reference: &str) -> String {
    let name = reference.rsplit('/').next().unwrap_or_default();
    name.replace("~1", "/").replace("~0", "~")
}

/// The properties of every component.
fn properties(document: &Value) -> Properties {
    let schemas = match document.get("swagger") {
        Some(_) => &document["definitions"],
        None => &document["components"]["schemas"],
    };
    let names = schemas.as_object().into_iter().flatten();
    names
        .map(|(name, schema)| {
            let mut reader = Reader {
                schemas,
                found: BTreeSet::new(),
                followed: vec![name.clone()],
            };
            reader.read(schema, "", 0);
            (name.clone(), reader.found)
        })
        .collect()
}

/// The properties that a step took out of schemas.
fn gone(step: &str, before: &Properties, after: &Properties) -> Vec<String> {
    let schemas = before.iter().filter_map(|(schema, properties)| {
        let gone: Vec<&String> = properties.difference(after.get(schema)?).collect();
        (!gone.is_empty()).then(|| format!("{step}: {schema} has no {gone:?}"))
    });
    schemas.collect()
}

/// What is missing after the passes, by pass.
fn missing(mut document: Value) -> Vec<String> {
    let mut report = Report::default();
    let mut wrong = Vec::new();
    let mut before = properties(&document);
    for (name, pass) in lower::passes() {
        let order: Vec<String> = before.keys().cloned().collect();
        // What no pass can lower is an error, and not silence.
        if pass(&mut document, &mut report).is_err() {
            break;
        }
        let after = properties(&document);
        // These give schemas other names, and take what heirs of one base say out of each other.
        if name == "heirs" {
            let all = |found: &Properties| {
                found
                    .values()
                    .flatten()
                    .cloned()
                    .collect::<BTreeSet<String>>()
            };
            wrong.extend(
                all(&before)
                    .difference(&all(&after))
                    .map(|gone| format!("{name}: {gone}")),
            );
        } else if name == "type names" {
            let count = |all: &Properties| {
                let mut counts: Vec<usize> = all.values().map(BTreeSet::len).collect();
                counts.sort_unstable();
                counts
            };
            if count(&before) != count(&after) {
                wrong.push(format!("{name}: {order:?}"));
            }
        } else {
            wrong.extend(gone(name, &before, &after));
        }
        before = after;
    }
    wrong
}

/// What is missing after the upgrade and the passes.
fn missing_of(name: &str, value: Value) -> Vec<String> {
    let before = properties(&value);
    let Ok(upgraded) = upgrade(value) else {
        return Vec::new();
    };
    let mut wrong = gone("upgrade", &before, &properties(&upgraded.value));
    let input = SplitInput {
        name: name.to_owned(),
        value: upgraded.value,
    };
    let apis = split(vec![input], &SplitConfig::default()).unwrap_or_default();
    wrong.extend(apis.into_iter().flat_map(|api| missing(api.value)));
    wrong
}

fn with_room<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    thread.expect("a thread").join().expect("no panic")
}

#[test]
fn a_property_that_no_pass_keeps_is_told() {
    let schema = |properties: Value| json!({"components": {"schemas": {"A": {"type": "object", "properties": properties}}}});
    let all = properties(&schema(
        json!({"a": {"type": "object", "properties": {"b": {}}}}),
    ));
    assert_eq!(
        all["A"],
        BTreeSet::from(["/a".to_owned(), "/a/b".to_owned()])
    );
}

#[test]
fn no_pass_takes_a_property_out_of_the_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/passes");
    let mut seen = 0;
    for entry in folder.read_dir().expect("the folder of the cases") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file");
        let cases: Vec<Value> = serde_json::from_str(&text).expect("cases");
        for case in cases {
            let schemas = case["before"]["schemas"].clone();
            if !schemas.is_object() {
                continue;
            }
            seen += 1;
            let document = json!({"components": {"schemas": schemas}});
            let wrong = with_room(move || missing(document));
            assert_eq!(wrong, [""; 0], "{}: {}", path.display(), case["name"]);
        }
    }
    assert!(seen > 60, "{seen} cases");
}

#[test]
fn no_pass_takes_a_property_out_of_real_documents() {
    let mut wrong = Vec::new();
    for folder in [
        "corpus/products",
        "corpus/aspnetcore",
        "corpus/features",
        "probes",
    ] {
        let Some(folder) = crate::shared::shared(folder) else {
            continue;
        };
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            let path = path.display().to_string();
            let Ok(read) = read::read(&path, &read::ReadOptions::default()) else {
                continue;
            };
            let file = path.clone();
            let found = with_room(move || {
                let documents = read.into_iter();
                let found = documents.flat_map(|read| missing_of(&file, read.value));
                found.collect::<Vec<_>>()
            });
            wrong.extend(found.into_iter().map(|what| format!("{path}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
