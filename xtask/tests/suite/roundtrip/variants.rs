//! Every variant of a union: values made at random, as the document describes them, are read as
//! exactly that variant and are written again with the discriminator first.

use serde_json::{Map, Value, json};

use super::{driver, instances::Maker, on_a_deep_stack, subject};

/// How many values are made of each variant.
const EACH: u64 = 24;

/// A value of a variant.
struct Sent {
    /// The name of the case, the union and the variant.
    of: [String; 3],
    value: Value,
    tags: Map<String, Value>,
}

#[test]
fn every_variant_is_read_as_itself_and_written_with_its_tag_first() {
    on_a_deep_stack(|| {
        let cases: Vec<Value> = serde_json::from_str(include_str!("variants.json")).expect("cases");
        let mut kinds = Vec::new();
        let mut sent = Vec::new();
        let mut lines = Vec::new();
        for (at, case) in cases.iter().enumerate() {
            let name = case["name"].as_str().expect("a name");
            let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
                "paths": {}, "components": {"schemas": case["schemas"]}});
            let subject = subject(name, document).unwrap_or_else(|error| panic!("{name}: {error}"));
            let unions = case["expected"].as_object().expect("unions");
            for (union, variants) in unions {
                let index = subject.schemas.iter().position(|own| own == union);
                let index = index.unwrap_or_else(|| panic!("{name}: no {union}"));
                for (variant, expected) in variants.as_object().expect("variants") {
                    let tags = expected["tag"].as_object().expect("tags").clone();
                    let of = expected["of"].as_str().expect("a schema");
                    for value in values(&subject.document, of, &tags) {
                        lines.push((at, index, value.clone()));
                        let of = [name, union, variant].map(str::to_owned);
                        let tags = tags.clone();
                        sent.push(Sent { of, value, tags });
                    }
                }
            }
            kinds.push(subject.types);
        }
        let program = driver::build("variants", &kinds);
        let back = driver::run(&program, &lines);
        let wrong: Vec<String> = sent
            .iter()
            .zip(back)
            .filter_map(|(sent, back)| {
                let problem = problem(sent, back)?;
                Some(format!("{:?}: {}\n  {problem}", sent.of, sent.value))
            })
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(sent.len() as u64 >= 20 * EACH);
    });
}

/// Values of a schema with these tags, which stand last.
fn values(document: &Value, of: &str, tags: &Map<String, Value>) -> Vec<Value> {
    let pointer = format!("#/components/schemas/{of}");
    let make = |seed| {
        let part = json!({"allOf": [{"$ref": pointer}]});
        let mut value = Maker::new(document, seed).instance(&part)?;
        let object = value.as_object_mut()?;
        for (property, tag) in tags {
            object.shift_remove(property);
            if !tag.is_null() {
                object.insert(property.clone(), tag.clone());
            }
        }
        Some(value)
    };
    let values: Vec<Value> = (0..EACH).filter_map(make).collect();
    assert_eq!(values.len() as u64, EACH, "values of {of}");
    values
}

/// What is wrong with what came back, if anything is.
fn problem(sent: &Sent, back: Result<driver::Back, String>) -> Option<String> {
    let back = match back {
        Ok(back) => back,
        Err(error) => return Some(format!("was not read: {error}")),
    };
    if back.variant != sent.of[2] {
        return Some(format!("was read as {}", back.variant));
    }
    if !driver::same(&sent.value, &back.value) {
        return Some(format!("came back as {}", back.value));
    }
    let names: Vec<&String> = sent.tags.keys().collect();
    misplaced(&back.value, &names).map(|at| format!("{at} is not first in {}", back.value))
}

/// A discriminator that is not among the first members of its object.
fn misplaced(value: &Value, tags: &[&String]) -> Option<String> {
    match value {
        Value::Object(object) => {
            let found = object.keys().filter(|name| tags.contains(name)).count();
            let mut first = object.keys().take(found);
            if let Some(other) = first.find(|name| !tags.contains(name)) {
                return Some(format!("the tag behind `{other}`"));
            }
            object.values().find_map(|value| misplaced(value, tags))
        }
        Value::Array(items) => items.iter().find_map(|item| misplaced(item, tags)),
        _ => None,
    }
}
