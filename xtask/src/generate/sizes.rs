//! How large the types of a document are. Types that hold each other by value add up: a graph
//! of entities comes to structs of a hundred kilobytes, and reading a few of them within each
//! other to the end of the stack.

use std::collections::{HashMap, HashSet};

use crate::model::{
    Plan, Schema, Type,
    schema::{JsonType, Shape, TypeKind},
};

/// From how many bytes on a type is put into a box where another type has it as a field.
const LARGE: usize = 1024;

/// The size of a pointer, in bytes.
const POINTER: usize = 8;

/// The size of a string or a list, in bytes.
const TEXT: usize = 24;

/// The size of a number, in bytes, with room for whether it is there.
const NUMBER: usize = 16;

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

    fn of_component(&mut self, schema: &Schema) -> usize {
        match &schema.shape {
            Shape::Union(union) => {
                let variants = union.variants.iter();
                let sizes = variants.map(|variant| self.of_value(&variant.ty));
                sizes.max().unwrap_or_default() + POINTER
            }
            Shape::Struct(own) => own
                .fields
                .iter()
                .map(|field| self.of_field(&field.ty))
                .sum(),
            Shape::Alias(ty) => self.of_value(ty),
            Shape::Enum(own) if own.is_string => TEXT,
            Shape::Constant(serde_json::Value::String(_)) => TEXT,
            Shape::Enum(_) | Shape::Constant(_) => NUMBER,
        }
    }

    fn of_field(&mut self, ty: &Type) -> usize {
        match self.of_value(ty) {
            large if large > LARGE => POINTER,
            size => size,
        }
    }

    fn of_value(&mut self, ty: &Type) -> usize {
        match &ty.kind {
            TypeKind::Named(name) => self.of_type(name),
            TypeKind::Scalar(scalar) => match scalar.json {
                JsonType::Boolean => 1,
                JsonType::Integer | JsonType::Number => NUMBER,
                JsonType::String => TEXT,
            },
            TypeKind::List(_) => TEXT,
            TypeKind::Map(_) | TypeKind::Object | TypeKind::Any => 32,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_large_by_what_it_holds_itself_and_not_by_what_is_in_boxes() {
        let texts: serde_json::Map<String, serde_json::Value> = (0..43)
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
