//! `cargo xtask diff`: what changed between two versions of the documents, and which
//! version each crate needs.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Failure, generate};
use crate::{
    diff::{
        self, CrateDiff, Verdict,
        render::{Format, render},
        version::{Current, Release},
    },
    lock::{self, Lock},
    surface::Surface,
};

/// The arguments of `diff`.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The old version: a document, folder, URL, git revision (its openapi/) or REVISION:PATH
    pub old: String,
    /// The new version, in any of the same forms
    pub new: String,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The configuration file (default: sixclicks.toml beside the documents)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Runs the command. Returns the exit code: 0 if nothing changed, 1 if all changes are
/// compatible, 3 if a change is breaking.
///
/// # Errors
///
/// Fails if a version cannot be read, or if it generates no crate.
pub fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let (old, versions) = side(&arguments.old, arguments)?;
    let (new, newer) = side(&arguments.new, arguments)?;
    let crates = diff::compare_all(&old, &new, &|name| {
        versions
            .get(name)
            .or_else(|| newer.get(name))
            .cloned()
            .unwrap_or_default()
    });
    print!("{}", render(&crates, arguments.format));
    Ok(match crates.iter().filter_map(CrateDiff::verdict).max() {
        None => 0,
        Some(Verdict::Compatible) => 1,
        Some(Verdict::Breaking) => 3,
    })
}

type Side = (BTreeMap<String, Surface>, BTreeMap<String, Current>);

/// Returns the crates of one side, with their versions from the lock file beside the documents or
/// from the configuration.
fn side(source: &str, arguments: &Arguments) -> Result<Side, Failure> {
    let there = Path::new(source).exists() || source.contains("://");
    let checkout = if there { None } else { Some(revision(source)?) };
    let place = checkout
        .as_ref()
        .map_or_else(|| source.to_owned(), |(_, path)| path.clone());
    let crates = generate::crates(&generate::Arguments {
        source: vec![place.clone()],
        config: arguments.config.clone(),
        ..Default::default()
    })
    .map_err(|failure| Failure::Input(format!("{source}: {failure}")))?;
    let folder = match Path::new(&place) {
        folder if folder.is_dir() => folder,
        file => file.parent().unwrap_or(file),
    };
    let lock = Lock::read(&folder.join(lock::NAME)).map_err(Failure::input)?;
    let (mut surfaces, mut versions) = (BTreeMap::new(), BTreeMap::new());
    for made in crates {
        let current = match lock.0.get(&made.name) {
            Some(entry) => Current {
                version: entry.version.clone(),
                released: match &entry.released {
                    Some(released) => Some(Release::Last(released.clone())),
                    // A lock file from before releases were recorded can have any version.
                    None => (entry.version == made.version).then_some(Release::Never),
                },
            },
            None => Current {
                version: made.version,
                released: None,
            },
        };
        versions.insert(made.name.clone(), current);
        surfaces.insert(made.name, made.surface);
    }
    Ok((surfaces, versions))
}

/// Extracts the files of a git revision into a temporary folder, and returns it with the path of
/// the documents inside.
fn revision(source: &str) -> Result<(tempfile::TempDir, String), Failure> {
    let (revision, path) = source.split_once(':').unwrap_or((source, "openapi"));
    let unknown = |said: &str| {
        Failure::Input(format!(
            "{source}: no file, folder or git revision ({})\n  help: give a path, or a revision such as HEAD~1 or HEAD~1:openapi/6clicks.json",
            said.trim()
        ))
    };
    if revision.starts_with('-') {
        return Err(unknown("a revision does not begin with a hyphen"));
    }
    let git = |arguments: &[&str]| -> Result<Vec<u8>, Failure> {
        let output = Command::new("git").args(arguments).output();
        let output = output.map_err(|error| unknown(&format!("cannot run git: {error}")))?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(unknown(&String::from_utf8_lossy(&output.stderr))),
        }
    };
    // The versions stand beside the documents.
    let lock = Path::new(path).with_file_name(lock::NAME);
    let lock = lock.to_string_lossy();
    let options = ["-r", "-z", "--name-only", "--full-tree"];
    let listed = git(&[&["ls-tree"], &options[..], &[revision, "--", path, &lock]].concat())?;
    let names: Vec<String> = listed
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    if !names.iter().any(|name| Path::new(name).starts_with(path)) {
        return Err(unknown(&format!("there is no `{path}` in `{revision}`")));
    }
    let folder = tempfile::tempdir().map_err(Failure::input)?;
    for name in names {
        let file = folder.path().join(&name);
        let text = git(&["show", &format!("{revision}:{name}")])?;
        std::fs::create_dir_all(file.parent().unwrap_or(folder.path())).map_err(Failure::input)?;
        std::fs::write(file, text).map_err(Failure::input)?;
    }
    let place = folder.path().join(path).display().to_string();
    Ok((folder, place))
}
