//! The split: one document for several APIs, or several documents for one, become one document per
//! API and version, the same however the vendor spelled it.
//!
//! Paths in the result are whole: what `servers` put before a path stands in the path, so that the
//! base URL is a scheme and a host. For APIs that follow the naming rule (a first path segment such
//! as `assessments-api`), nothing in the result depends on which documents they came from: the
//! title is the API's name, and hosts, descriptions and extensions of the whole document are left
//! out.

mod assemble;
mod components;
mod operation;
mod path;
mod places;
mod version;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::openapi::with_room;
pub use assemble::method_pointer;
pub use places::Places;
pub use version::Versions;

/// A document to be split, in OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct SplitInput {
    /// Where it came from; the file's stem names the API when nothing else does.
    pub name: String,
    /// The document, upgraded.
    pub value: Value,
}

/// How APIs are told apart.
#[derive(Clone, Debug)]
pub struct SplitConfig {
    /// The ending of a first path segment that makes it the name of an API; none for documents that
    /// have no such rule.
    pub suffix: Option<String>,
    /// The name of the API that holds every path outside the rule; the title's without one.
    pub name: Option<String>,
    /// What the version segment of paths is sent as, where the documents leave it open.
    pub version: Option<String>,
}

impl Default for SplitConfig {
    /// The naming rule of 6clicks: `/<api>-api/<version>/…`.
    fn default() -> Self {
        Self {
            suffix: Some("-api".to_owned()),
            name: None,
            version: None,
        }
    }
}

/// One version of one API.
#[derive(Clone, Debug, PartialEq)]
pub struct Api {
    /// Its name, without the ending: `assessments`.
    pub name: String,
    /// Its version, without a leading `v`.
    pub version: String,
    /// Its document, in OpenAPI 3.0, with whole paths.
    pub value: Value,
    /// What all its paths begin with (`/assessments-api/1.0`), when the API follows the rule.
    pub base_path: Option<String>,
    /// The names of the documents that it came from, sorted.
    pub sources: Vec<String>,
    /// The same documents as indices, in the order of their names.
    pub documents: Vec<usize>,
    /// Where its operations stood in them.
    pub places: Places,
    /// The version parameters of its paths, and what became of each.
    pub versions: Versions,
}

/// Why documents cannot be split.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SplitError {
    /// Two documents (or one, twice) describe the same operation differently.
    #[error(
        "{method} {path} of the {api} API is described in {first} and, differently, in {second}; remove one of them"
    )]
    Conflict {
        /// The API.
        api: String,
        /// The method, in capitals.
        method: String,
        /// The whole path.
        path: String,
        /// The document that was read first.
        first: String,
        /// The other.
        second: String,
    },
}

/// An operation, with where it belongs.
struct Operation {
    /// The document, as an index.
    document: usize,
    path: String,
    /// As a path item has it: in lower case where OpenAPI 3.0 knows it.
    method: String,
    value: Value,
    /// Where it stood in that document, as a JSON pointer.
    place: String,
    /// Where each of its parameters stood.
    parameters: Vec<String>,
}

/// What is known of an API while documents are read.
#[derive(Default)]
struct Group {
    base_path: Option<String>,
    documents: Vec<usize>,
    operations: Vec<Operation>,
    versions: Versions,
}

/// Splits documents into APIs, sorted by name and version.
///
/// # Errors
/// When the same operation is described twice, differently.
pub fn split(mut documents: Vec<SplitInput>, config: &SplitConfig) -> Result<Vec<Api>, SplitError> {
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    with_room(|| {
        let mut groups = BTreeMap::new();
        for (index, document) in documents.iter_mut().enumerate() {
            operation::collect(index, document, config, &mut groups);
        }
        let shared: Vec<_> = documents.iter_mut().map(components::Shared::of).collect();
        groups
            .into_iter()
            .map(|((name, version), group)| {
                assemble::api(name, version, group, &documents, &shared)
            })
            .collect()
    })
}
