//! The result of a run: the rows with their totals, as a table and as JSON.

use std::{collections::BTreeMap, fs, io, path::Path};

use serde::Serialize;

use super::row::{Row, Status};
use crate::{
    counted::counted,
    names::Named,
    wire::{Traffic, coverage::Coverage},
};

/// How many failures of a document's calls are shown beside the table.
const SHOWN: usize = 20;

#[derive(Debug, Default, Serialize)]
struct Totals {
    documents: usize,
    invalid: usize,
    generated: usize,
    compiled: usize,
    warnings: usize,
    losses: usize,
    /// Warnings about what looks wrong in the documents.
    warned: usize,
    operations: usize,
    methods: usize,
    /// What the calls came to, when they were asked for.
    #[serde(flatten)]
    calls: Option<Calls>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Calls {
    requests: usize,
    requests_accepted: usize,
    responses: usize,
    responses_read: usize,
    /// What was seen of the documents in the calls of `--wire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
}

/// All rows and what they come to.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// How many files were looked at, documents or not.
    #[serde(skip)]
    files: usize,
    documents: Vec<Row>,
    totals: Totals,
    /// Entries of a recording whose path no document has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<String>,
}

impl Outcome {
    /// The outcome of these rows, which came of so many files.
    pub fn new(rows: Vec<Row>, files: usize) -> Self {
        Self {
            files,
            totals: totals(&rows),
            documents: rows,
            unknown: Vec::new(),
        }
    }

    /// The same, with the entries of a recording whose path no document has.
    pub fn with_unknown(mut self, unknown: Vec<String>) -> Self {
        self.unknown = unknown;
        self
    }

    /// How many valid documents failed: in the pipeline, the compiler or a call.
    pub fn failed(&self) -> usize {
        let unclean = |traffic: &Traffic| !traffic.failures.is_empty();
        let failed = |row: &&Row| {
            row.status == Status::Failed
                || row.compiled == Some(false)
                || row.traffic.as_ref().is_some_and(unclean)
        };
        self.documents.iter().filter(failed).count()
    }

    /// Writes it as JSON.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        fs::write(path, text + "\n")
    }

    /// Prints the group and name of every operation, a line for each, and on the standard error
    /// what is wrong with documents.
    pub fn print_names(&self) {
        for row in &self.documents {
            for named in &row.names {
                let Named {
                    method,
                    path,
                    group,
                    name,
                    ..
                } = named;
                println!("{method}\t{path}\t{group}\t{name}");
            }
            if let Some(error) = &row.error {
                eprintln!("- {}: {error}", row.file);
            }
        }
    }

    /// Prints it as a table.
    pub fn print(&self) {
        let mut errors: BTreeMap<&str, &str> = BTreeMap::new();
        println!(
            "| document | status | operations | schemas | adapted | lost | compiled | warnings | lines | requests | responses | s |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
        for row in &self.documents {
            let compiled = match row.compiled {
                None => "–",
                Some(true) => "yes",
                Some(false) => "no",
            };
            let (requests, responses) = match &row.traffic {
                None => ("–".to_owned(), "–".to_owned()),
                Some(t) => (
                    format!("{}/{}", t.requests_accepted, t.requests),
                    format!("{}/{}", t.responses_read, t.responses),
                ),
            };
            println!(
                "| {} | {} | {}/{} | {}/{} | {} | {} | {compiled} | {} | {} | {requests} | {responses} | {:.2} |",
                row.file,
                row.status,
                row.methods,
                row.operations,
                row.types,
                row.schemas,
                row.adaptations,
                row.losses,
                row.warnings,
                row.lines,
                row.seconds
            );
            if let Some(error) = &row.error {
                errors.insert(&row.file, error);
            }
        }
        let t = &self.totals;
        println!(
            "\n{}: {} invalid, {} generated, {} compiled, {}, {}, {} of {}",
            counted(t.documents, "document"),
            t.invalid,
            t.generated,
            t.compiled,
            counted(t.warnings, "warning"),
            counted(t.losses, "loss"),
            t.methods,
            counted(t.operations, "operation")
        );
        if self.files != t.documents {
            println!(
                "{} of {} are documents",
                t.documents,
                counted(self.files, "file")
            );
        }
        if let Some(calls) = &t.calls {
            println!(
                "{} of {} accepted, {} of {} read",
                calls.requests_accepted,
                counted(calls.requests, "request"),
                calls.responses_read,
                counted(calls.responses, "response")
            );
            if let Some(coverage) = &calls.coverage {
                let shares = coverage.shares();
                let shares =
                    shares.map(|(name, share)| format!("{} of {} {name}", share.seen, share.of));
                println!("seen: {}", shares.join(", "));
            }
        }
        for (file, error) in errors {
            println!("- {file}: {error}");
        }
        for row in &self.documents {
            let Some(traffic) = &row.traffic else {
                continue;
            };
            for (what, list) in [
                ("", &traffic.failures),
                ("not seen in any call: ", &traffic.unseen),
                ("not expressible: ", &traffic.not_expressible),
                ("undeclared: ", &traffic.undeclared),
                ("no HTTP response: ", &traffic.server_faults),
            ] {
                list_some(&row.file, what, list);
            }
        }
        list_some("recording", "no document has the path: ", &self.unknown);
    }
}

/// Prints the first entries of a list.
fn list_some(file: &str, what: &str, list: &[String]) {
    for entry in list.iter().take(SHOWN) {
        println!("- {file}: {what}{entry}");
    }
    let more = list.len().saturating_sub(SHOWN);
    if more > 0 {
        println!("- {file}: {what}and {more} more, which --json tells");
    }
}

fn totals(rows: &[Row]) -> Totals {
    let mut totals = Totals {
        documents: rows.len(),
        ..Totals::default()
    };
    for row in rows {
        if row.status == Status::Invalid {
            totals.invalid += 1;
            continue;
        }
        totals.generated += usize::from(row.status == Status::Generated);
        totals.compiled += usize::from(row.compiled == Some(true));
        totals.warnings += row.warnings;
        totals.losses += row.losses;
        totals.warned += row.warned;
        totals.operations += row.operations;
        totals.methods += row.methods;
        if let Some(traffic) = &row.traffic {
            let calls = totals.calls.get_or_insert_default();
            calls.requests += traffic.requests;
            calls.requests_accepted += traffic.requests_accepted;
            calls.responses += traffic.responses;
            calls.responses_read += traffic.responses_read;
            if let Some(coverage) = &traffic.coverage {
                calls.coverage.get_or_insert_default().add(coverage);
            }
        }
    }
    totals
}
