//! The arguments of a call, made at random from the schemas of the document as it was
//! received, and what the server has to understand by them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use sixclicks_sandbox::{
    Content, Direction, Document, Operation as Received, Optional, Parameter as Documented,
    Place as At, Shape, sample, xml,
};

use super::separators;
use crate::{
    media::{essence, family, is_xml},
    model::{
        Kind, Operation, Parameter, Place, Type,
        schema::{JsonType, TypeKind},
    },
};

/// The arguments of one call.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The values by the names of the setters.
    pub values: Map<String, Value>,
    /// What a server reads: by place and name, and `body`.
    pub meant: Map<String, Value>,
}

/// Makes the arguments of a call.
///
/// # Errors
///
/// When no valid value is found for one of them.
pub fn arguments(
    document: &Document,
    own: &Operation,
    received: &Received,
    optional: Optional,
    seed: u64,
) -> Result<Arguments, String> {
    Maker {
        document,
        own,
        received,
        optional,
        plain: false,
        seed,
        chance: fastrand::Rng::with_seed(seed),
        made: Arguments::default(),
        sent_as: Vec::new(),
    }
    .make()
}

/// Makes the arguments of a call to a server of which nothing but the document is known:
/// documented examples, or else short and plain values.
///
/// # Errors
///
/// If no valid value is found for one of them.
pub fn plain(
    document: &Document,
    own: &Operation,
    received: &Received,
    optional: Optional,
) -> Result<Arguments, String> {
    Maker {
        document,
        own,
        received,
        optional,
        plain: true,
        seed: 1,
        chance: fastrand::Rng::with_seed(1),
        sent_as: Vec::new(),
        made: Arguments::default(),
    }
    .make()
}

struct Maker<'a> {
    document: &'a Document,
    own: &'a Operation,
    received: &'a Received,
    optional: Optional,
    plain: bool,
    seed: u64,
    chance: fastrand::Rng,
    made: Arguments,
    /// The media types of uploads and files, by the names of their setters.
    sent_as: Vec<(String, String)>,
}

impl Maker<'_> {
    fn make(mut self) -> Result<Arguments, String> {
        if let Some(lost) = self.lost() {
            let (place, name) = (lost.place.name(), &lost.name);
            return Err(format!("nothing sets the {place} parameter `{name}`"));
        }
        for parameter in &self.own.parameters {
            let Some(at) = place(parameter.place) else {
                continue;
            };
            if is_length(parameter) {
                continue;
            }
            let documented = documented(parameter, at, self.received);
            // The pipeline adds it to choose an answer, which the case does.
            let chooses = at == At::Header && parameter.wire == "Accept" && documented.is_none();
            if chooses || documented.is_some_and(is_ignored) {
                continue;
            }
            let required = parameter.required || documented.is_some_and(|d| d.required);
            if !self.wants(required) {
                continue;
            }
            // A parameter that is an object without members would not be there.
            let added = sample_schema(&parameter.ty);
            let schema = documented.map_or(&added, |documented| &documented.schema);
            let text = json!({"type": "string"});
            let schema = if is_any(schema) { &text } else { schema };
            let structured = ["array", "object"]
                .iter()
                .any(|kind| schema["type"] == *kind);
            let shape = Shape {
                without: match parameter.content_type {
                    Some(_) => "",
                    None => separators::of(at, &parameter.style, parameter.explode, structured),
                },
                filled: true,
                turn: Some(self.seed.saturating_sub(1) / 2),
                ..request(Optional::Always)
            };
            let example = documented.and_then(|documented| {
                let shown = self.shown(&documented.name, at);
                shown.filter(|_| self.plain)
            });
            let value = match example {
                Some(example) => example,
                None => self.value(schema, shape, &parameter.wire)?,
            };
            let value = as_taken(&parameter.ty, value);
            if let Some(documented) = documented {
                let meant = self
                    .made
                    .meant
                    .entry(at.name())
                    .or_insert_with(|| json!({}));
                meant[&documented.name] = value.clone();
            }
            self.made.values.insert(parameter.rust.clone(), value);
        }
        if let Some(body) = &self.received.body {
            if let Some(media_type) = &self.own.form {
                let same = |content: &&Content| essence(&content.media_type) == essence(media_type);
                if let Some(content) = body.contents.iter().find(same)
                    && self.wants(self.plain || body.required || self.has_required_field())
                {
                    self.form(content)?;
                }
            } else if let Some(given) = &self.own.body {
                // Each of several media types has its turn.
                let turn = self.seed as usize % given.media_types.len().max(1);
                let media_type = given.media_types.get(turn).unwrap_or(&given.media_type);
                // Many documents forget to say that a body has to be there.
                if let Some(content) = content_of(&body.contents, media_type)
                    && self.wants(self.plain || given.required || body.required)
                {
                    self.body(content, given.kind)?;
                    if given.kind == Kind::Binary {
                        self.sent_as.push(("body".to_owned(), concrete(media_type)));
                    }
                }
            }
        }
        self.length();
        for (name, media_type) in std::mem::take(&mut self.sent_as) {
            if let Some(value) = self.made.values.get_mut(&name) {
                *value = content(value, &media_type);
            }
        }
        Ok(self.made)
    }

    /// A documented parameter that no setter stands for. One of a path may be written in it.
    fn lost(&self) -> Option<&Documented> {
        let is_set = |documented: &Documented| {
            let mut own = self.own.parameters.iter();
            own.any(|own| own.wire.eq_ignore_ascii_case(&documented.name))
        };
        let mut documented = self.received.parameters.iter();
        documented.find(|other| other.place != At::Path && !is_ignored(other) && !is_set(other))
    }

    /// A length that is a parameter has to be that of the body.
    fn length(&mut self) {
        let kind = self.own.body.as_ref().map(|body| body.kind);
        let length = match (kind, self.made.values.get("body")) {
            (_, None) => 0,
            (Some(Kind::Text | Kind::Binary), Some(Value::String(text))) => text.len(),
            (_, Some(body)) => body.to_string().len(),
        };
        for parameter in self.own.parameters.iter().filter(|own| is_length(own)) {
            let value = as_taken(&parameter.ty, length.to_string().into());
            self.made.values.insert(parameter.rust.clone(), value);
        }
    }

    fn wants(&mut self, required: bool) -> bool {
        required
            || match self.optional {
                Optional::Never => false,
                Optional::Always => true,
                Optional::Sometimes => self.chance.bool(),
            }
    }

    fn has_required_field(&self) -> bool {
        let mut fields = self.own.parameters.iter();
        fields.any(|field| place(field.place).is_none() && field.required)
    }

    /// The example of a parameter that the document gives beside the schema.
    fn shown(&self, name: &str, at: At) -> Option<Value> {
        let item = &self.document.root["paths"][&self.received.template];
        let operation = &item[self.received.method.to_lowercase()];
        let lists = [&operation["parameters"], &item["parameters"]];
        let mut parameters = lists.into_iter().filter_map(Value::as_array).flatten();
        let parameter =
            parameters.find(|other| other["name"] == name && other["in"] == at.name())?;
        let examples = parameter["examples"].as_object();
        let first = || examples?.values().next()?.get("value");
        parameter.get("example").or_else(first).cloned()
    }

    fn value(&self, schema: &Value, shape: Shape, name: &str) -> Result<Value, String> {
        let shape = Shape {
            plain: self.plain,
            ..shape
        };
        sample(self.document, schema, shape, self.seed)
            .ok_or_else(|| format!("no valid value was found for `{name}`"))
    }

    fn body(&mut self, content: &Content, kind: Kind) -> Result<(), String> {
        let any = json!({});
        let schema = content.schema.as_ref().unwrap_or(&any);
        let shape = Shape {
            turn: Some(self.seed.saturating_sub(1) / 2),
            ..request(self.optional)
        };
        let meant = self.value(schema, shape, "body")?;
        let root = &self.document.root;
        let (meant, value) = match (kind, meant) {
            (Kind::Text | Kind::Binary, meant) if is_xml(&content.media_type) => {
                let text = xml::write(root, schema, &meant);
                match xml::is_described(root, schema) {
                    true => (meant, text.into()),
                    false => (json!(text), text.into()),
                }
            }
            (Kind::Text | Kind::Binary, Value::String(text)) => (json!(text), text.into()),
            (Kind::Text, other) => {
                let text = other.to_string();
                (other, text.into())
            }
            (Kind::Binary, other) => {
                let text = other.to_string();
                (json!(text), text.into())
            }
            (_, value) => (value.clone(), value),
        };
        self.made.meant.insert("body".to_owned(), meant);
        self.made.values.insert("body".to_owned(), value);
        Ok(())
    }

    /// The fields of a form, each to its setter.
    fn form(&mut self, content: &Content) -> Result<(), String> {
        let any = json!({});
        let schema = content.schema.as_ref().unwrap_or(&any);
        let delimited = |own: &Parameter| own.ty.items().is_some() && !own.explode;
        let shape = Shape {
            without: match self.own.parameters.iter().any(delimited) {
                true => ",| ",
                false => "",
            },
            turn: Some(self.seed.saturating_sub(1) / 2),
            filled: true,
            ..request(self.optional)
        };
        let mut whole = self.value(schema, shape, "body")?;
        let files = self.own.parameters.iter().filter(|own| own.files.is_some());
        for file in files {
            as_content(whole.get_mut(&file.wire));
        }
        // A form without fields is as none.
        if whole != json!({}) {
            self.made.meant.insert("body".to_owned(), whole.clone());
        }
        let mut fields = match whole {
            Value::Object(fields) => fields,
            // The form is one file.
            other => Map::from_iter([("file".to_owned(), other)]),
        };
        let own = self.own.parameters.iter();
        let form = own.filter(|parameter| place(parameter.place).is_none());
        let (wholes, single): (Vec<_>, Vec<_>) = form.partition(|parameter| parameter.whole);
        for parameter in single {
            if let Some(value) = fields.remove(&parameter.wire) {
                self.made.values.insert(parameter.rust.clone(), value);
                if let Some(types) = &parameter.content_type
                    && parameter.files.is_some()
                {
                    let types: Vec<&str> = types.split(',').map(str::trim).collect();
                    let media_type = types[self.seed as usize % types.len()];
                    let media_type = concrete(media_type);
                    self.sent_as.push((parameter.rust.clone(), media_type));
                }
            }
        }
        for parameter in wholes {
            let rest = std::mem::take(&mut fields);
            if parameter.required || !rest.is_empty() {
                let rest = Value::Object(rest);
                self.made.values.insert(parameter.rust.clone(), rest);
            }
        }
        Ok(())
    }
}

/// Returns the schema of a parameter that the pipeline has added.
fn sample_schema(ty: &Type) -> Value {
    match &ty.kind {
        TypeKind::Scalar(scalar) => json!({"type": scalar.json.name(), "format": scalar.format}),
        TypeKind::List(items) => json!({"type": "array", "items": sample_schema(items)}),
        TypeKind::Map(_) | TypeKind::Object => json!({"type": "object"}),
        TypeKind::Named(_) | TypeKind::Any => json!({}),
    }
}

/// A value as the setter takes it: a number that the document lets be a string is a number
/// outside of JSON.
pub(super) fn as_taken(ty: &Type, value: Value) -> Value {
    let is_number = ty.scalar().is_some_and(|scalar| {
        matches!(scalar.json, JsonType::Integer | JsonType::Number) && scalar.core.is_none()
    });
    match value {
        Value::String(text) if is_number => {
            let integer = text.parse::<i64>().map(Value::from).ok();
            let read = integer.or_else(|| text.parse::<f64>().map(Value::from).ok());
            read.unwrap_or(Value::String(text))
        }
        Value::Array(items) => {
            let any = Type::new(TypeKind::Any);
            let inner = ty.items().unwrap_or(&any);
            items
                .into_iter()
                .map(|item| as_taken(inner, item))
                .collect()
        }
        other => other,
    }
}

/// Files are text here, whatever their schemas let them be.
fn as_content(value: Option<&mut Value>) {
    match value {
        Some(Value::Array(items)) => items.iter_mut().for_each(|item| as_content(Some(item))),
        Some(Value::String(_)) | None => {}
        Some(other) => *other = other.to_string().into(),
    }
}

/// A media type that can be sent, for one that may be a range.
fn concrete(media_type: &str) -> String {
    let concrete = match media_type.split_once("/*") {
        Some(("image", _)) => "image/png",
        Some(("audio", _)) => "audio/mpeg",
        Some(("video", _)) => "video/mp4",
        Some(("text", _)) => "text/plain",
        Some(_) => "application/octet-stream",
        None => media_type,
    };
    concrete.to_owned()
}

/// Bytes with their media type, or a list of them, as a driver reads them.
fn content(value: &Value, media_type: &str) -> Value {
    match value {
        Value::String(text) => {
            json!({"base64": STANDARD.encode(text), "contentType": media_type})
        }
        Value::Array(items) => items.iter().map(|item| content(item, media_type)).collect(),
        other => other.clone(),
    }
}

/// What is sent.
fn request(optional: Optional) -> Shape {
    Shape {
        direction: Direction::Request,
        optional,
        ..Shape::default()
    }
}

/// Whether a schema lets a value be anything: as a parameter, that is text.
fn is_any(schema: &Value) -> bool {
    const ASIDE: [&str; 6] = [
        "description",
        "title",
        "example",
        "default",
        "nullable",
        "deprecated",
    ];
    let mut keywords = schema.as_object().into_iter().flatten();
    keywords.all(|(keyword, _)| ASIDE.contains(&keyword.as_str()))
}

/// Whether a parameter is a header that, says OpenAPI, is none of the operation's.
fn is_ignored(documented: &Documented) -> bool {
    let name = documented.name.to_lowercase();
    documented.place == At::Header
        && matches!(name.as_str(), "accept" | "content-type" | "authorization")
}

/// Whether a parameter is the length of the body.
fn is_length(parameter: &Parameter) -> bool {
    parameter.place == Place::Header && parameter.wire.eq_ignore_ascii_case("content-length")
}

/// Where a parameter is; nowhere for the fields of a form.
pub(super) fn place(place: Place) -> Option<At> {
    match place {
        Place::Path => Some(At::Path),
        Place::Query => Some(At::Query),
        Place::Header => Some(At::Header),
        Place::Cookie => Some(At::Cookie),
        Place::Form | Place::Multipart => None,
    }
}

/// The parameter of the document that a setter stands for.
pub(super) fn documented<'a>(
    own: &Parameter,
    at: At,
    received: &'a Received,
) -> Option<&'a Documented> {
    received.parameters.iter().find(|other| {
        other.place == at
            && (other.name == own.wire
                || at == At::Header && other.name.eq_ignore_ascii_case(&own.wire))
    })
}

/// A body's content by its media type, or one of the same family.
fn content_of<'a>(contents: &'a [Content], media_type: &str) -> Option<&'a Content> {
    let exact = contents
        .iter()
        .find(|content| content.media_type == media_type);
    exact.or_else(|| {
        let wanted = family(media_type, false);
        let same = |content: &&Content| family(&content.media_type, false) == wanted;
        contents.iter().find(same).or(contents.first())
    })
}
