//! The pipeline from a Swagger document to Rust crates: read, upgrade, split, lower,
//! generate, emit.

pub mod asides;
pub mod commands;
pub mod config;
pub mod counted;
pub mod dialect;
pub mod diff;
pub mod emit;
pub mod fetch;
pub mod generate;
pub mod ident;
pub mod lock;
pub mod lower;
pub mod media;
pub mod model;
pub mod overlay;
pub mod pipeline;
pub mod read;
pub mod references;
pub mod release;
pub mod report;
pub mod split;
pub mod surface;
pub mod upgrade;
pub mod validate;
pub mod wire;
