//! Response bodies that the document does not describe.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

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
    /// UTF-8, UTF-16 and Latin-1 are known; anything else is read as UTF-8,
    /// with replacement characters where it is not.
    pub fn text(&self) -> Cow<'_, str> {
        decode(&self.bytes, self.content_type())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When the body is not JSON, or not that of a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(without_bom(&self.bytes))
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

/// The body without a UTF-8 byte order mark.
pub(crate) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The text of a body, by its byte order mark or its charset.
pub(crate) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    let charset = content_type
        .and_then(charset)
        .map(|charset| charset.to_ascii_lowercase());
    match (bytes, charset.as_deref()) {
        ([0xff, 0xfe, rest @ ..], _) => utf16(rest, u16::from_le_bytes),
        ([0xfe, 0xff, rest @ ..], _) => utf16(rest, u16::from_be_bytes),
        ([0xef, 0xbb, 0xbf, rest @ ..], _) => String::from_utf8_lossy(rest),
        (_, Some("utf-16" | "utf-16le")) => utf16(bytes, u16::from_le_bytes),
        (_, Some("utf-16be")) => utf16(bytes, u16::from_be_bytes),
        (_, Some("iso-8859-1" | "latin1" | "us-ascii")) => {
            bytes.iter().map(|byte| char::from(*byte)).collect()
        }
        _ => String::from_utf8_lossy(bytes),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'static, str> {
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| unit([pair[0], pair[1]]))
        .collect();
    Cow::Owned(String::from_utf16_lossy(&units))
}

/// The `charset` parameter of a media type.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    })
}
