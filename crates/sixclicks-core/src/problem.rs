//! What servers say when something is wrong, in whatever form: ABP's errors, problem
//! details of RFC 9457, ASP.NET's validation problems, plain text, a gateway's page.

use serde_json::{Map, Value};

/// The longest message that is kept, in characters.
const LONGEST: usize = 1_000;

/// One thing that the server found wrong with what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationError {
    /// What is wrong.
    pub message: String,
    /// The fields that it is about.
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
    /// Reads a body of any form.
    pub fn read(body: &[u8]) -> Self {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            return Self::of(&value);
        }
        let text = String::from_utf8_lossy(&body[..body.len().min(64 << 10)]);
        let text = text.trim();
        let message = if text.starts_with('<') {
            title(text)
        } else {
            one_line(text)
        };
        Self {
            message,
            ..Self::default()
        }
    }

    fn of(value: &Value) -> Self {
        let object = match value {
            Value::Object(object) => object,
            Value::String(text) => {
                return Self {
                    message: one_line(text),
                    ..Self::default()
                };
            }
            Value::Array(items) => {
                return items
                    .first()
                    .filter(|first| first.is_object())
                    .map(Self::of)
                    .unwrap_or_default();
            }
            _ => return Self::default(),
        };
        let unauthorized = get(object, "unAuthorizedRequest") == Some(&Value::Bool(true));
        let inner = match get(object, "error") {
            Some(Value::Object(inner)) => inner,
            Some(Value::String(text)) => {
                // OAuth's `error` and `error_description`.
                return Self {
                    message: string(object, "error_description").or_else(|| one_line(text)),
                    code: Some(text.clone()),
                    unauthorized,
                    ..Self::default()
                };
            }
            _ => object,
        };
        let mut validation = listed(inner);
        validation.extend(by_field(inner));
        Self {
            message: [
                "message",
                "title",
                "errorMessage",
                "error_description",
                "detail",
                "Message",
            ]
            .iter()
            .find_map(|key| string(inner, key)),
            details: ["details", "detail", "exceptionMessage"]
                .iter()
                .find_map(|key| string(inner, key)),
            code: ["code", "errorCode", "type"]
                .iter()
                .find_map(|key| match get(inner, key)? {
                    Value::String(text) if !text.is_empty() => Some(text.clone()),
                    Value::Number(number) if number.as_i64() != Some(0) => Some(number.to_string()),
                    _ => None,
                }),
            trace: ["traceId", "requestId", "correlationId"]
                .iter()
                .find_map(|key| string(inner, key)),
            validation,
            unauthorized,
        }
    }
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

/// ABP's list: `validationErrors: [{message, members}]`.
fn listed(object: &Map<String, Value>) -> Vec<ValidationError> {
    let Some(Value::Array(errors)) = get(object, "validationErrors") else {
        return Vec::new();
    };
    errors
        .iter()
        .filter_map(Value::as_object)
        .map(|error| ValidationError {
            message: string(error, "message").unwrap_or_default(),
            members: get(error, "members")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|member| member.as_str().map(str::to_owned))
                .collect(),
        })
        .collect()
}

/// ASP.NET's map: `errors: {field: [message]}`.
fn by_field(object: &Map<String, Value>) -> Vec<ValidationError> {
    let Some(Value::Object(errors)) = get(object, "errors").or_else(|| get(object, "modelState"))
    else {
        return Vec::new();
    };
    errors
        .iter()
        .flat_map(|(field, messages)| {
            let messages: Vec<&str> = match messages {
                Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                Value::String(text) => vec![text],
                _ => Vec::new(),
            };
            messages.into_iter().map(|message| ValidationError {
                message: one_line(message).unwrap_or_default(),
                members: vec![field.clone()],
            })
        })
        .collect()
}

/// The title of a page.
fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find('<')?;
    one_line(page.get(start..end)?)
}

/// Text without line breaks, and not without end.
fn one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
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
                r#"{"error":"invalid_grant","error_description":"expired"}"#,
                "expired",
            ),
        ] {
            assert_eq!(
                Problem::read(body.as_bytes()).message.as_deref(),
                Some(message),
                "{body}"
            );
        }
        assert_eq!(Problem::read(b""), Problem::default());
    }

    #[test]
    fn validation_errors_are_told_by_field() {
        let asp = Problem::read(
            br#"{"title":"Invalid","errors":{"Name":["too long","bad"],"Age":["missing"]}}"#,
        );
        assert_eq!(asp.validation.len(), 3);
        assert_eq!(asp.validation[0].members, ["Name"]);
    }
}
