//! What a client made of a response, judged by the response and the document.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use sixclicks_sandbox::{Content, Document, Operation};

use super::{
    compare::{Comparison, content, short},
    exchange::Answered,
    json::Json,
};
use crate::media::{Family, essence, family};

/// How much of an error's body is kept.
const KEPT: usize = 1024 * 1024;

/// Headers that are not those of the message, or that no error shows.
const ASIDE: [&str; 6] = [
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "set-cookie",
    "transfer-encoding",
];

/// What is wrong with what a client made of a response; `None` if nothing is. It has to be
/// the documented type with every declared member. Where the server deviates from the
/// document, an error will do that has the status, the headers, the body and what the server
/// says is wrong.
pub fn wrong(
    document: &Document,
    operation: &Operation,
    answered: &Answered,
    done: &Json,
) -> Option<String> {
    let said = Said::of(document, operation, answered);
    if done.get("ok") == Some(&Json::Bool(true)) {
        return misread(document, &said, answered, done);
    }
    if !is_status(done, answered.status) {
        let message = done.get("message").map(short);
        return Some(format!(
            "there is no response: {}",
            message.unwrap_or_default()
        ));
    }
    let success = (200..300).contains(&answered.status);
    if success && said.conforms {
        let message = done.get("message").map(short);
        return Some(format!(
            "the documented success is an error: {}",
            message.unwrap_or_default()
        ));
    }
    incomplete(&said, answered, done).or_else(|| {
        let typed = done.get("value").filter(|_| said.typed && said.conforms)?;
        match typed.get("json") {
            Some(read) => {
                let sent = Json::parse(&answered.text()).ok()?;
                Comparison::response(document).difference(said.schema(), &sent, read)
            }
            None if matches!(typed, Json::Null) => {
                Some("the documented error has no type".to_owned())
            }
            None => None,
        }
    })
}

/// What the document says of a response.
struct Said<'a> {
    /// Its content in the document.
    content: Option<&'a Content>,
    /// Whether the response is as the document says.
    conforms: bool,
    /// Whether an error of this form has a type.
    typed: bool,
    /// Whether the request asked for the headers alone.
    head: bool,
}

impl<'a> Said<'a> {
    fn of(document: &Document, operation: &'a Operation, answered: &Answered) -> Self {
        let head = operation.method == "HEAD";
        let contents = operation.answer(answered.status);
        let actual = essence(answered.header("content-type"));
        let content = contents.and_then(|contents| {
            let exact = contents.iter().find(|c| essence(&c.media_type) == actual);
            exact.or_else(|| {
                let same = |content: &&Content| kind(&content.media_type) == kind(&actual);
                contents.iter().find(same)
            })
        });
        let is_json = content.is_some() && kind(&actual) == Family::Json;
        let described = content.and_then(|content| content.schema.as_ref());
        let conforms = match (contents, content) {
            (None, _) => false,
            (Some([]), _) => answered.body.is_empty(),
            (Some(_), None) => head,
            (Some(_), Some(_)) if head => true,
            (Some(_), Some(_)) if answered.body.is_empty() => false,
            (Some(_), Some(content)) => {
                let any = Value::Bool(true);
                let schema = content.schema.as_ref().unwrap_or(&any);
                let fits = |value: &Value| document.check(schema, value).is_empty();
                let text = answered.text();
                let json = serde_json::from_str::<Value>(&text);
                // Text stands for a string, or for the value that it is in JSON.
                let is_text = kind(&actual) == Family::Text;
                match (json, is_json, is_text) {
                    (Ok(json), true, _) => fits(&json),
                    (Err(_), true, _) => false,
                    (json, _, true) => fits(&text.into()) || json.is_ok_and(|json| fits(&json)),
                    _ => true,
                }
            }
        };
        let words = |schema: &Value| {
            let keys = schema.as_object().into_iter().flat_map(|s| s.keys());
            keys.filter(|key| *key != "description").count() > 0
        };
        Self {
            typed: is_json && described.is_some_and(words),
            content,
            conforms,
            head,
        }
    }

    fn schema(&self) -> Option<&'a Value> {
        self.content.and_then(|content| content.schema.as_ref())
    }
}

fn kind(media_type: &str) -> Family {
    family(media_type, false)
}

fn is_status(done: &Json, status: u16) -> bool {
    matches!(done.get("status"), Some(Json::Number(_)))
        && done.get("status").map(ToString::to_string) == Some(status.to_string())
}

/// What is wrong with a success.
fn misread(
    document: &Document,
    said: &Said<'_>,
    answered: &Answered,
    done: &Json,
) -> Option<String> {
    if !is_status(done, answered.status) {
        return Some("the status is another".to_owned());
    }
    if !(200..400).contains(&answered.status) && !said.conforms {
        return Some("an error was read as a success".to_owned());
    }
    let value = done.get("value")?;
    if let Some(broken) = value.get("broken") {
        return Some(format!("the content breaks off: {}", short(broken)));
    }
    let text = answered.text();
    if let Some(read) = value.get("json") {
        let sent = match (text.trim(), Json::parse(&text)) {
            ("", _) if said.head => return None,
            ("", _) => Json::Null,
            (_, Ok(sent)) => sent,
            // Text that is no JSON is a string.
            (_, Err(_)) => Json::Text(text.into_owned()),
        };
        return Comparison::response(document).difference(said.schema(), &sent, read);
    }
    if let Some(bytes) = value.get("base64").and_then(Json::as_str) {
        let same = STANDARD.decode(bytes).is_ok_and(|read| {
            let enveloped = Json::parse(&text).ok();
            let enveloped = enveloped.as_ref().and_then(content);
            let read_text = String::from_utf8_lossy(&read);
            said.head
                || read == answered.body
                || enveloped.is_some() && Json::parse(&read_text).ok().as_ref() == enveloped
        });
        return (!same).then(|| "other bytes were read".to_owned());
    }
    if let Some(read) = value.get("text") {
        let sent = Json::parse(&text).ok();
        let sent = sent.as_ref().map(|sent| content(sent).unwrap_or(sent));
        let same = said.head || read.as_str() == Some(&text) || sent == Some(read);
        return (!same).then(|| format!("another text was read: {}", short(read)));
    }
    let kept = answered.body.is_empty() || said.head || !said.conforms && text.trim() == "null";
    (!kept).then(|| "the body is not kept".to_owned())
}

/// What an error lacks of its response.
fn incomplete(said: &Said<'_>, answered: &Answered, done: &Json) -> Option<String> {
    let body = done.get("body").and_then(Json::as_str).unwrap_or_default();
    let body = STANDARD.decode(body).unwrap_or_default();
    let whole = answered.body.len().min(KEPT);
    if !said.head && body != answered.body[..whole] {
        return Some("the error does not have the body".to_owned());
    }
    let kept = |(name, value): &&(String, String)| {
        let Some(Json::List(headers)) = done.get("headers") else {
            return false;
        };
        headers.iter().any(|header| match header {
            Json::List(pair) => matches!(pair.as_slice(), [Json::Text(own), Json::Text(kept)]
                if own == name && kept == value),
            _ => false,
        })
    };
    let mut headers = answered.headers.iter();
    let lost = headers.find(|header| !ASIDE.contains(&header.0.as_str()) && !kept(header));
    if let Some((name, _)) = lost {
        return Some(format!("the error does not have the header `{name}`"));
    }
    let problem = Json::parse(&answered.text()).ok()?;
    let problem = problem.get("error").unwrap_or(&problem);
    let message = done.get("message").map(ToString::to_string);
    let details = done.get("details").map(ToString::to_string);
    let told = message.unwrap_or_default() + &details.unwrap_or_default();
    for name in ["title", "detail"] {
        let Some(text) = problem.get(name).filter(|text| text.as_str().is_some()) else {
            continue;
        };
        let text = text.to_string();
        let is_problem = problem.get("status").is_some() || problem.get("type").is_some();
        if is_problem && answered.status >= 400 && !told.contains(text.trim_matches('"')) {
            return Some(format!("the error does not say {text}"));
        }
    }
    let validation = done.get("validation").is_some_and(|list| !list.is_empty());
    match problem.get("errors") {
        Some(Json::Object(errors)) if !errors.is_empty() && !validation => {
            Some("the error does not have the validation errors".to_owned())
        }
        _ => None,
    }
}
