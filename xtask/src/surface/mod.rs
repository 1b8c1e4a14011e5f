//! What a user of a generated crate sees of it: methods with what they take and answer, and
//! types with their fields and variants. It is read off the generated Rust, so that it
//! cannot differ from it, with the names on the wire from the plan. `generate` keeps it
//! beside the crate as `api.json`, and compares with it the next time.

mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use read::Reader;

/// What a user of one crate sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surface {
    /// The client's methods by name.
    pub operations: BTreeMap<String, Operation>,
    /// The types by name.
    pub types: BTreeMap<String, Type>,
}

/// A method of the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The HTTP method and the path, such as `GET /things/{id}`.
    pub route: String,
    /// Whether the vendor advises against it.
    pub deprecated: bool,
    /// What can be set before it is sent, by the setter's name; the body is `body`.
    pub parameters: BTreeMap<String, Parameter>,
    /// The type of what it answers.
    pub answer: String,
    /// The type of the errors that the document describes.
    pub error: String,
    /// The documented statuses, each with what it means.
    pub responses: BTreeMap<String, String>,
}

/// Something that is set before a request is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name on the wire with its place, such as `query sorting`.
    pub wire: String,
    /// Its type.
    pub rust: String,
    /// Whether `send` fails without it.
    pub required: bool,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Type {
    /// A struct with fields, which its builder makes.
    Struct {
        /// By name.
        fields: BTreeMap<String, Field>,
        /// The traits that are derived, and `From` for a struct around one value.
        traits: Vec<String>,
        /// Whether it is sent, and not only answered.
        sent: bool,
    },
    /// An enum that keeps what is not listed.
    Enum {
        /// What it is: `string_enum`, `integer_enum`, `tagged_union`, `untagged_union` or
        /// `responses`.
        form: String,
        /// The property on the wire that tells the variants of a union apart, if one does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
        /// The variants in their order: each with the type that it holds and the value that
        /// is sent for it.
        variants: Vec<Variant>,
    },
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Its type.
    pub rust: String,
    /// Whether the builder fails without it.
    pub required: bool,
    /// Whether the vendor advises against it.
    pub deprecated: bool,
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// The type that it holds, if any.
    pub holds: Option<String>,
    /// What is sent for it, if anything is.
    pub wire: Option<String>,
}

impl Surface {
    /// As it is kept beside the crate: one line for each member, in a fixed order.
    pub fn to_json(&self) -> String {
        // Text, lists and maps with text as keys always have a notation.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}
