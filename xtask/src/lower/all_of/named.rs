//! What is put together inside of something else becomes a component, so that it has a name
//! and can contain itself.

use serde_json::{Value, json};

use super::{CONSTRUCT, defines};
use crate::{ident, lower::walk, report::Report};

/// Makes components of all that is put together inside of something else. A schema that is
/// put together from what it stands in would have no end otherwise.
pub(super) fn run(document: &mut Value, report: &mut Report) {
    let components = walk::object_at(document, &["components", "schemas"]);
    let mut taken = ident::taken(components.into_iter().flat_map(|schemas| schemas.keys()));
    let mut made: Vec<(String, Value)> = Vec::new();
    let mut visit = |pointer: &str, root: &mut Value, name: &str| {
        inner(root, pointer, name, &mut |pointer, schema, name| {
            let name = ident::unique(ident::type_name(name), &mut taken);
            let mut body = schema.take();
            let mut outside = json!({});
            for keyword in [
                "nullable",
                "description",
                "deprecated",
                "readOnly",
                "writeOnly",
            ] {
                if let Some(value) = body
                    .as_object_mut()
                    .and_then(|object| object.remove(keyword))
                {
                    outside[keyword] = value;
                }
            }
            let reference = json!({"$ref": walk::reference(&name)});
            *schema = reference.clone();
            if outside
                .as_object()
                .is_some_and(|outside| !outside.is_empty())
            {
                outside["allOf"] = json!([reference]);
                *schema = outside;
            }
            report.adapt(
                CONSTRUCT,
                pointer,
                "an inline `allOf`",
                format!("the component `{name}`"),
            );
            made.push((name, body));
        });
    };
    if let Some(schemas) = walk::object_at(document, &["components", "schemas"]) {
        for (name, schema) in schemas.iter_mut() {
            visit(
                &format!("/components/schemas/{}", walk::escape(name)),
                schema,
                name,
            );
        }
    }
    walk::operations(document, &mut |pointer, _, _, operation| {
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        walk::operation_schemas(pointer, operation, &mut |pointer, schema| {
            visit(pointer, schema, &id)
        });
    });
    if let Some(schemas) = walk::object_at(document, &["components", "schemas"]) {
        schemas.extend(made);
    } else if !made.is_empty() {
        document["components"]["schemas"] = made.into_iter().collect();
    }
}

/// Calls `f` for what is put together below a schema, with a name for it.
fn inner(schema: &mut Value, pointer: &str, name: &str, f: &mut dyn FnMut(&str, &mut Value, &str)) {
    walk::children(schema, &mut |token, child| {
        let (keyword, rest) = token.split_once('/').unwrap_or((token, ""));
        let name = match keyword {
            "properties" => format!("{name}-{}", walk::unescape(rest)),
            "items" => format!("{name}-item"),
            "additionalProperties" => format!("{name}-value"),
            "oneOf" | "anyOf" => format!("{name}-variant{rest}"),
            _ => name.to_owned(),
        };
        let pointer = format!("{pointer}/{token}");
        inner(child, &pointer, &name, f);
        let parts = child["allOf"]
            .as_array()
            .map_or(0, |parts| parts.iter().filter(|part| defines(part)).count());
        if keyword != "allOf" && parts + usize::from(child.get("properties").is_some()) > 1 {
            f(&pointer, child, &name);
        }
    });
}
