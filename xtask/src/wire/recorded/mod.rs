//! Recorded exchanges, judged: whether a generated crate would have sent the request and
//! read the response.

mod arguments;
pub mod har;
mod letters;
mod request;

use std::{collections::HashMap, path::Path};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use sixclicks_sandbox::{
    Breach, Document, Incoming, Operation as Received, Optional, Place, Reading, Violation,
};

use self::{
    har::Entry,
    request::{Undeclared, is_own},
};
use super::{
    Traffic, cases,
    exchange::Sent,
    json::Json,
    loopback::Loopback,
    process::{self, Driver},
    response,
};
use crate::{
    failure::Failure,
    model::{Operation, Plan},
};

/// Documents and the driver of their crates.
pub struct Subject<'a> {
    /// The driver's name.
    pub driver: &'a str,
    /// The documents as they were received.
    pub documents: Vec<Document>,
    /// What was generated from them.
    pub plans: Vec<&'a Plan>,
}

/// What became of a recording.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What became of the entries of each document.
    pub traffic: Vec<Traffic>,
    /// The entries whose path no document has.
    pub unknown: Vec<String>,
}

/// Judges every entry of a recording.
///
/// # Errors
///
/// If a driver or a server for it cannot be started.
pub fn judge(
    program: &Path,
    subjects: &[Subject<'_>],
    entries: &[Entry],
) -> Result<Outcome, Failure> {
    let runtime = super::runtime()?;
    let server = Loopback::prepared(runtime.handle()).map_err(Failure::input)?;
    let mut judges = Vec::new();
    for subject in subjects {
        judges.push(Judge {
            driver: Driver::start(program, subject.driver, &server.url(), server.key())?,
            methods: methods(subject),
            traffic: Traffic::default(),
            server: &server,
        });
    }
    let mut unknown = Vec::new();
    for entry in entries {
        let found = subjects.iter().enumerate().flat_map(|(index, subject)| {
            let readings = subject.documents.iter().filter_map(|document| {
                let (received, _) = read(document, &entry.sent)?;
                let sent = letters::spelt(document, received, &entry.sent);
                let (received, reading) = read(document, &sent)?;
                let entry = Entry {
                    sent,
                    ..entry.clone()
                };
                Some((index, document, received, reading, entry))
            });
            readings.collect::<Vec<_>>()
        });
        match found.min_by_key(|(_, _, _, reading, _)| reading.violations.len()) {
            Some((index, document, received, reading, entry)) => {
                judges[index].entry(&Case {
                    entry: &entry,
                    document,
                    received,
                    reading,
                });
            }
            None => {
                let (number, method) = (entry.number, &entry.sent.method);
                unknown.push(format!("entry {number}: {method} {}", entry.sent.path));
            }
        }
    }
    Ok(Outcome {
        traffic: judges.into_iter().map(|judge| judge.traffic).collect(),
        unknown,
    })
}

/// Reads a request by a document.
fn read<'a>(document: &'a Document, sent: &Sent) -> Option<(&'a Received, Reading)> {
    let headers: HeaderMap = sent
        .headers
        .iter()
        .filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
        })
        .collect();
    document.read(Incoming {
        method: &sent.method,
        path: &sent.path,
        query: &sent.query,
        headers: &headers,
        body: &sent.body,
    })
}

/// The methods that stand for each operation, by its HTTP method and template, with their
/// names in the driver.
type Methods<'a> = HashMap<(&'a str, &'a str), Vec<(String, &'a Operation)>>;

fn methods<'a>(subject: &'a Subject<'_>) -> Methods<'a> {
    let mut methods = Methods::new();
    for (api, plan) in subject.plans.iter().enumerate() {
        for (number, own) in plan.operations.iter().enumerate() {
            let mut documents = subject.documents.iter();
            let received = documents.find_map(|document| cases::received(document, own));
            if let Some(received) = received {
                let key = (received.method.as_str(), received.template.as_str());
                let name = format!("{api}.{number}");
                methods.entry(key).or_default().push((name, own));
            }
        }
    }
    methods
}

/// An entry with the operation that it is for.
struct Case<'a> {
    entry: &'a Entry,
    document: &'a Document,
    received: &'a Received,
    reading: Reading,
}

/// The judge of the entries that one document has operations for.
struct Judge<'a> {
    driver: Driver,
    methods: Methods<'a>,
    traffic: Traffic,
    server: &'a Loopback,
}

impl Judge<'_> {
    fn entry(&mut self, case: &Case<'_>) {
        let (entry, received, reading) = (case.entry, case.received, &case.reading);
        let sent = &entry.sent;
        let label = format!(
            "entry {}: {} {}",
            entry.number, sent.method, received.template
        );
        let key = (received.method.as_str(), received.template.as_str());
        let methods = self.methods.get(&key).cloned().unwrap_or_default();
        let Some((name, own)) = arguments::method(&methods, sent) else {
            self.traffic.requests += 1;
            self.traffic.responses += 1;
            return self
                .traffic
                .fail(&label, "no method stands for the operation");
        };
        let violations = reading.violations.iter();
        let broken = violations.clone().find(|violation| forbids(violation));
        let broken = broken
            .map(shown)
            .or_else(|| unsendable(own, received, case));
        let mut done = None;
        match broken {
            Some(why) => self.traffic.not_expressible.push(format!("{label}: {why}")),
            None => {
                self.traffic.requests += 1;
                let undeclared = undeclared(received, sent, reading);
                let things = undeclared.things();
                if !things.is_empty() {
                    let things = things.join(", ");
                    self.traffic.undeclared.push(format!("{label}: {things}"));
                }
                match self.request(case, name, own, &undeclared) {
                    Ok(read) => {
                        self.traffic.requests_accepted += 1;
                        done = Some(read);
                    }
                    Err((why, read)) => {
                        done = read;
                        let mut limits = violations.clone().filter(|v| v.breach == Breach::Limit);
                        match (&done, limits.next()) {
                            // The type cannot hold what the document forbids.
                            (None, Some(limit)) => {
                                self.traffic.requests -= 1;
                                let why = format!("{label}: {}", shown(limit));
                                self.traffic.not_expressible.push(why);
                            }
                            _ => self.traffic.fail(&label, &why),
                        }
                    }
                }
            }
        }
        let Some(answered) = &entry.answered else {
            let why = format!("{label}: the recording has no response");
            return self.traffic.undeclared.push(why);
        };
        self.traffic.responses += 1;
        // What the client makes of the response does not depend on the request.
        let done = done.or_else(|| {
            let made =
                super::arguments::arguments(case.document, own, received, Optional::Never, 1);
            let values = process::values(&made.ok()?.values);
            self.call(entry, name, &values).ok()
        });
        let Some(done) = done else {
            return self.traffic.fail(&label, "no call gets the response");
        };
        match response::wrong(case.document, received, answered, &done) {
            None => self.traffic.responses_read += 1,
            Some(why) => {
                let (status, body) = (answered.status, answered.text());
                let body = super::judge::shorten(body.into_owned());
                let why = format!("{why}; the response was {status} {body}");
                self.traffic.fail(&label, &why);
            }
        }
    }

    /// Makes the request of an entry; what the client made of the response, or why the
    /// request is another.
    fn request(
        &mut self,
        case: &Case<'_>,
        name: &str,
        own: &Operation,
        undeclared: &Undeclared,
    ) -> Result<Json, (String, Option<Json>)> {
        let (entry, received) = (case.entry, case.received);
        let values = arguments::arguments(own, received, &case.reading, &entry.sent);
        let mut values = values.map_err(|why| (why, None))?;
        if undeclared.body {
            // One that the document describes stands in for it.
            let made =
                super::arguments::arguments(case.document, own, received, Optional::Never, 1);
            let made = made.map_err(|why| (why, None))?;
            values.remove("body");
            for (name, value) in process::values(&made.values) {
                values.entry(name).or_insert(value);
            }
        }
        let done = self.call(entry, name, &values).map_err(|why| (why, None))?;
        let Some(exchange) = self.server.last() else {
            let why = done.get("message").map(ToString::to_string);
            let why = format!("nothing was sent: {}", why.unwrap_or_default());
            return Err((why, None));
        };
        match request::difference(
            case.document,
            received,
            &entry.sent,
            undeclared,
            &exchange.sent,
        ) {
            None => Ok(done),
            Some(why) => {
                let recorded = String::from_utf8_lossy(&entry.sent.body).into_owned();
                let recorded = super::judge::shorten(recorded);
                let why = format!("{why}; recorded was {} {recorded}", entry.sent.target());
                Err((why, Some(done)))
            }
        }
    }

    /// Calls an operation, which is answered with the response of an entry.
    fn call(
        &mut self,
        entry: &Entry,
        name: &str,
        values: &process::Values,
    ) -> Result<Json, String> {
        self.server
            .prepare(entry.answered.clone().unwrap_or_default());
        let line = self.driver.call(name, values);
        let done = line.and_then(|line| Json::parse(&line).ok());
        let done = done.ok_or("the driver stopped")?;
        match done.get("unset") {
            Some(why) => Err(why.to_string()),
            None => Ok(done),
        }
    }
}

/// Whether a rule keeps typed code from making a request: a value is missing or is of another
/// type. What the document does not mention is left out instead, and limits are not the
/// types' business.
fn forbids(violation: &Violation) -> bool {
    matches!(violation.breach, Breach::Missing | Breach::Type)
}

fn shown(violation: &Violation) -> String {
    format!("{}: {}", violation.at, violation.rule)
}

/// A rule of the document by which a request cannot be sent at all: a parameter of the path
/// for which the path has no place is missing, or a file is text.
fn unsendable(own: &Operation, received: &Received, case: &Case<'_>) -> Option<String> {
    let missing = received.parameters.iter().find(|parameter| {
        let of = |place: &str| case.reading.values.get(place);
        let read = of(parameter.place.name()).and_then(|read| read.get(&parameter.name));
        let is_own = |own: &&crate::model::Parameter| own.wire == parameter.name;
        let wanted = own.parameters.iter().find(is_own);
        parameter.required
            && read.is_none()
            && parameter.place == Place::Path
            && wanted.is_some_and(|own| own.required)
    });
    if let Some(parameter) = missing {
        return Some(format!(
            "path parameter `{}`: it is required",
            parameter.name
        ));
    }
    let form = case.entry.sent.header("content-type");
    let urlencoded = form.starts_with("application/x-www-form-urlencoded");
    let body = case.reading.values.get("body")?;
    let mut files = own.parameters.iter().filter(|own| own.files.is_some());
    let file = files.find(|file| urlencoded && body.get(&file.wire).is_some())?;
    Some(format!("body/{}: it is a file, and not text", file.wire))
}

/// What of a request the document does not mention.
fn undeclared(received: &Received, sent: &Sent, reading: &Reading) -> Undeclared {
    let mut found = Undeclared::default();
    let violations = reading.violations.iter();
    for violation in violations.filter(|violation| violation.breach == Breach::Undeclared) {
        let at = violation.at.as_str();
        let query = at.strip_prefix("query parameter `");
        if let Some((name, member)) = query.and_then(|rest| rest.split_once('`')) {
            // A member of an object is a parameter of its own.
            let name = member.strip_prefix('/').unwrap_or(name);
            found.query.push(name.to_owned());
        } else if let Some(pointer) = at.strip_prefix("body/") {
            found.members.push(format!("/{pointer}"));
        } else if at == "body" {
            found.body = true;
        }
    }
    let is_declared = |name: &str| {
        let mut parameters = received.parameters.iter();
        parameters.any(|parameter| {
            parameter.place == Place::Header && parameter.name.eq_ignore_ascii_case(name)
        })
    };
    for (name, _) in &sent.headers {
        if is_own(name) && !is_declared(name) {
            found.headers.push(name.clone());
        }
    }
    found
}
