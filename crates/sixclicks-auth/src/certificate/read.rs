//! Reads client certificates from PEM and PFX.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use p12_keystore::{Pkcs12Archive, error::Error as PfxError};
use pkcs8::{EncryptedPrivateKeyInfo, LineEnding, SecretDocument};
use zeroize::Zeroizing;

use super::{CertificateError, ClientCertificate};

/// What a private key in the clear is called in PEM: PKCS#8, PKCS#1, SEC1.
const KEYS: [&str; 3] = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

/// The tags of DER that [`wrapped`] writes.
const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const CONTEXT_0: u8 = 0xa0;

/// Reads PEM text with a certificate, its chain and its key.
pub fn pem(pem: &[u8], password: Option<&str>) -> Result<ClientCertificate, CertificateError> {
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
    checked(ClientCertificate { key, chain }).ok_or(CertificateError::Pem)
}

/// Reads a PFX.
pub fn pfx(pfx: &[u8], password: &str) -> Result<ClientCertificate, CertificateError> {
    let archive = Pkcs12Archive::from_pkcs12(pfx, password).map_err(|_| CertificateError::Pfx)?;
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
    let own = ClientCertificate {
        key: written("PRIVATE KEY", key.key.as_der()),
        chain: certificates.map(|text| text.to_string()).collect(),
    };
    checked(own).ok_or(CertificateError::Pfx)
}

fn checked(certificate: ClientCertificate) -> Option<ClientCertificate> {
    certificate.identity().is_some().then_some(certificate)
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

/// Decrypts a key of PKCS#8 and returns it as PEM.
fn decrypted(pem: &str, password: &str) -> Result<Zeroizing<String>, CertificateError> {
    let (_, encrypted) = SecretDocument::from_pem(pem).map_err(|_| CertificateError::Pem)?;
    let der = encrypted.as_bytes();
    match EncryptedPrivateKeyInfo::try_from(der) {
        Ok(key) if key.encryption_algorithm.pbes2().is_some() => key
            .decrypt(password)
            .ok()
            .and_then(|key| key.to_pem("PRIVATE KEY", LineEnding::LF).ok())
            .ok_or(CertificateError::Undecipherable),
        // The older algorithms of PKCS#12 are read by its library.
        _ => match Pkcs12Archive::from_pkcs12(&wrapped(der), password) {
            Ok(archive) => match archive.keys.first() {
                Some(bag) => Ok(written("PRIVATE KEY", bag.key.as_der())),
                None => Err(CertificateError::NoKey),
            },
            Err(PfxError::UnsupportedEncryptionScheme) => Err(CertificateError::OutdatedEncryption),
            Err(_) => Err(CertificateError::Undecipherable),
        },
    }
}

/// Wraps an encrypted key in a PFX (RFC 7292) that contains nothing else.
fn wrapped(key: &[u8]) -> Vec<u8> {
    /// `pkcs-12-pkcs-8ShroudedKeyBag`, and `data` of PKCS#7.
    const SHROUDED: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02";
    const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    const VERSION_3: &[u8] = b"\x02\x01\x03";

    let content = |of: &[u8]| {
        let octets = element(CONTEXT_0, &[&element(OCTETS, &[of])]);
        element(SEQUENCE, &[DATA, &octets])
    };
    let bag = element(SEQUENCE, &[SHROUDED, &element(CONTEXT_0, &[key])]);
    let contents = element(SEQUENCE, &[&bag]);
    let safe = element(SEQUENCE, &[&content(&contents)]);
    element(SEQUENCE, &[VERSION_3, &content(&safe)])
}

/// An element of DER.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len().to_be_bytes();
    let digits = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut whole = vec![tag];
    match digits {
        [] => whole.push(0),
        [short @ 0..=0x7f] => whole.push(*short),
        _ => {
            whole.push(0x80 | digits.len() as u8);
            whole.extend_from_slice(digits);
        }
    }
    whole.extend(content);
    whole
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
