//! Connections for tests. Other crates of the workspace give reqwest TLS without a
//! provider, so that one is put in place here.

/// A client of its own.
pub fn http() -> reqwest::Client {
    // A provider that is in place already will do as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
