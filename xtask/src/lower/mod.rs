//! The passes that turn an OpenAPI 3.0 document of any origin into one that progenitor
//! takes. Each pass is a file, is about one construct, and records what it changed.
//!
//! Where OpenAPI has no keyword for what the generator needs, a pass leaves a mark: an extension
//! that begins with `x-sixclicks-mark-`, such as `x-sixclicks-mark-wire-name` on a renamed
//! property. The upgrade removes such extensions from documents as they are received, so that a
//! document cannot imitate a mark. Fields of form bodies are parameters with `in: form` or
//! `in: multipart`.

pub mod all_of;
pub mod asides;
pub mod bodies;
pub mod circles;
pub mod constants;
pub mod descriptions;
pub mod enums;
pub mod form_unions;
pub mod formats;
pub mod heirs;
pub mod inheritance;
pub mod inline;
pub mod loosen;
pub mod null;
pub mod numbers;
pub mod objects;
pub mod operation_ids;
pub mod parameters;
pub mod paths;
pub mod properties;
pub mod references;
pub mod responses;
pub mod tags;
pub mod type_names;
pub mod types;
pub mod unions;
pub mod variants;
pub mod walk;

use serde_json::Value;

use crate::report::Report;

/// What makes it impossible to lower a document.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("at {pointer}: {problem}")]
pub struct LowerError {
    /// JSON pointer of the place in the document.
    pub pointer: String,
    /// What is wrong there, and what to do.
    pub problem: String,
}

/// The passes with their names, in their order.
pub fn passes() -> impl Iterator<Item = (&'static str, Pass)> {
    PASSES.into_iter()
}

/// One pass: changes the document in place and records what it changed.
pub type Pass = fn(&mut Value, &mut Report) -> Result<(), LowerError>;

/// The passes in their order: first what stands where, then what each operation sends
/// and receives, then what the schemas mean, and names last.
const PASSES: [(&str, Pass); 27] = [
    ("references", references::run),
    ("paths", paths::run),
    ("operation ids", operation_ids::run),
    ("numbers", numbers::run),
    ("types", types::run),
    ("parameters", parameters::run),
    ("form unions", form_unions::run),
    ("asides", asides::run),
    ("tags", tags::run),
    ("heirs", heirs::run),
    ("inheritance", inheritance::run),
    ("allOf", all_of::run),
    ("unions", unions::run),
    ("constants", constants::run),
    ("bodies", bodies::run),
    ("responses", responses::run),
    ("enums", enums::run),
    ("circles", circles::run),
    ("null", null::run),
    ("formats", formats::run),
    ("loosen", loosen::run),
    ("variants", variants::run),
    ("objects", objects::run),
    ("type names", type_names::run),
    ("inline schemas", inline::run),
    ("properties", properties::run),
    ("descriptions", descriptions::run),
];

/// Applies all passes.
///
/// # Errors
///
/// When the document says something whose meaning cannot be known, such as a reference
/// to nowhere.
pub fn lower(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    for (_, pass) in PASSES {
        pass(document, report)?;
    }
    Ok(())
}
