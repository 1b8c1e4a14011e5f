//! The products of a union with a discriminator become components, because it is components
//! that the values of a discriminator name.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{ident, lower::inheritance::target_name, lower::walk};

/// Moves the products in a schema's union to `made`, and has its discriminator name them.
pub(super) fn run(
    owner: &str,
    schema: &mut Value,
    taken: &mut HashSet<String>,
    made: &mut Vec<(String, Value)>,
) {
    if !schema["discriminator"]["propertyName"].is_string() {
        return;
    }
    let mut mapping = schema["discriminator"]["mapping"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    for keyword in ["oneOf", "anyOf"] {
        let variants = schema.get_mut(keyword).and_then(Value::as_array_mut);
        for variant in variants.into_iter().flatten() {
            let Some(origin) = variant["title"].as_str().map(str::to_owned) else {
                continue;
            };
            let name = ident::unique(ident::type_name(&format!("{owner} {origin}")), taken);
            let target = json!(walk::reference(&name));
            let mut known = false;
            for value in mapping.values_mut() {
                if value.as_str().map(target_name).as_ref() == Some(&origin) {
                    *value = target.clone();
                    known = true;
                }
            }
            if !known {
                mapping.insert(origin, target.clone());
            }
            let mut product = std::mem::replace(variant, json!({"$ref": target}));
            if let Some(product) = product.as_object_mut() {
                product.remove("title");
            }
            made.push((name, product));
        }
    }
    schema["discriminator"]["mapping"] = Value::Object(mapping);
}
