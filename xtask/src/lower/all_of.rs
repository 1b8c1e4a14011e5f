//! `allOf`: objects that are put together become one object with all their properties;
//! a single reference stays that reference; a union among the parts is multiplied out.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{ident, report::Report};

const CONSTRUCT: &str = "allOf";

/// How deep parts may refer to schemas that are put together themselves.
const DEEPEST: usize = 32;

/// Keywords that describe rather than define.
const ANNOTATIONS: [&str; 12] = [
    "description",
    "title",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "examples",
    "default",
    "externalDocs",
    "xml",
    "discriminator",
];

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |_, schema| part_from_union(schema));
    name_inner(document, report);
    merge(document, report);
    Ok(())
}

/// What is put together inside of something else becomes a component first. A schema that
/// is put together from what it stands in would have no end otherwise.
fn name_inner(document: &mut Value, report: &mut Report) {
    let mut taken: HashSet<String> = walk::object_at(document, &["components", "schemas"])
        .into_iter()
        .flat_map(|schemas| schemas.keys())
        .map(|name| name.to_lowercase().replace('_', ""))
        .collect();
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

/// Properties beside a union belong to every variant, as if `allOf` held both.
fn part_from_union(schema: &mut Value) {
    let Some(keyword) = ["oneOf", "anyOf"]
        .into_iter()
        .find(|k| schema.get(*k).is_some())
    else {
        return;
    };
    let variants = schema[keyword]
        .as_array()
        .is_some_and(|list| list.iter().any(defines));
    if schema.get("properties").is_none() || !variants || schema.get("allOf").is_some() {
        return;
    }
    let union = json!({keyword: schema[keyword].take()});
    let mut own = json!({});
    for inner in ["type", "properties", "required", "additionalProperties"] {
        if let Some(value) = schema
            .as_object_mut()
            .and_then(|object| object.remove(inner))
        {
            own[inner] = value;
        }
    }
    if let Some(object) = schema.as_object_mut() {
        object.remove(keyword);
    }
    schema["allOf"] = json!([own, union]);
}

/// Puts every `allOf` together.
fn merge(document: &mut Value, report: &mut Report) {
    let mut merger = Merger {
        sources: walk::object_at(document, &["components", "schemas"])
            .cloned()
            .unwrap_or_default(),
        merged: HashMap::new(),
    };
    walk::schemas(document, &mut |pointer, schema| {
        let parts = match schema.get("allOf") {
            None => return,
            Some(parts) => parts.as_array().map_or(0, Vec::len),
        };
        let now = merger.flat(schema, 0);
        if walk::referenced(&now).is_none() && now.get("allOf").is_none() {
            report.adapt(
                CONSTRUCT,
                pointer,
                format!("`allOf` of {parts}"),
                "one schema",
            );
        }
        *schema = now;
    });
    // What was copied from another schema holds its `allOf` of one reference as written.
    walk::schemas(document, &mut |_, schema| {
        if schema.get("allOf").is_some() {
            *schema = merger.flat(schema, 0);
        }
    });
}

struct Merger {
    sources: walk::Object,
    /// Components whose parts have been put together already.
    merged: HashMap<String, Value>,
}

impl Merger {
    /// The schema without `allOf`, or as `allOf` of one reference beside annotations.
    fn flat(&mut self, schema: &Value, depth: usize) -> Value {
        let mut annotations = json!({});
        let mut own = json!({});
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            if keyword == "allOf" {
                continue;
            }
            let side = if ANNOTATIONS.contains(&keyword.as_str()) {
                &mut annotations
            } else {
                &mut own
            };
            side[keyword.as_str()] = value.clone();
        }
        let mut parts: Vec<Value> = schema["allOf"].as_array().cloned().unwrap_or_default();
        parts.push(own);
        parts.retain(|part| {
            if defines(part) {
                return true;
            }
            for keyword in ["description", "nullable", "title"] {
                if annotations.get(keyword).is_none()
                    && let Some(value) = part.get(keyword)
                {
                    annotations[keyword] = value.clone();
                }
            }
            false
        });
        let required = requirements(schema);
        let mut result = match parts.len() {
            0 => json!({}),
            1 => {
                let part = parts.remove(0);
                match walk::referenced(&part) {
                    Some(_) if required.is_empty() => {
                        if annotations
                            .as_object()
                            .is_some_and(serde_json::Map::is_empty)
                        {
                            return json!({"$ref": part["$ref"]});
                        }
                        json!({"allOf": [{"$ref": part["$ref"]}]})
                    }
                    Some(_) => self.resolved(&part, depth),
                    None if part.get("allOf").is_some() => self.flat(&part, depth),
                    None => part,
                }
            }
            _ => self.together(&parts, depth),
        };
        if !required.is_empty() && result.get("properties").is_some() {
            require(&mut result, &required);
        }
        for (keyword, value) in annotations.as_object().into_iter().flatten() {
            result[keyword.as_str()] = value.clone();
        }
        result
    }

    /// A part with its references followed and its own parts put together.
    fn resolved(&mut self, part: &Value, depth: usize) -> Value {
        if depth > DEEPEST {
            return json!({});
        }
        let Some(name) = walk::referenced(part) else {
            return if part.get("allOf").is_some() {
                self.flat(part, depth + 1)
            } else {
                part.clone()
            };
        };
        if let Some(known) = self.merged.get(&name) {
            return known.clone();
        }
        // Until it is done, a schema that contains itself adds nothing to itself.
        self.merged.insert(name.clone(), json!({}));
        let source = self.sources.get(&name).cloned().unwrap_or_default();
        let mut result = if source.get("$ref").is_some() {
            self.resolved(&source, depth + 1)
        } else if source.get("allOf").is_some() {
            self.flat(&source, depth + 1)
        } else {
            source
        };
        if let Some(only) = result["allOf"]
            .as_array()
            .and_then(|parts| parts.first())
            .cloned()
        {
            result = self.resolved(&only, depth + 1);
        }
        self.merged.insert(name, result.clone());
        result
    }

    /// Several parts as one schema.
    fn together(&mut self, parts: &[Value], depth: usize) -> Value {
        let mut result = json!({});
        let mut union: Option<(String, Vec<Value>, Value)> = None;
        let resolved: Vec<(Value, Value)> = parts
            .iter()
            .map(|part| (part.clone(), self.resolved(part, depth)))
            .collect();
        for (part, resolved) in resolved {
            let variants = ["oneOf", "anyOf"]
                .into_iter()
                .find(|keyword| resolved.get(*keyword).is_some_and(Value::is_array));
            if let (Some(keyword), None) = (variants, &union) {
                let list = resolved[keyword].as_array().cloned().unwrap_or_default();
                let discriminator = resolved.get("discriminator").cloned().unwrap_or_default();
                union = Some((keyword.to_owned(), list, discriminator));
                let mut rest = resolved;
                if let Some(object) = rest.as_object_mut() {
                    object.remove(keyword);
                    object.remove("discriminator");
                    object.remove("x-base");
                }
                if defines(&rest) {
                    add(&mut result, rest);
                }
            } else if is_object(&resolved) || result.as_object().is_some_and(|o| o.is_empty()) {
                if is_object(&resolved) {
                    add(&mut result, resolved)
                } else {
                    result = part
                }
            } else if resolved.get("enum").is_some() && !is_object(&result) {
                result = part;
            }
        }
        let Some((keyword, variants, _)) = union else {
            return result;
        };
        if !defines(&result) {
            return json!({keyword: variants});
        }
        let products: Vec<Value> = variants
            .into_iter()
            .map(|variant| {
                let mut product = result.clone();
                let name = walk::referenced(&variant);
                add(&mut product, self.resolved(&variant, depth + 1));
                if let (Some(name), Some(object)) = (name, product.as_object_mut()) {
                    object.entry("title").or_insert(json!(name));
                }
                product
            })
            .collect();
        json!({keyword: products})
    }
}

/// Whether a part says more than annotations and constraints.
pub fn defines(part: &Value) -> bool {
    const DEFINING: [&str; 12] = [
        "$ref",
        "type",
        "properties",
        "additionalProperties",
        "items",
        "enum",
        "allOf",
        "oneOf",
        "anyOf",
        "x-prefix-items",
        "x-pattern-properties",
        "format",
    ];
    let Some(object) = part.as_object() else {
        return false;
    };
    let bare_object = object.get("type").is_some_and(|t| t == "object")
        && !object
            .keys()
            .any(|k| k != "type" && DEFINING.contains(&k.as_str()));
    let closing = object.get("additionalProperties") == Some(&json!(false))
        && object.get("properties").is_none();
    !bare_object && !closing && DEFINING.iter().any(|keyword| object.contains_key(*keyword))
}

fn is_object(schema: &Value) -> bool {
    schema.get("properties").is_some()
        || schema.get("type").is_some_and(|t| t == "object")
        || schema.get("additionalProperties").is_some()
}

/// Every name that any part requires.
fn requirements(schema: &Value) -> Vec<Value> {
    let mut names = Vec::new();
    let parts = schema["allOf"].as_array().into_iter().flatten();
    for part in parts.chain(std::iter::once(schema)) {
        if !defines(part) || std::ptr::eq(part, schema) {
            names.extend(part["required"].as_array().cloned().unwrap_or_default());
        }
    }
    names
}

fn require(schema: &mut Value, names: &[Value]) {
    let mut all: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
    for name in names {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    schema["required"] = Value::Array(all);
}

/// Adds an object's properties to another's. A property that both have keeps the later
/// definition, unless that says nothing.
fn add(into: &mut Value, part: Value) {
    into["type"] = json!("object");
    for (name, property) in part["properties"].as_object().into_iter().flatten() {
        let known = into["properties"].get(name).is_some_and(defines);
        if !known || defines(property) {
            into["properties"][name.as_str()] = property.clone();
        }
    }
    require(into, part["required"].as_array().map_or(&[], Vec::as_slice));
    if into["required"].as_array().is_some_and(Vec::is_empty)
        && let Some(object) = into.as_object_mut()
    {
        object.remove("required");
    }
    if let Some(rest) = part
        .get("additionalProperties")
        .filter(|rest| **rest != json!(false))
    {
        into["additionalProperties"] = rest.clone();
    }
}
