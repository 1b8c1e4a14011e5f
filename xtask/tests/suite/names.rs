//! Names are stable: without any one of its operations, a document gives every other
//! operation and every type that is left the name that they have with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use xtask::{
    lower::{lower, walk},
    pipeline::STACK,
    read,
    report::Report,
    split::{SplitConfig, SplitInput, split},
    upgrade::upgrade,
};

/// How many operations of a real document are taken out, one after the other.
const SAMPLE: usize = 4;

/// The names that a document's operations and schemas get.
#[derive(Debug, Default, PartialEq)]
struct Names {
    /// By method and path.
    operations: BTreeMap<String, String>,
    types: BTreeSet<String>,
}

fn names(document: Value) -> Names {
    let input = SplitInput {
        name: "document".to_owned(),
        value: upgrade(document).expect("a document").value,
    };
    let mut names = Names::default();
    for mut api in split(vec![input], &SplitConfig::default()).expect("one document") {
        lower(&mut api.value, &mut Report::default()).expect("a valid document");
        walk::operations(&mut api.value, &mut |pointer, _, _, operation| {
            let name = operation["operationId"].as_str().unwrap_or_default();
            names.operations.insert(pointer.to_owned(), name.to_owned());
        });
        let schemas = api.value["components"]["schemas"].as_object();
        names
            .types
            .extend(schemas.into_iter().flat_map(Map::keys).cloned());
    }
    names
}

/// Takes so many operations out, one at a time, and tells every name that is another without it.
fn renamed(document: &Value, sample: usize) -> Vec<String> {
    let all = names(document.clone());
    let operations: Vec<(String, &str)> = document["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            let methods = walk::METHODS.into_iter();
            methods
                .filter(|method| item[*method].is_object())
                .map(|method| (path.clone(), method))
        })
        .collect();
    let mut renamed = Vec::new();
    for (path, method) in operations
        .iter()
        .step_by(operations.len().div_ceil(sample).max(1))
    {
        let mut fewer = document.clone();
        if let Some(item) = fewer["paths"][path].as_object_mut() {
            item.remove(*method);
        }
        let left = names(fewer);
        for (place, name) in &left.operations {
            if all.operations.get(place) != Some(name) {
                renamed.push(format!(
                    "without {method} {path}: {place} is `{name}`, with it {:?}",
                    all.operations.get(place)
                ));
            }
        }
        for name in left.types.difference(&all.types) {
            renamed.push(format!("without {method} {path}: the type `{name}`"));
        }
    }
    renamed
}

fn get(schema: &Value) -> Value {
    json!({"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}}})
}

#[test]
fn an_operation_more_or_less_renames_nothing() {
    let inline = json!({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "string", "enum": ["x", "y"]}}}}});
    let one = get(&inline);
    let other = get(&json!({"$ref": "#/components/schemas/Ns.PageOf`1[[Ns.Line]]"}));
    let both = json!({"get": one, "post": other});
    let document = json!({
        "openapi": "3.0.1",
        "info": {"title": "Shop", "version": "1.0"},
        "paths": {
            "/api/v1/Orders": both,
            "/api/v2/Orders": both,
            "/api/v1/Orders/{id}": both,
            "/api/v1/Orders/lines": both,
            "/api/v1/Orders/{id}/lines": both,
            "/api/v1/Orders/lines/{line}": both,
            "/api/v1/Orders/search": both,
            "/api/v1/Account/roles": both,
            "/api/v1/Account/{id}/roles": both,
            "/api/v1/Account/roles/{id}": both,
            "/api/services/app/User/GetAll": both,
            "/api/services/app/User/Get": {"get": one},
            "/{tenant}/Orders": both,
        },
        "components": {"schemas": {
            "Ns.Line": {"type": "object", "properties": {"kind": {"type": "integer", "enum": [1, 2]}, "next": inline}},
            "Ns.PageOf`1[[Ns.Line]]": {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Ns.Line"}}}},
        }},
    });
    assert_eq!(renamed(&document, usize::MAX), [""; 0]);
    assert_eq!(names(document).operations.len(), 25);
}

#[test]
fn of_two_with_one_name_the_simpler_keeps_it() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let item =
        |name: &str| json!({"get": get(&json!({"$ref": format!("#/components/schemas/{name}")}))});
    let mut document = json!({
        "openapi": "3.0.1",
        "info": {"title": "Shop", "version": "1.0"},
        "paths": {"/order-lines": item("App.Line")},
        "components": {"schemas": {"App.Line": schema, "App.Old.Line": schema}},
    });
    let alone = names(document.clone());
    document["paths"]["/order/lines/"] = item("App.Old.Line");
    let both = names(document);
    assert_eq!(alone.types, BTreeSet::from(["Line".to_owned()]));
    assert!(alone.types.is_subset(&both.types), "{both:?}");
    for (place, name) in &alone.operations {
        assert_eq!(both.operations.get(place), Some(name));
    }
    assert_eq!(both.operations.len(), 2);
}

#[test]
fn real_documents_have_stable_names() {
    let Some(products) = crate::shared::shared("corpus/products") else {
        return;
    };
    let files = read::documents_in(&products).expect("a folder");
    let wrong: Vec<String> = files
        .into_iter()
        .flat_map(|file| {
            let work = move || {
                let path = file.display().to_string();
                let documents =
                    read::read(&path, &read::ReadOptions::default()).expect("a document");
                documents
                    .iter()
                    .flat_map(|document| renamed(&document.value, SAMPLE))
                    .collect::<Vec<_>>()
            };
            let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
            thread.expect("a thread").join().expect("no panic")
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
