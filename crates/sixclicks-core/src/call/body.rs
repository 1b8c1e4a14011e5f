//! The request's body.

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, Entry, HeaderMap, HeaderValue};
use serde::Serialize;

use super::Call;
use super::form::{FORM, Form};
use super::multipart::Multipart;
use super::replay::BodySource;
use crate::body::{Segment, Upload};

/// What a call will send.
#[derive(Default)]
pub(super) enum Body {
    #[default]
    None,
    Bytes(&'static str, Bytes),
    Upload(&'static [&'static str], Upload),
    Multipart(Multipart),
}

impl Call<'_> {
    /// Sends a value as JSON under a media type.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(mut self, media_type: &'static str, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => self.body = Body::Bytes(media_type, json.into()),
            Err(error) => self.fail(format!("the body cannot be JSON: {error}")),
        }
        self
    }

    /// Sends a value as JSON; without one, no body and no media type.
    #[must_use]
    pub fn json_opt<T: Serialize + ?Sized>(
        self,
        media_type: &'static str,
        value: Option<&T>,
    ) -> Self {
        match value {
            Some(value) => self.json(media_type, value),
            None => self,
        }
    }

    /// Sends text, as UTF-8, under a media type.
    #[must_use]
    pub fn text(mut self, media_type: &'static str, text: impl Into<String>) -> Self {
        self.body = Body::Bytes(media_type, text.into().into());
        self
    }

    /// Sends text; without one, no body and no media type.
    #[must_use]
    pub fn text_opt(self, media_type: &'static str, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.text(media_type, text),
            None => self,
        }
    }

    /// Sends bytes, a file or a stream under one of the documented media types or ranges.
    ///
    /// [`Upload::with_content_type`] chooses one. Otherwise it is the one that the file name
    /// suggests, or else the first that is not a range. Where all are ranges such as `image/*`
    /// and nothing suggests a media type, the call fails.
    #[must_use]
    pub fn upload(
        mut self,
        media_types: &'static [&'static str],
        upload: impl Into<Upload>,
    ) -> Self {
        self.body = Body::Upload(media_types, upload.into());
        self
    }

    /// Sends bytes, a file or a stream; without one, no body and no media type.
    #[must_use]
    pub fn upload_opt(self, media_types: &'static [&'static str], upload: Option<Upload>) -> Self {
        match upload {
            Some(upload) => self.upload(media_types, upload),
            None => self,
        }
    }

    /// Sends an `application/x-www-form-urlencoded` form.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        match form.finish() {
            Ok(text) => self.body = Body::Bytes(FORM, text.into()),
            Err(message) => self.fail(message),
        }
        self
    }

    /// Sends a form; without a field, no body and no media type.
    #[must_use]
    pub fn form_opt(self, form: Form) -> Self {
        match form.is_empty() {
            true => self,
            false => self.form(form),
        }
    }

    /// Sends a `multipart/form-data` form.
    #[must_use]
    pub fn multipart(mut self, form: Multipart) -> Self {
        self.body = Body::Multipart(form);
        self
    }

    /// Sends a `multipart/form-data` form; without a part, no body and no media type.
    #[must_use]
    pub fn multipart_opt(self, form: Multipart) -> Self {
        match form.is_empty() {
            true => self,
            false => self.multipart(form),
        }
    }
}

impl Body {
    /// Opens what is to be sent and sets the headers that describe it.
    pub async fn prepare(
        self,
        headers: &mut HeaderMap,
    ) -> Result<(Option<reqwest::Body>, Option<BodySource>), String> {
        // What is read or put together on the way is boxed: most bodies are there, and their
        // calls stay small.
        let (media_type, segments) = match self {
            Body::None => return Ok((None, None)),
            Body::Bytes(media_type, bytes) => {
                describe(headers, Bytes::from_static(media_type.as_bytes()))?;
                length_of_nothing(headers, &bytes);
                return Ok((Some(bytes.into()), None));
            }
            Body::Upload(media_types, upload) => {
                let media_type = match headers.contains_key(CONTENT_TYPE) {
                    true => String::new(),
                    false => upload.media_type(media_types)?,
                };
                (media_type.into(), vec![Box::pin(upload.prepare()).await?])
            }
            Body::Multipart(form) => {
                let (media_type, segments) = Box::pin(form.prepare()).await?;
                (media_type.into(), segments)
            }
        };
        describe(headers, media_type)?;
        if let Some(bytes) = in_memory(&segments) {
            length_of_nothing(headers, &bytes);
            return Ok((Some(bytes.into()), None));
        }
        let length = segments
            .iter()
            .try_fold(0, |sum, s| Some(sum + s.length()?));
        if let Some(length) = length {
            headers.insert(CONTENT_LENGTH, length.into());
        }
        let again: Option<Vec<Segment>> = segments.iter().map(Segment::again).collect();
        Ok((
            Some(Segment::in_order(segments)),
            again.map(BodySource::new),
        ))
    }
}

/// Sets `Content-Length: 0` for an empty body, for which hyper sends no length by itself.
fn length_of_nothing(headers: &mut HeaderMap, bytes: &Bytes) {
    if bytes.is_empty() {
        headers.insert(CONTENT_LENGTH, 0.into());
    }
}

/// Says what the body is, unless a header parameter has said so.
fn describe(headers: &mut HeaderMap, media_type: Bytes) -> Result<(), String> {
    if let Entry::Vacant(entry) = headers.entry(CONTENT_TYPE) {
        let value = HeaderValue::from_maybe_shared(media_type.clone())
            .map_err(|_| format!("{media_type:?} is no media type"))?;
        entry.insert(value);
    }
    Ok(())
}

/// All of the body at once, where nothing of it has to be streamed.
fn in_memory(segments: &[Segment]) -> Option<Bytes> {
    if let [only] = segments {
        return only.plain().cloned();
    }
    let mut all = BytesMut::new();
    for segment in segments {
        all.extend_from_slice(segment.plain()?);
    }
    Some(all.freeze())
}
