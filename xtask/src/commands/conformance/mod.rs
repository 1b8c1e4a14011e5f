//! `cargo xtask conformance`: the pipeline over every document of a folder, with a row
//! for each. One bad document never stops the rest.

use std::{
    collections::{BTreeMap, HashMap},
    io::{IsTerminal, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use rayon::prelude::*;
use serde::Serialize;

use super::{Failure, compile, root, workspace::Workspace};
use crate::{read, wire::Traffic};

mod apart;
mod row;

pub use row::{Made, Row, Status, document};

/// How many failures of a document's calls are shown beside the table.
const SHOWN: usize = 20;

/// What `conformance` takes.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The folder; folders in it are searched too
    pub folder: PathBuf,
    /// Compile every crate and its documentation, and count warnings
    #[arg(long)]
    pub compile: bool,
    /// Call every operation through its crate, against a sandbox that checks the requests and
    /// gives every documented answer, plain and as ASP.NET bends it
    #[arg(long)]
    pub wire: bool,
    /// Write the result as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// How long the pipeline may take over one document, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub limit: u64,
    /// Run this document alone, as a part of a whole run, and print its row
    #[arg(long, hide = true, value_name = "FILE")]
    only: Option<PathBuf>,
    /// Where the crates of that document are written, before their numbers
    #[arg(long, hide = true, value_name = "PREFIX")]
    crates: Option<PathBuf>,
    /// Call every operation of that document by this driver
    #[arg(long, hide = true, value_name = "NAME")]
    drive: Option<String>,
}

impl Arguments {
    /// A run over a folder, with nothing beside the pipeline.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            compile: false,
            wire: false,
            json: None,
            limit: 300,
            only: None,
            crates: None,
            drive: None,
        }
    }
}

#[derive(Debug, Default, Serialize)]
struct Totals {
    documents: usize,
    invalid: usize,
    generated: usize,
    compiled: usize,
    warnings: usize,
    losses: usize,
    operations: usize,
    methods: usize,
    /// What the calls came to, when they were asked for.
    #[serde(flatten)]
    calls: Option<Calls>,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Calls {
    requests: usize,
    requests_accepted: usize,
    responses: usize,
    responses_read: usize,
}

#[derive(Debug, Serialize)]
struct Outcome {
    documents: Vec<Row>,
    totals: Totals,
}

/// Runs the command.
///
/// # Errors
///
/// When the folder cannot be read, or a valid document fails.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(file) = &arguments.only {
        return apart::alone(arguments, file);
    }
    let files = read::documents_in(&arguments.folder).map_err(Failure::input)?;
    let wanted = arguments.compile || arguments.wire;
    let workspace = wanted
        .then(|| Workspace::take(&root().join("target")))
        .transpose()?;
    let program = std::env::current_exe().map_err(Failure::input)?;
    let progress = Progress::new(files.len());
    let rows: Vec<Option<Row>> = files
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            let prefix = workspace.as_ref().map(|w| w.prefix(index));
            let row = apart::run(&program, arguments, file, prefix.as_deref());
            progress.step(file);
            row
        })
        .collect::<Result<_, _>>()?;
    let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
    if let Some(workspace) = &workspace {
        let drivers = compile::compile(&mut rows, workspace.folder(), arguments)?;
        drive(&program, arguments, &mut rows, drivers)?;
    }
    let outcome = Outcome {
        totals: totals(&rows),
        documents: rows,
    };
    print(&outcome);
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&outcome).map_err(Failure::input)?;
        std::fs::write(path, text + "\n")
            .map_err(|error| Failure::Input(format!("cannot write {}: {error}", path.display())))?;
    }
    let failed = outcome
        .documents
        .iter()
        .filter(|row| {
            let unclean = |traffic: &Traffic| !traffic.failures.is_empty();
            row.status == Status::Failed
                || row.compiled == Some(false)
                || row.traffic.as_ref().is_some_and(unclean)
        })
        .count();
    if failed > 0 {
        return Err(Failure::Check(format!("{failed} valid documents failed")));
    }
    Ok(())
}

/// Runs the drivers, by the places of their rows.
fn drive(
    program: &Path,
    arguments: &Arguments,
    rows: &mut [Row],
    drivers: HashMap<usize, Result<String, String>>,
) -> Result<(), Failure> {
    let progress = Progress::new(drivers.len());
    rows.par_iter_mut()
        .enumerate()
        .try_for_each(|(index, row)| {
            let Some(driver) = drivers.get(&index) else {
                return Ok(());
            };
            let file = arguments.folder.join(&row.file);
            row.traffic = Some(match driver {
                Ok(driver) => apart::drive(program, arguments, &file, driver)?,
                Err(error) => Traffic::failed(error.clone()),
            });
            progress.step(&file);
            Ok(())
        })
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
        totals.operations += row.operations;
        totals.methods += row.methods;
        if let Some(traffic) = &row.traffic {
            let calls = totals.calls.get_or_insert_default();
            calls.requests += traffic.requests;
            calls.requests_accepted += traffic.requests_accepted;
            calls.responses += traffic.responses;
            calls.responses_read += traffic.responses_read;
        }
    }
    totals
}

fn print(outcome: &Outcome) {
    let mut errors: BTreeMap<&str, &str> = BTreeMap::new();
    println!(
        "| document | status | operations | schemas | adapted | lost | compiled | warnings | lines | requests | responses | s |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for row in &outcome.documents {
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
    let t = &outcome.totals;
    println!(
        "\n{} documents: {} invalid, {} generated, {} compiled, {} warnings, {} losses, {} of {} operations",
        t.documents,
        t.invalid,
        t.generated,
        t.compiled,
        t.warnings,
        t.losses,
        t.methods,
        t.operations
    );
    if let Some(calls) = t.calls {
        println!(
            "{} of {} requests accepted, {} of {} responses read",
            calls.requests_accepted, calls.requests, calls.responses_read, calls.responses
        );
    }
    for (file, error) in errors {
        println!("- {file}: {error}");
    }
    for row in &outcome.documents {
        let failures = row.traffic.iter().flat_map(|traffic| &traffic.failures);
        for failure in failures.clone().take(SHOWN) {
            println!("- {}: {failure}", row.file);
        }
        let more = failures.count().saturating_sub(SHOWN);
        if more > 0 {
            println!("- {}: and {more} more, which --json tells", row.file);
        }
    }
}

/// A counter on a terminal, a plain line now and then elsewhere.
struct Progress {
    total: usize,
    done: AtomicUsize,
    terminal: bool,
}

impl Progress {
    fn new(total: usize) -> Self {
        Self {
            total,
            done: AtomicUsize::new(0),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    fn step(&self, file: &Path) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if self.terminal {
            let name: String = name.chars().take(60).collect();
            eprint!("\r\x1b[K{done}/{} {name}", self.total);
            if done == self.total {
                eprintln!("\r\x1b[K");
            }
            let _ = std::io::stderr().flush();
        } else if done.is_multiple_of(50) || done == self.total {
            eprintln!("{done}/{} documents", self.total);
        }
    }
}
