//! The operations of a document, called on a running server: with the required values alone
//! and with all of them.

use std::path::Path;

use sixclicks_sandbox::{Document, Operation as Received, Optional};

use super::{
    Traffic, arguments, cases,
    json::Json,
    judge::shorten,
    loopback::Loopback,
    process::{self, Driver},
    response,
};
use crate::{
    failure::Failure,
    model::{Operation, Place, Plan},
};

/// The statuses by which a server says that a request is not what it takes.
const REFUSALS: [u16; 9] = [400, 405, 406, 411, 413, 414, 415, 422, 431];

/// The methods that change nothing.
const READS: [&str; 4] = ["GET", "HEAD", "OPTIONS", "QUERY"];

/// What is sent in place of a key where none is given.
const NO_KEY: &str = "no-key-was-given";

/// A running server.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// Its URL.
    pub url: &'a str,
    /// The API key, if it takes one.
    pub key: Option<&'a str>,
    /// Whether operations are called that may change something.
    pub writes: bool,
}

/// Calls the operations of documents by a driver, which is one of those in the program.
///
/// # Errors
///
/// If the driver cannot be started. What becomes of the calls is no error.
pub fn drive(
    program: &Path,
    driver: &str,
    documents: &[Document],
    plans: &[&Plan],
    server: Server<'_>,
) -> Result<Traffic, Failure> {
    let runtime = super::runtime()?;
    let relay =
        Loopback::relay(runtime.handle(), server.key, server.url).map_err(Failure::input)?;
    let mut driver = Driver::start(program, driver, &relay.url(), relay.key())?;
    let mut traffic = Traffic::default();
    for (api, plan) in plans.iter().enumerate() {
        for (number, own) in plan.operations.iter().enumerate() {
            if !server.writes && !READS.contains(&own.method.as_str()) {
                continue;
            }
            let found = documents.iter().find_map(|document| {
                let received = cases::received(document, own)?;
                Some((document, received))
            });
            let label = format!("{} {} ({})", own.method, own.path, own.id);
            let Some((document, received)) = found else {
                traffic.requests += 1;
                traffic.fail(&label, "the document has no such operation");
                continue;
            };
            for optional in [Optional::Never, Optional::Always] {
                let call = Call {
                    label: &label,
                    name: format!("{api}.{number}"),
                    document,
                    own,
                    received,
                    key: server.key.unwrap_or(NO_KEY),
                };
                traffic.call(&call, optional, &mut driver, &relay);
            }
        }
    }
    Ok(traffic)
}

/// An operation to be called.
struct Call<'a> {
    label: &'a str,
    name: String,
    document: &'a Document,
    own: &'a Operation,
    received: &'a Received,
    key: &'a str,
}

/// Sets the headers that are API keys to the key that the server knows. A letter would be taken for
/// a secret, and be missing from all that an error shows.
fn keys(own: &Operation, values: &mut serde_json::Map<String, serde_json::Value>, key: &str) {
    for parameter in &own.parameters {
        let is_key = parameter.wire.to_ascii_lowercase().ends_with("key");
        if parameter.place == Place::Header
            && is_key
            && let Some(value) = values.get_mut(&parameter.rust)
        {
            *value = key.into();
        }
    }
}

impl Traffic {
    fn call(&mut self, call: &Call<'_>, optional: Optional, driver: &mut Driver, relay: &Loopback) {
        let label = call.label;
        let made = arguments::plain(call.document, call.own, call.received, optional);
        let values = match made {
            Ok(mut made) => {
                keys(call.own, &mut made.values, call.key);
                process::values(&made.values)
            }
            Err(why) => {
                self.requests += 1;
                return self.fail(label, &why);
            }
        };
        relay.forget();
        let line = driver.call(&call.name, &values);
        let Some(done) = line.and_then(|line| Json::parse(&line).ok()) else {
            self.requests += 1;
            return self.fail(label, "the driver stopped");
        };
        let Some(exchange) = relay.last() else {
            self.requests += 1;
            let why = done.get("unset").or_else(|| done.get("message"));
            let why = why.map(ToString::to_string).unwrap_or_default();
            return self.fail(label, &format!("nothing was sent: {why}"));
        };
        let answered = match exchange.answered {
            Ok(answered) => answered,
            Err(why) => return self.server_faults.push(format!("{label}: {why}")),
        };
        self.requests += 1;
        self.responses += 1;
        let sent = exchange.sent;
        let body = || shorten(answered.text().into_owned());
        match REFUSALS.contains(&answered.status) {
            false => self.requests_accepted += 1,
            true => {
                let (status, target) = (answered.status, sent.target());
                let given = shorten(String::from_utf8_lossy(&sent.body).into_owned());
                let why = format!("refused with {status}: {}; sent {target} {given}", body());
                self.fail(label, &why);
            }
        }
        match response::wrong(call.document, call.received, &answered, &done) {
            None => self.responses_read += 1,
            Some(why) => {
                let why = format!("{why}; the response was {} {}", answered.status, body());
                self.fail(label, &why);
            }
        }
    }
}
