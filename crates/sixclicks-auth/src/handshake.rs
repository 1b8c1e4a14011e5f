//! Tells a failed TLS handshake from other failures: it does not pass, so a retry cannot help, and the
//! message names the certificate.

use std::{error::Error as StdError, io};

use sixclicks_core::{Error, ErrorKind};

/// The error of a request that was not answered.
pub fn error(operation: &str, error: reqwest::Error) -> Error {
    let explained = explain(&error);
    let error = Error::from_transport(operation, error);
    match explained {
        Some(message) => error.reclassified(ErrorKind::Tls, message),
        None => error,
    }
}

/// Whether a request failed in the TLS handshake for good.
pub fn failed(error: &reqwest::Error) -> bool {
    explain(error).is_some()
}

fn explain(error: &reqwest::Error) -> Option<String> {
    match find(error) {
        Some(tls) => of_rustls(tls),
        None => of_system(error),
    }
}

/// The error of rustls beneath an error. An I/O error hides what it wraps from `source`.
fn find<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    let wrapped = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    let wrapped = wrapped.and_then(|inner| find(inner));
    wrapped.or_else(|| find(error.source()?))
}

/// The system's library has no types for what failed, only text.
fn of_system(error: &reqwest::Error) -> Option<String> {
    if !cfg!(feature = "native-tls") {
        return None;
    }
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        if text.contains("certificate") {
            return Some(format!("the TLS handshake failed: {text}"));
        }
        source = inner.source();
    }
    None
}

fn of_rustls(error: &rustls::Error) -> Option<String> {
    use rustls::AlertDescription as Alert;
    match error {
        rustls::Error::InvalidCertificate(_) => Some(format!(
            "the server's certificate is not accepted: {error}; if a private authority signed it, give that root certificate"
        )),
        rustls::Error::InvalidMessage(_) => Some(format!("the server does not speak TLS: {error}")),
        rustls::Error::AlertReceived(Alert::CertificateRequired) => Some(
            "the server requires a client certificate; give one with `client_certificate`"
                .to_owned(),
        ),
        rustls::Error::AlertReceived(
            alert @ (Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied),
        ) => Some(format!(
            "the server does not accept the client certificate ({alert:?})"
        )),
        rustls::Error::AlertReceived(
            alert
            @ (Alert::HandshakeFailure | Alert::ProtocolVersion | Alert::InsufficientSecurity),
        ) => Some(format!(
            "the server refuses the TLS handshake ({alert:?}); it may require a client certificate or another TLS version"
        )),
        rustls::Error::PeerIncompatible(why) => {
            Some(format!("the server's TLS is not compatible: {why:?}"))
        }
        _ => None,
    }
}
