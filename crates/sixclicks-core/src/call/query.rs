//! Query parameters.

use serde::Serialize;

use super::Call;
use super::model::{Model, ModelError};
use super::style::{self, Escape, QueryStyle};

impl Call<'_> {
    /// Adds a query parameter, if it has a value.
    #[must_use]
    pub fn query<T: Serialize + ?Sized>(
        self,
        name: &str,
        style: QueryStyle,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        match value.map(Model::of) {
            Some(model) => self.put_query(name, style, explode, model, Escape::Query),
            None => self,
        }
    }

    /// Adds a query parameter of `allowReserved`, if it has a value.
    ///
    /// Reserved characters are sent as they are, but for `&`, `#` and `+`,
    /// which would change the value.
    #[must_use]
    pub fn query_reserved<T: Serialize + ?Sized>(
        self,
        name: &str,
        style: QueryStyle,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        match value.map(Model::of) {
            Some(model) => self.put_query(name, style, explode, model, Escape::QueryReserved),
            None => self,
        }
    }

    /// Adds a query parameter as JSON text (`content: application/json`), if it has a value.
    #[must_use]
    pub fn query_json<T: Serialize + ?Sized>(self, name: &str, value: Option<&T>) -> Self {
        match value.map(Model::json_of) {
            Some(json) => self.put_query(name, QueryStyle::Form, true, json, Escape::Query),
            None => self,
        }
    }

    fn put_query(
        mut self,
        name: &str,
        style: QueryStyle,
        explode: bool,
        model: Result<Model, ModelError>,
        escape: Escape,
    ) -> Self {
        if let Some(model) = self.accepted("query parameter", name, model) {
            for (name, value) in style::pairs(name, style, explode, model, escape) {
                push_pair(&mut self.query, &name, &value);
            }
        }
        self
    }
}

/// Appends `name=value` with `&` before it where needed.
pub(super) fn push_pair(out: &mut String, name: &str, value: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    out.push_str(name);
    out.push('=');
    out.push_str(value);
}
