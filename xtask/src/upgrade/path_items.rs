//! References to whole path items: OpenAPI 3.0 has nowhere to share them, so each is put in place.

use serde_json::{Map, Value};

use super::{Context, MOST_REPEATED};
use crate::openapi::pointer::{Pointer, candidates};

/// How many references a path item may lead through.
const MOST_JUMPS: usize = 16;

/// Puts the path item in place of every local reference to one. What stands beside the reference
/// wins over what is referred to.
pub fn inline(document: &mut Value, context: &mut Context) {
    let Some(Value::Object(paths)) = document.get("paths") else {
        return;
    };
    let referring: Vec<(String, Map<String, Value>)> = paths
        .iter()
        .filter_map(|(path, item)| {
            let item = item.as_object()?;
            let reference = item.get("$ref")?.as_str()?;
            Some((path.clone(), follow(document, reference, item.clone())?))
        })
        .collect();
    for (path, item) in referring {
        let at = Pointer::new(["paths", &path]);
        context.repeated += size(&item, MOST_REPEATED.saturating_sub(context.repeated));
        if context.repeated > MOST_REPEATED {
            return;
        }
        if let Some(held) = at.get_mut(document) {
            let was = held["$ref"].as_str().unwrap_or_default().to_owned();
            context.notes.add(
                &at,
                "reference to a path item",
                was,
                "the path item in place",
            );
            *held = Value::Object(item);
        }
    }
}

fn follow(
    document: &Value,
    reference: &str,
    mut item: Map<String, Value>,
) -> Option<Map<String, Value>> {
    let mut next = Some(reference.to_owned());
    item.shift_remove("$ref");
    for _ in 0..MOST_JUMPS {
        let Some(reference) = next.take() else {
            return Some(item);
        };
        let shared = candidates(&reference)
            .iter()
            .find_map(|at| at.get(document)?.as_object())?;
        for (key, value) in shared {
            if key == "$ref" {
                next = value.as_str().map(str::to_owned);
            } else {
                item.entry(key).or_insert_with(|| value.clone());
            }
        }
    }
    None
}

/// How many values there are, counted up to a bit over `limit`.
fn size(item: &Map<String, Value>, limit: usize) -> usize {
    let mut pending: Vec<&Value> = item.values().collect();
    let mut count = 0;
    while let Some(value) = pending.pop() {
        count += 1;
        if count > limit {
            break;
        }
        match value {
            Value::Array(list) => pending.extend(list),
            Value::Object(map) => pending.extend(map.values()),
            _ => {}
        }
    }
    count
}
