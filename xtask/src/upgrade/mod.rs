//! Bringing a document to OpenAPI 3.0: Swagger 2.0 up, OpenAPI 3.1 and 3.2 down, and what
//! real documents of any version bend, straight.

mod definitions;
mod openapi31;
mod repair;
mod swagger2;

use serde_json::{Value, json};

/// How deep a document is looked into; deeper ones are not read at all.
pub const DEEPEST: usize = 2_000;

/// A change that was made on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// JSON pointer of the place.
    pub pointer: String,
    /// What stood there.
    pub was: String,
    /// What stands there now.
    pub now: String,
    /// Whether OpenAPI 3.0 has no way to say it.
    pub lossy: bool,
}

/// A document as OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct Upgraded {
    /// The document.
    pub value: Value,
    /// What was changed.
    pub notes: Vec<Note>,
}

/// A document that cannot be brought to OpenAPI 3.0.
#[derive(Debug, thiserror::Error)]
pub enum UpgradeError {
    /// The version is not known.
    #[error("the version `{version}` is not known; 2.0, 3.0, 3.1 and 3.2 are")]
    Version {
        /// As the document says it.
        version: String,
    },
}

/// The changes made so far.
#[derive(Default)]
struct Notes(Vec<Note>);

impl Notes {
    fn add(&mut self, pointer: &str, was: impl Into<String>, now: impl Into<String>) {
        self.0.push(Note {
            pointer: pointer.to_owned(),
            was: was.into(),
            now: now.into(),
            lossy: false,
        });
    }

    fn lose(&mut self, pointer: &str, was: impl Into<String>, now: impl Into<String>) {
        self.0.push(Note {
            pointer: pointer.to_owned(),
            was: was.into(),
            now: now.into(),
            lossy: true,
        });
    }
}

/// Brings a document to OpenAPI 3.0.
///
/// # Errors
///
/// When its version is not known.
pub fn upgrade(mut document: Value) -> Result<Upgraded, UpgradeError> {
    let version = ["swagger", "openapi"]
        .iter()
        .find_map(|key| document.get(*key))
        .map(|version| {
            version
                .as_str()
                .map_or_else(|| version.to_string(), str::to_owned)
        })
        .unwrap_or_default();
    let version = version.trim().to_owned();
    let mut notes = Notes::default();
    if !document.is_object() {
        return Err(UpgradeError::Version { version });
    }
    repair::outline(&mut document, &mut notes);
    if version.starts_with('2') {
        swagger2::upgrade(&mut document, &mut notes);
        notes.add("", format!("Swagger {version}"), "OpenAPI 3.0");
    } else if version.starts_with('3') {
        definitions::gather(&mut document, &mut notes);
        if !version.starts_with("3.0") && version != "3" {
            notes.add("", format!("OpenAPI {version}"), "OpenAPI 3.0");
        }
    } else {
        return Err(UpgradeError::Version { version });
    }
    // What 3.1 says, documents of every version say.
    openapi31::document(&mut document, &mut notes);
    repair::repair(&mut document, &mut notes);
    openapi31::schemas(&mut document, &mut notes);
    repair::schemas(&mut document, &mut notes);
    document["openapi"] = json!("3.0.3");
    Ok(Upgraded {
        value: document,
        notes: notes.0,
    })
}
