//! Unions in Swagger 2.0, which has no word for them: Microsoft's writer leaves a base that has a
//! discriminator its first subtype alone. The others are components whose names begin with the
//! base's, each with one value of the discriminator.

use serde_json::{Map, Value, json};

use super::{table::Context, tool};
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    let components = walk::object_at(document, &["components", "schemas"]);
    for (name, schema) in components.into_iter().flatten() {
        let Some(property) = schema["discriminator"]["propertyName"].as_str() else {
            continue;
        };
        let property = property.to_owned();
        let only = schema["allOf"].as_array().filter(|parts| parts.len() == 1);
        let first = only.and_then(|parts| walk::referenced(&parts[0]));
        let variants = variants(name, &property, &schemas);
        if !first.is_some_and(|first| variants.iter().any(|(name, _)| *name == first))
            || variants.len() < 2
        {
            continue;
        }
        let at = format!("/components/schemas/{}", walk::escape(name));
        let reference = |name: &String| format!("#/components/schemas/{}", walk::escape(name));
        let parts: Vec<Value> = variants
            .iter()
            .map(|(name, _)| json!({"$ref": reference(name)}))
            .collect();
        let mapping: Map<String, Value> = variants
            .iter()
            .map(|(name, tag)| (tag.clone(), reference(name).into()))
            .collect();
        let names: Vec<&str> = variants.iter().map(|(name, _)| name.as_str()).collect();
        report.adapt(context.name, at, "its first subtype", names.join(", "));
        schema["discriminator"]["mapping"] = mapping.into();
        if let Some(schema) = schema.as_object_mut() {
            schema.shift_remove("allOf");
            schema.insert("oneOf".to_owned(), parts.into());
        }
    }
}

/// The components that are subtypes of a base by their names, with their values of its
/// discriminator.
fn variants(base: &str, property: &str, schemas: &tool::Schemas) -> Vec<(String, String)> {
    let named = schemas.iter().filter(|(name, _)| {
        let rest = name.strip_prefix(base);
        rest.is_some_and(|rest| !rest.is_empty())
    });
    let told = named.filter_map(|(name, schema)| {
        let tag = match schema["properties"][property]["enum"]
            .as_array()?
            .as_slice()
        {
            [Value::String(text)] => text.clone(),
            [number @ Value::Number(_)] => number.to_string(),
            _ => return None,
        };
        Some((name.clone(), tag))
    });
    told.collect()
}
