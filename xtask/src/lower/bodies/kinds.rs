//! The kinds of body that one operation takes, which differ in what can be said with them.

use serde_json::{Value, json};

use super::{fields, follow, is_nullable, is_raw};
use crate::{
    lower::walk,
    media::{self, Family},
};

const JSON: &str = "application/json";
const JSON_PATCH: &str = "application/json-patch+json";

/// One kind of body that an operation takes.
pub struct Kind {
    /// What a client does with it.
    pub family: Family,
    /// The media types and ranges that it can be sent as, the preferred one first. Only uploads
    /// choose among them; for everything else they say the same.
    pub media_types: Vec<String>,
    /// The schema.
    pub schema: Value,
    /// How the fields of a form are written.
    pub encoding: Value,
    /// The document's rule for objects in forms: `json`, `only-json` or none.
    pub objects: Value,
}

impl Kind {
    /// The preferred media type.
    pub fn media_type(&self) -> &str {
        self.media_types.first().map_or("", String::as_str)
    }

    /// Whether this is a form that has required fields.
    pub fn needs_fields(&self, components: &walk::Object) -> bool {
        let schema = follow(&self.schema, components);
        matches!(self.family, Family::Multipart | Family::Form)
            && schema["required"].as_array().is_some_and(|names| {
                let mut names = names.iter().filter_map(Value::as_str);
                names.any(|name| schema["properties"][name]["nullable"] != json!(true))
            })
    }

    /// What the name of its method ends with, beside that of the first kind: the words of its
    /// media type that the other does not have.
    pub fn suffix(&self, first: &Self) -> String {
        if self.family != first.family {
            let name = match self.family {
                Family::Json => "json",
                Family::Multipart => "multipart",
                Family::Form => "form",
                Family::Text => "text",
                Family::Binary => "binary",
            };
            return name.to_owned();
        }
        media::difference(self.media_type(), first.media_type())
    }
}

/// The kinds of body that differ in what can be said with them.
pub fn kinds(body: &Value, components: &walk::Object) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for (media_type, value) in body["content"].as_object().into_iter().flatten() {
        let schema = value.get("schema").cloned().unwrap_or_else(|| json!({}));
        let mut family = media::family(media_type, is_raw(media_type, &schema, components));
        let mut media_type = media_type.clone();
        if family == Family::Form && fields::has_files(&schema, components) {
            (family, media_type) = (Family::Multipart, "multipart/form-data".to_owned());
        }
        let same = |kind: &&mut Kind| {
            kind.family == family
                && (family != Family::Json || kind.schema == schema || says_nothing(&schema))
        };
        match kinds.iter_mut().find(same) {
            Some(kind) => add(kind, media_type, schema, components),
            None => kinds.push(Kind {
                family,
                media_types: vec![media_type],
                schema,
                encoding: value.get("encoding").cloned().unwrap_or_default(),
                objects: value
                    .get("x-sixclicks-mark-form-objects")
                    .cloned()
                    .unwrap_or_default(),
            }),
        }
    }
    for kind in &mut kinds {
        patch(kind, components);
    }
    choose_text(&mut kinds);
    let plain = |kind: &Kind| media::essence(kind.media_type()) == JSON;
    kinds.sort_by_key(|kind| (kind.family, !plain(kind)));
    if let Some(first) = kinds.first().map(|kind| kind.schema.clone()) {
        let mut index = 0;
        kinds.retain(|kind| {
            index += 1;
            let again = kind.schema == first || says_nothing(&kind.schema);
            index == 1 || !(again || media::is_xml(kind.media_type()))
        });
    }
    kinds
}

fn says_nothing(schema: &Value) -> bool {
    schema.as_object().is_some_and(serde_json::Map::is_empty)
}

/// Adds another media type to a kind, before the others where it is the better one.
fn add(kind: &mut Kind, media_type: String, schema: Value, components: &walk::Object) {
    let best = kind.media_type();
    let is_json = |name: &str| media::essence(name) == JSON;
    let better = match kind.family {
        Family::Json => is_json(&media_type) && !is_json(best),
        Family::Multipart => media::essence(&media_type) == "multipart/form-data",
        _ => media::is_xml(best) && !media::is_xml(&media_type),
    };
    let described = !says_nothing(&schema) && !is_raw(&media_type, &schema, components);
    let says_more = says_nothing(&kind.schema) && !says_nothing(&schema);
    if better || says_more {
        if described || says_nothing(&kind.schema) {
            kind.schema = schema;
        }
        kind.media_types.insert(0, media_type);
    } else if kind.family != Family::Multipart || kind.schema == schema {
        kind.media_types.push(media_type);
    }
}

/// Text of several media types, or of a range of them, is an upload, which chooses one, among the
/// media types of other uploads. XML under two names is not, and other text is preferred to it.
fn choose_text(kinds: &mut Vec<Kind>) {
    let Some(at) = kinds.iter().position(|kind| kind.family == Family::Text) else {
        return;
    };
    let text = &mut kinds[at];
    match media::is_xml(text.media_type()) {
        true => text.media_types.truncate(1),
        false => text.media_types.retain(|name| !media::is_xml(name)),
    }
    if text.media_types.len() == 1 && !text.media_type().contains('*') {
        return;
    }
    let mut text = kinds.remove(at);
    match kinds.iter_mut().find(|kind| kind.family == Family::Binary) {
        Some(binary) => binary.media_types.append(&mut text.media_types),
        None => {
            text.family = Family::Binary;
            kinds.insert(at, text);
        }
    }
}

/// A JSON Patch is sent as one, where the document lists it or a range that includes it: servers
/// take it for another document otherwise.
fn patch(kind: &mut Kind, components: &walk::Object) {
    let fits = |name: &String| matches!(&*media::essence(name), JSON_PATCH | "application/*+json");
    if kind.family == Family::Json
        && kind.media_types.iter().any(fits)
        && is_patch(&kind.schema, components)
    {
        kind.media_types
            .retain(|name| media::essence(name) != JSON_PATCH);
        kind.media_types.insert(0, JSON_PATCH.to_owned());
    }
}

/// Whether a schema is a list of operations of a JSON Patch (RFC 6902).
fn is_patch(schema: &Value, components: &walk::Object) -> bool {
    let schema = follow(schema, components);
    let items = follow(&schema["items"], components);
    let is_operation = |schema: &Value| {
        let properties = &follow(schema, components)["properties"];
        properties.get("op").is_some() && properties.get("path").is_some()
    };
    let variants = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| items[key].as_array());
    let variants: Vec<&Value> = variants.flatten().collect();
    schema["type"] == "array"
        && (is_operation(&items) || !variants.is_empty() && variants.into_iter().all(is_operation))
}

/// The members of a body that may be null by its schema.
pub fn nullable(schema: &Value, components: &walk::Object) -> Vec<String> {
    let schema = follow(schema, components);
    let properties = schema["properties"].as_object();
    let nullable = properties
        .into_iter()
        .flatten()
        .filter(|(_, property)| is_nullable(property, components));
    nullable.map(|(name, _)| name.clone()).collect()
}
