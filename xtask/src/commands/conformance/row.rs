//! One row of the conformance table: the pipeline over one document, in this process.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::Instant,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    commands::{Failure, root},
    config::Config,
    dialect::{Choice, Dialect, Writer},
    emit::Place,
    names::Named,
    pipeline::{self, GeneratedCrate, Input},
    read,
    wire::Traffic,
};

/// How far a document came.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It became crates.
    Generated,
    /// It breaks a rule, so that its meaning cannot be known.
    Invalid,
    /// It is valid, and no crate came of it.
    #[default]
    Failed,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Generated => "generated",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
        })
    }
}

/// How one document fared.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Row {
    /// The file: from the folder on that was searched, or as it was given.
    pub file: String,
    /// Which of ASP.NET's tools wrote it, as far as its signs tell: `swashbuckle`, `nswag`,
    /// `microsoft`, or `aspnet` for one of them.
    #[serde(default)]
    pub writer: Option<String>,
    /// How far it came.
    pub status: Status,
    /// What is wrong.
    pub error: Option<String>,
    /// Operations in the document.
    pub operations: usize,
    /// Operations that have a method.
    pub methods: usize,
    /// Schemas that the operations reach.
    pub schemas: usize,
    /// Schemas that have a type.
    pub types: usize,
    /// Constructs that were adapted.
    pub adaptations: usize,
    /// Things that could not be kept.
    pub losses: usize,
    /// Warnings about what looks wrong in the document.
    #[serde(default)]
    pub warned: usize,
    /// Whether the crate compiles, if that was asked for.
    pub compiled: Option<bool>,
    /// Warnings of the compiler and of rustdoc.
    pub warnings: usize,
    /// Lines of code.
    pub lines: usize,
    /// Seconds that the pipeline took.
    pub seconds: f64,
    /// What became of the calls, if they were asked for.
    #[serde(default, flatten, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Traffic>,
    /// The groups and names of its operations, if they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Named>,
    /// The crates that were written, by their folders' names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crates: Vec<String>,
    /// The driver that calls them, by its folder's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
}

impl Row {
    /// The row of a file, with nothing in it yet.
    pub fn new(file: &Path) -> Self {
        Self {
            file: file.display().to_string(),
            ..Self::default()
        }
    }

    /// Names the file from a folder on.
    pub fn shorten(&mut self, folder: &Path) {
        if let Ok(file) = Path::new(&self.file).strip_prefix(folder) {
            self.file = file.display().to_string();
        }
    }
}

/// What one document became.
#[derive(Debug, Default)]
pub struct Made {
    /// Its crates.
    pub crates: Vec<GeneratedCrate>,
    /// The documents as they were received, of which a file may name several.
    pub received: Vec<Value>,
    /// The dialect of each of them.
    pub dialects: Vec<Dialect>,
}

impl Made {
    /// The documents as they were received, each with the dialect in which a server means it.
    pub fn received_in_dialect(&self) -> Vec<(Value, sixclicks_sandbox::Dialect)> {
        let dialects = self.dialects.iter().map(Dialect::spoken);
        self.received.iter().cloned().zip(dialects).collect()
    }

    /// The documents as OpenAPI 3.0 with the corrections of their dialects. A document that cannot be
    /// upgraded stays as it was received.
    pub(super) fn corrected(&self) -> Vec<Value> {
        let documents = self.received.iter().zip(&self.dialects);
        documents
            .map(|(received, dialect)| {
                let corrected = dialect.corrected(received);
                corrected.unwrap_or_else(|| received.clone())
            })
            .collect()
    }
}

/// What a document became that a process of its own has made crates of before.
///
/// # Errors
///
/// If there is no thread for it.
pub(super) fn again(file: &str, choice: Option<Choice>) -> Result<Made, Failure> {
    let file = file.to_owned();
    let worker = std::thread::Builder::new()
        .stack_size(pipeline::STACK)
        .spawn(move || document(Path::new(&file), choice))
        .map_err(Failure::input)?;
    let made = worker.join().ok().flatten();
    Ok(made.map(|(_, made)| made).unwrap_or_default())
}

/// One document. A file that other documents refer to, or that is of another kind, is no
/// row.
pub fn document(file: &Path, choice: Option<Choice>) -> Option<(Row, Made)> {
    let began = Instant::now();
    let mut row = Row::new(file);
    let made = match catch_unwind(AssertUnwindSafe(|| pipeline_of(file, choice))) {
        Ok(Ok(made)) => {
            row.status = Status::Generated;
            made
        }
        Ok(Err(Refused::NotADocument)) => return None,
        Ok(Err(Refused::Invalid(error))) => {
            row.status = Status::Invalid;
            row.error = Some(error);
            Made::default()
        }
        Ok(Err(Refused::Failed(error))) => {
            row.status = Status::Failed;
            row.error = Some(error);
            Made::default()
        }
        Err(_) => {
            row.status = Status::Failed;
            row.error = Some("the pipeline panicked".to_owned());
            Made::default()
        }
    };
    let writers = made
        .dialects
        .iter()
        .filter_map(|dialect| dialect.recognition.writer);
    row.writer = writers.map(Writer::name).next().map(str::to_owned);
    for made in &made.crates {
        row.operations += made.counts.operations;
        row.methods += made.counts.methods;
        row.schemas += made.counts.schemas;
        row.types += made.counts.types;
        row.lines += made.counts.lines;
        row.adaptations += made.report.entries().len();
        row.losses += made.report.losses().count();
    }
    // Every crate of a document has all the warnings of the document.
    let warned = made.crates.iter().map(|made| made.report.warnings().len());
    row.warned = warned.max().unwrap_or_default();
    row.seconds = began.elapsed().as_secs_f64();
    Some((row, made))
}

enum Refused {
    NotADocument,
    Invalid(String),
    Failed(String),
}

fn pipeline_of(file: &Path, choice: Option<Choice>) -> Result<Made, Refused> {
    let options = read::ReadOptions::default();
    let documents =
        read::read(&file.display().to_string(), &options).map_err(|error| match error {
            read::ReadError::NotOpenApi { .. } => Refused::NotADocument,
            other => match other.rule() {
                Some(rule) => Refused::Invalid(ruled(&other.to_string(), rule)),
                None => Refused::Failed(other.to_string()),
            },
        })?;
    let received = documents.iter().map(|document| document.value.clone());
    let received = received.collect();
    let inputs: Vec<Input> = documents.into_iter().map(Input::from).collect();
    let dialects = inputs
        .iter()
        .map(|input| Dialect::new(input.recognition.clone(), choice));
    let dialects = dialects.collect();
    let config = Config {
        dialect: choice,
        ..Config::default()
    };
    let place = Place::Elsewhere(root().join("crates"));
    let crates = pipeline::run(inputs, &config, &place).map_err(|error| {
        if error.is_invalid() {
            Refused::Invalid(error.to_string())
        } else {
            Refused::Failed(error.to_string())
        }
    })?;
    Ok(Made {
        crates,
        received,
        dialects,
    })
}

/// What is wrong, with the rule at the end of its first line; help follows.
fn ruled(error: &str, rule: &str) -> String {
    match error.split_once('\n') {
        Some((what, help)) => format!("{what} ({rule})\n{help}"),
        None => format!("{error} ({rule})"),
    }
}
