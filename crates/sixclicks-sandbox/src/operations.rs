//! What the published operations answer. The shapes of the answers are not published; the
//! ones here are assumed.

use axum::http::header;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::{
    answer::{Answer, abp_error},
    check::Incoming,
};

/// The assessments that the sandbox has.
const ASSESSMENTS: usize = 25;

/// The results that were added to tests, by the tests' keys.
pub type Results = Vec<(String, Value)>;

/// Answers one of the published operations.
pub fn answer(results: &mut Results, request: Incoming<'_>) -> Answer {
    let content_type = request.headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let segments = segments(request.path);
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method, segments.as_slice()) {
        ("GET", ["assessments-api", "1.0", "assessments"]) => {
            list_assessments(content_type, request.body)
        }
        ("GET", ["controls-api", "1.0", "tests"]) => list_tests(results),
        ("POST", ["controls-api", "1.0", "tests", key, "results"]) => {
            match add_result(key, request.body) {
                Ok(result) => {
                    let answer = Answer::status(200).json(&result);
                    results.push(((*key).to_owned(), result));
                    answer
                }
                Err(answer) => answer,
            }
        }
        (method, _) => {
            let message = format!("there is no operation {method} {}", request.path);
            abp_error(404, &message, false)
        }
    }
}

/// Whether a request is for one of them.
pub fn has(request: Incoming<'_>) -> bool {
    let segments = segments(request.path);
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    matches!(
        (request.method, segments.as_slice()),
        ("GET", ["assessments-api", "1.0", "assessments"])
            | ("GET", ["controls-api", "1.0", "tests"])
            | ("POST", ["controls-api", "1.0", "tests", _, "results"])
    )
}

fn segments(path: &str) -> Vec<String> {
    path.trim_matches('/')
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect()
}

/// Lists assessments as the body of the GET asks.
fn list_assessments(content_type: Option<&str>, body: &[u8]) -> Answer {
    let is_json = content_type.is_some_and(|kind| kind.starts_with("application/json"));
    if !is_json {
        return abp_error(
            400,
            "at /: the body of the GET has to be application/json",
            false,
        );
    }
    let Ok(Value::Object(request)) = serde_json::from_slice::<Value>(body) else {
        return abp_error(
            400,
            "at /: the body of the GET has to be a JSON object",
            false,
        );
    };
    for name in request.keys() {
        if !["sorting", "maxResultCount", "skipCount"].contains(&name.as_str()) {
            return abp_error(400, &format!("at /{name}: there is no such field"), false);
        }
    }
    let mut numbers = [("skipCount", 0), ("maxResultCount", 10)];
    for (name, number) in &mut numbers {
        match request.get(*name) {
            None | Some(Value::Null) => {}
            Some(value) => match value.as_u64().and_then(|value| usize::try_from(value).ok()) {
                Some(value) => *number = value,
                None => {
                    return abp_error(
                        400,
                        &format!("at /{name}: a number from 0 is wanted"),
                        false,
                    );
                }
            },
        }
    }
    let [(_, skip), (_, count)] = numbers;
    let items: Vec<Value> = (1..=ASSESSMENTS)
        .skip(skip)
        .take(count)
        .map(|number| json!({"id": number, "name": format!("Assessment {number}")}))
        .collect();
    Answer::status(200).json(&json!({"totalCount": ASSESSMENTS, "items": items}))
}

/// Lists the tests, with the results that were added.
fn list_tests(results: &[(String, Value)]) -> Answer {
    let items: Vec<Value> = ["T-1", "T-2"]
        .iter()
        .map(|key| {
            let own: Vec<&Value> = results
                .iter()
                .filter(|(of, _)| of == key)
                .map(|(_, result)| result)
                .collect();
            json!({"key": key, "results": own})
        })
        .collect();
    Answer::status(200).json(&json!({"items": items, "totalCount": items.len()}))
}

/// Checks a result for a test; the names of its fields are not published, so that any
/// object will do.
fn add_result(key: &str, body: &[u8]) -> Result<Value, Answer> {
    if !["T-1", "T-2"].contains(&key) {
        return Err(abp_error(404, &format!("there is no test `{key}`"), false));
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(result @ Value::Object(_)) => Ok(result),
        _ => Err(abp_error(400, "at /: a result is a JSON object", false)),
    }
}
