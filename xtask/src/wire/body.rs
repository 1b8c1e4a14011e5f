//! The arguments of a call that are its body: a value as a whole, or the fields of a form.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use sixclicks_sandbox::{Content, Shape, xml};

use super::arguments::{Maker, place, request};
use crate::{
    media::{family, is_xml},
    model::{Kind, Parameter},
};

impl Maker<'_> {
    pub(super) fn body(&mut self, content: &Content, kind: Kind) -> Result<(), String> {
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
    pub(super) fn form(&mut self, content: &Content) -> Result<(), String> {
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

/// Files are text here, whatever their schemas let them be.
fn as_content(value: Option<&mut Value>) {
    match value {
        Some(Value::Array(items)) => items.iter_mut().for_each(|item| as_content(Some(item))),
        Some(Value::String(_)) | None => {}
        Some(other) => *other = other.to_string().into(),
    }
}

/// A media type that can be sent, for one that may be a range.
pub(super) fn concrete(media_type: &str) -> String {
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
pub(super) fn content(value: &Value, media_type: &str) -> Value {
    match value {
        Value::String(text) => {
            json!({"base64": STANDARD.encode(text), "contentType": media_type})
        }
        Value::Array(items) => items.iter().map(|item| content(item, media_type)).collect(),
        other => other.clone(),
    }
}

/// A body's content by its media type, or one of the same family.
pub(super) fn content_of<'a>(contents: &'a [Content], media_type: &str) -> Option<&'a Content> {
    let exact = contents
        .iter()
        .find(|content| content.media_type == media_type);
    exact.or_else(|| {
        let wanted = family(media_type, false);
        let same = |content: &&Content| family(&content.media_type, false) == wanted;
        contents.iter().find(same).or(contents.first())
    })
}
