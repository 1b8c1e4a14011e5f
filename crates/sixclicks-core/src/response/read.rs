//! An answer and the readers that generated code chooses from.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use progenitor_client::{ByteStream, ResponseValue};
use serde::de::DeserializeOwned;

use super::context::ResponseContext;
use super::envelope::Envelope;
use super::json::{self, Unread};
use crate::Error;
use crate::body::{AnyBody, decode, utf8};

/// How much of an error's body is read.
const ERROR_LIMIT: usize = 1024 * 1024;

/// An answer whose head has arrived and whose body is still to be read.
///
/// Every reader takes the body; a second one would find none.
#[derive(Debug)]
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    operation: &'static str,
    unwrap_abp: bool,
    /// Whether the types of the answers contain themselves.
    nests: bool,
    /// What the session that sent the request attached.
    context: ResponseContext,
    /// Gone once the body is read.
    inner: Option<reqwest::Response>,
}

impl Response {
    /// Wraps an answer to an operation.
    pub fn new(mut response: reqwest::Response, operation: &'static str, unwrap_abp: bool) -> Self {
        let context = response.extensions_mut().remove().unwrap_or_default();
        Self {
            context,
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            operation,
            unwrap_abp,
            nests: false,
            inner: Some(response),
        }
    }

    /// Makes room for answers that nest as deep as the server likes: for types that contain
    /// themselves, directly or not.
    #[must_use]
    pub fn nesting(mut self) -> Self {
        self.nests = true;
        self
    }
}

impl Response {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The media type with its parameters, as the server sent it.
    pub fn content_type(&self) -> Option<&str> {
        content_type(&self.headers)
    }

    /// Whether the media type, without its parameters, is this one.
    ///
    /// `application/*+json` and `text/*` match as patterns; `application/json`
    /// also matches the other flavours of JSON (`text/json`, `…+json`).
    pub fn is(&self, media_type: &str) -> bool {
        self.content_type()
            .is_some_and(|actual| matches_media_type(actual, media_type))
    }

    /// Puts a value that was read from this answer beside its status and headers.
    pub fn wrap<T>(self, value: T) -> ResponseValue<T> {
        ResponseValue::new(value, self.status, self.headers)
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// When the connection fails, the body is not that of a `T`, there is no content and a `T`
    /// cannot be made of nothing, or ABP's envelope says that the operation failed.
    pub async fn json<T: DeserializeOwned + Send, E>(
        mut self,
    ) -> Result<ResponseValue<T>, Error<E>> {
        match self.all().await {
            Ok(body) => {
                let value = self.parse(body)?;
                Ok(self.wrap(value))
            }
            Err(incomplete) => Err(self.incomplete(incomplete)),
        }
    }

    /// Reads the body as JSON and keeps status and headers here, to [`Response::wrap`] the
    /// value once it is in its place.
    ///
    /// # Errors
    /// Like [`Response::json`].
    pub async fn json_value<T: DeserializeOwned + Send, E>(&mut self) -> Result<T, Error<E>> {
        match self.all().await {
            Ok(body) => self.parse(body),
            Err(incomplete) => Err(self.incomplete(incomplete)),
        }
    }

    fn parse<T: DeserializeOwned + Send, E>(&mut self, body: Bytes) -> Result<T, Error<E>> {
        match json::read(&body, self.content_type(), self.unwrap_abp, self.nests) {
            Ok(value) => Ok(value),
            Err(Unread::Refused) => Err(self.refused(body, None)),
            Err(Unread::Nothing) => Err(self.no_content(body)),
            Err(Unread::Unreadable(why)) => Err(self.unexpected_answer(body, why)),
        }
    }

    /// Reads the body as text.
    ///
    /// A JSON string is read as its content when the server says that it is JSON.
    ///
    /// # Errors
    /// When the connection fails, there is no content, or ABP's envelope says that the
    /// operation failed.
    pub async fn text<E>(mut self) -> Result<ResponseValue<String>, Error<E>> {
        let text = self.text_value().await?;
        Ok(self.wrap(text))
    }

    /// Reads the body as text and keeps status and headers here.
    ///
    /// # Errors
    /// Like [`Response::text`].
    pub async fn text_value<E>(&mut self) -> Result<String, Error<E>> {
        let body = self.all().await.map_err(|e| self.incomplete(e))?;
        if matches!(self.status.as_u16(), 204 | 205) {
            return Err(self.no_content(body));
        }
        if self.is("application/json") {
            match json::read(&body, self.content_type(), self.unwrap_abp, self.nests) {
                Ok(text) => return Ok(text),
                Err(Unread::Refused) => return Err(self.refused(body, None)),
                Err(Unread::Nothing) => return Err(self.no_content(body)),
                // JSON of another kind is text as it stands.
                Err(Unread::Unreadable(_)) => {}
            }
        }
        Ok(decode(&body, self.content_type()).into_owned())
    }

    /// Hands the body out as it arrives.
    ///
    /// # Errors
    /// None of its own; a failing connection shows in the stream.
    pub async fn bytes_stream<E>(mut self) -> Result<ResponseValue<ByteStream>, Error<E>> {
        let stream = self.stream_value();
        Ok(self.wrap(stream))
    }

    /// Hands the body out as it arrives and keeps status and headers here. The deadline of the call
    /// no longer applies: the stream ends with an error after a while without a byte.
    pub fn stream_value(&mut self) -> ByteStream {
        if let Some(streamed) = &self.context.streamed {
            streamed.switch_on();
        }
        match self.inner.take() {
            Some(response) => ByteStream::new(Box::pin(response.bytes_stream())),
            None => ByteStream::new(Box::pin(futures_util::stream::empty())),
        }
    }

    /// Ignores the body, except for an envelope of ABP that says that the operation failed.
    ///
    /// # Errors
    /// When the connection fails or the operation did.
    pub async fn empty<E>(mut self) -> Result<ResponseValue<()>, Error<E>> {
        self.empty_value().await?;
        Ok(self.wrap(()))
    }

    /// Like [`Response::empty`], keeping status and headers here.
    ///
    /// # Errors
    /// Like [`Response::empty`].
    pub async fn empty_value<E>(&mut self) -> Result<(), Error<E>> {
        let (body, failed) = self.some().await;
        if let Some(error) = failed {
            return Err(self.transport(error));
        }
        let text = utf8(&body, self.content_type());
        if self.unwrap_abp && Envelope::find(&text).is_some_and(|envelope| !envelope.success) {
            return Err(self.refused(body, None));
        }
        Ok(())
    }

    /// Reads a body that the document does not describe.
    ///
    /// # Errors
    /// When the connection fails, or ABP's envelope says that the operation failed.
    pub async fn any<E>(mut self) -> Result<ResponseValue<AnyBody>, Error<E>> {
        let body = self.any_value().await?;
        Ok(self.wrap(body))
    }

    /// Reads a body that the document does not describe and keeps status and headers here.
    ///
    /// # Errors
    /// Like [`Response::any`].
    pub async fn any_value<E>(&mut self) -> Result<AnyBody, Error<E>> {
        let body = self.all().await.map_err(|e| self.incomplete(e))?;
        let text = utf8(&body, self.content_type());
        match self.unwrap_abp.then(|| Envelope::find(&text)).flatten() {
            Some(envelope) if !envelope.success => Err(self.refused(body, None)),
            // Without a result there is no content, rather than the text `null`.
            Some(envelope) => Ok(AnyBody::new(
                envelope.result.map_or_else(Bytes::new, |result| {
                    Bytes::copy_from_slice(result.get().as_bytes())
                }),
                Some("application/json"),
            )),
            None => Ok(AnyBody::new(body.clone(), self.content_type())),
        }
    }

    /// An error that the document describes, its body read as JSON.
    ///
    /// A body that is not that of an `E`, or has none of its members, leaves the error untyped.
    /// One that breaks off is read as far as it came: the status says what happened.
    pub async fn error_json<E: DeserializeOwned + Send>(mut self) -> Error<E> {
        let (body, _) = self.some().await;
        // The typed error shows what it was read from.
        let body = self.without_secrets(body);
        let typed = json::read_error(&body, self.content_type(), self.nests);
        self.refused(body, typed)
    }

    /// An error that the document describes without a body, or with one that is not JSON.
    pub async fn error_none<E>(mut self) -> Error<E> {
        let (body, _) = self.some().await;
        self.refused(body, None)
    }

    /// An answer that the document does not mention.
    pub async fn unexpected<E>(mut self) -> Error<E> {
        let (body, failed) = self.some().await;
        let failure = self.status.is_client_error() || self.status.is_server_error();
        if failure || self.status == StatusCode::NOT_MODIFIED {
            return self.refused(body, None);
        }
        if let Some(error) = failed {
            return self.transport(error);
        }
        let why = format!("the document does not mention the status {}", self.status);
        self.unexpected_answer(body, why)
    }

    fn transport<E>(&self, error: reqwest::Error) -> Error<E> {
        Error::from_transport(self.operation, error)
    }

    fn refused<E>(&mut self, body: Bytes, typed: Option<E>) -> Error<E> {
        let (headers, body) = self.redacted(body);
        let error = Error::from_response(self.operation, self.status, headers, body, typed);
        match self.context.note {
            Some(note) => error.with_note(note),
            None => error,
        }
    }

    /// The headers and the body without the credentials of the request.
    fn redacted(&mut self, body: Bytes) -> (HeaderMap, Bytes) {
        let mut headers = std::mem::take(&mut self.headers);
        if let Some(redactor) = &self.context.redactor {
            redactor.headers(&mut headers);
        }
        (headers, self.without_secrets(body))
    }

    fn without_secrets(&self, body: Bytes) -> Bytes {
        let redactor = self.context.redactor.as_ref();
        match redactor.map(|redactor| redactor.bytes(&body)) {
            Some(Cow::Owned(clean)) => Bytes::from(clean),
            _ => body,
        }
    }

    fn no_content<E>(&mut self, body: Bytes) -> Error<E> {
        let (headers, body) = self.redacted(body);
        Error::no_content(self.operation, self.status, headers, body)
    }

    fn unexpected_answer<E>(&mut self, body: Bytes, why: String) -> Error<E> {
        let (headers, body) = self.redacted(body);
        let why = match &self.context.redactor {
            Some(redactor) => redactor.text(&why).into_owned(),
            None => why,
        };
        Error::unexpected_answer(self.operation, self.status, headers, body, why)
    }

    fn incomplete<E>(&mut self, incomplete: Incomplete) -> Error<E> {
        match incomplete {
            Incomplete::Broken(error) => self.transport(error),
            Incomplete::TooLarge(limit) => {
                let why = format!("the body is larger than the limit of {limit} bytes");
                self.unexpected_answer(Bytes::new(), why)
            }
        }
    }

    /// The whole body, unless it exceeds the limit.
    async fn all(&mut self) -> Result<Bytes, Incomplete> {
        let Some(mut response) = self.inner.take() else {
            return Ok(Bytes::new());
        };
        let Some(limit) = self.context.limit else {
            return response.bytes().await.map_err(Incomplete::Broken);
        };
        let announced = response.content_length().unwrap_or_default();
        if usize::try_from(announced).is_ok_and(|length| length <= limit) && announced > 0 {
            return response.bytes().await.map_err(Incomplete::Broken);
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(Incomplete::Broken)? {
            if chunk.len() > limit.saturating_sub(body.len()) {
                return Err(Incomplete::TooLarge(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// The body as far as an error needs it, and why there is no more if it broke off.
    async fn some(&mut self) -> (Bytes, Option<reqwest::Error>) {
        let Some(mut response) = self.inner.take() else {
            return (Bytes::new(), None);
        };
        let mut body = BytesMut::new();
        let failed = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    let room = ERROR_LIMIT - body.len();
                    body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if body.len() == ERROR_LIMIT {
                        break None;
                    }
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        (body.freeze(), failed)
    }
}

/// Why there is no whole body.
enum Incomplete {
    Broken(reqwest::Error),
    TooLarge(usize),
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()
}

/// Whether an actual media type is what a document's media type, or range, means.
fn matches_media_type(actual: &str, documented: &str) -> bool {
    let essence = |text: &str| {
        let essence = text.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    };
    let is_json = |essence: &str| {
        matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
    };
    let (actual, documented) = (essence(actual), essence(documented));
    if documented == "application/json" && is_json(&actual) {
        return true;
    }
    match (actual.split_once('/'), documented.split_once('/')) {
        (Some(actual), Some(documented)) => {
            matches_pattern(actual.0, documented.0) && matches_pattern(actual.1, documented.1)
        }
        _ => actual == documented,
    }
}

/// Whether a text is what a pattern with at most one `*` means.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, after)) => {
            text.len() >= before.len() + after.len()
                && text.starts_with(before)
                && text.ends_with(after)
        }
        None => text == pattern,
    }
}
