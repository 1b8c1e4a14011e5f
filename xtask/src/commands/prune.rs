//! Crates that no document describes any more: which they are, and what removing them takes.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    emit::MARK,
    lock::Lock,
    pipeline::GeneratedCrate,
    release::{CHANGELOG, RELEASED, SURFACE},
};

/// A crate's folder holds what was not generated.
#[derive(Debug, thiserror::Error)]
#[error(
    "{folder} holds files that were not generated: {}\n  help: move them elsewhere, or remove the folder by hand",
    files.join(", "),
    folder = folder.display()
)]
pub struct Handwritten {
    folder: PathBuf,
    files: Vec<String>,
}

/// The generated crates in a folder that are not among those that are generated now, sorted.
pub fn orphans(out: &Path, lock: &Lock, crates: &[GeneratedCrate]) -> Vec<String> {
    let now: BTreeSet<&str> = crates.iter().map(|made| made.name.as_str()).collect();
    let entries = fs::read_dir(out).into_iter().flatten().flatten();
    let mut names: BTreeSet<String> = entries
        .filter(|entry| is_generated(&entry.path().join("Cargo.toml")))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let locked = lock.0.keys().filter(|name| out.join(name).is_dir());
    names.extend(locked.cloned());
    names.retain(|name| !now.contains(name.as_str()));
    names.into_iter().collect()
}

fn is_generated(path: &Path) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().next().is_some_and(|line| line.contains(MARK))
}

/// All files of a crate, to be removed.
///
/// # Errors
///
/// When there are others than those that were generated.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Handwritten> {
    let (mut files, mut handwritten) = (Vec::new(), Vec::new());
    let mut open = vec![folder.to_owned()];
    while let Some(inside) = open.pop() {
        for entry in fs::read_dir(inside).into_iter().flatten().flatten() {
            let path = entry.path();
            // A link is a file of somebody, wherever it leads.
            let kind = entry.file_type().ok();
            if kind.is_some_and(|kind| kind.is_dir()) {
                open.push(path);
                continue;
            }
            let is_link = kind.is_none_or(|kind| kind.is_symlink());
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy();
            if is_link {
                handwritten.push(name.into_owned());
            } else if [CHANGELOG, RELEASED, SURFACE].contains(&&*name) || is_generated(&path) {
                files.push(path);
            } else {
                handwritten.push(name.into_owned());
            }
        }
    }
    files.sort();
    handwritten.sort();
    if handwritten.is_empty() {
        return Ok(files);
    }
    Err(Handwritten {
        folder: folder.to_owned(),
        files: handwritten,
    })
}

/// Removes the empty folders of a crate whose files are gone.
pub fn remove_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_empty(&entry.path());
        }
    }
    // One that is not empty stays.
    let _ = fs::remove_dir(folder);
}

/// The workspace's manifest without dependencies on these crates.
pub fn without_dependencies(manifest: &str, names: &[String]) -> String {
    let is_one = |line: &str| {
        let path = |name: &String| line.contains(&format!("path = \"crates/{name}\""));
        names.iter().any(path)
    };
    manifest
        .split_inclusive('\n')
        .filter(|line| !is_one(line))
        .collect()
}

/// What a run says of these crates.
pub fn notice(names: &[String]) -> String {
    format!(
        "no document describes these crates any more; `cargo xtask generate --prune` removes them:{}",
        listed(names)
    )
}

/// One name a line.
pub fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("\n  {name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{files, without_dependencies};

    #[cfg(unix)]
    #[test]
    fn files_behind_a_link_are_not_removed() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let generated = format!("// {}\n", crate::emit::MARK);
        std::fs::write(elsewhere.path().join("lib.rs"), generated).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("src")).unwrap();
        let refused = files(folder.path()).unwrap_err();
        assert_eq!(refused.files, ["src"]);
    }

    #[test]
    fn only_the_lines_of_the_crates_leave_the_manifest() {
        let manifest = "[workspace.dependencies]\noak-api = { path = \"crates/oak-api\" }\noak = \"1\"\nelm-api = { path = \"tests/elm-api\" }\n\n[profile.dev]\n";
        assert_eq!(
            without_dependencies(manifest, &["oak-api".into(), "elm-api".into()]),
            "[workspace.dependencies]\noak = \"1\"\nelm-api = { path = \"tests/elm-api\" }\n\n[profile.dev]\n"
        );
        assert_eq!(without_dependencies(manifest, &[]), manifest);
    }
}
