//! What a parser gives back, whatever the notation, and how much of it there may be.
use super::{Origin, ReadError, pointer::Anchors};
use serde_json::Value;
use std::collections::HashMap;

/// How many values one file may have: well over what a document of 100 MB has, and little enough
/// to hold in memory.
pub(super) const MAX_VALUES: usize = 10_000_000;
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
    pub notes: Vec<String>,
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
