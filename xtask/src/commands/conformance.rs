//! `cargo xtask conformance`: the pipeline over every document of a folder, with a row
//! for each. One bad document never stops the rest.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write as _},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use rayon::prelude::*;
use serde::Serialize;

use super::{Failure, compile, root};
use crate::{
    config::Config,
    emit::Place,
    pipeline::{self, GeneratedCrate, Input},
    read,
};

/// What `conformance` takes.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The folder; folders in it are searched too
    pub folder: PathBuf,
    /// Compile every crate and its documentation, and count warnings
    #[arg(long)]
    pub compile: bool,
    /// Write the result as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// How one document fared.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Row {
    /// The file, from the folder on.
    pub file: String,
    /// `generated`, `invalid` or `failed`.
    pub status: &'static str,
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
    /// Whether the crate compiles, if that was asked for.
    pub compiled: Option<bool>,
    /// Warnings of the compiler and of rustdoc.
    pub warnings: usize,
    /// Lines of code.
    pub lines: usize,
    /// Seconds that the pipeline took.
    pub seconds: f64,
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
    let files = read::documents_in(&arguments.folder).map_err(Failure::input)?;
    let progress = Progress::new(files.len());
    let pool = rayon::ThreadPoolBuilder::new()
        .stack_size(pipeline::STACK)
        .build()
        .map_err(Failure::input)?;
    let results: Vec<Option<(Row, Vec<GeneratedCrate>)>> = pool.install(|| {
        files
            .par_iter()
            .map(|file| {
                let result = document(&arguments.folder, file);
                progress.step(file);
                result
            })
            .collect()
    });
    let (mut rows, crates): (Vec<Row>, Vec<Vec<GeneratedCrate>>) =
        results.into_iter().flatten().unzip();
    if arguments.compile {
        compile::compile(&mut rows, crates)?;
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
        .filter(|row| row.status == "failed" || row.compiled == Some(false))
        .count();
    if failed > 0 {
        return Err(Failure::Check(format!("{failed} valid documents failed")));
    }
    Ok(())
}

/// One document. A file that other documents refer to, or that is of another kind, is no
/// row.
fn document(folder: &Path, file: &Path) -> Option<(Row, Vec<GeneratedCrate>)> {
    let began = Instant::now();
    let mut row = Row {
        file: file
            .strip_prefix(folder)
            .unwrap_or(file)
            .display()
            .to_string(),
        ..Row::default()
    };
    let crates = match catch_unwind(AssertUnwindSafe(|| pipeline_of(file))) {
        Ok(Ok(crates)) => {
            row.status = "generated";
            crates
        }
        Ok(Err(Refused::NotADocument)) => return None,
        Ok(Err(Refused::Invalid(error))) => {
            row.status = "invalid";
            row.error = Some(error);
            Vec::new()
        }
        Ok(Err(Refused::Failed(error))) => {
            row.status = "failed";
            row.error = Some(error);
            Vec::new()
        }
        Err(_) => {
            row.status = "failed";
            row.error = Some("the pipeline panicked".to_owned());
            Vec::new()
        }
    };
    for made in &crates {
        row.operations += made.counts.operations;
        row.methods += made.counts.methods;
        row.schemas += made.counts.schemas;
        row.types += made.counts.types;
        row.lines += made.counts.lines;
        row.adaptations += made.report.entries().len();
        row.losses += made.report.losses().count();
    }
    row.seconds = began.elapsed().as_secs_f64();
    Some((row, crates))
}

enum Refused {
    NotADocument,
    Invalid(String),
    Failed(String),
}

fn pipeline_of(file: &Path) -> Result<Vec<GeneratedCrate>, Refused> {
    let options = read::ReadOptions::default();
    let documents =
        read::read(&file.display().to_string(), &options).map_err(|error| match error {
            read::ReadError::NotOpenApi { .. } => Refused::NotADocument,
            other => Refused::Invalid(other.to_string()),
        })?;
    let inputs = documents
        .into_iter()
        .map(|document| Input {
            name: document.name,
            origin: document.origin.to_string(),
            value: document.value,
        })
        .collect();
    let place = Place::Elsewhere(root().join("crates"));
    pipeline::run(inputs, &Config::default(), &place).map_err(|error| {
        if error.is_invalid() {
            Refused::Invalid(error.to_string())
        } else {
            Refused::Failed(error.to_string())
        }
    })
}

fn totals(rows: &[Row]) -> Totals {
    let mut totals = Totals {
        documents: rows.len(),
        ..Totals::default()
    };
    for row in rows {
        if row.status == "invalid" {
            totals.invalid += 1;
            continue;
        }
        totals.generated += usize::from(row.status == "generated");
        totals.compiled += usize::from(row.compiled == Some(true));
        totals.warnings += row.warnings;
        totals.losses += row.losses;
        totals.operations += row.operations;
        totals.methods += row.methods;
    }
    totals
}

fn print(outcome: &Outcome) {
    let mut errors: BTreeMap<&str, &str> = BTreeMap::new();
    println!(
        "| document | status | operations | schemas | adapted | lost | compiled | warnings | lines | s |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for row in &outcome.documents {
        let compiled = match row.compiled {
            None => "–",
            Some(true) => "yes",
            Some(false) => "no",
        };
        println!(
            "| {} | {} | {}/{} | {}/{} | {} | {} | {compiled} | {} | {} | {:.2} |",
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
    for (file, error) in errors {
        println!("- {file}: {error}");
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
