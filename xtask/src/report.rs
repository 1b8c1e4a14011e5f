//! What the pipeline did to a document: one entry for every construct that a pass
//! changed, and whether anything was lost by it. Beside them stand warnings: what looks wrong, and
//! what only the user can know.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{counted::counted, read::Note};

/// One change that a pass made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adaptation {
    /// The construct, which is the name of the pass that handles it.
    pub construct: &'static str,
    /// JSON pointer of the place in the document.
    pub pointer: String,
    /// What stood there.
    pub was: String,
    /// What stands there now.
    pub now: String,
    /// Whether the document said something that the crate cannot express.
    pub lost: bool,
}

/// Something suspicious that only the user can judge.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// What kind of thing it is.
    pub construct: &'static str,
    /// JSON pointer of the place in the document as it was received.
    pub pointer: String,
    /// What is suspicious, and when it has to be corrected.
    pub message: String,
    /// The overlay actions that correct it.
    pub actions: Vec<Action>,
}

/// One action of an OpenAPI Overlay.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// A JSONPath.
    pub target: String,
    /// Why.
    pub description: String,
    /// What is merged into the target; without it, the target is removed.
    pub update: Option<Value>,
}

impl Action {
    /// The action as YAML, an item of `actions`.
    pub fn to_yaml(&self) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        let change = match &self.update {
            Some(update) => format!("update: {update}"),
            None => "remove: true".to_owned(),
        };
        format!(
            "- target: {}\n  description: {}\n  {change}\n",
            quoted(&self.target),
            quoted(&self.description)
        )
    }
}

/// Everything that was done to one document, in order.
#[derive(Clone, Debug, Default)]
pub struct Report {
    entries: Vec<Adaptation>,
    warnings: Vec<Warning>,
}

impl Report {
    /// Notes a change that keeps the document's meaning.
    pub fn adapt(
        &mut self,
        construct: &'static str,
        pointer: impl Into<String>,
        was: impl Into<String>,
        now: impl Into<String>,
    ) {
        self.entries.push(Adaptation {
            construct,
            pointer: pointer.into(),
            was: was.into(),
            now: now.into(),
            lost: false,
        });
    }

    /// Notes something that could not be kept.
    pub fn lose(
        &mut self,
        construct: &'static str,
        pointer: impl Into<String>,
        was: impl Into<String>,
        now: impl Into<String>,
    ) {
        self.adapt(construct, pointer, was, now);
        if let Some(last) = self.entries.last_mut() {
            last.lost = true;
        }
    }

    /// Warns of something that looks wrong.
    pub fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    /// What looks wrong.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Names other places for all but the first entries, such as those of the document as it was
    /// received.
    pub fn place_after(&mut self, first: usize, place: impl Fn(&str) -> String) {
        for entry in self.entries.iter_mut().skip(first) {
            entry.pointer = place(&entry.pointer);
        }
    }

    /// Names the document in every place, where there are several.
    pub fn in_document(&mut self, name: &str) {
        let entries = self.entries.iter_mut().map(|entry| &mut entry.pointer);
        let warnings = self.warnings.iter_mut().map(|entry| &mut entry.pointer);
        for pointer in entries.chain(warnings) {
            *pointer = format!("{name}#{pointer}");
        }
    }

    /// Takes over what was not read to the letter.
    pub fn read(&mut self, notes: &[Note]) {
        self.entries.extend(notes.iter().map(|note| Adaptation {
            construct: "reading",
            pointer: note.pointer.clone(),
            was: note.was.clone(),
            now: note.now.clone(),
            lost: note.lost,
        }));
    }

    /// Takes over the entries of another report.
    pub fn extend(&mut self, other: &Self) {
        self.entries.extend(other.entries.iter().cloned());
        self.warnings.extend(other.warnings.iter().cloned());
    }

    /// Everything that was done, in order.
    pub fn entries(&self) -> &[Adaptation] {
        &self.entries
    }

    /// What could not be kept.
    pub fn losses(&self) -> impl Iterator<Item = &Adaptation> {
        self.entries.iter().filter(|entry| entry.lost)
    }

    /// The report as Markdown: warnings and losses first, then every construct with its places.
    pub fn to_markdown(&self, title: &str) -> String {
        let mut text = format!("# {title}\n\n");
        let losses: Vec<_> = self.losses().collect();
        text += &format!(
            "{}, {}, {}.
",
            counted(self.entries.len() - losses.len(), "adaptation"),
            counted(losses.len(), "loss"),
            counted(self.warnings.len(), "warning")
        );
        if !self.warnings.is_empty() {
            text += "\n## Warnings\n\nOnly you can know whether these are right. Where one is not, put its actions into a file in `overlays/`.\n";
            for warning in &self.warnings {
                text += &format!(
                    "\n- `{}`: {} ({})\n",
                    warning.pointer.replace('`', "'"),
                    warning.message,
                    warning.construct
                );
                let actions: String = warning.actions.iter().map(Action::to_yaml).collect();
                if !actions.is_empty() {
                    text += &format!("\n  ```yaml\n{}  ```\n", indented(&actions));
                }
            }
        }
        if !losses.is_empty() {
            text += "\n## Losses\n\n";
            for loss in losses {
                text += &line(loss);
            }
        }
        let mut constructs: BTreeMap<&str, Vec<&Adaptation>> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| !entry.lost) {
            constructs.entry(entry.construct).or_default().push(entry);
        }
        for (construct, entries) in constructs {
            text += &format!("\n## {construct} ({})\n\n", entries.len());
            for entry in entries {
                text += &line(entry);
            }
        }
        text
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn line(entry: &Adaptation) -> String {
    format!(
        "- `{}`: {} → {}\n",
        entry.pointer.replace('`', "'"),
        entry.was,
        entry.now
    )
}
