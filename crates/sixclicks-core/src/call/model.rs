//! What a parameter's value comes down to: text, a list, or named members.

use std::fmt;

use serde::Serialize;
use serde::ser;
use serde_json::Value;

use super::modeller::Modeller;
use crate::read::Tree;

/// A value as the parameter styles of OpenAPI see it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Model {
    /// Absent.
    Null,
    /// A number or boolean: the same text in JSON.
    Bare(String),
    /// A string.
    Text(String),
    Array(Vec<Model>),
    Object(Vec<(String, Model)>),
}

impl Model {
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, ModelError> {
        value.serialize(Modeller)
    }

    /// The value's JSON as a text.
    pub fn json_of<T: Serialize + ?Sized>(value: &T) -> Result<Self, ModelError> {
        Ok(Model::Text(Self::of(value)?.to_json()))
    }

    /// The text of a scalar; of a list or object its JSON.
    pub fn into_text(self) -> String {
        match self {
            Model::Bare(text) | Model::Text(text) => text,
            Model::Null => String::new(),
            other => other.to_json(),
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Model::Null)
    }

    pub fn is_scalar(&self) -> bool {
        matches!(self, Model::Bare(_) | Model::Text(_))
    }

    /// The value as JSON text.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Model::Null => out.push_str("null"),
            Model::Bare(text) => out.push_str(text),
            Model::Text(text) => out.push_str(&Value::from(text.as_str()).to_string()),
            Model::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Model::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&Value::from(name.as_str()).to_string());
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

impl From<Tree<'_>> for Model {
    fn from(value: Tree<'_>) -> Self {
        match value {
            Tree::Null => Model::Null,
            Tree::Boolean(value) => Model::Bare(value.to_string()),
            Tree::Number(number) => Model::Bare(number.to_owned()),
            Tree::Text(text) => Model::Text(text.into_owned()),
            Tree::List(items) => Model::Array(items.into_iter().map(Model::from).collect()),
            Tree::Object(members) => Model::Object(
                members
                    .into_iter()
                    .map(|(name, value)| (name.into_owned(), value.into()))
                    .collect(),
            ),
        }
    }
}

/// A value that cannot be a parameter, and why.
#[derive(Debug)]
pub(super) struct ModelError(pub(super) String);

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ModelError {}

impl ser::Error for ModelError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}
