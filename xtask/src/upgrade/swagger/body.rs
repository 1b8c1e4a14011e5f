//! The body of an operation of Swagger 2.0: a `body` parameter, or `formData` parameters together.

use serde_json::{Map, Value, json};

use super::parameter::{style, take_schema};
use crate::openapi::pointer::Pointer;
use crate::upgrade::Context;

const URL_ENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// The parameters that make up one body.
pub struct Parts<'a> {
    body: Option<&'a Value>,
    fields: Vec<&'a Value>,
}

impl<'a> Parts<'a> {
    /// The operation's own parameters, and those of the path that it does not override.
    pub fn of(own: &'a [Value], common: &'a [Value]) -> Self {
        let text = |value: &'a Value, key: &str| value.get(key).and_then(Value::as_str);
        let mut parts = Self {
            body: None,
            fields: Vec::new(),
        };
        let mut names = std::collections::HashSet::new();
        for parameter in own.iter().chain(common) {
            if text(parameter, "in") == Some("body") {
                parts.body = parts.body.or(Some(parameter));
            } else if names.insert(text(parameter, "name")) {
                parts.fields.push(parameter);
            }
        }
        parts
    }

    /// The request body, when there is one.
    pub fn request_body(
        &self,
        consumes: &[String],
        at: &Pointer,
        context: &mut Context,
    ) -> Option<Value> {
        if let Some(Value::Object(body)) = self.body {
            if !self.fields.is_empty() {
                let was = format!("a body and {} form fields", self.fields.len());
                context
                    .notes
                    .lose(at, "body beside form data", was, "the body alone");
            }
            context
                .notes
                .add(at, "body parameter", "in: body", "requestBody");
            return Some(whole(body, consumes, context));
        }
        if self.fields.is_empty() {
            return None;
        }
        context
            .notes
            .add(at, "form data", "in: formData", "requestBody");
        Some(self.form(consumes, context))
    }

    fn form(&self, consumes: &[String], context: &mut Context) -> Value {
        let (mut properties, mut encoding) = (Map::new(), Map::new());
        let mut required: Vec<Value> = Vec::new();
        let mut has_file = false;
        for field in &self.fields {
            let Value::Object(field) = field else {
                continue;
            };
            let Some(name) = field.get("name").and_then(Value::as_str) else {
                continue;
            };
            let mut rest = field.clone();
            let mut schema = take_schema(&mut rest);
            if schema.is_empty()
                && let Some(Value::Object(own)) = rest.get("schema")
            {
                schema.clone_from(own);
            }
            let kind = schema
                .get("type")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            let inner = schema.get("items").and_then(|items| items.get("type"));
            has_file |= kind == "file" || inner.and_then(Value::as_str) == Some("file");
            if kind == "file" && rest.get("collectionFormat") == Some(&json!("multi")) {
                // NSwag writes a list of files so.
                schema = Map::from_iter([
                    ("type".to_owned(), json!("array")),
                    ("items".to_owned(), Value::Object(schema)),
                ]);
            }
            if kind == "array" {
                schema.entry("items").or_insert_with(|| json!({}));
                let style = style(rest.get("collectionFormat"), "formData");
                let mut how = json!({ "style": style.style, "explode": style.explode });
                if let Some(format) = style.format {
                    how["x-sixclicks-mark-collection-format"] = json!(format);
                }
                encoding.insert(name.to_owned(), how);
            }
            if rest.get("required") == Some(&json!(true)) {
                required.push(json!(name));
            }
            if let Some(example) = rest.get("x-example") {
                schema.entry("example").or_insert_with(|| example.clone());
            }
            let keep =
                |key: &str| key == "description" || key.starts_with("x-") && key != "x-example";
            schema.extend(rest.into_iter().filter(|(key, _)| keep(key)));
            properties.insert(name.to_owned(), Value::Object(schema));
        }
        let is_required = !required.is_empty();
        let mut schema = json!({ "type": "object", "properties": properties });
        if is_required {
            schema["required"] = Value::Array(required);
        }
        let mut media_type = json!({ "schema": schema });
        if !encoding.is_empty() {
            media_type["encoding"] = Value::Object(encoding);
        }
        let names = form_types(consumes, has_file);
        context.repeated += names.len() * self.fields.len();
        let content: Map<_, _> = names
            .into_iter()
            .map(|name| (name, media_type.clone()))
            .collect();
        let mut body = json!({ "content": content });
        if is_required {
            body["required"] = json!(true);
        }
        body
    }
}

/// The media types for a form: those that the operation consumes, or the one that fits.
fn form_types(consumes: &[String], has_file: bool) -> Vec<String> {
    let is = |name: &String, of: &str| {
        name.split(';')
            .next()
            .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(of))
    };
    let fitting = |name: &&String| is(name, MULTIPART) || !has_file && is(name, URL_ENCODED);
    let fitting: Vec<String> = consumes.iter().filter(fitting).cloned().collect();
    match fitting.is_empty() {
        false => fitting,
        true if has_file => vec![MULTIPART.to_owned()],
        true => vec![URL_ENCODED.to_owned()],
    }
}

fn whole(parameter: &Map<String, Value>, consumes: &[String], context: &mut Context) -> Value {
    let mut body = Map::new();
    let mut media_type = Map::new();
    for (key, value) in parameter {
        match key.as_str() {
            "schema" => drop(media_type.insert("schema".to_owned(), value.clone())),
            "description" | "required" => drop(body.insert(key.clone(), value.clone())),
            "name" => drop(body.insert("x-body-name".to_owned(), value.clone())),
            "x-example" | "example" => drop(media_type.insert("example".to_owned(), value.clone())),
            "x-examples" | "examples" if value.is_object() => {}
            _ if key.starts_with("x-") => drop(body.insert(key.clone(), value.clone())),
            _ => {}
        }
    }
    if !media_type.contains_key("schema") && parameter.contains_key("type") {
        let schema = take_schema(&mut parameter.clone());
        media_type.insert("schema".to_owned(), Value::Object(schema));
    }
    let json = [String::from("application/json")];
    let names = if consumes.is_empty() { &json } else { consumes };
    context.repeated += names.len();
    let content: Map<_, _> = names
        .iter()
        .map(|name| (name.clone(), Value::Object(media_type.clone())))
        .collect();
    body.insert("content".to_owned(), Value::Object(content));
    Value::Object(body)
}
