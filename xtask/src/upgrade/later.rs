//! OpenAPI 3.1 and 3.2 down to 3.0: everything but the schemas.

use serde_json::{Map, Value, json};

use super::{Context, Version, object};
use crate::openapi::brief;
use crate::openapi::grammar::Kind;
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::{Phase, walk};

/// Brings the structure of a 3.1 or 3.2 document to that of 3.0.
pub fn downgrade(document: &mut Value, context: &mut Context) {
    let Value::Object(root) = document else {
        return;
    };
    if context.version == Version::Later {
        let was = root
            .insert("openapi".to_owned(), json!("3.0.3"))
            .unwrap_or_default();
        context
            .notes
            .add(&Pointer::new(["openapi"]), "version", brief(&was), "3.0.3");
    }
    webhooks(root, context);
    root.shift_remove("jsonSchemaDialect");
    root.shift_remove("$self");
    info(root, context);
    tags(root, context);
    if let Some(Value::Object(components)) = root.get_mut("components") {
        components.shift_remove("pathItems");
        media_types(components);
    }
    let shared = root
        .get_mut("components")
        .and_then(|components| components.as_object_mut()?.shift_remove("mediaTypes"));
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, kind, at, phase| {
            let (Value::Object(map), Phase::Enter) = (value, phase) else {
                return;
            };
            match kind {
                Kind::MediaType => media_type(map, at, shared.as_ref(), context),
                Kind::SecurityScheme => security_scheme(map, at, context),
                Kind::Parameter => querystring(map, at, context),
                Kind::Example => example(map),
                _ => {}
            }
        },
    );
}

fn webhooks(root: &mut Map<String, Value>, context: &mut Context) {
    let Some(webhooks) = root.shift_remove("webhooks") else {
        return;
    };
    for (name, item) in webhooks.as_object().into_iter().flatten() {
        let at = Pointer::new(["webhooks", name]);
        context.notes.add(
            &at,
            "webhook",
            brief(item),
            "not part of a client; left out",
        );
    }
}

fn info(root: &mut Map<String, Value>, context: &mut Context) {
    let Some(Value::Object(info)) = root.get_mut("info") else {
        return;
    };
    if let Some(summary) = info.shift_remove("summary") {
        let at = Pointer::new(["info", "summary"]);
        context.notes.add(
            &at,
            "summary",
            brief(&summary),
            "the description, when there is none",
        );
        info.entry("description").or_insert(summary);
    }
    let identifier = info
        .get_mut("license")
        .and_then(|license| license.as_object_mut()?.shift_remove("identifier"));
    if let Some(identifier) = identifier {
        let at = Pointer::new(["info", "license", "identifier"]);
        context.notes.add(
            &at,
            "SPDX identifier",
            brief(&identifier),
            "the licence's name, when there is none",
        );
        object(info, "license").entry("name").or_insert(identifier);
    }
}

fn tags(root: &mut Map<String, Value>, context: &mut Context) {
    let Some(Value::Array(tags)) = root.get_mut("tags") else {
        return;
    };
    for (index, tag) in tags.iter_mut().enumerate() {
        let Value::Object(tag) = tag else { continue };
        for key in ["parent", "kind", "summary"] {
            if let Some(value) = tag.shift_remove(key) {
                let mut at = Pointer::new(["tags"]);
                at.push_index(index);
                context
                    .notes
                    .add(&at.join(&[key]), "tag", brief(&value), "left out");
            }
        }
    }
}

/// Shared media types may refer to each other; one step is all that documents do.
fn media_types(components: &mut Map<String, Value>) {
    if let Some(Value::Object(shared)) = components.get_mut("mediaTypes") {
        shared.retain(|_, media_type| media_type.get("$ref").is_none());
    }
}

fn media_type(
    media_type: &mut Map<String, Value>,
    at: &Pointer,
    shared: Option<&Value>,
    context: &mut Context,
) {
    let name = media_type
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.strip_prefix("#/components/mediaTypes/"))
        .map(crate::openapi::pointer::unescape);
    if let Some(Value::Object(found)) = name.and_then(|name| shared?.get(&name)) {
        context.repeated += found.len();
        *media_type = found.clone();
    }
    if let Some(item) = media_type.shift_remove("itemSchema") {
        let now = "one element of the stream as `x-sixclicks-mark-item-schema`; the whole is text";
        context.notes.add(
            &at.join(&["itemSchema"]),
            "sequential media type",
            brief(&item),
            now,
        );
        media_type
            .entry("schema")
            .or_insert_with(|| json!({ "type": "string" }));
        media_type.insert("x-sixclicks-mark-item-schema".to_owned(), item);
    }
    media_type.shift_remove("prefixEncoding");
    media_type.shift_remove("itemEncoding");
}

fn security_scheme(scheme: &mut Map<String, Value>, at: &Pointer, context: &mut Context) {
    if let Some(Value::Object(flows)) = scheme.get_mut("flows")
        && let Some(flow) = flows.shift_remove("deviceAuthorization")
    {
        let now = "left out: OpenAPI 3.0 has no such flow";
        context.notes.add(
            &at.join(&["flows", "deviceAuthorization"]),
            "OAuth flow",
            brief(&flow),
            now,
        );
    }
}

/// A parameter that is the whole query string, by its content.
fn querystring(parameter: &mut Map<String, Value>, at: &Pointer, context: &mut Context) {
    if parameter.get("in").and_then(Value::as_str) != Some("querystring") {
        return;
    }
    let schema = parameter
        .get_mut("content")
        .and_then(Value::as_object_mut)
        .and_then(|content| content.values_mut().next())
        .and_then(|media_type| media_type.as_object_mut()?.shift_remove("schema"));
    parameter.shift_remove("content");
    context.notes.add(
        at,
        "parameter for the whole query string",
        "querystring",
        "an exploded object",
    );
    parameter.insert("in".to_owned(), json!("query"));
    parameter.insert("style".to_owned(), json!("form"));
    parameter.insert("explode".to_owned(), json!(true));
    parameter.insert(
        "schema".to_owned(),
        schema.unwrap_or_else(|| json!({ "type": "object" })),
    );
}

/// 3.2 tells the value of an example from how it is written.
fn example(example: &mut Map<String, Value>) {
    for key in ["dataValue", "serializedValue"] {
        if let Some(value) = example.shift_remove(key) {
            example.entry("value").or_insert(value);
        }
    }
}
