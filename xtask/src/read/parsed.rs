//! What a parser gives back, whatever the notation, and how much of it there may be.
use super::{Note, Origin, ReadError, pointer::Anchors};
use serde_json::Value;
use std::collections::HashMap;

/// How many values one file may have: well over what a document of 100 MB has, and little enough
/// to hold in memory.
pub(super) const MAX_VALUES: usize = 10_000_000;
/// What one value costs beside its text, in rough bytes.
const NODE_COST: usize = 64;
/// How many notes of one kind are made.
pub(super) const MAX_NOTES: usize = 100;

/// The error for a file with too many values.
pub(super) fn too_many_values(origin: &Origin, line: usize, column: usize) -> ReadError {
    ReadError::TooMany {
        origin: origin.clone(),
        line,
        column,
        limit: MAX_VALUES,
        what: "values",
        hint: "check that this is an OpenAPI document, not data",
    }
}

/// What was parsed.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The value.
    pub value: Value,
    /// The source text of YAML scalars that JSON writes differently, by JSON pointer.
    pub texts: HashMap<String, String>,
    /// What was read tolerantly.
    pub notes: Vec<Note>,
    /// Where its anchors are.
    pub anchors: Anchors,
}

/// The notation of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// JSON, and nothing that only YAML allows.
    Json,
    /// YAML.
    Yaml,
}

impl Format {
    /// The usual ending of file names.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }
}

/// What a copy of `value` costs, in rough bytes.
pub(super) fn cost(value: &Value) -> usize {
    NODE_COST
        + match value {
            Value::String(text) => text.len(),
            Value::Array(array) => array.iter().map(cost).sum(),
            Value::Object(object) => object.iter().map(|(key, v)| key.len() + cost(v)).sum(),
            _ => 0,
        }
}

/// How deep `value` nests, in levels.
pub(super) fn depth(value: &Value) -> usize {
    match value {
        Value::Array(array) => 1 + array.iter().map(depth).max().unwrap_or(0),
        Value::Object(object) => 1 + object.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
