//! Putting the path together.

use serde::Serialize;

use super::Call;
use super::model::{Model, ModelError};
use super::style::{self, PathStyle};

/// A path in the making.
#[derive(Default)]
pub(super) struct PathBuilder {
    text: String,
    /// Where each parameter's value begins and ends, and its name.
    parameters: Vec<(usize, usize, String)>,
}

impl PathBuilder {
    fn push(&mut self, name: &str, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        self.parameters.push((start, end, name.to_owned()));
    }

    /// The path as the document writes it, with names in the place of values.
    pub fn template(&self) -> String {
        let mut template = String::with_capacity(self.text.len());
        let mut at = 0;
        for (start, end, name) in &self.parameters {
            template.push_str(self.text.get(at..*start).unwrap_or_default());
            template.push_str(&format!("{{{name}}}"));
            at = *end;
        }
        template.push_str(self.text.get(at..).unwrap_or_default());
        template
    }

    /// The path, unless a value would lead to another place than the document says.
    pub fn finish(&self) -> Result<&str, String> {
        let route = self.text.split('?').next().unwrap_or_default();
        for (at, _, name) in &self.parameters {
            let Some(before) = route.get(..*at) else {
                continue;
            };
            let start = before.rfind('/').map_or(0, |slash| slash + 1);
            let segment = route[start..].split('/').next().unwrap_or_default();
            match segment {
                "" => return Err(format!("path parameter {name:?} is empty")),
                "." | ".." => {
                    return Err(format!(
                        "path parameter {name:?} is {segment:?}, which URLs take for a folder"
                    ));
                }
                _ => {}
            }
        }
        Ok(&self.text)
    }
}

impl Call<'_> {
    /// Appends a literal piece of the path.
    #[must_use]
    pub fn path(mut self, literal: &str) -> Self {
        // A document may have a fragment in a path, to tell two operations apart.
        for (index, piece) in literal.split('#').enumerate() {
            if index > 0 {
                self.path.text.push_str("%23");
            }
            self.path.text.push_str(piece);
        }
        self
    }

    /// Appends a parameter to the path.
    ///
    /// A value that is null or empty, `.` or `..` fails the call, because it
    /// would lead to another operation.
    #[must_use]
    pub fn path_param<T: Serialize + ?Sized>(
        self,
        name: &str,
        style: PathStyle,
        explode: bool,
        value: &T,
    ) -> Self {
        self.put_path(name, style, explode, Model::of(value))
    }

    /// Appends an optional last segment; without a value its slash goes too.
    #[must_use]
    pub fn path_param_opt<T: Serialize + ?Sized>(
        mut self,
        name: &str,
        style: PathStyle,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        match value {
            Some(value) => self.path_param(name, style, explode, value),
            None => {
                if self.path.text.ends_with('/') {
                    self.path.text.pop();
                }
                self
            }
        }
    }

    /// Appends a catch-all parameter, whose slashes part segments.
    #[must_use]
    pub fn path_param_rest<T: Serialize + ?Sized>(
        mut self,
        name: &str,
        style: PathStyle,
        explode: bool,
        value: &T,
    ) -> Self {
        let Some(model) = self.accepted("path parameter", name, Model::of(value)) else {
            return self;
        };
        let Some(text) = style::path(name, style, explode, model) else {
            self.fail(format!("path parameter {name:?} is null"));
            return self;
        };
        // The values are escaped, so that nothing but a slash is written as one.
        for (index, segment) in text.replace("%2F", "/").split('/').enumerate() {
            if index > 0 {
                self.path.text.push('/');
            }
            if !segment.is_empty() {
                self.path.push(name, segment);
            }
        }
        self
    }

    /// Appends an optional catch-all parameter; without a value its slash goes too.
    #[must_use]
    pub fn path_param_rest_opt<T: Serialize + ?Sized>(
        self,
        name: &str,
        style: PathStyle,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        match value {
            Some(value) => self.path_param_rest(name, style, explode, value),
            None => self.path_param_opt(name, style, explode, None::<&T>),
        }
    }

    /// Appends a parameter as JSON text (`content: application/json`).
    #[must_use]
    pub fn path_param_json<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Self {
        self.put_path(name, PathStyle::Simple, false, Model::json_of(value))
    }

    fn put_path(
        mut self,
        name: &str,
        style: PathStyle,
        explode: bool,
        model: Result<Model, ModelError>,
    ) -> Self {
        if let Some(model) = self.accepted("path parameter", name, model) {
            match style::path(name, style, explode, model) {
                Some(text) => self.path.push(name, &text),
                None => self.fail(format!("path parameter {name:?} is null")),
            }
        }
        self
    }
}
