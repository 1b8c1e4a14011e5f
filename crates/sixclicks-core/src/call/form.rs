//! Bodies of `application/x-www-form-urlencoded`.

use std::fmt;

use serde::Serialize;

use super::model::{Model, ModelError};
use super::query::push_pair;
use super::style::{self, Escape, QueryStyle};

/// The media type of a [`Form`].
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// An `application/x-www-form-urlencoded` body.
///
/// ```
/// use sixclicks_core::{Form, QueryStyle};
/// let form = Form::new()
///     .field("name", QueryStyle::Form, true, Some("A & B"))
///     .field("id", QueryStyle::Form, true, Some(&[1, 2]))
///     .field("note", QueryStyle::Form, true, None::<&str>);
/// assert_eq!(form.as_str(), Ok("name=A%20%26%20B&id=1&id=2"));
/// ```
#[derive(Clone, Default)]
pub struct Form {
    text: String,
    failure: Option<String>,
}

/// Without the fields, which may be secret.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Form({} bytes)", self.text.len())
    }
}

impl Form {
    /// A form without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field, if it has a value.
    #[must_use]
    pub fn field<T: Serialize + ?Sized>(
        self,
        name: &str,
        style: QueryStyle,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        match value.map(Model::of) {
            Some(model) => self.put(name, style, explode, model),
            None => self,
        }
    }

    /// Adds a field as JSON text, if it has a value.
    #[must_use]
    pub fn field_json<T: Serialize + ?Sized>(self, name: &str, value: Option<&T>) -> Self {
        match value.map(Model::json_of) {
            Some(json) => self.put(name, QueryStyle::Form, true, json),
            None => self,
        }
    }

    /// Adds a field, if it has a value, in the content type of what it is: an object is JSON, a
    /// list one field for each item.
    #[must_use]
    pub fn field_content<T: Serialize + ?Sized>(self, name: &str, value: Option<&T>) -> Self {
        match value.map(Model::of) {
            Some(Ok(Model::Array(items))) => items
                .into_iter()
                .fold(self, |form, item| form.put_content(name, item)),
            Some(Ok(model)) => self.put_content(name, model),
            Some(error) => self.put(name, QueryStyle::Form, true, error),
            None => self,
        }
    }

    /// The encoded form.
    ///
    /// # Errors
    /// When a field's value cannot be text; the message says which.
    pub fn as_str(&self) -> Result<&str, &str> {
        match &self.failure {
            Some(failure) => Err(failure),
            None => Ok(&self.text),
        }
    }

    /// Whether there is nothing in it, not even a failure.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.failure.is_none()
    }

    pub(super) fn finish(self) -> Result<String, String> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.text),
        }
    }

    fn put_content(self, name: &str, model: Model) -> Self {
        let text = match model.is_null() {
            true => Model::Null,
            false => Model::Text(model.into_text()),
        };
        self.put(name, QueryStyle::Form, true, Ok(text))
    }

    fn put(
        mut self,
        name: &str,
        style: QueryStyle,
        explode: bool,
        model: Result<Model, ModelError>,
    ) -> Self {
        match model {
            Ok(model) => {
                for (name, value) in style::pairs(name, style, explode, model, Escape::Query) {
                    push_pair(&mut self.text, &name, &value);
                }
            }
            Err(error) => {
                self.failure
                    .get_or_insert_with(|| format!("form field {name:?}: {error}"));
            }
        }
        self
    }
}
