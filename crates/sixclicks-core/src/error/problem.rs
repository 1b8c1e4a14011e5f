//! What servers say when something is wrong, in whatever form: ABP's errors, problem
//! details of RFC 9457, ASP.NET's validation problems, lists of errors, OAuth's, plain text,
//! a gateway's page, or nothing.

use serde_json::{Map, Value};

use crate::body::{decode, utf8};
use crate::markup;

/// The longest text that is kept, in characters.
const LONGEST: usize = 1_000;
/// How much of a body that is no JSON is looked at.
const HEAD: usize = 64 << 10;
/// How many validation errors are kept.
const MOST: usize = 1_000;

/// Where a message is, likeliest first.
const MESSAGES: [&str; 7] = [
    "message",
    "title",
    "errorMessage",
    "error_description",
    "detail",
    "description",
    "reason",
];

/// One thing that the server found wrong with what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationError {
    /// What is wrong.
    pub message: String,
    /// The fields that it is about, as the server calls them; empty when it is about all.
    pub members: Vec<String>,
}

/// An error body, read as far as it can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Problem {
    pub message: Option<String>,
    pub details: Option<String>,
    pub code: Option<String>,
    pub trace: Option<String>,
    pub validation: Vec<ValidationError>,
    pub unauthorized: bool,
}

impl Problem {
    /// Reads a body of any form, in any charset.
    pub fn read(body: &[u8], content_type: Option<&str>) -> Self {
        if let Ok(value) = serde_json::from_slice::<Value>(&utf8(body, content_type)) {
            return match &value {
                Value::Object(object) => Self::of(object),
                Value::Array(items) => Self::of_list(items),
                Value::String(text) => Self::saying(one_line(text)),
                _ => Self::default(),
            };
        }
        let text = decode(&body[..body.len().min(HEAD)], content_type);
        Self::saying(if markup::is_markup(text.as_bytes()) {
            markup::says(text.as_bytes())
        } else {
            one_line(&text)
        })
    }

    fn saying(message: Option<String>) -> Self {
        Self {
            message,
            ..Self::default()
        }
    }

    fn of(outer: &Map<String, Value>) -> Self {
        let unauthorized = get(outer, "unAuthorizedRequest") == Some(&Value::Bool(true));
        let inner = match get(outer, "error") {
            Some(Value::Object(inner)) => inner,
            _ => outer,
        };
        // OAuth's `error` is a code, with `error_description` beside it.
        let word = get(outer, "error").and_then(Value::as_str);
        let mut validation: Vec<ValidationError> = ["validationErrors", "errors", "modelState"]
            .iter()
            .filter_map(|key| get(inner, key))
            .flat_map(fields)
            .collect();
        if validation.is_empty() && is_model_state(inner) {
            validation = state(inner);
        }
        validation.truncate(MOST);
        let message = MESSAGES.iter().find_map(|key| string(inner, key));
        // Where nothing speaks for the whole, the first thing that is wrong does.
        let first = || {
            let mut messages = validation.iter().map(|error| &error.message);
            messages.find(|text| !text.is_empty()).cloned()
        };
        Self {
            message: message.or_else(|| one_line(word?)).or_else(first),
            details: ["details", "detail", "exceptionMessage"]
                .iter()
                .find_map(|key| string(inner, key)),
            code: ["code", "errorCode", "type"]
                .iter()
                .find_map(|key| match get(inner, key)? {
                    Value::String(text) => one_line(text),
                    Value::Number(number) if number.as_i64() != Some(0) => Some(number.to_string()),
                    _ => None,
                })
                .or_else(|| one_line(word?)),
            trace: [inner, outer]
                .iter()
                .flat_map(|object| TRACES.iter().map(|key| string(object, key)))
                .find_map(|trace| trace),
            validation,
            unauthorized,
        }
    }

    /// A bare list of errors, as ASP.NET Identity and FluentValidation write it.
    fn of_list(items: &[Value]) -> Self {
        let mut validation: Vec<ValidationError> =
            items.iter().flat_map(|item| one(&[], item)).collect();
        validation.truncate(MOST);
        let first = items.iter().find_map(Value::as_object).map(Self::of);
        let message = validation
            .iter()
            .map(|error| error.message.clone())
            .find(|text| !text.is_empty());
        Self {
            message,
            validation,
            ..first.unwrap_or_default()
        }
    }
}

/// Where the id of a request is.
const TRACES: [&str; 3] = ["traceId", "requestId", "correlationId"];

/// What is wrong by field: ABP's list `[{message, members}]`, ASP.NET's map
/// `{field: [message]}`, and lists of texts or of errors that name their field.
fn fields(value: &Value) -> Vec<ValidationError> {
    match value {
        Value::Array(errors) => errors.iter().flat_map(|error| one(&[], error)).collect(),
        Value::Object(errors) => state(errors),
        text @ Value::String(_) => one(&[], text).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// ASP.NET's map of fields to what is wrong with each.
fn state(errors: &Map<String, Value>) -> Vec<ValidationError> {
    let of_field = |(field, messages): (&String, &Value)| {
        // What is wrong with the whole is under the empty name, or `$`.
        let own = [field.clone()];
        let own = match field.as_str() {
            "" | "$" => &[][..],
            _ => &own[..],
        };
        match messages {
            Value::Array(list) => list.iter().flat_map(|message| one(own, message)).collect(),
            message => one(own, message).into_iter().collect::<Vec<_>>(),
        }
    };
    errors.iter().flat_map(of_field).collect()
}

/// Whether an object is the bare map that `BadRequest(ModelState)` writes: lists of text, and
/// nothing else.
fn is_model_state(object: &Map<String, Value>) -> bool {
    let is_text = |list: &Vec<Value>| !list.is_empty() && list.iter().all(Value::is_string);
    !object.is_empty()
        && object
            .values()
            .all(|value| value.as_array().is_some_and(is_text))
}

/// One error: its text, or an object that has one and may name its fields.
fn one(members: &[String], error: &Value) -> Option<ValidationError> {
    let (message, named) = match error {
        Value::String(text) => (one_line(text)?, Vec::new()),
        Value::Object(object) => {
            let named = [
                "members",
                "memberNames",
                "propertyName",
                "field",
                "name",
                "pointer",
                "source",
            ]
            .iter()
            .find_map(|key| names(get(object, key)?));
            let message = MESSAGES.iter().find_map(|key| string(object, key));
            if message.is_none() && named.is_none() {
                return None;
            }
            (message.unwrap_or_default(), named.unwrap_or_default())
        }
        _ => return None,
    };
    let members = if named.is_empty() {
        members.to_vec()
    } else {
        named
    };
    Some(ValidationError { message, members })
}

/// The fields that an error names: one, several, or JSON:API's `{pointer}`.
fn names(value: &Value) -> Option<Vec<String>> {
    let names: Vec<String> = match value {
        Value::String(name) => one_line(name).into_iter().collect(),
        Value::Array(list) => list
            .iter()
            .filter_map(|name| one_line(name.as_str()?))
            .collect(),
        Value::Object(source) => string(source, "pointer").into_iter().collect(),
        _ => Vec::new(),
    };
    (!names.is_empty()).then_some(names)
}

/// A member, whatever the case of its name.
fn get<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    object.get(key).or_else(|| {
        object
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    })
}

fn string(object: &Map<String, Value>, key: &str) -> Option<String> {
    one_line(get(object, key)?.as_str()?)
}

/// Text without line breaks, and not without end.
fn one_line(text: &str) -> Option<String> {
    // What is cut off may be long.
    let head: String = text.chars().take(4 * LONGEST).collect();
    let line = head.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect();
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Problem {
        Problem::read(body.as_bytes(), None)
    }

    #[test]
    fn every_form_of_error_is_read_in_one_way() {
        for (body, message) in [
            (
                r#"{"result":null,"success":false,"error":{"code":0,"message":"No!","details":"d"},"__abp":true}"#,
                "No!",
            ),
            (
                r#"{"type":"about:blank","title":"Not Found","status":404,"traceId":"t"}"#,
                "Not Found",
            ),
            (
                r#"{"Message":"An error has occurred."}"#,
                "An error has occurred.",
            ),
            (r#""plain""#, "plain"),
            ("just text\nin lines", "just text in lines"),
            (
                "<html><head><title>502 Bad Gateway</title></head></html>",
                "502 Bad Gateway",
            ),
            (
                "\r\n<!DOCTYPE html><HTML><TITLE>\r\n</TITLE><H2>Our services aren&#39;t <b>available</b>\n right now</H2>",
                "Our services aren't available right now",
            ),
            (
                r#"<?xml version="1.0"?><Error><Code>Busy</Code><Message>Come &amp; go</Message></Error>"#,
                "Come & go",
            ),
            (
                r#"{"error":"invalid_grant","error_description":"expired"}"#,
                "expired",
            ),
            (r#"{"error":"invalid_grant"}"#, "invalid_grant"),
            (
                r#"[{"code":"DuplicateUserName","description":"Taken."}]"#,
                "Taken.",
            ),
            (r#"["first","second"]"#, "first"),
            (
                r#"{"Name":["Required."],"":["Nothing fits."]}"#,
                "Required.",
            ),
            (r#"{"errors":"All is wrong."}"#, "All is wrong."),
        ] {
            assert_eq!(read(body).message.as_deref(), Some(message), "{body}");
        }
        assert_eq!(read(""), Problem::default());
        assert_eq!(read("<html></html>"), Problem::default());
    }

    #[test]
    fn the_request_and_the_code_are_read_wherever_they_stand() {
        let problem = read(r#"{"error":{"message":"No!","code":"App:001"},"traceId":"00-1"}"#);
        assert_eq!(problem.trace.as_deref(), Some("00-1"));
        assert_eq!(problem.code.as_deref(), Some("App:001"));
        assert_eq!(
            read(r#"{"error":"invalid_grant"}"#).code.as_deref(),
            Some("invalid_grant")
        );
    }

    #[test]
    fn validation_errors_are_told_by_field_in_every_form() {
        let error = |message: &str, members: &[&str]| ValidationError {
            message: message.to_owned(),
            members: members.iter().map(|name| (*name).to_owned()).collect(),
        };
        for (body, expected) in [
            (
                r#"{"title":"Invalid","errors":{"Name":["too long","bad"],"$.age":["missing"],"":["no"]}}"#,
                vec![
                    error("too long", &["Name"]),
                    error("bad", &["Name"]),
                    error("missing", &["$.age"]),
                    error("no", &[]),
                ],
            ),
            (
                r#"{"Message":"The request is invalid.","ModelState":{"model.Name":["Required."]}}"#,
                vec![error("Required.", &["model.Name"])],
            ),
            (
                r#"{"error":{"message":"Invalid!","validationErrors":[{"message":"Name is required.","members":["name","title"]}]}}"#,
                vec![error("Name is required.", &["name", "title"])],
            ),
            (
                r#"{"Name":["The Name field is required."],"":["Nothing fits."]}"#,
                vec![
                    error("The Name field is required.", &["Name"]),
                    error("Nothing fits.", &[]),
                ],
            ),
            (
                r#"{"statusCode":400,"errors":"All is wrong."}"#,
                vec![error("All is wrong.", &[])],
            ),
            (r#"{"Name":["a"],"count":1}"#, vec![]),
            (r#"{"Name":["a"],"list":[1]}"#, vec![]),
            (
                r#"[{"propertyName":"Path","errorMessage":"Invalid Path","severity":"error"}]"#,
                vec![error("Invalid Path", &["Path"])],
            ),
            (
                r##"{"title":"Bad","errors":[{"detail":"must be positive","pointer":"#/age"},"all wrong"]}"##,
                vec![
                    error("must be positive", &["#/age"]),
                    error("all wrong", &[]),
                ],
            ),
            (
                r#"{"errors":[{"title":"Short","source":{"pointer":"/data/name"}}]}"#,
                vec![error("Short", &["/data/name"])],
            ),
            (
                r#"{"errors":{"name":[{"errorMessage":"Bad."}],"size":"Small."}}"#,
                vec![error("Bad.", &["name"]), error("Small.", &["size"])],
            ),
        ] {
            assert_eq!(read(body).validation, expected, "{body}");
        }
    }

    #[test]
    fn errors_are_read_in_every_charset() {
        let text = r#"{"message":"Ungültig – é"}"#;
        let wide =
            |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
        let marked = [&[0xff, 0xfe][..], &little].concat();
        let windows = text
            .replace('–', "\u{96}")
            .chars()
            .map(|c| c as u8)
            .collect::<Vec<u8>>();
        for (body, content_type) in [
            (text.as_bytes().to_vec(), None),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), None),
            (marked, None),
            (little.clone(), None),
            (little, Some("application/json; charset=utf-16")),
            (big, None),
            (windows, Some("application/json; charset=\"windows-1252\"")),
            (
                text.as_bytes().to_vec(),
                Some("application/json; charset=iso-8859-1"),
            ),
        ] {
            let problem = Problem::read(&body, content_type);
            assert_eq!(
                problem.message.as_deref(),
                Some("Ungültig – é"),
                "{content_type:?}"
            );
        }
        let latin = Problem::read(b"Zu gro\xdf", Some("text/plain; charset=iso-8859-1"));
        assert_eq!(latin.message.as_deref(), Some("Zu groß"));
    }
}
