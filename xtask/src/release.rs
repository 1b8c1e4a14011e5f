//! The version of a generated crate and its changelog: what changed since the crate on disk
//! decides the next version, unless the configuration says which.

use std::{fs, path::Path};

use crate::{
    diff::{self, Change, Verdict, render, version},
    pipeline::GeneratedCrate,
    surface::Surface,
};

/// The file that keeps what the users of a crate see.
pub const SURFACE: &str = "api.json";

/// Why a crate does not get the version that it should have.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// What is kept of the last crate cannot be read.
    #[error("{path}: {message}\n  help: restore it from version control")]
    Surface {
        /// The file.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// The version that the configuration says promises what does not hold.
    #[error(
        "{name}: version {asked} is compatible with {was}, and these changes are not; raise it in [versions] to {needed} or remove it there, or give --allow-breaking:{}",
        changes.concat()
    )]
    Compatible {
        /// The crate.
        name: String,
        /// The version in the configuration.
        asked: String,
        /// The version before.
        was: String,
        /// The version that is needed.
        needed: String,
        /// The breaking changes, one a line.
        changes: Vec<String>,
    },
}

/// Gives a crate its version, its `api.json` and its changelog. `was` is the version of the
/// crate in `folder`, `asked` the one that the configuration says.
///
/// # Errors
///
/// When the changes break users, and the configuration's version says that they do not.
pub fn release(
    made: &mut GeneratedCrate,
    folder: &Path,
    was: Option<&str>,
    asked: Option<&str>,
    allow_breaking: bool,
) -> Result<(), ReleaseError> {
    let old = surface(&folder.join(SURFACE))?;
    let changes = old
        .as_ref()
        .map(|old| diff::compare(old, &made.surface))
        .unwrap_or_default();
    let version = match (was, asked) {
        (None, asked) => asked.unwrap_or(&made.version).to_owned(),
        (Some(was), None) => version::next(was, diff::worst(&changes)),
        (Some(was), Some(asked)) => {
            let breaking = diff::worst(&changes) == Some(Verdict::Breaking);
            if breaking && version::compatible(was, asked) && !allow_breaking {
                return Err(refused(&made.name, was, asked, &changes));
            }
            asked.to_owned()
        }
    };
    made.set_version(version);
    let path = folder.join("CHANGELOG.md");
    let before = fs::read_to_string(path).unwrap_or_default();
    let text = changelog(&before, &made.version, old.is_some(), &changes);
    made.files.insert("CHANGELOG.md".into(), text);
    made.files.insert(SURFACE.into(), made.surface.to_json());
    Ok(())
}

fn surface(path: &Path) -> Result<Option<Surface>, ReleaseError> {
    let failed = |message: String| ReleaseError::Surface {
        path: path.display().to_string(),
        message,
    };
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|e| failed(e.to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error.to_string())),
    }
}

fn refused(name: &str, was: &str, asked: &str, changes: &[Change]) -> ReleaseError {
    ReleaseError::Compatible {
        name: name.to_owned(),
        asked: asked.to_owned(),
        was: was.to_owned(),
        needed: version::next(was, Some(Verdict::Breaking)),
        changes: changes
            .iter()
            .filter(|change| change.verdict == Verdict::Breaking)
            .map(|change| format!("\n  {} {}: {}", change.subject, change.name, change.why))
            .collect(),
    }
}

/// A changelog with an entry for this version; what a person wrote in it stays.
fn changelog(before: &str, version: &str, known: bool, changes: &[Change]) -> String {
    let heading = format!("## {version}");
    let there = before.lines().any(|line| line == heading);
    if there && changes.is_empty() {
        return before.to_owned();
    }
    let entry = match (known, changes.is_empty()) {
        (false, _) => "The first version.\n".to_owned(),
        (true, true) => "The API is the same.\n".to_owned(),
        (true, false) => render::list(changes),
    };
    if there {
        // Told to put more under a version that is there.
        return before.replacen(&heading, &format!("{heading}\n\n{}", entry.trim_end()), 1);
    }
    let rest = before
        .strip_prefix("# Changelog")
        .unwrap_or(before)
        .trim_start();
    let gap = if rest.is_empty() { "" } else { "\n" };
    format!("# Changelog\n\n{heading}\n\n{entry}{gap}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_put_above_the_old_ones_and_written_once() {
        let first = changelog("", "0.1.0", false, &[]);
        assert_eq!(first, "# Changelog\n\n## 0.1.0\n\nThe first version.\n");
        assert_eq!(changelog(&first, "0.1.0", true, &[]), first);
        let second = changelog(&first, "0.2.0", true, &[]);
        assert!(
            second.find("## 0.2.0") < second.find("## 0.1.0"),
            "{second}"
        );
        assert!(second.ends_with("The first version.\n"));
    }
}
