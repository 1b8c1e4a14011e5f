//! Swagger 2.0 as OpenAPI 3.0: bodies and forms, media types, collection formats, the
//! base path, shared definitions.

use serde_json::{Map, Value, json};

use super::Notes;
use crate::lower::walk::{METHODS, escape, unescape};

type Object = Map<String, Value>;

/// Keywords of a Swagger 2.0 parameter or header that belong in its schema.
const SCHEMA: [&str; 19] = [
    "type",
    "format",
    "items",
    "default",
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
    "enum",
    "multipleOf",
    "x-nullable",
    "x-enumNames",
    "x-ms-enum",
];

/// Rewrites the document in place.
pub fn upgrade(document: &mut Value, notes: &mut Notes) {
    hoist(document, notes);
    rewrite(document, "");
    let Some(root) = document.as_object_mut() else {
        return;
    };
    root.remove("swagger");
    let global = Global {
        consumes: media_types(root.remove("consumes")),
        produces: media_types(root.remove("produces")),
        parameters: object(root.remove("parameters")),
    };
    servers(root);
    let mut components = object(root.remove("components"));
    let definitions = object(root.remove("definitions"));
    if !definitions.is_empty() {
        components.insert("schemas".to_owned(), Value::Object(definitions));
    }
    let mut parameters = Object::new();
    for (name, parameter) in &global.parameters {
        if !matches!(parameter["in"].as_str(), Some("body" | "formData")) {
            parameters.insert(name.clone(), plain_parameter(parameter.clone()));
        }
    }
    if !parameters.is_empty() {
        components.insert("parameters".to_owned(), Value::Object(parameters));
    }
    let responses = object(root.remove("responses"));
    if !responses.is_empty() {
        let upgraded = responses
            .into_iter()
            .map(|(name, value)| (name, response(value, &global.produces)))
            .collect();
        components.insert("responses".to_owned(), Value::Object(upgraded));
    }
    if let Some(security) = root.remove("securityDefinitions") {
        components.insert("securitySchemes".to_owned(), security);
    }
    for (path, item) in root
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        path_item(&format!("/paths/{}", escape(path)), item, &global, notes);
    }
    if !components.is_empty() {
        root.insert("components".to_owned(), Value::Object(components));
    }
}

/// What is referred to in the middle of something becomes a definition, because that
/// place is another one in 3.0.
fn hoist(document: &mut Value, notes: &mut Notes) {
    let mut targets = Vec::new();
    inner_targets(document, &mut targets);
    for (index, target) in targets.into_iter().enumerate() {
        let pointer = percent_encoding::percent_decode_str(&target[1..])
            .decode_utf8_lossy()
            .into_owned();
        let Some(place) = document.pointer_mut(&pointer) else {
            continue;
        };
        let last = pointer.rsplit('/').next().map(unescape).unwrap_or_default();
        let name = format!("{}Inner{}", crate::ident::type_name(&last), index + 1);
        let reference = format!("#/definitions/{name}");
        let found = std::mem::replace(place, json!({"$ref": reference}));
        document["definitions"][name.as_str()] = found;
        follow(document, &target, &reference);
        notes.add(
            &pointer,
            "a schema that is referred to where it stands",
            format!("the definition `{name}`"),
        );
    }
}

/// Local references that lead to no definition, parameter or response, but into one or
/// elsewhere; the ones that lead deepest first.
fn inner_targets(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                let named = ["#/definitions/", "#/parameters/", "#/responses/"]
                    .iter()
                    .any(|section| {
                        target
                            .strip_prefix(section)
                            .is_some_and(|name| !name.contains('/'))
                    });
                let item = target
                    .strip_prefix("#/paths/")
                    .is_some_and(|rest| !rest.contains('/'));
                if target.starts_with("#/")
                    && !named
                    && !item
                    && target.contains("schema") | target.contains("/definitions/")
                    && !found.contains(&target.to_owned())
                {
                    found.push(target.to_owned());
                }
            }
            object
                .values()
                .for_each(|child| inner_targets(child, found));
        }
        Value::Array(items) => items.iter().for_each(|item| inner_targets(item, found)),
        _ => {}
    }
    found.sort_by_key(|target| std::cmp::Reverse(target.len()));
}

fn follow(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(target)) = object.get_mut("$ref")
                && target == from
            {
                *target = to.to_owned();
            }
            object
                .values_mut()
                .for_each(|child| follow(child, from, to));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| follow(item, from, to)),
        _ => {}
    }
}

struct Global {
    consumes: Vec<String>,
    produces: Vec<String>,
    parameters: Object,
}

fn object(value: Option<Value>) -> Object {
    match value {
        Some(Value::Object(object)) => object,
        _ => Object::new(),
    }
}

fn media_types(value: Option<Value>) -> Vec<String> {
    value
        .as_ref()
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// `schemes`, `host` and `basePath` as servers.
fn servers(root: &mut Object) {
    let schemes = media_types(root.remove("schemes"));
    let host = root.remove("host");
    let host = host.as_ref().and_then(Value::as_str).unwrap_or_default();
    let base = root.remove("basePath");
    let base = base
        .as_ref()
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned();
    if host.is_empty() && base.is_empty() {
        return;
    }
    let urls: Vec<Value> = if host.is_empty() {
        vec![json!({"url": base})]
    } else {
        let schemes = if schemes.is_empty() {
            vec!["https".to_owned()]
        } else {
            schemes
        };
        schemes
            .iter()
            .map(|scheme| json!({"url": format!("{scheme}://{host}{base}")}))
            .collect()
    };
    root.insert("servers".to_owned(), Value::Array(urls));
}

fn path_item(pointer: &str, item: &mut Value, global: &Global, notes: &mut Notes) {
    let Some(item) = item.as_object_mut() else {
        return;
    };
    let shared = match item.remove("parameters") {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    for method in METHODS {
        let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else {
            continue;
        };
        let own = match operation.remove("parameters") {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        let all: Vec<Value> = shared
            .iter()
            .chain(&own)
            .map(|p| shared_body(p, global))
            .collect();
        let mut parameters: Vec<Value> = Vec::new();
        for parameter in all {
            let same = |other: &Value| {
                parameter.get("$ref").is_none()
                    && other["name"] == parameter["name"]
                    && other["in"] == parameter["in"]
            };
            parameters.retain(|other| !same(other));
            parameters.push(parameter);
        }
        operation_of(
            &format!("{pointer}/{method}"),
            operation,
            parameters,
            global,
            notes,
        );
    }
}

/// A shared body or form field stands where it is used: OpenAPI 3.0 has no such parameter.
fn shared_body(parameter: &Value, global: &Global) -> Value {
    let name = parameter["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix("#/components/parameters/"))
        .map(unescape);
    match name.and_then(|name| global.parameters.get(&name)) {
        Some(shared) if matches!(shared["in"].as_str(), Some("body" | "formData")) => {
            shared.clone()
        }
        _ => parameter.clone(),
    }
}

fn operation_of(
    pointer: &str,
    operation: &mut Object,
    parameters: Vec<Value>,
    global: &Global,
    notes: &mut Notes,
) {
    let consumes = operation.remove("consumes");
    let consumes = if consumes.is_some() {
        media_types(consumes)
    } else {
        global.consumes.clone()
    };
    let produces = operation.remove("produces");
    let produces = if produces.is_some() {
        media_types(produces)
    } else {
        global.produces.clone()
    };
    operation.remove("schemes");
    let mut kept = Vec::new();
    let mut form = Vec::new();
    for parameter in parameters {
        match parameter["in"].as_str() {
            Some("body") => {
                notes.add(pointer, "a body parameter", "a request body");
                operation.insert("requestBody".to_owned(), body(&parameter, &consumes));
            }
            Some("formData") => form.push(parameter),
            _ => kept.push(plain_parameter(parameter)),
        }
    }
    if !form.is_empty() {
        notes.add(
            pointer,
            format!("{} form parameters", form.len()),
            "a request body",
        );
        operation.insert("requestBody".to_owned(), form_body(&form, &consumes));
    }
    if !kept.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(kept));
    }
    for (_, value) in operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        *value = response(value.take(), &produces);
    }
}

fn body(parameter: &Value, consumes: &[String]) -> Value {
    let schema = parameter
        .get("schema")
        .cloned()
        .unwrap_or_else(|| json!({}));
    let mut content = Object::new();
    for name in or_json(consumes) {
        content.insert(name, json!({"schema": schema}));
    }
    let mut body = json!({"content": content, "required": parameter["required"] == json!(true)});
    if let Some(text) = parameter.get("description") {
        body["description"] = text.clone();
    }
    if let Some(name) = parameter.get("name") {
        body["x-body-name"] = name.clone();
    }
    body
}

fn or_json(names: &[String]) -> Vec<String> {
    if names.is_empty() {
        vec!["application/json".to_owned()]
    } else {
        names.to_vec()
    }
}

fn form_body(fields: &[Value], consumes: &[String]) -> Value {
    let mut schema = json!({"type": "object", "properties": {}});
    let mut encoding = Object::new();
    let mut required = Vec::new();
    let files = fields
        .iter()
        .any(|field| field["type"] == "file" || field["items"]["type"] == "file");
    for field in fields {
        let Some(name) = field["name"].as_str() else {
            continue;
        };
        let mut property = parameter_schema(field);
        if let Some(text) = field.get("description") {
            property["description"] = text.clone();
        }
        schema["properties"][name] = property;
        if field["required"] == json!(true) {
            required.push(json!(name));
        }
        if field["type"] == "array" {
            let (style, explode) = collection(field["collectionFormat"].as_str());
            if style != "form" || !explode {
                encoding.insert(name.to_owned(), json!({"style": style, "explode": explode}));
            }
        }
    }
    let any_required = !required.is_empty();
    if any_required {
        schema["required"] = Value::Array(required);
    }
    let forms: Vec<String> = consumes
        .iter()
        .filter(|name| name.starts_with("multipart/") || name.contains("x-www-form-urlencoded"))
        .filter(|name| !files || name.starts_with("multipart/"))
        .take(1)
        .cloned()
        .collect();
    let media_type = forms.first().map_or(
        if files {
            "multipart/form-data"
        } else {
            "application/x-www-form-urlencoded"
        },
        String::as_str,
    );
    let mut content = json!({"schema": schema});
    if !encoding.is_empty() {
        content["encoding"] = Value::Object(encoding);
    }
    let mut body = json!({"content": {}, "required": any_required});
    body["content"][media_type] = content;
    body
}

/// Style and explode of a collection format.
fn collection(format: Option<&str>) -> (&'static str, bool) {
    match format {
        Some("multi") => ("form", true),
        Some("ssv") => ("spaceDelimited", false),
        Some("pipes") => ("pipeDelimited", false),
        _ => ("form", false),
    }
}

/// A parameter outside of the body.
fn plain_parameter(mut parameter: Value) -> Value {
    if parameter.get("$ref").is_some()
        || parameter.get("schema").is_some()
        || !parameter.is_object()
    {
        return parameter;
    }
    let schema = parameter_schema(&parameter);
    let place = parameter["in"].as_str().unwrap_or_default().to_owned();
    let list = parameter["type"] == "array";
    let Some(object) = parameter.as_object_mut() else {
        return parameter;
    };
    let format = object.remove("collectionFormat");
    for keyword in SCHEMA {
        object.remove(keyword);
    }
    if list && matches!(place.as_str(), "query" | "header" | "path") {
        let (style, explode) = collection(format.as_ref().and_then(Value::as_str));
        if place == "query" {
            object.insert("style".to_owned(), json!(style));
            object.insert("explode".to_owned(), json!(explode));
        }
        if format == Some(json!("tsv")) {
            object.insert("x-collection-format".to_owned(), json!("tsv"));
        }
    }
    object.insert("schema".to_owned(), schema);
    parameter
}

fn parameter_schema(parameter: &Value) -> Value {
    if let Some(schema) = parameter.get("schema") {
        return schema.clone();
    }
    let mut schema = Object::new();
    for keyword in SCHEMA {
        if let Some(value) = parameter.get(keyword) {
            schema.insert(keyword.to_owned(), value.clone());
        }
    }
    inner(Value::Object(schema))
}

/// Files and nested collection formats inside a parameter's schema.
fn inner(mut schema: Value) -> Value {
    if schema["type"] == "file" {
        schema["type"] = json!("string");
        schema["format"] = json!("binary");
    }
    if let Some(items) = schema.get_mut("items") {
        let taken = items.take();
        *items = inner(taken);
        if let Some(items) = items.as_object_mut() {
            items.remove("collectionFormat");
        }
    }
    schema
}

fn response(mut response: Value, produces: &[String]) -> Value {
    let Some(object) = response.as_object_mut() else {
        return response;
    };
    if object.contains_key("$ref") {
        return response;
    }
    let examples = object.remove("examples");
    if let Some(schema) = object.remove("schema") {
        let schema = inner(schema);
        let binary = schema["format"] == "binary";
        let names = match (produces.is_empty(), binary) {
            (true, true) => vec!["application/octet-stream".to_owned()],
            _ => or_json(produces),
        };
        let content: Object = names
            .into_iter()
            .map(|name| {
                let mut media = json!({"schema": schema});
                if let Some(example) = examples.as_ref().and_then(|e| e.get(&name)) {
                    media["example"] = example.clone();
                }
                (name, media)
            })
            .collect();
        object.insert("content".to_owned(), Value::Object(content));
    }
    for (_, header) in object
        .get_mut("headers")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        if header.get("schema").is_none() && header.get("$ref").is_none() && header.is_object() {
            let schema = parameter_schema(header);
            let description = header.get("description").cloned();
            *header = json!({"schema": schema});
            if let Some(description) = description {
                header["description"] = description;
            }
        }
    }
    response
}

/// References and keywords that are spelled otherwise in 3.0, wherever they stand.
fn rewrite(value: &mut Value, key: &str) {
    match value {
        Value::Object(object) => {
            let named = matches!(
                key,
                "properties" | "definitions" | "parameters" | "responses" | "paths"
            );
            if !named {
                if let Some(Value::String(target)) = object.get_mut("$ref") {
                    for (old, new) in [
                        ("#/definitions/", "#/components/schemas/"),
                        ("#/parameters/", "#/components/parameters/"),
                        ("#/responses/", "#/components/responses/"),
                    ] {
                        if let Some(rest) = target.strip_prefix(old) {
                            *target = format!("{new}{rest}");
                            break;
                        }
                    }
                }
                if object.get("x-nullable") == Some(&json!(true))
                    || object.get("x-isnullable") == Some(&json!(true))
                {
                    object.insert("nullable".to_owned(), json!(true));
                }
                if let Some(name) = object
                    .get("discriminator")
                    .filter(|d| d.is_string())
                    .cloned()
                {
                    object.insert("discriminator".to_owned(), json!({"propertyName": name}));
                }
            }
            for (name, child) in object.iter_mut() {
                let data =
                    !named && matches!(name.as_str(), "example" | "examples" | "default" | "enum");
                if !data && !name.starts_with("x-") {
                    rewrite(child, if named { "" } else { name });
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                rewrite(item, "");
            }
        }
        _ => {}
    }
}
