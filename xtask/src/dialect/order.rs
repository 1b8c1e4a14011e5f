//! The order of keys inside schemas. OpenAPI.NET, which serializes the documents of Swashbuckle and
//! of Microsoft.AspNetCore.OpenApi, always writes them in the same order; other tools and people
//! rarely do.

use serde_json::{Map, Value};

/// The order in OpenAPI 3.x.
const LATER: [&str; 34] = [
    "title",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "enum",
    "const",
    "type",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "items",
    "properties",
    "additionalProperties",
    "description",
    "format",
    "default",
    "nullable",
    "discriminator",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "example",
];

/// The order in Swagger 2.0, without `type`, whose place depends on the version of OpenAPI.NET.
const SWAGGER: [&str; 27] = [
    "format",
    "title",
    "description",
    "default",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "enum",
    "items",
    "allOf",
    "properties",
    "additionalProperties",
    "discriminator",
    "readOnly",
    "externalDocs",
    "example",
];

/// Whether the keys of a schema are in OpenAPI.NET's order. `None` for a schema with fewer than two
/// keys that have a place in it, which says nothing.
pub fn keeps(schema: &Map<String, Value>, swagger: bool) -> Option<bool> {
    let order: &[&str] = if swagger { &SWAGGER } else { &LATER };
    let place = |key: &String| order.iter().position(|known| known == key);
    let places: Vec<usize> = schema.keys().filter_map(place).collect();
    (places.len() > 1).then(|| places.is_sorted())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::keeps;

    #[test]
    fn only_openapi_nets_order_is_kept() {
        let keeps = |schema: serde_json::Value, swagger| {
            let object = schema.as_object().expect("an object");
            keeps(object, swagger)
        };
        let later =
            json!({"required": ["a"], "type": "object", "properties": {}, "description": ""});
        assert_eq!(keeps(later, false), Some(true));
        let nswag = json!({"type": "object", "additionalProperties": false, "properties": {}});
        assert_eq!(keeps(nswag, false), Some(false));
        assert_eq!(keeps(json!({"type": "string", "x-a": 1}), false), None);
        let swagger = json!({"format": "int32", "type": "integer", "maximum": 3});
        assert_eq!(keeps(swagger.clone(), true), Some(true));
        assert_eq!(keeps(swagger, false), Some(false));
    }
}
