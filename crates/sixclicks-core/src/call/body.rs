//! The request's body.

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
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
    Bytes(String, Bytes),
    Upload(String, Upload),
    Multipart(Multipart),
}

impl Call {
    /// Sends a value as JSON under a media type.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(mut self, media_type: &str, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => self.body = Body::Bytes(media_type.to_owned(), json.into()),
            Err(error) => self.fail(format!("the body cannot be JSON: {error}")),
        }
        self
    }

    /// Sends a value as JSON; without one, no body and no media type.
    #[must_use]
    pub fn json_opt<T: Serialize + ?Sized>(self, media_type: &str, value: Option<&T>) -> Self {
        match value {
            Some(value) => self.json(media_type, value),
            None => self,
        }
    }

    /// Sends text, as UTF-8, under a media type.
    #[must_use]
    pub fn text(mut self, media_type: &str, text: impl Into<String>) -> Self {
        self.body = Body::Bytes(media_type.to_owned(), text.into().into());
        self
    }

    /// Sends text; without one, no body and no media type.
    #[must_use]
    pub fn text_opt(self, media_type: &str, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.text(media_type, text),
            None => self,
        }
    }

    /// Sends bytes, a file or a stream under a media type.
    #[must_use]
    pub fn upload(mut self, media_type: &str, upload: impl Into<Upload>) -> Self {
        self.body = Body::Upload(media_type.to_owned(), upload.into());
        self
    }

    /// Sends bytes, a file or a stream; without one, no body and no media type.
    #[must_use]
    pub fn upload_opt(self, media_type: &str, upload: Option<Upload>) -> Self {
        match upload {
            Some(upload) => self.upload(media_type, upload),
            None => self,
        }
    }

    /// Sends an `application/x-www-form-urlencoded` form.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        match form.finish() {
            Ok(text) => self.body = Body::Bytes(FORM.to_owned(), text.into()),
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
                describe(headers, &media_type)?;
                return Ok((Some(bytes.into()), None));
            }
            Body::Upload(media_type, upload) => {
                (media_type, vec![Box::pin(upload.prepare()).await?])
            }
            Body::Multipart(form) => Box::pin(form.prepare()).await?,
        };
        describe(headers, &media_type)?;
        if let Some(bytes) = in_memory(&segments) {
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

/// Says what the body is, unless a header parameter has said so.
fn describe(headers: &mut HeaderMap, media_type: &str) -> Result<(), String> {
    if !headers.contains_key(CONTENT_TYPE) {
        let value = HeaderValue::try_from(media_type)
            .map_err(|_| format!("{media_type:?} is no media type"))?;
        headers.insert(CONTENT_TYPE, value);
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
