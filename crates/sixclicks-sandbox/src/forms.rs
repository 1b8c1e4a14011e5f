//! The fields of urlencoded and multipart forms as one value.

use futures_util::FutureExt;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::{
    check::{essence, fits, is_json},
    decode::{self, Pairs},
    document::{Content, Document, Parameter, Place},
    limits, schema,
};

/// What is encoded of a part's text, so that it is read as the value of a pair: all that
/// tells the items of a list apart stays.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b',').remove(b'|').remove(b' ');

/// The largest number of fields, which is that of ASP.NET Core (`ValueCountLimit`).
const MOST: usize = 1_024;

/// An urlencoded form as one value.
///
/// # Errors
///
/// When a field is not written as the document says.
pub fn urlencoded(
    document: &Document,
    content: &Content,
    given: &Value,
    body: &[u8],
) -> Result<Value, String> {
    let text = std::str::from_utf8(body).map_err(|error| format!("it is no form: {error}"))?;
    if text.bytes().filter(|byte| *byte == b'&').count() >= MOST {
        return Err(format!("the form has more than {MOST} fields"));
    }
    fields(document, content, given, decode::pairs(text))
}

/// A multipart form as one value. A part's media type is the one that the document wants, and
/// a file has a file name, without which ASP.NET takes it for text.
///
/// # Errors
///
/// When a part is not written as the document says.
pub fn multipart(
    document: &Document,
    content: &Content,
    given: &Value,
    content_type: &str,
    body: &[u8],
) -> Result<Value, String> {
    let root = &document.root;
    let flat = schema::flatten(root, given);
    let mut pairs = Pairs::new();
    for part in parts(content_type, body)? {
        let property = flat.get("properties").map(|known| &known[&part.name]);
        let property = property.unwrap_or(&Value::Null);
        let bound = is_bound(document, &content.media_type);
        part.check(root, bound, &content.encoding[&part.name], property)?;
        let text = String::from_utf8_lossy(&part.bytes);
        let text = utf8_percent_encode(&text, ENCODED).to_string();
        pairs.push((part.name, text));
    }
    fields(document, content, given, pairs)
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

impl Part {
    /// Checks the headers of a part by what the document says of its field.
    fn check(
        &self,
        root: &Value,
        bound: bool,
        encoding: &Value,
        property: &Value,
    ) -> Result<(), String> {
        let (name, kind) = (&self.name, &self.content_type);
        if let Some(wanted) = encoding["contentType"].as_str() {
            return match wanted.split(',').any(|wanted| fits(wanted, kind)) {
                true => Ok(()),
                false => Err(format!(
                    "the part `{name}` has the media type `{kind}`, which is none of {wanted}"
                )),
            };
        }
        let items = schema::structure(root, property, "array").remove("items");
        let each = items.as_ref().unwrap_or(property);
        if schema::is_binary(root, each) && self.file_name.is_none() {
            return Err(format!("the part `{name}` is a file and has no file name"));
        }
        let styled = encoding.get("style").is_some() || encoding.get("explode").is_some();
        // ASP.NET binds the members of an object, each as a field, and nothing of a part of JSON.
        let fields = styled || bound;
        if is_object(root, each) && !fields && !is_json(kind) {
            return Err(format!(
                "the part `{name}` is an object and has the media type `{kind}` instead of \
                 `application/json`"
            ));
        }
        Ok(())
    }
}

/// Whether ASP.NET binds the fields of a body: of the media types in parts, it reads one as a form.
fn is_bound(document: &Document, media_type: &str) -> bool {
    let kind = essence(media_type);
    let form = !kind.starts_with("multipart/") || kind == "multipart/form-data";
    document.dialect.is_aspnet() && form
}

/// Whether a value is always an object.
fn is_object(root: &Value, given: &Value) -> bool {
    let types = schema::types(root, given);
    let mut types = types.iter().filter(|kind| *kind != "null").peekable();
    types.peek().is_some() && types.all(|kind| kind == "object")
}

/// The parts of a multipart body.
///
/// # Errors
///
/// If it is none.
pub fn parts(content_type: &str, body: &[u8]) -> Result<Vec<Part>, String> {
    // The parser takes forms alone; `multipart/related` and its like part in the same way.
    let parameters = content_type.split_once(';').map_or("", |(_, rest)| rest);
    let form = format!("multipart/form-data;{parameters}");
    let boundary = multer::parse_boundary(form).map_err(|error| error.to_string())?;
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
            if parts.len() == MOST {
                return Err(format!("the form has more than {MOST} parts"));
            }
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
fn fields(
    document: &Document,
    content: &Content,
    given: &Value,
    mut pairs: Pairs,
) -> Result<Value, String> {
    let root = &document.root;
    let flat = schema::flatten(root, given);
    let mut made = Map::new();
    let properties = flat.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let value = field(document, content, name, property, &mut pairs);
        if let Some(value) = value.map_err(|error| format!("the field `{name}`: {error}"))? {
            made.insert(name.clone(), value);
        }
    }
    let rest = flat.get("additionalProperties").unwrap_or(&Value::Null);
    for (name, text) in pairs {
        if made.contains_key(&name) {
            return Err(format!("the field `{name}` is given more than once"));
        }
        made.insert(name, decode::scalar(root, rest, &decode::decode(&text)));
    }
    Ok(Value::Object(made))
}

/// One field of a form; takes its pairs.
fn field(
    document: &Document,
    content: &Content,
    name: &str,
    property: &Value,
    pairs: &mut Pairs,
) -> Result<Option<Value>, String> {
    let root = &document.root;
    let multipart = content.media_type.starts_with("multipart/");
    let encoding = &content.encoding[name];
    if is_bound(document, &content.media_type) && encoding.get("contentType").is_none() {
        let style = encoding["style"].as_str().unwrap_or("form").to_owned();
        let parameter = Parameter {
            name: name.to_owned(),
            place: Place::Query,
            required: false,
            schema: property.clone(),
            explode: encoding["explode"].as_bool().unwrap_or(style == "form"),
            json: false,
            style,
        };
        return decode::bound(root, &parameter, decode::Source::Form, pairs);
    }
    let styled = encoding.get("style").is_some() || encoding.get("explode").is_some();
    let items = schema::structure(root, property, "array").remove("items");
    let objects = items.is_some_and(|items| schema::may_be(root, &items, "object"));
    let early = spreads(root);
    if (multipart || !early) && !styled && objects {
        return Ok(objects_of(name, pairs));
    }
    let object = schema::may_be(root, property, "object");
    // Up to 3.0.3, a style says nothing in a multipart form.
    let ignored = multipart && spreads(root);
    if object && (!styled || ignored) && encoding.get("contentType").is_none() {
        let texts: Vec<String> = pairs
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, text)| decode::decode(text))
            .collect();
        if let [text] = texts.as_slice()
            && let Ok(value @ Value::Object(_)) = limits::json(text.as_bytes())
        {
            pairs.retain(|(key, _)| key != name);
            return Ok(Some(value));
        }
    }
    let dotted = (object || objects) && in_brackets(root, content, name, pairs);
    let style = match encoding["style"].as_str() {
        Some("form") if object && dotted => "deepObject",
        Some(style) => style,
        None if object && !(is_spread(document, content, name, property, pairs)) => "deepObject",
        None => "form",
    };
    let parameter = Parameter {
        name: name.to_owned(),
        place: Place::Query,
        required: false,
        schema: property.clone(),
        style: style.to_owned(),
        explode: encoding["explode"]
            .as_bool()
            .unwrap_or(matches!(style, "form" | "deepObject")),
        json: encoding["contentType"].as_str().is_some_and(is_json),
    };
    decode::form(root, &parameter, pairs)
}

/// A list of objects in a multipart form: each item is a part of its own, or all are one.
fn objects_of(name: &str, pairs: &mut Pairs) -> Option<Value> {
    let texts = pairs.iter().filter(|(key, _)| key == name);
    let values: Vec<Value> = texts
        .filter_map(|(_, text)| limits::json(decode::decode(text).as_bytes()).ok())
        .collect();
    pairs.retain(|(key, _)| key != name);
    match values.as_slice() {
        [] => None,
        [list @ Value::Array(_)] => Some(list.clone()),
        _ => Some(Value::Array(values)),
    }
}

/// Whether an object in an urlencoded form of which no encoding is given is written as its
/// members, which is what OpenAPI says up to 3.0.3 and in 3.1.0. Later it is JSON.
fn is_spread(
    document: &Document,
    content: &Content,
    name: &str,
    property: &Value,
    pairs: &Pairs,
) -> bool {
    let early = spreads(&document.root);
    let bracketed = format!("{name}[");
    let members = schema::structure(&document.root, property, "object");
    let members = members.get("properties").and_then(Value::as_object);
    early
        && !content.media_type.starts_with("multipart/")
        && members.is_some_and(|members| members.keys().any(|key| has(pairs, key)))
        && !pairs.iter().any(|(key, _)| key.starts_with(&bracketed))
}

/// Whether an object in an urlencoded form is its members by the version of the document.
fn spreads(root: &Value) -> bool {
    let version = root["openapi"].as_str().unwrap_or_default();
    matches!(
        version,
        "3.0" | "3.0.0" | "3.0.1" | "3.0.2" | "3.0.3" | "3.1.0"
    )
}

/// Writes members that follow a dot, as ASP.NET binds them (`name.a=1`, `name[0].b=2`), in
/// brackets. Returns whether there were any.
fn in_brackets(root: &Value, content: &Content, name: &str, pairs: &mut Pairs) -> bool {
    let any = Value::Null;
    let flat = schema::flatten(root, content.schema.as_ref().unwrap_or(&any));
    let is_field = |key: &str| {
        flat.get("properties")
            .is_some_and(|all| all.get(key).is_some())
    };
    let mut found = false;
    for (key, _) in pairs {
        let path = key
            .strip_prefix(name)
            .filter(|path| path.starts_with(['.', '[']));
        let Some(path) = path.filter(|path| path.contains('.') && !is_field(key)) else {
            continue;
        };
        let members = path.split('.').filter(|member| !member.is_empty());
        let members = members.map(|member| match member.split_once('[') {
            Some(("", rest)) => format!("[{rest}"),
            Some((member, rest)) => format!("[{member}][{rest}"),
            None => format!("[{member}]"),
        });
        *key = format!("{name}{}", members.collect::<String>());
        found = true;
    }
    found
}

fn has(pairs: &Pairs, name: &str) -> bool {
    pairs.iter().any(|(key, _)| key == name)
}
