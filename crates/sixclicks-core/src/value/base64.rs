//! Bytes that travel as base64 text.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD as STRICT;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

use super::{ParseError, string_value};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Bytes that are base64 in JSON.
///
/// Written with the standard alphabet and padding. The URL-safe alphabet,
/// missing padding and line breaks are read too, and written back as they came.
///
/// ```
/// use sixclicks_core::Base64;
/// let bytes: Base64 = "_-8".parse()?;
/// assert_eq!(bytes[..], [0xff, 0xef]);
/// assert_eq!(Base64::from(vec![0xff, 0xef]).to_string(), "/+8=");
/// # Ok::<(), sixclicks_core::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Base64 {
    bytes: Bytes,
    /// The text as it came, where `Display` would write another.
    text: Option<Box<str>>,
}

string_value!(Base64, "a base64 string");

impl Base64 {
    /// The bytes, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

impl FromStr for Base64 {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if let Ok(bytes) = STRICT.decode(text) {
            return Ok(bytes.into());
        }
        let plain: Vec<u8> = text
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => other,
            })
            .collect();
        let bytes = LENIENT
            .decode(plain)
            .map_err(|_| ParseError::new("base64", text))?;
        Ok(Self {
            bytes: bytes.into(),
            text: Some(text.into()),
        })
    }
}

impl fmt::Display for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.write_str(text),
            None => Base64Display::new(&self.bytes, &STRICT).fmt(f),
        }
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.bytes.len())
    }
}

impl PartialEq for Base64 {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Base64 {}

impl std::hash::Hash for Base64 {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl Deref for Base64 {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Base64 {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Bytes> for Base64 {
    fn from(bytes: Bytes) -> Self {
        Self { bytes, text: None }
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Bytes::copy_from_slice(bytes).into()
    }
}

impl From<Base64> for Vec<u8> {
    fn from(value: Base64) -> Self {
        value.bytes.into()
    }
}
