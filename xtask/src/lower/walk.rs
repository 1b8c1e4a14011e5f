//! Visiting every schema of a document, wherever it stands: components, parameters,
//! bodies, responses, headers, and schemas inside schemas.

use serde_json::{Map, Value};

pub use crate::openapi::pointer::{escape, unescape};

/// A JSON object.
pub type Object = Map<String, Value>;

pub use crate::openapi::grammar::METHODS;

/// Where a path item has operations with methods other than [`METHODS`].
const ADDITIONAL: &str = crate::openapi::grammar::ADDITIONAL[0];

/// Where a schema holds others: by name, one, or in order.
const MAPS: [&str; 2] = ["properties", "x-sixclicks-mark-pattern-properties"];
const SINGLE: [&str; 3] = ["items", "additionalProperties", "not"];
const LISTS: [&str; 4] = ["allOf", "oneOf", "anyOf", "x-sixclicks-mark-prefix-items"];

/// Calls `f` for every schema, inner schemas before the ones that hold them.
pub fn schemas(document: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    roots(document, &mut |pointer, schema| within(schema, pointer, f));
}

/// Calls `f` for every schema that stands directly in the document: the components, and
/// the schemas of parameters, bodies, responses and headers.
pub fn roots(document: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    if let Some(components) = object_at(document, &["components", "schemas"]) {
        let mut at = Place::new("/components/schemas");
        for (name, schema) in components.iter_mut() {
            at.step(&[name], |at| f(&at.0, schema));
        }
    }
    operations(document, &mut |pointer, _, _, operation| {
        operation_schemas(pointer, operation, f);
    });
}

/// Calls `f` for every operation, with its pointer, method and path, and for the same operation
/// with another kind of body (see the pass `bodies`).
pub fn operations(document: &mut Value, f: &mut dyn FnMut(&str, &str, &str, &mut Value)) {
    let Some(paths) = object_at(document, &["paths"]) else {
        return;
    };
    let mut at = Place::new("/paths");
    for (path, item) in paths.iter_mut() {
        at.step(&[path], |at| {
            operations_at(item, at, &mut |at, method, operation| {
                f(&at.0, method, path, operation);
                let alternatives = "x-sixclicks-mark-alternatives";
                list(operation, at, alternatives, &mut |at, other| {
                    f(&at.0, method, path, other);
                });
            });
        });
    }
}

/// Calls `f` for every operation of a path item, with its pointer and method.
pub fn operations_of(item: &mut Value, pointer: &str, f: &mut dyn FnMut(&str, &str, &mut Value)) {
    operations_at(
        item,
        &mut Place::new(pointer),
        &mut |at, method, operation| {
            f(&at.0, method, operation);
        },
    );
}

fn operations_at(
    item: &mut Value,
    at: &mut Place,
    f: &mut dyn FnMut(&mut Place, &str, &mut Value),
) {
    for method in METHODS {
        if let Some(operation) = item.get_mut(method).filter(|o| o.is_object()) {
            at.step(&[method], |at| f(at, method, operation));
        }
    }
    let additional = item.get_mut(ADDITIONAL).and_then(Value::as_object_mut);
    for (method, operation) in additional.into_iter().flatten() {
        at.step(&[ADDITIONAL, method], |at| f(at, method, operation));
    }
}

/// The operations with their paths and methods.
pub fn each_operation(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let found = move |method| {
            let operation = item.get(method).filter(|o| o.is_object())?;
            Some((path.as_str(), method, operation))
        };
        let additional = item.get(ADDITIONAL).and_then(Value::as_object);
        let additional = additional.into_iter().flatten();
        let additional =
            additional.map(|(method, operation)| (path.as_str(), &**method, operation));
        METHODS.into_iter().filter_map(found).chain(additional)
    })
}

/// Calls `f` for the schemas that stand directly in one operation.
pub fn operation_schemas(
    pointer: &str,
    operation: &mut Value,
    f: &mut dyn FnMut(&str, &mut Value),
) {
    let mut at = Place::new(pointer);
    list(operation, &mut at, "parameters", &mut |at, parameter| {
        schema(parameter, at, f);
        content(parameter, at, f);
    });
    if let Some(body) = operation.get_mut("requestBody") {
        at.step(&["requestBody"], |at| content(body, at, f));
    }
    map(operation, &mut at, "responses", &mut |at, response| {
        content(response, at, f);
        map(response, at, "headers", &mut |at, header| {
            schema(header, at, f);
        });
    });
}

fn content(holder: &mut Value, at: &mut Place, f: &mut dyn FnMut(&str, &mut Value)) {
    map(holder, at, "content", &mut |at, content| {
        schema(content, at, f)
    });
}

fn schema(holder: &mut Value, at: &mut Place, f: &mut dyn FnMut(&str, &mut Value)) {
    if let Some(schema) = holder.get_mut("schema") {
        at.step(&["schema"], |at| f(&at.0, schema));
    }
}

/// Calls `f` for the schemas inside `schema`, then for `schema` itself.
pub fn within(schema: &mut Value, pointer: &str, f: &mut dyn FnMut(&str, &mut Value)) {
    within_at(schema, &mut Place::new(pointer), f);
}

fn within_at(schema: &mut Value, at: &mut Place, f: &mut dyn FnMut(&str, &mut Value)) {
    children_at(schema, at, &mut |at, child| within_at(child, at, f));
    f(&at.0, schema);
}

/// Calls `f` for the schemas directly inside `schema`, with the pointer tokens that lead
/// to each.
pub fn children(schema: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    children_at(schema, &mut Place::new(""), &mut |at, child| {
        f(&at.0[1..], child)
    });
}

fn children_at(schema: &mut Value, at: &mut Place, f: &mut Step<'_>) {
    // Most schemas hold none, and every pass comes by.
    let holds = |key: &String| {
        let key = &key.as_str();
        MAPS.contains(key) || SINGLE.contains(key) || LISTS.contains(key)
    };
    if !schema
        .as_object()
        .is_some_and(|object| object.keys().any(holds))
    {
        return;
    }
    for keyword in MAPS {
        map(schema, at, keyword, f);
    }
    for keyword in SINGLE {
        if let Some(child) = schema.get_mut(keyword).filter(|child| child.is_object()) {
            at.step(&[keyword], |at| f(at, child));
        }
    }
    for keyword in LISTS {
        list(schema, at, keyword, f);
    }
}

/// A pointer that grows and shrinks on the way through a document, because every pass goes there.
struct Place(String);

/// What is called for something on the way.
type Step<'a> = dyn FnMut(&mut Place, &mut Value) + 'a;

impl Place {
    fn new(pointer: &str) -> Self {
        Self(pointer.to_owned())
    }

    /// Steps through keys, and back out.
    fn step(&mut self, keys: &[&str], f: impl FnOnce(&mut Self)) {
        let length = self.0.len();
        for key in keys {
            self.0.push('/');
            match key.contains(['~', '/']) {
                true => self.0 += &escape(key),
                false => self.0 += key,
            }
        }
        f(self);
        self.0.truncate(length);
    }
}

/// Calls `f` for every member of the list under a key.
fn list(holder: &mut Value, at: &mut Place, key: &str, f: &mut Step<'_>) {
    let members = holder.get_mut(key).and_then(Value::as_array_mut);
    for (index, member) in members.into_iter().flatten().enumerate() {
        at.step(&[key, &index.to_string()], |at| f(at, member));
    }
}

/// Calls `f` for every member of the map under a key.
fn map(holder: &mut Value, at: &mut Place, key: &str, f: &mut Step<'_>) {
    let members = holder.get_mut(key).and_then(Value::as_object_mut);
    for (name, member) in members.into_iter().flatten() {
        at.step(&[key, name], |at| f(at, member));
    }
}

/// The object at a path of keys.
pub fn object_at<'a>(value: &'a mut Value, keys: &[&str]) -> Option<&'a mut Object> {
    let mut value = value;
    for key in keys {
        value = value.get_mut(*key)?;
    }
    value.as_object_mut()
}

/// The reference to a component schema.
pub fn reference(name: &str) -> String {
    format!("#/components/schemas/{}", escape(name))
}

/// The name of the component schema that a value refers to, if it is such a reference.
pub fn referenced(schema: &Value) -> Option<String> {
    let target = schema.get("$ref")?.as_str()?;
    target.strip_prefix("#/components/schemas/").map(unescape)
}
