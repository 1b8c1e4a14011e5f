//! What changed between two versions of the documents.

mod changes;
mod revisions;
