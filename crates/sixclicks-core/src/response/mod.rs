//! Answers: their head, and the readers of their bodies.

mod context;
mod envelope;
mod failure;
mod json;
mod nesting;
mod read;

pub use context::ResponseContext;
pub use failure::Failure;
pub use read::Response;
