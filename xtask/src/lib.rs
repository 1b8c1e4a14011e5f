//! The pipeline from a Swagger document to Rust crates: read, upgrade, split, lower,
//! generate, emit.

pub mod emit;
pub mod generate;
pub mod ident;
pub mod lower;
pub mod media;
pub mod report;
