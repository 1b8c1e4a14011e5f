//! Corrections to a vendor's documents, as OpenAPI Overlay 1.0 files in the folder
//! `overlays/` beside them: the documents stay as they were received.
//! <https://spec.openapis.org/overlay/v1.0.0.html>

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::{pipeline::Input, read};

#[derive(Deserialize)]
struct Overlay {
    overlay: String,
    /// The document that it is for; all without it.
    extends: Option<String>,
    actions: Vec<Action>,
}

#[derive(Deserialize)]
struct Action {
    target: String,
    #[serde(default)]
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
}

/// An overlay that cannot be applied.
#[derive(Debug, thiserror::Error)]
#[error("{}:{line}: {message}\n  help: {help}", path.display())]
pub struct OverlayError {
    /// The overlay's file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// Applies the overlays in a folder, by name, to the documents beside it.
///
/// # Errors
///
/// When an overlay is none, or one of its actions matches nothing.
pub fn apply(folder: &Path, documents: &mut [Input]) -> Result<(), OverlayError> {
    let unreadable = |path: &Path, error: std::io::Error| OverlayError {
        path: path.to_owned(),
        line: 1,
        message: format!("cannot be read: {error}"),
        help: "check the permissions",
    };
    let mut paths = Vec::new();
    match fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                paths.push(entry.map_err(|error| unreadable(folder, error))?.path());
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(unreadable(folder, error)),
    }
    paths.retain(|path| {
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        matches!(
            ending.to_ascii_lowercase().as_str(),
            "json" | "yaml" | "yml"
        )
    });
    paths.sort();
    for path in paths {
        let bytes = fs::read(&path).map_err(|error| unreadable(&path, error))?;
        one(&path, bytes, documents)?;
    }
    Ok(())
}

fn one(path: &Path, bytes: Vec<u8>, documents: &mut [Input]) -> Result<(), OverlayError> {
    let failed = |line, message: String, help| OverlayError {
        path: path.to_owned(),
        line,
        message,
        help,
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let value = read::value(path, bytes).map_err(|error| {
        failed(
            1,
            error.to_string(),
            "see the OpenAPI Overlay specification",
        )
    })?;
    let overlay: Overlay = serde_json::from_value(value).map_err(|error| {
        failed(
            1,
            format!("is no overlay: {error}"),
            "an overlay has `overlay`, `info` and `actions`",
        )
    })?;
    if !overlay.overlay.starts_with("1.") {
        let message = format!("is of version {}", overlay.overlay);
        return Err(failed(1, message, "write it in version 1.0.0"));
    }
    let mut after = 0;
    for action in &overlay.actions {
        let line = line_of(&text, &action.target, after);
        after = line;
        let target = JsonPath::parse(&action.target).map_err(|error| {
            let message = format!("`{}` is no JSONPath: {error}", action.target);
            failed(
                line,
                message,
                "see RFC 9535, such as $.paths['/things'].get",
            )
        })?;
        let mut matched = 0;
        for document in documents
            .iter_mut()
            .filter(|document| is_for(&overlay, document))
        {
            matched += change(&mut document.value, &target, action);
        }
        if matched == 0 {
            let message = format!("`{}` matches nothing any more", action.target);
            return Err(failed(
                line,
                message,
                "the document may have been corrected: remove the action, or mend its target",
            ));
        }
    }
    Ok(())
}

/// The line, from 1, of an action's target; actions are in order.
fn line_of(text: &str, target: &str, after: usize) -> usize {
    let escaped = Value::from(target).to_string();
    let escaped = escaped.trim_matches('"');
    text.lines()
        .enumerate()
        .skip(after)
        .find(|(_, line)| {
            line.contains("target") && (line.contains(target) || line.contains(escaped))
        })
        .map_or(after.max(1), |(index, _)| index + 1)
}

fn is_for(overlay: &Overlay, document: &Input) -> bool {
    let Some(extends) = &overlay.extends else {
        return true;
    };
    let last = |text: &str| {
        text.rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    last(extends) == last(&document.origin)
}

/// Changes what a target finds, and answers how much that was.
fn change(document: &mut Value, target: &JsonPath, action: &Action) -> usize {
    let mut pointers: Vec<String> = target
        .query_located(document)
        .locations()
        .map(serde_json_path::NormalizedPath::to_json_pointer)
        .collect();
    // From the end, so that an index stays what it was while items before it go.
    pointers.reverse();
    for pointer in &pointers {
        if action.remove {
            remove(document, pointer);
        } else if let (Some(found), Some(update)) = (document.pointer_mut(pointer), &action.update)
        {
            match found {
                Value::Array(items) => items.push(update.clone()),
                found => merge(found, update),
            }
        }
    }
    pointers.len()
}

fn remove(document: &mut Value, pointer: &str) {
    let Some((parent, last)) = pointer.rsplit_once('/') else {
        return;
    };
    let key = last.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => drop(object.shift_remove(&key)),
        Some(Value::Array(items)) => {
            if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// Objects are merged member by member, lists are joined, anything else is replaced.
fn merge(into: &mut Value, update: &Value) {
    match (into, update) {
        (Value::Object(into), Value::Object(update)) => {
            for (key, value) in update {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(update)) => into.extend(update.iter().cloned()),
        (into, update) => *into = update.clone(),
    }
}
