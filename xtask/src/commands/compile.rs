//! Compiling generated crates, many at once in one workspace, and counting what the
//! compiler and rustdoc say of each.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{Failure, conformance::Row, root};
use crate::{
    emit::{Files, write},
    pipeline::GeneratedCrate,
};

/// Compiles the crates of each row and fills in what came of it.
///
/// # Errors
///
/// When cargo cannot be run.
pub fn compile(rows: &mut [Row], crates: Vec<Vec<GeneratedCrate>>) -> Result<(), Failure> {
    let folder = root().join("target").join("conformance");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::input)?;
    }
    let mut files: Vec<(std::path::PathBuf, Files)> = Vec::new();
    let mut owners: HashMap<String, usize> = HashMap::new();
    for (index, made) in crates.into_iter().enumerate() {
        for (number, mut made) in made.into_iter().enumerate() {
            let name = format!("d{index}-{number}");
            rename(&mut made.files, &made.name, &name);
            owners.insert(name.clone(), index);
            files.push((folder.join(&name), made.files));
        }
    }
    if files.is_empty() {
        return Ok(());
    }
    write::write(&files).map_err(Failure::input)?;
    fs::write(
        folder.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n",
    )
    .map_err(Failure::input)?;
    // The versions that this repository is tested with.
    let _ = fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"));
    let checked = cargo(&folder, &["check", "--workspace", "--keep-going"])?;
    for (name, index) in &owners {
        let found = checked.get(name).copied().unwrap_or_default();
        rows[*index].warnings += found.warnings;
        let compiles = found.errors == 0 && found.finished;
        rows[*index].compiled = Some(rows[*index].compiled.unwrap_or(true) && compiles);
        if !compiles && rows[*index].error.is_none() {
            rows[*index].error = Some(format!(
                "{} compiler errors; see target/conformance/{name}",
                found.errors
            ));
        }
    }
    let documented = cargo(
        &folder,
        &["doc", "--workspace", "--no-deps", "--keep-going"],
    )?;
    for (name, index) in &owners {
        rows[*index].warnings += documented
            .get(name)
            .map_or(0, |found| found.warnings + found.errors);
    }
    Ok(())
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

/// Runs cargo and counts its messages by crate.
fn cargo(folder: &Path, arguments: &[&str]) -> Result<HashMap<String, Found>, Failure> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .arg("--message-format=json")
        .current_dir(folder)
        .env(
            "CARGO_TARGET_DIR",
            root().join("target").join("conformance-target"),
        )
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTDOCFLAGS")
        .stderr(Stdio::null())
        .output()
        .map_err(|error| Failure::Input(format!("cannot run cargo: {error}")))?;
    let mut found: HashMap<String, Found> = HashMap::new();
    for line in output.stdout.split(|byte| *byte == b'\n') {
        let Ok(message) = serde_json::from_slice::<Value>(line) else {
            continue;
        };
        let Some(name) = message["target"]["name"].as_str() else {
            continue;
        };
        let entry = found.entry(name.replace('_', "-")).or_default();
        match message["reason"].as_str() {
            Some("compiler-artifact") => entry.finished = true,
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
    Ok(found)
}
