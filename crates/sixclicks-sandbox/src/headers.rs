//! The headers that a document describes of its responses, and values of them.

use serde_json::{Value, json};

use crate::{
    document::{Document, Parameter, Place},
    sample::sample,
    schema,
    shape::{Direction, Optional, Shape},
    swagger,
};

/// Headers that say how the message is sent, which no response can have at will.
const ASIDE: [&str; 6] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "keep-alive",
    "transfer-encoding",
];

/// The headers of one documented response.
pub fn read(root: &Value, response: &Value) -> Vec<Parameter> {
    let old = root.get("swagger").is_some();
    let headers = response["headers"].as_object().into_iter().flatten();
    headers
        .filter(|(name, _)| !ASIDE.contains(&name.to_lowercase().as_str()))
        .map(|(name, header)| {
            let header = schema::follow(root, header);
            let content = header["content"]
                .as_object()
                .and_then(|c| c.values().next());
            let schema = match content {
                Some(content) => content["schema"].clone(),
                None if old => swagger::own_schema(header),
                None => header.get("schema").cloned().unwrap_or_else(|| json!({})),
            };
            Parameter {
                name: name.clone(),
                place: Place::Header,
                required: header["required"] == true,
                json: content.is_some(),
                schema,
                style: "simple".to_owned(),
                explode: header["explode"] == true,
            }
        })
        .collect()
}

/// The text of a header: always if it is required, and otherwise unless it is to be left out.
pub fn write(
    document: &Document,
    header: &Parameter,
    optional: Optional,
    seed: u64,
) -> Option<String> {
    if !header.required && optional == Optional::Never {
        return None;
    }
    let shape = Shape {
        direction: Direction::Answer,
        // A header ends where white space begins, and its items at commas.
        without: match schema::may_be(&document.root, &header.schema, "string") {
            true => "",
            false => ",=",
        },
        filled: true,
        ..Shape::default()
    };
    let value = sample(document, &header.schema, shape, seed)?;
    Some(text(header, &value)).filter(|text| !text.is_empty())
}

fn text(header: &Parameter, value: &Value) -> String {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let between = if header.explode { "=" } else { "," };
    match value {
        value if header.json => value.to_string(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let members = members.iter();
            let pairs = members.map(|(name, value)| format!("{name}{between}{}", plain(value)));
            pairs.collect::<Vec<_>>().join(",")
        }
        scalar => plain(scalar),
    }
}
