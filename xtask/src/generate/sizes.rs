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
