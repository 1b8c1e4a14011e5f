//! Unions without a discriminator whose variants have a property of distinct values.

use serde_json::{Value, json};

use super::{CONSTANT, CONSTRUCT, TAG};
use crate::{
    lower::{
        tags::{TAGS, is_tag, resolved},
        walk,
    },
    report::Report,
};

/// Gives such unions the property as their discriminator.
pub(super) fn run(document: &mut Value, report: &mut Report) {
    let schemas = walk::object_at(document, &["components", "schemas"])
        .cloned()
        .unwrap_or_default();
    walk::schemas(document, &mut |pointer, schema| {
        if schema.get("discriminator").is_some() {
            return;
        }
        let variants = schema["oneOf"].as_array().map_or(&[][..], Vec::as_slice);
        let Some((property, tags)) = property(variants, &schemas) else {
            return;
        };
        report.adapt(
            CONSTRUCT,
            pointer,
            format!("variants with distinct values of `{property}`"),
            "told apart by it",
        );
        schema["discriminator"] = json!({"propertyName": property});
        let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
        for (variant, tags) in variants.into_iter().flatten().zip(tags) {
            variant[TAGS] = Value::Array(tags);
        }
    });
}

/// The property that tells variants apart, with its values for each.
fn property(variants: &[Value], schemas: &walk::Object) -> Option<(String, Vec<Vec<Value>>)> {
    let objects: Vec<&Value> = variants
        .iter()
        .map(|variant| resolved(schemas, variant))
        .collect();
    let mut names: Vec<&String> = Vec::new();
    for object in &objects {
        let properties = object["properties"].as_object().into_iter().flatten();
        for (name, _) in properties {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let mut found: Vec<(bool, &String, Vec<Vec<Value>>)> = names
        .into_iter()
        .filter_map(|name| {
            let (required, tags) = distinct(name, &objects, schemas)?;
            Some((required, name, tags))
        })
        .collect();
    found.sort_by_key(|(required, _, tags)| {
        let several = tags.iter().any(|tags| tags.len() > 1);
        let without = tags.iter().filter(|tags| tags.is_empty()).count();
        (without, several, !required)
    });
    let (_, name, tags) = found.into_iter().next()?;
    Some((name.clone(), tags))
}

/// The values that a property has in each variant, where they are distinct, and whether it is
/// required wherever it is.
fn distinct(
    name: &str,
    objects: &[&Value],
    schemas: &walk::Object,
) -> Option<(bool, Vec<Vec<Value>>)> {
    let mut all: Vec<Vec<Value>> = Vec::new();
    let mut is_required = true;
    for object in objects {
        let Some(property) = object["properties"].get(name) else {
            // What may have any property may have this one too.
            let any = object["additionalProperties"].is_object();
            if any || object.get("oneOf").is_some() {
                return None;
            }
            all.push(Vec::new());
            continue;
        };
        if property[TAG] == "received" {
            all.push(Vec::new());
            continue;
        }
        let values = values(resolved(schemas, property))?;
        let required = object["required"].as_array();
        is_required &= property.get(TAG).is_some()
            || required.is_some_and(|names| names.iter().any(|required| required == name));
        if all.iter().flatten().any(|known| values.contains(known)) {
            return None;
        }
        all.push(values);
    }
    let told = all.iter().filter(|values| !values.is_empty()).count();
    let several = all.iter().any(|values| values.len() > 1);
    (told > 1 && (is_required || !several)).then_some((is_required, all))
}

/// The values that a property may have, if only these tell anything.
fn values(property: &Value) -> Option<Vec<Value>> {
    if let Some(constant) = property.get(CONSTANT) {
        return Some(vec![constant.clone()]);
    }
    let values = property["enum"].as_array()?;
    let values: Vec<Value> = values
        .iter()
        .filter(|value| !value.is_null())
        .cloned()
        .collect();
    (!values.is_empty() && values.iter().all(is_tag)).then_some(values)
}
