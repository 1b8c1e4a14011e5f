//! Parameters of Swagger 2.0: the schema that is spread over the parameter becomes its `schema`,
//! and `collectionFormat` its style. Those that make up the body are told apart.

use serde_json::{Map, Value, json};

use super::Swagger;
use crate::openapi::brief;
use crate::openapi::pointer::Pointer;
use crate::upgrade::{Context, referred};

/// The parameters of a path item or an operation.
#[derive(Default)]
pub struct Parameters {
    /// Those that stay parameters, upgraded.
    pub plain: Vec<Value>,
    /// `in: body` and `in: formData`, as they are.
    pub body: Vec<Value>,
}

/// Sorts and upgrades a list of parameters.
pub fn list(
    list: Option<Value>,
    at: &Pointer,
    swagger: &Swagger,
    context: &mut Context,
) -> Parameters {
    let mut found = Parameters::default();
    let list = match list {
        Some(Value::Array(list)) => list,
        Some(one @ Value::Object(_)) => vec![one],
        _ => return found,
    };
    for (index, mut parameter) in list.into_iter().enumerate() {
        let shared = referred(&parameter, "parameters")
            .and_then(|name| swagger.parameters.get(name.as_ref()));
        let resolved = shared.map_or(&parameter, |shared| resolve(shared, &swagger.parameters));
        if in_body(resolved) {
            context.repeated += 1;
            found.body.push(resolved.clone());
            continue;
        }
        if shared.is_none() {
            let mut place = at.clone();
            place.push_index(index);
            upgrade(&mut parameter, &place, context);
        }
        found.plain.push(parameter);
    }
    found
}

/// A shared parameter may refer to another.
pub fn resolve<'a>(mut parameter: &'a Value, shared: &'a super::Shared) -> &'a Value {
    for _ in 0..16 {
        match referred(parameter, "parameters").and_then(|name| shared.get(name.as_ref())) {
            Some(next) => parameter = next,
            None => break,
        }
    }
    parameter
}

/// Whether a parameter is (part of) the body.
pub fn in_body(parameter: &Value) -> bool {
    matches!(
        parameter.get("in").and_then(Value::as_str),
        Some("body" | "formData")
    )
}

/// Whether a key of a parameter or header belongs to its schema.
fn of_schema(key: &str) -> bool {
    const KEYS: [&str; 19] = [
        "type",
        "format",
        "items",
        // No version of Swagger has objects in parameters, but NSwag writes them.
        "properties",
        "additionalProperties",
        "default",
        "enum",
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
        "multipleOf",
        "nullable",
    ];
    const EXTENSIONS: [&str; 4] = ["x-nullable", "x-ms-enum", "x-enumNames", "x-enumFlags"];
    KEYS.contains(&key) || EXTENSIONS.contains(&key) || key.starts_with("x-enum")
}

/// Takes the schema that is spread over a parameter or header out of it.
pub fn take_schema(spread: &mut Map<String, Value>) -> Map<String, Value> {
    let (schema, rest) = std::mem::take(spread)
        .into_iter()
        .partition(|(key, _)| of_schema(key));
    *spread = rest;
    schema
}

/// Upgrades a parameter that is not part of the body.
pub fn upgrade(parameter: &mut Value, at: &Pointer, context: &mut Context) {
    let Value::Object(parameter) = parameter else {
        return;
    };
    if parameter.contains_key("$ref") || parameter.contains_key("content") {
        return;
    }
    let place = parameter
        .get("in")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if !parameter.contains_key("schema") {
        let mut schema = take_schema(parameter);
        if schema.is_empty() {
            context
                .notes
                .add(at, "parameter without a schema", "nothing", "any text");
            schema.insert("type".to_owned(), json!("string"));
        }
        nested_formats(&mut schema, at, context);
        if schema.get("type").and_then(Value::as_str) == Some("array") {
            schema.entry("items").or_insert_with(|| json!({}));
            let style = style(parameter.get("collectionFormat"), &place);
            style.apply(parameter);
        }
        parameter.insert("schema".to_owned(), Value::Object(schema));
    }
    parameter.shift_remove("collectionFormat");
    if let Some(example) = parameter.shift_remove("x-example") {
        parameter.entry("example").or_insert(example);
    }
    if place != "query" {
        parameter.shift_remove("allowEmptyValue");
    }
    if place == "path" {
        parameter.insert("required".to_owned(), json!(true));
    }
}

/// How an array is written in OpenAPI 3.0.
pub struct Style {
    /// `style`.
    pub style: &'static str,
    /// `explode`.
    pub explode: bool,
    /// The collection format, where OpenAPI 3.0 has no style for it at that place.
    pub format: Option<&'static str>,
}

impl Style {
    fn apply(&self, to: &mut Map<String, Value>) {
        to.insert("style".to_owned(), json!(self.style));
        to.insert("explode".to_owned(), json!(self.explode));
        if let Some(format) = self.format {
            to.insert(
                "x-sixclicks-mark-collection-format".to_owned(),
                json!(format),
            );
        }
    }
}

/// The style for a `collectionFormat` at a place (`query`, `path`, `header`, `formData`).
pub fn style(format: Option<&Value>, place: &str) -> Style {
    let plain = if matches!(place, "path" | "header") {
        "simple"
    } else {
        "form"
    };
    let of = |style, explode| Style {
        style,
        explode,
        format: None,
    };
    let marked = |format| Style {
        format: Some(format),
        ..of(plain, false)
    };
    match format.and_then(Value::as_str).unwrap_or("csv") {
        "multi" => of(plain, true),
        "ssv" if plain == "form" => of("spaceDelimited", false),
        "pipes" if plain == "form" => of("pipeDelimited", false),
        "ssv" => marked("ssv"),
        "pipes" => marked("pipes"),
        "tsv" => marked("tsv"),
        _ => of(plain, false),
    }
}

/// Arrays of arrays: only the outer format has a counterpart.
fn nested_formats(schema: &mut Map<String, Value>, at: &Pointer, context: &mut Context) {
    let mut items = schema.get_mut("items");
    while let Some(Value::Object(inner)) = items {
        if let Some(format) = inner.shift_remove("collectionFormat") {
            let place = at.join(&["items", "collectionFormat"]);
            context.notes.add(
                &place,
                "collection format of inner arrays",
                brief(&format),
                "left out",
            );
        }
        items = inner.get_mut("items");
    }
}
