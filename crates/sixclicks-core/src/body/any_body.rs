//! Response bodies that the document does not describe.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::charset::{decode, utf8};

/// A buffered response body whose shape the document leaves open.
///
/// ```
/// use sixclicks_core::AnyBody;
/// let body = AnyBody::new("[1, 2]", Some("application/json"));
/// assert_eq!(body.json::<Vec<u8>>()?, [1, 2]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct AnyBody {
    bytes: Bytes,
    content_type: Option<String>,
}

impl AnyBody {
    /// A body with its media type.
    pub fn new(bytes: impl Into<Bytes>, content_type: Option<&str>) -> Self {
        Self {
            bytes: bytes.into(),
            content_type: content_type.map(str::to_owned),
        }
    }

    /// The bytes as they came.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The bytes as they came, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// The body as text, in the charset that the server named.
    ///
    /// A byte order mark counts more than the name. What the server names that nobody knows
    /// is read as UTF-8, with replacement characters where it is not.
    pub fn text(&self) -> Cow<'_, str> {
        decode(&self.bytes, self.content_type())
    }

    /// The body as JSON, in whatever charset.
    ///
    /// # Errors
    /// When the body is not JSON, or not that of a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&utf8(&self.bytes, self.content_type()))
    }

    /// Whether the server sent no body.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The media type with its parameters, as the server sent it.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }
}

impl fmt::Debug for AnyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.content_type().unwrap_or("no content type");
        write!(f, "AnyBody({kind}, {} bytes)", self.bytes.len())
    }
}
