//! Mutual authentication against a server that demands the client's certificate.

use std::{path::Path, process::Command, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use sixclicks_auth::{ApiKey, CertificateError, ClientCertificate, ErrorKind, Session};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
        server::WebPkiClientVerifier,
    },
};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    fn issue(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    /// A server that demands a certificate of this authority, and hands out a token.
    async fn serve(&self) -> String {
        let (certificate, key) = self.issue("localhost");
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .build()
                .unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await;
                    let body = r#"{"accessToken":"opaque"}"#;
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                        body.len()
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        format!("https://localhost:{port}")
    }

    fn session(&self, host: &str, certificate: Option<ClientCertificate>) -> Session {
        let mut builder = Session::builder(host)
            .api_key(ApiKey::from("key"))
            .no_proxy()
            .root_certificates(self.0.pem().as_bytes())
            .unwrap();
        if let Some(certificate) = certificate {
            builder = builder.client_certificate(certificate);
        }
        builder.build().unwrap()
    }
}

/// Runs `openssl`; false, and a line that says so, where it is not installed.
fn openssl(folder: &Path, arguments: &[&str]) -> bool {
    let Ok(output) = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
    else {
        eprintln!("skipped: the openssl command is not installed");
        return false;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    true
}

#[tokio::test]
async fn a_server_that_demands_a_certificate_gets_the_one_from_pem() {
    let authority = Authority::new();
    let host = authority.serve().await;
    let (certificate, key) = authority.issue("client");
    let pem = format!("{}{}", key.serialize_pem(), certificate.pem());
    let shown = ClientCertificate::from_pem(pem.as_bytes(), None).unwrap();
    assert_eq!(format!("{shown:?}"), "ClientCertificate(…)");
    authority.session(&host, Some(shown)).token().await.unwrap();

    let error = authority.session(&host, None).token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
}

#[tokio::test]
async fn a_server_that_is_not_trusted_never_gets_the_key() {
    let host = Authority::new().serve().await;
    let error = Authority::new()
        .session(&host, None)
        .token()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
}

#[tokio::test]
async fn a_pfx_is_read_in_old_and_new_encryption_with_its_chain() {
    let authority = Authority::new();
    let host = authority.serve().await;
    let (certificate, key) = authority.issue("client");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write("key.pem", key.serialize_pem());
    write("cert.pem", certificate.pem());
    write("chain.pem", authority.0.pem());
    for (encryption, password) in [
        (vec!["-legacy"], "pass word"),
        (vec!["-legacy"], ""),
        (
            vec![
                "-keypbe",
                "AES-256-CBC",
                "-certpbe",
                "AES-256-CBC",
                "-macalg",
                "sha256",
            ],
            "pass word",
        ),
        (
            vec![
                "-keypbe",
                "AES-256-CBC",
                "-certpbe",
                "AES-256-CBC",
                "-macalg",
                "sha256",
            ],
            "",
        ),
    ] {
        let pass = format!("pass:{password}");
        let mut arguments = vec![
            "pkcs12",
            "-export",
            "-inkey",
            "key.pem",
            "-in",
            "cert.pem",
            "-certfile",
            "chain.pem",
            "-out",
            "out.pfx",
            "-passout",
            &pass,
        ];
        arguments.extend(&encryption);
        if !openssl(folder.path(), &arguments) {
            return;
        }
        let pfx = std::fs::read(folder.path().join("out.pfx")).unwrap();
        let certificate = ClientCertificate::from_pfx(&pfx, password)
            .unwrap_or_else(|error| panic!("{encryption:?} {password:?}: {error}"));
        authority
            .session(&host, Some(certificate))
            .token()
            .await
            .unwrap();
        assert!(matches!(
            ClientCertificate::from_pfx(&pfx, "wrong"),
            Err(CertificateError::Pfx)
        ));
    }
}

#[tokio::test]
async fn every_form_of_key_in_pem_is_read() {
    let authority = Authority::new();
    let host = authority.serve().await;
    let (certificate, key) = authority.issue("client");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
    let read = || std::fs::read_to_string(folder.path().join("out.pem")).unwrap();

    if !openssl(folder.path(), &["ec", "-in", "key.pem", "-out", "out.pem"]) {
        return;
    }
    let sec1 = format!("{}{}", read(), certificate.pem());
    let sec1 = ClientCertificate::from_pem(sec1.as_bytes(), None).unwrap();
    authority.session(&host, Some(sec1)).token().await.unwrap();

    openssl(
        folder.path(),
        &[
            "pkcs8",
            "-topk8",
            "-in",
            "key.pem",
            "-out",
            "out.pem",
            "-passout",
            "pass:secret",
        ],
    );
    let encrypted = format!("{}{}", certificate.pem(), read());
    let opened = ClientCertificate::from_pem(encrypted.as_bytes(), Some("secret")).unwrap();
    authority
        .session(&host, Some(opened))
        .token()
        .await
        .unwrap();
    assert!(matches!(
        ClientCertificate::from_pem(encrypted.as_bytes(), None),
        Err(CertificateError::PasswordMissing)
    ));
    assert!(matches!(
        ClientCertificate::from_pem(encrypted.as_bytes(), Some("wrong")),
        Err(CertificateError::Undecipherable)
    ));
}

#[test]
fn what_is_missing_is_told() {
    let authority = Authority::new();
    let (certificate, key) = authority.issue("client");
    let read = |text: &str| ClientCertificate::from_pem(text.as_bytes(), None).unwrap_err();
    assert!(matches!(read(&certificate.pem()), CertificateError::NoKey));
    assert!(matches!(
        read(&key.serialize_pem()),
        CertificateError::NoCertificate
    ));
    assert!(matches!(
        ClientCertificate::from_pfx(b"nothing", ""),
        Err(CertificateError::Pfx)
    ));
}
