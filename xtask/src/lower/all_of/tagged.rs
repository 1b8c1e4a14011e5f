//! The products of a union with a discriminator become components, named after the union and
//! after what they are made of.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{
    ident,
    lower::{tags::OF_VARIANTS, unions::add_tags, walk},
};

/// Moves the products in a schema's union to `made`.
pub(super) fn run(
    owner: &str,
    schema: &mut Value,
    taken: &mut HashSet<String>,
    made: &mut Vec<(String, Value)>,
) {
    if !schema["discriminator"]["propertyName"].is_string() {
        return;
    }
    for keyword in ["oneOf", "anyOf"] {
        let variants = schema.get_mut(keyword).and_then(Value::as_array_mut);
        for variant in variants.into_iter().flatten() {
            let Some(origin) = variant["title"].as_str().map(str::to_owned) else {
                continue;
            };
            let name = ident::unique(ident::type_name(&format!("{owner} {origin}")), taken);
            let target = walk::reference(&name);
            let mut product = std::mem::replace(variant, json!({"$ref": target}));
            add_tags(variant, &product);
            if let Some(product) = product.as_object_mut() {
                product.remove("title");
                product.retain(|keyword, _| !OF_VARIANTS.contains(&keyword.as_str()));
            }
            made.push((name, product));
        }
    }
}
