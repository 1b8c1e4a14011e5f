//! `cargo xtask generate`: documents in, crates out, all or none.

use std::{
    collections::{BTreeSet, HashSet},
    path::{Path, PathBuf},
};

use super::{Failure, prune, root};
use crate::{
    config::Config,
    counted::counted,
    dialect::Choice,
    emit::{Files, MARK, Place, write},
    lock::{self, Entry, Lock},
    overlay,
    pipeline::{self, GeneratedCrate, Input},
    read,
    release::release,
};

/// The arguments of `generate`.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Arguments {
    /// A document, a folder of documents, a URL or a Swagger UI page (default: openapi/)
    #[arg(long, value_name = "PATH-OR-URL")]
    pub source: Vec<String>,
    /// The folder to write the crates into (default: crates/)
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The configuration file (default: sixclicks.toml beside the documents)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Generate only this API; can be given several times
    #[arg(long, value_name = "NAME")]
    pub api: Vec<String>,
    /// Write nothing; list the files on disk that differ and exit with 1 if there are any
    #[arg(long)]
    pub check: bool,
    /// Also remove the crates that no document describes any more; with --check, exit with 1 if
    /// there are any
    #[arg(long)]
    pub prune: bool,
    /// Write the crates even if a part of the document is lost
    #[arg(long)]
    pub allow_loss: bool,
    /// Which tool's known mistakes are corrected in the documents (default: the setting in
    /// sixclicks.toml, or the tool that each document is recognised to come from)
    #[arg(long, value_enum, value_name = "DIALECT")]
    pub dialect: Option<Choice>,
    /// Accept a version from the configuration that hides breaking changes
    #[arg(long)]
    pub allow_breaking: bool,
    /// Write a Markdown report of what was adapted and why to this file
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
///
/// Fails if a document cannot be used, if a part of one would be lost, or if `--check` finds a
/// difference.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| root().join("crates"));
    if out.exists() && !out.is_dir() {
        return Err(Failure::Input(format!(
            "{} is a file\n  help: give --out the folder that the crates' folders go into",
            out.display()
        )));
    }
    let mut crates = crates(arguments)?;
    if let Some(path) = &arguments.report {
        let text: Vec<String> = crates
            .iter()
            .map(|made| made.report.to_markdown(&made.name))
            .collect();
        std::fs::write(path, text.join("\n"))
            .map_err(|error| Failure::Input(format!("cannot write {}: {error}", path.display())))?;
    }
    warn(&crates);
    losses(arguments, &crates)?;
    let config = configuration(arguments, &sources(arguments))?;
    let folder = if in_workspace(&out) {
        root().join("openapi")
    } else {
        out.clone()
    };
    let before = Lock::read(&folder.join(lock::NAME)).map_err(Failure::input)?;
    let mut after = before.clone();
    after.0.retain(|name, _| out.join(name).exists());
    for made in &mut crates {
        let released = before
            .0
            .get(&made.name)
            .and_then(|entry| entry.released.clone());
        let asked = config.versions.get(&made.name).map(String::as_str);
        release(
            made,
            &out.join(&made.name),
            released.as_deref(),
            asked,
            arguments.allow_breaking,
        )
        .map_err(|error| Failure::Check(error.to_string()))?;
        let mut entry = Entry::of(made, &config, released);
        if let Some(was) = before.0.get(&made.name)
            && arguments.check
            && was.differs_in_pipeline_alone(&entry)
            && write::compare(&out.join(&made.name), &made.files).is_empty()
        {
            // Another version of the pipeline that makes the same needs no new run.
            entry = was.clone();
        }
        after.0.insert(made.name.clone(), entry);
    }
    let orphans = match arguments.api.is_empty() {
        true => prune::orphans(&out, &before, &crates),
        // The others were left out on purpose.
        false => Vec::new(),
    };
    let mut pruned = Vec::new();
    if arguments.prune {
        for name in &orphans {
            after.0.remove(name);
            pruned.extend(prune::files(&out.join(name)).map_err(Failure::input)?);
        }
    }
    let mut files: Vec<(PathBuf, Files)> = crates
        .iter()
        .map(|made| (out.join(&made.name), made.files.clone()))
        .collect();
    let mut around = Files::from([(lock::NAME.into(), after.to_toml())]);
    if !in_workspace(&out) {
        around.extend(workspace(&after));
    } else if arguments.prune {
        let text = std::fs::read_to_string(root().join("Cargo.toml")).map_err(Failure::input)?;
        let manifest = prune::without_dependencies(&text, &orphans);
        files.push((root(), Files::from([("Cargo.toml".into(), manifest)])));
    }
    files.push((folder, around));
    if arguments.check {
        if arguments.prune && !orphans.is_empty() {
            return Err(Failure::Check(format!(
                "run `cargo xtask generate --prune`:{}",
                prune::listed(&orphans)
            )));
        }
        check(&files, &before, &after)?;
        if !orphans.is_empty() {
            println!("{}", prune::notice(&orphans));
        }
        return Ok(());
    }
    let written = write::change(&files, &pruned).map_err(Failure::input)?;
    for made in &crates {
        println!(
            "{}: {}, {}, {}, {}",
            made.name,
            counted(made.counts.methods, "operation"),
            counted(made.counts.types, "type"),
            counted(made.counts.lines, "line"),
            counted(made.report.entries().len(), "adaptation")
        );
    }
    println!("{} written in {}", counted(written, "file"), out.display());
    if arguments.prune {
        for name in &orphans {
            prune::remove_empty(&out.join(name));
            let released = before.0.get(name).and_then(|entry| entry.released.as_ref());
            match released {
                Some(version) => println!(
                    "{name}: removed; its version {version} is released, so that [versions] has to name a later one if it comes back"
                ),
                None => println!("{name}: removed"),
            }
        }
    } else if !orphans.is_empty() {
        println!("{}", prune::notice(&orphans));
    }
    Ok(())
}

/// Returns the crates of all sources. Runs on a thread with a large stack, because schemas can
/// be deeply nested and the generator recurses over them.
///
/// # Errors
///
/// Fails if a document cannot be used.
pub fn crates(arguments: &Arguments) -> Result<Vec<GeneratedCrate>, Failure> {
    let arguments = arguments.clone();
    std::thread::Builder::new()
        .stack_size(pipeline::STACK)
        .spawn(move || make(&arguments))
        .map_err(Failure::input)?
        .join()
        .unwrap_or_else(|_| {
            Err(Failure::Input(
                "the pipeline stopped in the middle; please report the document".to_owned(),
            ))
        })
}

/// The crates of all sources.
fn make(arguments: &Arguments) -> Result<Vec<GeneratedCrate>, Failure> {
    let sources = sources(arguments);
    let config = configuration(arguments, &sources)?;
    let mut inputs = Vec::new();
    let mut given = Vec::new();
    for source in &sources {
        let documents =
            read::read(source, &read::ReadOptions::default()).map_err(Failure::input)?;
        let mut documents: Vec<Input> = documents.into_iter().map(Input::from).collect();
        if Path::new(source).is_dir() {
            overlay::apply(&Path::new(source).join("overlays"), &mut documents)
                .map_err(Failure::input)?;
        }
        given.extend(documents.iter().map(|document| Given {
            name: document.name.clone(),
            origin: document.origin.clone(),
            named: !Path::new(source).is_dir(),
        }));
        inputs.extend(documents);
    }
    let crates = pipeline::run(inputs, &config, &place(arguments)).map_err(Failure::input)?;
    let mut crates = without_empty(crates, &given)?;
    if !arguments.api.is_empty() {
        let known: BTreeSet<String> = crates.iter().map(|made| made.api.clone()).collect();
        if let Some(missing) = arguments.api.iter().find(|name| !known.contains(*name)) {
            let known: Vec<String> = known.into_iter().collect();
            return Err(Failure::Input(format!(
                "there is no API `{missing}`; there are {}",
                known.join(", ")
            )));
        }
        crates.retain(|made| arguments.api.contains(&made.api));
    }
    Ok(crates)
}

/// Removes the crates of documents without operations. A folder can hold documents that only
/// define schemas; a source document without operations, or a folder of nothing else, is an error.
fn without_empty(
    crates: Vec<GeneratedCrate>,
    documents: &[Given],
) -> Result<Vec<GeneratedCrate>, Failure> {
    let (some, none): (Vec<_>, Vec<_>) = crates
        .into_iter()
        .partition(|made| made.counts.operations > 0);
    let empty: BTreeSet<&str> = none
        .iter()
        .flat_map(|made| made.sources.iter().map(String::as_str))
        .collect();
    for document in documents {
        if !empty.contains(document.name.as_str()) {
            continue;
        }
        let problem = format!("{}: the document has no operation", document.origin);
        if document.named || some.is_empty() {
            return Err(Failure::Input(format!(
                "{problem}\n  help: give the document whose `paths` are complete; without a login, some servers leave operations out"
            )));
        }
        eprintln!("warning: {problem}, and no crate is generated from it");
    }
    Ok(some)
}

/// A source document, for messages.
struct Given {
    name: String,
    origin: String,
    /// Whether it was named itself rather than found in a folder.
    named: bool,
}

fn sources(arguments: &Arguments) -> Vec<String> {
    if arguments.source.is_empty() {
        vec![root().join("openapi").display().to_string()]
    } else {
        arguments.source.clone()
    }
}

/// Returns the configuration that was named, or the one beside the documents.
fn configuration(arguments: &Arguments, sources: &[String]) -> Result<Config, Failure> {
    let beside = sources
        .iter()
        .map(|source| Path::new(source).join("sixclicks.toml"))
        .find(|path| path.is_file());
    let mut config = match arguments.config.clone().or(beside) {
        Some(path) => Config::read(&path).map_err(Failure::input)?,
        None => Config::default(),
    };
    config.dialect = arguments.dialect.or(config.dialect);
    Ok(config)
}

fn in_workspace(out: &Path) -> bool {
    let absolute = std::path::absolute(out).unwrap_or_else(|_| out.to_owned());
    absolute == root().join("crates")
}

/// Returns where the crates are written, which decides how they depend on the handwritten ones.
fn place(arguments: &Arguments) -> Place {
    match &arguments.out {
        Some(out) if !in_workspace(out) => Place::Elsewhere(root().join("crates")),
        _ => Place::Workspace,
    }
}

/// Returns the manifest of a workspace around crates that are written elsewhere, so that they
/// share a target folder and belong to no workspace above them.
fn workspace(lock: &Lock) -> Files {
    let members: Vec<String> = lock
        .0
        .keys()
        .map(|name| format!("    \"{name}\",\n"))
        .collect();
    let text = format!(
        "# {MARK}\n[workspace]\nresolver = \"3\"\nmembers = [\n{}]\n",
        members.concat()
    );
    Files::from([("Cargo.toml".into(), text)])
}

/// Prints what looks wrong in the documents, once for all crates of a document.
fn warn(crates: &[GeneratedCrate]) {
    let mut seen = BTreeSet::new();
    for warning in crates.iter().flat_map(|made| made.report.warnings()) {
        if !seen.insert((&warning.pointer, warning.construct)) {
            continue;
        }
        eprintln!("warning: at {}: {}", warning.pointer, warning.message);
        if !warning.actions.is_empty() {
            eprintln!("  help: where this is so, put into a file in overlays/:");
        }
        for line in warning.actions.iter().flat_map(|action| {
            action
                .to_yaml()
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        }) {
            eprintln!("    {line}");
        }
    }
}

fn losses(arguments: &Arguments, crates: &[GeneratedCrate]) -> Result<(), Failure> {
    let mut lost: Vec<String> = crates
        .iter()
        .flat_map(|made| made.report.losses())
        .map(|loss| format!("\n  at {}: {} → {}", loss.pointer, loss.was, loss.now))
        .collect();
    // A loss in a document counts once, however many crates the document becomes.
    let mut told = HashSet::new();
    lost.retain(|loss| told.insert(loss.clone()));
    if lost.is_empty() || arguments.allow_loss {
        return Ok(());
    }
    Err(Failure::Check(format!(
        "{} of the document would be lost; give --allow-loss to go on without:{}",
        if lost.len() == 1 {
            "one thing".to_owned()
        } else {
            format!("{} things", lost.len())
        },
        lost.concat()
    )))
}

fn check(files: &[(PathBuf, Files)], before: &Lock, after: &Lock) -> Result<(), Failure> {
    let mut found = Vec::new();
    for (name, now) in &after.0 {
        let why = match before.0.get(name) {
            Some(entry) => entry.stale(now).join(", "),
            None => "it was never generated".to_owned(),
        };
        if !why.is_empty() {
            found.push(format!("\n  stale: {name}: {why}"));
        }
    }
    for (folder, files) in files {
        let difference = write::compare(folder, files);
        found.extend(
            difference
                .changed
                .iter()
                .map(|path| format!("\n  differs: {}", path.display())),
        );
        found.extend(
            difference
                .stale
                .iter()
                .map(|path| format!("\n  no longer generated: {}", path.display())),
        );
    }
    if found.is_empty() {
        println!("every generated file is up to date");
        return Ok(());
    }
    Err(Failure::Check(format!(
        "run `cargo xtask generate`:{}",
        found.concat()
    )))
}
