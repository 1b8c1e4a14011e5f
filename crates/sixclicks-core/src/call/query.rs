//! Query parameters.

use serde::Serialize;

use super::Call;
use super::model::Model;
use super::style::{self, Escape, QueryStyle};

impl Call {
    /// Adds a query parameter, if it has a value.
    #[must_use]
    pub fn query<T: Serialize + ?Sized>(
        self,
        name: &str,
        style: QueryStyle,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        let Some(value) = value else { return self };
        let model = Model::of(value);
        self.with_model("query parameter", name, model, |call, model| {
            call.put_query(name, style, explode, model, Escape::Query)
        })
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
        let Some(value) = value else { return self };
        let model = Model::of(value);
        self.with_model("query parameter", name, model, |call, model| {
            call.put_query(name, style, explode, model, Escape::QueryReserved)
        })
    }

    /// Adds a query parameter as JSON text (`content: application/json`), if it has a value.
    #[must_use]
    pub fn query_json<T: Serialize + ?Sized>(self, name: &str, value: Option<&T>) -> Self {
        let Some(value) = value else { return self };
        let model = Model::of(value);
        self.with_model("query parameter", name, model, |call, model| {
            let json = Model::Text(model.to_json());
            call.put_query(name, QueryStyle::Form, true, json, Escape::Query)
        })
    }

    fn put_query(
        &mut self,
        name: &str,
        style: QueryStyle,
        explode: bool,
        model: Model,
        escape: Escape,
    ) {
        for (name, value) in style::pairs(name, style, explode, model, escape) {
            push_pair(&mut self.query, &name, &value);
        }
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
