//! What the pipeline did to a document: one entry for every construct that a pass
//! changed, and whether anything was lost by it.

use std::collections::BTreeMap;

use crate::read::Note;

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

/// Everything that was done to one document, in order.
#[derive(Clone, Debug, Default)]
pub struct Report {
    entries: Vec<Adaptation>,
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

    /// Names other places for all but the first entries, such as those of the document as it was
    /// received.
    pub fn place_after(&mut self, first: usize, place: impl Fn(&str) -> String) {
        for entry in self.entries.iter_mut().skip(first) {
            entry.pointer = place(&entry.pointer);
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
    }

    /// Everything that was done, in order.
    pub fn entries(&self) -> &[Adaptation] {
        &self.entries
    }

    /// What could not be kept.
    pub fn losses(&self) -> impl Iterator<Item = &Adaptation> {
        self.entries.iter().filter(|entry| entry.lost)
    }

    /// The report as Markdown: losses first, then every construct with its places.
    pub fn to_markdown(&self, title: &str) -> String {
        let mut text = format!("# {title}\n\n");
        let losses: Vec<_> = self.losses().collect();
        text += &format!(
            "{} adaptations, {} losses.\n",
            self.entries.len() - losses.len(),
            losses.len()
        );
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

fn line(entry: &Adaptation) -> String {
    format!(
        "- `{}`: {} → {}\n",
        entry.pointer.replace('`', "'"),
        entry.was,
        entry.now
    )
}
