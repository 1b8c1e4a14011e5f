//! Compiling generated crates, many at once in one workspace, and counting what the
//! compiler and rustdoc say of each.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{arguments::Arguments, progress::Progress, row::Row};
use crate::{
    commands::{Failure, root},
    emit::{self, Files},
    model::Plan,
    pipeline::GeneratedCrate,
    wire::driver,
};

/// How many crates are documented at a time.
const DOCUMENTED: usize = 20;

/// Writes the crates of one document, each into a folder of its own, and tells their names.
///
/// # Errors
///
/// When they cannot be written.
pub fn write(prefix: &Path, crates: &mut [GeneratedCrate]) -> Result<Vec<String>, Failure> {
    let (mut names, mut files) = (Vec::new(), Vec::new());
    for (number, made) in crates.iter_mut().enumerate() {
        let folder = PathBuf::from(format!("{}-{number}", prefix.display()));
        let name = folder.file_name().unwrap_or_default().display().to_string();
        rename(&mut made.files, &made.name, &name);
        files.push((folder, std::mem::take(&mut made.files)));
        names.push(name);
    }
    emit::write::write(&files).map_err(Failure::input)?;
    Ok(names)
}

/// Writes the library that calls the crates of one document, and tells its name.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_driver(prefix: &Path, crates: &[(String, &Plan)]) -> Result<String, Failure> {
    let folder = PathBuf::from(format!("{}-wire", prefix.display()));
    let name = folder.file_name().unwrap_or_default().display().to_string();
    let files = driver::library(&name, crates, &root());
    emit::write::write(&[(folder, files)]).map_err(Failure::input)?;
    Ok(name)
}

/// Compiles the crates of each row, fills in what came of it, and tells the drivers that
/// call them by the rows' places, or why there is none.
///
/// # Errors
///
/// When cargo cannot be run.
pub fn compile(
    rows: &mut [Row],
    folder: &Path,
    wanted: &Arguments,
) -> Result<HashMap<usize, Result<String, String>>, Failure> {
    let mut drivers = HashMap::new();
    if rows.iter().all(|row| row.crates.is_empty()) {
        return Ok(drivers);
    }
    let crates: HashSet<String> = rows.iter().flat_map(|row| row.crates.clone()).collect();
    let how = if wanted.calls() { "build" } else { "check" };
    let checked = cargo(
        folder,
        &[how, "--workspace", "--keep-going"],
        &crates,
        &Progress::new("crates compiled", crates.len()),
    )?;
    let documented = match wanted.compile {
        true => document(folder, &crates)?,
        false => HashMap::new(),
    };
    for (index, row) in rows.iter_mut().enumerate() {
        for name in std::mem::take(&mut row.crates) {
            let found = checked.get(&name).copied().unwrap_or_default();
            let compiles = found.errors == 0 && found.finished;
            if !compiles && row.error.is_none() {
                row.error = Some(format!(
                    "{} compiler errors; see target/conformance/{name}",
                    found.errors
                ));
            }
            row.compiled = Some(row.compiled.unwrap_or(true) && compiles);
            let documented = documented.get(&name).copied().unwrap_or_default();
            row.warnings += found.warnings + documented.warnings + documented.errors;
        }
        if let Some(name) = row.driver.take() {
            let driver = match checked.get(&name).is_some_and(|found| found.finished) {
                true => Ok(name),
                false => Err(format!(
                    "the driver does not compile; see target/conformance/{name}"
                )),
            };
            drivers.insert(index, driver);
        }
    }
    link(folder, &drivers)?;
    Ok(drivers)
}

/// Documents crates, some at a time, and forgets the pages: rustdoc writes what can be searched
/// anew for each crate beside the others, and of hundreds, most of its time goes into that.
fn document(folder: &Path, crates: &HashSet<String>) -> Result<HashMap<String, Found>, Failure> {
    let progress = Progress::new("crates documented", crates.len());
    let mut names: Vec<&str> = crates.iter().map(String::as_str).collect();
    names.sort_unstable();
    let mut found = HashMap::new();
    for names in names.chunks(DOCUMENTED) {
        let packages = names.iter().flat_map(|name| ["--package", name]);
        let arguments: Vec<&str> = ["doc", "--no-deps", "--keep-going"]
            .into_iter()
            .chain(packages)
            .collect();
        found.extend(cargo(folder, &arguments, crates, &progress)?);
        let pages = target().join("doc");
        if pages.exists() {
            fs::remove_dir_all(pages).map_err(Failure::input)?;
        }
    }
    Ok(found)
}

/// Makes one program of all drivers that compile.
fn link(folder: &Path, drivers: &HashMap<usize, Result<String, String>>) -> Result<(), Failure> {
    let mut names: Vec<&str> = drivers.values().flatten().map(String::as_str).collect();
    if names.is_empty() {
        return Ok(());
    }
    names.sort_unstable();
    let files = driver::program(&names);
    emit::write::write(&[(folder.join(driver::PROGRAM), files)]).map_err(Failure::input)?;
    let linked = cargo(
        folder,
        &["build", "--package", driver::PROGRAM],
        &HashSet::from([driver::PROGRAM.to_owned()]),
        &Progress::new("programs linked", 1),
    )?;
    match linked
        .get(driver::PROGRAM)
        .is_some_and(|found| found.finished)
    {
        true => Ok(()),
        false => Err(Failure::Check(format!(
            "the drivers cannot be linked; see target/conformance/{}",
            driver::PROGRAM
        ))),
    }
}

/// The program of the drivers.
pub fn program() -> PathBuf {
    let file = format!("{}{}", driver::PROGRAM, std::env::consts::EXE_SUFFIX);
    target().join("debug").join(file)
}

/// Where cargo puts what it makes of all runs.
pub fn target() -> PathBuf {
    root().join("target").join("conformance-target")
}

/// Gives a crate a name of its own in the common workspace.
fn rename(files: &mut Files, old: &str, new: &str) {
    for (path, text) in files.iter_mut() {
        if path == Path::new("Cargo.toml") {
            *text = text.replace(&format!("name = \"{old}\""), &format!("name = \"{new}\""));
        } else if path == Path::new("README.md") {
            *text = text.replace(&old.replace('-', "_"), &new.replace('-', "_"));
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Found {
    warnings: usize,
    errors: usize,
    finished: bool,
}

/// Runs cargo and counts its messages by crate, a step for each that is done.
fn cargo(
    folder: &Path,
    arguments: &[&str],
    wanted: &HashSet<String>,
    progress: &Progress,
) -> Result<HashMap<String, Found>, Failure> {
    let failed = |error| Failure::Input(format!("cannot run cargo: {error}"));
    let told = tempfile::NamedTempFile::new().map_err(Failure::input)?;
    let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .arg("--message-format=json")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTDOCFLAGS")
        .stdout(Stdio::piped())
        .stderr(told.reopen().map_err(Failure::input)?)
        .spawn()
        .map_err(failed)?;
    let mut found: HashMap<String, Found> = HashMap::new();
    let mut silent = true;
    for line in child
        .stdout
        .take()
        .into_iter()
        .flat_map(|out| BufReader::new(out).lines())
    {
        let line = line.map_err(failed)?;
        silent = false;
        let Ok(message) = serde_json::from_str::<Value>(&line) else {
            continue;
        };
        let Some(name) = message["target"]["name"].as_str() else {
            continue;
        };
        let name = name.replace('_', "-");
        let entry = found.entry(name.clone()).or_default();
        match message["reason"].as_str() {
            Some("compiler-artifact") => {
                if !entry.finished && wanted.contains(&name) {
                    progress.step(&name);
                }
                entry.finished = true;
            }
            // A summary such as "2 warnings emitted" has no place in the code.
            Some("compiler-message")
                if message["message"]["spans"]
                    .as_array()
                    .is_some_and(|s| !s.is_empty()) =>
            {
                match message["message"]["level"].as_str() {
                    Some("warning") => entry.warnings += 1,
                    Some("error") => entry.errors += 1,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    child.wait().map_err(failed)?;
    if silent {
        let told = fs::read_to_string(told.path()).unwrap_or_default();
        return Err(Failure::Input(format!("cargo does not run: {told}")));
    }
    Ok(found)
}
