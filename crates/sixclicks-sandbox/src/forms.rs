//! The fields of urlencoded and multipart forms as one value.

use futures_util::FutureExt;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::{
    check::{fits, is_json},
    decode::{self, Pairs},
    document::{Content, Document, Parameter, Place},
    schema,
};

/// What is encoded of a part's text, so that it is read as the value of a pair: all that
/// tells the items of a list apart stays.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b',').remove(b'|').remove(b' ');

/// A multipart form as one value. A part's media type is the one that the document wants.
pub fn multipart(
    document: &Document,
    content: &Content,
    given: &Value,
    content_type: &str,
    body: &[u8],
) -> Result<Value, String> {
    let mut pairs = Pairs::new();
    for part in parts(content_type, body)? {
        let wanted = content.encoding[&part.name]["contentType"].as_str();
        let mut wanted = wanted.into_iter().flat_map(|list| list.split(','));
        let documented = content.encoding[&part.name]["contentType"].is_string();
        if documented && !wanted.any(|wanted| fits(wanted, &part.content_type)) {
            return Err(format!(
                "the part `{}` has the media type `{}`, which is none of {}",
                part.name, part.content_type, content.encoding[&part.name]["contentType"]
            ));
        }
        let text = String::from_utf8_lossy(&part.bytes);
        let text = utf8_percent_encode(&text, ENCODED).to_string();
        pairs.push((part.name, text));
    }
    Ok(fields(document, content, given, pairs))
}

/// A part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The name of the file, if it is one.
    pub file_name: Option<String>,
    /// The media type; text unless it is given.
    pub content_type: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The parts of a multipart body.
///
/// # Errors
///
/// If it is none.
pub fn parts(content_type: &str, body: &[u8]) -> Result<Vec<Part>, String> {
    let boundary = multer::parse_boundary(content_type).map_err(|error| error.to_string())?;
    let bytes = Ok::<_, std::convert::Infallible>(body.to_vec());
    let stream = futures_util::stream::once(async move { bytes });
    let mut multipart = multer::Multipart::new(stream, boundary);
    let read = async {
        let mut parts = Vec::new();
        while let Some(field) = multipart
            .next_field()
            .await
            .map_err(|error| error.to_string())?
        {
            let name = field.name().ok_or("a part has no name")?.to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let content_type = field.content_type().map(ToString::to_string);
            let bytes = field.bytes().await.map_err(|error| error.to_string())?;
            parts.push(Part {
                name,
                file_name,
                content_type: content_type.unwrap_or_else(|| "text/plain".to_owned()),
                bytes: bytes.to_vec(),
            });
        }
        Ok(parts)
    };
    // All of it is here already, so that nothing is waited for.
    read.now_or_never()
        .unwrap_or_else(|| Err("it ends in the middle".to_owned()))
}

/// The fields of a form as one value.
pub fn fields(document: &Document, content: &Content, given: &Value, mut pairs: Pairs) -> Value {
    let root = &document.root;
    let multipart = content.media_type.starts_with("multipart/");
    let flat = schema::flatten(root, given);
    let mut made = Map::new();
    for (name, property) in flat
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let encoding = &content.encoding[name];
        let object = schema::may_be(root, property, "object");
        let styled = encoding.get("style").is_some() || encoding.get("explode").is_some();
        let items = schema::flatten(root, property)
            .remove("items")
            .unwrap_or_default();
        let objects = schema::may_be(root, &items, "object");
        let text = pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, text)| decode::decode(text));
        if multipart && !styled && objects {
            // Each item is a part of its own, or all are one.
            let texts = pairs
                .iter()
                .filter(|(key, _)| key == name)
                .map(|(_, text)| decode::decode(text));
            let values: Vec<Value> = texts
                .filter_map(|text| serde_json::from_str(&text).ok())
                .collect();
            pairs.retain(|(key, _)| key != name);
            if let [Value::Array(_)] = values.as_slice() {
                made.insert(name.clone(), values[0].clone());
            } else if !values.is_empty() {
                made.insert(name.clone(), Value::Array(values));
            }
            continue;
        }
        let json = text
            .filter(|_| object)
            .and_then(|text| serde_json::from_str::<Value>(&text).ok());
        if let Some(value) = json.filter(Value::is_object) {
            pairs.retain(|(key, _)| key != name);
            made.insert(name.clone(), value);
            continue;
        }
        let deep = object && encoding["style"].is_null();
        let style = if deep {
            "deepObject"
        } else {
            encoding["style"].as_str().unwrap_or("form")
        };
        let parameter = Parameter {
            name: name.clone(),
            place: Place::Query,
            required: false,
            schema: property.clone(),
            style: style.to_owned(),
            explode: encoding["explode"]
                .as_bool()
                .unwrap_or(matches!(style, "form" | "deepObject")),
            json: encoding["contentType"].as_str().is_some_and(is_json),
        };
        if let Some(value) = decode::form(root, &parameter, &mut pairs) {
            made.insert(name.clone(), value);
        }
    }
    let rest = flat.get("additionalProperties").unwrap_or(&Value::Null);
    for (name, text) in pairs {
        made.insert(name, decode::scalar(root, rest, &decode::decode(&text)));
    }
    Value::Object(made)
}
