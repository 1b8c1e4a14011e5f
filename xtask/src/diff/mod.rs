//! What changed between two versions of an API, for a Rust user of the generated crate:
//! each change is breaking or compatible, and says why. [`compare`] takes the surfaces of
//! two crates; [`render`] shows the outcome.

mod operations;
pub mod render;
mod types;
pub mod version;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::surface::Surface;

/// What a change means for code that uses the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Code that worked goes on to work.
    Compatible,
    /// Code that worked may no longer compile, or fails before anything is sent.
    Breaking,
}

/// What happened to a part of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is there, and other than it was.
    Changed,
    /// It is the same thing with another name.
    Renamed,
    /// The vendor now advises against it.
    Deprecated,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happened.
    pub action: Action,
    /// What kind of thing it happened to: `crate`, `operation`, `parameter`, `body`,
    /// `response`, `type`, `field` or `variant`.
    pub subject: &'static str,
    /// Its name in Rust, such as `list_things` or `Thing::name`.
    pub name: String,
    /// What it means for users.
    pub verdict: Verdict,
    /// What is other, and why that is breaking or not.
    pub why: String,
}

/// What changed in one crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrateDiff {
    /// The crate's name.
    #[serde(rename = "crate")]
    pub name: String,
    /// The version it has.
    pub from: Option<String>,
    /// The version that it needs.
    pub to: Option<String>,
    /// The changes, breaking ones first.
    pub changes: Vec<Change>,
}

impl CrateDiff {
    /// The worst of the changes; none when nothing changed.
    pub fn verdict(&self) -> Option<Verdict> {
        worst(&self.changes)
    }
}

/// The worst of some changes.
pub fn worst(changes: &[Change]) -> Option<Verdict> {
    changes.iter().map(|change| change.verdict).max()
}

/// Compares two versions of one crate.
pub fn compare(old: &Surface, new: &Surface) -> Vec<Change> {
    let mut changes = Vec::new();
    operations::compare(old, new, &mut changes);
    types::compare(old, new, &mut changes);
    changes.sort_by(|a, b| {
        (b.verdict, a.subject, &a.name, a.action).cmp(&(a.verdict, b.subject, &b.name, b.action))
    });
    changes
}

/// Compares all crates of two versions; `current` returns the version that a crate has now.
pub fn compare_all(
    old: &BTreeMap<String, Surface>,
    new: &BTreeMap<String, Surface>,
    current: &dyn Fn(&str) -> version::Current,
) -> Vec<CrateDiff> {
    let mut crates = Vec::new();
    for (name, surface) in old {
        let from = current(name);
        let changes = match new.get(name) {
            Some(new) => compare(surface, new),
            None => vec![change(
                Action::Removed,
                "crate",
                name,
                Verdict::Breaking,
                "no document describes it any more",
            )],
        };
        let to = new.contains_key(name).then(|| from.after(worst(&changes)));
        crates.push(CrateDiff {
            name: name.clone(),
            from: Some(from.version),
            to,
            changes,
        });
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        let changes = vec![change(
            Action::Added,
            "crate",
            name,
            Verdict::Compatible,
            "a new API",
        )];
        crates.push(CrateDiff {
            name: name.clone(),
            from: None,
            to: Some(current(name).version),
            changes,
        });
    }
    crates.sort_by(|a, b| a.name.cmp(&b.name));
    crates
}

fn change(
    action: Action,
    subject: &'static str,
    name: impl Into<String>,
    verdict: Verdict,
    why: impl Into<String>,
) -> Change {
    Change {
        action,
        subject,
        name: name.into(),
        verdict,
        why: why.into(),
    }
}

/// A name without what naming conventions change.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The one new member that is plainly an old one under another name.
fn only<'a, T: 'a>(
    candidates: impl Iterator<Item = (&'a String, &'a T)>,
    alike: impl Fn(&str, &T) -> bool,
) -> Option<&'a String> {
    let mut found = candidates.filter(|(name, value)| alike(name, value));
    match (found.next(), found.next()) {
        (Some((name, _)), None) => Some(name),
        _ => None,
    }
}
