//! Whether a call was what it should have been: the request by the sandbox's verdict and by
//! what it says, the answer by what came of it in the driver.

use serde_json::Value;
use sixclicks_sandbox::{Answer, Document, Habit, Operation, Received, spelt};

use crate::media::is_xml;

use super::{
    Traffic,
    arguments::Arguments,
    cases::{Case, Expected},
    json::{Json, Number},
    shape::Shape,
    typed,
};

/// How much of a value is shown in a message.
const SHOWN: usize = 400;

/// What calls of one operation are judged by.
pub(super) struct By<'a> {
    /// The document as it was received.
    pub document: &'a Document,
    /// The operation in it.
    pub operation: &'a Operation,
}

impl Traffic {
    /// Judges one call; `exact` is what came of it with every digit.
    pub(super) fn judge(
        &mut self,
        operation: &str,
        by: &By<'_>,
        case: &Case,
        arguments: &Arguments,
        received: &[Received],
        (done, exact): (&Value, &Json),
    ) {
        let Some(request) = received.last() else {
            return self.fail(operation, &format!("nothing was sent: {}", shown(done)));
        };
        let sent = || {
            let body = String::from_utf8_lossy(&request.body);
            let query = match request.query.as_str() {
                "" => String::new(),
                query => format!("?{query}"),
            };
            shorten(format!("{}{query} {body}", request.path))
        };
        if let Some(violation) = request.violations.first() {
            let (at, rule) = (&violation.at, &violation.rule);
            return self.fail(
                operation,
                &format!("refused at {at}: {rule}; sent {}", sent()),
            );
        }
        if let Some(what) = misunderstood(&arguments.meant, request) {
            return self.fail(operation, &format!("{what}; sent {}", sent()));
        }
        self.requests_accepted += 1;
        let unread = unread(case, request.method == "HEAD", &request.answer, done)
            .or_else(|| by.misread(case, &request.answer, done, exact));
        match unread {
            None => self.responses_read += 1,
            Some(why) => {
                let answer = String::from_utf8_lossy(request.answer.bytes()).into_owned();
                let choice = &case.choice;
                self.fail(
                    operation,
                    &format!(
                        "{why}; answered {} {} {} {}; came to {}",
                        request.answer.code(),
                        choice.media_type.as_deref().unwrap_or_default(),
                        choice
                            .habit
                            .map_or_else(String::new, |habit| format!("{habit:?}")),
                        shorten(answer),
                        shown(done),
                    ),
                );
            }
        }
    }
}

impl By<'_> {
    /// What is wrong with a documented response that was read: its headers, its digits, or the
    /// types that it became.
    fn misread(&self, case: &Case, answer: &Answer, done: &Value, exact: &Json) -> Option<String> {
        if !matches!(case.expected, Expected::Success(_) | Expected::Typed(_)) {
            return None;
        }
        lost_header(answer, done).or_else(|| {
            let text = String::from_utf8_lossy(answer.bytes());
            let (mut sent, mut digits) = (
                serde_json::from_str::<Value>(&text).ok()?,
                Json::parse(&text).ok()?,
            );
            if case.choice.habit == Some(Habit::Envelope) {
                sent = Value::take(&mut sent["result"]);
                digits = digits.get("result")?.clone();
            }
            let value = exact.get("value")?;
            let lost = lost_digits(&digits, value.get("json")?, "");
            lost.or_else(|| {
                if case.choice.habit == Some(Habit::UnknownValues) {
                    return None;
                }
                let schema = self.schema(case, answer)?;
                let read = Shape::parse(value.get("shape")?.as_str()?)?;
                typed::misread(self.document, schema, &sent, &read)
            })
        })
    }

    /// The schema of an answer.
    fn schema(&self, case: &Case, answer: &Answer) -> Option<&Value> {
        let mut contents = self.operation.answer(answer.code())?.iter();
        let wished = case.choice.media_type.as_ref()?;
        contents
            .find(|content| content.media_type == *wished)?
            .schema
            .as_ref()
    }
}

/// A header of an answer that is not with the client.
fn lost_header(answer: &Answer, done: &Value) -> Option<String> {
    let read = done["headers"].as_array()?;
    answer.headers().iter().find_map(|(name, text)| {
        let is_it = |pair: &&Value| {
            pair[0]
                .as_str()
                .is_some_and(|own| own.eq_ignore_ascii_case(name))
                && pair[1] == text.as_str()
        };
        let lost = read.iter().find(is_it).is_none();
        lost.then(|| format!("the header `{name}: {text}` was not read"))
    })
}

/// Where a number lost digits, if one did.
fn lost_digits(sent: &Json, read: &Json, at: &str) -> Option<String> {
    match (sent, read) {
        (Json::Object(members), Json::Object(_)) => members
            .iter()
            .find_map(|(name, sent)| lost_digits(sent, read.get(name)?, &format!("{at}/{name}"))),
        (Json::List(sent), Json::List(read)) => {
            let mut pairs = sent.iter().zip(read).enumerate();
            pairs
                .find_map(|(index, (sent, read))| lost_digits(sent, read, &format!("{at}/{index}")))
        }
        (Json::Number(a), Json::Number(b)) if a != b => {
            Some(format!("at {at:?}, {sent} was read as {read}"))
        }
        _ => None,
    }
}

/// What did not arrive as it was meant.
fn misunderstood(meant: &serde_json::Map<String, Value>, request: &Received) -> Option<String> {
    meant.iter().find_map(|(place, value)| {
        let mut read = request.values.get(place).cloned().unwrap_or_default();
        if let (true, Some(read), Some(meant)) = (
            matches!(place.as_str(), "path" | "header"),
            read.as_object_mut(),
            value.as_object(),
        ) {
            // A version that stands in the generated path is no argument, and every client
            // sends headers of its own.
            read.retain(|name, _| meant.contains_key(name));
        }
        match place == "body" && !is_text(request) {
            true => {
                let exact = spelt(&value.to_string());
                let meant = serde_json::from_str(&exact).unwrap_or_default();
                difference(&meant, &read, "").or_else(|| {
                    let sent = Json::parse(std::str::from_utf8(&request.body).ok()?).ok()?;
                    lost_digits(&Json::parse(&exact).ok()?, &sent, "")
                })
            }
            false => difference(&pruned(value), &pruned(&read), ""),
        }
        .map(|difference| format!("{place}: {difference}"))
    })
}

/// What is wrong with what came of a call; `None` if nothing is.
fn unread(case: &Case, head: bool, answer: &Answer, done: &Value) -> Option<String> {
    let status = done["status"].as_u64() == Some(u64::from(answer.code()));
    let ok = done["ok"] == true;
    let variant = |wanted: &Option<String>| match wanted {
        Some(wanted) if done["variant"] != wanted.as_str() => {
            Some(format!("the variant {wanted} was expected"))
        }
        _ => content(case, answer, &done["value"]),
    };
    match &case.expected {
        Expected::Success(_) if !ok || !status => Some("a success was expected".to_owned()),
        Expected::Success(wanted) => variant(wanted),
        Expected::Nothing if ok && status => None,
        Expected::Nothing => {
            let told = done["message"] == "the server sent no content";
            (!told).then(|| "nothing, or an error that says so, was expected".to_owned())
        }
        Expected::Failure if ok || !status => Some("a failure was expected".to_owned()),
        Expected::Failure => message(case, head, done),
        Expected::Typed(_) if ok || !status => Some("a failure was expected".to_owned()),
        Expected::Typed(_) if done["value"].is_null() => Some("the failure has no type".to_owned()),
        Expected::Typed(wanted) => variant(wanted),
        Expected::Broken => {
            let told = done["kind"] == "Connection" || !done["value"]["broken"].is_null();
            (!told).then(|| "a broken connection was expected".to_owned())
        }
    }
}

/// What is wrong with the reading of an error that the document does not describe.
fn message(case: &Case, head: bool, done: &Value) -> Option<String> {
    let (kind, message) = (&done["kind"], done["message"].as_str().unwrap_or_default());
    let right = match case.choice.habit {
        // There is no message where there is no body.
        Some(Habit::ProblemDetails | Habit::AbpError) => {
            head || message.contains("omething is wrong")
        }
        Some(Habit::TooMany) => kind == "RateLimit",
        Some(Habit::GatewayPage) => kind == "Server",
        _ => true,
    };
    (!right).then(|| "what the server said was not read".to_owned())
}

/// What is wrong with the content that was read.
fn content(case: &Case, answer: &Answer, read: &Value) -> Option<String> {
    let text = String::from_utf8_lossy(answer.bytes());
    if let Some(read) = read.get("json") {
        let Ok(mut answered) = serde_json::from_str::<Value>(&text) else {
            // Text that is no JSON is read as a string.
            return (*read != *text).then(|| "another text was read".to_owned());
        };
        match case.choice.habit {
            Some(Habit::Envelope) => answered = answered["result"].take(),
            Some(Habit::UnknownFields) => forget_new(&mut answered, read),
            _ => {}
        }
        return difference(&answered, read, "");
    }
    if let Some(read) = read.get("text") {
        let answered = serde_json::from_str::<Value>(&text).unwrap_or_default();
        let answered = match case.choice.habit {
            Some(Habit::Envelope) => &answered["result"],
            _ => &answered,
        };
        let same =
            *read == *text || answered == read || read.as_str() == Some(&answered.to_string());
        return (!same).then(|| "another text was read".to_owned());
    }
    None
}

/// Takes out the fields that no document lists, which need not be kept.
fn forget_new(answered: &mut Value, read: &Value) {
    match answered {
        Value::Object(fields) => {
            if read.get("somethingNew").is_none() {
                fields.remove("somethingNew");
            }
            for (name, field) in fields {
                forget_new(field, &read[name]);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                forget_new(item, &read[index]);
            }
        }
        _ => {}
    }
}

/// Where two values differ, if they do: a number is the same however it is written, and a
/// property that is `null` may be left out.
fn difference(answered: &Value, read: &Value, at: &str) -> Option<String> {
    match (answered, read) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a
                .keys()
                .chain(b.keys().filter(|name| !a.contains_key(*name)));
            names.into_iter().find_map(|name| {
                let at = format!("{at}/{name}");
                difference(&answered[name], &read[name], &at)
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(index, (a, b))| difference(a, b, &format!("{at}/{index}"))),
        (Value::Number(a), Value::Number(b))
            if Number::read(&a.to_string()) == Number::read(&b.to_string()) =>
        {
            None
        }
        (a, b) if a == b => None,
        (a, b) => Some(format!("at {at:?}, {} was read as {}", shown(a), shown(b))),
    }
}

/// Whether the values of a body are text: those of a form or of XML.
fn is_text(request: &Received) -> bool {
    let mut headers = request.headers.iter();
    headers.any(|(name, value)| {
        let form = value.starts_with("multipart/") || value.contains("x-www-form-urlencoded");
        name == "content-type" && (form || is_xml(value))
    })
}

/// A value as text can say it: nothing can be said of what is empty, `7` may be a number or a
/// text, and a list of one is that one.
fn pruned(value: &Value) -> Value {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), pruned(field)))
            .filter(|(_, field)| !is_empty(field))
            .collect(),
        Value::Array(items) => match items.as_slice() {
            [only] => pruned(only),
            items => items.iter().map(pruned).collect(),
        },
        Value::Number(number) => Value::String(match Number::read(&number.to_string()) {
            Some(number) => number.plain(),
            None => number.to_string(),
        }),
        Value::String(text) => match Number::read(text) {
            Some(number) if text != "-0" => Value::String(number.plain()),
            _ => value.clone(),
        },
        Value::Bool(truth) => Value::String(truth.to_string()),
        Value::Null => Value::Null,
    }
}

fn shown(value: &Value) -> String {
    shorten(value.to_string())
}

/// A text as far as a message shows it.
pub(super) fn shorten(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
