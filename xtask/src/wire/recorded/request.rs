//! Whether what a client sent is the request that was recorded: the order and the letters of
//! the query's names, the notation of JSON and of numbers, members that are not set, and what
//! every client sends in its own way do not count.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use sixclicks_sandbox::{Document, Operation, Part, Place, parts};

use crate::{
    media::{Family, essence, family},
    wire::{
        compare::Comparison,
        exchange::Sent,
        json::{Json, Number},
    },
};

/// Headers that every client sends in its own way, or that belong to the connection, the
/// browser or the session.
const STANDARD: [&str; 24] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "authorization",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "pragma",
    "priority",
    "referer",
    "te",
    "traceparent",
    "transfer-encoding",
    "upgrade-insecure-requests",
    "user-agent",
    "x-requested-with",
];

/// Whether a header says something of the operation.
pub fn is_own(name: &str) -> bool {
    !STANDARD.contains(&name) && !name.starts_with("sec-")
}

/// What of a request the document does not mention, and so no typed code sends.
#[derive(Debug, Default)]
pub struct Undeclared {
    /// Query parameters.
    pub query: Vec<String>,
    /// Headers.
    pub headers: Vec<String>,
    /// The whole body, or its media type.
    pub body: bool,
    /// Members of a body, by their JSON pointers.
    pub members: Vec<String>,
}

impl Undeclared {
    /// What it is, for a list.
    pub fn things(&self) -> Vec<String> {
        let query = self.query.iter().map(|name| format!("query `{name}`"));
        let headers = self.headers.iter().map(|name| format!("header `{name}`"));
        let members = self.members.iter().map(|at| format!("member `{at}`"));
        let body = self.body.then(|| "the body or its media type".to_owned());
        query.chain(headers).chain(members).chain(body).collect()
    }
}

/// Where a request differs from the one that was recorded, if it does.
pub fn difference(
    document: &Document,
    operation: &Operation,
    recorded: &Sent,
    undeclared: &Undeclared,
    sent: &Sent,
) -> Option<String> {
    if recorded.method != sent.method {
        return Some(format!("the method is {}", sent.method));
    }
    if !is_same_path(&recorded.path, &sent.path) {
        return Some(format!("the path is {}", sent.path));
    }
    let mut wanted = pairs(&recorded.query);
    wanted.retain(|(name, _)| !undeclared.query.contains(name));
    if let Some(difference) = unlike(wanted, pairs(&sent.query)) {
        return Some(format!("in the query, {difference}"));
    }
    for (name, value) in &recorded.headers {
        let declared = operation.parameters.iter().any(|parameter| {
            parameter.place == Place::Header && parameter.name.eq_ignore_ascii_case(name)
        });
        let wanted = declared && !value.is_empty() && is_own(name);
        if wanted && spaceless(value) != spaceless(sent.header(name)) {
            let sent = sent.header(name);
            return Some(format!("the header `{name}` is {sent:?}"));
        }
    }
    match undeclared.body {
        true => None,
        false => body(document, operation, recorded, &undeclared.members, sent),
    }
}

/// Whether two paths are the same to ASP.NET.
fn is_same_path(one: &str, other: &str) -> bool {
    let segments = |path: &str| -> Vec<String> {
        let path = path.trim_end_matches('/');
        let segments = path.split('/').map(decoded);
        segments.map(|segment| segment.to_lowercase()).collect()
    };
    segments(one) == segments(other)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The pairs of a query or an urlencoded form. An empty value stands for nothing.
fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// Where pairs differ, if they do: the values of one name have an order, the names have none.
fn unlike(wanted: Vec<(String, String)>, mut sent: Vec<(String, String)>) -> Option<String> {
    for (name, value) in wanted {
        let at = sent
            .iter()
            .position(|(own, _)| own.eq_ignore_ascii_case(&name));
        let Some(at) = at else {
            return Some(format!("`{name}={value}` is missing"));
        };
        let (_, own) = sent.remove(at);
        if !is_same(&value, &own) {
            return Some(format!("`{name}` is {own:?}, not {value:?}"));
        }
    }
    let (name, value) = sent.first()?;
    Some(format!("`{name}={value}` is too much"))
}

/// Whether two texts stand for the same value.
fn is_same(one: &str, other: &str) -> bool {
    let number = |text| Number::read(text);
    one == other || number(one).is_some() && number(one) == number(other)
}

fn spaceless(value: &str) -> String {
    let items: Vec<&str> = value.split(',').map(str::trim).collect();
    items.join(",")
}

fn body(
    document: &Document,
    operation: &Operation,
    recorded: &Sent,
    undeclared: &[String],
    sent: &Sent,
) -> Option<String> {
    if recorded.body.is_empty() {
        return (!sent.body.is_empty()).then(|| format!("a body is sent: {}", text(sent)));
    }
    let (wanted, actual) = (recorded.header("content-type"), sent.header("content-type"));
    if sent.body.is_empty() && !actual.starts_with("multipart/") {
        return Some("no body is sent".to_owned());
    }
    let same_content = || is_documented_alike(operation, wanted, actual);
    if !is_equivalent(wanted, actual) && !same_content() {
        return Some(format!("the media type is `{actual}`"));
    }
    if family(wanted, false) != family(actual, false) {
        let (Ok(mut wanted), Ok(own)) = (fields(recorded), fields(sent)) else {
            return Some("the form cannot be read".to_owned());
        };
        wanted.retain(|(name, _)| !undeclared.contains(&format!("/{name}")));
        return unlike(wanted, own).map(|difference| format!("in the form, {difference}"));
    }
    match family(wanted, false) {
        Family::Json => json(document, operation, recorded, undeclared, sent),
        Family::Form => {
            let form = |sent: &Sent| pairs(&text(sent));
            let mut wanted = form(recorded);
            wanted.retain(|(name, _)| !undeclared.contains(&format!("/{name}")));
            unlike(wanted, form(sent)).map(|difference| format!("in the form, {difference}"))
        }
        Family::Multipart => {
            let read = |sent: &Sent| parts(sent.header("content-type"), &sent.body);
            let (Ok(mut wanted), Ok(own)) = (read(recorded), read(sent)) else {
                return Some("the form cannot be read".to_owned());
            };
            wanted.retain(|part| !undeclared.contains(&format!("/{}", part.name)));
            unlike_parts(wanted, own)
        }
        Family::Text | Family::Binary => {
            (recorded.body != sent.body).then(|| format!("the body is {}", text(sent)))
        }
    }
}

fn text(sent: &Sent) -> String {
    String::from_utf8_lossy(&sent.body).into_owned()
}

/// Whether a server takes two media types for the same: JSON has two names.
fn is_equivalent(one: &str, other: &str) -> bool {
    let (one, other) = (essence(one), essence(other));
    let plain = |essence: &str| matches!(essence, "application/json" | "text/json");
    one == other || plain(&one) && plain(&other)
}

/// The fields of a form, in either of its two media types.
fn fields(sent: &Sent) -> Result<Vec<(String, String)>, String> {
    let content_type = sent.header("content-type");
    if family(content_type, false) != Family::Multipart {
        return Ok(pairs(&text(sent)));
    }
    let parts = parts(content_type, &sent.body)?.into_iter();
    let parts = parts.filter(|part| !part.bytes.is_empty());
    let text = |part: &Part| String::from_utf8_lossy(&part.bytes).into_owned();
    Ok(parts.map(|part| (part.name.clone(), text(&part))).collect())
}

/// Whether the document describes the same JSON or the same form for two media types, so that it is
/// the caller who chooses.
fn is_documented_alike(operation: &Operation, one: &str, other: &str) -> bool {
    let schema = |media_type: &str| {
        let wanted = essence(media_type);
        let is = |listed: &str| {
            let listed = essence(listed);
            let (before, after) = listed.split_once('*').unwrap_or((&listed, ""));
            listed == wanted
                || listed.contains('*') && wanted.starts_with(before) && wanted.ends_with(after)
        };
        let mut contents = operation.body.iter().flat_map(|body| &body.contents);
        let found = contents.find(|content| is(&content.media_type));
        found.map(|content| &content.schema)
    };
    let all = |wanted: &[Family]| {
        let mut both = [one, other].into_iter();
        both.all(|media_type| wanted.contains(&family(media_type, false)))
    };
    (all(&[Family::Json]) || all(&[Family::Form, Family::Multipart]))
        && matches!((schema(one), schema(other)), (Some(one), Some(other)) if one == other)
}

fn json(
    document: &Document,
    operation: &Operation,
    recorded: &Sent,
    undeclared: &[String],
    sent: &Sent,
) -> Option<String> {
    let both = (Json::parse(&text(recorded)), Json::parse(&text(sent)));
    let (Ok(mut wanted), Ok(mut own)) = both else {
        return (recorded.body != sent.body).then(|| format!("the body is {}", text(sent)));
    };
    for pointer in undeclared {
        remove(&mut wanted, pointer);
        // A type may keep members that the document does not mention.
        remove(&mut own, pointer);
    }
    let kind = essence(recorded.header("content-type"));
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let schema: Option<&Value> = contents
        .clone()
        .find(|content| essence(&content.media_type) == kind)
        .or_else(|| contents.clone().next())
        .and_then(|content| content.schema.as_ref());
    Comparison::request(document)
        .difference(schema, &wanted, &own)
        .map(|difference| format!("in the body, {difference}"))
}

/// Takes a member out of a value.
fn remove(value: &mut Json, pointer: &str) {
    let Some((first, rest)) = pointer
        .strip_prefix('/')
        .map(|pointer| pointer.split_once('/').unwrap_or((pointer, "")))
    else {
        return;
    };
    let name = first.replace("~1", "/").replace("~0", "~");
    match value {
        Json::Object(members) if rest.is_empty() => members.retain(|(own, _)| *own != name),
        Json::Object(members) => {
            for (_, member) in members.iter_mut().filter(|(own, _)| *own == name) {
                remove(member, &format!("/{rest}"));
            }
        }
        Json::List(items) => {
            let item = name
                .parse()
                .ok()
                .and_then(|index: usize| items.get_mut(index));
            if let Some(item) = item {
                remove(item, &format!("/{rest}"));
            }
        }
        _ => {}
    }
}

fn unlike_parts(wanted: Vec<Part>, mut sent: Vec<Part>) -> Option<String> {
    for part in wanted {
        let name = &part.name;
        let own = |other: &Part| other.name.eq_ignore_ascii_case(name);
        let Some(at) = sent.iter().position(own) else {
            // An empty field stands for nothing.
            match part.bytes.is_empty() && part.file_name.is_none() {
                true => continue,
                false => return Some(format!("the part `{name}` is missing")),
            }
        };
        let own = sent.remove(at);
        let text = |part: &Part| String::from_utf8_lossy(&part.bytes).into_owned();
        let (one, other) = (text(&part), text(&own));
        let json = |text: &str| Json::parse(text).ok();
        let same_json = json(&one).is_some() && json(&one) == json(&other);
        if part.bytes != own.bytes && !is_same(&one, &other) && !same_json {
            return Some(format!("the part `{name}` is {other:?}"));
        }
        if part.file_name != own.file_name {
            return Some(format!(
                "the part `{name}` has the file name {:?}",
                own.file_name
            ));
        }
        let is_file = part.file_name.is_some();
        if is_file && !is_equivalent(&part.content_type, &own.content_type) {
            return Some(format!(
                "the part `{name}` has the media type `{}`",
                own.content_type
            ));
        }
    }
    let left = sent.iter().find(|part| !part.bytes.is_empty())?;
    Some(format!("the part `{}` is too much", left.name))
}
