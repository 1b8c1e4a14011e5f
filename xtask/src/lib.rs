//! The pipeline from a Swagger document to Rust crates: read, upgrade, split, lower, generate, emit.
pub mod fetch;
pub mod read;
