//! Swagger 2.0 up to OpenAPI 3.0: everything but the schemas. Every document comes through here,
//! since documents of the later version keep pieces of the earlier.

mod body;
mod parameter;
mod response;
mod root;

use serde_json::{Map, Value};

use super::{Context, Version};
use crate::openapi::grammar::{ADDITIONAL, Kind, METHODS};
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::{Phase, walk};

/// A shared section of the document, by name.
type Shared = Map<String, Value>;

/// The media types that hold where an operation says nothing.
struct Defaults {
    consumes: Vec<String>,
    produces: Vec<String>,
}

/// What the operations of one document share.
struct Swagger {
    defaults: Defaults,
    parameters: Shared,
    responses: Shared,
}

/// Brings the structure of a Swagger 2.0 document to that of OpenAPI 3.0.
pub fn upgrade(document: &mut Value, context: &mut Context) {
    let Value::Object(root) = document else {
        return;
    };
    if context.version == Version::Swagger2 {
        root::version(root, context);
    }
    root::servers(root, context);
    root::security(root, context);
    let swagger = Swagger {
        defaults: Defaults {
            consumes: media_types(root.shift_remove("consumes").as_ref()).unwrap_or_default(),
            produces: media_types(root.shift_remove("produces").as_ref()).unwrap_or_default(),
        },
        parameters: shared(root, "parameters"),
        responses: shared(root, "responses"),
    };
    if let Some(Value::Object(paths)) = root.get_mut("paths") {
        for (path, item) in paths {
            if let (false, Value::Object(item)) = (path.starts_with("x-"), item) {
                path_item(item, &Pointer::new(["paths", path]), &swagger, context);
            }
        }
    }
    root::components(root, swagger, context);
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, kind, _, phase| {
            if phase == Phase::Enter && kind == Kind::Header {
                response::header(value);
            }
        },
    );
}

fn shared(root: &mut Map<String, Value>, section: &str) -> Shared {
    let components = root.get_mut("components").and_then(Value::as_object_mut);
    match components.and_then(|components| components.shift_remove(section)) {
        Some(Value::Object(held)) => held,
        _ => Shared::new(),
    }
}

/// A list of media types, each once; nothing when there is no such list.
fn media_types(list: Option<&Value>) -> Option<Vec<String>> {
    let list: Vec<&str> = match list? {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        Value::String(one) => vec![one],
        _ => return None,
    };
    let mut found: Vec<String> = Vec::with_capacity(list.len());
    let mut seen = std::collections::HashSet::new();
    for name in list {
        let name = name.trim();
        if !name.is_empty() && seen.insert(name) {
            found.push(name.to_owned());
        }
    }
    Some(found)
}

fn path_item(
    item: &mut Map<String, Value>,
    at: &Pointer,
    swagger: &Swagger,
    context: &mut Context,
) {
    let place = at.join(&["parameters"]);
    let common = parameter::list(item.shift_remove("parameters"), &place, swagger, context);
    for method in METHODS {
        if let Some(Value::Object(operation)) = item.get_mut(method) {
            context.repeated += common.body.len();
            operate(operation, &at.join(&[method]), &common, swagger, context);
        }
    }
    if let Some(Value::Object(additional)) = item.get_mut(ADDITIONAL[0]) {
        for (method, operation) in additional {
            if let Value::Object(operation) = operation {
                context.repeated += common.body.len();
                let at = at.join(&[ADDITIONAL[0], method]);
                operate(operation, &at, &common, swagger, context);
            }
        }
    }
    if !common.plain.is_empty() {
        item.insert("parameters".to_owned(), Value::Array(common.plain));
    }
}

fn operate(
    operation: &mut Map<String, Value>,
    at: &Pointer,
    common: &parameter::Parameters,
    swagger: &Swagger,
    context: &mut Context,
) {
    let consumes = media_types(operation.shift_remove("consumes").as_ref());
    let produces = media_types(operation.shift_remove("produces").as_ref());
    if let Some(schemes) = operation.shift_remove("schemes") {
        let was = crate::openapi::brief(&schemes);
        context.notes.add(
            &at.join(&["schemes"]),
            "schemes of an operation",
            was,
            "left out",
        );
    }
    let place = at.join(&["parameters"]);
    let own = parameter::list(
        operation.shift_remove("parameters"),
        &place,
        swagger,
        context,
    );
    if !own.plain.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(own.plain));
    }
    let body = body::Parts::of(&own.body, &common.body);
    let consumes = consumes.as_ref().unwrap_or(&swagger.defaults.consumes);
    if let Some(body) = body.request_body(consumes, &place, context) {
        operation.entry("requestBody").or_insert(body);
    }
    if let Some(Value::Object(responses)) = operation.get_mut("responses") {
        response::all(
            responses,
            produces.as_deref(),
            &at.join(&["responses"]),
            swagger,
            context,
        );
    }
}
