//! The checking of a request against the document: method, path, parameters, media type and
//! body.

use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use crate::{
    aspnet, decode,
    document::{Body, Content, Document, Operation, Parameter, Place},
    forms, limits,
    parameters::is_called,
    rules::{Breach, Violation},
    schema, xml,
};

impl Document {
    /// Reads a request as the operation that it is for, if there is one.
    pub fn read(&self, request: Incoming<'_>) -> Option<(&Operation, Reading)> {
        read(self, request, None)
    }

    /// What is wrong with a value by one of the document's schemas.
    pub fn check(&self, given: &Value, value: &Value) -> Vec<Violation> {
        self.rules.check(&self.root, given, value)
    }
}

/// A request as it came.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The path, encoded.
    pub path: &'a str,
    /// The query, encoded.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

impl Incoming<'_> {
    /// A header; one that comes in several lines is those lines with commas between them.
    fn header(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(name).into_iter();
        let lines = lines.map(|value| String::from_utf8_lossy(value.as_bytes()));
        lines
            .map(|line| line.into_owned())
            .reduce(|before, line| format!("{before},{line}"))
    }
}

/// A request to an operation as the document reads it.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The values of the parameters by place and name, and that of the body.
    pub values: Map<String, Value>,
    /// What is wrong.
    pub violations: Vec<Violation>,
}

impl Reading {
    fn wrong(&mut self, breach: Breach, at: impl Into<String>, rule: impl Into<String>) {
        self.violations.push(Violation {
            at: at.into(),
            rule: rule.into(),
            breach,
        });
    }

    /// Checks a value by its schema.
    fn check(&mut self, document: &Document, given: &Value, value: &Value, at: &str) {
        for violation in document.rules.check(&document.root, given, value) {
            let at = format!("{at}{}", violation.at);
            self.wrong(violation.breach, at, violation.rule);
        }
    }

    fn keep(&mut self, parameter: &Parameter, value: Value) {
        let place = self
            .values
            .entry(parameter.place.name())
            .or_insert_with(|| json!({}));
        place[&parameter.name] = value;
    }
}

/// Reads a request as one of the operations that its method and path stand for: the one
/// that it fits best, and among equals the one with the wanted template.
pub fn read<'a>(
    document: &'a Document,
    request: Incoming<'_>,
    wanted: Option<&str>,
) -> Option<(&'a Operation, Reading)> {
    document
        .candidates(request.method, request.path)
        .into_iter()
        .map(|operation| (operation, as_operation(document, operation, request)))
        .min_by_key(|(operation, reading)| {
            let other = wanted.is_some_and(|wanted| operation.template != wanted);
            (reading.violations.len(), other)
        })
}

fn as_operation(document: &Document, operation: &Operation, request: Incoming<'_>) -> Reading {
    let mut reading = Reading::default();
    parameters(document, operation, request, &mut reading);
    body(document, operation, request, &mut reading);
    reading
}

fn parameters(
    document: &Document,
    operation: &Operation,
    request: Incoming<'_>,
    reading: &mut Reading,
) {
    let root = &document.root;
    let bound = document.dialect.is_aspnet();
    let routes = operation.routes.iter();
    let segments = routes
        .filter_map(|route| route.matches(request.path))
        .next_back()
        .unwrap_or_default();
    let mut query = decode::pairs(request.query);
    let mut cookies = decode::cookies(&request.header("cookie").unwrap_or_default());
    // What takes the rest of a query comes after what takes one name of it.
    let mut parameters: Vec<&Parameter> = operation.parameters.iter().collect();
    parameters.sort_by_key(|parameter| {
        let object = schema::may_be(root, &parameter.schema, "object");
        (
            decode::leaves_rest(root, parameter),
            object && parameter.style != "deepObject",
        )
    });
    for parameter in parameters {
        let parameter = &as_sent(operation, parameter);
        let value = match parameter.place {
            Place::Path => segments
                .iter()
                .find(|(name, _)| *name == parameter.name)
                .or_else(|| segments.iter().find(|(name, _)| is_called(parameter, name)))
                .map(|(_, text)| decode::simple(root, parameter, text, true))
                .transpose(),
            Place::Query if bound => {
                decode::bound(root, parameter, decode::Source::Query, &mut query)
            }
            Place::Query => decode::form(root, parameter, &mut query),
            Place::Cookie => decode::form(root, parameter, &mut cookies),
            Place::Header => {
                let name = parameter.name.to_lowercase();
                if matches!(name.as_str(), "accept" | "content-type" | "authorization") {
                    continue;
                }
                let text = request.header(&name);
                let value = text.map(|text| decode::simple(root, parameter, &text, false));
                match value.transpose() {
                    // ASP.NET passes over what is empty between commas.
                    Ok(Some(Value::Array(mut items))) if bound => {
                        items.retain(|item| item != "");
                        Ok(Some(items.into()))
                    }
                    value => value,
                }
            }
        };
        let at = format!("{} parameter `{}`", parameter.place.name(), parameter.name);
        match value {
            Err(error) => reading.wrong(Breach::Type, at, error),
            Ok(Some(value)) => {
                // An empty value stands for nothing.
                if value != "" || parameter.required {
                    reading.check(document, &parameter.schema, &value, &at);
                }
                reading.keep(parameter, value);
            }
            Ok(None) if parameter.required => {
                reading.wrong(Breach::Missing, at, "it is required");
            }
            Ok(None) => {}
        }
    }
    let in_template = operation
        .template
        .split_once('?')
        .map(|(_, query)| decode::pairs(query));
    for (name, _) in query {
        let fixed = in_template
            .iter()
            .flatten()
            .any(|(known, _)| *known == name);
        if !fixed && !is_key(root, &name) {
            reading.wrong(
                Breach::Undeclared,
                format!("query parameter `{name}`"),
                "there is no such parameter",
            );
        }
    }
}

/// A parameter as it is sent: what the template names is in the path, although some documents
/// say that it is in the query.
fn as_sent(operation: &Operation, parameter: &Parameter) -> Parameter {
    let mut others = operation.parameters.iter();
    let named = parameter.place == Place::Query
        && in_template(operation, parameter)
        && !others.any(|other| other.place == Place::Path && other.name == parameter.name);
    Parameter {
        place: if named { Place::Path } else { parameter.place },
        ..parameter.clone()
    }
}

fn in_template(operation: &Operation, parameter: &Parameter) -> bool {
    let mut names = operation.routes.iter().flat_map(|route| route.parameters());
    names.any(|name| is_called(parameter, name))
}

/// Whether a query parameter is a documented credential.
fn is_key(root: &Value, name: &str) -> bool {
    let schemes = [
        &root["components"]["securitySchemes"],
        &root["securityDefinitions"],
    ];
    let mut schemes = schemes.into_iter().filter_map(Value::as_object).flatten();
    schemes.any(|(_, scheme)| scheme["in"] == "query" && scheme["name"] == name)
}

/// A media type without its parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    let end = media_type.find(';').unwrap_or(media_type.len());
    media_type[..end].trim().to_lowercase()
}

/// Whether a media type is one that a pattern such as `application/*+json` stands for.
pub fn fits(pattern: &str, actual: &str) -> bool {
    let (pattern, actual) = (essence(pattern), essence(actual));
    match pattern.split_once('*') {
        Some((before, after)) => {
            actual.starts_with(before) && (after.starts_with('/') || actual.ends_with(after))
        }
        None => pattern == actual,
    }
}

/// Whether a media type is JSON.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// Whether a media type is XML.
pub fn is_xml(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("/xml") || essence.ends_with("+xml")
}

fn body(document: &Document, operation: &Operation, request: Incoming<'_>, reading: &mut Reading) {
    let content_type = request.header("content-type").unwrap_or_default();
    let empty = request.body.is_empty() && content_type.is_empty();
    let Some(body) = &operation.body else {
        if !request.body.is_empty() {
            reading.wrong(Breach::Undeclared, "body", "the operation takes no body");
        }
        return;
    };
    if empty {
        if body.required {
            reading.wrong(Breach::Missing, "body", "it is required");
        }
        return;
    }
    let exact = |content: &&Content| essence(&content.media_type) == essence(&content_type);
    // Parameters may tell versions apart; others, such as a charset, say nothing.
    let plain = |media_type: &str| media_type.replace(' ', "").to_lowercase();
    let same = |content: &&Content| plain(&content.media_type) == plain(&content_type);
    let content = body.contents.iter().find(same);
    let content = content
        .or_else(|| body.contents.iter().find(exact))
        .or_else(|| {
            body.contents
                .iter()
                .find(|content| fits(&content.media_type, &content_type))
        });
    let Some(content) = content else {
        let known = body.contents.iter().map(|c| c.media_type.as_str());
        let known = known.collect::<Vec<_>>().join(", ");
        let rule = format!("the media type `{content_type}` is none of {known}");
        return reading.wrong(Breach::Undeclared, "body", rule);
    };
    match value(document, content, &content_type, request.body) {
        Ok(mut value) => {
            if let Some(given) = &content.schema
                && document.dialect.is_aspnet()
                && is_json(&content_type)
            {
                value = aspnet::as_read(&document.root, given, value);
                let late = aspnet::unordered(&document.root, given, &value);
                if let Some((at, name)) = late.filter(|_| is_ordered(body)) {
                    let rule = format!("the discriminator `{name}` has to come first");
                    reading.wrong(Breach::Limit, format!("body{at}"), rule);
                }
            }
            if let Some(given) = &content.schema
                && has_schema(&document.root, given, &content_type)
            {
                reading.check(document, given, &value, "body");
            }
            reading.values.insert("body".to_owned(), value);
        }
        Err(error) => reading.wrong(Breach::Type, "body", error),
    }
}

/// Whether a body is read by System.Text.Json, which wants discriminators first. Where Newtonsoft's
/// formatters are, the media type of JSON Patch comes before the others.
fn is_ordered(body: &Body) -> bool {
    let mut types = body.contents.iter().map(|content| &*content.media_type);
    body.contents.len() < 2 || types.next() != Some("application/json-patch+json")
}

/// Whether a schema says something of a body: bytes are not what it is about, nor is XML
/// where it describes no elements.
fn has_schema(root: &Value, given: &Value, content_type: &str) -> bool {
    let kind = essence(content_type);
    if is_xml(&kind) {
        return xml::is_described(root, given);
    }
    let form = kind == "application/x-www-form-urlencoded" || kind.starts_with("multipart/");
    is_json(&kind) || form || kind.starts_with("text/")
}

/// A body as a value: JSON as it is, forms as objects, XML as what it stands for, all else
/// as text.
fn value(
    document: &Document,
    content: &Content,
    content_type: &str,
    body: &[u8],
) -> Result<Value, String> {
    let root = &document.root;
    let kind = essence(content_type);
    let any = json!({});
    let given = content.schema.as_ref().unwrap_or(&any);
    if schema::is_binary(root, given) && !kind.starts_with("multipart/") {
        return Ok(String::from_utf8_lossy(body).into_owned().into());
    }
    if is_json(&kind) {
        return limits::json(body);
    }
    if kind == "application/x-www-form-urlencoded" {
        return forms::urlencoded(document, content, given, body);
    }
    if kind.starts_with("multipart/") {
        let form = forms::multipart(document, content, given, content_type, body)?;
        // A form that is one file is that file, by whatever name.
        let is_file = schema::is_binary(root, given);
        return Ok(match form {
            Value::Object(fields) if is_file && fields.len() == 1 => {
                fields.into_values().next().unwrap_or_default()
            }
            form => form,
        });
    }
    let text = String::from_utf8_lossy(body).into_owned();
    if is_xml(&kind) {
        return xml::read(root, given, &text);
    }
    if kind.starts_with("text/") {
        std::str::from_utf8(body).map_err(|error| format!("it is no text: {error}"))?;
        let types = schema::types(root, given);
        if !types.is_empty() && !types.iter().any(|kind| kind == "string") {
            return Ok(limits::json(body).unwrap_or(Value::String(text)));
        }
    }
    Ok(text.into())
}
