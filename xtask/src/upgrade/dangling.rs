//! References that lead nowhere, or round in circles: what refers becomes the widest thing that can
//! stand there, so that the rest of the document stays usable. Each is a loss.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::Context;
use super::note::Notes;
use crate::openapi::brief;
use crate::openapi::grammar::Kind;
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::look;

const CONSTRUCT: &str = "reference to nowhere";

/// Cuts every reference that leads to nothing.
pub fn cut(document: &mut Value, context: &mut Context) {
    let mut found = Vec::new();
    let mut mappings = Vec::new();
    look(document, &mut |value, kind, at| {
        if let Some(Value::String(target)) = value.get("$ref") {
            found.push((at.clone(), kind, target.clone()));
        }
        if is_schema(kind) && value.pointer("/discriminator/mapping").is_some() {
            mappings.push(at.clone());
        }
    });
    let mut gone = Vec::new();
    let mut ends = HashSet::new();
    for (at, kind, target) in found {
        let Some(why) = problem(document, &at, kind, &target, &mut ends) else {
            continue;
        };
        let was = format!("`{target}`, which {why}");
        if let Some(now) = widest(document, &at, kind) {
            context.notes.lose(&at, CONSTRUCT, was, now);
        } else {
            gone.push((at, kind, was));
        }
    }
    // From the end, so that the places of the others stay as they are.
    for (at, kind, was) in gone.into_iter().rev() {
        remove(document, &at);
        let now = "left out";
        match kind {
            Kind::Example | Kind::Link | Kind::Callback | Kind::SecurityScheme => {
                context.notes.add(&at, CONSTRUCT, was, now);
            }
            _ => context.notes.lose(&at, CONSTRUCT, was, now),
        }
    }
    for at in mappings {
        mapping(document, &at, &mut context.notes);
    }
}

fn is_schema(kind: Kind) -> bool {
    matches!(kind, Kind::Schema | Kind::SchemaOrBool)
}

/// Why a reference means nothing, if it does. A schema may refer to one that is cut itself; whatever
/// else refers needs something at the end. `ends` has the places whose references are known to come
/// to an end, so that long chains are followed once.
fn problem(
    document: &Value,
    at: &Pointer,
    kind: Kind,
    target: &str,
    ends: &mut HashSet<Pointer>,
) -> Option<&'static str> {
    let mut seen = HashSet::new();
    let mut target = target;
    loop {
        let place = target.strip_prefix('#').and_then(Pointer::parse);
        let found = place.as_ref().and_then(|place| place.get(document));
        let (Some(place), Some(found)) = (place, found.filter(|found| !found.is_null())) else {
            let first = seen.is_empty() || !is_schema(kind);
            return first.then_some("leads nowhere");
        };
        if place == *at {
            return Some("leads back to itself");
        }
        let next = found.get("$ref").and_then(Value::as_str);
        let Some(next) = next.filter(|_| !ends.contains(&place)) else {
            ends.extend(seen);
            return None;
        };
        if !seen.insert(place) {
            return (!is_schema(kind)).then_some("leads round in a circle");
        }
        target = next;
    }
}

/// Puts the widest thing in the place of what refers, and says what that is; nothing where the
/// place itself has to go.
fn widest(document: &mut Value, at: &Pointer, kind: Kind) -> Option<&'static str> {
    let Some(Value::Object(map)) = at.get_mut(document) else {
        return None;
    };
    match kind {
        Kind::Schema | Kind::SchemaOrBool => {
            map.shift_remove("$ref");
            Some("any value")
        }
        Kind::MediaType => {
            map.shift_remove("$ref");
            Some("any content")
        }
        Kind::Response => {
            *map = Map::from_iter([("description".to_owned(), json!(""))]);
            Some("any content")
        }
        Kind::RequestBody => {
            map.shift_remove("$ref");
            let any = json!({"application/json": {"schema": {}}});
            map.insert("content".to_owned(), any);
            Some("any JSON")
        }
        _ => None,
    }
}

fn remove(document: &mut Value, at: &Pointer) {
    let mut holder = at.clone();
    holder.pop();
    let Some(last) = at.tokens().last() else {
        return;
    };
    match holder.get_mut(document) {
        Some(Value::Object(map)) => drop(map.shift_remove(last)),
        Some(Value::Array(list)) => {
            if let Ok(index) = last.parse::<usize>()
                && index < list.len()
            {
                list.remove(index);
            }
        }
        _ => {}
    }
}

/// Leaves out values of a discriminator that stand for nothing. Responses with them are read as
/// unknown variants.
fn mapping(document: &mut Value, at: &Pointer, notes: &mut Notes) {
    let leads = |target: &Value| {
        let Some(text) = target.as_str().filter(|text| text.contains(['#', '/'])) else {
            return true;
        };
        let place = text.strip_prefix('#').and_then(Pointer::parse);
        place.is_some_and(|place| place.get(document).is_some())
    };
    let at = at.join(&["discriminator", "mapping"]);
    let held = at.get(document).and_then(Value::as_object);
    let open: Vec<String> = held
        .into_iter()
        .flatten()
        .filter(|(_, target)| !leads(target))
        .map(|(value, _)| value.clone())
        .collect();
    for value in open {
        let place = at.join(&[&value]);
        let was = place.get(document).map_or_else(String::new, brief);
        notes.lose(
            &place,
            CONSTRUCT,
            format!("{was}, which leads nowhere"),
            "left out",
        );
        remove(document, &place);
    }
}
