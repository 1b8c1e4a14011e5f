//! Showing what changed: text for a terminal, Markdown for a pull request, JSON for scripts.
//!
//! The JSON is one object: `verdict` (`unchanged`, `compatible` or `breaking`) and `crates`,
//! each with `crate`, `from` and `to` (versions; null for a crate that is new or gone), and
//! `changes`, each with `action`, `subject`, `name`, `verdict` and `why` as in
//! [`super::Change`].

use std::fmt::Write as _;

use serde_json::json;

use super::{Action, Change, CrateDiff, Verdict};

/// In which form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For a pull request.
    Markdown,
    /// For scripts.
    Json,
}

/// The differences as text.
pub fn render(crates: &[CrateDiff], format: Format) -> String {
    match format {
        Format::Text => text(crates),
        Format::Markdown => markdown(crates),
        Format::Json => {
            let verdict = crates.iter().filter_map(CrateDiff::verdict).max();
            let verdict = verdict.map_or("unchanged", word);
            format!("{:#}\n", json!({"verdict": verdict, "crates": crates}))
        }
    }
}

fn text(crates: &[CrateDiff]) -> String {
    let mut out = String::new();
    for diff in crates {
        for change in &diff.changes {
            let _ = writeln!(
                out,
                "{:<10} {}: {}",
                word(change.verdict),
                diff.name,
                told(change, "")
            );
        }
    }
    for diff in crates {
        let _ = writeln!(out, "{}: {}", diff.name, bump(diff));
    }
    out
}

fn markdown(crates: &[CrateDiff]) -> String {
    let mut out = "| crate | version | breaking | compatible |\n|---|---|---|---|\n".to_owned();
    for diff in crates {
        let count = |verdict| diff.changes.iter().filter(|c| c.verdict == verdict).count();
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            diff.name,
            bump(diff),
            count(Verdict::Breaking),
            count(Verdict::Compatible)
        );
    }
    for diff in crates.iter().filter(|diff| !diff.changes.is_empty()) {
        let _ = write!(out, "\n## {}\n\n{}", diff.name, list(&diff.changes));
    }
    out
}

/// The changes as a Markdown list, breaking ones under a heading of their own.
pub fn list(changes: &[Change]) -> String {
    let mut out = String::new();
    for verdict in [Verdict::Breaking, Verdict::Compatible] {
        let changes: Vec<&Change> = changes.iter().filter(|c| c.verdict == verdict).collect();
        if changes.is_empty() {
            continue;
        }
        let gap = if out.is_empty() { "" } else { "\n" };
        let title = if verdict == Verdict::Breaking {
            "Breaking"
        } else {
            "Compatible"
        };
        let _ = write!(out, "{gap}### {title}\n\n");
        for change in changes {
            let _ = writeln!(out, "- {}", told(change, "`"));
        }
    }
    out
}

fn told(change: &Change, mark: &str) -> String {
    let action = match change.action {
        Action::Added => "added",
        Action::Removed => "removed",
        Action::Changed => "changed",
        Action::Renamed => "renamed",
        Action::Deprecated => "deprecated",
    };
    // Names come from the document's, but are Rust's, so that no mark ends early.
    let name = change.name.replace('`', "'");
    let text = format!(
        "{} {mark}{name}{mark} {action}: {}",
        change.subject, change.why
    );
    // What stands on the wire may hold anything, and each change is one line.
    text.replace(['\n', '\r'], " ")
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compatible => "compatible",
        Verdict::Breaking => "breaking",
    }
}

fn bump(diff: &CrateDiff) -> String {
    match (&diff.from, &diff.to) {
        (Some(from), Some(to)) if from == to => match diff.verdict() {
            None => format!("{from}, unchanged"),
            Some(verdict) => format!("{from}, not released yet ({})", word(verdict)),
        },
        (Some(from), Some(to)) => {
            format!(
                "{from} → {to} ({})",
                diff.verdict().map_or("unchanged", word)
            )
        }
        (Some(from), None) => format!("{from}, no longer described"),
        (None, Some(to)) => format!("{to}, new"),
        (None, None) => String::new(),
    }
}
