//! One pair of documents for each kind of change, with what it means for a Rust user. A
//! case in `changes/changes.json` says what is put into, or taken out of (`null`), one small
//! document, and lists the changes that are told, as `verdict subject name action`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xtask::{
    config::Config,
    diff::{self, Change, Verdict, version::Current},
    emit::Place,
    pipeline::{Input, run},
    surface::Surface,
};

fn document() -> Value {
    json!({"openapi": "3.0.1", "info": {"title": "Things", "version": "1"}, "paths": {
        "/things": {"get": {"operationId": "listThings",
            "parameters": [{"name": "sorting", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "OK", "content": {"application/json": {"schema":
                {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}}}}}},
        "/things/{id}": {"put": {"operationId": "putThing",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema":
                {"$ref": "#/components/schemas/NewThing"}}}},
            "responses": {"204": {"description": "Done"}}}}},
        "components": {"schemas": {
            "Thing": {"type": "object", "properties": {"name": {"type": "string"}, "size": {"type": "integer", "format": "int32"}, "color": {"$ref": "#/components/schemas/Color"}, "part": {"$ref": "#/components/schemas/Part"}, "either": {"$ref": "#/components/schemas/Either"}}},
            "NewThing": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "note": {"type": "string"}}},
            "Nut": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "width": {"type": "string"}}},
            "Bolt": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "length": {"type": "string"}}},
            "Part": {"oneOf": [{"$ref": "#/components/schemas/Nut"}, {"$ref": "#/components/schemas/Bolt"}], "discriminator": {"propertyName": "kind"}},
            "Either": {"oneOf": [{"$ref": "#/components/schemas/Nut"}, {"$ref": "#/components/schemas/Bolt"}]},
            "Color": {"type": "string", "enum": ["Red", "Green"]}}}})
}

fn surfaces(document: Value) -> BTreeMap<String, Surface> {
    let input = Input::new("things", "things.json", document);
    run(vec![input], &Config::default(), &Place::Workspace)
        .expect("a good document")
        .into_iter()
        .map(|made| (made.name, made.surface))
        .collect()
}

fn apply(document: &mut Value, changes: &Value) {
    for (pointer, value) in changes.as_object().expect("changes by pointer") {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let key = key.replace("~1", "/");
        let parent = document.pointer_mut(parent).expect(pointer);
        match (parent, value) {
            (Value::Array(items), value) => items.push(value.clone()),
            (Value::Object(object), Value::Null) => drop(object.shift_remove(&key)),
            (parent, value) => parent[key] = value.clone(),
        }
    }
}

fn told(change: &Change) -> String {
    let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let verdict = text(serde_json::to_value(change.verdict).unwrap());
    let action = text(serde_json::to_value(change.action).unwrap());
    format!("{verdict} {} {} {action}", change.subject, change.name)
}

fn current() -> Current {
    Current {
        version: "0.1.0".to_owned(),
        released: None,
    }
}

#[test]
fn every_kind_of_change_is_told_with_what_it_means() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../../changes/changes.json")).unwrap();
    let old = surfaces(document());
    let mut wrong = Vec::new();
    for case in &cases {
        let mut changed = document();
        apply(&mut changed, &case["change"]);
        let crates = diff::compare_all(&old, &surfaces(changed), &|_| current());
        let found: Vec<String> = crates.iter().flat_map(|c| &c.changes).map(told).collect();
        if json!(found) != case["told"] {
            wrong.push(format!("{}: {found:#?}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_only_added_is_never_breaking() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../../changes/changes.json")).unwrap();
    let old = surfaces(document());
    let mut both = document();
    let added = cases
        .iter()
        .filter(|case| case["only_added"] == json!(true));
    let mut count = 0;
    for case in added {
        apply(&mut both, &case["change"]);
        count += 1;
    }
    assert!(count >= 4);
    let crates = diff::compare_all(&old, &surfaces(both), &|_| current());
    assert_eq!(
        crates[0].verdict(),
        Some(Verdict::Compatible),
        "{:#?}",
        crates[0].changes
    );
    assert_eq!(crates[0].to.as_deref(), Some("0.1.1"));
}
