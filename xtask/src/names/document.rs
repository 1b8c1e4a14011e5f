//! The input of naming from a document: OpenAPI 3.0 as the upgrade leaves it, before or after the
//! split. Nothing else in this module knows of documents.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::{
    english,
    input::{Api, Body, Operation, Response},
    path, words,
};
use crate::{lower::walk, openapi::pointer, split::method_pointer};

/// How many references are followed, one after the other.
const REFERENCES: usize = 16;

/// How deep `allOf` is looked into.
const DEPTH: usize = 8;

/// Where a page has its items, if it has more lists than one.
const ITEMS: [&str; 8] = [
    "items", "results", "data", "value", "records", "rows", "content", "entries",
];

/// Words in the names of the properties that a page has beside its items.
const PAGING: [&str; 14] = [
    "total",
    "count",
    "page",
    "pages",
    "offset",
    "skip",
    "limit",
    "next",
    "previous",
    "cursor",
    "paging",
    "pagination",
    "more",
    "records",
];

/// The API of a document. `written` gives the path that an operation had when the document was
/// received, by its pointer.
pub fn api(document: &Value, written: impl Fn(&str) -> String) -> Api {
    let types = document["components"]["schemas"].as_object();
    let operations = walk::each_operation(document).map(|(path, method, operation)| {
        let item = &document["paths"][path];
        let noun = path::segments(path).filter(|segment| path::parameter(segment).is_none());
        let noun = noun.last().map(letters).unwrap_or_default();
        Operation {
            method: method.to_uppercase(),
            path: path.to_owned(),
            written: written(&place(path, method)),
            id: text(operation, "operationId"),
            tags: tags(operation),
            query: query(document, item, operation),
            body: body(document, operation, &noun),
            response: response(document, operation, &noun),
        }
    });
    Api {
        title: text(&document["info"], "title").unwrap_or_default(),
        types: types
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect(),
        operations: operations.collect(),
    }
}

/// The pointer to an operation of an API's document.
fn place(path: &str, method: &str) -> String {
    format!("/paths/{}{}", walk::escape(path), method_pointer(method))
}

/// The path in a pointer to an operation.
pub fn path_of(pointer: &str) -> String {
    let path = pointer.strip_prefix("/paths/").unwrap_or(pointer);
    let path = path.split('/').next().unwrap_or_default();
    walk::unescape(path)
}

/// The letters of a name in the singular, which are the same however it is spelled.
fn letters(name: &str) -> String {
    let words: Vec<String> = words::split(name)
        .iter()
        .map(|word| english::stem(word))
        .collect();
    words.concat()
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn tags(operation: &Value) -> Vec<String> {
    let tags = operation.get("tags").and_then(Value::as_array);
    let tags = tags.into_iter().flatten().filter_map(Value::as_str);
    tags.map(str::to_owned).collect()
}

fn query(document: &Value, item: &Value, operation: &Value) -> Vec<String> {
    let lists = [item, operation].map(|value| value.get("parameters").and_then(Value::as_array));
    let parameters = lists.into_iter().flatten().flatten();
    let parameters = parameters.map(|parameter| resolve(document, parameter).0);
    let query = parameters.filter(|parameter| parameter["in"] == "query");
    query
        .filter_map(|parameter| text(parameter, "name"))
        .collect()
}

/// What a reference refers to, with the name of the first component on the way.
fn resolve<'a>(document: &'a Value, value: &'a Value) -> (&'a Value, Option<String>) {
    let (mut value, mut name) = (value, None);
    for _ in 0..REFERENCES {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            break;
        };
        let candidates = pointer::candidates(reference);
        let found = candidates
            .iter()
            .find_map(|pointer| Some((pointer.get(document)?, pointer.tokens().last())));
        let Some((found, last)) = found else {
            break;
        };
        name = name.or_else(|| last.cloned());
        value = found;
    }
    (value, name)
}

/// What a schema is, as far as names depend on it.
enum Shape {
    Unknown,
    Scalar,
    Boolean,
    Bytes,
    List(Option<String>),
    Page(Option<String>),
    Object(Option<String>),
}

fn shape(document: &Value, schema: &Value, noun: &str, depth: usize) -> Shape {
    let (schema, name) = resolve(document, schema);
    if depth > DEPTH {
        return Shape::Unknown;
    }
    let parts = ["allOf", "oneOf", "anyOf"]
        .iter()
        .find_map(|key| schema.get(key)?.as_array());
    if let Some([only]) = parts.map(Vec::as_slice)
        && schema.get("properties").is_none()
    {
        let inner = shape(document, only, noun, depth + 1);
        return match (inner, name) {
            (Shape::Object(inner), name) => Shape::Object(name.or(inner)),
            (inner, _) => inner,
        };
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => Shape::List(item(document, schema)),
        Some("boolean") => Shape::Boolean,
        Some("string") if schema["format"] == "binary" => Shape::Bytes,
        Some("string" | "integer" | "number") => match schema.get("enum").and(name) {
            Some(name) => Shape::Object(Some(name)),
            None => Shape::Scalar,
        },
        Some("file") => Shape::Bytes,
        _ => object(document, schema, name, noun, depth),
    }
}

/// The name of the schema of a list's items.
fn item(document: &Value, list: &Value) -> Option<String> {
    let mut items = list.get("items")?;
    while let Some([only]) = items
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        items = only;
    }
    resolve(document, items).1
}

fn object(
    document: &Value,
    schema: &Value,
    name: Option<String>,
    noun: &str,
    depth: usize,
) -> Shape {
    let mut found = Properties::default();
    found.collect(document, schema, 0);
    let properties = found.properties;
    // ABP wraps what it answers.
    if properties.contains_key("__abp")
        && let Some(result) = properties.get("result")
    {
        return shape(document, result, noun, depth + 1);
    }
    let is_list = |value: &Value| resolve(document, value).0["type"] == "array";
    let lists: Vec<(&str, &Value)> = properties
        .iter()
        .map(|(key, value)| (*key, *value))
        .filter(|(_, value)| is_list(value))
        .collect();
    let known = lists
        .iter()
        .find(|(key, _)| ITEMS.contains(&key.to_lowercase().as_str()));
    let items = match (lists.as_slice(), known) {
        ([(_, only)], _) | (_, Some((_, only))) => Some(*only),
        _ => None,
    };
    let pages = properties.iter().any(|(key, value)| {
        let words = words::split(key);
        !is_list(value) && words.iter().any(|word| PAGING.contains(&word.as_str()))
    });
    // An envelope of what the path names, or of nothing else.
    let wraps = lists.len() == 1 && (properties.len() == 1 || letters(lists[0].0) == noun);
    match items {
        Some(items) if wraps || pages && properties.len() <= 16 => {
            Shape::Page(item(document, resolve(document, items).0))
        }
        _ if properties.is_empty() && name.is_none() && schema.get("type").is_none() => {
            Shape::Unknown
        }
        _ => Shape::Object(name),
    }
}

/// The properties of a schema and of what it consists of.
#[derive(Default)]
struct Properties<'a> {
    properties: BTreeMap<&'a str, &'a Value>,
    /// The schemas that have been looked into, by their places in memory.
    seen: HashSet<*const Value>,
}

impl<'a> Properties<'a> {
    fn collect(&mut self, document: &'a Value, schema: &'a Value, depth: usize) {
        let schema = resolve(document, schema).0;
        if depth > DEPTH || !self.seen.insert(schema) {
            return;
        }
        let parts = schema.get("allOf").and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            self.collect(document, part, depth + 1);
        }
        let own = schema.get("properties").and_then(Value::as_object);
        for (key, value) in own.into_iter().flatten() {
            self.properties.insert(key, value);
        }
    }
}

fn is_json(media_type: &str) -> bool {
    let plain = media_type.split(';').next().unwrap_or_default().trim();
    plain.ends_with("json") || plain == "*/*"
}

/// The schema of the content in JSON, or of the first.
fn content(content: &Map<String, Value>) -> Option<(&str, &Value)> {
    let json = content.iter().find(|(media_type, _)| is_json(media_type));
    let (media_type, content) = json.or_else(|| content.iter().next())?;
    Some((media_type, content))
}

fn body(document: &Value, operation: &Value, noun: &str) -> Body {
    let Some(body) = operation.get("requestBody") else {
        return Body::Nothing;
    };
    let body = resolve(document, body).0;
    let Some((media_type, value)) = body["content"].as_object().and_then(content) else {
        return Body::Other;
    };
    let all = body["content"].as_object().into_iter().flatten();
    if all.clone().count() > 0
        && all
            .clone()
            .all(|(media_type, _)| media_type.contains("json-patch"))
    {
        return Body::JsonPatch;
    }
    if media_type.starts_with("multipart/") {
        return Body::Multipart;
    }
    match value
        .get("schema")
        .map(|schema| shape(document, schema, noun, 0))
    {
        Some(Shape::Bytes) => Body::File,
        _ if !is_json(media_type) && !media_type.contains("xml") => match media_type {
            "application/octet-stream" => Body::File,
            _ => Body::Other,
        },
        Some(Shape::List(item)) => Body::List(item),
        Some(Shape::Object(name)) => Body::Resource(name),
        Some(Shape::Page(_)) => {
            let name = value
                .get("schema")
                .and_then(|schema| resolve(document, schema).1);
            Body::Resource(name)
        }
        _ => Body::Other,
    }
}

fn response(document: &Value, operation: &Value, noun: &str) -> Response {
    let responses = operation.get("responses").and_then(Value::as_object);
    let mut success: Vec<(&String, &Value)> = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(status, response)| (status, resolve(document, response).0))
        .collect();
    success.sort_by_key(|(status, _)| status.as_str());
    let described = success
        .iter()
        .find_map(|(_, response)| response.get("content")?.as_object().and_then(content));
    let Some((media_type, value)) = described else {
        let empty = success.iter().any(|(status, _)| status.as_str() == "204");
        return if empty {
            Response::Nothing
        } else {
            Response::Undescribed
        };
    };
    let text = media_type.starts_with("text/") || media_type.contains("xml");
    match value
        .get("schema")
        .map(|schema| shape(document, schema, noun, 0))
    {
        Some(Shape::Bytes) => Response::File,
        Some(Shape::List(item)) => Response::List(item),
        Some(Shape::Page(item)) => Response::Page(item),
        Some(Shape::Object(name)) if is_json(media_type) || text => Response::Resource(name),
        Some(Shape::Boolean) => Response::Boolean,
        Some(Shape::Scalar) if is_json(media_type) || text => Response::Scalar,
        None | Some(Shape::Unknown) if is_json(media_type) => Response::Undescribed,
        _ if text => Response::Scalar,
        _ => Response::File,
    }
}
