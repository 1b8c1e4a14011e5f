//! Schemas that stand in `definitions` of an OpenAPI 3 document, as in Swagger 2.0: they
//! become components, and references to them follow.

use serde_json::{Value, json};

use super::Notes;

/// Moves `definitions` at the top of the document to the components.
pub fn gather(document: &mut Value, notes: &mut Notes) {
    let definitions = document
        .as_object_mut()
        .and_then(|root| root.remove("definitions"));
    let known = definitions.is_some();
    if let Some(Value::Object(definitions)) = definitions {
        if !document["components"]["schemas"].is_object() {
            document["components"]["schemas"] = json!({});
        }
        if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
            for (name, schema) in definitions {
                schemas.entry(name).or_insert(schema);
            }
        }
        notes.add(
            "/definitions",
            "schemas in `definitions`",
            "component schemas",
        );
    }
    let names: Vec<String> = document["components"]["schemas"]
        .as_object()
        .map(|schemas| schemas.keys().cloned().collect())
        .unwrap_or_default();
    rewrite(document, &names, known);
}

fn rewrite(value: &mut Value, names: &[String], known: bool) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(target)) = object.get_mut("$ref")
                && let Some(rest) = target.strip_prefix("#/definitions/")
                && (known || names.iter().any(|name| name == rest))
            {
                *target = format!("#/components/schemas/{rest}");
            }
            object
                .values_mut()
                .for_each(|child| rewrite(child, names, known));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rewrite(item, names, known)),
        _ => {}
    }
}
