//! The arguments of a call, made at random from the schemas of the document as it was
//! received, and what the server has to understand by them.

use serde_json::{Map, Value, json, value::RawValue};
use sixclicks_sandbox::{
    Content, Direction, Document, Operation as Received, Optional, Parameter as Documented,
    Place as At, Shape, sample, spelt,
};

use super::{
    body::{concrete, content, content_of},
    process::{self, Values},
    separators,
};
use crate::{
    media::essence,
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

impl Arguments {
    /// The values as a driver reads them, those of a body with all digits of their numbers.
    pub fn raw(&self) -> Values {
        let values = self.values.iter();
        let raw = values.map(|(name, value)| {
            let digits = name == "body" && !value.is_string();
            let text = digits.then(|| spelt(&value.to_string()));
            let exact = text.and_then(|text| RawValue::from_string(text).ok());
            (name.clone(), exact.unwrap_or_else(|| process::raw(value)))
        });
        raw.collect()
    }
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

pub(super) struct Maker<'a> {
    pub(super) document: &'a Document,
    pub(super) own: &'a Operation,
    pub(super) received: &'a Received,
    pub(super) optional: Optional,
    pub(super) plain: bool,
    pub(super) seed: u64,
    pub(super) chance: fastrand::Rng,
    pub(super) made: Arguments,
    /// The media types of uploads and files, by the names of their setters.
    pub(super) sent_as: Vec<(String, String)>,
}

impl Maker<'_> {
    fn make(mut self) -> Result<Arguments, String> {
        let unset = |lost: &&Documented| lost.required || !matches!(self.optional, Optional::Never);
        if let Some(lost) = self.lost().filter(unset) {
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

    pub(super) fn value(&self, schema: &Value, shape: Shape, name: &str) -> Result<Value, String> {
        let shape = Shape {
            plain: self.plain,
            digits: shape.digits && !self.plain,
            ..shape
        };
        sample(self.document, schema, shape, self.seed)
            .ok_or_else(|| format!("no valid value was found for `{name}`"))
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
        Value::Object(members) => match &ty.kind {
            TypeKind::Map(inner) => members
                .into_iter()
                .map(|(name, member)| (name, as_taken(inner, member)))
                .collect(),
            _ => Value::Object(members),
        },
        other => other,
    }
}

/// What is sent.
pub(super) fn request(optional: Optional) -> Shape {
    Shape {
        direction: Direction::Request,
        optional,
        digits: true,
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
