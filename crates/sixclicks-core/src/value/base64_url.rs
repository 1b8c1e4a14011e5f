//! Bytes that travel as text in the URL-safe alphabet of base64.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use base64::display::Base64Display;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;

use super::base64::Base64;
use super::{ParseError, string_value};

/// Bytes that are base64url in JSON (RFC 4648, section 5).
///
/// Written without padding. The standard alphabet and padding are read too.
///
/// ```
/// use sixclicks_core::Base64Url;
/// assert_eq!(Base64Url::from(vec![0xff, 0xef]).to_string(), "_-8");
/// let bytes: Base64Url = "/+8=".parse()?;
/// assert_eq!(bytes[..], [0xff, 0xef]);
/// # Ok::<(), sixclicks_core::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Base64Url(Bytes);

string_value!(Base64Url, "a base64url string");

impl Base64Url {
    /// The bytes, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl FromStr for Base64Url {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse().map(|bytes: Base64| Self(bytes.into_bytes()))
    }
}

impl fmt::Display for Base64Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Base64Display::new(&self.0, &URL_SAFE_NO_PAD).fmt(f)
    }
}

impl fmt::Debug for Base64Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64Url({} bytes)", self.0.len())
    }
}

impl Deref for Base64Url {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Base64Url {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<T: Into<Base64>> From<T> for Base64Url {
    fn from(bytes: T) -> Self {
        Self(bytes.into().into_bytes())
    }
}
