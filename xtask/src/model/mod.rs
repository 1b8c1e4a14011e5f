//! The typed model of an API: what the generator, the report on changes and the wire driver know
//! of it. It is read from a lowered document, and no JSON of the document passes this border.

pub mod operation;
mod read;
pub mod schema;

use indexmap::IndexMap;

pub use operation::{
    Answer, Body, Field, Kind, Operation, Paging, Parameter, Place, Scheme, Segment, Status,
};
pub use schema::{Schema, Type};

/// Everything that is generated from one document.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The path of the session type.
    pub session: String,
    /// The API's title.
    pub title: String,
    /// The API's version, as the vendor writes it.
    pub version: String,
    /// The API's description.
    pub description: String,
    /// The operations, in the document's order.
    pub operations: Vec<Operation>,
    /// The component schemas by their Rust names, in the document's order.
    pub schemas: IndexMap<String, Schema>,
}
