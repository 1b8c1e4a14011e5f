//! What the whole pipeline costs against plain progenitor on the same lowered document,
//! both from JSON to formatted code, and how it grows with the document.

use std::{
    hint::black_box,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use rayon::prelude::*;
use serde_json::{Value, json};
use sixclicks_benches::{Comparison, Figure, time};
use xtask::{
    commands::conformance::document,
    config::Config,
    emit::Place,
    generate::skeleton,
    lower::lower,
    model::Plan,
    pipeline::{self, Input},
    read,
    report::Report,
    split::{SplitConfig, SplitInput, split},
    upgrade::upgrade,
};

fn main() {
    let run = std::thread::Builder::new()
        .stack_size(pipeline::STACK)
        .spawn(measure)
        .expect("a thread");
    if run.join().is_err() {
        std::process::exit(1);
    }
}

fn measure() {
    std::panic::set_hook(Box::new(|_| {}));
    for operations in [100, 1_000] {
        compare(&format!("{operations} operations"), &made(operations));
    }
    let each = |operations: usize| {
        let text = made(operations).to_string();
        time(|| ours(&text)) / operations as f64
    };
    let (hundred, thousand, ten_thousand) = (each(100), each(1_000), each(10_000));
    for (name, value) in [
        (
            "1,000 operations, each against each of 100",
            thousand / hundred,
        ),
        (
            "10,000 operations, each against each of 1,000",
            ten_thousand / thousand,
        ),
    ] {
        Figure {
            name,
            value,
            unit: "×",
            bound: Some(1.25),
        }
        .print();
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("skipped: ../shared/corpus is not there");
        return;
    }
    let sonarr = corpus.join("products/Sonarr_src_Sonarr.Api.V3_openapi.json");
    match read::read(&sonarr.display().to_string(), &read::ReadOptions::default()) {
        Ok(documents) => compare("Sonarr v3", &documents[0].value),
        Err(error) => eprintln!("skipped: {error}"),
    }
    whole(&corpus);
}

/// Our way and plain progenitor's over one document.
fn compare(name: &str, document: &Value) {
    let text = document.to_string();
    let lowered: Vec<String> = lowered(document).iter().map(Value::to_string).collect();
    Comparison {
        name: &format!("pipeline, {name}"),
        a: "sixclicks",
        b: "progenitor",
        bound: Some(1.5),
    }
    .run(
        || ours(&text),
        || {
            for text in &lowered {
                assert!(theirs(text).is_some(), "progenitor takes it");
            }
        },
    );
}

/// From the document to the files of its crates.
fn ours(text: &str) {
    let value = serde_json::from_str(text).expect("JSON");
    let input = Input::new("made", "made", value);
    let place = Place::Elsewhere(PathBuf::from(".."));
    let crates = pipeline::run(vec![input], &Config::default(), &place).expect("crates");
    black_box(crates);
}

/// What progenitor's own instructions for a build script do; nothing when it refuses.
fn theirs(text: &str) -> Option<()> {
    let document: OpenAPI = serde_json::from_str(text).ok()?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder);
    let generate = || Generator::new(&settings).generate_tokens(&document);
    let tokens = catch_unwind(AssertUnwindSafe(generate)).ok()?.ok()?;
    let file = syn::parse2(tokens).ok()?;
    black_box(prettyplease::unparse(&file));
    Some(())
}

/// The document lowered, one for each API. Where progenitor refuses the full one, it is
/// given what our generator gives it, which holds less.
fn lowered(document: &Value) -> Vec<Value> {
    let value = upgrade(document.clone()).expect("OpenAPI 3.0").value;
    let input = SplitInput {
        name: "made".into(),
        value,
    };
    let config = Config::default();
    let rule = SplitConfig {
        suffix: Some(config.api.suffix.clone()).filter(|suffix| !suffix.is_empty()),
        name: config.api.name.clone(),
        version: config.api.version.clone(),
    };
    let apis = split(vec![input], &rule).expect("APIs");
    apis.into_iter()
        .map(|api| {
            let mut document = api.value;
            lower(&mut document, &mut Report::default()).expect("a lowered document");
            if theirs(&document.to_string()).is_some() {
                document
            } else {
                skeleton::document(&Plan::new(&document))
            }
        })
        .collect()
}

/// A document with so many operations: for each five a schema with a reference to the one
/// before, and a list, a read, a creation, a change and a removal.
fn made(operations: usize) -> Value {
    let mut paths = json!({});
    let mut schemas = json!({});
    for index in 0..operations / 5 {
        let name = format!("Thing{index}");
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        let content = |schema: &Value| json!({"application/json": {"schema": schema}});
        let answer =
            |schema: &Value| json!({"200": {"description": "OK", "content": content(schema)}});
        let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "format": "int64"}}]);
        schemas[&name] = json!({
            "type": "object", "required": ["id"], "properties": {
                "id": {"type": "integer", "format": "int64"},
                "name": {"type": "string", "nullable": true},
                "created": {"type": "string", "format": "date-time"},
                "status": {"type": "string", "enum": ["Open", "Closed", "Pending"]},
                "parent": {"$ref": format!("#/components/schemas/Thing{}", index.saturating_sub(1))},
            },
        });
        paths[format!("/api/things{index}")] = json!({
            "get": {"tags": [name], "parameters": [{"name": "filter", "in": "query", "schema": {"type": "string"}}],
                "responses": answer(&json!({"type": "array", "items": reference}))},
            "post": {"tags": [name], "requestBody": {"required": true, "content": content(&reference)},
                "responses": answer(&reference)},
        });
        paths[format!("/api/things{index}/{{id}}")] = json!({
            "get": {"tags": [name], "parameters": id, "responses": answer(&reference)},
            "put": {"tags": [name], "parameters": id, "responses": answer(&reference),
                "requestBody": {"required": true, "content": content(&reference)}},
            "delete": {"tags": [name], "parameters": id, "responses": {"204": {"description": "gone"}}},
        });
    }
    json!({"openapi": "3.0.1", "info": {"title": "Made", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas}})
}

/// All documents of a folder in one go, in parallel.
fn whole(folder: &Path) {
    let start = std::time::Instant::now();
    let files = read::documents_in(folder).expect("a folder of documents");
    rayon::ThreadPoolBuilder::new()
        .stack_size(pipeline::STACK)
        .build()
        .expect("threads")
        .install(|| {
            files.par_iter().for_each(|file| {
                black_box(document(file, None));
            });
        });
    Figure {
        name: "all of ../shared/corpus in one go",
        value: start.elapsed().as_secs_f64(),
        unit: "s",
        bound: None,
    }
    .print();
}
