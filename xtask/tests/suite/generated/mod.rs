//! What the generated Rust looks like, from documents with one construct each.

mod answers;
mod asides;
mod constructs;
mod names;
mod paging;
mod requests;
mod schemas;

use serde_json::{Value, json};
use xtask::{
    config::Config,
    emit::Place,
    pipeline::{GeneratedCrate, Input, run},
};

fn crates(documents: &[Value]) -> Vec<GeneratedCrate> {
    let inputs = documents
        .iter()
        .enumerate()
        .map(|(index, value)| {
            Input::new(format!("d{index}"), format!("d{index}.json"), value.clone())
        })
        .collect();
    run(inputs, &Config::default(), &Place::Workspace).expect("a valid document")
}

fn document(paths: Value, schemas: Value) -> Value {
    json!({"openapi": "3.0.1", "info": {"title": "Things", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

/// A file of the only crate that a document makes.
fn file(document: &Value, name: &str) -> String {
    let made = crates(std::slice::from_ref(document));
    assert_eq!(made.len(), 1);
    made[0].files[std::path::Path::new(name)].clone()
}

/// White space folded, so that line breaks do not matter.
fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("< ", "<")
        .replace(", >", ">")
        .replace(",>", ">")
}

#[track_caller]
fn says(text: &str, part: &str) {
    assert!(folded(text).contains(part), "no `{part}` in\n{text}");
}

fn ok(schema: Value) -> Value {
    json!({"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}})
}

fn component(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
