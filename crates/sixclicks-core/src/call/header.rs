//! Headers and cookies.

use bytes::Bytes;
use http::header::{ACCEPT, HeaderName, HeaderValue};
use serde::Serialize;

use super::Call;
use super::model::{Model, ModelError};
use super::style::{self, Escape, QueryStyle};

impl Call<'_> {
    /// Adds a header parameter, if it has a value.
    #[must_use]
    pub fn header<T: Serialize + ?Sized>(
        self,
        name: &str,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        match value.map(Model::of) {
            Some(model) => self.put_header(name, QueryStyle::Form, explode, model),
            None => self,
        }
    }

    /// Adds a header parameter whose list has the delimiter of a style (Swagger 2.0: `ssv`,
    /// `pipes`, `tsv`), if it has a value.
    #[must_use]
    pub fn header_delimited<T: Serialize + ?Sized>(
        self,
        name: &str,
        style: QueryStyle,
        value: Option<&T>,
    ) -> Self {
        match value.map(Model::of) {
            Some(model) => self.put_header(name, style, false, model),
            None => self,
        }
    }

    /// Adds a header parameter as JSON text (`content: application/json`), if it has a value.
    #[must_use]
    pub fn header_json<T: Serialize + ?Sized>(self, name: &str, value: Option<&T>) -> Self {
        match value.map(Model::json_of) {
            Some(json) => self.put_header(name, QueryStyle::Form, false, json),
            None => self,
        }
    }

    /// Adds a cookie parameter, if it has a value.
    ///
    /// What cookies cannot hold is percent-encoded.
    #[must_use]
    pub fn cookie<T: Serialize + ?Sized>(
        self,
        name: &str,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        match value.map(Model::of) {
            Some(model) => self.put_cookie(name, explode, model),
            None => self,
        }
    }

    /// Adds a cookie parameter as JSON text (`content: application/json`), if it has a value.
    #[must_use]
    pub fn cookie_json<T: Serialize + ?Sized>(self, name: &str, value: Option<&T>) -> Self {
        match value.map(Model::json_of) {
            Some(json) => self.put_cookie(name, true, json),
            None => self,
        }
    }

    /// Says what the answer may be, unless a header parameter has said so.
    #[must_use]
    pub fn accept(mut self, media_types: &'static str) -> Self {
        if !self.headers.contains_key(ACCEPT) {
            let media_types = Bytes::from_static(media_types.as_bytes());
            self.set_header("accept", ACCEPT, media_types);
        }
        self
    }

    fn put_header(
        mut self,
        name: &str,
        style: QueryStyle,
        explode: bool,
        model: Result<Model, ModelError>,
    ) -> Self {
        let model = self.accepted("header", name, model);
        if let Some(text) = model.and_then(|model| style::header(style, explode, model)) {
            match HeaderName::from_bytes(name.as_bytes()) {
                Ok(header) => self.set_header(name, header, text.into()),
                Err(_) => self.fail(format!("{name:?} is no header name")),
            }
        }
        self
    }

    fn set_header(&mut self, name: &str, header: HeaderName, text: Bytes) {
        match HeaderValue::from_maybe_shared(text) {
            Ok(value) => {
                self.headers.insert(header, value);
            }
            Err(_) => self.fail(format!(
                "header {name:?} has a line break or control character in its value"
            )),
        }
    }

    fn put_cookie(mut self, name: &str, explode: bool, model: Result<Model, ModelError>) -> Self {
        let Some(model) = self.accepted("cookie", name, model) else {
            return self;
        };
        let pairs = style::pairs(name, QueryStyle::Form, explode, model, Escape::Cookie);
        for (name, value) in pairs {
            // Cookies are named by the same characters as headers.
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                self.fail(format!("{name:?} is no cookie name"));
                break;
            }
            if !self.cookies.is_empty() {
                self.cookies.push_str("; ");
            }
            self.cookies.push_str(&name);
            self.cookies.push('=');
            self.cookies.push_str(&value);
        }
        self
    }
}
