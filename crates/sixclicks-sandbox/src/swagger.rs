//! What Swagger 2.0 says in words of its own: schemas beside parameters' other words, lists
//! in parameters, bodies and forms as parameters, media types apart from what they are of.

use serde_json::{Map, Value, json};

use crate::document::{Body, Content};

/// The schema that Swagger 2.0 writes beside a parameter's other words.
pub fn own_schema(value: &Value) -> Value {
    let mut schema = value.as_object().cloned().unwrap_or_default();
    for word in [
        "name",
        "in",
        "description",
        "required",
        "collectionFormat",
        "style",
        "explode",
    ] {
        schema.remove(word);
    }
    Value::Object(schema)
}

/// A `collectionFormat` in the words of OpenAPI 3.
pub fn collection(value: &Value, by_default: &str) -> (String, bool) {
    match value["collectionFormat"].as_str() {
        Some("multi") => ("form".to_owned(), true),
        Some("ssv") => ("spaceDelimited".to_owned(), false),
        Some("pipes") => ("pipeDelimited".to_owned(), false),
        Some("tsv") => ("tabDelimited".to_owned(), false),
        _ => (by_default.to_owned(), false),
    }
}

/// The media types that `consumes` or `produces` names.
fn named(root: &Value, operation: &Value, key: &str) -> Vec<String> {
    let list = operation.get(key).or_else(|| root.get(key));
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

pub fn body(root: &Value, operation: &Value, given: &[&Value]) -> Option<Body> {
    let mut media_types = named(root, operation, "consumes");
    if let Some(body) = given.iter().find(|parameter| parameter["in"] == "body") {
        if media_types.is_empty() {
            media_types.push("application/json".to_owned());
        }
        let contents = media_types.into_iter().map(|media_type| Content {
            media_type,
            schema: body.get("schema").cloned(),
            encoding: Value::Null,
        });
        return Some(Body {
            required: body["required"] == true,
            contents: contents.collect(),
        });
    }
    let fields: Vec<&&Value> = given.iter().filter(|p| p["in"] == "formData").collect();
    if fields.is_empty() {
        return None;
    }
    let files = fields.iter().any(|field| field["type"] == "file");
    media_types.retain(|name| {
        name.starts_with("multipart/") || !files && name.contains("x-www-form-urlencoded")
    });
    if media_types.is_empty() {
        let kind = if files {
            "multipart/form-data"
        } else {
            "application/x-www-form-urlencoded"
        };
        media_types.push(kind.to_owned());
    }
    let mut properties = Map::new();
    let mut encoding = Map::new();
    let mut required = Vec::new();
    for field in fields {
        let name = field["name"].as_str().unwrap_or_default();
        let schema = match field["type"].as_str() {
            Some("file") => {
                let file = json!({"type": "string", "format": "binary"});
                // NSwag writes a list of files so.
                match field["collectionFormat"] == "multi" {
                    true => json!({"type": "array", "items": file}),
                    false => file,
                }
            }
            _ => own_schema(field),
        };
        properties.insert(name.to_owned(), schema);
        let (style, explode) = collection(field, "form");
        encoding.insert(name.to_owned(), json!({"style": style, "explode": explode}));
        if field["required"] == true {
            required.push(name);
        }
    }
    let schema = json!({"type": "object", "properties": properties, "required": required});
    Some(Body {
        required: !required.is_empty(),
        contents: media_types
            .into_iter()
            .map(|media_type| Content {
                media_type,
                schema: Some(schema.clone()),
                encoding: Value::Object(encoding.clone()),
            })
            .collect(),
    })
}

pub fn answer(root: &Value, operation: &Value, answer: &Value) -> Vec<Content> {
    let Some(schema) = answer.get("schema") else {
        return Vec::new();
    };
    let mut media_types = named(root, operation, "produces");
    if media_types.is_empty() {
        media_types.push("application/json".to_owned());
    }
    media_types
        .into_iter()
        .map(|media_type| Content {
            media_type,
            schema: Some(schema.clone()),
            encoding: Value::Null,
        })
        .collect()
}
