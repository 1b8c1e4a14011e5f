//! Headers and cookies.

use http::header::{ACCEPT, HeaderName, HeaderValue};
use serde::Serialize;

use super::Call;
use super::model::Model;
use super::style::{self, Escape, QueryStyle};

impl Call {
    /// Adds a header parameter, if it has a value.
    #[must_use]
    pub fn header<T: Serialize + ?Sized>(
        self,
        name: &str,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        let Some(value) = value else { return self };
        let model = Model::of(value);
        self.with_model("header", name, model, |call, model| {
            if let Some(text) = style::header(explode, model) {
                call.put_header(name, &text);
            }
        })
    }

    /// Adds a header parameter as JSON text (`content: application/json`), if it has a value.
    #[must_use]
    pub fn header_json<T: Serialize + ?Sized>(self, name: &str, value: Option<&T>) -> Self {
        let Some(value) = value else { return self };
        let model = Model::of(value);
        self.with_model("header", name, model, |call, model| {
            call.put_header(name, &model.to_json())
        })
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
        let Some(value) = value else { return self };
        let model = Model::of(value);
        self.with_model("cookie", name, model, |call, model| {
            call.put_cookie(name, explode, model)
        })
    }

    /// Adds a cookie parameter as JSON text (`content: application/json`), if it has a value.
    #[must_use]
    pub fn cookie_json<T: Serialize + ?Sized>(self, name: &str, value: Option<&T>) -> Self {
        let Some(value) = value else { return self };
        let model = Model::of(value);
        self.with_model("cookie", name, model, |call, model| {
            call.put_cookie(name, true, Model::Text(model.to_json()))
        })
    }

    /// Says what the answer may be, unless a header parameter has said so.
    #[must_use]
    pub fn accept(mut self, media_types: &str) -> Self {
        if !self.headers.contains_key(ACCEPT) {
            self.put_header("accept", media_types);
        }
        self
    }

    fn put_header(&mut self, name: &str, text: &str) {
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            return self.fail(format!("{name:?} is no header name"));
        };
        match HeaderValue::from_bytes(text.as_bytes()) {
            Ok(value) => {
                self.headers.insert(header, value);
            }
            Err(_) => self.fail(format!(
                "header {name:?} has a line break or control character in its value"
            )),
        }
    }

    fn put_cookie(&mut self, name: &str, explode: bool, model: Model) {
        let pairs = style::pairs(name, QueryStyle::Form, explode, model, Escape::Cookie);
        for (name, value) in pairs {
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                return self.fail(format!("{name:?} is no cookie name"));
            }
            if !self.cookies.is_empty() {
                self.cookies.push_str("; ");
            }
            self.cookies.push_str(&name);
            self.cookies.push('=');
            self.cookies.push_str(&value);
        }
    }
}
