//! Instances that are what their schemas say: made anew until they are, and at last without
//! the parts for which chance finds nothing.

use serde_json::Value;

use crate::{
    document::Document,
    instance::instance,
    rules::{Reading, Violation},
    shape::{Direction, Shape},
};

/// How often an instance is made anew.
const TRIES: u64 = 24;

/// How often parts are left out of one before it is given up.
const ROUNDS: usize = 64;

/// A value for a schema that is what the schema says; `None` where chance finds none. What is
/// sent is what the schema says to the letter, if there is such a value.
pub fn sample(document: &Document, schema: &Value, shape: Shape, seed: u64) -> Option<Value> {
    if shape.turn.is_some() {
        // A part of a union may have no value at all; then chance finds another.
        let by_chance = Shape {
            turn: None,
            ..shape
        };
        let made = valid(document, schema, shape, seed);
        return made.or_else(|| valid(document, schema, by_chance, seed));
    }
    valid(document, schema, shape, seed)
}

fn valid(document: &Document, schema: &Value, shape: Shape, seed: u64) -> Option<Value> {
    let letter = |value: &Value| {
        let rules = &document.rules;
        rules.check_as(&document.root, schema, value, Reading::Letter)
    };
    let either = |value: &Value| document.rules.check(&document.root, schema, value);
    let exact = match shape.direction {
        Direction::Request => find(document, schema, shape, seed, letter),
        Direction::Answer => None,
    };
    exact.or_else(|| find(document, schema, shape, seed, either))
}

fn find(
    document: &Document,
    schema: &Value,
    shape: Shape,
    seed: u64,
    wrong: impl Fn(&Value) -> Vec<Violation>,
) -> Option<Value> {
    let mut values = (0..TRIES).map(|attempt| {
        let seed = seed.wrapping_add(attempt * 7_919);
        instance(&document.root, schema, shape, seed)
    });
    let whole = values.find(|value| wrong(value).is_empty());
    whole.or_else(|| without_wrong_parts(instance(&document.root, schema, shape, seed), wrong))
}

/// A value without what is wrong in it.
fn without_wrong_parts(
    mut value: Value,
    wrong: impl Fn(&Value) -> Vec<Violation>,
) -> Option<Value> {
    for _ in 0..ROUNDS {
        let violations = wrong(&value);
        if violations.is_empty() {
            return Some(value);
        }
        // The last item of a list first, so that the others keep their places.
        let mut removed = violations
            .iter()
            .rev()
            .filter(|violation| remove(&mut value, &violation.at));
        removed.next()?;
        removed.for_each(drop);
    }
    None
}

/// Takes the part at a pointer out, if it is there.
fn remove(value: &mut Value, pointer: &str) -> bool {
    let Some((parent, part)) = pointer.rsplit_once('/') else {
        return false;
    };
    match value.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            let name = part.replace("~1", "/").replace("~0", "~");
            fields.remove(&name).is_some()
        }
        Some(Value::Array(items)) => match part.parse() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}
