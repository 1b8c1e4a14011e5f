//! The API key: where it comes from, and that nobody gets to see it.

use std::path::Path;

use ring::digest;
use zeroize::Zeroizing;

use crate::token::secret_header;

/// The variable that [`ApiKey::from_env`] reads.
pub const VARIABLE: &str = "SIXCLICKS_API_KEY";

/// A 6clicks API key. It stands for a user and carries that user's permissions.
///
/// ```
/// let key = sixclicks_auth::ApiKey::from("secret");
/// assert_eq!(format!("{key:?}"), "ApiKey(…)");
/// ```
#[derive(Clone)]
pub struct ApiKey(Zeroizing<String>);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The variable is not set, or empty.
    #[error("the environment variable {VARIABLE} is not set; put the API key there")]
    Missing,
    /// The file cannot be read.
    #[error("cannot read the API key from {path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is there, and holds no key.
    #[error("there is no API key in {path}; put it there")]
    Empty {
        /// The file.
        path: String,
    },
    /// The key cannot be sent in a header.
    #[error("the API key is empty or holds characters that a key cannot have; copy it again")]
    Malformed,
}

impl ApiKey {
    /// The key in `SIXCLICKS_API_KEY`.
    ///
    /// # Errors
    ///
    /// When the variable is not set.
    pub fn from_env() -> Result<Self, KeyError> {
        match std::env::var(VARIABLE) {
            Ok(key) if !key.trim().is_empty() => Ok(Self::from(key)),
            _ => Err(KeyError::Missing),
        }
    }

    /// The key in a file, without the white space around it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is empty.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(|source| KeyError::File {
                path: path.display().to_string(),
                source,
            })?;
        let key = Self::from(text.as_str());
        if key.0.is_empty() {
            return Err(KeyError::Empty {
                path: path.display().to_string(),
            });
        }
        Ok(key)
    }

    pub(crate) fn secret(&self) -> &str {
        &self.0
    }

    /// A name for the tokens of this key on a host, from which neither can be told.
    pub(crate) fn fingerprint(&self, host: &str) -> String {
        let mut hash = digest::Context::new(&digest::SHA256);
        for part in [host, "\0", &self.0] {
            hash.update(part.as_bytes());
        }
        let digest = hash.finish();
        digest.as_ref()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The key as a header that is not logged.
    pub(crate) fn header(&self) -> Result<http::HeaderValue, KeyError> {
        let whole = Some(&self.0).filter(|key| !key.is_empty());
        whole
            .and_then(|key| secret_header(&[key]))
            .ok_or(KeyError::Malformed)
    }
}

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self(Zeroizing::new(key.trim().to_owned()))
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        let key = Zeroizing::new(key);
        Self::from(key.as_str())
    }
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiKey(…)")
    }
}
