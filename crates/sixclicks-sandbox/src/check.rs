//! The checking of a request against the document: method, path, parameters, media type and
//! body.

use axum::http::HeaderMap;
use futures_util::FutureExt;
use serde_json::{Map, Value};

use crate::{
    decode::{self, Pairs},
    document::{Content, Document, Operation, Parameter, Place},
    rules::Violation,
    schema,
};

/// A request as it came.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
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
    fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }
}

/// What is wrong with a request to an operation.
pub fn check(document: &Document, operation: &Operation, request: Incoming<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    let routes = operation.routes.iter();
    let segments = routes
        .filter_map(|route| route.matches(request.path))
        .next_back()
        .unwrap_or_default();
    let mut query = decode::pairs(request.query);
    let mut cookies = decode::cookies(&request.header("cookie").unwrap_or_default());
    // What takes the rest of a query comes after what takes one name of it.
    let mut parameters: Vec<&Parameter> = operation.parameters.iter().collect();
    parameters.sort_by_key(|p| {
        schema::types(&document.root, &p.schema)
            .iter()
            .any(|kind| kind == "object")
    });
    for parameter in parameters {
        let value = match parameter.place {
            Place::Path => segments
                .iter()
                .find(|(name, _)| *name == parameter.name)
                .map(|(_, text)| decode::simple(&document.root, parameter, text, true)),
            Place::Query => decode::form(&document.root, parameter, &mut query),
            Place::Cookie => decode::form(&document.root, parameter, &mut cookies),
            Place::Header => {
                let name = parameter.name.to_lowercase();
                if matches!(name.as_str(), "accept" | "content-type" | "authorization") {
                    continue;
                }
                request
                    .header(&name)
                    .map(|text| decode::simple(&document.root, parameter, &text, false))
            }
        };
        let at = format!("{} parameter `{}`", place(parameter.place), parameter.name);
        match value {
            Some(value) => {
                // An empty value stands for nothing.
                if value == "" && !parameter.required {
                    continue;
                }
                for violation in document
                    .rules
                    .check(&document.root, &parameter.schema, &value)
                {
                    found.push(Violation {
                        at: format!("{at}{}", violation.at),
                        rule: violation.rule,
                    });
                }
            }
            None if parameter.required && is_sent(operation, parameter) => found.push(Violation {
                at,
                rule: "it is required".to_owned(),
            }),
            None => {}
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
        if !fixed && !is_key(document, &name) {
            found.push(Violation {
                at: format!("query parameter `{name}`"),
                rule: "there is no such parameter".to_owned(),
            });
        }
    }
    body(document, operation, request, &mut found);
    found
}

/// Whether a required parameter can be sent: a path parameter that no segment takes cannot.
fn is_sent(operation: &Operation, parameter: &Parameter) -> bool {
    parameter.place != Place::Path
        || operation
            .template
            .contains(&format!("{{{}}}", parameter.name))
}

/// Whether a query parameter is a documented credential.
fn is_key(document: &Document, name: &str) -> bool {
    let root = &document.root;
    let schemes = [
        &root["components"]["securitySchemes"],
        &root["securityDefinitions"],
    ];
    let schemes = schemes.into_iter().filter_map(Value::as_object).flatten();
    schemes
        .into_iter()
        .any(|(_, scheme)| scheme["in"] == "query" && scheme["name"] == name)
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}

/// A media type without its parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    let end = media_type.find(';').unwrap_or(media_type.len());
    media_type[..end].trim().to_lowercase()
}

/// Whether a media type is one that a pattern such as `application/*+json` stands for.
fn fits(pattern: &str, actual: &str) -> bool {
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

fn body(
    document: &Document,
    operation: &Operation,
    request: Incoming<'_>,
    found: &mut Vec<Violation>,
) {
    let wrong = |rule: String| Violation {
        at: "body".to_owned(),
        rule,
    };
    let content_type = request.header("content-type").unwrap_or_default();
    let empty = request.body.is_empty() && content_type.is_empty();
    let Some(body) = &operation.body else {
        if !request.body.is_empty() {
            found.push(wrong("the operation takes no body".to_owned()));
        }
        return;
    };
    if empty {
        if body.required {
            found.push(wrong("it is required".to_owned()));
        }
        return;
    }
    let exact = |content: &&Content| essence(&content.media_type) == essence(&content_type);
    let content = body.contents.iter().find(exact).or_else(|| {
        body.contents
            .iter()
            .find(|content| fits(&content.media_type, &content_type))
    });
    let Some(content) = content else {
        let known: Vec<&str> = body
            .contents
            .iter()
            .map(|c| c.media_type.as_str())
            .collect();
        found.push(wrong(format!(
            "the media type `{content_type}` is none of {}",
            known.join(", ")
        )));
        return;
    };
    let Some(given) = &content.schema else {
        return;
    };
    let kind = essence(&content_type);
    let value = if is_json(&kind) {
        match serde_json::from_slice(request.body) {
            Ok(value) => value,
            Err(error) => return found.push(wrong(format!("it is no JSON: {error}"))),
        }
    } else if kind == "application/x-www-form-urlencoded" {
        let text = String::from_utf8_lossy(request.body);
        fields(document, content, given, decode::pairs(&text))
    } else if kind.starts_with("multipart/") {
        match parts(&content_type, request.body) {
            Ok(parts) => fields(document, content, given, parts),
            Err(error) => return found.push(wrong(error)),
        }
    } else {
        // Text, XML and bytes are what they are.
        return;
    };
    for violation in document.rules.check(&document.root, given, &value) {
        found.push(Violation {
            at: format!("body{}", violation.at),
            rule: violation.rule,
        });
    }
}

/// The parts of a multipart body, encoded like the pairs of a form.
fn parts(content_type: &str, body: &[u8]) -> Result<Pairs, String> {
    let boundary = multer::parse_boundary(content_type).map_err(|error| error.to_string())?;
    let bytes = Ok::<_, std::convert::Infallible>(body.to_vec());
    let stream = futures_util::stream::once(async move { bytes });
    let mut multipart = multer::Multipart::new(stream, boundary);
    let read = async {
        let mut parts = Pairs::new();
        while let Some(field) = multipart
            .next_field()
            .await
            .map_err(|error| error.to_string())?
        {
            let name = field.name().ok_or("a part has no name")?.to_owned();
            let file = field.file_name().is_some();
            let bytes = field.bytes().await.map_err(|error| error.to_string())?;
            let text = if file {
                "file".into()
            } else {
                String::from_utf8_lossy(&bytes)
            };
            let text =
                percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
            parts.push((name, text.to_string()));
        }
        Ok(parts)
    };
    // All of it is here already, so that nothing is waited for.
    read.now_or_never()
        .unwrap_or_else(|| Err("it ends in the middle".to_owned()))
}

/// The fields of a form as one value.
fn fields(document: &Document, content: &Content, given: &Value, mut pairs: Pairs) -> Value {
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
        let types = schema::types(root, property);
        let object = types.iter().any(|kind| kind == "object");
        let styled = encoding.get("style").is_some() || encoding.get("explode").is_some();
        let items = schema::flatten(root, property)
            .remove("items")
            .unwrap_or_default();
        let objects = schema::types(root, &items)
            .iter()
            .any(|kind| kind == "object");
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
