//! Upgrading documents of other versions to OpenAPI 3.0.

mod corpus;
mod dangling;
mod later;
mod repairs;
mod swagger2;
