//! The version of a generated crate and its changelog. Until its first release a crate keeps the
//! version of the configuration; afterwards what changed since the last release decides the next
//! version, unless the configuration says which. All that is not released is in one section of
//! the changelog.

use std::{fs, path::Path};

use crate::{
    diff::{self, Change, Verdict, render, version},
    emit::Files,
    pipeline::GeneratedCrate,
    surface::Surface,
};

/// The file with what the users of a crate see.
pub const SURFACE: &str = "api.json";

/// The same file as of the last release; there is none before the first.
pub const RELEASED: &str = "api.released.json";

/// The changelog.
pub const CHANGELOG: &str = "CHANGELOG.md";

/// The heading of what is not released.
const UNRELEASED: &str = "## Unreleased";

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

/// Gives a crate its version, its `api.json` and its changelog. `folder` has the crate as it was
/// generated last, `released` is the version that was released last, `asked` the one that the
/// configuration says.
///
/// # Errors
///
/// When the changes break users, and the configuration's version says that they do not.
pub fn release(
    made: &mut GeneratedCrate,
    folder: &Path,
    released: Option<&str>,
    asked: Option<&str>,
    allow_breaking: bool,
) -> Result<(), ReleaseError> {
    let last = surface(&folder.join(SURFACE))?;
    // Without a record of the release, the crate on disk is what was released.
    let base = match released {
        Some(_) => surface(&folder.join(RELEASED))?.or_else(|| last.clone()),
        None => None,
    };
    let changes = base
        .as_ref()
        .map(|base| diff::compare(base, &made.surface))
        .unwrap_or_default();
    let version = match (released, asked) {
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
    let entry = |surface: &Surface| match &base {
        Some(base) => render::list(&diff::compare(base, surface)),
        None => "The first version.\n".to_owned(),
    };
    let path = folder.join(CHANGELOG);
    let before = fs::read_to_string(path).unwrap_or_default();
    let old = last.as_ref().map(&entry).unwrap_or_default();
    let text = changelog(&before, &old, &entry(&made.surface));
    made.files.insert(CHANGELOG.into(), text);
    made.files.insert(SURFACE.into(), made.surface.to_json());
    if let Some(base) = base {
        made.files.insert(RELEASED.into(), base.to_json());
    }
    Ok(())
}

/// The files of a crate that change when its version is released: what was unreleased in the
/// changelog gets the version as its heading, and `api.json` is what the next version is compared
/// with.
///
/// # Errors
///
/// When the crate has no `api.json`, or one that cannot be read.
pub fn released(folder: &Path, version: &str) -> Result<Files, ReleaseError> {
    let path = folder.join(SURFACE);
    let Some(surface) = surface(&path)? else {
        return Err(ReleaseError::Surface {
            path: path.display().to_string(),
            message: "there is no such file".to_owned(),
        });
    };
    let mut files = Files::from([(RELEASED.into(), surface.to_json())]);
    if let Ok(text) = fs::read_to_string(folder.join(CHANGELOG)) {
        let lines = text.lines().map(|line| match line == UNRELEASED {
            true => format!("## {version}\n"),
            false => format!("{line}\n"),
        });
        files.insert(CHANGELOG.into(), lines.collect());
    }
    Ok(files)
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

/// A changelog whose section of what is not released has the text `new`, where it had `old`; what
/// a person wrote there stays. Without changes there is no such section.
fn changelog(before: &str, old: &str, new: &str) -> String {
    let rest = before
        .strip_prefix("# Changelog")
        .unwrap_or(before)
        .trim_start();
    let (section, rest) = match rest.strip_prefix(UNRELEASED) {
        Some(after) => {
            let end = after.find("\n## ").map_or(after.len(), |end| end + 1);
            (after[..end].trim(), after[end..].trim_start())
        }
        None => ("", rest),
    };
    let (old, new) = (old.trim(), new.trim());
    let section = match section.find(old) {
        // The same changes: the section may have been edited since.
        _ if old == new && !section.is_empty() => section.to_owned(),
        Some(at) if !old.is_empty() => {
            let (head, tail) = (&section[..at], &section[at + old.len()..]);
            format!("{head}{new}{tail}")
        }
        _ if section.is_empty() => new.to_owned(),
        _ if new.is_empty() => section.to_owned(),
        _ => format!("{new}\n\n{section}"),
    };
    let mut text = "# Changelog\n".to_owned();
    if !section.trim().is_empty() {
        text += &format!("\n{UNRELEASED}\n\n{}\n", section.trim());
    }
    if !rest.is_empty() {
        text += &format!("\n{rest}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_released_is_one_section_above_the_released_ones() {
        let first = changelog("", "", "The first version.\n");
        assert_eq!(
            first,
            "# Changelog\n\n## Unreleased\n\nThe first version.\n"
        );
        let same = changelog(&first, "The first version.\n", "The first version.\n");
        assert_eq!(same, first);
        let released = first.replace(UNRELEASED, "## 0.1.0");
        assert_eq!(changelog(&released, "", ""), released);
        let second = changelog(&released, "", "- one\n");
        assert_eq!(
            second,
            "# Changelog\n\n## Unreleased\n\n- one\n\n## 0.1.0\n\nThe first version.\n"
        );
        let third = changelog(&second, "- one\n", "- one\n- two\n");
        assert_eq!(third, second.replace("- one", "- one\n- two"));
        assert_eq!(changelog(&third, "- one\n- two\n", ""), released);
    }

    #[test]
    fn what_a_person_wrote_stays() {
        let written = "# Changelog\n\n## Unreleased\n\n- one\n\nMind the gap.\n";
        assert_eq!(
            changelog(written, "- one\n", "- two\n"),
            written.replace("one", "two")
        );
        let alone = changelog(written, "- one\n", "");
        assert_eq!(alone, "# Changelog\n\n## Unreleased\n\nMind the gap.\n");
    }
}
