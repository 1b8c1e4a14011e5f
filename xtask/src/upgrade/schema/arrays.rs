//! Arrays: tuples, boolean `items`, `contains`.

use serde_json::{Value, json};

use super::{Schema, Scope, any_of};
use crate::counted::counted;
use crate::openapi::brief;
use crate::openapi::pointer::Pointer;

/// Before the items are walked: `items` as a list (draft 4) is `prefixItems`, `items: false` closes.
pub fn shape(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    if let Some(Value::Array(_)) = schema.get("items") {
        scope.notes.add(
            at,
            "items as a list",
            brief(&schema["items"]),
            "prefixItems",
        );
        let rest = schema.shift_remove("additionalItems");
        let list = schema.shift_remove("items").unwrap_or_default();
        schema.entry("prefixItems").or_insert(list);
        schema.extend(rest.map(|rest| ("items".to_owned(), rest)));
    }
    if schema.get("items") == Some(&json!(false)) {
        let length = schema
            .get("prefixItems")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        scope
            .notes
            .add(at, "items", "false", format!("maxItems: {length}"));
        schema.shift_remove("items");
        schema.entry("maxItems").or_insert_with(|| json!(length));
    }
}

/// A tuple is an array of whatever its places hold.
pub fn tuple(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    if let Some(places) = schema.shift_remove("prefixItems")
        && let Value::Array(places) = places
    {
        scope.notes.add(
            at,
            "tuple",
            counted(places.len(), "place"),
            "an array of their union",
        );
        let mut shared = Vec::with_capacity(places.len());
        for (index, place) in places.into_iter().enumerate() {
            let mut at = at.join(&["item"]);
            at.push_index(index);
            shared.push(scope.share(place, &at));
        }
        let mut union = shared.clone();
        union.extend(schema.shift_remove("items"));
        schema.entry("type").or_insert_with(|| json!("array"));
        if !union.is_empty() {
            schema.insert("items".to_owned(), any_of(union));
        }
        schema.insert(
            "x-sixclicks-mark-prefix-items".to_owned(),
            Value::Array(shared),
        );
    }
    if schema.get("type").and_then(Value::as_str) == Some("array") && !schema.contains_key("items")
    {
        schema.insert("items".to_owned(), json!({}));
    }
    for key in [
        "contains",
        "minContains",
        "maxContains",
        "unevaluatedItems",
        "additionalItems",
    ] {
        if let Some(value) = schema.shift_remove(key) {
            let was = format!("{key}: {}", brief(&value));
            scope.notes.add(at, "constraint on items", was, "left out");
        }
    }
}
