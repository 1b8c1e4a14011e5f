//! Multipart bodies, files among them: `multipart/form-data` and its relatives.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::model::{Model, ModelError};
use super::style::{self, Escape, QueryStyle};
use crate::body::{FilePart, Segment, choose_media_type};

/// A `multipart/form-data` body.
///
/// Fields are text; an object is sent as JSON, a list as one part for each
/// item. Names and file names are UTF-8, escaped as browsers do; a file name beyond ASCII is
/// sent a second time as `filename*`, for servers that take bytes for Latin-1.
///
/// ```
/// use sixclicks_core::{FilePart, Multipart};
/// let form = Multipart::new()
///     .field("description", None, Some("Quarterly evidence"))
///     .file("file", Some("application/pdf"), Some(FilePart::from_path("évidence.pdf")));
/// ```
#[derive(Clone, Default)]
pub struct Multipart {
    /// If it is not `multipart/form-data`.
    media_type: Option<String>,
    parts: Vec<Part>,
    failure: Option<String>,
}

#[derive(Clone)]
struct Part {
    name: String,
    content_type: Option<String>,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Text(String),
    File(FilePart),
}

/// Without the parts, which may be secret.
impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Multipart({} parts)", self.parts.len())
    }
}

impl Multipart {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends the parts under another media type, such as `multipart/mixed`.
    #[must_use]
    pub fn with_media_type(mut self, media_type: &str) -> Self {
        self.media_type = Some(media_type.to_owned());
        self
    }

    /// Adds a field, if it has a value, with the media type that the document gives it.
    ///
    /// A JSON media type makes every value JSON; without one, objects are.
    #[must_use]
    pub fn field<T: Serialize + ?Sized>(
        mut self,
        name: &str,
        content_type: Option<&str>,
        value: Option<&T>,
    ) -> Self {
        if let Some(model) = value.and_then(|value| self.accepted(name, Model::of(value))) {
            self.put(name, content_type, model);
        }
        self
    }

    /// Adds a field, if it has a value, in a style that the document gives it.
    #[must_use]
    pub fn field_styled<T: Serialize + ?Sized>(
        mut self,
        name: &str,
        style: QueryStyle,
        explode: bool,
        value: Option<&T>,
    ) -> Self {
        if let Some(model) = value.and_then(|value| self.accepted(name, Model::of(value))) {
            self.put_styled(name, style, explode, model);
        }
        self
    }

    /// Adds a file, if there is one, with the media types or ranges that the document gives it,
    /// separated by commas.
    ///
    /// The file's own media type is sent; without one, the documented one that the file's name
    /// suggests, or else the first.
    #[must_use]
    pub fn file(self, name: &str, content_type: Option<&str>, file: Option<FilePart>) -> Self {
        self.files(name, content_type, file)
    }

    /// Adds files under one name, each with a media type as [`Multipart::file`] chooses it.
    #[must_use]
    pub fn files(
        mut self,
        name: &str,
        content_type: Option<&str>,
        files: impl IntoIterator<Item = FilePart>,
    ) -> Self {
        for file in files {
            match part_type(&file, content_type) {
                Ok(media_type) => self.push(name, Some(&media_type), Content::File(file)),
                Err(error) => self.fail(name, &error),
            }
        }
        self
    }

    /// Whether there is nothing in it, not even a failure.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.failure.is_none()
    }

    fn put(&mut self, name: &str, content_type: Option<&str>, model: Model) {
        let json = content_type.is_some_and(|kind| kind.contains("json"));
        match model {
            Model::Null => {}
            Model::Array(items) => {
                for item in items {
                    self.put(name, content_type, item);
                }
            }
            object @ Model::Object(_) => {
                let kind = content_type.unwrap_or("application/json");
                self.push(name, Some(kind), Content::Text(object.to_json()));
            }
            scalar if json => self.push(name, content_type, Content::Text(scalar.to_json())),
            scalar => self.push(name, content_type, Content::Text(scalar.into_text())),
        }
    }

    fn push(&mut self, name: &str, content_type: Option<&str>, content: Content) {
        self.parts.push(Part {
            name: name.to_owned(),
            content_type: content_type.map(str::to_owned),
            content,
        });
    }

    fn put_styled(&mut self, name: &str, style: QueryStyle, explode: bool, model: Model) {
        for (name, text) in style::pairs(name, style, explode, model, Escape::Nothing) {
            self.push(&name, None, Content::Text(text));
        }
    }

    /// A value's model; its failure is kept, naming the field.
    fn accepted(&mut self, name: &str, model: Result<Model, ModelError>) -> Option<Model> {
        match model {
            Ok(model) => Some(model),
            Err(error) => {
                self.fail(name, &error);
                None
            }
        }
    }

    /// Keeps the first failure, naming the field.
    fn fail(&mut self, name: &str, error: &dyn fmt::Display) {
        self.failure
            .get_or_insert_with(|| format!("form field {name:?}: {error}"));
    }

    /// The media type with the boundary, and the body's segments.
    pub(super) async fn prepare(self) -> Result<(String, Vec<Segment>), String> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let boundary = boundary();
        // RFC 2387: `type` is the media type of the root, which is the first part.
        let root = self
            .parts
            .first()
            .and_then(|part| part.content_type.as_deref());
        let root = root.unwrap_or("text/plain").to_owned();
        let mut segments = Vec::with_capacity(self.parts.len() * 2 + 1);
        let mut text = String::new();
        for part in self.parts {
            text.push_str(&format!("--{boundary}\r\n{}", part.head()?));
            match part.content {
                Content::Text(value) => text.push_str(&value),
                Content::File(file) => {
                    segments.push(Segment::bytes(std::mem::take(&mut text)));
                    segments.push(file.into_upload().prepare().await?);
                }
            }
            text.push_str("\r\n");
        }
        text.push_str(&format!("--{boundary}--\r\n"));
        segments.push(Segment::bytes(text));
        let media_type = self.media_type.as_deref().unwrap_or("multipart/form-data");
        let root = match media_type.eq_ignore_ascii_case("multipart/related") {
            true => format!("; type=\"{root}\""),
            false => String::new(),
        };
        let content_type = format!("{media_type}; boundary={boundary}{root}");
        Ok((content_type, segments))
    }
}

/// The media type of a file: its own, or one of those that the document lists, by its name.
fn part_type(file: &FilePart, documented: Option<&str>) -> Result<String, String> {
    if let Some(set) = file.content_type() {
        return Ok(set.to_owned());
    }
    let documented: Vec<&str> = documented
        .into_iter()
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .collect();
    choose_media_type(&documented, Some(file.file_name()))
}

impl Part {
    fn head(&self) -> Result<String, String> {
        let mut head = format!(
            "Content-Disposition: form-data; name=\"{}\"",
            escape(&self.name)
        );
        if let Content::File(file) = &self.content {
            head.push_str(&format!("; filename=\"{}\"", escape(file.file_name())));
            // Servers differ in what they take unmarked bytes for: ASP.NET Core and browsers
            // for UTF-8, as RFC 7578 says, others for Latin-1. The marked form goes before
            // the plain one where it is known, and is passed over where it is not.
            if !file.file_name().is_ascii() {
                let marked = utf8_percent_encode(file.file_name(), MARKED);
                head.push_str(&format!("; filename*=UTF-8''{marked}"));
            }
        }
        if let Some(content_type) = &self.content_type {
            if content_type.contains(|c: char| c.is_control()) {
                return Err(format!(
                    "form field {:?} has a control character in its media type",
                    self.name
                ));
            }
            head.push_str("\r\nContent-Type: ");
            head.push_str(content_type);
        }
        head.push_str("\r\n\r\n");
        Ok(head)
    }
}

/// A name in quotes as browsers write it: UTF-8, with the quote and line breaks
/// escaped, and here the other control characters too, which headers cannot hold.
fn escape(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for c in name.chars() {
        if c == '"' || c.is_ascii_control() {
            escaped.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// What RFC 8187 lets stand in a marked value; letters and digits do anyway.
const MARKED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// 128 random bits: no content contains them by chance, and nobody can guess them.
fn boundary() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("sixclicks-{:016x}{:016x}", random(), random())
}
