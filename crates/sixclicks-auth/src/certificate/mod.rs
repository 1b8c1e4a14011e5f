//! Client certificates for mutual authentication, read from PEM or PFX and never displayed. Reading
//! them requires the feature `client-certificates`.

#[cfg(all(feature = "client-certificates", feature = "native-tls"))]
mod private_key;
#[cfg(feature = "client-certificates")]
mod read;

use std::fmt;

use zeroize::Zeroizing;

/// Why a client certificate cannot be used. Holds neither key nor password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The crate was built without the feature that reads certificates.
    #[error(
        "client certificates need the feature `client-certificates` of sixclicks-auth; enable it in Cargo.toml"
    )]
    FeatureMissing,
    /// The PEM text holds no certificate.
    #[error("the PEM holds no certificate; put it and its chain beside the key")]
    NoCertificate,
    /// The private key is missing.
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
    /// It is encrypted with an algorithm that is too old to be supported, such as DES.
    #[error(
        "the private key is encrypted with an outdated algorithm; convert it with `openssl pkcs8 -topk8 -v2 aes-256-cbc`"
    )]
    OutdatedEncryption,
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
    /// Reads PEM text with the certificate, its chain and its key (PKCS#8, PKCS#1 or SEC1, or PKCS#8
    /// encrypted with the password).
    ///
    /// # Errors
    ///
    /// When a part is missing, the key cannot be decrypted, or the feature `client-certificates` is
    /// not enabled.
    pub fn from_pem(pem: &[u8], password: Option<&str>) -> Result<Self, CertificateError> {
        #[cfg(feature = "client-certificates")]
        return read::pem(pem, password);
        #[cfg(not(feature = "client-certificates"))]
        {
            let _ = (pem, password);
            Err(CertificateError::FeatureMissing)
        }
    }

    /// Reads a PFX (PKCS#12), with the RC2 and 3DES of old Windows exports or the AES of new ones. A
    /// file without a password has the empty one.
    ///
    /// # Errors
    ///
    /// When it cannot be read with the password, holds no key or no certificate, or the feature
    /// `client-certificates` is not enabled.
    pub fn from_pfx(pfx: &[u8], password: &str) -> Result<Self, CertificateError> {
        #[cfg(feature = "client-certificates")]
        return read::pfx(pfx, password);
        #[cfg(not(feature = "client-certificates"))]
        {
            let _ = (pfx, password);
            Err(CertificateError::FeatureMissing)
        }
    }

    /// In the form of rustls, which takes all kinds of keys.
    pub(crate) fn identity(&self) -> Option<reqwest::Identity> {
        let whole = Zeroizing::new([self.key.as_str(), self.chain.as_str()].concat());
        reqwest::Identity::from_pem(whole.as_bytes()).ok()
    }

    /// In the form of the system's TLS, which takes keys as PKCS#8 alone.
    #[cfg(all(feature = "client-certificates", feature = "native-tls"))]
    pub(crate) fn native_identity(&self) -> Option<reqwest::Identity> {
        let key = private_key::to_pkcs8(&self.key)?;
        reqwest::Identity::from_pkcs8_pem(self.chain.as_bytes(), key.as_bytes()).ok()
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate(…)")
    }
}

#[cfg(all(test, not(feature = "client-certificates")))]
mod tests {
    use super::{CertificateError, ClientCertificate};

    #[test]
    fn without_the_feature_an_error_names_it() {
        for read in [
            ClientCertificate::from_pem(b"", None),
            ClientCertificate::from_pfx(b"", ""),
        ] {
            let error = read.unwrap_err();
            assert!(matches!(error, CertificateError::FeatureMissing));
            assert!(error.to_string().contains("`client-certificates`"));
        }
    }
}
