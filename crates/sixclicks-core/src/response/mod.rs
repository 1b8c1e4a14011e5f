//! Answers: their head, and the readers of their bodies.

mod envelope;
mod failure;
mod json;
mod nesting;
mod read;

pub use failure::Failure;
pub use read::Response;
