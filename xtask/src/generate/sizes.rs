//! How large the types of a document are. Types that hold each other by value add up: a graph
//! of entities comes to structs of a hundred kilobytes, and reading a few of them within each
//! other to the end of the stack.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{plan::Plan, rust_types::target};

/// From how many bytes on a type is put into a box where another type has it as a field.
const LARGE: usize = 1024;

/// What a pointer takes, in bytes.
const POINTER: usize = 8;

/// The names of the types that are too large to be fields.
pub fn large(plan: &Plan) -> HashSet<String> {
    let mut sizes = Sizes {
        plan,
        known: HashMap::new(),
    };
    let names = plan.schemas.keys();
    names
        .filter(|name| sizes.of_type(name) > LARGE)
        .cloned()
        .collect()
}

/// The sizes of the types so far, in bytes, as an estimate: nothing is said of their layout.
struct Sizes<'a> {
    plan: &'a Plan,
    known: HashMap<&'a str, usize>,
}

impl Sizes<'_> {
    fn of_type(&mut self, name: &str) -> usize {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let plan = self.plan;
        let Some((name, schema)) = plan.schemas.get_key_value(name) else {
            return POINTER;
        };
        // Whoever asks for it meanwhile is part of a circle, where it is a pointer.
        self.known.insert(name, POINTER);
        let size = self.of_component(schema);
        self.known.insert(name, size);
        size
    }

    fn of_component(&mut self, schema: &Value) -> usize {
        if let Some(variants) = schema["oneOf"].as_array() {
            let sizes = variants.iter().map(|variant| self.of_value(variant));
            return sizes.max().unwrap_or_default() + POINTER;
        }
        if let Some(properties) = schema["properties"].as_object() {
            let fields = properties.values().map(|property| self.of_field(property));
            return fields.sum();
        }
        self.of_value(schema)
    }

    fn of_field(&mut self, schema: &Value) -> usize {
        match self.of_value(schema) {
            large if large > LARGE => POINTER,
            size => size,
        }
    }

    fn of_value(&mut self, schema: &Value) -> usize {
        if let Some(name) = target(schema) {
            return self.of_type(&name);
        }
        match schema["type"].as_str() {
            Some("boolean") => 1,
            // With room for whether it is there.
            Some("integer" | "number") => 16,
            Some("string" | "array") => 24,
            // A map, a decimal or any value.
            _ => 32,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_large_by_what_it_holds_itself_and_not_by_what_is_in_boxes() {
        let texts: serde_json::Map<String, Value> = (0..43)
            .map(|number| (format!("t{number}"), json!({"type": "string"})))
            .collect();
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let holding = |held: &[&str]| {
            let properties = held
                .iter()
                .map(|name| (name.to_lowercase(), reference(name)));
            json!({"type": "object", "properties": properties.collect::<serde_json::Map<_, _>>()})
        };
        let mut almost = texts.clone();
        almost.remove("t0");
        let document = json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": {
            "Large": {"type": "object", "properties": texts},
            "Almost": {"type": "object", "properties": almost},
            "Holder": holding(&["Large", "Almost"]),
            "Both": holding(&["Almost", "Holder"]),
            "Union": {"oneOf": [reference("Almost"), reference("Large")]},
            "Circle": holding(&["Circle", "Large"]),
            "List": {"type": "object", "properties": {"items": {"type": "array", "items": reference("Large")}}},
        }}});
        let mut found: Vec<String> = large(&Plan::new(&document)).into_iter().collect();
        found.sort();
        // `Holder` has 1,016 bytes: 42 texts and a pointer.
        assert_eq!(found, ["Both", "Large", "Union"]);
    }
}
