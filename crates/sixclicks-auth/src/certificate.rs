//! Client certificates for mutual authentication: read from PEM or PFX, and shown to nobody.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use p12_keystore::Pkcs12Archive;
use pkcs8::{EncryptedPrivateKeyInfo, LineEnding, SecretDocument};
use zeroize::Zeroizing;

/// What a private key in the clear is called in PEM: PKCS#8, PKCS#1, SEC1.
const KEYS: [&str; 3] = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

/// Why a client certificate cannot be used. Holds neither key nor password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The PEM text holds no certificate.
    #[error("the PEM holds no certificate; put it and its chain beside the key")]
    NoCertificate,
    /// There is no private key.
    #[error("there is no private key beside the certificate; export it with its key")]
    NoKey,
    /// It is encrypted, and no password was given.
    #[error("the private key is encrypted; give its password")]
    PasswordMissing,
    /// It is encrypted in OpenSSL's own old way.
    #[error(
        "the private key is encrypted in OpenSSL's old PEM form; convert it with `openssl pkcs8 -topk8`"
    )]
    OldPemEncryption,
    /// It cannot be decrypted.
    #[error("the private key cannot be decrypted; check the password")]
    Undecipherable,
    /// The PFX cannot be read.
    #[error("the PFX cannot be read; check the password and that the file is whole")]
    Pfx,
    /// The PEM is not text, or cannot be parsed.
    #[error("the PEM cannot be read; check that the file is whole")]
    Pem,
}

/// A certificate with its private key and chain, to show to the server.
#[derive(Clone)]
pub struct ClientCertificate {
    /// The key in the clear, as PEM.
    key: Zeroizing<String>,
    /// The certificates as PEM, the client's first.
    chain: String,
}

impl ClientCertificate {
    /// From PEM text with the certificate, its chain and its key (PKCS#8, PKCS#1 or SEC1,
    /// or PKCS#8 encrypted with the password).
    ///
    /// # Errors
    ///
    /// When a part is missing, or the key cannot be decrypted.
    pub fn from_pem(pem: &[u8], password: Option<&str>) -> Result<Self, CertificateError> {
        let text = std::str::from_utf8(pem).map_err(|_| CertificateError::Pem)?;
        if text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(CertificateError::OldPemEncryption);
        }
        let chain = sections(text, "CERTIFICATE")?.join("\n");
        if chain.is_empty() {
            return Err(CertificateError::NoCertificate);
        }
        let key = if let [encrypted, ..] = sections(text, "ENCRYPTED PRIVATE KEY")?[..] {
            decrypted(
                encrypted,
                password.ok_or(CertificateError::PasswordMissing)?,
            )?
        } else {
            let mut keys = Vec::new();
            for label in KEYS {
                keys.extend(sections(text, label)?);
            }
            let key = keys.first().ok_or(CertificateError::NoKey)?;
            Zeroizing::new(format!("{key}\n"))
        };
        Self { key, chain }.checked().ok_or(CertificateError::Pem)
    }

    /// From a PFX (PKCS#12), with the RC2 and 3DES of old Windows exports or the AES of new
    /// ones. A file without a password has the empty one.
    ///
    /// # Errors
    ///
    /// When it cannot be read with the password, or holds no key or no certificate.
    pub fn from_pfx(pfx: &[u8], password: &str) -> Result<Self, CertificateError> {
        let archive =
            Pkcs12Archive::from_pkcs12(pfx, password).map_err(|_| CertificateError::Pfx)?;
        let key = archive.keys.first().ok_or(CertificateError::NoKey)?;
        let id = key.local_key_id.as_ref().map(AsRef::as_ref);
        let mut chain: Vec<_> = archive.certs.iter().collect();
        // The client's own certificate comes first, wherever the exporter put it.
        chain.sort_by_key(|bag| id.is_none() || bag.local_key_id.as_deref() != id);
        if chain.is_empty() {
            return Err(CertificateError::NoCertificate);
        }
        let certificates = chain
            .iter()
            .map(|bag| written("CERTIFICATE", bag.cert.as_der()));
        let own = Self {
            key: written("PRIVATE KEY", key.key.as_der()),
            chain: certificates.map(|text| text.to_string()).collect(),
        };
        own.checked().ok_or(CertificateError::Pfx)
    }

    fn checked(self) -> Option<Self> {
        self.identity().is_some().then_some(self)
    }

    /// In the form of rustls, which takes all kinds of keys.
    pub(crate) fn identity(&self) -> Option<reqwest::Identity> {
        let whole = Zeroizing::new([self.key.as_str(), self.chain.as_str()].concat());
        reqwest::Identity::from_pem(whole.as_bytes()).ok()
    }

    /// In the form of the system's TLS, which takes keys as PKCS#8 alone.
    #[cfg(feature = "native-tls")]
    pub(crate) fn native_identity(&self) -> Option<reqwest::Identity> {
        let key = crate::private_key::to_pkcs8(&self.key)?;
        reqwest::Identity::from_pkcs8_pem(self.chain.as_bytes(), key.as_bytes()).ok()
    }
}

/// The sections of a PEM text that have a label, their marks included.
fn sections<'a>(text: &'a str, label: &str) -> Result<Vec<&'a str>, CertificateError> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(&begin) {
        let length = rest[start..].find(&end).ok_or(CertificateError::Pem)? + end.len();
        found.push(&rest[start..start + length]);
        rest = &rest[start + length..];
    }
    Ok(found)
}

/// A key that was encrypted with a password, as PEM.
fn decrypted(pem: &str, password: &str) -> Result<Zeroizing<String>, CertificateError> {
    let (_, encrypted) = SecretDocument::from_pem(pem).map_err(|_| CertificateError::Pem)?;
    EncryptedPrivateKeyInfo::try_from(encrypted.as_bytes())
        .and_then(|key| key.decrypt(password))
        .ok()
        .and_then(|key| key.to_pem("PRIVATE KEY", LineEnding::LF).ok())
        .ok_or(CertificateError::Undecipherable)
}

/// Something secret as a section of PEM.
fn written(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(der));
    let mut text = Zeroizing::new(String::with_capacity(body.len() * 66 / 64 + 64));
    text.push_str(&format!("-----BEGIN {label}-----\n"));
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate(…)")
    }
}
