//! From a lowered document to the source of a crate. progenitor writes the types, the
//! client and a builder for every operation; what it has no way to say is written beside
//! it in the same style: enums and unions that stay open (`open_types`), and the sending
//! of each request (`send`).

pub mod answers;
pub mod boxes;
pub mod builders;
pub mod client;
pub mod docs;
pub mod finish;
pub mod nesting;
pub mod open_types;
mod others;
pub mod paging;
pub mod paths;
pub mod print;
pub mod prologue;
pub mod rust_types;
pub mod send;
pub mod shorthand;
pub mod sizes;
pub mod skeleton;
pub mod streams;
pub mod syntax;
pub mod tags;
pub mod types;
pub mod unset;

use crate::model::Plan;

/// The source files of one crate's generated part.
#[derive(Clone, Debug)]
pub struct Source {
    /// `src/client.rs`
    pub client: String,
    /// `src/builder.rs`
    pub builder: String,
    /// `src/types.rs`
    pub types: String,
    /// How many operations of the document have a method.
    pub methods: usize,
    /// The names of all types.
    pub type_names: Vec<String>,
}

/// Which file an item is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `src/builder.rs`
    Builders,
    /// `src/types.rs`
    Types,
}

/// What keeps a lowered document from becoming a crate.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// progenitor refused the document.
    #[error("progenitor: {0}")]
    Progenitor(#[from] progenitor::Error),
    /// The lowered document is not what progenitor reads.
    #[error("the lowered document is no OpenAPI 3.0 ({0})")]
    Document(#[from] serde_json::Error),
    /// progenitor's output is not what this version of it writes.
    #[error("the generated code cannot be completed: {0}")]
    Code(String),
    /// What was written is no Rust.
    #[error("the generated code cannot be read: {0}")]
    Syntax(#[from] syn::Error),
    /// The generator stopped in the middle.
    #[error("progenitor stopped: {0}")]
    Panic(String),
}

/// Generates the source of a crate, and shows each item that a user sees as it is written.
///
/// # Errors
///
/// When progenitor refuses the document.
pub fn generate(
    plan: &Plan,
    show: &mut dyn FnMut(Part, &syn::Item),
) -> Result<Source, GenerateError> {
    let tokens = skeleton::tokens(plan)?;
    finish::finish(tokens, plan, show)
}
