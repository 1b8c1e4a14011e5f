//! The vocabulary of OpenAPI documents that all stages share: the grammar, JSON pointers, traversal,
//! and how deeply a document may nest.

mod brief;
mod component_names;
mod depth;
pub mod grammar;
pub mod pointer;
pub mod walk;

pub use self::{
    brief::brief,
    component_names::{name_for, unique},
    depth::{DEEPEST, deeper_than, with_room},
};
