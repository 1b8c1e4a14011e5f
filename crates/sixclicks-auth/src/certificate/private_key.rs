//! Private keys in the one form that the system's TLS takes: what PKCS#1 and SEC1 say of RSA
//! and elliptic curves is put into PKCS#8, which says beside it what kind of key it is.

use pkcs8::{
    AlgorithmIdentifierRef, LineEnding, ObjectIdentifier, PrivateKeyInfo, SecretDocument,
    der::{
        Decode, Reader, SliceReader, TagNumber,
        asn1::{AnyRef, ContextSpecific, OctetStringRef},
    },
};
use zeroize::Zeroizing;

/// `rsaEncryption`, RFC 8017.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// `id-ecPublicKey`, RFC 5480.
const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// A key in PEM as PKCS#8 in PEM, whichever of the three forms it has.
pub fn to_pkcs8(pem: &str) -> Option<Zeroizing<String>> {
    let (label, key) = SecretDocument::from_pem(pem.trim_end()).ok()?;
    let curve;
    let (oid, parameters) = match label {
        "RSA PRIVATE KEY" => (RSA, AnyRef::NULL),
        "EC PRIVATE KEY" => {
            curve = named_curve(key.as_bytes()).ok()?;
            (ELLIPTIC, AnyRef::from(&curve))
        }
        _ => return Some(Zeroizing::new(pem.to_owned())),
    };
    let algorithm = AlgorithmIdentifierRef {
        oid,
        parameters: Some(parameters),
    };
    let whole = SecretDocument::try_from(PrivateKeyInfo::new(algorithm, key.as_bytes())).ok()?;
    whole.to_pem("PRIVATE KEY", LineEnding::LF).ok()
}

/// The curve that a key of SEC1 (RFC 5915) names.
fn named_curve(key: &[u8]) -> pkcs8::der::Result<ObjectIdentifier> {
    SliceReader::new(key)?.sequence(|fields| {
        u8::decode(fields)?;
        OctetStringRef::decode(fields)?;
        let curve = ContextSpecific::<ObjectIdentifier>::decode_explicit(fields, TagNumber::N0)?;
        let _ = ContextSpecific::<AnyRef<'_>>::decode_explicit(fields, TagNumber::N1)?;
        curve
            .map(|curve| curve.value)
            .ok_or_else(|| pkcs8::der::ErrorKind::Failed.into())
    })
}
