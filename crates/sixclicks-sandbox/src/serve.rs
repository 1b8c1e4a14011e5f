//! The server: it exchanges keys, checks tokens and requests, and answers.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Response, header},
};
use serde_json::{Map, Value, json};

use crate::{
    answer::{Answer, abp_error},
    check::{Incoming, Reading, read},
    document::{Document, Operation},
    limits, operations,
    received::Received,
    respond::{Choice, Habit, respond},
    rules::{Breach, Violation},
    sandbox::{Inner, Shared, lock},
    token,
};

/// Where keys are exchanged for tokens.
const EXCHANGE: &str = "/auth-api/1.0/auth/token";

/// Answers a request.
pub async fn handle(State(shared): State<Shared>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let method = parts.method.as_str();
    let target = parts
        .uri
        .path_and_query()
        .map_or(0, |whole| whole.as_str().len());
    if target > limits::TARGET {
        return early(&shared, method, 414, "the path and query are too long");
    }
    let Ok(body) = axum::body::to_bytes(body, limits::BODY).await else {
        return early(&shared, method, 413, "the body is too large or broken");
    };
    let request = Incoming {
        method,
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        body: &body,
    };
    let answered = panic::catch_unwind(AssertUnwindSafe(|| answer(&shared, request)));
    let (answer, violations) = answered.unwrap_or_else(|_| {
        let answer = abp_error(500, PANICKED, false);
        (answer, Vec::new())
    });
    log(&shared, method, request.path, &answer, &violations);
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    answer.response()
}

/// What a request is answered that the sandbox has no answer for because of a fault of its own.
const PANICKED: &str = "the sandbox panicked: this is a fault of the sandbox";

/// The answer to a request that is not even read.
fn early(shared: &Shared, method: &str, status: u16, why: &str) -> Response<Body> {
    let answer = abp_error(status, why, false);
    log(shared, method, "(not read)", &answer, &[]);
    answer.response()
}

/// Writes the lines of a request to the log, if there is one.
fn log(shared: &Shared, method: &str, path: &str, answer: &Answer, violations: &[Violation]) {
    let Some(log) = lock(shared).log.clone() else {
        return;
    };
    log(&format!("{method} {path} {}", answer.code()));
    for Violation { at, rule, .. } in violations {
        // Nothing that a client sends writes lines of its own or moves the cursor.
        let line = format!("  at {at}: {rule}");
        let is_bad = |c: char| c.is_control();
        log(&line.replace(is_bad, " "));
    }
}

fn answer(shared: &Shared, request: Incoming<'_>) -> (Answer, Vec<Violation>) {
    if request.path == EXCHANGE && is_exchange(&lock(shared), request.headers) {
        (exchange(shared, request), Vec::new())
    } else {
        operation(shared, request)
    }
}

/// Whether a request to the token endpoint is a session's. Where an answer is chosen, a
/// request with a token, or with a key that is not the sandbox's, is one for the operation of
/// the document.
fn is_exchange(inner: &Inner, headers: &HeaderMap) -> bool {
    let session = !headers.contains_key(header::AUTHORIZATION) && has_key(inner, headers);
    session || inner.choices.is_empty()
}

/// Whether a request has a key that the sandbox takes.
fn has_key(inner: &Inner, headers: &HeaderMap) -> bool {
    let key = headers.get("6clicks-api-key");
    let key = key.and_then(|key| key.to_str().ok());
    key.is_some_and(|key| inner.keys.contains(key))
}

fn exchange(shared: &Shared, request: Incoming<'_>) -> Answer {
    let mut inner = lock(shared);
    if request.method != "POST" {
        return abp_error(405, "the token endpoint takes POST", false);
    }
    inner.exchanges += 1;
    if let Some(answer) = inner.scripted_exchanges.pop_front() {
        return answer;
    }
    if !has_key(&inner, request.headers) {
        return abp_error(401, "The API key is not valid.", true);
    }
    inner.issued += 1;
    let token = token::sign(inner.issued, SystemTime::now() + inner.ahead, inner.life);
    let answer = exchanged(&inner.documents, token);
    if inner.envelope {
        answer.enveloped()
    } else {
        answer
    }
}

/// The answer to an exchange, with all else that a document describes of it.
fn exchanged(documents: &[Arc<Document>], token: String) -> Answer {
    let documented = documents.iter().find_map(|document| {
        let operation = document.candidates("POST", EXCHANGE).into_iter().next()?;
        let answer = respond(document, operation, &Choice::default());
        let body: Value = serde_json::from_slice(answer.bytes()).ok()?;
        body.get("accessToken").is_some().then_some(body)
    });
    let mut body = documented.unwrap_or_else(|| json!({}));
    body["accessToken"] = token.into();
    Answer::status(200).json(&body)
}

/// What a request is for, by the documents.
enum Meant {
    /// There is no document.
    Published,
    /// No operation of any document takes it.
    Nothing { elsewhere: bool },
    /// An operation of a document.
    Operation(Arc<Document>, Box<Operation>, Reading),
}

fn meant(documents: &[Arc<Document>], request: Incoming<'_>, wanted: Option<&str>) -> Meant {
    let found = documents.iter().find_map(|document| {
        let (operation, reading) = read(document, request, wanted)?;
        Some(Meant::Operation(
            Arc::clone(document),
            Box::new(operation.clone()),
            reading,
        ))
    });
    found.unwrap_or_else(|| match documents {
        [] => Meant::Published,
        _ => Meant::Nothing {
            elsewhere: documents.iter().any(|d| d.has_path(request.path)),
        },
    })
}

fn operation(shared: &Shared, request: Incoming<'_>) -> (Answer, Vec<Violation>) {
    let (documents, wanted) = {
        let inner = lock(shared);
        let choice = inner.choices.front();
        let wanted = choice.and_then(|choice| choice.template.clone());
        (inner.documents.clone(), wanted)
    };
    let meant = meant(&documents, request, wanted.as_deref());
    let (values, violations) = match &meant {
        Meant::Published => (Map::new(), Vec::new()),
        Meant::Nothing { elsewhere } => (Map::new(), vec![nowhere(*elsewhere, request)]),
        Meant::Operation(.., reading) => (reading.values.clone(), reading.violations.clone()),
    };
    let mut inner = lock(shared);
    let answer = if let Some(answer) = inner.scripted.pop_front() {
        answer
    } else if request.path != EXCHANGE && !authorized(&inner, request.headers) {
        abp_error(401, "Current user did not login to the application!", true)
    } else {
        match &meant {
            Meant::Published => published(&mut inner, request),
            Meant::Nothing { elsewhere: true } => refused(405, &violations),
            Meant::Nothing { elsewhere: false } => refused(404, &violations),
            Meant::Operation(..) if !violations.is_empty() => refused(400, &violations),
            Meant::Operation(document, operation, _) => {
                let choice = inner.choices.pop_front().or_else(|| asked(request.headers));
                match choice {
                    Some(choice) => respond(document, operation, &choice),
                    None => unasked(&mut inner, document, operation, request, &values),
                }
            }
        }
    };
    inner.received.push(Received {
        method: request.method.to_owned(),
        path: request.path.to_owned(),
        query: request.query.to_owned(),
        headers: harmless(request.headers),
        body: request.body.to_vec(),
        values,
        violations: violations.clone(),
        answer: answer.clone(),
    });
    (answer, violations)
}

/// What a request is answered that nobody chose an answer for: what was kept, or else the
/// documented success. What the document leaves open of a published operation is made up.
fn unasked(
    inner: &mut Inner,
    document: &Document,
    operation: &Operation,
    request: Incoming<'_>,
    values: &Map<String, Value>,
) -> Answer {
    let mut contents = operation.answer(operation.success()).into_iter().flatten();
    let open = contents.all(|content| content.schema.as_ref().is_none_or(says_nothing));
    if open && operations::has(request) {
        return published(inner, request);
    }
    let kept = inner
        .collections
        .answer(document, operation, request, values);
    let answer = kept.unwrap_or_else(|| respond(document, operation, &Choice::default()));
    if inner.envelope {
        answer.enveloped()
    } else {
        answer
    }
}

/// Whether a schema is one for any value.
fn says_nothing(schema: &Value) -> bool {
    let mut words = schema.as_object().into_iter().flatten();
    words.all(|(word, _)| word.starts_with("x-") || word == "description")
}

/// The headers without keys and tokens.
fn harmless(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| *name != header::AUTHORIZATION && *name != "6clicks-api-key")
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        })
        .collect()
}

/// The published operations.
fn published(inner: &mut Inner, request: Incoming<'_>) -> Answer {
    let answer = operations::answer(&mut inner.results, request);
    if inner.envelope {
        answer.enveloped()
    } else {
        answer
    }
}

/// Whether a request carries a token that is valid now.
fn authorized(inner: &Inner, headers: &HeaderMap) -> bool {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let now = SystemTime::now() + inner.ahead;
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    token
        .and_then(token::verify)
        .is_some_and(|(id, expires)| now < expires && !inner.revoked.contains(&id))
}

/// What is wrong with a request that no operation takes.
fn nowhere(elsewhere: bool, request: Incoming<'_>) -> Violation {
    let rule = if elsewhere {
        format!("the path does not take {}", request.method)
    } else {
        format!("there is no such path: {}", request.path)
    };
    Violation {
        at: "path".to_owned(),
        rule,
        breach: Breach::Undeclared,
    }
}

/// The answer to a wrong request: where it is wrong, and by which rule.
fn refused(status: u16, violations: &[Violation]) -> Answer {
    let texts: Vec<String> = violations
        .iter()
        .map(|violation| format!("at {}: {}", violation.at, violation.rule))
        .collect();
    abp_error(status, &texts.join("; "), false)
}

/// What a request's own headers ask to be answered.
fn asked(headers: &HeaderMap) -> Option<Choice> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let status = text("sandbox-status").and_then(|status| status.parse().ok());
    let habit = text("sandbox-habit").and_then(Habit::named);
    (status.is_some() || habit.is_some()).then(|| Choice {
        status,
        habit,
        ..Choice::default()
    })
}
