//! Every operation of a document, called through the generated crates against a sandbox
//! that checks the requests by the document as it was received.

pub mod against;
mod arguments;
mod body;
pub mod cases;
pub mod compare;
pub mod coverage;
pub mod driver;
pub mod exchange;
pub mod json;
mod judge;
pub mod loopback;
pub mod process;
mod record;
pub mod recorded;
pub mod response;
mod separators;
pub mod shape;
pub mod typed;

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sixclicks_sandbox::{Dialect, Document, Sandbox};

use self::{
    coverage::{Coverage, Watch},
    json::Json,
    process::Driver,
    record::Recorder,
};
use crate::{failure::Failure, model::Plan};

/// What became of the calls of one document.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Traffic {
    /// Calls.
    pub requests: usize,
    /// Calls whose request was what the document says, and said what was meant.
    pub requests_accepted: usize,
    /// Answers that were asked for.
    pub responses: usize,
    /// Answers that were read as what they are.
    pub responses_read: usize,
    /// What went wrong.
    pub failures: Vec<String>,
    /// What of the document was seen in the calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// What of the document was in no call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
    /// Recorded requests that the document forbids, with the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_expressible: Vec<String>,
    /// What of recorded requests the document does not mention.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undeclared: Vec<String>,
    /// Calls to which the server sent no response.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub server_faults: Vec<String>,
}

/// What the servers of the calls run on.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(Failure::input)
}

/// Calls every operation by a driver, which is one of those in the program. The sandbox reads each
/// document in its dialect. With `record`, the
/// calls are written into that file as bytes on the wire.
///
/// # Errors
///
/// When the sandbox or the driver cannot be run; what they say of an operation is no error.
pub fn drive(
    program: &Path,
    driver: &str,
    documents: &[(Value, Dialect)],
    plans: &[&Plan],
    record: Option<&Path>,
) -> Result<Traffic, Failure> {
    let runtime = runtime()?;
    let mut builder = Sandbox::builder();
    for (document, dialect) in documents {
        builder = builder.document_in(document.clone(), *dialect);
    }
    let sandbox = runtime.block_on(builder.start()).map_err(Failure::input)?;
    let recorder = record
        .map(|file| {
            let upstream = sandbox.address();
            runtime.block_on(Recorder::start(file, upstream))
        })
        .transpose()
        .map_err(Failure::input)?;
    let note = |event: Value| match &recorder {
        Some(recorder) => recorder.write(&event).map_err(Failure::input),
        None => Ok(()),
    };
    let host = recorder
        .as_ref()
        .map_or_else(|| sandbox.url(), Recorder::url);
    let documents = documents.iter().cloned();
    let documents: Vec<Document> = documents
        .map(|(document, dialect)| Document::in_dialect(document, dialect))
        .collect();
    let mut driver = Driver::start(program, driver, &host, sandbox.api_key())?;
    let mut traffic = Traffic::default();
    let mut watch = Watch::default();
    'all: for (api, plan) in plans.iter().enumerate() {
        for (number, operation) in plan.operations.iter().enumerate() {
            let name = format!("{} {} ({})", operation.method, operation.path, operation.id);
            let found = documents.iter().find_map(|document| {
                let received = cases::received(document, operation)?;
                Some((document, received))
            });
            let Some((document, received)) = found else {
                traffic.requests += 1;
                traffic.fail(&name, "the document has no such operation");
                continue;
            };
            watch.expect(document, operation, received);
            for case in cases::cases(document, operation, received) {
                traffic.requests += 1;
                traffic.responses += 1;
                let arguments = match &case.arguments {
                    Ok(arguments) => arguments,
                    Err(error) => {
                        traffic.fail(&name, error);
                        continue;
                    }
                };
                sandbox.clear();
                sandbox.choose(case.choice.clone());
                // A 401 is answered twice: the session tries a new token.
                sandbox.choose(case.choice.clone());
                let given = Value::Object(arguments.values.clone());
                note(record::call(operation, &given, &case.choice))?;
                let done = driver.call(&format!("{api}.{number}"), &arguments.raw());
                let done = done.and_then(|line| {
                    let exact = Json::parse(line.trim()).ok()?;
                    Some((serde_json::from_str::<Value>(&line).ok()?, exact))
                });
                let Some((done, exact)) = done else {
                    traffic.fail(&name, &format!("the driver stopped at {given}"));
                    break 'all;
                };
                note(serde_json::json!({"done": &done}))?;
                let by = judge::By {
                    document,
                    operation: received,
                };
                let requests = sandbox.received();
                if let Some(request) = requests.last() {
                    watch.see(document, operation, received, &case, request);
                }
                traffic.judge(&name, &by, &case, arguments, &requests, (&done, &exact));
            }
        }
    }
    let (coverage, unseen) = watch.told();
    traffic.coverage = Some(coverage);
    traffic.unseen = unseen;
    Ok(traffic)
}

impl Traffic {
    /// What becomes of a document whose operations cannot even be called.
    pub fn failed(why: String) -> Self {
        Self {
            requests: 1,
            failures: vec![why],
            ..Self::default()
        }
    }

    fn fail(&mut self, operation: &str, what: &str) {
        self.failures.push(format!("{operation}: {what}"));
    }
}
